//! What the public reads of a budget: line by line what was promised, collected, spent and left, and why that differs.

use felag_domain::expense::falls_to;
use felag_domain::money::Money;
use felag_frontend::expenses::{Accounts, LineShown};

use super::store::{self, Total};
use crate::campaigns::Budget;
use crate::campaigns::lists;
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;

/// The accounts of a campaign's budget, for its page; nothing before anything was paid out.
pub fn shown<'a>(ctx: &'a Ctx, campaign: &'a Campaign) -> Budget<'a> {
    Box::pin(async move {
        // No money has left before: the page is asked for most while it runs.
        if campaign.decided_at.is_none() {
            return Ok(None);
        }
        let accounts = of(ctx, campaign).await?;
        let is_begun = accounts.paid_out.is_positive() || accounts.spent.is_positive();
        Ok(is_begun.then_some(accounts))
    })
}

/// As they are now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of(ctx: &Ctx, campaign: &Campaign) -> anyhow::Result<Accounts> {
    let mut conn = ctx.db.acquire().await?;
    let lines = lists::budget(&mut *conn, campaign.id, campaign.currency).await?;
    let total = campaigns::total(&mut *conn, campaign).await?;
    let collected = total.figures.collected.checked_add(total.own_collected)?;
    let Total { paid_out, spent } = store::total(&mut *conn, campaign.id, campaign.currency).await?;
    let by_line = store::by_line(&mut *conn, campaign.id).await?;
    let explanations = store::explanations(&mut *conn, campaign.id).await?;
    drop(conn);
    let asked: Vec<(Money, Money)> = lines
        .iter()
        .map(|line| (line.at_minimum, line.at_full_plan))
        .collect();
    let falls = falls_to(&asked, collected);
    let shown = lines.into_iter().zip(falls).map(|(line, collected)| {
        let spent = by_line.iter().find(|(id, _)| *id == line.id);
        let spent = Money::from_minor(spent.map_or(0, |(_, spent)| *spent), campaign.currency);
        let left = collected.minor().saturating_sub(spent.minor());
        let said = explanations.iter().filter(|one| one.line == line.id);
        LineShown {
            title: line.title,
            at_minimum: line.at_minimum,
            at_full_plan: line.at_full_plan,
            collected,
            spent,
            left: Money::from_minor(left, campaign.currency),
            explanations: said.map(|one| (one.at, one.words.clone())).collect(),
        }
    });
    Ok(Accounts {
        slug: campaign.slug.clone(),
        lines: shown.collect(),
        collected,
        paid_out,
        spent,
    })
}
