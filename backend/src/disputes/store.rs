//! The SQL of disputes.

use felag_domain::bearing::Borne;
use felag_domain::dispute::DisputeState;
use felag_domain::ids::{BookId, CampaignId, DisputeId, PersonId};
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Dispute;

struct Row {
    book_id: BookId,
    dispute_id: DisputeId,
    payment_id: Uuid,
    provider_ref: String,
    state: DisputeState,
    reason: String,
    disputed_minor: i64,
    currency: Currency,
    gift_held_minor: i64,
    gift_payable_minor: i64,
    gift_receivable_minor: i64,
    tip_minor: i64,
    fee_held_minor: i64,
    fee_payable_minor: i64,
    fee_receivable_minor: i64,
    of_loan: bool,
    taken_at: Option<OffsetDateTime>,
    returned_at: Option<OffsetDateTime>,
    due_at: Option<OffsetDateTime>,
    evidence_at: Option<OffsetDateTime>,
    accepted_at: Option<OffsetDateTime>,
    opened_at: OffsetDateTime,
    decided_at: Option<OffsetDateTime>,
}

impl From<Row> for Dispute {
    fn from(row: Row) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        let borne = |held, payable, receivable| Borne {
            held: money(held),
            payable: money(payable),
            receivable: money(receivable),
        };
        Self {
            book: row.book_id,
            id: row.dispute_id,
            payment: row.payment_id,
            reference: row.provider_ref,
            state: row.state,
            reason: row.reason,
            disputed: money(row.disputed_minor),
            gift: borne(
                row.gift_held_minor,
                row.gift_payable_minor,
                row.gift_receivable_minor,
            ),
            tip: money(row.tip_minor),
            of_loan: row.of_loan,
            fee: borne(
                row.fee_held_minor,
                row.fee_payable_minor,
                row.fee_receivable_minor,
            ),
            taken_at: row.taken_at,
            returned_at: row.returned_at,
            due_at: row.due_at,
            evidence_at: row.evidence_at,
            accepted_at: row.accepted_at,
            opened_at: row.opened_at,
            decided_at: row.decided_at,
        }
    }
}

macro_rules! select {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select book_id as "book_id: BookId", dispute_id as "dispute_id: DisputeId", payment_id, provider_ref,
                      state as "state: DisputeState", reason, disputed_minor, currency as "currency: Currency",
                      gift_held_minor, gift_payable_minor, gift_receivable_minor, tip_minor, fee_held_minor,
                      fee_payable_minor, fee_receivable_minor, of_loan, taken_at, returned_at, due_at, evidence_at,
                      accepted_at, opened_at, decided_at
               from dispute "# + $rest
            $(, $arg)*
        )
    };
}

/// Whether payouts of a campaign wait: a dispute of it is open.
///
/// # Errors
/// When the database cannot be reached.
pub async fn freezes(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from dispute where book_id = $1 and state = 'open') as "is_open!""#,
        BookId::of_campaign(campaign) as _,
    )
    .fetch_one(conn)
    .await
}

/// One dispute.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(db: &PgPool, book: BookId, id: DisputeId) -> sqlx::Result<Option<Dispute>> {
    let row = select!("where book_id = $1 and dispute_id = $2", book as _, id as _)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Dispute::from))
}

/// Every dispute of a book, those that wait first, then the newest.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_book(db: &PgPool, book: BookId) -> sqlx::Result<Vec<Dispute>> {
    let rows = select!(
        "where book_id = $1 order by decided_at is not null, opened_at desc, dispute_id limit 500",
        book as _
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Dispute::from).collect())
}

/// The disputes of a payment, the oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_payment(db: &PgPool, book: BookId, payment: Uuid) -> sqlx::Result<Vec<Dispute>> {
    let rows = select!(
        "where book_id = $1 and payment_id = $2 order by opened_at, dispute_id",
        book as _,
        payment
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Dispute::from).collect())
}

