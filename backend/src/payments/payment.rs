//! A payment as it stands: what came in, what went back of it, what a bank took.

use felag_domain::figures::collected_of;
use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use felag_domain::refund::{Paid, Returned};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Subject, SubjectKind};

/// A row of `payment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub book: BookId,
    pub id: Uuid,
    /// What was paid.
    pub of: Subject,
    pub charge: String,
    pub intent: Option<String>,
    pub amount: Money,
    pub tip: Money,
    pub refunded: Money,
    pub tip_refunded: Money,
    pub disputed: Money,
    pub gift_disputed: Money,
    pub paid_at: OffsetDateTime,
}

struct Row {
    book_id: BookId,
    payment_id: Uuid,
    subject_kind: String,
    subject_id: Uuid,
    charge_ref: String,
    intent_ref: Option<String>,
    amount_minor: i64,
    tip_minor: i64,
    currency: Currency,
    refunded_minor: i64,
    tip_refunded_minor: i64,
    disputed_minor: i64,
    gift_disputed_minor: i64,
    paid_at: OffsetDateTime,
}

impl Row {
    /// # Errors
    /// When a later version, which knows more kinds of subjects, wrote it.
    fn read(self) -> sqlx::Result<Payment> {
        let row = self;
        let money = |minor| Money::from_minor(minor, row.currency);
        let kind = SubjectKind::parse(&row.subject_kind);
        Ok(Payment {
            book: row.book_id,
            id: row.payment_id,
            of: Subject {
                book: row.book_id,
                kind: kind.ok_or_else(|| sqlx::Error::Decode("a payment of nothing we know".into()))?,
                id: row.subject_id,
            },
            charge: row.charge_ref,
            intent: row.intent_ref,
            amount: money(row.amount_minor),
            tip: money(row.tip_minor),
            refunded: money(row.refunded_minor),
            tip_refunded: money(row.tip_refunded_minor),
            disputed: money(row.disputed_minor),
            gift_disputed: money(row.gift_disputed_minor),
            paid_at: row.paid_at,
        })
    }
}

macro_rules! select {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select book_id as "book_id: BookId", payment_id, subject_kind, subject_id, charge_ref, intent_ref,
                      amount_minor, tip_minor, currency as "currency: Currency", refunded_minor, tip_refunded_minor,
                      disputed_minor, gift_disputed_minor, paid_at
               from payment "# + $rest
            $(, $arg)*
        )
    };
}

impl Payment {
    /// As the rules of refunds see it.
    pub fn paid(&self) -> Paid {
        Paid {
            gift: self.amount,
            tip: self.tip,
            gift_refunded: self.refunded,
            tip_refunded: self.tip_refunded,
            disputed: self.disputed,
        }
    }

    /// What of it counts as collected.
    pub fn collected(&self) -> Money {
        collected_of(self.amount, self.refunded, self.gift_disputed)
    }
}

/// One payment, held until the transaction ends.
pub async fn lock(conn: &mut PgConnection, book: BookId, id: Uuid) -> sqlx::Result<Option<Payment>> {
    let row = select!("where book_id = $1 and payment_id = $2 for update", book as _, id)
        .fetch_optional(conn)
        .await?;
    row.map(Row::read).transpose()
}

/// One payment, as it stands.
pub async fn find(conn: &mut PgConnection, book: BookId, id: Uuid) -> sqlx::Result<Option<Payment>> {
    let row = select!("where book_id = $1 and payment_id = $2", book as _, id)
        .fetch_optional(conn)
        .await?;
    row.map(Row::read).transpose()
}

/// Payments by id, held in the order of their ids.
pub async fn lock_many(conn: &mut PgConnection, book: BookId, ids: &[Uuid]) -> sqlx::Result<Vec<Payment>> {
    let rows = select!(
        "where book_id = $1 and payment_id = any($2) order by payment_id for update",
        book as _,
        ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The last payment that something led to. A pledge has one at most.
pub async fn last_of(conn: &mut PgConnection, of: Subject) -> sqlx::Result<Option<Payment>> {
    let rows = select!(
        "where book_id = $1 and subject_id = $2 and subject_kind = $3 order by payment_id",
        of.book as _,
        of.id,
        of.kind.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().next_back().map(Row::read).transpose()
}

/// The payment of a charge at the provider.
pub async fn of_charge(db: &PgPool, charge: &str) -> sqlx::Result<Option<Payment>> {
    let row = select!("where charge_ref = $1 limit 1", charge)
        .fetch_optional(db)
        .await?;
    row.map(Row::read).transpose()
}

/// Adds to what went back of a payment; takes off when `back` is below zero.
///
/// # Errors
/// `no_more_is_refunded_than_was_paid` and its twin for tips: the database has the last word.
pub async fn add_refunded(
    conn: &mut PgConnection,
    book: BookId,
    id: Uuid,
    (gift, tip): (i64, i64),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set refunded_minor = refunded_minor + $3, tip_refunded_minor = tip_refunded_minor + $4
         where book_id = $1 and payment_id = $2",
        book as _,
        id,
        gift,
        tip,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says what a bank holds of a payment; nothing once a dispute is won.
pub async fn set_disputed(
    conn: &mut PgConnection,
    book: BookId,
    id: Uuid,
    disputed: Returned,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set disputed_minor = $3::bigint + $4::bigint, gift_disputed_minor = $3
         where book_id = $1 and payment_id = $2",
        book as _,
        id,
        disputed.gift.minor(),
        disputed.tip.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
