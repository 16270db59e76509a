//! People lend: they read, type an amount, sign with a password and save a card; they take it back within their days;
//! lending closes, and the project signs.

use felag::people::Person;
use felag::projects::NotSaved;
use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_frontend::format::typed;
use futures::FutureExt;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::clock::play_to;
use super::hosted::{Mood, onward, pay};
use super::{Action, Phase, nothing};
use crate::people::PASSWORD;
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "lend",
        weight: 14,
        phase: Phase::Lending,
        always: true,
        trouble: None,
        run: |sim| lend(sim).boxed_local(),
    },
    Action {
        name: "a lender takes it back",
        weight: 4,
        phase: Phase::Lending,
        always: false,
        trouble: None,
        run: |sim| revoke(sim).boxed_local(),
    },
    Action {
        name: "lending closes",
        weight: 6,
        phase: Phase::Lending,
        always: true,
        trouble: None,
        run: |sim| close(sim).boxed_local(),
    },
    Action {
        name: "a project signs its loan",
        weight: 40,
        phase: Phase::Signing,
        always: true,
        trouble: None,
        run: |sim| sign(sim).boxed_local(),
    },
    Action {
        name: "a lender gives another card",
        weight: 4,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| another_card(sim).boxed_local(),
    },
];

/// Test cards of lenders, and how often they have them.
const CARDS: &[(&str, u32)] = &[
    ("4242424242424242", 60),
    ("4000002500003155", 8),
    ("4000002760003184", 10),
    ("4000000000000341", 8),
    ("4000000000000077", 10),
    ("4000000000005126", 4),
];

/// The campaign that borrows, if there is one.
fn borrows(sim: &Sim) -> Option<usize> {
    sim.model.campaigns.iter().position(|campaign| campaign.has_loan)
}

async fn lend(sim: &mut Sim) -> anyhow::Result<String> {
    let Some(campaign) = borrows(sim) else {
        return nothing();
    };
    let lender = sim.dice.below(sim.model.lenders.len());
    let of = &sim.model.campaigns[campaign];
    let tenth = of.lends_minor / 10;
    let parts = [tenth, tenth * 2, tenth * 3, tenth * 4, tenth * 7, of.lends_minor];
    let weights: Vec<(i64, u32)> = parts.into_iter().zip([1, 1, 4, 6, 6, 2]).collect();
    let minor = *sim.dice.weighted(&weights) - i64::from(sim.dice.percent(20)) * tenth / 7;
    let twice = sim.dice.percent(15);
    let (mood, leaves) = (Mood::draw(&mut sim.dice, CARDS), sim.dice.percent(8));
    let of = &sim.model.campaigns[campaign];
    let amount = typed(&Money::from_minor(minor, of.currency));
    let who = &sim.model.lenders[lender];
    let lend = format!("/campaigns/{}/loan/lend", of.slug);
    let said = |what: &str| Ok(format!("lender {lender}, {amount}: {what}"));
    let mut page = who.visitor.get(&lend).await;
    if page.as_ref().is_some_and(|page| page.status != 200) {
        who.visitor.sign_in(&who.email, PASSWORD).await?;
        page = who.visitor.get(&lend).await;
    }
    let Some(page) = page else { return said("no page") };
    let review = who
        .visitor
        .submit(&page, &format!("{lend}/review"), &[("amount", &amount)])
        .await;
    let Some(review) = review else {
        return said("no form");
    };
    let action = format!("/campaigns/{}/loan/commitments", of.slug);
    let fields = [
        ("signed_name", who.name.as_str()),
        ("password", PASSWORD),
        ("understood", "yes"),
    ];
    let once = || who.visitor.submit(&review, &action, &fields);
    let answer = if twice {
        let (one, other) = futures::join!(once(), once());
        one.or(other)
    } else {
        once().await
    };
    let Some(answer) = answer else {
        return said("nothing to sign");
    };
    let (status, next) = (answer.status, who.visitor.onward(&answer));
    let (person, id) = (who.person, of.id);
    let paid = match next.filter(|next| !who.visitor.is_ours(next)) {
        Some(_) if leaves => "leaves the page".into(),
        Some(page) => pay(&who.visitor, &page, &mood).await,
        None => String::new(),
    };
    if status == 303 {
        sim.model.signed.push((id, person.as_uuid()));
    }
    said(&format!("{status} {paid}"))
}

/// Links and lenders of commitments in some of the states.
async fn commitments(sim: &Sim, states: &[&str]) -> anyhow::Result<Vec<(String, Uuid)>> {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let sql = "select token, person_id from commitment where state = any($1) order by commitment_id";
    Ok(sqlx::query_as(sql)
        .bind(states)
        .fetch_all(&sim.world.owner)
        .await?)
}

