//! Refunds: never more than was paid and is not disputed. Some wait, some come back.

use serde_json::{Value, json};

use super::{
    book::{Booking, book},
    dispute::{held, left_of},
    page, paging,
    payment_method::effect,
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
    test_card::Effect,
};

const ONE_HOUR: i64 = 3_600;
const ONE_DAY: i64 = 86_400;

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let (intent, charge) = (p.text("payment_intent"), p.text("charge"));
    let amount = p.integer("amount")?;
    let reason = p.choice("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = p.metadata("metadata", None)?;
    p.finish()?;
    let mut charge = find_charge(tx, intent, charge).await?;
    let currency = Currency::find(charge.text("currency").unwrap_or(""))?;
    let amount = check(&charge, amount, currency)?;
    let mut refund = tx.make("refund", "re");
    refund.omit("livemode");
    let is_card = charge.data["payment_method_details"]["type"] == "card";
    for (name, value) in [
        ("amount", amount.into()),
        ("charge", charge.id.clone().into()),
        ("currency", currency.code.into()),
        ("description", Value::Null),
        ("destination_details", destination(is_card)),
        ("metadata", metadata),
        ("payment_intent", charge.data["payment_intent"].clone()),
        ("reason", reason.into()),
        ("receipt_number", Value::Null),
        ("source_transfer_reversal", Value::Null),
        ("status", "succeeded".into()),
        ("transfer_reversal", Value::Null),
    ] {
        refund.data[name] = value;
    }
    let kind = if is_card { "refund" } else { "payment_refund" };
    let booking = Booking::free(kind, -amount, tx.now);
    refund.data["balance_transaction"] = book(tx, &refund, currency, &booking).id.into();
    let method = charge.text("payment_method").unwrap_or("").to_owned();
    let method = tx.get("payment_method", &method, "payment_method").await?;
    match effect(&method) {
        Effect::RefundFails => refund.due = Some(tx.now + ONE_HOUR),
        Effect::RefundPends => {
            refund.data["status"] = "pending".into();
            refund.due = Some(tx.now + ONE_DAY);
        }
        _ => {}
    }
    change_refunded(&mut charge, amount);
    tx.put(&refund);
    tx.put(&charge);
    tx.emit("refund.created", &refund.data);
    tx.emit("charge.refunded", &charge.data);
    Ok(refund.data)
}

fn destination(is_card: bool) -> Value {
    match is_card {
        true => json!({ "card": { "reference": "sandbox", "reference_status": "available",
            "reference_type": "acquirer_reference_number", "type": "refund" }, "type": "card" }),
        false => json!({ "sepa_bank_transfer": { "reference": "sandbox", "reference_status": "available" },
            "type": "sepa_bank_transfer" }),
    }
}

/// The charge to give back, locked: Σ of its refunds is decided under this lock.
async fn find_charge(tx: &mut Tx, intent: Option<String>, charge: Option<String>) -> Outcome<Object> {
    let id = match (intent, charge) {
        (Some(intent), _) => {
            let intent = tx.get("payment_intent", &intent, "payment_intent").await?;
            if intent.status() != "succeeded" {
                let words = format!(
                    "This PaymentIntent ({}) does not have a successful charge to refund.",
                    intent.id
                );
                return Err(Fault::bad_param("payment_intent", words));
            }
            intent.text("latest_charge").unwrap_or("").to_owned()
        }
        (None, Some(charge)) => charge,
        (None, None) => return Err(Fault::missing_param("payment_intent")),
    };
    tx.lock("charge", &id, "charge").await
}

fn check(charge: &Object, amount: Option<i64>, currency: &Currency) -> Outcome<i64> {
    if charge.status() != "succeeded" {
        return Err(Fault::bad_param(
            "charge",
            "This charge was not paid, so it cannot be refunded.",
        ));
    }
    let left = left_of(charge);
    if left == 0 && held(charge) > 0 {
        let words = format!(
            "Charge {} has been charged back; cannot issue a refund.",
            charge.id
        );
        return Err(Fault::invalid(words).code("charge_disputed"));
    }
    if left == 0 {
        let words = format!("Charge {} has already been refunded.", charge.id);
        return Err(Fault::invalid(words).code("charge_already_refunded"));
    }
    let amount = amount.unwrap_or(left);
    if amount < 1 || amount % currency.step != 0 {
        return Err(Fault::bad_param("amount", "Invalid positive integer").code("parameter_invalid_integer"));
    }
    if amount > left {
        let words = format!(
            "Refund amount ({} {}) is greater than unrefunded amount on charge ({} {})",
            currency.write(amount),
            currency.code,
            currency.write(left),
            currency.code
        );
        return Err(Fault::bad_param("amount", words));
    }
    Ok(amount)
}

