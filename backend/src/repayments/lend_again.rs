//! What a lender keeps is lent to another loan: taken off their shares and held for that loan, book by book, and put back
//! on the same shares if that loan does not come about. Nothing moves at the provider.
//!
//! Whoever takes or gives back holds every campaign that is concerned, in the order of their ids ([`hold`]): what stands
//! on a share changes only under its campaign, so that no money is used twice.

use std::collections::BTreeSet;

use felag_domain::entries::kept as entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId, PersonId};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::lend_again_store::{self as store, Part, Source};
use super::{frozen_store, jobs};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::ledger;

/// A commitment that is paid from what is kept.
#[derive(Debug, Clone, Copy)]
pub struct To {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
}

/// What somebody keeps, in one currency, wherever it stands.
///
/// # Errors
/// When the database fails.
pub async fn kept(conn: &mut PgConnection, person: PersonId, currency: Currency) -> anyhow::Result<Money> {
    let sources = store::sources(conn, person, currency).await?;
    Ok(felag_domain::money::sum(
        sources.iter().map(|one| one.there),
        currency,
    )?)
}

/// Holds a campaign, and with it those in which somebody keeps something. Which ones those are.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    conn: &mut PgConnection,
    campaign: CampaignId,
    person: PersonId,
    currency: Currency,
) -> anyhow::Result<BTreeSet<CampaignId>> {
    let sources = store::sources(conn, person, currency).await?;
    let mut all: BTreeSet<CampaignId> = sources.iter().map(|one| one.campaign).collect();
    all.insert(campaign);
    hold_all(conn, &all).await?;
    Ok(all)
}

async fn hold_all(conn: &mut PgConnection, all: &BTreeSet<CampaignId>) -> sqlx::Result<()> {
    for campaign in all {
        campaigns::lock(conn, *campaign).await?;
    }
    Ok(())
}

/// Takes an amount off what somebody keeps in the campaigns that are held, the oldest share first, for a commitment.
/// False when that does not suffice: then nothing is taken.
///
/// # Errors
/// When the database fails.
pub async fn lend_again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: PersonId,
    (to, amount): (To, Money),
    held: &BTreeSet<CampaignId>,
) -> anyhow::Result<bool> {
    let mut sources = store::sources(conn, person, amount.currency()).await?;
    sources.retain(|one| one.campaign != to.campaign && held.contains(&one.campaign));
    let Some(parts) = parts(&sources, amount) else {
        return Ok(false);
    };
    store::insert(conn, to, &parts, ctx.now()).await?;
    let cause = to.commitment.as_uuid();
    for part in &parts {
        let book = BookId::of_campaign(part.campaign);
        // Several shares of one book cannot be: a person has one in each loan.
        let entry = entries::lender_lent_again(book, cause, part.share, part.amount, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    let book = BookId::of_campaign(to.campaign);
    let entry = entries::loan_from_kept(book, cause, amount, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    Ok(true)
}

/// What is taken of each source; nothing when they do not suffice.
fn parts(sources: &[Source], amount: Money) -> Option<Vec<Part>> {
    let mut left = amount.minor();
    let mut parts = Vec::new();
    for one in sources {
        let takes = one.there.minor().min(left);
        if takes <= 0 {
            continue;
        }
        left -= takes;
        parts.push(Part {
            campaign: one.campaign,
            share: one.share,
            amount: Money::from_minor(takes, amount.currency()),
        });
    }
    (left == 0).then_some(parts)
}

/// The loan did not come about: what was lent again stands where it stood. Again changes nothing; whether anything was
/// given back.
///
/// # Errors
/// When the database fails.
pub async fn give_back(conn: &mut PgConnection, ctx: &Ctx, to: To) -> anyhow::Result<bool> {
    let mut all: BTreeSet<CampaignId> = store::parts(conn, to)
        .await?
        .iter()
        .map(|one| one.campaign)
        .collect();
    all.insert(to.campaign);
    hold_all(conn, &all).await?;
    let parts = store::parts(conn, to).await?;
    let Some(currency) = parts.first().map(|one| one.amount.currency()) else {
        return Ok(false);
    };
    let amount = felag_domain::money::sum(parts.iter().map(|one| one.amount), currency)?;
    let cause: Uuid = to.commitment.as_uuid();
    store::returned(conn, to, &parts, ctx.now()).await?;
    for part in &parts {
        let book = BookId::of_campaign(part.campaign);
        let entry = entries::lender_has_again(book, cause, part.share, part.amount, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    let book = BookId::of_campaign(to.campaign);
    let entry = entries::loan_to_kept(book, cause, amount, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    for part in &parts {
        came_home(conn, ctx, part, to).await?;
    }
    Ok(true)
}

/// What comes back to a share that somebody took over is theirs; what its lender does not keep any more is sent on.
async fn came_home(conn: &mut PgConnection, ctx: &Ctx, part: &Part, to: To) -> anyhow::Result<()> {
    let frozen = frozen_store::lock(conn, part.campaign, part.share).await?;
    if frozen.is_some_and(|frozen| frozen.is_taken_over) {
        let cause = to.commitment.to_string();
        super::take_over(conn, ctx, part.campaign, part.share, &cause).await?;
    }
    jobs::send_on_later(conn, ctx, part.campaign).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(n: u128, minor: i64) -> Source {
        Source {
            campaign: CampaignId::from_uuid(Uuid::from_u128(n)),
            share: CommitmentId::from_uuid(Uuid::from_u128(n + 100)),
            there: Money::from_minor(minor, Currency::EUR),
        }
    }

    #[test]
    fn what_is_lent_again_is_taken_share_by_share_to_the_cent_or_not_at_all() {
        let sources = [source(1, 500), source(2, 0), source(3, 300)];
        let of = |minor| {
            let parts = parts(&sources, Money::from_minor(minor, Currency::EUR))?;
            Some(parts.iter().map(|one| one.amount.minor()).collect::<Vec<_>>())
        };
        assert_eq!(of(400), Some(vec![400]));
        assert_eq!(of(500), Some(vec![500]));
        assert_eq!(of(501), Some(vec![500, 1]));
        assert_eq!(of(800), Some(vec![500, 300]));
        assert_eq!(of(801), None);
    }
}
