//! The SQL of what lenders keep wherever it stands, and of what of it was lent again.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::policy;
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::lend_again::To;

/// A share on which something is kept that may be lent again.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    pub campaign: CampaignId,
    pub share: CommitmentId,
    pub there: Money,
}

/// What was taken of one share.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub campaign: CampaignId,
    pub share: CommitmentId,
    pub amount: Money,
}

/// Where somebody keeps something, the oldest share first. Frozen shares, and loans whose rules let nothing be kept, are
/// left out.
pub async fn sources(
    conn: &mut PgConnection,
    person: PersonId,
    currency: Currency,
) -> sqlx::Result<Vec<Source>> {
    let rows = sqlx::query!(
        r#"select commitment.campaign_id as "campaign: CampaignId", commitment_id as "share: CommitmentId", policy,
                  balance_minor
           from commitment join loan_share using (campaign_id, commitment_id) join loan using (campaign_id)
           join account_balance on book_id = commitment.campaign_id
                and account = 'lender:' || commitment_id::text and account_balance.currency = $2
           where commitment.person_id = $1 and frozen_at is null and balance_minor > 0
             and exists (select from lender_keeping as keeping where keeping.person_id = $1)
           order by commitment_id"#,
        person as _,
        currency.code(),
    )
    .fetch_all(conn)
    .await?;
    let kept = rows
        .into_iter()
        .filter(|row| policy::named(&row.policy).may_hold_balances);
    let each = kept.map(|row| Source {
        campaign: row.campaign,
        share: row.share,
        there: Money::from_minor(row.balance_minor, currency),
    });
    Ok(each.collect())
}

struct Columns {
    campaigns: Vec<Uuid>,
    shares: Vec<Uuid>,
    minors: Vec<i64>,
}

fn columns(parts: &[Part]) -> Columns {
    Columns {
        campaigns: parts.iter().map(|one| one.campaign.as_uuid()).collect(),
        shares: parts.iter().map(|one| one.share.as_uuid()).collect(),
        minors: parts.iter().map(|one| one.amount.minor()).collect(),
    }
}

/// Writes down what was taken, and adds it to what was lent again of each share.
pub async fn insert(
    conn: &mut PgConnection,
    to: To,
    parts: &[Part],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let all = columns(parts);
    let currency = parts.first().map_or("", |one| one.amount.currency().code());
    sqlx::query!(
        "insert into lent_again (to_campaign_id, to_commitment_id, currency, lent_at, campaign_id, commitment_id,
                                 amount_minor)
         select $1, $2, $3, $4, * from unnest($5::uuid[], $6::uuid[], $7::bigint[])",
        to.campaign as _,
        to.commitment as _,
        currency,
        now,
        &all.campaigns,
        &all.shares,
        &all.minors,
    )
    .execute(&mut *conn)
    .await?;
    add(conn, &all).await
}

async fn add(conn: &mut PgConnection, all: &Columns) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set lent_again_minor = lent_again_minor + part.minor
         from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as part (campaign, share, minor)
         where campaign_id = part.campaign and commitment_id = part.share",
        &all.campaigns,
        &all.shares,
        &all.minors,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was taken for a commitment and did not go back, in the order of the shares.
pub async fn parts(conn: &mut PgConnection, to: To) -> sqlx::Result<Vec<Part>> {
    let rows = sqlx::query!(
        r#"select campaign_id as "campaign: CampaignId", commitment_id as "share: CommitmentId", amount_minor,
                  currency as "currency: Currency"
           from lent_again where to_campaign_id = $1 and to_commitment_id = $2 and returned_at is null
           order by commitment_id"#,
        to.campaign as _,
        to.commitment as _,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| Part {
        campaign: row.campaign,
        share: row.share,
        amount: Money::from_minor(row.amount_minor, row.currency),
    });
    Ok(each.collect())
}

/// It went back to the shares it was taken of.
pub async fn returned(
    conn: &mut PgConnection,
    to: To,
    parts: &[Part],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update lent_again set returned_at = $3
         where to_campaign_id = $1 and to_commitment_id = $2 and returned_at is null",
        to.campaign as _,
        to.commitment as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let mut all = columns(parts);
    all.minors.iter_mut().for_each(|minor| *minor = -*minor);
    add(conn, &all).await
}
