//! Asking for one refund: the row, the payment, the books, the figures and the request in one transaction.

use felag_domain::bearing::bear;
use felag_domain::entries::{self, Pot};
use felag_domain::ids::{BookId, PersonId, RefundId};
use felag_domain::refund::{RefundRefusal, RefundState, RefundWhy, Returned, Wish};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Refund, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::payment::{self, Payment};
use crate::payments::{self, Counted, Kind, Return, Step, Subject, SubjectKind, requests, unit};
use crate::planted::{self, Plant};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub payment: Uuid,
    pub wish: Wish,
    pub why: RefundWhy,
    /// `None` for what Felag does by itself.
    pub by: Option<PersonId>,
    pub words: &'a str,
    /// Made with the form: the same form sent twice makes one refund.
    pub key: Uuid,
}

/// Why nothing was asked for. Nothing has changed.
#[derive(Debug)]
pub enum NotAsked {
    Refused(RefundRefusal),
    /// The same form was sent before with another amount, or about another payment.
    OtherForm,
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for NotAsked {
    fn from(cause: E) -> Self {
        Self::Failed(cause.into())
    }
}

/// Money that must not stay goes back by itself, whole: it came in after what it was for had ended, or that is over.
pub async fn ask_by_itself(
    conn: &mut PgConnection,
    ctx: &Ctx,
    of: Subject,
    why: RefundWhy,
) -> anyhow::Result<()> {
    let (kind, subject) = (of.kind.as_str(), of.id);
    let Some(payment) = payment::last_of(conn, of).await? else {
        anyhow::bail!("{kind} {subject} has no payment to give back");
    };
    tracing::warn!("the payment of {kind} {subject} goes back by itself: {why}");
    let order = Order {
        payment: payment.id,
        wish: Wish::Whole,
        why,
        by: None,
        words: "",
        // One per payment, however often this is heard.
        key: payment.id,
    };
    match ask(conn, ctx, payment.book, &order).await {
        // A refund or a dispute was quicker.
        Ok(_) | Err(NotAsked::Refused(_) | NotAsked::OtherForm) => Ok(()),
        Err(NotAsked::Failed(cause)) => Err(cause),
    }
}

/// Asks for a refund. The caller holds the campaign, if the book is one's ([`super::hold_campaign`]).
///
/// # Errors
/// [`NotAsked`]: in words, or because the database failed.
pub async fn ask(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    order: &Order<'_>,
) -> Result<Refund, NotAsked> {
    let payment = payment::lock(conn, book, order.payment).await?;
    let payment = payment.ok_or_else(|| anyhow::anyhow!("no payment {}", order.payment))?;
    if let Some(before) = store::of_request(conn, book, order.key).await? {
        return if is_same(&before, order) {
            Ok(before)
        } else {
            Err(NotAsked::OtherForm)
        };
    }
    let refund = decide(conn, ctx, &payment, order).await?;
    store::insert(conn, &refund, order).await?;
    payment::add_refunded(
        conn,
        book,
        payment.id,
        (refund.amount.minor(), refund.tip.minor()),
    )
    .await?;
    let cause = refund.id.to_string();
    let entry = entries::refund_asked(book, &cause, &refund.taken(), refund.created_at)?;
    ledger::post(conn, ctx, vec![entry]).await?;
    send(conn, ctx, &payment, &refund).await?;
    tell(conn, ctx, &payment, &refund).await?;
    Ok(refund)
}

fn is_same(before: &Refund, order: &Order<'_>) -> bool {
    let same_wish = match order.wish {
        Wish::Whole => before.is_whole,
        Wish::Part(part) => !before.is_whole && before.amount == part,
        Wish::Rest => !before.is_whole,
    };
    same_wish && before.payment == order.payment
}

/// What a wish takes of a payment, if it may be had: by our rules, and by what the provider can send.
///
/// # Errors
/// Why not.
pub fn possible(payment: &Payment, wish: Wish) -> Result<Returned, RefundRefusal> {
    let back = payment.paid().give_back(wish)?;
    let total = back.gift.checked_add(back.tip);
    if total.is_ok_and(unit::can_be_charged) {
        Ok(back)
    } else {
        Err(RefundRefusal::NotSendable)
    }
}

/// What goes back, and what it is taken from.
async fn decide(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &Payment,
    order: &Order<'_>,
) -> Result<Refund, NotAsked> {
    let back = possible(payment, order.wish).map_err(NotAsked::Refused)?;
    let pot = match payment.of.kind {
        SubjectKind::Commitment => Pot::Loan,
        SubjectKind::Repayment => Pot::Repayments,
        _ => Pot::Gifts,
    };
    let currency = payment.amount.currency();
    let standing = ledger::standing_of(conn, payment.book, currency, pot).await?;
    Ok(Refund {
        book: payment.book,
        id: ctx.id::<RefundId>(),
        payment: payment.id,
        state: RefundState::Asked,
        why: order.why,
        words: order.words.to_string(),
        amount: back.gift,
        tip: back.tip,
        borne: bear(back.gift, standing.held, standing.payable)?,
        is_whole: order.wish == Wish::Whole,
        pot,
        is_new: true,
        reference: None,
        batch: None,
        left_at: None,
        created_at: ctx.now(),
        settled_at: None,
        failure: None,
    })
}

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &Payment,
    refund: &Refund,
) -> Result<(), NotAsked> {
    let Some(intent) = &payment.intent else {
        return Err(anyhow::anyhow!("payment {} has no intent", payment.id).into());
    };
    let total = refund.total()?;
    payments::write(
        conn,
        ctx,
        Subject::refund(refund.book, refund.id),
        Kind::CreateRefund,
        |tag| requests::create_refund(tag, intent, total),
    )
    .await?;
    Ok(())
}

/// The figures follow, and people are told.
async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &Payment,
    refund: &Refund,
) -> Result<(), NotAsked> {
    let Some(returns) = (ctx.returns)(payment.of.kind) else {
        return Ok(());
    };
    let after = Payment {
        refunded: payment.refunded.checked_add(refund.amount)?,
        ..payment.clone()
    };
    let counted = Counted {
        of: payment.of,
        minor: after.collected().minor() - payment.collected().minor(),
    };
    if !planted::is(Plant::RefundNotCounted) {
        (returns.counted)(conn, payment.book, &[counted]).await?;
    }
    let told = step(payment, refund, Step::Asked);
    (returns.tell)(ctx, conn, payment.book, &[told]).await?;
    Ok(())
}

/// A refund's step, as it is told.
pub(super) fn step(payment: &Payment, refund: &Refund, step: Step) -> Return {
    Return {
        of: payment.of,
        id: refund.id,
        gift: refund.amount,
        tip: refund.tip,
        why: refund.why,
        words: refund.words.clone(),
        step,
    }
}
