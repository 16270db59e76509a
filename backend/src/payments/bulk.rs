//! The requests of thousands of refunds at once: one insert. The only place where this floor reads a table of a slice
//! above it, because carrying every row out of the database and back takes longer than the insert itself.

use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kind;
use super::unit::provider_amount;
use crate::ctx::Ctx;

/// Writes an operation for each refund of one act: as many as there are `refunds`. The form is the one that
/// [`super::requests::create_refund`] makes.
///
/// # Errors
/// When the database fails, or a payment has no intent to give back.
pub async fn write_refunds(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    currency: Currency,
    act: Uuid,
    refunds: usize,
) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = (0..refunds).map(|_| ctx.id::<Uuid>()).collect();
    let units = provider_amount(Money::from_minor(1, currency));
    let written = sqlx::query!(
        r#"insert into operation (book_id, operation_id, kind, subject_kind, subject_id, idempotency_key, path, body,
                                  run_at, created_at)
           select $1, given.id, $5, 'refund', refund_id, 'felag:' || $5 || ':' || given.id || ':1', 'v1/refunds',
                  'amount=' || (total * $6::bigint)
                    || '&metadata%5Bfelag_book%5D=' || $1::uuid
                    || '&metadata%5Bfelag_operation%5D=' || given.id
                    || '&metadata%5Bfelag_refund%5D=' || refund_id
                    || '&payment_intent=' || intent_ref, $4, $4
           from (select refund_id, refund.amount_minor + refund.tip_minor as total, intent_ref,
                        row_number() over (order by refund_id) as nth
                 from refund join payment using (book_id, payment_id)
                 where book_id = $1 and batch_id = $2) as asked
           join unnest($3::uuid[]) with ordinality as given (id, nth) using (nth)
           where intent_ref is not null"#,
        book as _,
        act,
        &ids,
        ctx.now(),
        Kind::CreateRefund.as_str(),
        units,
    )
    .execute(conn)
    .await?
    .rows_affected();
    anyhow::ensure!(
        usize::try_from(written)? == refunds,
        "{refunds} refunds make {written} requests"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use felag_domain::ids::RefundId;

    use super::*;
    use crate::payments::Subject;
    use crate::payments::requests::{Tag, create_refund};

    fn fields(body: &str) -> BTreeMap<String, String> {
        form_urlencoded::parse(body.as_bytes()).into_owned().collect()
    }

    #[test]
    fn the_form_written_here_is_the_one_that_a_single_refund_sends() {
        let uuid = Uuid::from_u128;
        let of = Subject::refund(BookId::from_uuid(uuid(1)), RefundId::from_uuid(uuid(2)));
        let tag = Tag {
            operation: uuid(3),
            of,
        };
        let single = create_refund(tag, "pi_1", Money::from_minor(3_300, Currency::EUR));
        let (book, operation, refund) = (uuid(1), uuid(3), uuid(2));
        // As the statement above puts it together.
        let many = format!(
            "amount={}&metadata%5Bfelag_book%5D={book}&metadata%5Bfelag_operation%5D={operation}\
             &metadata%5Bfelag_refund%5D={refund}&payment_intent=pi_1",
            3_300
        );
        assert_eq!(fields(&many), fields(&single.body));
        assert_eq!(single.path, "v1/refunds");
    }
}
