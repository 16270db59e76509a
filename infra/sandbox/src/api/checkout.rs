//! Checkout sessions in set-up mode: a page where a person gives a card that is charged later.

use serde_json::{Value, json};

use super::{
    intent::{check_url, method_types},
    setup_intent::{blank, withdraw},
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
};

const KIND: &str = "checkout.session";
const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1_800;

pub(super) async fn create(tx: &mut Tx, base: &str, p: &mut Params) -> Outcome<Value> {
    match p.required("mode")?.as_str() {
        "setup" => {}
        _ => {
            return Err(Fault::bad_param(
                "mode",
                "The sandbox knows checkout sessions in setup mode only.",
            ));
        }
    }
    let mut session = make(tx, base);
    let mut intent = blank(tx);
    for (name, required) in [("success_url", true), ("cancel_url", false)] {
        let url = if required {
            Some(p.required(name)?)
        } else {
            p.text(name)
        };
        if let Some(url) = url {
            check_url(name, &url)?;
            session.data[name] = url.into();
        }
    }
    let currency = p.text("currency");
    if let Some(code) = &currency {
        session.data["currency"] = Currency::find(code)?.code.into();
    }
    if !method_types(&mut session, p)? && currency.is_none() {
        return Err(Fault::missing_param("currency"));
    }
    if let Some(end) = p.integer("expires_at")? {
        if !(tx.now + HALF_HOUR..=tx.now + DAY).contains(&end) {
            let words = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.";
            return Err(Fault::bad_param("expires_at", words));
        }
        session.data["expires_at"] = end.into();
        session.due = Some(end);
    }
    for name in ["client_reference_id", "customer_email", "locale"] {
        session.data[name] = p.text(name).into();
    }
    if let Some(message) = p.text("custom_text[submit][message]") {
        session.data["custom_text"]["submit"] = json!({ "message": message });
    }
    p.choice("ui_mode", &["hosted", "hosted_page"])?;
    session.data["metadata"] = p.metadata("metadata", None)?;
    intent.data["metadata"] = p.metadata("setup_intent_data[metadata]", None)?;
    intent.data["description"] = p.text("setup_intent_data[description]").into();
    let customer = p.text("customer");
    let creates = p.choice("customer_creation", &["always", "if_required"])? == Some("always");
    if creates && customer.is_some() {
        let words = "You may only specify one of these parameters: customer, customer_creation.";
        return Err(Fault::bad_param("customer_creation", words));
    }
    p.finish()?;
    match customer {
        Some(customer) => {
            tx.customer(&customer).await?;
            session.data["customer"] = customer.clone().into();
            intent.data["customer"] = customer.into();
        }
        None if creates => intent.data["customer"] = make_customer(tx, &mut session).into(),
        None => {}
    }
    intent.data["payment_method_types"] = session.data["payment_method_types"].clone();
    intent.hidden["types_given"] = true.into();
    intent.hidden["session"] = session.id.clone().into();
    session.data["setup_intent"] = intent.id.clone().into();
    tx.emit("setup_intent.created", &intent.data);
    tx.put(&intent);
    tx.put(&session);
    Ok(session.data)
}

/// The customer whom the session's card will belong to. The session names it once it is complete.
fn make_customer(tx: &mut Tx, session: &mut Object) -> String {
    let mut customer = super::customer::blank(tx);
    customer.data["email"] = session.data["customer_email"].clone();
    session.data["customer_creation"] = "always".into();
    session.hidden["customer"] = customer.id.clone().into();
    tx.emit("customer.created", &customer.data);
    tx.put(&customer);
    customer.id
}

