//! What people do: ask for a payout, approve it, call it off. Whatever is refused leaves a line in the audit log.

use felag_domain::amount;
use felag_domain::ids::{BookId, CampaignId, PayoutId, PersonId};
use felag_domain::money::Money;
use felag_domain::payout::{
    self, AskRefusal, Breakdown, Frozen, PayoutEvent, PayoutSource, PayoutState, Step, Voice, entries,
    may_ask, next,
};
use felag_domain::text;
use felag_domain::words::{Refusals, Words};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::facts::{Facts, facts};
use super::{Given, Payout, jobs, mail, store};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::unit;
use crate::projects::{NotSaved, Say};
use crate::{audit, ledger};

/// A person who may act on a payout, and for whom they speak.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub person: PersonId,
    pub voice: Voice,
}

/// The campaign, held.
async fn hold(conn: &mut PgConnection, id: CampaignId) -> Result<Campaign, NotSaved> {
    Ok(campaigns::lock(conn, id).await?.ok_or(Error::NotFound)?)
}

/// Asks for `typed` of what is held: the first of two approvals. The same form sent twice asks once.
///
/// # Errors
/// What stands in the way, in words; nothing was changed.
pub async fn ask(
    ctx: &Ctx,
    campaign: CampaignId,
    by: Asked,
    typed: &str,
    request: Uuid,
) -> Result<u32, NotSaved> {
    let done = try_ask(ctx, campaign, by, typed, request).await;
    noted(ctx, campaign, by.person, "payout.asked", typed, done).await
}

async fn try_ask(ctx: &Ctx, id: CampaignId, by: Asked, typed: &str, request: Uuid) -> Result<u32, NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id).await?;
    if let Some(payout) = store::by_request(&mut tx, id, request).await? {
        return Ok(payout.number);
    }
    let facts = facts(&mut tx, ctx, &campaign, PayoutSource::Gifts)
        .await
        .map_err(Error::Internal)?;
    not_frozen(&facts.frozen)?;
    if store::under_way(&mut tx, id).await?.is_some() {
        return Err(NotSaved::on_top(&AskRefusal::UnderWay));
    }
    let mut refusals = Refusals::new();
    let gross = refusals.keep("amount", amount::parse(typed, campaign.currency));
    let gross = gross.and_then(|gross| {
        let may = may_ask(gross, facts.held, facts.released).and_then(|()| leaves_something(&facts, gross));
        refusals.keep("amount", may.map(|()| gross))
    });
    let Some(gross) = gross else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    let first = Given {
        by: by.person,
        voice: by.voice,
        at: ctx.now(),
    };
    let new = new(ctx, &campaign, &facts, gross, request, Some(first));
    let payout = store::insert(&mut tx, &new, ctx.now()).await?;
    note(&mut tx, ctx, &payout, Some(by.person), "payout.asked", "").await?;
    mail::asked(&mut tx, ctx, &campaign, &payout, by.person).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(payout.number)
}

fn new(
    ctx: &Ctx,
    campaign: &Campaign,
    facts: &Facts,
    gross: Money,
    request: Uuid,
    first: Option<Given>,
) -> store::New {
    store::New {
        campaign: campaign.id,
        project: campaign.project_id,
        id: ctx.id::<PayoutId>(),
        source: facts.source,
        gross,
        fee_version: facts.schedule.version,
        request,
        first,
    }
}

/// Everything that stands in the way, at once.
fn not_frozen(frozen: &[Frozen]) -> Result<(), NotSaved> {
    let mut refusals = Refusals::new();
    frozen.iter().for_each(|reason| refusals.note("", reason));
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(NotSaved::Refused(refusals.into_vec()))
    }
}

fn leaves_something(facts: &Facts, gross: Money) -> Result<(), AskRefusal> {
    let parts = facts.parts(gross);
    let is_something = parts.is_ok_and(|parts| parts.net.is_positive() && unit::can_be_charged(parts.net));
    is_something.then_some(()).ok_or(AskRefusal::NothingLeft)
}

