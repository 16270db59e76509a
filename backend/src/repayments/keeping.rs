//! What comes back to a lender is kept instead of sent on, if they wish so and the rules of the loan let it: to give it
//! to the project. Off unless somebody asks for it, and off again at any time.

use felag_domain::bearing::bear;
use felag_domain::entries::kept as entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId, LenderGiftId, PersonId};
use felag_domain::ledger::{Account, AccountCode};
use felag_domain::money::Money;
use felag_domain::repaying::{GiftRefusal, Kept};
use felag_domain::words::Refusals;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store::Running;
use super::{frozen_store, jobs, keeping_store, lender_store, mail, store};
use crate::campaigns::schedule;
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::jobs::enqueue_named;
use crate::ledger;
use crate::people::Person;
use crate::projects::NotSaved;

/// What a lender gave of a share.
#[derive(Debug, Clone, Copy)]
pub struct Gift {
    pub campaign: CampaignId,
    pub id: LenderGiftId,
    pub share: CommitmentId,
    pub person: PersonId,
    pub amount: Money,
}

/// Keeps from now on what comes back to somebody, or sends it on again, with what was kept. Again changes nothing.
///
/// # Errors
/// In words, where no rules of theirs let anything be kept.
pub async fn choose(ctx: &Ctx, person: &Person, keeps: bool) -> Result<(), NotSaved> {
    let shares = lender_store::of_person(&ctx.db, person.id).await?;
    let held: Vec<_> = shares.iter().filter(|share| share.may_keep).collect();
    if held.is_empty() {
        return Err(NotSaved::on_top(&GiftRefusal::NotHeld));
    }
    let mut tx = ctx.db.begin().await?;
    if keeps {
        keeping_store::keep(&mut tx, person.id, ctx.now()).await?;
    } else {
        keeping_store::send(&mut tx, person.id).await?;
        for share in held {
            let later = jobs::send_on_later(&mut tx, ctx, share.campaign).await;
            later.map_err(Error::Internal)?;
        }
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Whether so much may be given, as things stand now.
///
/// # Errors
/// In words.
pub async fn may_give(
    ctx: &Ctx,
    person: &Person,
    (campaign, share): (CampaignId, CommitmentId),
    amount: Money,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let held = campaigns::lock(&mut tx, campaign).await?;
    let loan = store::find(&mut *tx, campaign).await?;
    let (held, loan) = held.zip(loan).ok_or(Error::NotFound)?;
    let kept = kept(&mut tx, &held, &loan, share, person.id).await?;
    kept.may_give(amount).map_err(refused)
}

/// Gives of what is kept of a share to the project that paid it back. The same form sent twice gives once.
///
/// # Errors
/// In words; nothing has changed.
pub async fn give(
    ctx: &Ctx,
    person: &Person,
    (campaign, share): (CampaignId, CommitmentId),
    amount: Money,
    request: Uuid,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let held = campaigns::lock(&mut tx, campaign).await?;
    let loan = store::lock(&mut tx, campaign).await?;
    let (held, loan) = held.zip(loan).ok_or(Error::NotFound)?;
    if keeping_store::was_given(&mut tx, campaign, request).await? {
        return Ok(());
    }
    let kept = kept(&mut tx, &held, &loan, share, person.id).await?;
    kept.may_give(amount).map_err(refused)?;
    let gift = Gift {
        campaign,
        id: ctx.id(),
        share,
        person: person.id,
        amount,
    };
    keeping_store::insert(&mut tx, &gift, request, ctx.now()).await?;
    book(&mut tx, ctx, &loan, &gift).await.map_err(Error::Internal)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

fn refused(refusal: GiftRefusal) -> NotSaved {
    let mut refusals = Refusals::new();
    let field = if refusal.is_about_amount() { "amount" } else { "" };
    refusals.note(field, &refusal);
    NotSaved::Refused(refusals.into_vec())
}

/// How a share stands. The caller holds its campaign, and with it what stands there.
async fn kept(
    conn: &mut PgConnection,
    campaign: &Campaign,
    loan: &Running,
    share: CommitmentId,
    person: PersonId,
) -> Result<Kept, Error> {
    let account = Account::of_share(AccountCode::Lender, share.as_uuid());
    let book = BookId::of_campaign(campaign.id);
    Ok(Kept {
        may_be_held: loan.policy.may_hold_balances,
        is_kept: keeping_store::keeps(conn, person).await?,
        is_frozen: frozen_store::lock(conn, campaign.id, share).await?.is_some(),
        campaign: campaign.state,
        there: ledger::balance_of(conn, book, account, loan.currency).await?,
    })
}

/// One entry, in the book where the money stands: nothing moves at the provider. The payout of it is proposed at once.
async fn book(conn: &mut PgConnection, ctx: &Ctx, loan: &Running, gift: &Gift) -> anyhow::Result<()> {
    let book = BookId::of_campaign(gift.campaign);
    let entry = entries::lender_gave(book, gift.id.as_uuid(), gift.share, gift.amount, ctx.now())?;
    let cause = entry.cause().clone();
    ledger::post(conn, ctx, vec![entry]).await?;
    let mut places = ledger::places(conn, book, std::slice::from_ref(&cause)).await?;
    let place = places.remove(&cause.id);
    mail::given(conn, ctx, loan, gift, place).await?;
    let what = serde_json::json!({ "campaign": gift.campaign });
    enqueue_named(conn, ctx, schedule::LENDER_GAVE, what, ctx.now(), None).await?;
    Ok(())
}

/// The campaign gives everything back: what its lenders gave is theirs again, taken as what goes back to a backer is.
/// The caller holds the campaign. Again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn gifts_go_back(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let Some(loan) = store::lock(conn, campaign).await? else {
        return Ok(());
    };
    let gifts = keeping_store::gifts_that_stand(conn, campaign).await?;
    let book = BookId::of_campaign(campaign);
    for gift in &gifts {
        let standing = ledger::standing(conn, book, loan.currency).await?;
        let borne = bear(gift.amount, standing.held, standing.payable)?;
        let entry = entries::lender_gift_returned(book, gift.id.as_uuid(), gift.share, &borne, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
        keeping_store::returned(conn, gift, ctx.now()).await?;
        mail::gift_came_back(conn, ctx, &loan, gift).await?;
    }
    if gifts.is_empty() {
        return Ok(());
    }
    jobs::send_on_later(conn, ctx, campaign).await
}
