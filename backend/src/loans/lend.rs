//! Lending: somebody signs for an amount and saves a card; and takes it back while the days last.

use felag_domain::campaign::CHECKOUT_HOLD;
use felag_domain::ids::CommitmentId;
use felag_domain::lending::{CommitmentEvent, CommitmentState, LoanState};
use felag_domain::money::Money;
use felag_domain::pledge::{Visibility, smallest};
use felag_domain::words::{Refusals, Words};
use felag_frontend::Lang;
use serde_json::json;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::store_batch as batch;
use super::{Commitment, Loan, card, figures, jobs, kept, lender, life, mail, sheet, store};
use crate::audit::{self, Act};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::db::violates;
use crate::error::Error;
use crate::payments::objects::Session;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::requests::{self, Checkout};
use crate::payments::{Kind, Outcome, unit};
use crate::people::Person;
use crate::projects::{NotSaved, Say};
use crate::web::limits::Limit;

/// How often one person may begin a commitment in an hour.
const COMMITMENTS_PER_PERSON: Limit = Limit::new("loan.commit", 20, Duration::HOUR);

/// What somebody wants to lend, checked field by field, and signs.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    pub lender: &'a Person,
    pub amount: Money,
    pub visibility: Visibility,
    /// As typed under the words.
    pub signed_name: &'a str,
    /// The version of the sheet that was shown.
    pub sheet_version: u32,
    /// The warning before a large amount was shown and understood.
    pub warned: bool,
    /// The link of the project's network, if they came by it.
    pub network_token: &'a str,
    /// Paid from what they keep of other loans, instead of by a card.
    pub from_kept: bool,
    /// Made with the form: sent again, it makes no second commitment.
    pub request_key: Uuid,
}

