//! People support a project again and again: they begin, change, pause and end it, give another card, and are charged
//! by themselves meanwhile.

use felag_domain::money::Money;
use felag_domain::pledge::smallest;
use felag_frontend::format::typed;
use futures::FutureExt;
use futures::future::join_all;

use super::hosted::{Mood, onward, pay};
use super::{Action, Phase, nothing};
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "support a project",
        weight: 4,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| begin(sim).boxed_local(),
    },
    Action {
        name: "a support is changed",
        weight: 4,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| change(sim).boxed_local(),
    },
    Action {
        name: "a supporter gives another card",
        weight: 3,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| another_card(sim).boxed_local(),
    },
];

/// Supporters' cards, and how often they have them.
const CARDS: &[(&str, u32)] = &[
    ("4242424242424242", 55),
    ("4000002500003155", 10),
    ("4000002760003184", 10),
    ("4000000000000341", 12),
    ("4000000000000077", 8),
    ("4000000000005126", 5),
];

async fn begin(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = sim.dice.below(sim.model.campaigns.len());
    let currency = sim.model.campaigns[campaign].currency;
    let step = smallest(currency).minor();
    let (minor, tip) = (
        step * sim.dice.between(1, 9),
        i64::from(sim.dice.percent(30)) * step,
    );
    let amount = typed(&Money::from_minor(minor, currency));
    let tip = typed(&Money::from_minor(tip, currency));
    let period = *sim.dice.weighted(&[("weekly", 8), ("monthly", 2), ("yearly", 1)]);
    let (key, backer) = (
        sim.dice.uuid().to_string(),
        sim.dice.below(sim.model.backers.len()),
    );
    let times = if sim.dice.percent(20) { 2 } else { 1 };
    let mood = Mood::draw(&mut sim.dice, CARDS);
    let leaves = sim.dice.percent(10);
    let who = &sim.model.backers[backer];
    let path = format!(
        "/projects/{}/supports",
        sim.model.campaigns[campaign].project_slug
    );
    let fields = [
        ("amount", amount.as_str()),
        ("period", period),
        ("email", &who.email),
        ("name", "Sue Porter"),
        ("visibility", "named"),
        ("tip", &tip),
        ("request_key", &key),
    ];
    let answers = join_all((0..times).map(|_| who.visitor.post(&path, &fields))).await;
    let said = format!("{amount} {period} by {backer}, {times} times");
    let Some(answer) = answers.into_iter().flatten().next() else {
        return Ok(format!("{said}: no answer"));
    };
    let page = who.visitor.onward(&answer);
    let came = match page.filter(|page| !who.visitor.is_ours(page)) {
        Some(_) if leaves => "leaves the page".into(),
        Some(page) => pay(&who.visitor, &page, &mood).await,
        None => String::new(),
    };
    if answer.status == 303 {
        sim.model.supports.push((key.parse()?, backer));
    }
    Ok(format!("{said}: {} {came}", answer.status))
}

/// A support somebody began, with its link.
async fn one(sim: &mut Sim) -> anyhow::Result<Option<(usize, String)>> {
    let Some((key, backer)) = sim.dice.maybe(&sim.model.supports).copied() else {
        return Ok(None);
    };
    let sql = "select token from support where request_key = $1";
    let token: Option<String> = sqlx::query_scalar(sql)
        .bind(key)
        .fetch_optional(&sim.world.owner)
        .await?;
    Ok(token.map(|token| (backer, token)))
}

async fn change(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((backer, token)) = one(sim).await? else {
        return nothing();
    };
    let what = *sim
        .dice
        .weighted(&[("pause", 3), ("resume", 4), ("end", 2), ("change", 4)]);
    let amount = sim.dice.between(5, 30).to_string();
    let visitor = &sim.model.backers[backer].visitor;
    let fields = [("amount", amount.as_str()), ("tip", ""), ("period", "weekly")];
    let answer = visitor.post(&format!("/supports/{token}/{what}"), &fields).await;
    Ok(format!("{what}: {}", answer.map_or(0, |reply| reply.status)))
}

async fn another_card(sim: &mut Sim) -> anyhow::Result<String> {
    let Some((backer, token)) = one(sim).await? else {
        return nothing();
    };
    let (mood, tries) = (Mood::draw(&mut sim.dice, CARDS), sim.dice.percent(40));
    let button = if tries { "try-again" } else { "card" };
    let visitor = &sim.model.backers[backer].visitor;
    let Some(reply) = visitor.post(&format!("/supports/{token}/{button}"), &[]).await else {
        return Ok(format!("{button}: no answer"));
    };
    let status = reply.status;
    let came = match visitor.onward(&reply) {
        Some(page) if !tries && !visitor.is_ours(&page) => pay(visitor, &page, &mood).await,
        Some(_) => onward(visitor, reply, &mood).await,
        None => String::new(),
    };
    Ok(format!("{button}: {status}, {came}"))
}
