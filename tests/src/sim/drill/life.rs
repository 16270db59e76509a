//! What people do in a drill: give with good and bad cards, change, take back, and then time passes to the end.

use felag_domain::money::Money;
use futures::FutureExt;
use time::Duration;
use uuid::Uuid;

use super::{Drill, Step};
use crate::giving::card;
use crate::sim::model::{Backer, Gift, Known};
use crate::sim::visitor::Visitor;

pub const STEPS: &[Step] = &[
    Step {
        name: "people give",
        run: |drill| give(drill).boxed_local(),
    },
    Step {
        name: "one changes, one takes it back",
        run: |drill| change(drill).boxed_local(),
    },
    Step {
        name: "the deadline comes",
        run: |drill| deadline(drill).boxed_local(),
    },
    Step {
        name: "the window passes, and a week more",
        run: |drill| window(drill).boxed_local(),
    },
];

/// How often somebody presses the button again when no answer comes.
const PATIENCE: u32 = 5;

async fn give(drill: &mut Drill) -> anyhow::Result<()> {
    let cards = [card::WORKS, card::WORKS, card::DECLINES_LATER];
    for campaign in 0..drill.model.campaigns.len() {
        for (number, card) in cards.into_iter().enumerate() {
            let person = drill.model.backers.len();
            let visitor = drill.visitor(format!("10.2.0.{person}"))?;
            drill.model.backers.push(Backer {
                email: format!("backer{person}@felag.example"),
                visitor,
                has_account: false,
            });
            let reward = (number == 0).then_some(0);
            let key = Uuid::from_u128(0xFE1A_0000_0000_4000_8000_0000_0000_0000 + person as u128);
            drill
                .model
                .gifts
                .push(Gift::new(campaign, person, key, reward, (3_000, 200)));
            give_one(drill, person, card).await?;
        }
    }
    drill.rest().await?;
    // Whoever left the page is looked after.
    let later = drill.now().await? + Duration::minutes(40);
    drill.advance(later).await
}

/// Fills in the form, again and again until there is an answer, and goes on to pay.
async fn give_one(drill: &mut Drill, gift: usize, card: &str) -> anyhow::Result<()> {
    for _ in 0..PATIENCE {
        let known = &drill.model.gifts[gift];
        let campaign = &drill.model.campaigns[known.campaign];
        let backer = &drill.model.backers[known.backer];
        let typed = |minor| felag_frontend::format::typed(&Money::from_minor(minor, campaign.currency));
        let (own, tip, key) = (typed(3_000), typed(200), known.key.to_string());
        let reward = known
            .reward
            .map_or("", |reward| campaign.rewards[reward].id.as_str());
        let fields = [
            ("own", own.as_str()),
            ("reward", reward),
            ("request_key", &key),
            ("email", &backer.email),
            ("name", "Gus Guest"),
            ("visibility", "named"),
            ("tip", &tip),
        ];
        let path = format!("/campaigns/{}/pledges", campaign.slug);
        let answer = backer.visitor.post(&path, &fields).await;
        let page = answer
            .as_ref()
            .and_then(|reply| backer.visitor.onward(reply))
            .filter(|url| !backer.visitor.is_ours(url));
        let paid = match page {
            Some(page) => pay(&backer.visitor, &page, card).await,
            None => false,
        };
        let status = answer.map(|reply| reply.status);
        let made = &mut drill.model.gifts[gift].made;
        *made = (*made).max(match status {
            Some(303) => Known::Yes,
            Some(400..500) => Known::No,
            _ => Known::Maybe,
        });
        if paid {
            return Ok(());
        }
        // The provider lives in the program: when it dies, its pages do.
        drill.revive();
        felag::clock::pause(std::time::Duration::from_millis(300)).await;
        drill.revive();
    }
    Ok(())
}

/// Whether the card was taken.
async fn pay(visitor: &Visitor, page: &str, card: &str) -> bool {
    let Some(form) = visitor.get(page).await else {
        return false;
    };
    let typed = [
        ("number", card),
        ("expiry", "12 / 34"),
        ("cvc", "123"),
        ("name", "Gus Guest"),
    ];
    let Some(reply) = visitor.submit(&form, "/pay/", &typed).await else {
        // Saved already, if the page says that it is over.
        return form.status == 410;
    };
    if let Some(back) = visitor.onward(&reply) {
        visitor.get(&back).await;
    }
    true
}

async fn change(drill: &mut Drill) -> anyhow::Result<()> {
    let sql = "select token from pledge where request_key = $1";
    for gift in 0..drill.model.gifts.len() {
        let token: Option<String> = sqlx::query_scalar(sql)
            .bind(drill.model.gifts[gift].key)
            .fetch_optional(&drill.world.owner)
            .await?;
        drill.model.gifts[gift].token = token;
    }
    // Of each campaign's three, the second gives more.
    for gift in (1..drill.model.gifts.len()).step_by(3) {
        let Some(token) = drill.model.gifts[gift].token.clone() else {
            continue;
        };
        let visitor = &drill.model.backers[gift].visitor;
        let fields = [
            ("own", "40"),
            ("tip", ""),
            ("name", "Gus"),
            ("visibility", "anonymous"),
        ];
        let answer = visitor.post(&format!("/pledges/{token}/change"), &fields).await;
        let may_be = &mut drill.model.gifts[gift].may_be;
        match answer.map(|reply| reply.status) {
            Some(303) => *may_be = vec![(4_000, 0)],
            Some(400..500) => {}
            _ => may_be.push((4_000, 0)),
        }
        drill.revive();
    }
    drill.rest().await
}

async fn deadline(drill: &mut Drill) -> anyhow::Result<()> {
    let deadline = drill
        .model
        .campaigns
        .iter()
        .map(|campaign| campaign.deadline)
        .max();
    let Some(deadline) = deadline else { return Ok(()) };
    drill.advance(deadline - Duration::hours(47)).await?;
    drill.advance(deadline + Duration::minutes(1)).await
}

async fn window(drill: &mut Drill) -> anyhow::Result<()> {
    let now = drill.now().await?;
    for hours in [25, 49, 73, 97, 7 * 24 + 1, 8 * 24 + 1, 8 * 24 + 3, 15 * 24] {
        drill.advance(now + Duration::hours(hours)).await?;
    }
    Ok(())
}
