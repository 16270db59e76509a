//! Writing commitments back, and moving the loan's figures with them: what is committed, firm, waiting, at risk, collected.

use felag_domain::ids::CampaignId;
use felag_domain::lending::{Bucket, CommitmentState};
use felag_domain::money::Money;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Commitment;

/// What moves between the loan's figures.
#[derive(Default)]
struct Moved {
    committed: i64,
    firm: i64,
    waiting: i64,
    at_risk: i64,
    collected: i64,
    own_firm: i64,
    own_collected: i64,
    lenders: i32,
}

impl Moved {
    fn add(&mut self, commitment: &Commitment, state: CommitmentState, sign: i64) {
        let Some(bucket) = state.bucket() else { return };
        let minor = commitment.amount.minor().saturating_mul(sign);
        let own = if commitment.is_own { minor } else { 0 };
        match bucket {
            Bucket::Committed => self.committed += minor,
            Bucket::Firm => {
                self.firm += minor;
                self.own_firm += own;
            }
            Bucket::Waiting => self.waiting += minor,
            Bucket::AtRisk => self.at_risk += minor,
            Bucket::Collected => {
                self.collected += minor;
                self.own_collected += own;
            }
        }
        if bucket != Bucket::Waiting {
            self.lenders += i32::try_from(sign).unwrap_or(0);
        }
    }
}

/// Writes commitments back as they stand in memory, and moves the loan's figures by the difference. The caller holds
/// them.
pub async fn save(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changed: &[Commitment],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    write_back(conn, campaign, changed, now).await?;
    let mut moved = Moved::default();
    for one in changed.iter().filter(|one| one.state != one.was) {
        moved.add(one, one.was, -1);
        moved.add(one, one.state, 1);
    }
    sqlx::query!(
        "update loan_total set committed_minor = committed_minor + $2, firm_minor = firm_minor + $3,
                waiting_minor = waiting_minor + $4, at_risk_minor = at_risk_minor + $5,
                collected_minor = collected_minor + $6, own_firm_minor = own_firm_minor + $7,
                own_collected_minor = own_collected_minor + $8, lenders = lenders + $9
         where campaign_id = $1",
        campaign as _,
        moved.committed,
        moved.firm,
        moved.waiting,
        moved.at_risk,
        moved.collected,
        moved.own_firm,
        moved.own_collected,
        moved.lenders,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One column of many commitments.
fn column<T>(changed: &[Commitment], of: impl Fn(&Commitment) -> T) -> Vec<T> {
    changed.iter().map(of).collect()
}

async fn write_back(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changed: &[Commitment],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update commitment set state = given.state, share_minor = given.share, sheet_version = given.sheet,
                revocable_until = given.revocable, firm_at = given.firm, customer_ref = given.customer,
                checkout_ref = given.checkout, checkout_url = given.url, checkout_expires_at = given.expires,
                payment_method_ref = given.method, intent_ref = given.intent, charge_ref = given.charge,
                decline_code = given.code, tries = given.tries, card_saved_at = given.saved, due_at = given.due,
                next_try_at = given.next, paid_at = given.paid, ended_at = given.ended, updated_at = $22
         from unnest($2::uuid[], $3::text[], $4::bigint[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::text[],
                     $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[],
                     $16::int[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
                     $21::timestamptz[])
              as given (id, state, share, sheet, revocable, firm, customer, checkout, url, expires, method, intent,
                        charge, code, tries, saved, due, next, paid, ended)
         where campaign_id = $1 and commitment_id = given.id",
        campaign as _,
        &column(changed, |one| one.id.as_uuid()),
        &column(changed, |one| one.state.as_str().to_string()),
        &column(changed, |one| one.share.map(Money::minor)) as _,
        &column(changed, |one| i32::try_from(one.sheet_version).unwrap_or(i32::MAX)),
        &column(changed, |one| one.revocable_until) as _,
        &column(changed, |one| one.firm_at) as _,
        &column(changed, |one| one.customer.clone()) as _,
        &column(changed, |one| one.checkout.clone()) as _,
        &column(changed, |one| one.checkout_url.clone()) as _,
        &column(changed, |one| one.checkout_expires_at) as _,
        &column(changed, |one| one.method.clone()) as _,
        &column(changed, |one| one.intent.clone()) as _,
        &column(changed, |one| one.charge.clone()) as _,
        &column(changed, |one| one.decline_code.clone()) as _,
        &column(changed, |one| one.tries),
        &column(changed, |one| one.card_saved_at) as _,
        &column(changed, |one| one.due_at) as _,
        &column(changed, |one| one.next_try_at) as _,
        &column(changed, |one| one.paid_at) as _,
        &column(changed, |one| one.ended_at) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