async fn revoke(sim: &mut Sim) -> anyhow::Result<String> {
    // Now and then too late, which must be refused.
    let states: &[&str] = if sim.dice.percent(85) {
        &["waiting", "made", "reopened"]
    } else {
        &["firm", "active", "released"]
    };
    let among = commitments(sim, states).await?;
    let Some((token, person)) = sim.dice.maybe(&among).cloned() else {
        return nothing();
    };
    let Some(who) = sim
        .model
        .lenders
        .iter()
        .find(|one| one.person.as_uuid() == person)
    else {
        return nothing();
    };
    who.visitor.get("/my/commitments").await;
    let path = format!("/my/commitments/{token}/revocation");
    let answer = who.visitor.post(&path, &[]).await;
    let status = answer.as_ref().map_or(0, |reply| reply.status);
    let back = format!("/my/commitments/{token}");
    let is_done = answer
        .and_then(|reply| who.visitor.onward(&reply))
        .is_some_and(|to| to.ends_with(&back));
    if status == 303 && is_done {
        sim.model.revoked.push(token);
    }
    Ok(format!("{}: {status}", who.name))
}

/// Whether lending has not closed yet and does so before `deadline`; now and then nobody minds.
pub async fn closes_before(sim: &mut Sim, deadline: OffsetDateTime) -> anyhow::Result<bool> {
    let sql = "select exists (select from loan
                              where state in ('network_first', 'open') and lending_ends_at between $1 and $2)";
    let is_open: bool = sqlx::query_scalar(sql)
        .bind(sim.now())
        .bind(deadline)
        .fetch_one(&sim.world.owner)
        .await?;
    Ok(is_open && sim.dice.percent(90))
}

/// Lending closes.
///
/// # Errors
/// When work does not end, or a rule is broken.
pub async fn close(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select lending_ends_at from loan where state in ('network_first', 'open')";
    let at: Option<OffsetDateTime> = sqlx::query_scalar(sql)
        .fetch_optional(&sim.world.owner)
        .await?
        .flatten();
    let Some(at) = at.filter(|at| *at > sim.now()) else {
        return nothing();
    };
    play_to(sim, at - Duration::SECOND).await?;
    sim.look("just before lending closes").await?;
    let after = [0, 1, 60][sim.dice.below(3)];
    sim.show(at + Duration::seconds(after));
    Ok(at.to_string())
}

async fn sign(sim: &mut Sim) -> anyhow::Result<String> {
    let (Some(campaign), Some(owner)) = (borrows(sim), sim.model.owner) else {
        return nothing();
    };
    let person = Person {
        id: owner,
        email: "owner@felag.example".into(),
        name: "Owner".into(),
        email_is_confirmed: true,
        is_steward: false,
        has_projects: true,
    };
    let id = CampaignId::from_uuid(sim.model.campaigns[campaign].id);
    let ctx = sim.processes[0].ctx.clone();
    let once = || mortal(felag::loans::sign(&ctx, id, &person, "Ada Baker"), None);
    // Two tabs at once.
    let answers = if sim.dice.percent(30) {
        let (one, other) = futures::join!(once(), once());
        vec![one, other]
    } else {
        vec![once().await]
    };
    let mut said = Vec::new();
    for answer in answers {
        said.push(match answer {
            None => "the process died",
            Some(Ok(())) => "signed",
            Some(Err(NotSaved::Refused(_))) => "refused",
            Some(Err(NotSaved::Failed(cause))) => anyhow::bail!("{cause:?}"),
        });
    }
    Ok(said.join(", "))
}

async fn another_card(sim: &mut Sim) -> anyhow::Result<String> {
    let waiting = commitments(sim, &["needs_you", "retry_later"]).await?;
    let Some((token, person)) = sim.dice.maybe(&waiting).cloned() else {
        return nothing();
    };
    let (mood, tries) = (Mood::draw(&mut sim.dice, CARDS), sim.dice.percent(40));
    let Some(who) = sim
        .model
        .lenders
        .iter()
        .find(|one| one.person.as_uuid() == person)
    else {
        return nothing();
    };
    let path = format!("/my/commitments/{token}");
    if who.visitor.get(&path).await.is_none_or(|page| page.status != 200) {
        who.visitor.sign_in(&who.email, PASSWORD).await?;
    }
    let button = if tries { "try" } else { "card" };
    let Some(reply) = who.visitor.post(&format!("{path}/{button}"), &[]).await else {
        return Ok("no answer".into());
    };
    let status = reply.status;
    let came = match who.visitor.onward(&reply) {
        Some(page) if !tries && !who.visitor.is_ours(&page) => pay(&who.visitor, &page, &mood).await,
        Some(_) => onward(&who.visitor, reply, &mood).await,
        None => String::new(),
    };
    Ok(format!("{} {button}: {status}, {came}", who.name))
}
