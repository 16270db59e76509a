//! Asking for a repayment: by hand, or on the day it is due. The first time the project saves a card on the provider's
//! page; from then on that card is charged, with the person there or not.

use felag_domain::ids::{CampaignId, RepaymentId};
use felag_domain::lending::LoanState;
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::{self, RepaymentState};
use felag_domain::words::{Refusal, Refusals, Words};
use felag_frontend::Lang;
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;

use super::repayment_store::{self, New, Repayment};
use super::store::{self, Mandate, Running};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::objects::{Intent, Session};
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::requests::{self, Checkout};
use crate::payments::{self, Kind, Outcome, events, unit};
use crate::projects::{NotSaved, Say};

/// Where the person goes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The provider's page.
    Elsewhere(String),
    /// Back to the loan.
    Back,
}

/// How long a checkout is open: the provider's shortest.
const CHECKOUT_OPEN: Duration = Duration::minutes(31);

/// The most one charge may be, in units of two decimals: eight digits are what the provider takes.
pub fn most(currency: Currency) -> Money {
    let most = 99_999_999_i64;
    Money::from_minor(
        if currency.exponent() == 3 {
            most / 10 * 10
        } else {
            most
        },
        currency,
    )
}

/// What pays the loan off today, with what the project owes the platform beside it, and without what came in and waits to
/// be trusted.
///
/// # Errors
/// When the database fails.
pub async fn pay_off(conn: &mut PgConnection, ctx: &Ctx, loan: &Running) -> anyhow::Result<(Money, Money)> {
    let book = felag_domain::ids::BookId::of_campaign(loan.campaign);
    let owed = super::owed_now(conn, book, loan.currency).await?.minor();
    let pending = repayment_store::on_way(conn, loan.campaign, &[RepaymentState::Pending]).await?;
    let (due, all) = open(conn, ctx, loan).await?;
    Ok((
        loan.money(due.saturating_add(owed).saturating_sub(pending).max(0)),
        loan.money(all.saturating_add(owed).saturating_sub(pending).max(0)),
    ))
}

/// What is due to the lenders today, and what pays all of it off, in minor units.
///
/// # Errors
/// When the database fails.
pub async fn open(conn: &mut PgConnection, ctx: &Ctx, loan: &Running) -> sqlx::Result<(i64, i64)> {
    if loan.state == LoanState::WrittenOff {
        return Ok((0, loan.lost.minor()));
    }
    let rows = store::rows(conn, loan.campaign, loan.plan).await?;
    let today = ctx.now().date();
    let total = |parts: repaying::Parts| parts.total().unwrap_or(i64::MAX);
    Ok((
        total(repaying::due(&rows, loan.agreed(), today)),
        total(repaying::pay_off(&rows, loan.agreed(), today)),
    ))
}

/// Pays so much now.
///
/// # Errors
/// What is wrong with the amount, in words; [`Error::ProviderAway`].
pub async fn pay_now(
    ctx: &Ctx,
    campaign: CampaignId,
    person: &crate::people::Person,
    (typed, other_card): (&str, bool),
    request: &str,
) -> Result<Next, NotSaved> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let loan = store::lock(&mut tx, campaign).await?;
    let Some(loan) = loan.filter(Running::takes_repayments) else {
        return Err(NotSaved::on_top(&Say("repay-loan-is-over")));
    };
    let (_, all) = pay_off(&mut tx, ctx, &loan).await.map_err(Error::from)?;
    let amount = check(typed, &loan, all)?;
    let is_waiting = repayment_store::all(&mut tx, campaign)
        .await?
        .iter()
        .any(|one| matches!(one.state, RepaymentState::Processing | RepaymentState::RetryLater));
    if is_waiting {
        return Err(NotSaved::on_top(&Say("repay-one-at-a-time")));
    }
    let id: RepaymentId = ctx.id();
    let key = format!("now {request}");
    let new = New {
        campaign,
        id,
        way: if loan.is_in_default() || loan.state == LoanState::WrittenOff {
            "recovery"
        } else {
            "pay_now"
        },
        amount,
        request_key: &key,
        asked_by: Some(person.id),
    };
    if !repayment_store::insert(&mut tx, &new, ctx.now()).await? {
        return Ok(Next::Back);
    }
    let repayment = repayment_store::lock(&mut tx, campaign, id)
        .await?
        .ok_or(Error::NotFound)?;
    let request = store::mandate(&mut tx, campaign).await?.filter(|_| !other_card);
    let kind = match request {
        Some(_) => Kind::CreateIntent,
        None => Kind::CreateCheckout,
    };
    let operation = write_to_perform(&mut tx, ctx, repayment.subject(), kind, |tag| match &request {
        Some(mandate) => requests::create_debit_intent(tag, amount, &mandate.customer, &mandate.method),
        None => requests::create_checkout(tag, loan.currency, &checkout(ctx, &loan, &person.email, id)),
    })
    .await?;
    tx.commit().await?;
    ctx.wake_workers();
    match perform(ctx, operation).await? {
        Some(Outcome::Done(object)) if kind == Kind::CreateCheckout => {
            let session: Option<Session> = serde_json::from_value(object).ok();
            let url = session.and_then(|session| session.url);
            url.map(Next::Elsewhere)
                .ok_or(NotSaved::Failed(Error::ProviderAway))
        }
        Some(Outcome::Refused(trouble)) => Err(NotSaved::Failed(Error::Internal(anyhow::anyhow!(
            "the provider refused a repayment: {}",
            trouble.short()
        )))),
        _ => Ok(Next::Back),
    }
}

