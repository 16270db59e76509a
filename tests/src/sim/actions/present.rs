//! The person is there: looks at their gift, tries again with the bank, gives another card, answers the bank late.

use felag_domain::pledge::PledgeState::{self, NeedsYou, RetryLater};
use futures::FutureExt;

use super::give::{onward, pay};
use super::{Action, Phase, nothing};
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "look at a gift",
        weight: 4,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| look(sim).boxed_local(),
    },
    Action {
        name: "try again",
        weight: 8,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| try_again(sim).boxed_local(),
    },
    Action {
        name: "give another card",
        weight: 8,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| another_card(sim).boxed_local(),
    },
    Action {
        name: "answer the bank late",
        weight: 3,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| answer_bank(sim).boxed_local(),
    },
];

const WAITING: &[PledgeState] = &[NeedsYou, RetryLater];

async fn look(sim: &mut Sim) -> anyhow::Result<String> {
    let with_page: Vec<usize> = (0..sim.model.gifts.len())
        .filter(|gift| sim.model.gifts[*gift].token.is_some())
        .collect();
    let Some(gift) = sim.dice.maybe(&with_page).copied() else {
        return nothing();
    };
    let known = &sim.model.gifts[gift];
    let token = known.token.clone().unwrap_or_default();
    let visitor = &sim.model.backers[known.backer].visitor;
    let returned = visitor.get(&format!("/pledges/{token}/return")).await;
    let page = visitor.get(&format!("/pledges/{token}")).await;
    let status = |reply: Option<crate::Reply>| reply.map_or(0, |reply| reply.status);
    Ok(format!("gift {gift}: {} {}", status(returned), status(page)))
}

/// One whose card waits for its holder; sometimes one that does not, which must be refused.
async fn one_that_waits(sim: &mut Sim) -> anyhow::Result<Option<(usize, String)>> {
    let among = if sim.dice.percent(90) {
        sim.gifts_in(WAITING).await?
    } else {
        (0..sim.model.gifts.len()).collect()
    };
    let gift = sim.dice.maybe(&among).copied();
    Ok(gift.and_then(|gift| Some((gift, sim.model.gifts[gift].token.clone()?))))
}

async fn try_again(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((gift, token)) = one_that_waits(sim).await? else {
        return nothing();
    };
    let visitor = &sim.model.backers[sim.model.gifts[gift].backer].visitor;
    let Some(reply) = visitor.post(&format!("/pledges/{token}/try-again"), &[]).await else {
        return Ok(format!("gift {gift}: no answer"));
    };
    let status = reply.status;
    Ok(format!(
        "gift {gift}: {status}, {}",
        onward(sim, gift, reply).await
    ))
}

async fn another_card(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((gift, token)) = one_that_waits(sim).await? else {
        return nothing();
    };
    let visitor = &sim.model.backers[sim.model.gifts[gift].backer].visitor;
    let Some(reply) = visitor.post(&format!("/pledges/{token}/card"), &[]).await else {
        return Ok(format!("gift {gift}: no answer"));
    };
    let status = reply.status;
    let page = visitor.onward(&reply).filter(|url| !visitor.is_ours(url));
    let Some(page) = page else {
        return Ok(format!("gift {gift}: {status}"));
    };
    sim.model.gifts[gift].pay_page = Some(page);
    sim.rare.saw("another card for a pledge that was declined");
    Ok(format!("gift {gift}: {status}, {}", pay(sim, gift).await?))
}

async fn answer_bank(sim: &mut Sim) -> anyhow::Result<String> {
    let open: Vec<usize> = (0..sim.model.gifts.len())
        .filter(|gift| sim.model.gifts[*gift].bank_page.is_some())
        .collect();
    let Some(gift) = sim.dice.maybe(&open).copied() else {
        return nothing();
    };
    let answer = if sim.dice.percent(80) { "approve" } else { "refuse" };
    let known = &mut sim.model.gifts[gift];
    let url = known.bank_page.take().unwrap_or_default();
    let visitor = &sim.model.backers[known.backer].visitor;
    let Some(page) = visitor.get(&url).await else {
        return Ok(format!("gift {gift}: no answer"));
    };
    if page.status != 200 {
        return Ok(format!("gift {gift}: the bank's page says {}", page.status));
    }
    sim.rare.saw("the bank was answered late");
    let reply = visitor.submit(&page, "/bank/", &[("answer", answer)]).await;
    Ok(format!(
        "gift {gift}: {answer}, {}",
        reply.map_or(0, |reply| reply.status)
    ))
}
