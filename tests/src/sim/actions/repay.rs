//! A loan is paid back, or is not: parts, early and late, with good and bad cards; banks take repayments back; stewards
//! say that it is in default and give it up.

use felag::error::Error;
use felag::people::Person;
use felag::projects::NotSaved;
use felag::repayments::{self, Next};
use felag_domain::ids::{CampaignId, RepaymentId};
use felag_domain::money::Money;
use felag_frontend::format::typed;
use futures::FutureExt;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::clock::play_to;
use super::hosted::{Mood, onward, pay};
use super::{Action, Phase, nothing};
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "a loan's payout is approved by two",
        weight: 24,
        phase: Phase::LoanWaits,
        always: true,
        trouble: None,
        run: |sim| pay_out(sim).boxed_local(),
    },
    Action {
        name: "a loan is repaid",
        weight: 12,
        phase: Phase::Repaying,
        always: true,
        trouble: None,
        run: |sim| repay(sim).boxed_local(),
    },
    Action {
        name: "a repayment is confirmed late",
        weight: 4,
        phase: Phase::Repaying,
        always: false,
        trouble: None,
        run: |sim| confirm(sim).boxed_local(),
    },
    Action {
        name: "a bank takes a repayment back",
        weight: 4,
        phase: Phase::Repaying,
        always: false,
        trouble: None,
        run: |sim| taken_back(sim).boxed_local(),
    },
    Action {
        name: "a steward decides about a loan",
        weight: 2,
        phase: Phase::Repaying,
        always: false,
        trouble: None,
        run: |sim| steward(sim).boxed_local(),
    },
    Action {
        name: "days pass",
        weight: 12,
        phase: Phase::Repaying,
        always: true,
        trouble: None,
        run: |sim| days(sim).boxed_local(),
    },
];

/// The project's cards: with some the bank asks, some are declined when they are charged.
const CARDS: &[(&str, u32)] = &[
    ("4242424242424242", 50),
    ("4000000000000077", 20),
    ("4000002760003184", 8),
    ("4000000000000341", 12),
    ("4000008260003178", 5),
];

async fn pay_out(sim: &mut Sim) -> anyhow::Result<String> {
    use felag::payouts::{self, Asked};
    use felag_domain::payout::Voice;
    let sql =
        "select campaign_id, number from payout where source = 'loan' and state in ('proposed', 'asked')";
    let found: Option<(Uuid, i32)> = sqlx::query_as(sql).fetch_optional(&sim.world.owner).await?;
    let (Some((id, number)), Some(owner), Some(steward)) = (found, sim.model.owner, sim.model.steward) else {
        // It is proposed when the money is there.
        let to = sim.now() + Duration::days(2);
        play_to(sim, to).await?;
        return nothing();
    };
    let ctx = sim.processes[0].ctx.clone();
    let mut said = Vec::new();
    for (person, voice) in [(owner, Voice::Project), (steward, Voice::Steward)] {
        let by = Asked { person, voice };
        let done = mortal(
            payouts::approve(&ctx, CampaignId::from_uuid(id), number.unsigned_abs(), by),
            None,
        );
        said.push(super::payout::said(done.await)?.1);
    }
    if sim.dice.percent(60) {
        let to = sim.now() + Duration::days(sim.dice.between(2, 5));
        play_to(sim, to).await?;
    }
    Ok(format!("{number}: {}", said.join("; ")))
}

/// A loan that takes money: its campaign, what its next open instalment still needs, and what is outstanding.
async fn open_loan(sim: &Sim) -> anyhow::Result<Option<(Uuid, i64, i64)>> {
    let sql = "select campaign_id,
                      coalesce((select principal_minor + interest_minor + fee_minor + late_interest_minor
                                       - paid_principal_minor - paid_interest_minor - paid_fee_minor - paid_late_minor
                                from instalment where instalment.campaign_id = loan.campaign_id
                                  and instalment.plan = loan_running.plan
                                  and principal_minor + interest_minor > paid_principal_minor + paid_interest_minor
                                order by due_on limit 1), 0),
                      loan_running.principal_minor - principal_paid_minor
               from loan join loan_running using (campaign_id)
               where state in ('repaying', 'late', 'rescheduled', 'defaulted', 'recovering', 'written_off')";
    Ok(sqlx::query_as(sql).fetch_optional(&sim.world.owner).await?)
}