/// Why an amount cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NotTaken {
    #[error("more than is owed")]
    MoreThanOwed,
    #[error("more than the provider takes at once")]
    MoreThanAtOnce,
    #[error("the provider cannot charge it, but {0}")]
    NotChargeable(Money),
}

impl Refusal for NotTaken {
    fn words(&self) -> Words {
        match *self {
            Self::MoreThanOwed => Words::new("repay-more-than-owed"),
            Self::MoreThanAtOnce => Words::new("repay-more-than-at-once"),
            Self::NotChargeable(next) => Words::new("repay-cannot-be-charged").with("next", next),
        }
    }
}

fn check(typed: &str, loan: &Running, all: Money) -> Result<Money, NotSaved> {
    let mut refusals = Refusals::new();
    let amount = refusals.keep("amount", felag_domain::amount::parse(typed, loan.currency));
    let amount = amount.and_then(|amount| {
        // All that is owed is always taken, and if it is too little to be charged the rest goes back.
        let amount = if amount == all {
            unit::chargeable(all)
        } else {
            amount
        };
        let refused = if amount.minor() > unit::chargeable(all).minor() {
            Some(NotTaken::MoreThanOwed)
        } else if amount.minor() > most(loan.currency).minor() {
            Some(NotTaken::MoreThanAtOnce)
        } else if unit::chargeable(amount) != amount {
            Some(NotTaken::NotChargeable(unit::chargeable(amount)))
        } else {
            None
        };
        refusals.keep("amount", refused.map_or(Ok(amount), Err))
    });
    amount.ok_or(NotSaved::Refused(refusals.into_vec()))
}

fn checkout<'a>(ctx: &Ctx, loan: &Running, email: &'a str, id: RepaymentId) -> Checkout<'a> {
    let page = format!(
        "{}/campaigns/{}/loan/repayments",
        ctx.config.public_url, loan.slug
    );
    Checkout {
        customer: None,
        email,
        success_url: format!("{page}?back={id}"),
        cancel_url: page,
        mandate: Lang::En.t2(
            "repay-mandate",
            "campaign",
            &loan.title,
            "days",
            i64::from(loan.policy.notice_days),
        ),
        expires_at: ctx.now() + CHECKOUT_OPEN,
        debits: true,
    }
}

/// What is due is debited from the saved card: in several charges where one may not be so much, and as the least the
/// provider charges where it is less. Nothing without a card.
///
/// # Errors
/// When the database fails.
pub async fn debit(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    due: Money,
    key: &str,
) -> anyhow::Result<bool> {
    let Some(mandate) = store::mandate(conn, loan.campaign).await? else {
        return Ok(false);
    };
    let (mut left, mut part) = (due.minor(), 0);
    while left > 0 {
        part += 1;
        let amount = unit::chargeable(loan.money(left.min(most(loan.currency).minor())));
        left -= amount.minor();
        let id: RepaymentId = ctx.id();
        let new = New {
            campaign: loan.campaign,
            id,
            way: "debit",
            amount,
            request_key: &format!("debit {key} {part}"),
            asked_by: None,
        };
        if repayment_store::insert(conn, &new, ctx.now()).await? {
            let of = payments::Subject::repayment(loan.campaign, id);
            let request =
                |tag| requests::create_debit_intent(tag, amount, &mandate.customer, &mandate.method);
            payments::write(conn, ctx, of, Kind::CreateIntent, request).await?;
        }
    }
    Ok(true)
}

