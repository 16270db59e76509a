//! Charges: the one place where the sandbox's money moves, with its balance transaction, and what a declined
//! charge leaves behind.

use serde_json::{Value, json};

use super::{
    book::{Booking, book},
    debit,
    intent::{self, Bank},
    payment_method::{effect, join},
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    test_card::{AUTHENTICATION, DebitEnd, Decline, Effect, FUNDS, GENERIC},
};

const TWO_DAYS: i64 = 2 * 86_400;
const ONE_HOUR: i64 = 3_600;

/// Under what circumstances a charge is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presence {
    /// The person is not there: the bank cannot ask.
    pub off_session: bool,
    /// The bank has asked, and the person said yes.
    pub authenticated: bool,
}

enum Verdict {
    Charge,
    Ask,
    Wait,
    /// A debit, which takes that many days.
    Debit(i64),
    Refuse(Decline),
}

fn verdict(effect: Effect, set_up: bool, how: Presence) -> Verdict {
    let ask = if how.off_session {
        Verdict::Refuse(AUTHENTICATION)
    } else {
        Verdict::Ask
    };
    match effect {
        Effect::Works
        | Effect::AvailableAtOnce
        | Effect::RefundFails
        | Effect::RefundPends
        | Effect::Disputed { .. } => Verdict::Charge,
        Effect::Declines(decline) | Effect::DeclinesCharges(decline) => Verdict::Refuse(decline),
        Effect::AsksUnlessSetUp if set_up || how.authenticated => Verdict::Charge,
        Effect::AsksAlways if how.authenticated => Verdict::Charge,
        Effect::AsksUnlessSetUp | Effect::AsksAlways => ask,
        Effect::AsksThenNoFunds if set_up || how.authenticated || how.off_session => Verdict::Refuse(FUNDS),
        Effect::AsksThenNoFunds => Verdict::Ask,
        Effect::Slow { .. } => Verdict::Wait,
        Effect::Debits { days, .. } => Verdict::Debit(days),
    }
}

/// Tries to charge a locked intent with a card. The intent says afterwards how it went; a decline is an
/// error that is kept.
pub(super) async fn attempt(
    tx: &mut Tx,
    intent: &mut Object,
    method: &Object,
    how: Presence,
    bank: Option<Bank<'_>>,
) -> Outcome<()> {
    intent.data["payment_method"] = method.id.clone().into();
    intent.data["next_action"] = Value::Null;
    let set_up = method.hidden["set_up"] == true;
    match verdict(effect(method), set_up, how) {
        Verdict::Charge => {
            let charge = make(tx, intent, method);
            pay(tx, intent, method, charge).await
        }
        Verdict::Debit(days) => debit::start(tx, intent, method, days).await,
        Verdict::Refuse(decline) => Err(fail(tx, intent, method, &decline)),
        Verdict::Wait => {
            intent.data["status"] = "processing".into();
            intent.data["last_payment_error"] = Value::Null;
            intent.due = Some(tx.now + ONE_HOUR);
            tx.emit("payment_intent.processing", &intent.data);
            tx.put(intent);
            Ok(())
        }
        Verdict::Ask => {
            let bank = bank.ok_or_else(intent::no_return_url)?;
            intent::ask_bank(intent, &bank);
            tx.emit("payment_intent.requires_action", &intent.data);
            tx.put(intent);
            Ok(())
        }
    }
}

/// An intent that was `processing` comes to its end.
pub(crate) async fn settle_slow(tx: &mut Tx, id: &str) -> Outcome<()> {
    let mut intent = tx.lock("payment_intent", id, "id").await?;
    intent.due = None;
    if intent.status() != "processing" {
        tx.put(&intent);
        return Ok(());
    }
    let method = intent.text("payment_method").unwrap_or("").to_owned();
    let method = tx.get("payment_method", &method, "payment_method").await?;
    match effect(&method) {
        Effect::Slow { works: true } => {
            let charge = make(tx, &intent, &method);
            pay(tx, &mut intent, &method, charge).await
        }
        Effect::Debits { .. } => debit::settle(tx, &mut intent, &method).await,
        _ => {
            // Nobody waits for this answer; the events tell it.
            let _told_by_events: Fault = fail(tx, &mut intent, &method, &GENERIC);
            Ok(())
        }
    }
}

