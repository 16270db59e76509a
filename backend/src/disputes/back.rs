//! What a bank gives back once it decided for the project, and what follows from it for what was paid.

use felag_domain::entries;
use felag_domain::ledger::AccountCode;
use felag_domain::money::Money;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Dispute;
use crate::ctx::Ctx;
use crate::payments::payment::Payment;
use crate::payments::{Away, Bank};
use crate::{ledger, refunds, repayments};

/// What follows from it for what was paid.
pub(super) fn bank(ctx: &Ctx, payment: &Payment) -> Option<Bank> {
    (ctx.returns)(payment.of.kind).and_then(|returns| returns.bank)
}

pub(super) fn taken_of(payment: &Payment, dispute: &Dispute) -> Away {
    Away {
        of: payment.of,
        dispute: dispute.reference.clone(),
        owed: dispute.gift.receivable,
    }
}

/// Books what came back as it was taken. The project may have made up for what it owed meanwhile: so much of it is its
/// own, and what it owes never falls below nothing. Returns how much of that stands as pending.
pub(super) async fn book(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payment: &Payment,
    dispute: &Dispute,
    (at, with_fee): (OffsetDateTime, bool),
) -> anyhow::Result<Money> {
    let away = taken_of(payment, dispute);
    let bank = bank(ctx, payment);
    if let Some(bank) = bank {
        (bank.won)(ctx, conn, &away).await?;
    }
    let currency = payment.amount.currency();
    let mut wanted = refunds::wanted_on_payable(conn, payment.book).await?;
    let mut back = dispute.taken();
    back.gift = refunds::lands(back.gift, &mut wanted)?;
    let mut fee = refunds::lands(dispute.fee, &mut wanted)?;
    let owed = repayments::owed_now(conn, payment.book, currency).await?;
    let of_fee = if with_fee { fee.receivable.minor() } else { 0 };
    let gift = back.gift.receivable.minor().min(owed.minor());
    let rest = of_fee.min(owed.minor() - gift);
    let beyond = back.gift.receivable.minor() - gift + of_fee - rest;
    back.gift.receivable = Money::from_minor(gift, currency);
    fee.receivable = Money::from_minor(rest, currency);
    let beyond = Money::from_minor(beyond, currency);
    let beyond = match bank {
        Some(bank) if beyond.is_positive() => (bank.lands)(ctx, conn, &away, beyond).await?,
        _ => vec![(AccountCode::Held, beyond)],
    };
    let entry = entries::dispute_won(
        payment.book,
        &dispute.reference,
        &back,
        with_fee.then_some(&fee),
        &beyond,
        at,
    )?;
    ledger::post(conn, ctx, vec![entry]).await?;
    let pending = beyond
        .iter()
        .filter(|(account, _)| *account == AccountCode::Pending)
        .map(|(_, amount)| amount.minor())
        .sum();
    Ok(Money::from_minor(pending, currency))
}
