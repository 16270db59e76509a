//! What people do with money that is there already, in the drills of the crash points on that way: payouts that two
//! approved, campaigns that end badly, and money taken back.

use felag::crash::CrashPoint;
use felag::payouts::{self, Asked};
use felag::pledges::endings::{Decided, What, decide};
use felag_domain::ids::CampaignId;
use felag_domain::payout::Voice;
use futures::FutureExt;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::{Drill, Step, life};
use crate::asking::Ask;
use crate::people::PASSWORD;

/// How often somebody presses the button again when no answer comes.
const PATIENCE: u32 = 5;

/// What the campaigns of a drill ask for, so that they end as it needs.
pub fn ask(point: CrashPoint, ask: Ask) -> Ask {
    // Ten thousand are promised to each, and of seven the cards are good.
    match point {
        CrashPoint::CampaignUnwound => Ask {
            minimum_minor: 9_000,
            full_plan_minor: 9_000,
            ..ask
        },
        CrashPoint::RefundAsked => Ask {
            minimum_minor: 9_000,
            full_plan_minor: 9_000,
            if_short: "50",
            ..ask
        },
        _ => ask,
    }
}

/// All that happens in the drill of a point.
pub fn steps(point: CrashPoint) -> Vec<&'static Step> {
    let at = match point {
        CrashPoint::CampaignCancelled => 2,
        CrashPoint::RefundAsked | CrashPoint::EvidenceWritten => 3,
        CrashPoint::PayoutSending => life::STEPS.len(),
        _ => return life::STEPS.iter().collect(),
    };
    let extra = match point {
        CrashPoint::CampaignCancelled => &SUSPENDED,
        CrashPoint::PayoutSending => &PAID_OUT,
        CrashPoint::EvidenceWritten => &ANSWERED,
        _ => &TAKEN_BACK,
    };
    let (before, after) = life::STEPS.split_at(at);
    before.iter().chain(extra).chain(after).collect()
}

static SUSPENDED: [Step; 1] = [Step {
    name: "a steward suspends, and nobody lets it go on",
    run: |drill| suspend(drill).boxed_local(),
}];

static PAID_OUT: [Step; 1] = [Step {
    name: "two people approve payouts",
    run: |drill| pay_out(drill).boxed_local(),
}];

static TAKEN_BACK: [Step; 1] = [Step {
    name: "backers take back what a short campaign keeps",
    run: |drill| take_back(drill).boxed_local(),
}];

static ANSWERED: [Step; 1] = [Step {
    name: "banks ask, and the project answers them",
    run: |drill| answer(drill).boxed_local(),
}];

fn ids(drill: &Drill) -> Vec<CampaignId> {
    let campaigns = drill.model.campaigns.iter();
    campaigns
        .map(|campaign| CampaignId::from_uuid(campaign.id))
        .collect()
}

async fn suspend(drill: &mut Drill) -> anyhow::Result<()> {
    drill.world.ctx.clock.show(drill.now().await?);
    let steward = drill.world.reviewer.get().copied();
    for id in ids(drill) {
        let by = steward.ok_or_else(|| anyhow::anyhow!("there is no steward"))?;
        decide(
            &drill.world.ctx,
            id,
            What::Suspend,
            Decided::Steward,
            by,
            "We look into it.",
        )
        .await
        .map_err(|cause| anyhow::anyhow!("not suspended: {cause:?}"))?;
    }
    let deadline = drill
        .model
        .campaigns
        .iter()
        .map(|campaign| campaign.deadline)
        .max();
    let Some(deadline) = deadline else { return Ok(()) };
    drill
        .advance(deadline + Duration::days(14) + Duration::HOUR)
        .await
}

