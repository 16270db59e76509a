//! What a seed begins with: the campaigns, one of which may ask for a loan, the people who give, and those who lend.

#![expect(
    clippy::explicit_auto_deref,
    reason = "what is drawn is a reference to a reference, and only copying it says which type is meant"
)]

use felag::repayments;
use felag_domain::money::Currency;
use felag_domain::person::Role;
use felag_domain::pledge::smallest;

use super::model::{Backer, Campaign, Lender, Reward};
use super::run::Sim;
use super::visitor::Visitor;
use crate::asking::{Ask, Opened};
use crate::giving::card;
use crate::lending::Loan;
use crate::paying_out::{bank, check};
use crate::people::{PASSWORD, Person};

/// Makes all of it, while nothing goes wrong yet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lay(sim: &mut Sim) -> anyhow::Result<()> {
    let owner = sim.world.person("owner").await;
    let treasurer = sim.world.person("treasurer").await;
    for number in 0..sim.knobs.campaigns {
        let campaign = if number == 0 && sim.knobs.lends {
            borrows(sim, &owner).await?
        } else {
            asks(sim, &owner, number).await?
        };
        sim.world
            .join(campaign.project, &treasurer, Role::Treasurer)
            .await;
        sim.model.campaigns.push(campaign);
    }
    sim.model.treasurer = Some(treasurer.id);
    sim.model.owner = Some(owner.id);
    sim.model.steward = sim.world.reviewer.get().copied();
    backers(sim).await?;
    if sim.knobs.lends {
        lenders(sim).await?;
    }
    Ok(())
}

/// A campaign for gifts alone: all or nothing, going on below its minimum, or keeping what comes.
async fn asks(sim: &mut Sim, owner: &Person, number: usize) -> anyhow::Result<Campaign> {
    let currencies = [("EUR", 5), ("USD", 1), ("JPY", 2), ("ISK", 1), ("KWD", 1)];
    let code = *sim.dice.weighted(&currencies);
    let step = smallest(code.parse().unwrap_or(Currency::EUR)).minor();
    let minimum_minor = step * sim.dice.between(5, 120);
    let limit = i32::try_from(sim.dice.between(1, 4)).unwrap_or(1);
    let prices = [step * 5, step * sim.dice.between(2, 30)];
    let ask = Ask {
        title: format!("Microscope {number}"),
        currency: code,
        minimum_minor,
        full_plan_minor: minimum_minor * 2,
        days: i32::try_from(sim.dice.between(1, 4)).unwrap_or(1),
        rewards: vec![("A manual", prices[0], None), ("A kit", prices[1], Some(limit))],
        if_short: *sim.dice.weighted(&[("unwind", 5), ("50", 2), ("80", 1)]),
        way: *sim
            .dice
            .weighted(&[("all_or_nothing", 4), ("keep_what_comes", 1)]),
    };
    let opened = sim.world.open_campaign(owner, &ask).await;
    known(sim, &ask, opened, None).await
}

/// A campaign that asks for gifts and for a loan of a thousand, to be repaid in weeks.
async fn borrows(sim: &mut Sim, owner: &Person) -> anyhow::Result<Campaign> {
    let code = *sim.dice.weighted(&[("EUR", 5), ("USD", 1), ("JPY", 2)]);
    let currency: Currency = code.parse().unwrap_or(Currency::EUR);
    // A thousand yen as well: there interest is less than there are lenders.
    let (amount, leasts) = ("1000", ["1000", "400", "100"]);
    let lends_minor = if code == "JPY" { 1_000 } else { 100_000 };
    let counts = sim.dice.percent(60);
    let step = smallest(currency).minor();
    let minimum_minor = if counts {
        lends_minor / sim.dice.between(3, 8)
    } else {
        step * sim.dice.between(2, 20)
    };
    let ask = Ask {
        title: "Lathe".into(),
        currency: code,
        minimum_minor,
        full_plan_minor: minimum_minor + lends_minor * 2,
        days: i32::try_from(sim.dice.between(6, 8)).unwrap_or(6),
        rewards: vec![("A manual", step * 5, None), ("A kit", step * 9, Some(2))],
        ..Ask::default()
    };
    let loan = Loan {
        amount,
        least: *sim
            .dice
            .weighted(&[(leasts[0], 1), (leasts[1], 3), (leasts[2], 3)]),
        rate: *sim.dice.weighted(&[("5", 3), ("12.5", 2), ("0", 1)]),
        instalments: *sim.dice.pick(&["1", "2", "3", "4"]),
        period: *sim.dice.weighted(&[("weekly", 5), ("two_weekly", 1)]),
        network_first: "0",
        counts,
    };
    let opened = sim.world.open_loan(owner, &ask, &loan).await;
    known(sim, &ask, opened, Some(lends_minor)).await
}

