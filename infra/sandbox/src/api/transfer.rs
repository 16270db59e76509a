//! Transfers: money from the platform's balance to a connected account's, and back.

use serde_json::{Value, json};

use super::{
    account::{self, platform_only},
    book::{Booking, book, check_amount, require_funds},
    page, paging, payout,
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

const NO_FUNDS: &str = "You have insufficient available funds in your Stripe account. Try adding funds directly \
    to your available balance by creating Charges using the 4000000000000077 test card.";
const NOT_ENOUGH_THERE: &str =
    "The connected account does not have enough money left to take this transfer back.";

/// What a transfer is asked to be.
struct Wish {
    amount: i64,
    currency: &'static Currency,
    destination: String,
    source: Option<String>,
    group: Option<String>,
    description: Option<String>,
    metadata: Value,
}

impl Wish {
    fn take(p: &mut Params) -> Outcome<Self> {
        let currency = Currency::find(&p.required("currency")?)?;
        let amount = p
            .integer("amount")?
            .ok_or_else(|| Fault::missing_param("amount"))?;
        let wish = Self {
            amount: check_amount(currency, amount, "amount")?,
            currency,
            destination: p.required("destination")?,
            source: p.text("source_transaction"),
            group: p.text("transfer_group"),
            description: p.text("description"),
            metadata: p.metadata("metadata", None)?,
        };
        p.choice("source_type", &["card"])?;
        p.finish()?;
        Ok(wish)
    }
}

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let mut wish = Wish::take(p)?;
    let mut account = account::lock(tx, &wish.destination, "destination").await?;
    if account.data["capabilities"]["transfers"] != "active" {
        let words = "Your destination account needs to have at least one of the following capabilities enabled: \
            transfers, crypto_transfers, legacy_payments";
        return Err(Fault::invalid(words).code("insufficient_capabilities_for_transfer"));
    }
    let available = match wish.source.clone() {
        None => {
            require_funds(tx, wish.currency, wish.amount, tx.now, NO_FUNDS).await?;
            tx.now
        }
        Some(charge) => {
            let (available, group) = take_from(tx, &charge, &wish).await?;
            wish.group = wish.group.or(group);
            available
        }
    };
    let mut transfer = make(tx, &wish);
    let booked = Booking::free("transfer", -wish.amount, available);
    transfer.data["balance_transaction"] = book(tx, &transfer, wish.currency, &booked).id.into();
    let payment = receive(tx, &mut transfer, &wish, available);
    transfer.data["destination_payment"] = payment.into();
    tx.put(&transfer);
    tx.emit("transfer.created", &transfer.data);
    payout::expect(tx, &mut account, available);
    Ok(transfer.data)
}

/// Checks that the charge can give that much. Returns when its money is there, and its group.
async fn take_from(tx: &mut Tx, id: &str, wish: &Wish) -> Outcome<(i64, Option<String>)> {
    const PARAM: &str = "source_transaction";
    let charge = tx.lock("charge", id, PARAM).await?;
    let booked = charge.text("balance_transaction").unwrap_or("").to_owned();
    if charge.status() != "succeeded" {
        return Err(Fault::bad_param(
            PARAM,
            "This charge was not paid: nothing can be transferred from it.",
        ));
    }
    if charge.text("currency") != Some(wish.currency.code) {
        let words =
            "The currency of source_transaction's balance transaction must be the same as the transfer's.";
        return Err(Fault::bad_param(PARAM, words).code("transfer_source_balance_parameters_mismatch"));
    }
    let left = charge.number("amount") - tx.taken_from(id).await?;
    if wish.amount > left {
        let words = format!(
            "Transfers using this transaction as a source must not exceed the source amount of {} {} ({} {} left).",
            wish.currency.write(charge.number("amount")),
            wish.currency.code,
            wish.currency.write(left),
            wish.currency.code
        );
        return Err(Fault::bad_param("amount", words));
    }
    let booked = tx.get("balance_transaction", &booked, PARAM).await?;
    let group = charge
        .text("transfer_group")
        .map_or_else(|| format!("group_{id}"), str::to_owned);
    Ok((booked.number("available_on").max(tx.now), Some(group)))
}