/// The latest disputes of all campaigns, those that wait first: for the stewards.
///
/// # Errors
/// When the database cannot be reached.
pub async fn latest(db: &PgPool, most: i64) -> sqlx::Result<Vec<Dispute>> {
    let rows = select!(
        "order by decided_at is not null, opened_at desc, dispute_id limit $1",
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Dispute::from).collect())
}

/// The dispute the provider calls `reference`, held until the transaction ends.
pub async fn lock(conn: &mut PgConnection, book: BookId, reference: &str) -> sqlx::Result<Option<Dispute>> {
    let row = select!(
        "where book_id = $1 and provider_ref = $2 for update",
        book as _,
        reference
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Dispute::from))
}

/// A dispute's row as it stands now: made, or changed.
pub async fn put(conn: &mut PgConnection, dispute: &Dispute, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into dispute (book_id, dispute_id, payment_id, provider_ref, state, reason, disputed_minor, currency,
                              gift_held_minor, gift_payable_minor, gift_receivable_minor, tip_minor, fee_held_minor,
                              fee_payable_minor, fee_receivable_minor, taken_at, returned_at, due_at, opened_at,
                              decided_at, created_at, of_loan)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         on conflict (book_id, dispute_id) do update
         set state = excluded.state, reason = excluded.reason, disputed_minor = excluded.disputed_minor,
             gift_held_minor = excluded.gift_held_minor,
             gift_payable_minor = excluded.gift_payable_minor,
             gift_receivable_minor = excluded.gift_receivable_minor, tip_minor = excluded.tip_minor,
             fee_held_minor = excluded.fee_held_minor, fee_payable_minor = excluded.fee_payable_minor,
             fee_receivable_minor = excluded.fee_receivable_minor, taken_at = excluded.taken_at, of_loan = excluded.of_loan,
             returned_at = excluded.returned_at, due_at = excluded.due_at, decided_at = excluded.decided_at",
        dispute.book as _,
        dispute.id as _,
        dispute.payment,
        dispute.reference,
        dispute.state.as_str(),
        dispute.reason,
        dispute.disputed.minor(),
        dispute.disputed.currency().code(),
        dispute.gift.held.minor(),
        dispute.gift.payable.minor(),
        dispute.gift.receivable.minor(),
        dispute.tip.minor(),
        dispute.fee.held.minor(),
        dispute.fee.payable.minor(),
        dispute.fee.receivable.minor(),
        dispute.taken_at,
        dispute.returned_at,
        dispute.due_at,
        dispute.opened_at,
        dispute.decided_at,
        now,
        dispute.of_loan,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Disputes of lenders' charges whose money is with the bank now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_lenders(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Dispute>> {
    let rows = select!(
        "where book_id = $1 and of_loan and taken_at is not null and returned_at is null order by opened_at, dispute_id",
        BookId::of_campaign(campaign) as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Dispute::from).collect())
}

/// What the project said to the bank, and who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Evidence,
    Accepted,
}

/// Notes that something was said; `None` takes it back, when the provider refused it.
pub async fn note_said(
    conn: &mut PgConnection,
    book: BookId,
    reference: &str,
    said: Said,
    by: Option<(PersonId, OffsetDateTime)>,
) -> sqlx::Result<()> {
    let (person, at) = by.unzip();
    match said {
        Said::Evidence => sqlx::query!(
            "update dispute set evidence_at = $3, evidence_by = $4 where book_id = $1 and provider_ref = $2",
            book as _,
            reference,
            at,
            person as _,
        )
        .execute(conn)
        .await?,
        Said::Accepted => sqlx::query!(
            "update dispute set accepted_at = $3, accepted_by = $4 where book_id = $1 and provider_ref = $2",
            book as _,
            reference,
            at,
            person as _,
        )
        .execute(conn)
        .await?,
    };
    Ok(())
}

/// Whether anything was paid since then, that a bank could still ask back.
pub async fn any_paid_since(db: &PgPool, since: OffsetDateTime) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payment where paid_at >= $1) as "any!""#,
        since
    )
    .fetch_one(db)
    .await
}
