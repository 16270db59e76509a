//! Everything a campaign collected goes back: one insert of rows, one of requests, one entry, whatever the number.
//! The workers send them; a crash loses nothing, because all of it is one transaction.

use felag_domain::bearing::Borne;
use felag_domain::entries::{self, Taken};
use felag_domain::ids::{BookId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Counted, SubjectKind};

/// The act that gives everything back.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    pub why: RefundWhy,
    /// `None` for what Felag does by itself.
    pub by: Option<PersonId>,
    pub words: &'a str,
}

/// Asks for everything that was given in a book and has not gone back and is in nobody's dispute; what was lent goes back
/// apart. How many refunds that makes; none when it is called again. The caller holds the campaign.
///
/// # Errors
/// When the database fails: nothing was asked for.
pub async fn ask_all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    currency: Currency,
    batch: &Batch<'_>,
) -> anyhow::Result<usize> {
    let many = store::refundable(conn, book).await?;
    if many == 0 {
        return Ok(0);
    }
    let ids: Vec<Uuid> = (0..many).map(|_| ctx.id::<Uuid>()).collect();
    let act = ctx.id::<Uuid>();
    let standing = ledger::standing(conn, book, currency).await?;
    store::insert_all(conn, ctx.now(), book, act, &ids, &standing, batch).await?;
    store::return_all(conn, book, act).await?;
    let sums = store::sums(conn, book, act).await?;
    let money = |minor| Money::from_minor(minor, currency);
    let taken = Taken {
        gift: Borne {
            held: money(sums.held),
            payable: money(sums.payable),
            receivable: money(sums.receivable),
        },
        tip: money(sums.tip),
        pot: entries::Pot::Gifts,
    };
    let entry = entries::refund_asked(book, &act.to_string(), &taken, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    payments::write_refunds(conn, ctx, book, currency, act, many).await?;
    count(conn, ctx, book, act).await?;
    tracing::info!(book = %book, refunds = many, "everything collected goes back: {}", batch.why);
    Ok(many)
}

/// The figures follow, kind by kind of what was paid.
async fn count(conn: &mut PgConnection, ctx: &Ctx, book: BookId, act: Uuid) -> anyhow::Result<()> {
    let counted = store::counted(conn, book, act).await?;
    for kind in SubjectKind::ALL {
        let of_kind: Vec<Counted> = counted
            .iter()
            .filter(|one| one.of.kind == kind)
            .copied()
            .collect();
        if let Some(returns) = (ctx.returns)(kind).filter(|_| !of_kind.is_empty()) {
            (returns.counted)(conn, book, &of_kind).await?;
        }
    }
    Ok(())
}
