//! Money that really came in: one row per charge, from which refunds and disputes hang.

use felag_domain::ids::BookId;
use felag_domain::money::Money;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Subject;

/// Money that came in: see the table `payment`.
pub struct NewPayment<'a> {
    pub id: Uuid,
    pub of: Subject,
    pub charge: &'a str,
    pub intent: Option<&'a str>,
    /// What the project gets, and beside it the tip to the platform.
    pub amount: Money,
    pub tip: Money,
    pub paid_at: OffsetDateTime,
}

/// Keeps payments of one book, once per charge.
pub async fn keep_payments(
    conn: &mut PgConnection,
    book: BookId,
    payments: &[NewPayment<'_>],
) -> sqlx::Result<()> {
    if payments.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = payments.iter().map(|one| one.id).collect();
    let kinds: Vec<String> = payments
        .iter()
        .map(|one| one.of.kind.as_str().to_string())
        .collect();
    let subjects: Vec<Uuid> = payments.iter().map(|one| one.of.id).collect();
    let charges: Vec<String> = payments.iter().map(|one| one.charge.to_string()).collect();
    let intents: Vec<Option<String>> = payments
        .iter()
        .map(|one| one.intent.map(ToString::to_string))
        .collect();
    let amounts: Vec<i64> = payments.iter().map(|one| one.amount.minor()).collect();
    let tips: Vec<i64> = payments.iter().map(|one| one.tip.minor()).collect();
    let currencies: Vec<String> = payments
        .iter()
        .map(|one| one.amount.currency().code().to_string())
        .collect();
    let times: Vec<OffsetDateTime> = payments.iter().map(|one| one.paid_at).collect();
    sqlx::query!(
        "insert into payment (book_id, payment_id, subject_kind, subject_id, charge_ref, intent_ref, amount_minor,
                              tip_minor, currency, paid_at)
         select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
                                  $8::bigint[], $9::text[], $10::timestamptz[])
         on conflict on constraint one_payment_per_charge do nothing",
        book as _,
        &ids,
        &kinds,
        &subjects,
        &charges,
        &intents as _,
        &amounts,
        &tips,
        &currencies,
        &times,
    )
    .execute(conn)
    .await?;
    Ok(())
}
