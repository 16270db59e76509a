//! Money leaves for the projects: asked for and approved by the right two people and by the wrong ones, called off,
//! refused by banks; bank details change meanwhile.

use felag::payouts::{self, Asked};
use felag::projects::NotSaved;
use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_domain::payout::Voice;
use felag_domain::pledge::smallest;
use felag_frontend::format::typed;
use futures::FutureExt;
use serde_json::json;

use super::{Action, Phase, nothing};
use crate::paying_out::bank;
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "a payout is asked for",
        weight: 5,
        phase: Phase::PayingOut,
        always: false,
        trouble: None,
        run: |sim| ask(sim).boxed_local(),
    },
    Action {
        name: "a payout is approved",
        weight: 7,
        phase: Phase::PayingOut,
        always: false,
        trouble: None,
        run: |sim| approve(sim).boxed_local(),
    },
    Action {
        name: "a payout is called off",
        weight: 1,
        phase: Phase::PayingOut,
        always: false,
        trouble: None,
        run: |sim| withdraw(sim).boxed_local(),
    },
    Action {
        name: "a bank refuses a payout",
        weight: 2,
        phase: Phase::PayingOut,
        always: false,
        trouble: None,
        run: |sim| fails(sim).boxed_local(),
    },
    Action {
        name: "a project changes its bank",
        weight: 1,
        phase: Phase::PayingOut,
        always: false,
        trouble: None,
        run: |sim| other_bank(sim).boxed_local(),
    },
];

/// Somebody who may act: the owner, the treasurer, or a steward.
fn somebody(sim: &mut Sim) -> Option<(&'static str, Asked)> {
    let (name, person, voice) = match sim.dice.below(3) {
        0 => ("the owner", sim.model.owner, Voice::Project),
        1 => ("the treasurer", sim.model.treasurer, Voice::Project),
        _ => ("a steward", sim.model.steward, Voice::Steward),
    };
    person.map(|person| (name, Asked { person, voice }))
}

/// What came of it, in words; an error when it is none of the people's making.
pub fn said<T>(done: Option<Result<T, NotSaved>>) -> anyhow::Result<(bool, String)> {
    Ok(match done {
        None => (false, "the process died".into()),
        Some(Ok(_)) => (true, "done".into()),
        Some(Err(NotSaved::Refused(why))) => {
            let words: Vec<&str> = why.iter().map(|refusal| refusal.words.id).collect();
            (false, format!("refused: {}", words.join(", ")))
        }
        Some(Err(NotSaved::Failed(cause))) => anyhow::bail!("{cause:?}"),
    })
}

async fn ask(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select campaign_id, balance_minor from campaign
               join account_balance on book_id = campaign_id and account = 'held'
               where balance_minor > 0 and (state = 'funded' or $1) order by campaign_id";
    // Now and then before it may.
    let any = sim.dice.percent(10);
    let held: Vec<(uuid::Uuid, i64)> = sqlx::query_as(sql).bind(any).fetch_all(&sim.world.owner).await?;
    let Some((id, held)) = sim.dice.maybe(&held).copied() else {
        return nothing();
    };
    let Some((who, by)) = somebody(sim) else {
        return nothing();
    };
    let Some(campaign) = sim.model.campaigns.iter().find(|campaign| campaign.id == id) else {
        return nothing();
    };
    let step = smallest(campaign.currency).minor();
    let part = match sim.dice.below(4) {
        0..2 => held,
        2 => (held / 2 / step * step).max(step),
        _ => held + step,
    };
    let amount = typed(&Money::from_minor(part, campaign.currency));
    let (ctx, key, id) = (
        sim.processes[0].ctx.clone(),
        sim.dice.uuid(),
        CampaignId::from_uuid(id),
    );
    let once = || mortal(payouts::ask(&ctx, id, by, &amount, key), None);
    let answers = if sim.dice.percent(30) {
        let (one, other) = futures::join!(once(), once());
        vec![one, other]
    } else {
        vec![once().await]
    };
    let mut words = Vec::new();
    for answer in answers {
        words.push(said(answer)?.1);
    }
    Ok(format!("{amount} of {held} held, by {who}: {}", words.join("; ")))
}

/// A payout in one of these states.
async fn one_of(sim: &mut Sim, states: &[&str]) -> anyhow::Result<Option<(CampaignId, u32)>> {
    let sql = "select campaign_id, number from payout where state = any($1) order by campaign_id, number";
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let found: Vec<(uuid::Uuid, i32)> = sqlx::query_as(sql)
        .bind(states)
        .fetch_all(&sim.world.owner)
        .await?;
    let one = sim.dice.maybe(&found).copied();
    Ok(one.map(|(campaign, number)| (CampaignId::from_uuid(campaign), number.unsigned_abs())))
}

async fn approve(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((campaign, number)) = one_of(sim, &["proposed", "asked"]).await? else {
        return nothing();
    };
    let (Some((who, by)), Some((other, also))) = (somebody(sim), somebody(sim)) else {
        return nothing();
    };
    let ctx = sim.processes[0].ctx.clone();
    if sim.dice.percent(60) {
        let done = mortal(payouts::approve(&ctx, campaign, number, by), None).await;
        return Ok(format!("{number}, by {who}: {}", said(done)?.1));
    }
    // Two press the button at the same moment, or one does twice.
    let (one, two) = futures::join!(
        mortal(payouts::approve(&ctx, campaign, number, by), None),
        mortal(payouts::approve(&ctx, campaign, number, also), None)
    );
    let (one, two) = (said(one)?, said(two)?);
    if one.0 && two.0 {
        sim.rare.saw("two approved a payout at the same moment");
    }
    Ok(format!("{number}, by {who}: {}; by {other}: {}", one.1, two.1))
}

async fn withdraw(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((campaign, number)) = one_of(sim, &["proposed", "asked", "approved", "sending"]).await? else {
        return nothing();
    };
    let Some((who, by)) = somebody(sim) else {
        return nothing();
    };
    let ctx = sim.processes[0].ctx.clone();
    let work = payouts::withdraw(&ctx, campaign, number, by, "We asked for too much.");
    let done = mortal(work, None).await;
    Ok(format!("{number}, by {who}: {}", said(done)?.1))
}

/// On its way, or even after it arrived.
async fn fails(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select id from sandbox.object where kind = 'payout' order by seq";
    let all: Vec<String> = sqlx::query_scalar(sql).fetch_all(&sim.world.owner).await?;
    let Some(place) = (!all.is_empty()).then(|| sim.dice.below(all.len())) else {
        return nothing();
    };
    let path = format!("payouts/{}", all[place]);
    let status = sim.try_control(&path, &json!({ "do": "fail" })).await?;
    Ok(format!("payout {place} of {}: {status}", all.len()))
}

async fn other_bank(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = sim.dice.below(sim.model.campaigns.len());
    let sql = "select account_ref from payout_account where project_id = $1";
    let account: Option<String> = sqlx::query_scalar(sql)
        .bind(sim.model.campaigns[campaign].project.as_uuid())
        .fetch_optional(&sim.world.owner)
        .await?
        .flatten();
    let Some(account) = account else { return nothing() };
    let banks = [bank::WORKS, bank::WORKS_TOO, bank::NO_ACCOUNT, bank::COMES_BACK];
    let number = *sim.dice.pick(&banks);
    let wish = json!({ "do": "bank", "bank": number });
    let status = sim.try_control(&format!("accounts/{account}"), &wish).await?;
    sim.rare.saw("a project's bank details changed");
    Ok(format!("campaign {campaign}, {number}: {status}"))
}
