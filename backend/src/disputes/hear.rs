//! What the provider says of disputes: in any order, any number of times. A dispute names no pledge of ours; its
//! subject is the payment whose charge it names.

use felag_domain::bearing::{Borne, bear};
use felag_domain::campaign::CampaignState;
use felag_domain::dispute::{DisputeState, next, parts};
use felag_domain::entries;
use felag_domain::ids::{BookId, DisputeId};
use felag_domain::money::{Currency, Money};
use felag_domain::refund::{RefundWhy, Returned, Wish};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::store::Said;
use super::{Dispute, back, jobs, mail, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::{self, BalanceTransaction};
use crate::payments::payment::{self, Payment};
use crate::payments::unit::our_amount;
use crate::payments::{Answered, Counted, Heard, Kind, News, Outcome, Told};
use crate::planted::{self, Plant};
use crate::refunds::{self, NotAsked, Order};

/// Answers to what the project said to the bank.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    Box::pin(async move {
        for one in answered {
            match &one.outcome {
                Outcome::Done(object) => {
                    seen(conn, ctx, book, one.operation.of.id, object).await?;
                }
                Outcome::Refused(trouble) => {
                    let path = &one.operation.request.path;
                    tracing::error!(code = trouble.short(), "alarm: {path} was refused");
                    let reference = path.trim_start_matches("v1/disputes/").trim_end_matches("/close");
                    let said = match one.operation.kind {
                        Kind::CloseDispute => Said::Accepted,
                        _ => Said::Evidence,
                    };
                    store::note_said(conn, book, reference, said, None).await?;
                }
            }
        }
        Ok(())
    })
}

/// Events: disputes as they stand now. Returns the payments that are not known (yet).
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async move {
        let mut unknown = Vec::new();
        for one in news {
            if let Told::Dispute(object) = &one.told
                && !seen(conn, ctx, book, one.of.id, object).await?
            {
                unknown.push(one.of.id);
            }
        }
        Ok(unknown)
    })
}

/// Acts on a dispute as the provider shows it. False when its payment is not known.
pub(super) async fn seen(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    payment: Uuid,
    object: &Value,
) -> anyhow::Result<bool> {
    let shown: objects::Dispute = serde_json::from_value(object.clone())?;
    let Some(heard) = DisputeState::of_provider(&shown.status) else {
        anyhow::bail!("dispute {} is {}, which we do not know", shown.id, shown.status);
    };
    refunds::hold_campaign(conn, book).await?;
    let Some(mut payment) = payment::lock(conn, book, payment).await? else {
        return Ok(false);
    };
    let before = store::lock(conn, book, &shown.id).await?;
    let mut dispute = match &before {
        Some(before) => before.clone(),
        None => fresh(ctx, &payment, &shown, heard)?,
    };
    dispute.state = next(dispute.state, heard)?;
    dispute.due_at = due(&shown).or(dispute.due_at);
    dispute.reason = shown.reason.clone();
    // An inquiry may become a dispute over less, when part of the payment went back meanwhile.
    dispute.disputed = ours(shown.amount, payment.amount.currency())?;
    if dispute.state.is_decided() && dispute.decided_at.is_none() {
        dispute.decided_at = Some(ctx.now());
    }
    // The row first: what is booked below hangs from it.
    if before.as_ref() != Some(&dispute) {
        store::put(conn, &dispute, ctx.now()).await?;
    }
    take(conn, ctx, &mut payment, &mut dispute, &shown).await?;
    give_back(conn, ctx, &mut payment, &mut dispute, &shown).await?;
    tell(conn, ctx, before.as_ref(), &dispute).await?;
    let is_lost = dispute.state == DisputeState::Lost && dispute.taken_at.is_some();
    if let Some(bank) = back::bank(ctx, &payment).filter(|_| is_lost) {
        (bank.lost)(ctx, conn, &back::taken_of(&payment, &dispute)).await?;
    }
    Ok(true)
}

