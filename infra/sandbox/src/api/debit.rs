//! SEPA debits: a mandate instead of a card, days of waiting, and an end that nobody knows before.

use serde_json::{Value, json};

use super::{charge, payment_method::effect};
use crate::{
    bank::fingerprint,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
    test_card::{DebitEnd, Effect},
    test_debit::{TestDebit, reference},
};

const DAY: i64 = 86_400;
/// What a debit costs, in cents; debits are in euro only.
pub(super) const FEE: i64 = 35;

/// A new payment method for a bank account, not attached, not yet kept.
pub(crate) fn make(tx: &Tx, debit: &TestDebit, name: Option<&str>, email: Option<&str>) -> Object {
    let mut method = tx.make("payment_method", "pm");
    let address = json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null,
        "state": null });
    for (member, value) in [
        ("allow_redisplay", "unspecified".into()),
        (
            "billing_details",
            json!({ "address": address, "email": email, "name": name, "phone": null,
            "tax_id": null }),
        ),
        ("customer", Value::Null),
        ("metadata", json!({})),
        (
            "sepa_debit",
            json!({ "bank_code": debit.bank_code(), "branch_code": "", "country": debit.country(),
            "fingerprint": fingerprint("debit", debit.iban),
            "generated_from": { "charge": null, "setup_attempt": null }, "last4": debit.last4() }),
        ),
        ("type", "sepa_debit".into()),
    ] {
        method.data[member] = value;
    }
    method.hidden = json!({ "number": debit.iban, "set_up": false, "spent": false, "mandate": null });
    method
}

pub(super) fn is_debit(method: &Object) -> bool {
    method.text("type") == Some("sepa_debit")
}

/// How the person agreed to a mandate, if the call says so.
pub(super) fn acceptance(p: &mut Params) -> Outcome<Option<Value>> {
    let part = |name: &str| format!("mandate_data[customer_acceptance]{name}");
    let kind = p.choice(&part("[type]"), &["online", "offline"])?;
    let at = p.integer(&part("[accepted_at]"))?;
    let (address, agent) = (part("[online][ip_address]"), part("[online][user_agent]"));
    let online = (p.text(&address), p.text(&agent));
    Ok(match (kind, online) {
        (None, _) => None,
        (Some("online"), (None, _)) => return Err(Fault::missing_param(&address)),
        (Some("online"), (_, None)) => return Err(Fault::missing_param(&agent)),
        (Some("online"), (ip, agent)) => Some(json!({ "accepted_at": at, "type": "online",
            "online": { "ip_address": ip, "user_agent": agent } })),
        (Some(kind), _) => Some(json!({ "accepted_at": at, "type": kind, "offline": {} })),
    })
}

/// What the hosted page keeps when a person agrees there.
pub(crate) fn agreed_on_page(now: i64) -> Value {
    json!({ "accepted_at": now, "type": "online",
        "online": { "ip_address": "127.0.0.1", "user_agent": "payment sandbox" } })
}

/// The mandate of a locked method: the one it has, or a new one if the person agreed.
pub(super) fn mandate(tx: &mut Tx, method: &mut Object, agreed: Option<&Value>) -> Outcome<String> {
    if let Some(known) = method.hidden["mandate"].as_str() {
        return Ok(known.to_owned());
    }
    let Some(agreed) = agreed.filter(|agreed| agreed.is_object()) else {
        let words = "A SEPA debit needs a mandate: give mandate_data with the customer's acceptance.";
        return Err(Fault::bad_param("mandate_data", words).code("parameter_missing"));
    };
    let mut mandate = tx.make("mandate", "mandate");
    let mut accepted = agreed.clone();
    if accepted["accepted_at"].is_null() {
        accepted["accepted_at"] = tx.now.into();
    }
    let reference = reference(&ids::random_word(), super::payment_method::clock(tx));
    for (name, value) in [
        ("customer_acceptance", accepted),
        ("multi_use", json!({})),
        ("payment_method", method.id.clone().into()),
        (
            "payment_method_details",
            json!({ "type": "sepa_debit", "sepa_debit": {
            "reference": reference, "url": format!("https://sandbox.invalid/mandate/{reference}") } }),
        ),
        ("status", "active".into()),
        ("type", "multi_use".into()),
    ] {
        mandate.data[name] = value;
    }
    mandate.omit("created");
    method.hidden["mandate"] = mandate.id.clone().into();
    tx.put(&mandate);
    tx.put(method);
    Ok(mandate.id)
}

/// The account behind a mandate is given up.
pub(super) async fn end_mandate(tx: &mut Tx, method: &Object) -> Outcome<()> {
    let Some(id) = method.hidden["mandate"].as_str() else {
        return Ok(());
    };
    let mut mandate = tx.lock("mandate", id, "mandate").await?;
    mandate.data["status"] = "inactive".into();
    tx.emit("mandate.updated", &mandate.data);
    tx.put(&mandate);
    Ok(())
}

/// Sends the debit to the bank: the charge is pending from now on.
pub(super) async fn start(tx: &mut Tx, intent: &mut Object, method: &Object, days: i64) -> Outcome<()> {
    let mut method = tx.lock("payment_method", &method.id, "payment_method").await?;
    let agreed = intent.hidden.get("agreed").cloned();
    let mandate = mandate(tx, &mut method, agreed.as_ref())?;
    let mut charge = charge::make(tx, intent, &method);
    charge.data["payment_method_details"]["sepa_debit"]["mandate"] = mandate.into();
    tx.put(&charge);
    intent.data["latest_charge"] = charge.id.into();
    intent.data["status"] = "processing".into();
    intent.data["last_payment_error"] = Value::Null;
    intent.due = Some(tx.now + days * DAY);
    tx.emit("charge.pending", &charge.data);
    tx.emit("payment_intent.processing", &intent.data);
    tx.put(intent);
    Ok(())
}

/// The bank has answered, days later.
pub(super) async fn settle(tx: &mut Tx, intent: &mut Object, method: &Object) -> Outcome<()> {
    let id = intent.text("latest_charge").unwrap_or("").to_owned();
    let charge = tx.lock("charge", &id, "charge").await?;
    match effect(method) {
        Effect::Debits {
            end: DebitEnd::Fails(code),
            ..
        } => {
            refuse(tx, intent, charge, method, code);
            Ok(())
        }
        _ => charge::pay(tx, intent, method, charge).await,
    }
}

fn refuse(tx: &mut Tx, intent: &mut Object, mut charge: Object, method: &Object, code: &'static str) {
    let words = match code {
        "insufficient_funds" => "The bank account has not enough money.",
        "charge_exceeds_source_limit" => "This is more than the bank account may be debited in a week.",
        "charge_exceeds_weekly_limit" => "This bank account was debited too often this week.",
        _ => "The bank refused the debit.",
    };
    charge.data["failure_code"] = code.into();
    charge.data["failure_message"] = words.into();
    charge.data["status"] = "failed".into();
    let fault = Fault::new(402, "invalid_request_error", words)
        .code(code)
        .with("charge", charge.id.clone().into())
        .with("payment_method", method.data.clone());
    intent.data["last_payment_error"] = fault.inner();
    intent.data["payment_method"] = Value::Null;
    intent.data["status"] = "requires_payment_method".into();
    tx.emit("charge.failed", &charge.data);
    tx.emit("payment_intent.payment_failed", &intent.data);
    tx.put(&charge);
    tx.put(intent);
}
