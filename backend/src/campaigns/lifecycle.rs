//! What moves a campaign from draft to open. Every step holds the campaign's row and asks the rules.

use felag_domain::campaign::{CampaignEvent, CampaignState, next};
use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use felag_domain::money::Currency;
use felag_domain::text;
use felag_domain::words::{Refusal, Refusals, Words};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime};

use super::store::{self, Campaign};
use super::{draft_store, jobs, mail, ready, unpayable};
use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::{NotSaved, Say};

/// How far ahead a steward may let a campaign open.
pub const OPENS_WITHIN: Duration = Duration::days(90);

/// The campaign, held, and where `event` takes it; nothing when its effect is already in place.
async fn hold(
    conn: &mut PgConnection,
    id: CampaignId,
    event: CampaignEvent,
) -> Result<(Campaign, Option<CampaignState>), NotSaved> {
    let campaign = store::lock(conn, id).await?.ok_or(Error::NotFound)?;
    let to = next(campaign.state, event).map_err(|refusal| NotSaved::on_top(&refusal))?;
    let moves = (to != campaign.state).then_some(to);
    Ok((campaign, moves))
}

async fn set_state(conn: &mut PgConnection, id: CampaignId, to: CampaignState) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set state = $2 where campaign_id = $1",
        id.as_uuid(),
        to.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sends a draft to the stewards.
///
/// # Errors
/// Everything it lacks, as refusals that belong to no field.
pub async fn submit(ctx: &Ctx, id: CampaignId) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let (campaign, moves) = hold(&mut tx, id, CampaignEvent::Submitted).await?;
    let Some(to) = moves else { return Ok(()) };
    let draft = ready::look(&mut tx, &campaign).await.map_err(Error::Internal)?;
    if !draft.is_ready() {
        return Err(lacks(&draft));
    }
    is_payable(&draft, &campaign)?;
    set_state(&mut tx, id, to).await?;
    sqlx::query!(
        "update campaign set submitted_at = $2 where campaign_id = $1",
        id.as_uuid(),
        ctx.now()
    )
    .execute(&mut *tx)
    .await?;
    mail::to_review(&mut tx, ctx, &campaign, &draft.project.name).await?;
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// A bank account that is known already takes the campaign's currency.
fn is_payable(draft: &ready::Draft, campaign: &Campaign) -> Result<(), NotSaved> {
    match &draft.account {
        Some(account) if !account.takes(campaign.currency) => {
            Err(NotSaved::on_top(&BankTakesOther(campaign.currency)))
        }
        _ => Ok(()),
    }
}

/// The project's bank account is in another currency than its campaign.
struct BankTakesOther(Currency);

impl Refusal for BankTakesOther {
    fn words(&self) -> Words {
        Words::new("campaign-bank-currency").with("currency", self.0)
    }
}

fn lacks(draft: &ready::Draft) -> NotSaved {
    let mut refusals = Refusals::new();
    refusals.note("", &Say("tasks-not-sent"));
    if !draft.has_basics {
        refusals.note("", &Say("tasks-basics-missing"));
    }
    draft
        .missing
        .iter()
        .for_each(|missing| refusals.note("", missing));
    NotSaved::Refused(refusals.into_vec())
}

/// Nobody decides about a campaign of a project of their own.
async fn impartial(conn: &mut PgConnection, campaign: &Campaign, steward: PersonId) -> Result<(), NotSaved> {
    match store::is_member(conn, steward, campaign.id).await? {
        true => Err(Error::Forbidden.into()),
        false => Ok(()),
    }
}

/// What a steward decided, for the audit log: who, which kind, why.
async fn note(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    (steward, kind, reason): (PersonId, &str, &str),
) -> sqlx::Result<()> {
    let act = Act {
        actor: Some(steward),
        kind,
        project: Some(campaign.project_id),
        campaign: Some(campaign.id),
        subject: campaign.title.clone(),
        reason,
        detail: json!({}),
        refused: false,
    };
    audit::record(conn, ctx, &act).await
}

