//! The sandbox's own book: one balance transaction for each movement of money, and the balance that is their sum.

use serde_json::{Value, json};

use super::{page, paging};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

/// What is written to the balance.
pub(super) struct Booking {
    /// The `type` of the balance transaction.
    pub kind: &'static str,
    pub amount: i64,
    /// What it costs, in units; less than zero when a fee is given back.
    pub fee: i64,
    /// From when on the money can be paid out, unix seconds.
    pub available: i64,
}

impl Booking {
    /// Money that moves at once and costs nothing.
    pub(super) fn free(kind: &'static str, amount: i64, available: i64) -> Self {
        Self {
            kind,
            amount,
            fee: 0,
            available,
        }
    }

    /// How Stripe groups the types in its reports.
    fn category(&self) -> &'static str {
        match self.kind {
            "payment" => "charge",
            "payment_refund" => "refund",
            "transfer_refund" => "transfer_reversal",
            "payout_failure" | "payout_cancel" => "payout_reversal",
            "adjustment" if self.amount < 0 => "dispute",
            "adjustment" => "dispute_reversal",
            other => other,
        }
    }

    fn fee_name(&self) -> &'static str {
        match self.kind {
            "adjustment" => "Dispute fee",
            _ => "Sandbox processing fee",
        }
    }
}

/// Writes a balance transaction whose source is `source`.
pub(super) fn book(tx: &mut Tx, source: &Object, currency: &Currency, booked: &Booking) -> Object {
    let mut row = tx.make("balance_transaction", "txn");
    let fees = match booked.fee {
        0 => json!([]),
        fee => json!([{ "amount": fee, "application": null, "currency": currency.code,
            "description": booked.fee_name(), "type": "stripe_fee" }]),
    };
    for (name, value) in [
        ("amount", booked.amount.into()),
        ("available_on", booked.available.into()),
        ("balance_type", "payments".into()),
        ("currency", currency.code.into()),
        ("description", source.data["description"].clone()),
        ("exchange_rate", Value::Null),
        ("fee", booked.fee.into()),
        ("fee_details", fees),
        ("net", (booked.amount - booked.fee).into()),
        ("reporting_category", booked.category().into()),
        ("source", source.id.clone().into()),
        ("status", "pending".into()),
        ("type", booked.kind.into()),
    ] {
        row.data[name] = value;
    }
    row.omit("livemode");
    tx.put(&row);
    row
}

pub(super) async fn balance(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let rows = tx.balance().await?;
    let part = |pick: fn(&(String, i64, i64)) -> i64| -> Vec<Value> {
        let line =
            |row| json!({ "amount": pick(row), "currency": row.0, "source_types": { "card": pick(row) } });
        rows.iter().map(line).collect()
    };
    Ok(
        json!({ "object": "balance", "available": part(|row| row.1), "livemode": false,
        "pending": part(|row| row.2) }),
    )
}

/// The balance transactions of the account, filtered as Stripe filters them.
pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    filter.parent = p.text("source");
    filter.types = p.text("type").map(|one| vec![one]);
    filter.hold(
        "currency",
        p.text("currency").map(|code| code.to_ascii_lowercase()),
    );
    let payout = p.text("payout");
    p.finish()?;
    if let Some(id) = payout {
        let payout = tx.get("payout", &id, "payout").await?;
        if payout.data["automatic"] != true {
            let words =
                "Balance transaction history can only be filtered on automatic transfers, not manual.";
            return Err(Fault::bad_param("payout", words));
        }
        filter.customer = Some(id);
    }
    page(tx, "balance_transaction", &filter).await
}

/// Refuses a movement that the account has no money for. `until` is when the money has to be there.
pub(super) async fn require_funds(
    tx: &mut Tx,
    currency: &Currency,
    amount: i64,
    until: i64,
    words: &str,
) -> Outcome<()> {
    if tx.funds(currency.code, until).await? >= amount {
        return Ok(());
    }
    Err(Fault::invalid(words).code("balance_insufficient"))
}

/// A positive amount in whole steps of its currency.
pub(super) fn check_amount(currency: &Currency, amount: i64, param: &str) -> Outcome<i64> {
    if amount < 1 {
        let words = "This value must be greater than or equal to 1.";
        return Err(Fault::bad_param(param, words).code("parameter_invalid_integer"));
    }
    if amount > currency.max * 100 || amount % currency.step != 0 {
        let words = format!(
            "Amounts in {} must be a multiple of {}, and not absurd",
            currency.code, currency.step
        );
        return Err(Fault::bad_param(param, words).code("parameter_invalid_integer"));
    }
    Ok(amount)
}