async fn repay(sim: &mut Sim) -> anyhow::Result<String> {
    let (Some((id, next, outstanding)), Some(owner)) = (open_loan(sim).await?, sim.model.owner) else {
        return nothing();
    };
    let Some(campaign) = sim.model.campaigns.iter().position(|one| one.id == id) else {
        return nothing();
    };
    let minor = match sim.dice.below(12) {
        0..6 => next,
        6..8 => next / 2 + 1,
        8 => next / 3 + 7,
        9 => outstanding,
        10 => outstanding / 2 + 1,
        _ => outstanding * 3,
    };
    let currency = sim.model.campaigns[campaign].currency;
    let amount = typed(&Money::from_minor(minor.max(1), currency));
    let other_card = sim.dice.percent(15);
    let person = Person {
        id: owner,
        email: "owner@felag.example".into(),
        name: "Owner".into(),
        email_is_confirmed: true,
        is_steward: false,
        has_projects: true,
    };
    let (ctx, key) = (sim.processes[0].ctx.clone(), sim.dice.uuid().to_string());
    let id = CampaignId::from_uuid(id);
    let once = || {
        let typed = (amount.as_str(), other_card);
        mortal(repayments::pay_now(&ctx, id, &person, typed, &key), None)
    };
    let twice = sim.dice.percent(25);
    let answers = if twice {
        let (one, other) = futures::join!(once(), once());
        vec![one, other]
    } else {
        vec![once().await]
    };
    let mood = Mood::draw(&mut sim.dice, CARDS);
    let visitor = &sim.model.backers[0].visitor;
    let mut said = Vec::new();
    for answer in answers {
        said.push(match answer {
            None => "the process died".into(),
            Some(Ok(Next::Elsewhere(page))) => pay(visitor, &page, &mood).await,
            Some(Ok(Next::Back)) => "asked".into(),
            Some(Err(NotSaved::Refused(why))) => {
                let words: Vec<&str> = why.iter().map(|refusal| refusal.words.id).collect();
                format!("refused: {}", words.join(", "))
            }
            Some(Err(NotSaved::Failed(Error::ProviderAway))) => "the provider is away".into(),
            Some(Err(NotSaved::Failed(cause))) => anyhow::bail!("{cause:?}"),
        });
    }
    Ok(format!("{amount}: {}", said.join("; ")))
}

async fn confirm(sim: &mut Sim) -> anyhow::Result<String> {
    let sql =
        "select campaign_id, repayment_id from repayment where state = 'needs_you' order by repayment_id";
    let waiting: Vec<(Uuid, Uuid)> = sqlx::query_as(sql).fetch_all(&sim.world.owner).await?;
    let Some((campaign, id)) = sim.dice.maybe(&waiting).copied() else {
        return nothing();
    };
    let ctx = sim.processes[0].ctx.clone();
    let loan = repayments::store::find(&ctx.db, CampaignId::from_uuid(campaign)).await?;
    let Some(loan) = loan else { return nothing() };
    let mood = Mood::draw(&mut sim.dice, CARDS);
    let work = repayments::confirm_present(&ctx, &loan, RepaymentId::from_uuid(id));
    let visitor = &sim.model.backers[0].visitor;
    Ok(match mortal(work, None).await {
        None => "the process died".into(),
        Some(Ok(Next::Elsewhere(page))) => match visitor.get(&page).await {
            Some(bank) => match visitor.submit(&bank, "/bank/", &[("answer", "approve")]).await {
                Some(reply) => onward(visitor, reply, &mood).await,
                None => format!("the bank's page says {}", bank.status),
            },
            None => "the bank does not answer".into(),
        },
        Some(Ok(Next::Back)) => "confirmed".into(),
        Some(Err(Error::Gone | Error::ProviderAway)) => "not now".into(),
        Some(Err(cause)) => anyhow::bail!("{cause:?}"),
    })
}

/// A debit that comes back late is a dispute that is lost at once.
async fn taken_back(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select charge_ref from repayment where charge_ref is not null order by repayment_id";
    let charges: Vec<String> = sqlx::query_scalar(sql).fetch_all(&sim.world.owner).await?;
    let Some(charge) = sim.dice.maybe(&charges).cloned() else {
        return nothing();
    };
    let wish = json!({ "charge": charge, "reason": "fraudulent", "inquiry": sim.dice.percent(10) });
    let opened = sim.try_control("disputes", &wish).await?;
    if sim.dice.percent(60) {
        let sql = "select id from sandbox.object where kind = 'dispute' order by seq desc limit 1";
        let last: Option<String> = sqlx::query_scalar(sql).fetch_optional(&sim.world.owner).await?;
        if let Some(last) = last.filter(|_| opened == 200) {
            let lost = sim
                .try_control(&format!("disputes/{last}"), &json!({ "do": "lose" }))
                .await?;
            return Ok(format!("{opened}, lost: {lost}"));
        }
    }
    Ok(opened.to_string())
}

async fn steward(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select campaign_id, state from loan
               where state in ('repaying', 'late', 'rescheduled', 'defaulted', 'recovering')";
    let found: Option<(Uuid, String)> = sqlx::query_as(sql).fetch_optional(&sim.world.owner).await?;
    let (Some((id, state)), Some(by)) = (found, sim.model.steward) else {
        return nothing();
    };
    let (ctx, id) = (sim.processes[0].ctx.clone(), CampaignId::from_uuid(id));
    let gives_up = matches!(state.as_str(), "defaulted" | "recovering");
    if !gives_up && state != "late" && sim.dice.percent(60) {
        return nothing();
    }
    let done = if gives_up {
        mortal(
            repayments::write_off(&ctx, id, by, "The association was dissolved."),
            None,
        )
        .await
    } else {
        mortal(
            repayments::default_by_steward(&ctx, id, by, "It filed for insolvency."),
            None,
        )
        .await
    };
    let what = if gives_up { "given up" } else { "in default" };
    Ok(format!("{what}: {}", super::payout::said(done)?.1))
}

async fn days(sim: &mut Sim) -> anyhow::Result<String> {
    let time = match sim.dice.below(10) {
        0..6 => Duration::days(sim.dice.between(1, 4)),
        6..9 => Duration::days(sim.dice.between(5, 9)),
        _ => Duration::days(sim.dice.between(10, 40)),
    };
    let to = sim.now() + time;
    play_to(sim, to).await?;
    Ok(format!("{time} on"))
}
