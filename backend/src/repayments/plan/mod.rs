//! A new plan for a loan in trouble: the project proposes it, its lenders vote, and if it passes it takes the place of
//! the old one for all that is still owed. Otherwise nothing changes.

mod rows;
pub mod store;

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::policy::Policy;
use felag_domain::lending::{LoanEvent, next_loan};
use felag_domain::repaying::{Instalment, ProposalState, Tally, passes};
use felag_domain::words::{Refusal, Refusals, Words};
use serde_json::json;
use sqlx::PgConnection;
use time::macros::format_description;
use time::{Date, Duration};

pub use rows::{NewPlan, Wish, new_plan};
pub use store::Proposal;

use super::jobs::News;
use super::store::{self as loans, Running};
use super::{credit, jobs, mail};
use crate::audit;
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::{NotSaved, Say};

/// Between the end of the vote and the announcement of a new plan's first instalment.
const ANNOUNCED_AFTER: Duration = Duration::days(2);
/// The longest time without a payment that can be proposed.
const HOLIDAY_MOST: Duration = Duration::days(366);
/// After a plan was refused, lenders are left in peace for so long.
const NEXT_AFTER: Duration = Duration::days(7);
/// The longest reason, in characters.
const REASON_MOST: usize = 2_000;

/// A plan as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    pub first_due_on: &'a str,
    pub instalments: &'a str,
    pub reason: &'a str,
}

/// The first day is too soon or too far.
struct FirstDay {
    from: Date,
    until: Date,
}

impl Refusal for FirstDay {
    fn words(&self) -> Words {
        Words::new("plan-first-due-refused")
            .with("from", self.from.to_string().as_str())
            .with("until", self.until.to_string().as_str())
    }
}

/// Between which days the first instalment of a plan that is proposed now may be due.
pub fn first_days(ctx: &Ctx, policy: &Policy) -> (Date, Date) {
    let today = ctx.now().date();
    let from = today.saturating_add(policy.vote() + ANNOUNCED_AFTER + policy.notice());
    (from, today.saturating_add(HOLIDAY_MOST))
}

/// What was typed, and the instalments as they would be if it passed on the last day of the vote.
///
/// # Errors
/// What is wrong with it, in words.
pub async fn check(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    typed: Typed<'_>,
) -> Result<(Wish, NewPlan), NotSaved> {
    if next_loan(loan.state, LoanEvent::NewPlan).is_err() {
        return Err(NotSaved::on_top(&Say("plan-not-in-trouble")));
    }
    if let Some(last) = store::newest(&mut *conn, loan.campaign).await? {
        if last.state == ProposalState::Open {
            return Err(NotSaved::on_top(&Say("plan-one-at-a-time")));
        }
        let was_refused = last.state == ProposalState::Rejected;
        if was_refused && last.decided_at.is_some_and(|at| at + NEXT_AFTER > ctx.now()) {
            return Err(NotSaved::on_top(&Say("plan-too-soon")));
        }
    }
    let wish = read(ctx, &loan.policy, typed)?;
    let ends_on = ctx.now().date().saturating_add(loan.policy.vote());
    let plan = at_the_end(conn, loan, wish, ends_on).await?;
    let refused = || {
        let mut refusals = Refusals::new();
        refusals.note("instalments", &Say("plan-instalments-refused"));
        NotSaved::Refused(refusals.into_vec())
    };
    Ok((wish, plan.ok_or_else(refused)?))
}

fn read(ctx: &Ctx, policy: &Policy, typed: Typed<'_>) -> Result<Wish, NotSaved> {
    let mut refusals = Refusals::new();
    let (from, until) = first_days(ctx, policy);
    let day = Date::parse(
        typed.first_due_on.trim(),
        format_description!("[year]-[month]-[day]"),
    );
    let day = day.ok().filter(|day| (from..=until).contains(day));
    let day = refusals.keep("first_due_on", day.ok_or(FirstDay { from, until }));
    let count = typed
        .instalments
        .trim()
        .parse::<u32>()
        .ok()
        .filter(|count| *count > 0);
    let count = refusals.keep("instalments", count.ok_or(Say("plan-instalments-refused")));
    let reason = match typed.reason.trim() {
        "" => Err(Say("plan-reason-missing")),
        words if words.chars().count() > REASON_MOST => Err(Say("plan-reason-too-long")),
        _ => Ok(()),
    };
    let reason = refusals.keep("reason", reason);
    match (day, count, reason) {
        (Some(first_due_on), Some(instalments), Some(())) => Ok(Wish {
            first_due_on,
            instalments,
        }),
        _ => Err(NotSaved::Refused(refusals.into_vec())),
    }
}

/// The instalments of a wish that passes on this day; nothing when it makes no schedule.
///
/// # Errors
/// When the database fails.
pub async fn at_the_end(
    conn: &mut PgConnection,
    loan: &Running,
    wish: Wish,
    on: Date,
) -> sqlx::Result<Option<NewPlan>> {
    let old = loans::rows(conn, loan.campaign, loan.plan).await?;
    let contract = store::contract(conn, loan.campaign).await?;
    Ok(contract.and_then(|contract| new_plan(loan, contract, &old, wish, on).ok()))
}