/// A planned part is due: proposes it, for two people to approve. Nothing, when nothing may leave or another payout is
/// under way: whether that is so.
pub async fn propose(ctx: &Ctx, id: CampaignId, source: PayoutSource) -> anyhow::Result<bool> {
    let mut tx = ctx.db.begin().await?;
    let Some(campaign) = campaigns::lock(&mut tx, id).await? else {
        return Ok(false);
    };
    if store::under_way(&mut tx, id).await?.is_some() {
        return Ok(true);
    }
    let facts = facts(&mut tx, ctx, &campaign, source).await?;
    let is_funded = !facts
        .frozen
        .iter()
        .any(|reason| matches!(reason, Frozen::NotFunded(_)));
    let gross = facts.released;
    if !is_funded || !gross.is_positive() || leaves_something(&facts, gross).is_err() {
        return Ok(false);
    }
    let new = new(ctx, &campaign, &facts, gross, ctx.id(), None);
    let payout = store::insert(&mut tx, &new, ctx.now()).await?;
    note(&mut tx, ctx, &payout, None, "payout.proposed", "").await?;
    mail::proposed(&mut tx, ctx, &campaign, &payout).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(false)
}

/// Approves a payout: as the first of two, or as the second, with whom it becomes payable.
///
/// # Errors
/// Why it does not count, in words; nothing was changed.
pub async fn approve(ctx: &Ctx, campaign: CampaignId, number: u32, by: Asked) -> Result<(), NotSaved> {
    let done = try_approve(ctx, campaign, number, by).await;
    noted(
        ctx,
        campaign,
        by.person,
        "payout.approved",
        &number.to_string(),
        done,
    )
    .await
}

async fn try_approve(ctx: &Ctx, id: CampaignId, number: u32, by: Asked) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id).await?;
    let payout = store::find(&mut *tx, id, number).await?.ok_or(Error::NotFound)?;
    if payout.second.is_some_and(|second| second.by == by.person) {
        return Ok(());
    }
    let given = Given {
        by: by.person,
        voice: by.voice,
        at: ctx.now(),
    };
    let step = payout::approve(payout.first.map(Given::approval), given.approval());
    let step = step.map_err(|refusal| NotSaved::on_top(&refusal))?;
    let event = match step {
        Step::First => PayoutEvent::FirstApproved,
        Step::Second => PayoutEvent::SecondApproved,
    };
    let to = next(payout.state, event).map_err(|refusal| NotSaved::on_top(&refusal))?;
    if to == payout.state {
        return Err(NotSaved::on_top(&payout::NotAllowed { from: to, event }));
    }
    let facts = facts(&mut tx, ctx, &campaign, payout.parts.source)
        .await
        .map_err(Error::Internal)?;
    not_frozen(&facts.frozen)?;
    let gross = payout.parts.gross;
    may_ask(gross, facts.held, facts.released)
        .and_then(|()| leaves_something(&facts, gross))
        .map_err(|refusal| NotSaved::on_top(&refusal))?;
    match step {
        Step::First => {
            store::first_approved(&mut tx, &payout, given).await?;
            mail::asked(&mut tx, ctx, &campaign, &payout, by.person).await?;
        }
        Step::Second => {
            let parts = facts.parts(gross).map_err(Error::Internal)?;
            store::second_approved(&mut tx, &payout, given, &parts).await?;
            book(&mut tx, ctx, &payout, &facts, &parts)
                .await
                .map_err(Error::Internal)?;
            mail::approved(&mut tx, ctx, &campaign, &payout, &parts, by.person).await?;
            jobs::send(&mut tx, ctx, &payout, ctx.now())
                .await
                .map_err(Error::Internal)?;
        }
    }
    note(&mut tx, ctx, &payout, Some(by.person), "payout.approved", "").await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Takes the payout off what is held, and repays what the project owes, in this book and then in its others.