/// A declined debit once more, with the card the project has now.
///
/// # Errors
/// When the database fails.
pub async fn try_again(ctx: &Ctx, campaign: CampaignId, id: RepaymentId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let repayment = repayment_store::lock(&mut tx, campaign, id).await?;
    let mandate = store::mandate(&mut tx, campaign).await?;
    let (Some(mut repayment), Some(mandate)) = (repayment, mandate) else {
        return Ok(());
    };
    if let (RepaymentState::RetryLater, Some(intent)) = (repayment.state, repayment.intent.clone()) {
        repayment.state = RepaymentState::Processing;
        repayment_store::save(&mut tx, &repayment, ctx.now()).await?;
        confirm(&mut tx, ctx, &repayment, &intent, &mandate).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Charges the saved card, with nobody there.
pub async fn confirm(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &Repayment,
    intent: &str,
    mandate: &Mandate,
) -> sqlx::Result<()> {
    let request = |_| requests::confirm_intent(intent, &mandate.method);
    payments::write(conn, ctx, repayment.subject(), Kind::ConfirmIntent, request).await?;
    Ok(())
}

/// The bank wants to see the person: confirms with them there.
///
/// # Errors
/// [`Error::Gone`] when nothing waits for them, [`Error::ProviderAway`].
pub async fn confirm_present(ctx: &Ctx, loan: &Running, id: RepaymentId) -> Result<Next, Error> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, loan.campaign).await?;
    let repayment = repayment_store::lock(&mut tx, loan.campaign, id)
        .await?
        .ok_or(Error::NotFound)?;
    let mandate = store::mandate(&mut tx, loan.campaign).await?.ok_or(Error::Gone)?;
    let (RepaymentState::NeedsYou, Some(intent)) = (repayment.state, &repayment.intent) else {
        return Err(Error::Gone);
    };
    let (_, all) = pay_off(&mut tx, ctx, loan).await?;
    if repayment.amount.minor() > unit::chargeable(all).minor() {
        // Something else paid it meanwhile: nobody is asked for more than is owed.
        let mut repayment = repayment;
        super::hear::ended(&mut tx, ctx, &mut repayment, super::hear::NO_LONGER_OWED).await?;
        tx.commit().await?;
        ctx.wake_workers();
        return Ok(Next::Back);
    }
    let back = format!(
        "{}/campaigns/{}/loan/repayments?back={id}",
        ctx.config.public_url, loan.slug
    );
    let operation = write_to_perform(
        &mut tx,
        ctx,
        repayment.subject(),
        Kind::ConfirmIntentPresent,
        |_| requests::confirm_intent_present(intent, &mandate.method, &back),
    )
    .await?;
    tx.commit().await?;
    Ok(match perform(ctx, operation).await? {
        Some(Outcome::Done(object)) => bank_page(&object).map_or(Next::Back, Next::Elsewhere),
        _ => Next::Back,
    })
}

fn bank_page(object: &Value) -> Option<String> {
    let intent = Intent::read(object)
        .ok()
        .filter(|intent| intent.status == "requires_action")?;
    Some(intent.next_action?.redirect_to_url?.url)
}

/// Asks about every repayment the provider works on: what it told us may have been lost.
///
/// # Errors
/// When the provider or the database fails.
pub async fn look_up_open(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut conn = ctx.db.acquire().await?;
    let all = repayment_store::all(&mut conn, campaign).await?;
    drop(conn);
    for one in all.iter().filter(|one| one.state.is_open()) {
        look_up(ctx, campaign, one.id).await?;
    }
    Ok(())
}

/// Asks the provider how a repayment stands: for whoever comes back from its page.
///
/// # Errors
/// When the provider or the database fails.
pub async fn look_up(ctx: &Ctx, campaign: CampaignId, id: RepaymentId) -> anyhow::Result<()> {
    let mut conn = ctx.db.acquire().await?;
    let Some(repayment) = repayment_store::lock(&mut conn, campaign, id).await? else {
        return Ok(());
    };
    drop(conn);
    if !repayment.state.is_open() {
        return Ok(());
    }
    let told = match (&repayment.intent, &repayment.checkout) {
        (Some(intent), _) => events::object(ctx, &events::intent_path(intent))
            .await?
            .map(payments::Told::Intent),
        (None, Some(session)) => events::object(ctx, &events::session_path(session))
            .await?
            .map(payments::Told::Session),
        (None, None) => None,
    };
    if let Some(told) = told {
        let mut tx = ctx.db.begin().await?;
        campaigns::lock(&mut tx, campaign).await?;
        super::hear::told(&mut tx, ctx, campaign, id, &told).await?;
        tx.commit().await?;
        ctx.wake_workers();
    }
    Ok(())
}
