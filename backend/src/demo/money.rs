//! What the people of the demo do about a project's money: its account, asking, approving.

use std::collections::HashMap;

use anyhow::Context;
use felag_domain::ids::PersonId;
use felag_domain::payout::Voice;
use felag_frontend::format::typed;

use super::card::Browser;
use super::cast::STEWARD;
use super::making::why;
use super::script::{Act, Script};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::payouts::{self, Asked};
use crate::{payout_accounts, projects};

/// Does it, through the use cases that the forms call and the provider's own page.
pub async fn act(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    script: &Script,
    act: Act,
    people: &HashMap<&'static str, PersonId>,
) -> anyhow::Result<()> {
    let asked = |who: &str| -> anyhow::Result<Asked> {
        let person = people.get(who).copied();
        Ok(Asked {
            person: person.with_context(|| format!("{who} has no account"))?,
            voice: if who == STEWARD {
                Voice::Steward
            } else {
                Voice::Project
            },
        })
    };
    match act {
        Act::Bank(number) => {
            let project = projects::store::find(&ctx.db, campaign.project_id).await?;
            let project = project.context("no project")?;
            let owner = asked(script.owner)?.person;
            let link = payout_accounts::start(ctx, &project, owner)
                .await
                .map_err(why("the account"))?;
            let holder = script.project.holder.name;
            browser
                .onboard(&link, number, holder, campaign.currency.code())
                .await?;
            payout_accounts::look(ctx, project.id).await
        }
        Act::Ask(who) => {
            let facts = payouts::facts(&mut *ctx.db.acquire().await?, ctx, campaign).await?;
            let amount = typed(&facts.released);
            let done = payouts::ask(ctx, campaign.id, asked(who)?, &amount, ctx.id()).await;
            done.map(drop).map_err(why("asking"))
        }
        Act::Approve(who) => {
            let latest = payouts::store::of_campaign(&ctx.db, campaign.id).await?;
            let number = latest.first().context("no payout")?.number;
            payouts::approve(ctx, campaign.id, number, asked(who)?)
                .await
                .map_err(why("approving"))
        }
    }
}