/// Approves a campaign: it opens at `opens`, and ends so many days later.
pub async fn approve(
    ctx: &Ctx,
    id: CampaignId,
    steward: PersonId,
    opens: OffsetDateTime,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let (campaign, moves) = hold(&mut tx, id, CampaignEvent::Approved).await?;
    impartial(&mut tx, &campaign, steward).await?;
    let Some(to) = moves else { return Ok(()) };
    let draft = ready::look(&mut tx, &campaign).await.map_err(Error::Internal)?;
    if !draft.is_ready() {
        return Err(lacks(&draft));
    }
    is_payable(&draft, &campaign)?;
    let opens = opens.max(ctx.now());
    let deadline = opens + Duration::days(i64::from(campaign.duration_days));
    sqlx::query!(
        "update campaign set state = $2, opens_at = $3, deadline_at = $4 where campaign_id = $1",
        id.as_uuid(),
        to.as_str(),
        opens,
        deadline,
    )
    .execute(&mut *tx)
    .await?;
    ready::decide(&mut tx, ctx, id, steward, "approved", "").await?;
    note(&mut tx, ctx, &campaign, (steward, "campaign.approved", "")).await?;
    mail::approved(&mut tx, ctx, &campaign, &draft.project.name, (opens, deadline)).await?;
    let key = format!("campaigns.open {id}");
    let job = jobs::Open { campaign: id };
    crate::jobs::enqueue(&mut tx, ctx, &job, opens, Some(&key))
        .await
        .map_err(Error::Internal)?;
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// The moment a campaign opens on `day`: nine in the morning in its own time zone. An unknown zone is UTC.
pub fn morning(day: Date, zone: &str) -> Option<OffsetDateTime> {
    let nine = jiff::civil::Date::new(i16::try_from(day.year()).ok()?, month(day), day_of_month(day))
        .ok()?
        .at(9, 0, 0, 0);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = nine.to_zoned(zone).ok()?.timestamp().as_second();
    OffsetDateTime::from_unix_timestamp(at).ok()
}

fn month(day: Date) -> i8 {
    i8::try_from(u8::from(day.month())).unwrap_or(1)
}

fn day_of_month(day: Date) -> i8 {
    i8::try_from(day.day()).unwrap_or(1)
}

/// Sends a campaign back to its project, with words.
pub async fn ask_changes(ctx: &Ctx, id: CampaignId, steward: PersonId, words: &str) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let (campaign, moves) = hold(&mut tx, id, CampaignEvent::ChangesAsked).await?;
    impartial(&mut tx, &campaign, steward).await?;
    let words = checked("words", text::block(words, 10, 2000))?;
    let Some(to) = moves else { return Ok(()) };
    set_state(&mut tx, id, to).await?;
    ready::decide(&mut tx, ctx, id, steward, "changes_asked", &words).await?;
    note(
        &mut tx,
        ctx,
        &campaign,
        (steward, "campaign.changes_asked", &words),
    )
    .await?;
    mail::changes_asked(&mut tx, ctx, &campaign, &words).await?;
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Cancels a campaign that has not opened: nobody has promised anything. The caller holds it.
///
/// # Errors
/// In words, when it stands somewhere else.
pub async fn cancel_early(conn: &mut PgConnection, ctx: &Ctx, id: CampaignId) -> Result<(), NotSaved> {
    let (campaign, moves) = hold(conn, id, CampaignEvent::Cancelled).await?;
    let Some(to) = moves else { return Ok(()) };
    sqlx::query!(
        "update campaign set state = $2, ended_at = $3 where campaign_id = $1",
        id.as_uuid(),
        to.as_str(),
        ctx.now(),
    )
    .execute(&mut *conn)
    .await?;
    mail::cancelled(conn, ctx, &campaign).await?;
    draft_store::touch(conn, id, ctx.now()).await?;
    Ok(())
}

/// The project's payout account is enabled: what waited for it opens, and what could not be paid out can be again.
pub async fn payout_account_enabled(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
) -> anyhow::Result<()> {
    for id in store::of_project_in(conn, project, CampaignState::Scheduled).await? {
        let campaign = store::lock(conn, id).await?;
        if campaign
            .and_then(|campaign| campaign.opens_at)
            .is_some_and(|opens| opens <= ctx.now())
        {
            // Without a key: a job that found the account not enabled may still stand in the queue.
            crate::jobs::enqueue(conn, ctx, &jobs::Open { campaign: id }, ctx.now(), None).await?;
        }
    }
    unpayable::payout_account_regained(conn, ctx, project).await
}

/// Lets a campaign do without a commons return, for a reason that everybody reads.
pub async fn except(ctx: &Ctx, id: CampaignId, steward: PersonId, reason: &str) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = store::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    impartial(&mut tx, &campaign, steward).await?;
    if !(campaign.state.is_editable() || campaign.state == CampaignState::InReview) {
        return Err(NotSaved::on_top(&Say("campaign-cannot-do-that")));
    }
    let reason = checked("reason", text::block(reason, 20, 1000))?;
    ready::decide(&mut tx, ctx, id, steward, "commons_exception", &reason).await?;
    note(
        &mut tx,
        ctx,
        &campaign,
        (steward, "campaign.commons_excepted", &reason),
    )
    .await?;
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

fn checked<T, E: Refusal>(field: &'static str, result: Result<T, E>) -> Result<T, NotSaved> {
    let mut refusals = Refusals::new();
    refusals
        .keep(field, result)
        .ok_or_else(|| refusals.into_vec().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn a_campaign_opens_at_nine_where_it_is_at_home() {
        assert_eq!(
            morning(date!(2027 - 01 - 10), "UTC"),
            Some(datetime!(2027-01-10 09:00 UTC))
        );
        assert_eq!(
            morning(date!(2027 - 07 - 10), "Nowhere/Else"),
            Some(datetime!(2027-07-10 09:00 UTC))
        );
    }
}
