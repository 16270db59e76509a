//! Backers change their minds before the deadline: another amount, or nothing after all, sometimes both at once.

use felag_domain::money::Money;
use felag_domain::pledge::smallest;
use futures::FutureExt;

use super::{Action, Phase, nothing};
use crate::Reply;
use crate::sim::model::Known;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "change",
        weight: 6,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| change(sim).boxed_local(),
    },
    Action {
        name: "cancel",
        weight: 5,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| cancel(sim).boxed_local(),
    },
    Action {
        name: "change and cancel at once",
        weight: 2,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| change_and_cancel(sim).boxed_local(),
    },
];

/// A gift with a page of its own, and its link.
fn one_with_a_page(sim: &mut Sim) -> Option<(usize, String)> {
    let known: Vec<(usize, String)> = sim
        .model
        .gifts
        .iter()
        .enumerate()
        .filter_map(|(index, gift)| Some((index, gift.token.clone()?)))
        .collect();
    sim.dice.maybe(&known).cloned()
}

/// Another amount for a gift, in minor units, with its tip.
fn wish(sim: &mut Sim, gift: usize) -> (i64, i64) {
    let gift = &sim.model.gifts[gift];
    let campaign = &sim.model.campaigns[gift.campaign];
    let step = smallest(campaign.currency).minor();
    let price = gift
        .reward
        .map_or(step, |reward| campaign.rewards[reward].price_minor);
    let amount = price.max(step * sim.dice.between(1, 60));
    (
        amount,
        if sim.dice.percent(30) {
            step * (amount / step / 5)
        } else {
            0
        },
    )
}

async fn send_change(sim: &Sim, gift: usize, token: &str, (amount, tip): (i64, i64)) -> Option<Reply> {
    let gift = &sim.model.gifts[gift];
    let currency = sim.model.campaigns[gift.campaign].currency;
    let typed = |minor| felag_frontend::format::typed(&Money::from_minor(minor, currency));
    let (own, tip) = (typed(amount), typed(tip));
    let fields = [
        ("own", own.as_str()),
        ("tip", &tip),
        ("name", "Gus"),
        ("visibility", "anonymous"),
    ];
    let visitor = &sim.model.backers[gift.backer].visitor;
    visitor.post(&format!("/pledges/{token}/change"), &fields).await
}

async fn send_cancel(sim: &Sim, gift: usize, token: &str) -> Option<Reply> {
    let visitor = &sim.model.backers[sim.model.gifts[gift].backer].visitor;
    visitor.post(&format!("/pledges/{token}/cancel"), &[]).await
}

fn heard_of_change(sim: &mut Sim, gift: usize, asked: (i64, i64), answer: Option<&Reply>) -> String {
    let may_be = &mut sim.model.gifts[gift].may_be;
    match answer.map(|reply| reply.status) {
        Some(303) => *may_be = vec![asked],
        Some(400..500) => {}
        _ => may_be.push(asked),
    }
    status(answer)
}

fn heard_of_cancel(sim: &mut Sim, gift: usize, answer: Option<&Reply>) -> String {
    let cancelled = &mut sim.model.gifts[gift].cancelled;
    match answer.map(|reply| reply.status) {
        Some(303) => *cancelled = Known::Yes,
        Some(400..500) => {}
        _ => *cancelled = (*cancelled).max(Known::Maybe),
    }
    status(answer)
}

fn status(answer: Option<&Reply>) -> String {
    answer.map_or("no answer".into(), |reply| reply.status.to_string())
}

async fn change(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((gift, token)) = one_with_a_page(sim) else {
        return nothing();
    };
    let asked = wish(sim, gift);
    let answer = send_change(sim, gift, &token, asked).await;
    let said = heard_of_change(sim, gift, asked, answer.as_ref());
    Ok(format!("gift {gift} to {}+{}: {said}", asked.0, asked.1))
}

async fn cancel(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((gift, token)) = one_with_a_page(sim) else {
        return nothing();
    };
    let answer = send_cancel(sim, gift, &token).await;
    Ok(format!(
        "gift {gift}: {}",
        heard_of_cancel(sim, gift, answer.as_ref())
    ))
}

async fn change_and_cancel(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((gift, token)) = one_with_a_page(sim) else {
        return nothing();
    };
    let asked = wish(sim, gift);
    let (changed, cancelled) = futures::join!(
        send_change(sim, gift, &token, asked),
        send_cancel(sim, gift, &token)
    );
    let was = sim.model.gifts[gift].may_be.clone();
    let changed = heard_of_change(sim, gift, asked, changed.as_ref());
    if sim.model.gifts[gift].may_be.len() == 1 {
        // Which came first is not known.
        sim.model.gifts[gift].may_be.extend(was);
    }
    let cancelled = heard_of_cancel(sim, gift, cancelled.as_ref());
    Ok(format!(
        "gift {gift} to {}+{}: {changed}, {cancelled}",
        asked.0, asked.1
    ))
}