/// Signs, and writes the commitment down as a draft that waits for its card. The link it goes by.
///
/// # Errors
/// In words; nothing has changed.
pub async fn commit(ctx: &Ctx, campaign: &Campaign, wish: &Wish<'_>) -> Result<String, NotSaved> {
    if let Some(first) = batch::by_request(&ctx.db, campaign.id, wish.request_key).await? {
        return Ok(first.token);
    }
    let mut tx = ctx.db.begin().await?;
    let held = life::hold(&mut tx, campaign.id).await.map_err(Error::Internal)?;
    let (campaign, loan) = held.ok_or(Error::NotFound)?;
    may_lend(&mut tx, ctx, &campaign, &loan, wish).await?;
    let (id, token): (CommitmentId, String) = (ctx.id(), ctx.random.token());
    let signed = sheet::signed(&mut tx, ctx, &loan, wish)
        .await
        .map_err(Error::Internal)?;
    let role = role(&mut tx, &campaign, wish.lender).await?;
    let new = batch::New {
        id,
        campaign: campaign.id,
        person: wish.lender.id,
        name: &wish.lender.name,
        visibility: wish.visibility,
        amount: wish.amount,
        is_own: role.is_some(),
        from_kept: wish.from_kept,
        sheet_version: loan.sheet_version,
        signed_name: wish.signed_name,
        signed_hash: &signed,
        warned: wish.warned,
        token: &token,
        request_key: wish.request_key,
    };
    match batch::insert(&mut tx, &new, ctx.now()).await {
        Ok(true) => {}
        // The same form won the race in another request.
        Ok(false) => {
            drop(tx);
            let first = batch::by_request(&ctx.db, campaign.id, wish.request_key).await?;
            return Ok(first.ok_or(Error::NotFound)?.token);
        }
        Err(error) if violates(&error, "one_commitment_per_lender") => {
            return Err(NotSaved::on_top(&Say("commitment-one-per-lender")));
        }
        Err(error) => return Err(error.into()),
    }
    note(&mut tx, ctx, &campaign, wish, id).await?;
    if wish.from_kept {
        let secured = card::from_kept(&mut tx, ctx, (&campaign, loan), id).await;
        secured.map_err(Error::Internal)?;
    } else {
        let watch = jobs::watch(&mut tx, ctx, campaign.id, id).await;
        watch.map_err(Error::Internal)?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(token)
}

/// Everything that stands in the way, in the order a person meets it.
async fn may_lend(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    wish: &Wish<'_>,
) -> Result<(), NotSaved> {
    let is_open = loan.state.takes_commitments()
        && campaign.takes_pledges(ctx.now())
        && loan.lending_ends_at.is_some_and(|ends| ctx.now() < ends);
    if !is_open {
        return Err(NotSaved::on_top(&Say("commitment-closed")));
    }
    if loan.state == LoanState::NetworkFirst && wish.network_token != loan.network_token {
        return Err(NotSaved::on_top(&Say("commitment-network-first")));
    }
    if role(conn, campaign, wish.lender).await?.as_deref() == Some("owner") {
        return Err(NotSaved::on_top(&Say("commitment-own-project")));
    }
    if wish.sheet_version != loan.sheet_version {
        return Err(NotSaved::on_top(&Say("commitment-sheet-changed")));
    }
    let mut refusals = Refusals::new();
    if let Err(refusal) = fits(loan, wish.amount) {
        refusals.note("amount", &refusal);
    }
    let limit = lender::limit(conn, ctx, loan, wish.lender.id).await?;
    if let Err(refusal) = within(limit, wish.amount) {
        refusals.note("amount", &refusal);
    }
    if !is_name_of(wish.lender, wish.signed_name) {
        refusals.note("signed_name", &Say("commitment-name-differs"));
    }
    if wish.from_kept {
        let there = kept::available(conn, loan, wish.lender.id).await;
        if let Err(refusal) = suffices(there.map_err(Error::Internal)?, wish.amount) {
            refusals.note("pays", &refusal);
        }
    }
    let warning = lender::warning(conn, ctx, loan, wish.lender.id, wish.amount).await?;
    if warning && !wish.warned {
        refusals.note("understood", &Say("commitment-warning-not-read"));
    }
    if !refusals.is_empty() {
        return Err(NotSaved::Refused(refusals.into_vec()));
    }
    let may = COMMITMENTS_PER_PERSON
        .take_in(conn, ctx.now(), &wish.lender.id.to_string())
        .await?;
    if !may {
        return Err(Error::TooMany.into());
    }
    Ok(())
}

/// An amount that cannot be lent to this loan.
#[derive(Debug, Clone, Copy)]
pub enum Unfit {
    /// The provider cannot charge it.
    TooSmall(Money),
    /// More than is asked for.
    AboveLoan(Money),
    /// More than the rules let this lender lend.
    AboveLimit(Money),
    /// More than they keep and have not promised yet.
    AboveKept(Money),
    /// Nothing is kept, or the rules let nothing be.
    NothingKept,
}

impl felag_domain::words::Refusal for Unfit {
    fn words(&self) -> Words {
        match *self {
            Self::TooSmall(least) => Words::new("commitment-too-small").with("least", least),
            Self::AboveLimit(most) => Words::new("commitment-above-limit").with("most", most),
            Self::AboveKept(most) => Words::new("commitment-above-kept").with("most", most),
            Self::NothingKept => Words::new("commitment-nothing-kept"),
            Self::AboveLoan(most) => Words::new("commitment-above-loan").with("most", most),
        }
    }
}

/// Whether an amount can be lent to this loan.
///
/// # Errors
/// [`Unfit`].
pub fn fits(loan: &Loan, amount: Money) -> Result<(), Unfit> {
    let least = smallest(loan.currency());
    if amount.minor() < least.minor() || !unit::can_be_charged(amount) {
        return Err(Unfit::TooSmall(least));
    }
    if amount.minor() > loan.amount.minor() {
        return Err(Unfit::AboveLoan(loan.amount));
    }
    Ok(())
}

/// Whether an amount is within a lender's limit.
///
/// # Errors
/// [`Unfit::AboveLimit`].
pub fn within(limit: Option<Money>, amount: Money) -> Result<(), Unfit> {
    match limit {
        Some(most) if amount.minor() > most.minor() => Err(Unfit::AboveLimit(most)),
        _ => Ok(()),
    }
}

/// Whether what is kept pays for it.
fn suffices(kept: Option<Money>, amount: Money) -> Result<(), Unfit> {
    match kept {
        None => Err(Unfit::NothingKept),
        Some(most) if amount.minor() > most.minor() => Err(Unfit::AboveKept(most)),
        Some(_) => Ok(()),
    }
}

/// A signature is the name of the account, whatever blanks and capitals it was typed with.
fn is_name_of(lender: &Person, typed: &str) -> bool {
    let plain = |name: &str| {
        name.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    !typed.trim().is_empty() && plain(&lender.name) == plain(typed)
}

/// The person's role in the project that borrows, if they have one.
async fn role(conn: &mut PgConnection, campaign: &Campaign, lender: &Person) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select role from member where project_id = $1 and person_id = $2",
        campaign.project_id as _,
        lender.id as _,
    )
    .fetch_optional(conn)
    .await
}