async fn book(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    facts: &Facts,
    parts: &Breakdown,
) -> anyhow::Result<()> {
    let own = BookId::of_campaign(payout.campaign);
    let id = payout.id.to_string();
    let mut rest = parts.repaid;
    let mut elsewhere = Vec::new();
    for (book, owed) in &facts.owed {
        let part = if rest.minor() < owed.minor() { rest } else { *owed };
        rest = rest.checked_sub(part)?;
        if *book != own && part.is_positive() {
            elsewhere.push((*book, part));
        }
    }
    let sum = felag_domain::money::sum(elsewhere.iter().map(|(_, part)| *part), payout.currency())?;
    let entry = entries::approved(own, &id, parts, sum, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    for (book, part) in elsewhere {
        ledger::post(conn, ctx, vec![entries::repaid(book, &id, part, ctx.now())?]).await?;
    }
    Ok(())
}

/// Calls a payout off that was not sent yet. Doing it again changes nothing.
///
/// # Errors
/// Why not, in words.
pub async fn withdraw(
    ctx: &Ctx,
    campaign: CampaignId,
    number: u32,
    by: Asked,
    reason: &str,
) -> Result<(), NotSaved> {
    let done = try_withdraw(ctx, campaign, number, by, reason).await;
    noted(
        ctx,
        campaign,
        by.person,
        "payout.withdrawn",
        &number.to_string(),
        done,
    )
    .await
}

async fn try_withdraw(
    ctx: &Ctx,
    id: CampaignId,
    number: u32,
    by: Asked,
    reason: &str,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id).await?;
    let payout = store::find(&mut *tx, id, number).await?.ok_or(Error::NotFound)?;
    let to = next(payout.state, PayoutEvent::Withdrawn).map_err(|refusal| NotSaved::on_top(&refusal))?;
    if to == payout.state {
        return Ok(());
    }
    let mut refusals = Refusals::new();
    let reason = text::line(reason, 5, 500).map_err(|_| Say("payout-reason-short"));
    let Some(reason) = refusals.keep("reason", reason) else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    call_off(&mut tx, ctx, &campaign, &payout, Some(by.person), &reason)
        .await
        .map_err(Error::Internal)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// A payout that was not sent is over: what is left of its money is held again.
pub async fn call_off(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
    by: Option<PersonId>,
    reason: &str,
) -> anyhow::Result<()> {
    if payout.state == PayoutState::Approved {
        let book = BookId::of_campaign(payout.campaign);
        let account = felag_domain::ledger::AccountCode::Payable;
        let payable = ledger::balance_of(conn, book, account, payout.currency()).await?;
        let left = if payable.minor() < payout.parts.net.minor() {
            payable
        } else {
            payout.parts.net
        };
        let entry = entries::withdrawn(book, &payout.id.to_string(), &payout.parts, left, ctx.now());
        match entry {
            Ok(entry) => ledger::post(conn, ctx, vec![entry]).await?,
            // Refunds took all of it, and it had neither cost nor fee.
            Err(felag_domain::ledger::EntryError::Empty) => {}
            Err(other) => return Err(other.into()),
        }
    }
    store::withdrawn(conn, payout, by, reason, ctx.now()).await?;
    note(conn, ctx, payout, by, "payout.withdrawn", reason).await?;
    jobs::propose_again(conn, ctx, payout).await?;
    mail::withdrawn(conn, ctx, campaign, payout, reason).await?;
    Ok(())
}

/// The kinds of lines of the audit log about what the provider says.
pub mod kinds {
    pub const PAID: &str = "payout.paid";
    pub const FAILED: &str = "payout.failed";
    pub const RETURNED: &str = "payout.returned";
}

/// A line of the audit log about what was done.
pub async fn note(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    actor: Option<PersonId>,
    kind: &str,
    reason: &str,
) -> sqlx::Result<()> {
    let act = audit::Act {
        actor,
        kind,
        project: Some(payout.project),
        campaign: Some(payout.campaign),
        subject: format!("{} · {}", payout.number, payout.amount()),
        reason,
        detail: json!({
            "payout": payout.id, "number": payout.number, "gross_minor": payout.parts.gross.minor(),
            "currency": payout.currency().code(),
        }),
        refused: false,
    };
    audit::record(conn, ctx, &act).await
}

/// A line of the audit log about what was refused.
async fn noted<T>(
    ctx: &Ctx,
    campaign: CampaignId,
    actor: PersonId,
    kind: &str,
    subject: &str,
    done: Result<T, NotSaved>,
) -> Result<T, NotSaved> {
    if let Err(NotSaved::Refused(refusals)) = &done {
        let project = campaigns::find(&ctx.db, campaign).await?;
        let words: Vec<&Words> = refusals.iter().map(|refusal| &refusal.words).collect();
        let act = audit::Act {
            actor: Some(actor),
            kind,
            project: project.map(|campaign| campaign.project_id),
            campaign: Some(campaign),
            subject: subject.chars().take(80).collect(),
            reason: "",
            detail: json!({ "refused": words.iter().map(|words| words.id).collect::<Vec<_>>() }),
            refused: true,
        };
        audit::record_refused(ctx, &act).await?;
    }
    done
}