/// The project proposes a plan: its lenders are asked.
///
/// # Errors
/// What stands against it, in words.
pub async fn propose(
    ctx: &Ctx,
    campaign: CampaignId,
    person: PersonId,
    typed: Typed<'_>,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let loan = loans::lock(&mut tx, campaign).await?.ok_or(Error::NotFound)?;
    let (wish, _) = check(&mut tx, ctx, &loan, typed).await?;
    let last = store::newest(&mut *tx, campaign).await?;
    let plan = last.map_or(loan.plan, |last| last.plan.max(loan.plan)) + 1;
    let proposal = Proposal {
        campaign,
        plan,
        wish,
        reason: typed.reason.trim().to_string(),
        state: ProposalState::Open,
        closes_at: ctx.now() + loan.policy.vote(),
        decided_at: None,
        result: None,
    };
    let all = store::tally(&mut tx, (campaign, loan.project), plan).await?.all;
    store::insert(&mut tx, &proposal, person, all.outstanding, ctx.now()).await?;
    let act = audit::Act {
        actor: Some(person),
        kind: "loan.plan_proposed",
        project: Some(loan.project),
        campaign: Some(campaign),
        subject: loan.title.clone(),
        reason: &proposal.reason,
        detail: json!({ "plan": plan, "first_due_on": wish.first_due_on.to_string(), "instalments": wish.instalments }),
        refused: false,
    };
    audit::record(&mut tx, ctx, &act).await?;
    let words = (ctx.id(), "plan_proposed", proposal.reason.as_str());
    loans::note(&mut tx, campaign, words, Some(person), ctx.now()).await?;
    jobs::close_vote(&mut tx, ctx, &proposal)
        .await
        .map_err(Error::from)?;
    jobs::tell(&mut tx, ctx, campaign, News::Proposed(plan))
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// A lender votes, or votes again: the last word counts until the vote closes.
///
/// # Errors
/// Why they cannot, in words.
pub async fn cast(ctx: &Ctx, campaign: CampaignId, share: CommitmentId, typed: &str) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let loan = loans::lock(&mut tx, campaign).await?.ok_or(Error::NotFound)?;
    let proposal = store::newest(&mut *tx, campaign).await?.ok_or(Error::NotFound)?;
    if proposal.state != ProposalState::Open || proposal.closes_at <= ctx.now() {
        return Err(NotSaved::on_top(&Say("vote-is-over")));
    }
    let voter = store::voter(&mut tx, (campaign, loan.project), share, proposal.plan)
        .await?
        .ok_or(Error::NotFound)?;
    if voter.is_own {
        return Err(NotSaved::on_top(&Say("vote-own")));
    }
    if voter.outstanding <= 0 {
        return Err(NotSaved::on_top(&Say("vote-nothing-owed")));
    }
    let agrees = match typed {
        "agree" => true,
        "refuse" => false,
        _ => {
            let mut refusals = Refusals::new();
            refusals.note("vote", &Say("vote-missing"));
            return Err(NotSaved::Refused(refusals.into_vec()));
        }
    };
    let of = (campaign, proposal.plan);
    store::vote(&mut tx, of, share, agrees, voter.outstanding, ctx.now()).await?;
    let tally = store::tally(&mut tx, (campaign, loan.project), proposal.plan).await?;
    if let Some(passed) = tally.decided() {
        conclude(&mut tx, ctx, &loan, &proposal, (passed, tally))
            .await
            .map_err(Error::from)?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// The time to vote is over. Doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn close(ctx: &Ctx, campaign: CampaignId, plan: i32) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let Some(loan) = loans::lock(&mut tx, campaign).await? else {
        return Ok(());
    };
    let newest = store::newest(&mut *tx, campaign).await?;
    let is_over =
        |one: &Proposal| one.plan == plan && one.state == ProposalState::Open && one.closes_at <= ctx.now();
    let Some(proposal) = newest.filter(is_over) else {
        return Ok(());
    };
    let tally = store::tally(&mut tx, (campaign, loan.project), plan).await?;
    conclude(&mut tx, ctx, &loan, &proposal, (passes(&tally), tally)).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// A plan that passes begins today, unless the loan is no longer in trouble.
async fn conclude(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    proposal: &Proposal,
    (passed, tally): (bool, Tally),
) -> anyhow::Result<()> {
    let is_in_trouble = next_loan(loan.state, LoanEvent::NewPlan).is_ok();
    let new = match passed && is_in_trouble {
        true => at_the_end(conn, loan, proposal.wish, ctx.now().date()).await?,
        false => None,
    };
    let to = match &new {
        Some(new) => {
            store::begin(conn, proposal, new).await?;
            credit::change_state(conn, ctx, loan, LoanEvent::NewPlan).await?;
            ProposalState::Passed
        }
        None => ProposalState::Rejected,
    };
    store::decide(conn, proposal, (to, tally), ctx.now()).await?;
    let kind = if new.is_some() {
        "plan_passed"
    } else {
        "plan_rejected"
    };
    loans::note(conn, loan.campaign, (ctx.id(), kind, ""), None, ctx.now()).await?;
    mail::plan_decided(conn, ctx, loan, (proposal.plan, to, tally)).await?;
    jobs::tell(conn, ctx, loan.campaign, News::Decided(proposal.plan)).await
}

/// The instalments of the plan before, and those of the proposal beside them.
pub fn side_by_side(old: &[Instalment], new: &[Instalment]) -> Vec<(Option<Instalment>, Option<Instalment>)> {
    let open: Vec<Instalment> = old.iter().copied().filter(|row| !row.is_paid()).collect();
    (0..open.len().max(new.len()))
        .map(|index| (open.get(index).copied(), new.get(index).copied()))
        .collect()
}
