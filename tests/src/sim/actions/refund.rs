//! Projects and stewards give money back, whole or in part, once or twice with one form; some of it does not arrive.

use felag::pledges::{self, Ask, Request};
use felag::refunds::NotAsked;
use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_domain::pledge::{PledgeState, smallest};
use felag_domain::refund::{RefundWhy, Wish};
use futures::FutureExt;
use serde_json::json;

use super::{Action, Phase, nothing};
use crate::sim::plan::Trouble;
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "money is given back",
        weight: 5,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| refund(sim).boxed_local(),
    },
    Action {
        name: "a refund does not arrive",
        weight: 2,
        phase: Phase::Collecting,
        always: false,
        trouble: Some(Trouble::Faults),
        run: |sim| fails(sim).boxed_local(),
    },
];

async fn refund(sim: &mut Sim) -> anyhow::Result<String> {
    let paid = sim.gifts_in(&[PledgeState::Paid]).await?;
    let Some(gift) = sim.dice.maybe(&paid).copied() else {
        return nothing();
    };
    let known = &sim.model.gifts[gift];
    let campaign = &sim.model.campaigns[known.campaign];
    let ctx = sim.processes[0].ctx.clone();
    let id = CampaignId::from_uuid(campaign.id);
    let ask = Ask::of(&ctx.db, id).await?;
    let Some(pledge) = pledges::store::by_request(&ctx.db, id, known.key).await? else {
        return nothing();
    };
    let step = smallest(campaign.currency).minor();
    let part = Money::from_minor(step * sim.dice.between(1, 20), campaign.currency);
    let by_steward = sim.dice.percent(30);
    let by = if by_steward {
        sim.model.steward
    } else {
        sim.model.owner
    };
    let Some(by) = by else { return nothing() };
    let request = Request {
        wish: if sim.dice.percent(50) {
            Wish::Whole
        } else {
            Wish::Part(part)
        },
        why: if by_steward {
            RefundWhy::Steward
        } else {
            RefundWhy::Project
        },
        by,
        words: "They asked for it.",
        key: sim.dice.uuid(),
    };
    let twice = sim.dice.percent(30);
    let once = || mortal(pledges::give_back(&ctx, &ask, &pledge, &request), None);
    let answers = if twice {
        let (one, other) = futures::join!(once(), once());
        vec![one, other]
    } else {
        vec![once().await]
    };
    let mut said = Vec::new();
    for answer in answers {
        said.push(match answer {
            None => "the process died".to_string(),
            Some(Ok(refund)) => format!("{} is {}", refund.total()?, refund.state),
            Some(Err(NotAsked::Refused(why))) => format!("refused: {why}"),
            Some(Err(NotAsked::OtherForm)) => "another form".to_string(),
            Some(Err(NotAsked::Failed(cause))) => return Err(cause),
        });
    }
    Ok(format!("{:?} of gift {gift}: {}", request.wish, said.join(", ")))
}

/// The backer's bank sends one back.
async fn fails(sim: &mut Sim) -> anyhow::Result<String> {
    let sql =
        "select id from sandbox.object where kind = 'refund' and data->>'status' = 'succeeded' order by seq";
    let refunds: Vec<String> = sqlx::query_scalar(sql).fetch_all(&sim.world.owner).await?;
    let Some(place) = (!refunds.is_empty()).then(|| sim.dice.below(refunds.len())) else {
        return nothing();
    };
    let status = sim
        .try_control(&format!("refunds/{}", refunds[place]), &json!({ "do": "fail" }))
        .await?;
    Ok(format!("refund {place} of {}: {status}", refunds.len()))
}
