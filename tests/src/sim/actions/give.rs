//! People give: once, twice with one form, all at once for a last reward, in time and too late.

use felag_domain::money::Money;
use felag_domain::pledge::smallest;
use futures::FutureExt;
use futures::future::join_all;

use super::{Action, Phase, nothing};
use crate::Reply;
use crate::sim::model::{Gift, Known};
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "give",
        weight: 26,
        phase: Phase::Open,
        always: true,
        trouble: None,
        run: |sim| give(sim).boxed_local(),
    },
    Action {
        name: "give twice with one form",
        weight: 4,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| give_twice(sim).boxed_local(),
    },
    Action {
        name: "all want the last reward",
        weight: 6,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| last_reward(sim).boxed_local(),
    },
    Action {
        name: "pay on a page that stood open",
        weight: 6,
        phase: Phase::Open,
        always: false,
        trouble: None,
        run: |sim| pay_later(sim).boxed_local(),
    },
];

/// Test cards of the sandbox and how often people have them.
const CARDS: &[(&str, u32)] = &[
    ("4242424242424242", 45),
    ("5555555555554444", 5),
    ("4000002500003155", 8),
    ("4000002760003184", 12),
    ("4000000000000341", 8),
    ("4000008260003178", 6),
    ("4000000000000077", 3),
    ("4000000000005126", 5),
    ("4000000000050015", 8),
    ("4000000000050023", 5),
];
/// Cards that cannot even be saved.
const BAD_CARDS: &[&str] = &[
    "4000000000000002",
    "4000000000009995",
    "4000000000009987",
    "4000000000009979",
    "4000000000000069",
    "4000000000000127",
    "4000000000000119",
];

async fn give(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = one_that_asks(sim);
    let reward = sim
        .dice
        .percent(50)
        .then(|| sim.dice.below(sim.model.campaigns[campaign].rewards.len()));
    let gift = asked(sim, campaign, reward);
    let answers = post(sim, &[gift], 1).await;
    let said = heard(sim, gift, &answers).await?;
    Ok(format!("{said}; {}", then_pay(sim, gift).await?))
}

async fn give_twice(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = one_that_asks(sim);
    let gift = asked(sim, campaign, None);
    let times = sim.dice.below(3) + 2;
    let answers = post(sim, &[gift], times).await;
    sim.rare.saw("the same form sent again at the same time");
    let said = heard(sim, gift, &answers).await?;
    Ok(format!("{times} times {said}; {}", then_pay(sim, gift).await?))
}

async fn last_reward(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = one_that_asks(sim);
    let limited: Vec<usize> = (0..sim.model.campaigns[campaign].rewards.len())
        .filter(|index| sim.model.campaigns[campaign].rewards[*index].limit.is_some())
        .collect();
    let Some(reward) = sim.dice.maybe(&limited).copied() else {
        return nothing();
    };
    let many = sim.dice.below(4) + 2;
    let gifts: Vec<usize> = (0..many).map(|_| asked(sim, campaign, Some(reward))).collect();
    let answers = post(sim, &gifts, 1).await;
    let mut said = Vec::new();
    for (gift, answer) in gifts.iter().zip(&answers) {
        said.push(heard(sim, *gift, std::slice::from_ref(answer)).await?);
    }
    let made = gifts
        .iter()
        .filter(|gift| sim.model.gifts[**gift].made == Known::Yes)
        .count();
    if made > 0 && made < many {
        sim.rare.saw("a race for the last reward, won by some");
    }
    for gift in gifts {
        said.push(then_pay(sim, gift).await?);
    }
    Ok(said.join("; "))
}

async fn pay_later(sim: &mut Sim) -> anyhow::Result<String> {
    let open: Vec<usize> = (0..sim.model.gifts.len())
        .filter(|gift| sim.model.gifts[*gift].pay_page.is_some())
        .collect();
    match sim.dice.maybe(&open).copied() {
        Some(gift) => {
            let said = pay(sim, gift).await?;
            Ok(format!("gift {gift} {said}"))
        }
        None => nothing(),
    }
}

/// A campaign that takes gifts, if there is one; sometimes one whose deadline is over, which must refuse.
fn one_that_asks(sim: &mut Sim) -> usize {
    let now = sim.now();
    let open: Vec<usize> = (0..sim.model.campaigns.len())
        .filter(|campaign| now < sim.model.campaigns[*campaign].deadline)
        .collect();
    match sim
        .dice
        .percent(92)
        .then_some(open)
        .filter(|open| !open.is_empty())
    {
        Some(open) => *sim.dice.pick(&open),
        None => sim.dice.below(sim.model.campaigns.len()),
    }
}

/// A gift somebody has typed and not sent yet.
fn asked(sim: &mut Sim, campaign: usize, reward: Option<usize>) -> usize {
    let of = &sim.model.campaigns[campaign];
    let step = smallest(of.currency).minor();
    let price = reward.map_or(step, |reward| of.rewards[reward].price_minor);
    // Now and then a cent more, where a cent can be charged at all.
    let odd = i64::from(of.currency.exponent() == 2 && sim.dice.percent(30));
    let amount = price.max(step * sim.dice.between(1, 60)) + odd;
    let tip = if sim.dice.percent(30) {
        step * (amount / step / 5)
    } else {
        0
    };
    let backer = sim.dice.below(sim.model.backers.len());
    let key = sim.dice.uuid();
    sim.model
        .gifts
        .push(Gift::new(campaign, backer, key, reward, (amount, tip)));
    sim.model.gifts.len() - 1
}

