//! Everything a campaign collected goes back: one insert of rows, one of requests, one entry, whatever the number.
//! The workers send them; a crash loses nothing, because all of it is one transaction.

use felag_domain::bearing::Borne;
use felag_domain::entries::{self, Taken};
use felag_domain::ids::{BookId, PersonId, RefundId};
use felag_domain::money::{Currency, Money};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Counted, Kind, Subject, SubjectKind, requests};

/// The act that gives everything back.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    pub why: RefundWhy,
    /// `None` for what Felag does by itself.
    pub by: Option<PersonId>,
    pub words: &'a str,
}

/// A refund that was just written.
pub struct Written {
    pub id: RefundId,
    pub of_kind: SubjectKind,
    pub of_id: Uuid,
    pub intent: Option<String>,
    pub gift_minor: i64,
    pub tip_minor: i64,
    /// What it takes off the figures.
    pub counted_minor: i64,
}

/// Asks for everything of a book's payments that has not gone back and is in nobody's dispute. How many refunds that
/// makes; none when it is called again. The caller holds the campaign.
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
    let many = store::hold_refundable(conn, book).await?;
    if many == 0 {
        return Ok(0);
    }
    let ids: Vec<Uuid> = (0..many).map(|_| ctx.id::<Uuid>()).collect();
    let act = ctx.id::<Uuid>();
    let standing = ledger::standing(conn, book, currency).await?;
    let written = store::insert_all(conn, ctx.now(), book, act, &ids, &standing, batch).await?;
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
    };
    let entry = entries::refund_asked(book, &act.to_string(), &taken, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    send(conn, ctx, book, currency, &written).await?;
    count(conn, ctx, book, &written).await?;
    tracing::info!(book = %book, refunds = written.len(), "everything collected goes back: {}", batch.why);
    Ok(written.len())
}

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    currency: Currency,
    written: &[Written],
) -> anyhow::Result<()> {
    let mut orders = Vec::with_capacity(written.len());
    for one in written {
        let Some(intent) = one.intent.clone() else {
            anyhow::bail!("the payment of refund {} has no intent", one.id);
        };
        let total = Money::from_minor(one.gift_minor + one.tip_minor, currency);
        orders.push((Subject::refund(book, one.id), move |tag| {
            requests::create_refund(tag, &intent, total)
        }));
    }
    payments::write_all(conn, ctx, Kind::CreateRefund, orders).await?;
    Ok(())
}

/// The figures follow, kind by kind of what was paid.
async fn count(conn: &mut PgConnection, ctx: &Ctx, book: BookId, written: &[Written]) -> anyhow::Result<()> {
    for kind in SubjectKind::ALL {
        let counted: Vec<Counted> = written
            .iter()
            .filter(|one| one.of_kind == kind)
            .map(|one| Counted {
                of: Subject {
                    book,
                    kind,
                    id: one.of_id,
                },
                minor: one.counted_minor,
            })
            .collect();
        if let Some(returns) = (ctx.returns)(kind).filter(|_| !counted.is_empty()) {
            (returns.counted)(conn, book, &counted).await?;
        }
    }
    Ok(())
}