async fn pay_out(drill: &mut Drill) -> anyhow::Result<()> {
    drill.world.ctx.clock.show(drill.now().await?);
    let (owner, steward) = (drill.model.owner, drill.world.reviewer.get().copied());
    let (Some(owner), Some(steward)) = (owner, steward) else {
        anyhow::bail!("nobody can approve");
    };
    let both = [(owner, Voice::Project), (steward, Voice::Steward)];
    let sql = "select number from payout where campaign_id = $1 and state = 'proposed'";
    for id in ids(drill) {
        let number: i32 = sqlx::query_scalar(sql)
            .bind(id.as_uuid())
            .fetch_one(&drill.world.owner)
            .await?;
        for (person, voice) in both {
            payouts::approve(
                &drill.world.ctx,
                id,
                number.unsigned_abs(),
                Asked { person, voice },
            )
            .await
            .map_err(|cause| anyhow::anyhow!("not approved: {cause:?}"))?;
        }
    }
    let now = drill.now().await?;
    for hours in [7, 14, 40, 80, 15 * 24] {
        drill.advance(now + Duration::hours(hours)).await?;
    }
    Ok(())
}

async fn take_back(drill: &mut Drill) -> anyhow::Result<()> {
    let now = drill.now().await?;
    for hours in [25, 49, 73, 97, 7 * 24 + 1, 8 * 24 + 1] {
        drill.advance(now + Duration::hours(hours)).await?;
    }
    let sql = "select coalesce(bool_or(go_on_until is not null), false) from campaign";
    let goes_on: bool = sqlx::query_scalar(sql).fetch_one(&drill.world.owner).await?;
    anyhow::ensure!(goes_on, "no campaign goes on below its minimum");
    for gift in (0..drill.model.gifts.len()).step_by(3) {
        let Some(token) = drill.model.gifts[gift].token.clone() else {
            continue;
        };
        let key = Uuid::from_u128(0xFE1B_0000_0000_4000_8000_0000_0000_0000 + gift as u128).to_string();
        for _ in 0..PATIENCE {
            let visitor = drill.visitor(format!("10.3.0.{gift}"))?;
            let path = format!("/pledges/{token}/take-back");
            let answer = visitor.post(&path, &[("key", &key)]).await;
            if answer.is_some_and(|reply| reply.status < 500) {
                break;
            }
            felag::clock::pause(std::time::Duration::from_millis(300)).await;
            drill.revive();
        }
    }
    let now = drill.now().await?;
    for hours in [1, 30, 8 * 24, 11 * 24, 15 * 24] {
        drill.advance(now + Duration::hours(hours)).await?;
    }
    Ok(())
}

/// Every campaign's owner answers a bank: signed in at the program, with a code given just now.
async fn answer(drill: &mut Drill) -> anyhow::Result<()> {
    let sql = "select distinct on (book_id) charge_ref from payment order by book_id, paid_at, payment_id";
    let charges: Vec<String> = sqlx::query_scalar(sql).fetch_all(&drill.world.owner).await?;
    for charge in charges {
        let wish = json!({ "charge": charge, "reason": "product_not_received" });
        drill.world.sandbox_control("disputes", &wish).await;
    }
    drill.rest().await?;
    let sql =
        "select slug, dispute_id::text from dispute join campaign on campaign_id = book_id order by slug";
    let asked: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&drill.world.owner).await?;
    anyhow::ensure!(!asked.is_empty(), "no bank asks");
    for (number, (slug, id)) in asked.into_iter().enumerate() {
        let path = format!("/campaigns/{slug}/disputes/{id}/evidence");
        for _ in 0..PATIENCE {
            let visitor = drill.visitor(format!("10.5.0.{number}"))?;
            if visitor.sign_in("owner@felag.example", PASSWORD).await.is_ok() {
                let given = "update sign_in set factor_at = now()";
                sqlx::query(given).execute(&drill.world.owner).await?;
                let fields = [
                    ("product", "A printed manual."),
                    ("communication", ""),
                    ("other", "winning_evidence"),
                ];
                let answer = visitor.post(&path, &fields).await;
                if answer.is_some_and(|reply| reply.status < 500) {
                    break;
                }
            }
            felag::clock::pause(std::time::Duration::from_millis(300)).await;
            drill.revive();
        }
    }
    let now = drill.now().await?;
    for hours in [2, 30, 80] {
        drill.advance(now + Duration::hours(hours)).await?;
    }
    Ok(())
}