fn make(tx: &Tx, wish: &Wish) -> Object {
    let mut transfer = tx.make("transfer", "tr");
    let reversals = json!({ "object": "list", "data": [], "has_more": false, "total_count": 0,
        "url": format!("/v1/transfers/{}/reversals", transfer.id) });
    for (name, value) in [
        ("amount", wish.amount.into()),
        ("amount_reversed", 0.into()),
        ("balance_transaction", Value::Null),
        ("currency", wish.currency.code.into()),
        ("description", wish.description.clone().into()),
        ("destination", wish.destination.clone().into()),
        ("destination_payment", Value::Null),
        ("metadata", wish.metadata.clone()),
        ("reversals", reversals),
        ("reversed", false.into()),
        ("source_transaction", wish.source.clone().into()),
        ("source_type", "card".into()),
        ("transfer_group", wish.group.clone().into()),
    ] {
        transfer.data[name] = value;
    }
    transfer
}

/// The money arrives on the connected account, as a payment there. Returns the payment's id.
fn receive(tx: &mut Tx, transfer: &mut Object, wish: &Wish, available: i64) -> String {
    let home = tx.enter(Some(&wish.destination));
    let mut payment = tx.make("charge", "py");
    let booked = Booking::free("payment", wish.amount, available);
    let row = book(tx, &payment, wish.currency, &booked);
    let nobody = json!({ "address": null, "email": null, "name": null, "phone": null, "tax_id": null });
    for name in [
        "application",
        "application_fee",
        "application_fee_amount",
        "customer",
        "description",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "on_behalf_of",
        "outcome",
        "payment_intent",
        "payment_method",
        "receipt_email",
        "receipt_number",
        "receipt_url",
        "review",
        "shipping",
        "source",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
        "transfer_group",
    ] {
        payment.data[name] = Value::Null;
    }
    for (name, value) in [
        ("amount", wish.amount.into()),
        ("amount_captured", wish.amount.into()),
        ("amount_refunded", 0.into()),
        ("balance_transaction", row.id.into()),
        ("billing_details", nobody),
        ("calculated_statement_descriptor", Value::Null),
        ("captured", true.into()),
        ("currency", wish.currency.code.into()),
        ("disputed", false.into()),
        ("fraud_details", json!({})),
        ("metadata", json!({})),
        ("paid", true.into()),
        (
            "payment_method_details",
            json!({ "type": "stripe_account", "stripe_account": {} }),
        ),
        ("refunded", false.into()),
        ("source_transfer", transfer.id.clone().into()),
        ("status", "succeeded".into()),
    ] {
        payment.data[name] = value;
    }
    payment.hidden = json!({ "available": available });
    tx.put(&payment);
    tx.emit("payment.created", &payment.data);
    tx.enter(home.as_deref());
    payment.id
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let mut transfer = tx.lock("transfer", id, "transfer").await?;
    if let Some(text) = p.change("description") {
        transfer.data["description"] = text.into();
    }
    transfer.data["metadata"] = p.metadata("metadata", Some(&transfer.data["metadata"]))?;
    p.finish()?;
    tx.emit("transfer.updated", &transfer.data);
    tx.put(&transfer);
    Ok(transfer.data)
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    filter.parent = p.text("transfer_group");
    filter.hold("destination", p.text("destination"));
    p.finish()?;
    page(tx, "transfer", &filter).await
}