async fn note(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    wish: &Wish<'_>,
    id: CommitmentId,
) -> sqlx::Result<()> {
    let act = Act {
        actor: Some(wish.lender.id),
        kind: "commitment.signed",
        project: Some(campaign.project_id),
        campaign: Some(campaign.id),
        subject: wish.amount.to_string(),
        reason: "",
        detail: json!({ "commitment": id, "sheet": wish.sheet_version }),
        refused: false,
    };
    audit::record(conn, ctx, &act).await
}

/// The address of the hosted page that saves this commitment's card.
///
/// # Errors
/// [`Error::ProviderAway`] when the provider does not answer, [`Error::Gone`] when it waits for no card.
pub async fn checkout(ctx: &Ctx, token: &str) -> Result<String, Error> {
    let commitment = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if commitment.state != CommitmentState::Draft {
        return Err(Error::Gone);
    }
    open_checkout(ctx, commitment).await
}

/// Opens the checkout, or goes on with the one that is open.
pub(super) async fn open_checkout(ctx: &Ctx, commitment: Commitment) -> Result<String, Error> {
    let open = |one: &Commitment| {
        let is_open = one.checkout_expires_at.is_some_and(|until| ctx.now() < until);
        one.checkout_url.clone().filter(|_| is_open)
    };
    if let Some(url) = open(&commitment) {
        return Ok(url);
    }
    let campaign = campaigns::find(&ctx.db, commitment.campaign).await?;
    let campaign = campaign.ok_or(Error::NotFound)?;
    let mut tx = ctx.db.begin().await?;
    let commitment = batch::lock(&mut tx, commitment.campaign, commitment.id)
        .await?
        .ok_or(Error::NotFound)?;
    if let Some(url) = open(&commitment) {
        return Ok(url);
    }
    let page = format!("{}/my/commitments/{}", ctx.config.public_url, commitment.token);
    let operation = write_to_perform(&mut tx, ctx, commitment.subject(), Kind::CreateCheckout, |tag| {
        let checkout = Checkout {
            customer: commitment.customer.as_deref(),
            email: &commitment.email,
            success_url: format!("{page}/return"),
            cancel_url: page.clone(),
            mandate: Lang::En.t2(
                "loan-mandate",
                "amount",
                Lang::En.money(commitment.amount),
                "campaign",
                campaign.title.clone(),
            ),
            expires_at: ctx.now() + CHECKOUT_HOLD + Duration::MINUTE,
            debits: false,
        };
        requests::create_checkout(tag, commitment.amount.currency(), &checkout)
    })
    .await?;
    tx.commit().await?;
    let url = match perform(ctx, operation).await? {
        Some(Outcome::Done(session)) => serde_json::from_value::<Session>(session)
            .ok()
            .and_then(|session| session.url),
        Some(Outcome::Refused(trouble)) => {
            return Err(Error::Internal(anyhow::anyhow!(
                "the provider made no checkout: {:?}",
                trouble.message
            )));
        }
        None => store::by_token(&ctx.db, &commitment.token)
            .await?
            .and_then(|one| one.checkout_url),
    };
    url.ok_or(Error::ProviderAway)
}

/// The lender takes a commitment back, free, while its days last. Again changes nothing.
///
/// # Errors
/// In words, once the days are over.
pub async fn revoke(ctx: &Ctx, commitment: &Commitment) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let held = life::hold(&mut tx, commitment.campaign)
        .await
        .map_err(Error::Internal)?;
    let (campaign, loan) = held.ok_or(Error::NotFound)?;
    let mut held = batch::lock(&mut tx, commitment.campaign, commitment.id)
        .await?
        .ok_or(Error::NotFound)?;
    if held.state == CommitmentState::Revoked {
        return Ok(());
    }
    if !held.may_be_revoked(ctx.now()) {
        return Err(NotSaved::on_top(&Say("commitment-days-over")));
    }
    held.take(CommitmentEvent::Revoked)
        .map_err(|refusal| NotSaved::on_top(&refusal))?;
    held.ended_at = Some(ctx.now());
    let done = async {
        card::let_go(&mut tx, ctx, &mut held).await?;
        figures::save(&mut tx, campaign.id, std::slice::from_ref(&held), ctx.now()).await?;
        mail::revoked(&mut tx, ctx, &campaign, &loan, &held).await?;
        life::move_up(&mut tx, ctx, &campaign, &loan).await
    };
    done.await.map_err(Error::Internal)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