/// Moves what a charge has given back by `change`.
fn change_refunded(charge: &mut Object, change: i64) {
    let refunded = charge.number("amount_refunded") + change;
    charge.data["amount_refunded"] = refunded.into();
    charge.data["refunded"] = (refunded == charge.number("amount")).into();
}

/// The charge and the refund, locked in this order, here as everywhere.
async fn lock(tx: &mut Tx, id: &str) -> Outcome<(Object, Object)> {
    let seen = tx.get("refund", id, "refund").await?;
    let charge = seen.text("charge").unwrap_or("").to_owned();
    let charge = tx.lock("charge", &charge, "charge").await?;
    Ok((charge, tx.lock("refund", id, "refund").await?))
}

/// What the clock does to a refund: one that waited succeeds, one that looked well comes back.
pub(crate) async fn settle(tx: &mut Tx, id: &str) -> Outcome<()> {
    let (charge, mut refund) = lock(tx, id).await?;
    if refund.due.is_none_or(|due| due > tx.now) {
        return Ok(());
    }
    refund.due = None;
    match refund.status() {
        "pending" => succeed(tx, &mut refund),
        "succeeded" => come_back(tx, charge, &mut refund, "failed", "expired_or_canceled_card")?,
        _ => tx.put(&refund),
    }
    Ok(())
}

fn succeed(tx: &mut Tx, refund: &mut Object) {
    refund.due = None;
    refund.data["status"] = "succeeded".into();
    tx.emit("refund.updated", &refund.data);
    tx.put(refund);
}

/// The money of a refund returns to the balance.
fn come_back(
    tx: &mut Tx,
    mut charge: Object,
    refund: &mut Object,
    status: &str,
    reason: &str,
) -> Outcome<()> {
    let currency = Currency::find(refund.text("currency").unwrap_or(""))?;
    let amount = refund.number("amount");
    let booking = Booking::free("refund_failure", amount, tx.now);
    refund.due = None;
    refund.data["failure_balance_transaction"] = book(tx, refund, currency, &booking).id.into();
    refund.data["failure_reason"] = reason.into();
    refund.data["status"] = status.into();
    change_refunded(&mut charge, -amount);
    tx.put(&charge);
    tx.put(refund);
    tx.emit("refund.updated", &refund.data);
    if status == "failed" {
        tx.emit("refund.failed", &refund.data);
    }
    Ok(())
}

/// What a test makes of a refund: `fail`, or `succeed` if it waits.
pub(crate) async fn act(tx: &mut Tx, id: &str, what: &str) -> Outcome<Value> {
    let (charge, mut refund) = lock(tx, id).await?;
    match (what, refund.status()) {
        ("fail", "pending" | "succeeded") => {
            come_back(tx, charge, &mut refund, "failed", "lost_or_stolen_card")?;
        }
        ("succeed", "pending") => succeed(tx, &mut refund),
        (_, status) => {
            let words =
                format!("A refund that is {status} cannot {what}; it may fail, or succeed if pending.");
            return Err(Fault::bad_param("do", words));
        }
    }
    Ok(refund.data)
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut refund = tx.lock("refund", id, "refund").await?;
    refund.data["metadata"] = p.metadata("metadata", Some(&refund.data["metadata"]))?;
    p.finish()?;
    tx.emit("refund.updated", &refund.data);
    tx.put(&refund);
    Ok(refund.data)
}

pub(super) async fn cancel(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let (charge, mut refund) = lock(tx, id).await?;
    if refund.status() != "pending" {
        let words = format!(
            "You cannot cancel this refund because it has a status of {}.",
            refund.status()
        );
        return Err(Fault::invalid(words));
    }
    come_back(tx, charge, &mut refund, "canceled", "merchant_request")?;
    Ok(refund.data)
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    filter.parent = p.text("payment_intent");
    if let Some(id) = p.text("charge") {
        // Refunds are filed under their payment intent; that of the charge is where to look.
        let charge = tx.get("charge", &id, "charge").await?;
        filter.parent = charge.text("payment_intent").map(str::to_owned).or(filter.parent);
        filter.hold("charge", Some(id));
    }
    p.finish()?;
    page(tx, "refund", &filter).await
}