/// Sends each of the forms so many times, all at once.
async fn post(sim: &Sim, gifts: &[usize], times: usize) -> Vec<Option<Reply>> {
    let forms = gifts
        .iter()
        .flat_map(|gift| std::iter::repeat_n(*gift, times))
        .map(|gift| async move {
            let gift = &sim.model.gifts[gift];
            let campaign = &sim.model.campaigns[gift.campaign];
            let backer = &sim.model.backers[gift.backer];
            let typed = |minor| felag_frontend::format::typed(&Money::from_minor(minor, campaign.currency));
            let (amount, tip) = gift.may_be[0];
            let (own, tip, key) = (typed(amount), typed(tip), gift.key.to_string());
            let reward = gift
                .reward
                .map_or(String::new(), |reward| campaign.rewards[reward].id.clone());
            let fields = [
                ("own", own.as_str()),
                ("reward", &reward),
                ("request_key", &key),
                ("email", &backer.email),
                ("name", "Gus Guest"),
                ("visibility", "named"),
                ("tip", &tip),
            ];
            let path = format!("/campaigns/{}/pledges", campaign.slug);
            backer.visitor.post(&path, &fields).await
        });
    join_all(forms).await
}

/// What the answers to one form tell its sender.
async fn heard(sim: &mut Sim, gift: usize, answers: &[Option<Reply>]) -> anyhow::Result<String> {
    let backer = &sim.model.backers[sim.model.gifts[gift].backer];
    let mut said = Vec::new();
    let (mut made, mut page) = (Known::No, None);
    for answer in answers {
        let Some(reply) = answer else {
            made = made.max(Known::Maybe);
            said.push("no answer".to_string());
            continue;
        };
        said.push(reply.status.to_string());
        match reply.status {
            303 => {
                made = Known::Yes;
                let onward = backer.visitor.onward(reply);
                page = page.or(onward.filter(|url| !backer.visitor.is_ours(url)));
            }
            400..500 => {}
            _ => made = made.max(Known::Maybe),
        }
    }
    let known = &mut sim.model.gifts[gift];
    (known.made, known.pay_page) = (made, page);
    let (amount, tip) = known.may_be[0];
    let place = format!(
        "gift {gift} of {amount}+{tip} by {} to campaign {}",
        known.backer, known.campaign
    );
    let key = known.key;
    sim.model.gifts[gift].token = sim.token_of(key).await?;
    Ok(format!("{place}: {}", said.join(" ")))
}

/// Most people go on to pay; some leave the page open.
async fn then_pay(sim: &mut Sim, gift: usize) -> anyhow::Result<String> {
    if sim.model.gifts[gift].pay_page.is_none() {
        return Ok("no page to pay on".into());
    }
    if sim.dice.percent(15) {
        return Ok("leaves the page open".into());
    }
    pay(sim, gift).await
}

/// Types a card on the provider's page, after a bad one now and then.
pub async fn pay(sim: &mut Sim, gift: usize) -> anyhow::Result<String> {
    if sim.dice.percent(10) {
        let bad = *sim.dice.pick(BAD_CARDS);
        type_card(sim, gift, bad).await;
    }
    let card = *sim.dice.weighted(CARDS);
    let Some(reply) = type_card(sim, gift, card).await else {
        return Ok(format!("cannot pay with {card}"));
    };
    Ok(format!("pays with {card}: {}", onward(sim, gift, reply).await))
}

async fn type_card(sim: &Sim, gift: usize, card: &str) -> Option<Reply> {
    let gift = &sim.model.gifts[gift];
    let visitor = &sim.model.backers[gift.backer].visitor;
    let page = visitor.get(gift.pay_page.as_deref()?).await?;
    let typed = [
        ("number", card),
        ("expiry", "12 / 34"),
        ("cvc", "123"),
        ("name", "Gus Guest"),
    ];
    visitor.submit(&page, "/pay/", &typed).await
}

/// Goes where an answer leads: to the bank, which some leave or refuse, and back to us, which some do not wait for.
pub async fn onward(sim: &mut Sim, gift: usize, reply: Reply) -> String {
    let (stays, approves, comes_back) = (sim.dice.percent(85), sim.dice.percent(80), sim.dice.percent(60));
    let known = &mut sim.model.gifts[gift];
    let visitor = &sim.model.backers[known.backer].visitor;
    let Some(mut next) = visitor.onward(&reply) else {
        return format!("the page says {}", reply.status);
    };
    if !visitor.is_ours(&next) {
        known.bank_page = Some(next.clone());
        if !stays {
            return "leaves the bank's page".into();
        }
        let answer = if approves { "approve" } else { "refuse" };
        let Some(page) = visitor.get(&next).await else {
            return "the bank does not answer".into();
        };
        let Some(reply) = visitor.submit(&page, "/bank/", &[("answer", answer)]).await else {
            return "the bank does not answer".into();
        };
        known.bank_page = None;
        match visitor.onward(&reply) {
            Some(back) => next = back,
            None => return format!("the bank's page says {}", reply.status),
        }
    }
    if !comes_back || !visitor.is_ours(&next) {
        return "does not come back".into();
    }
    match visitor.get(&next).await {
        Some(reply) => format!("comes back: {}", reply.status),
        None => "comes back and hears nothing".into(),
    }
}