fn make(tx: &Tx, base: &str) -> Object {
    let mut session = tx.make(KIND, "cs_test");
    let empty = [
        "after_expiration",
        "allow_promotion_codes",
        "amount_subtotal",
        "amount_total",
        "billing_address_collection",
        "cancel_url",
        "client_secret",
        "consent",
        "consent_collection",
        "currency",
        "currency_conversion",
        "customer",
        "customer_creation",
        "customer_details",
        "invoice",
        "invoice_creation",
        "payment_intent",
        "payment_link",
        "payment_method_configuration_details",
        "recovered_from",
        "shipping_address_collection",
        "shipping_cost",
        "submit_type",
        "subscription",
        "total_details",
    ];
    for name in empty {
        session.data[name] = Value::Null;
    }
    let no_text = json!({ "after_submit": null, "shipping_address": null, "submit": null,
        "terms_of_service_acceptance": null });
    for (name, value) in [
        (
            "automatic_tax",
            json!({ "enabled": false, "liability": null, "provider": null, "status": null }),
        ),
        ("custom_fields", json!([])),
        ("custom_text", no_text),
        ("expires_at", (tx.now + DAY).into()),
        ("mode", "setup".into()),
        ("payment_method_collection", "always".into()),
        ("payment_method_options", json!({})),
        ("payment_method_types", json!(["card"])),
        ("payment_status", "no_payment_required".into()),
        ("phone_number_collection", json!({ "enabled": false })),
        ("shipping_options", json!([])),
        ("status", "open".into()),
        ("ui_mode", "hosted".into()),
        ("url", format!("{base}pay/{}", session.id).into()),
    ] {
        session.data[name] = value;
    }
    session.due = Some(tx.now + DAY);
    session.hidden["token"] = ids::random_word().into();
    session
}

pub(super) async fn retrieve(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let seen = tx.get(KIND, id, "session").await?;
    if seen.status() == "open" && seen.due.is_some_and(|due| due <= tx.now) {
        return Ok(expire_overdue(tx, id).await?.data);
    }
    Ok(seen.data)
}

/// The session, locked, if it can still be completed.
pub(super) async fn lock_open(tx: &mut Tx, id: &str) -> Outcome<Object> {
    let session = tx.lock(KIND, id, "session").await?;
    if session.status() != "open" || session.due.is_some_and(|due| due <= tx.now) {
        return Err(Fault::new(
            410,
            "invalid_request_error",
            "This checkout is no longer open.",
        ));
    }
    Ok(session)
}

/// The card is saved: completes the locked session. Returns where to lead the person.
pub(crate) fn complete(tx: &mut Tx, session: &mut Object, method: &Object) -> Outcome<String> {
    let billing = &method.data["billing_details"];
    session.data["customer_details"] = json!({ "address": null, "email": session.data["customer_email"],
        "name": billing["name"], "phone": null, "tax_exempt": "none", "tax_ids": [] });
    if let Some(customer) = session.hidden.get("customer").cloned() {
        session.data["customer"] = customer;
    }
    session.data["status"] = "complete".into();
    session.data["url"] = Value::Null;
    session.due = None;
    tx.emit("checkout.session.completed", &session.data);
    tx.put(session);
    let success = session.text("success_url").unwrap_or("");
    Ok(success.replace("{CHECKOUT_SESSION_ID}", &session.id))
}

pub(super) async fn expire(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let session = tx.lock(KIND, id, "session").await?;
    if session.status() != "open" {
        let words = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. \
            This Checkout Session has a status of {}.",
            session.status()
        );
        return Err(Fault::invalid(words));
    }
    Ok(expire_now(tx, id).await?.data)
}

/// Expires the session if its time has come.
pub(crate) async fn expire_overdue(tx: &mut Tx, id: &str) -> Outcome<Object> {
    let session = tx.lock(KIND, id, "session").await?;
    match session.due {
        Some(due) if due <= tx.now => expire_now(tx, id).await,
        _ => Ok(session),
    }
}

/// Ends an open session and the set-up behind it.
async fn expire_now(tx: &mut Tx, id: &str) -> Outcome<Object> {
    let mut session = tx.lock(KIND, id, "session").await?;
    session.due = None;
    if session.status() == "open" {
        session.data["status"] = "expired".into();
        session.data["url"] = Value::Null;
        let intent = session.text("setup_intent").unwrap_or("").to_owned();
        let mut intent = tx.lock("setup_intent", &intent, "intent").await?;
        if !matches!(intent.status(), "succeeded" | "canceled") {
            withdraw(tx, &mut intent, Some("abandoned"));
        }
        tx.emit("checkout.session.expired", &session.data);
    }
    tx.put(&session);
    Ok(session)
}