fn due(shown: &objects::Dispute) -> Option<OffsetDateTime> {
    let at = shown.evidence_details.due_by?;
    OffsetDateTime::from_unix_timestamp(at).ok()
}

fn fresh(
    ctx: &Ctx,
    payment: &Payment,
    shown: &objects::Dispute,
    state: DisputeState,
) -> anyhow::Result<Dispute> {
    let currency = payment.amount.currency();
    let zero = Money::zero(currency);
    let nothing = Borne {
        held: zero,
        payable: zero,
        receivable: zero,
    };
    Ok(Dispute {
        book: payment.book,
        id: ctx.id::<DisputeId>(),
        payment: payment.id,
        reference: shown.id.clone(),
        state,
        reason: shown.reason.clone(),
        disputed: ours(shown.amount, currency)?,
        gift: nothing,
        tip: zero,
        of_loan: false,
        fee: nothing,
        taken_at: None,
        returned_at: None,
        due_at: due(shown),
        evidence_at: None,
        accepted_at: None,
        opened_at: shown.created,
        decided_at: None,
    })
}

fn ours(units: i64, currency: Currency) -> anyhow::Result<Money> {
    our_amount(units, currency).ok_or_else(|| anyhow::anyhow!("{units} is no amount of {currency}"))
}

/// The lines of the provider's balance in one direction.
fn line(shown: &objects::Dispute, is_out: bool) -> Option<&BalanceTransaction> {
    shown
        .balance_transactions
        .iter()
        .find(|line| (line.amount < 0) == is_out)
}

/// What the bank took is booked once it left the provider's balance.
async fn take(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &mut Payment,
    dispute: &mut Dispute,
    shown: &objects::Dispute,
) -> anyhow::Result<()> {
    let is_new = dispute.taken_at.is_none() && !planted::is(Plant::DisputeIgnored);
    let Some(line) = line(shown, true).filter(|_| is_new) else {
        return Ok(());
    };
    let currency = payment.amount.currency();
    let (away, fee) = (ours(-line.amount, currency)?, ours(line.fee, currency)?);
    let gone = refunds::left_of(conn, payment.book, payment.id, currency).await?;
    let (gift, tip) = parts(
        away,
        payment.amount.checked_sub(gone.gift)?,
        payment.tip.checked_sub(gone.tip)?,
    );
    dispute.of_loan = payment.of.kind == crate::payments::SubjectKind::Commitment;
    let mut standing = ledger::standing_of(conn, payment.book, currency, dispute.taken().pot).await?;
    if payment.of.kind == crate::payments::SubjectKind::Repayment {
        // What others gave or lent does not pay for a debit that comes back: the project owes it.
        (standing.held, standing.payable) = (Money::zero(currency), Money::zero(currency));
    }
    dispute.gift = bear(gift, standing.held, standing.payable)?;
    dispute.tip = tip;
    dispute.fee = bear(
        fee,
        standing.held.checked_sub(dispute.gift.held)?,
        standing.payable.checked_sub(dispute.gift.payable)?,
    )?;
    dispute.taken_at = Some(line.created);
    let entry = entries::dispute_opened(
        payment.book,
        &dispute.reference,
        &dispute.taken(),
        &dispute.fee,
        line.created,
    )?;
    ledger::post(conn, ctx, vec![entry]).await?;
    store::put(conn, dispute, ctx.now()).await?;
    let disputed = Returned {
        gift: payment.gift_disputed.checked_add(gift)?,
        tip: payment
            .disputed
            .checked_sub(payment.gift_disputed)?
            .checked_add(tip)?,
    };
    hold(conn, ctx, payment, disputed).await?;
    match back::bank(ctx, payment) {
        Some(bank) => (bank.taken)(ctx, conn, &back::taken_of(payment, dispute)).await,
        None => Ok(()),
    }
}