pub(super) async fn reverse(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let amount = p.integer("amount")?;
    // The description goes to the balance transaction; the reversal itself does not show it.
    let description = p.text("description");
    let metadata = p.metadata("metadata", None)?;
    p.boolean("refund_application_fee")?;
    p.finish()?;
    let mut transfer = tx.lock("transfer", id, "transfer").await?;
    let currency = Currency::find(transfer.text("currency").unwrap_or(""))?;
    let left = transfer.number("amount") - transfer.number("amount_reversed");
    if left == 0 {
        return Err(Fault::invalid(format!(
            "Transfer {id} has already been fully reversed."
        )));
    }
    let amount = check_amount(currency, amount.unwrap_or(left), "amount")?;
    if amount > left {
        let words = format!(
            "Reversal amount ({} {}) is greater than unreversed amount on transfer ({} {})",
            currency.write(amount),
            currency.code,
            currency.write(left),
            currency.code
        );
        return Err(Fault::bad_param("amount", words));
    }
    let mut reversal = tx.make("transfer_reversal", "trr");
    let (refund, available) = give_back(tx, &transfer, &reversal, currency, amount).await?;
    let booked = Booking::free("transfer_refund", amount, available);
    for (name, value) in [
        ("amount", amount.into()),
        ("currency", currency.code.into()),
        ("destination_payment_refund", refund.into()),
        ("metadata", metadata),
        ("source_refund", Value::Null),
        ("transfer", id.into()),
    ] {
        reversal.data[name] = value;
    }
    reversal.data["description"] = description.into();
    reversal.data["balance_transaction"] = book(tx, &reversal, currency, &booked).id.into();
    for name in ["description", "livemode"] {
        reversal.omit(name);
    }
    let reversed = transfer.number("amount_reversed") + amount;
    transfer.data["amount_reversed"] = reversed.into();
    transfer.data["reversed"] = (reversed == transfer.number("amount")).into();
    let known = &mut transfer.data["reversals"];
    known["total_count"] = (known["total_count"].as_i64().unwrap_or(0) + 1).into();
    if let Some(rows) = known["data"].as_array_mut() {
        rows.insert(0, reversal.data.clone());
        rows.truncate(10);
    }
    known["has_more"] = (known["total_count"].as_i64() > Some(10)).into();
    tx.put(&reversal);
    tx.put(&transfer);
    tx.emit("transfer.reversed", &transfer.data);
    Ok(reversal.data)
}

/// The connected account gives money back. Returns the refund's id there and when the platform has the money:
/// what has not arrived yet goes back as it would have come.
async fn give_back(
    tx: &mut Tx,
    transfer: &Object,
    reversal: &Object,
    currency: &'static Currency,
    amount: i64,
) -> Outcome<(String, i64)> {
    let home = tx.enter(transfer.text("destination"));
    let payment = transfer.text("destination_payment").unwrap_or("").to_owned();
    let mut payment = tx.lock("charge", &payment, "transfer").await?;
    let available = payment.hidden["available"].as_i64().unwrap_or(0).max(tx.now);
    require_funds(tx, currency, amount, available, NOT_ENOUGH_THERE).await?;
    let mut refund = tx.make("refund", "pyr");
    let booked = Booking::free("payment_refund", -amount, available);
    for (name, value) in [
        ("amount", amount.into()),
        ("charge", payment.id.clone().into()),
        ("currency", currency.code.into()),
        ("destination_details", Value::Null),
        ("metadata", json!({})),
        ("payment_intent", Value::Null),
        ("reason", Value::Null),
        ("receipt_number", Value::Null),
        ("source_transfer_reversal", reversal.id.clone().into()),
        ("status", "succeeded".into()),
        ("transfer_reversal", Value::Null),
    ] {
        refund.data[name] = value;
    }
    refund.data["balance_transaction"] = book(tx, &refund, currency, &booked).id.into();
    let refunded = payment.number("amount_refunded") + amount;
    payment.data["amount_refunded"] = refunded.into();
    payment.data["refunded"] = (refunded == payment.number("amount")).into();
    tx.put(&refund);
    tx.put(&payment);
    tx.emit("charge.refunded", &payment.data);
    tx.enter(home.as_deref());
    Ok((refund.id, available))
}

pub(super) async fn reversals(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    p.finish()?;
    tx.get("transfer", id, "transfer").await?;
    filter.parent = Some(id.into());
    let mut list = page(tx, "transfer_reversal", &filter).await?;
    list["url"] = format!("/v1/transfers/{id}/reversals").into();
    Ok(list)
}

pub(super) async fn reversal(tx: &mut Tx, id: &str, reversal: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let found = tx.get("transfer_reversal", reversal, "id").await?;
    match found.text("transfer") == Some(id) {
        true => Ok(found.data),
        false => Err(Fault::unknown_object("transfer_reversal", reversal, "id")),
    }
}