async fn known(sim: &Sim, ask: &Ask, opened: Opened, lends: Option<i64>) -> anyhow::Result<Campaign> {
    let project_slug = sqlx::query_scalar("select slug from project where project_id = $1")
        .bind(opened.project.as_uuid())
        .fetch_one(&sim.world.owner)
        .await?;
    let rewards = opened.rewards.into_iter().zip(&ask.rewards);
    Ok(Campaign {
        id: opened.id.as_uuid(),
        project: opened.project,
        project_slug,
        slug: opened.slug,
        currency: ask.currency.parse().unwrap_or(Currency::EUR),
        minimum_minor: ask.minimum_minor,
        deadline: opened.deadline,
        rewards: rewards
            .map(|(id, (_, price_minor, limit))| Reward {
                id,
                price_minor: *price_minor,
                limit: *limit,
            })
            .collect(),
        lends_minor: lends.unwrap_or(0),
        has_loan: lends.is_some(),
    })
}

/// The owner gives as well, then some people with accounts, then guests.
async fn backers(sim: &mut Sim) -> anyhow::Result<()> {
    let many = sim.dice.below(6) + 5;
    for number in 0..many {
        let has_account = number < 3;
        let email = match number {
            0 => "owner@felag.example".to_string(),
            number => format!("backer{number}@felag.example"),
        };
        if has_account && number > 0 {
            sim.world.account(&email, &format!("Backer {number}")).await;
        }
        let visitor = Visitor::new(&sim.world.base, format!("10.1.0.{number}"))?;
        if has_account {
            visitor.sign_in(&email, PASSWORD).await?;
        }
        sim.model.backers.push(Backer {
            email,
            visitor,
            has_account,
        });
    }
    Ok(())
}

/// People who know what lending means. Some have an account at the provider, with good banks and bad ones.
async fn lenders(sim: &mut Sim) -> anyhow::Result<()> {
    let currency = sim.model.campaigns[0].currency;
    for number in 0..4 {
        let person = sim.world.person(&format!("lender{number}")).await;
        sim.world.answer_test(&person).await;
        if number < 2 {
            let bank = *sim
                .dice
                .pick(&[bank::WORKS, bank::WORKS, bank::COMES_BACK, bank::NO_ACCOUNT]);
            can_be_paid(sim, &person, bank, currency.code()).await?;
        }
        // Most lend at once, before anything goes wrong: a loan that nobody lends to shows nothing.
        if sim.dice.percent(70) {
            lends(sim, &person).await;
        }
        let visitor = Visitor::new(&sim.world.base, format!("10.4.0.{number}"))?;
        visitor.sign_in(&person.email, PASSWORD).await?;
        sim.model.lenders.push(Lender {
            person: person.id,
            email: person.email,
            name: person.name,
            visitor,
        });
    }
    Ok(())
}

async fn lends(sim: &mut Sim, person: &Person) {
    let of = &sim.model.campaigns[0];
    let campaign = Opened {
        id: felag_domain::ids::CampaignId::from_uuid(of.id),
        project: of.project,
        slug: of.slug.clone(),
        deadline: of.deadline,
        rewards: Vec::new(),
    };
    let hundreds = sim.dice.between(1, 5);
    let amount = match of.currency {
        Currency::JPY => (hundreds * 100 + sim.dice.between(0, 99)).to_string(),
        _ => format!("{}.{:02}", hundreds * 100, sim.dice.between(0, 99)),
    };
    let cards = [card::WORKS, card::WORKS, card::WORKS, card::DECLINES_LATER];
    let card = *sim.dice.pick(&cards);
    sim.world.lend_with(person, &campaign, &amount, card).await;
}

async fn can_be_paid(sim: &Sim, person: &Person, bank: &str, currency: &str) -> anyhow::Result<()> {
    let known = felag::people::Person {
        id: person.id,
        email: person.email.clone(),
        name: person.name.clone(),
        email_is_confirmed: true,
        is_steward: false,
        has_projects: false,
    };
    let link = repayments::start_lender_account(&sim.world.ctx, &known, "DE").await;
    let link = link.map_err(|cause| anyhow::anyhow!("no account for a lender: {cause:?}"))?;
    sim.world.onboard_at(&link, bank, currency, check::FINISHES).await;
    repayments::look_at_lender_account(&sim.world.ctx, person.id).await?;
    Ok(())
}