/// The charge is paid: books it, and brings the intent to its end.
pub(super) async fn pay(
    tx: &mut Tx,
    intent: &mut Object,
    method: &Object,
    mut charge: Object,
) -> Outcome<()> {
    let amount = intent.number("amount");
    let currency = Currency::find(intent.text("currency").unwrap_or(""))?;
    let at_once = effect(method) == Effect::AvailableAtOnce;
    let dispute = match effect(method) {
        Effect::Disputed { reason, inquiry } => Some((reason, inquiry)),
        Effect::Debits {
            end: DebitEnd::Disputed,
            ..
        } => Some(("customer_initiated", false)),
        _ => None,
    };
    if let Some((reason, inquiry)) = dispute {
        charge.due = Some(tx.now + ONE_HOUR);
        charge.hidden["dispute"] = json!({ "reason": reason, "inquiry": inquiry });
    }
    let available = tx.now + if at_once { 0 } else { TWO_DAYS };
    let (kind, fee) = match debit::is_debit(method) {
        true => ("payment", debit::FEE.min(amount)),
        false => ("charge", currency.fee(amount)),
    };
    let booked = Booking {
        kind,
        amount,
        fee,
        available,
    };
    let transaction = book(tx, &charge, currency, &booked);
    let outcome = json!({ "advice_code": null, "network_advice_code": null, "network_decline_code": null,
        "network_status": "approved_by_network", "reason": null, "risk_level": "normal", "risk_score": 12,
        "seller_message": "Payment complete.", "type": "authorized" });
    for (name, value) in [
        ("amount_captured", amount.into()),
        ("balance_transaction", transaction.id.into()),
        ("captured", true.into()),
        ("outcome", outcome),
        ("paid", true.into()),
        ("status", "succeeded".into()),
    ] {
        charge.data[name] = value;
    }
    tx.put(&charge);
    intent.data["amount_received"] = amount.into();
    intent.data["last_payment_error"] = Value::Null;
    intent.data["latest_charge"] = charge.id.clone().into();
    intent.data["status"] = "succeeded".into();
    keep_card(tx, intent, method).await?;
    tx.emit("charge.succeeded", &charge.data);
    tx.emit("payment_intent.succeeded", &intent.data);
    tx.put(intent);
    Ok(())
}

/// A payment that was to save its card (`setup_future_usage`) attaches it.
async fn keep_card(tx: &mut Tx, intent: &Object, method: &Object) -> Outcome<()> {
    let (Some(customer), Some(_)) = (intent.text("customer"), intent.text("setup_future_usage")) else {
        return Ok(());
    };
    let mut method = tx.lock("payment_method", &method.id, "payment_method").await?;
    method.hidden["set_up"] = true.into();
    tx.put(&method);
    join(tx, &mut method, customer)
}

/// Books a declined charge and puts the intent back to where it needs another card. Returns the answer to
/// give.
fn fail(tx: &mut Tx, intent: &mut Object, method: &Object, decline: &Decline) -> Fault {
    let mut charge = make(tx, intent, method);
    let outcome = json!({ "advice_code": decline.advice_code, "network_advice_code": null,
        "network_decline_code": null, "network_status": "declined_by_network", "reason": decline.decline_code,
        "risk_level": "normal", "risk_score": 12, "seller_message": decline.message,
        "type": "issuer_declined" });
    for (name, value) in [
        ("failure_code", decline.code.into()),
        ("failure_message", decline.message.into()),
        ("outcome", outcome),
        ("status", "failed".into()),
    ] {
        charge.data[name] = value;
    }
    tx.put(&charge);
    tx.emit("charge.failed", &charge.data);
    let fault = Fault::declined(decline)
        .with("charge", charge.id.clone().into())
        .with("payment_method", method.data.clone());
    intent.data["last_payment_error"] = fault.inner();
    intent.data["latest_charge"] = charge.id.into();
    intent.data["payment_method"] = Value::Null;
    intent.data["status"] = "requires_payment_method".into();
    tx.emit("payment_intent.payment_failed", &intent.data);
    tx.put(intent);
    fault.with("payment_intent", intent.data.clone())
}

pub(super) fn make(tx: &Tx, intent: &Object, method: &Object) -> Object {
    let mut charge = tx.make("charge", "ch");
    for name in [
        "amount",
        "currency",
        "customer",
        "description",
        "metadata",
        "receipt_email",
        "transfer_group",
    ] {
        charge.data[name] = intent.data[name].clone();
    }
    for name in ["statement_descriptor", "statement_descriptor_suffix"] {
        charge.data[name] = intent.data[name].clone();
    }
    let empty = [
        "application",
        "application_fee",
        "application_fee_amount",
        "balance_transaction",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "on_behalf_of",
        "outcome",
        "receipt_number",
        "receipt_url",
        "review",
        "shipping",
        "source",
        "source_transfer",
        "transfer_data",
    ];
    for name in empty {
        charge.data[name] = Value::Null;
    }
    for name in ["captured", "disputed", "paid", "refunded"] {
        charge.data[name] = false.into();
    }
    charge.data["amount_captured"] = 0.into();
    charge.data["amount_refunded"] = 0.into();
    charge.data["billing_details"] = method.data["billing_details"].clone();
    charge.data["calculated_statement_descriptor"] = "FELAG SANDBOX".into();
    charge.data["fraud_details"] = json!({});
    charge.data["payment_intent"] = intent.id.clone().into();
    charge.data["payment_method"] = method.id.clone().into();
    charge.data["payment_method_details"] = details(method);
    charge.data["status"] = "pending".into();
    charge
}

fn details(method: &Object) -> Value {
    if debit::is_debit(method) {
        let account = &method.data["sepa_debit"];
        return json!({ "type": "sepa_debit", "sepa_debit": {
            "bank_code": account["bank_code"], "branch_code": account["branch_code"],
            "country": account["country"], "fingerprint": account["fingerprint"], "last4": account["last4"],
            "mandate": method.hidden["mandate"],
        } });
    }
    let card = &method.data["card"];
    json!({ "type": "card", "card": {
        "brand": card["brand"], "checks": card["checks"], "country": card["country"],
        "exp_month": card["exp_month"], "exp_year": card["exp_year"], "fingerprint": card["fingerprint"],
        "funding": card["funding"], "installments": null, "last4": card["last4"], "mandate": null,
        "network": card["brand"], "three_d_secure": null, "wallet": null,
    } })
}