/// What came back is booked as it was taken, once it is in the provider's balance again.
async fn give_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &mut Payment,
    dispute: &mut Dispute,
    shown: &objects::Dispute,
) -> anyhow::Result<()> {
    if dispute.taken_at.is_none() || dispute.returned_at.is_some() {
        return Ok(());
    }
    let Some(line) = line(shown, false) else {
        return Ok(());
    };
    let currency = payment.amount.currency();
    let taken = dispute.gift.total()?.checked_add(dispute.tip)?;
    anyhow::ensure!(
        ours(line.amount, currency)? == taken,
        "alarm: dispute {} took {taken} and gave back {} units",
        dispute.reference,
        line.amount
    );
    if planted::is(Plant::SplitAtReversal) {
        let standing = ledger::standing(conn, payment.book, currency).await?;
        dispute.gift = bear(dispute.gift.total()?, standing.held, standing.payable)?;
    }
    let fee = dispute.fee.total()?;
    let has_fee = !fee.is_zero() && ours(-line.fee, currency)? == fee;
    anyhow::ensure!(
        has_fee || line.fee == 0,
        "alarm: dispute {} cost {fee} and gave back {} units of it",
        dispute.reference,
        line.fee
    );
    let pending = back::book(conn, ctx, payment, dispute, (line.created, has_fee)).await?;
    dispute.returned_at = Some(line.created);
    store::put(conn, dispute, ctx.now()).await?;
    let gift = payment.gift_disputed.checked_sub(dispute.gift.total()?)?;
    let disputed = Returned {
        gift,
        tip: payment.disputed.checked_sub(taken)?.checked_sub(gift)?,
    };
    hold(conn, ctx, payment, disputed).await?;
    if let Some(bank) = back::bank(ctx, payment) {
        (bank.came)(ctx, conn, &back::taken_of(payment, dispute), pending).await?;
    }
    give_on(conn, ctx, payment, dispute).await
}

/// What a bank holds of a payment now, and the figures with it.
async fn hold(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &mut Payment,
    disputed: Returned,
) -> anyhow::Result<()> {
    let before = payment.collected();
    payment::set_disputed(conn, payment.book, payment.id, disputed).await?;
    payment.gift_disputed = disputed.gift;
    payment.disputed = disputed.gift.checked_add(disputed.tip)?;
    if let Some(returns) = (ctx.returns)(payment.of.kind) {
        let counted = Counted {
            of: payment.of,
            minor: payment.collected().minor() - before.minor(),
        };
        (returns.counted)(conn, payment.book, &[counted]).await?;
    }
    Ok(())
}

/// A campaign that gave everything back gives this back, too.
async fn give_on(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &Payment,
    dispute: &Dispute,
) -> anyhow::Result<()> {
    let state = sqlx::query_scalar!(
        r#"select state as "state: CampaignState" from campaign where campaign_id = $1"#,
        payment.book.as_uuid()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let why = match state {
        Some(CampaignState::Cancelled) => RefundWhy::Cancelled,
        Some(CampaignState::Unwound) => RefundWhy::Unwound,
        _ => return Ok(()),
    };
    let order = Order {
        payment: payment.id,
        wish: Wish::Whole,
        why,
        by: None,
        words: "",
        key: dispute.id.as_uuid(),
    };
    match refunds::ask(conn, ctx, payment.book, &order).await {
        Ok(_) | Err(NotAsked::Refused(_) | NotAsked::OtherForm) => Ok(()),
        Err(NotAsked::Failed(cause)) => Err(cause),
    }
}

/// Once when it begins, once when an inquiry becomes a dispute, once at its end.
async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    before: Option<&Dispute>,
    dispute: &Dispute,
) -> anyhow::Result<()> {
    if before.map(|before| before.state) == Some(dispute.state) {
        return Ok(());
    }
    if dispute.state.is_decided() {
        return mail::decided(conn, ctx, dispute).await;
    }
    mail::opened(conn, ctx, dispute).await?;
    jobs::remind(conn, ctx, dispute).await
}
