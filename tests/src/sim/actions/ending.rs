//! Stewards and owners decide: a campaign is suspended, goes on, is cancelled or unwound, at any moment, also at a bad
//! one.

use felag::pledges;
use felag::pledges::endings::{Decided, NotDecided, What, decide};
use felag_domain::ids::CampaignId;
use futures::FutureExt;

use super::{Action, Phase, nothing};
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "a steward decides",
        weight: 3,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| steward(sim).boxed_local(),
    },
    Action {
        name: "an owner cancels",
        weight: 1,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| owner(sim).boxed_local(),
    },
    Action {
        name: "a backer takes the money back",
        weight: 3,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| take_back(sim).boxed_local(),
    },
];

/// What stewards decide, and how often.
const WHAT: &[(What, u32)] = &[
    (What::Suspend, 10),
    (What::Resume, 14),
    (What::Cancel, 1),
    (What::Unwind, 2),
    (What::GoOn, 10),
];

async fn steward(sim: &mut Sim) -> anyhow::Result<String> {
    let (what, campaign) = (
        *sim.dice.weighted(WHAT),
        sim.dice.below(sim.model.campaigns.len()),
    );
    let Some(person) = sim.model.steward else {
        return nothing();
    };
    let id = CampaignId::from_uuid(sim.model.campaigns[campaign].id);
    let (ctx, words) = (sim.processes[0].ctx.clone(), "The project asked for it.");
    let decided = mortal(decide(&ctx, id, what, Decided::Steward, person, words), None).await;
    let said = match decided {
        None => "the process died",
        Some(Ok(())) => {
            sim.rare.saw(match what {
                What::Suspend => "a campaign suspended",
                What::Resume => "a suspended campaign that goes on",
                What::Cancel => "a steward cancelled a campaign",
                What::Unwind => "a steward unwound a campaign",
                What::GoOn => "a steward let a short campaign go on",
            });
            "done"
        }
        Some(Err(NotDecided::NotNow)) => "not now",
        Some(Err(NotDecided::Failed(cause))) => return Err(cause),
    };
    Ok(format!("{what:?} campaign {campaign}: {said}"))
}

async fn owner(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = sim.dice.below(sim.model.campaigns.len());
    let Some(person) = sim.model.owner.filter(|_| sim.dice.percent(12)) else {
        return nothing();
    };
    let id = CampaignId::from_uuid(sim.model.campaigns[campaign].id);
    let ctx = sim.processes[0].ctx.clone();
    let done = mortal(pledges::cancel_campaign(&ctx, id, person), None).await;
    let said = match done {
        None => "the process died",
        Some(Ok(())) => "done",
        Some(Err(_)) => "refused",
    };
    Ok(format!("campaign {campaign}: {said}"))
}

async fn take_back(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select request_key from pledge join campaign using (campaign_id)
               where pledge.state = 'paid' and go_on_until is not null";
    let among = sim.gifts_of(sql).await?;
    let Some(gift) = sim.dice.maybe(&among).copied() else {
        return nothing();
    };
    let known = &sim.model.gifts[gift];
    let token = known.token.clone().unwrap_or_default();
    let key = sim.dice.uuid().to_string();
    let visitor = &sim.model.backers[known.backer].visitor;
    let answer = visitor
        .post(&format!("/pledges/{token}/take-back"), &[("key", &key)])
        .await;
    Ok(format!("gift {gift}: {}", answer.map_or(0, |reply| reply.status)))
}
