//! Payment methods: cards, loose or attached to a customer.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{debit, page, paging, show};
use crate::{
    card::{Card, CardError},
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
    test_card::{Effect, effect_of},
    test_debit,
};

/// A new payment method for a checked card, not attached, not yet kept.
pub(crate) fn make(tx: &Tx, card: &Card, name: Option<&str>, email: Option<&str>) -> Object {
    let mut method = tx.make("payment_method", "pm");
    let address = json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null,
        "state": null });
    method.data["allow_redisplay"] = "unspecified".into();
    method.data["billing_details"] =
        json!({ "address": address, "email": email, "name": name, "phone": null, "tax_id": null });
    method.data["card"] = json!({
        "brand": card.brand(),
        "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
        "country": "DE",
        "display_brand": card.brand(),
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": card.fingerprint(),
        "funding": "credit",
        "generated_from": null,
        "last4": card.last4(),
        "networks": { "available": [card.brand()], "preferred": null },
        "regulated_status": "unregulated",
        "three_d_secure_usage": { "supported": true },
        "wallet": null,
    });
    method.data["customer"] = Value::Null;
    method.data["metadata"] = json!({});
    method.data["type"] = "card".into();
    method.hidden = json!({ "number": card.number, "set_up": false, "spent": false });
    method
}

/// What the card behind a payment method does.
pub(super) fn effect(method: &Object) -> Effect {
    let number = method.hidden["number"].as_str().unwrap_or("");
    match debit::is_debit(method) {
        true => test_debit::find(number).map_or(effect_of(""), |debit| debit.effect),
        false => effect_of(number),
    }
}

pub(super) fn clock(tx: &Tx) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(tx.now).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The payment method of that id, or a fresh one if it is a test token such as `pm_card_visa`.
pub(super) async fn resolve(tx: &mut Tx, id: &str, param: &str) -> Outcome<Object> {
    if let Some(card) = Card::from_token(id, clock(tx)) {
        let method = make(tx, &card, None, None);
        tx.put(&method);
        return Ok(method);
    }
    if let Some(account) = test_debit::from_token(id) {
        let method = debit::make(tx, account, Some("Ada Lovelace"), Some("ada@felag.example"));
        tx.put(&method);
        return Ok(method);
    }
    tx.get("payment_method", id, param).await
}

fn card_fault(error: CardError) -> Fault {
    let mut fault = Fault::new(402, "card_error", error.message).code(error.code);
    fault.0.param = Some(error.field.into());
    fault
}

fn typed_card(tx: &Tx, p: &mut Params) -> Outcome<Card> {
    let now = clock(tx);
    if let Some(token) = p.text("card[token]") {
        return Card::from_token(&token, now)
            .ok_or_else(|| Fault::unknown_object("token", &token, "card[token]"));
    }
    let number = p.required("card[number]")?;
    let (month, year) = (p.required("card[exp_month]")?, p.required("card[exp_year]")?);
    Card::check(&number, &month, &year, p.text("card[cvc]").as_deref(), now).map_err(card_fault)
}

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let kind = p.required("type")?;
    let (name, email) = (p.text("billing_details[name]"), p.text("billing_details[email]"));
    let mut method = match kind.as_str() {
        "card" => make(tx, &typed_card(tx, p)?, name.as_deref(), email.as_deref()),
        "sepa_debit" => {
            let iban = p.required("sepa_debit[iban]")?;
            let account = test_debit::find(&iban).map_err(|words| {
                Fault::bad_param("sepa_debit[iban]", words).code("invalid_bank_account_iban")
            })?;
            for (param, value) in [("name", &name), ("email", &email)] {
                if value.is_none() {
                    return Err(Fault::missing_param(&format!("billing_details[{param}]")));
                }
            }
            debit::make(tx, account, name.as_deref(), email.as_deref())
        }
        _ => {
            let words = "The sandbox knows payment methods of type card and sepa_debit.";
            return Err(Fault::bad_param("type", words));
        }
    };
    method.data["metadata"] = p.metadata("metadata", None)?;
    p.finish()?;
    tx.put(&method);
    Ok(method.data)
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut method = tx.lock("payment_method", id, "payment_method").await?;
    method.data["metadata"] = p.metadata("metadata", Some(&method.data["metadata"]))?;
    for part in ["name", "email", "phone"] {
        if let Some(value) = p.change(&format!("billing_details[{part}]")) {
            method.data["billing_details"][part] = value.into();
        }
    }
    p.finish()?;
    tx.put(&method);
    Ok(method.data)
}

/// Cards of a customer. Without one Stripe lists nothing of use; the sandbox asks for it.
pub(super) async fn list(tx: &mut Tx, customer: Option<&str>, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    let customer = match customer {
        Some(id) => id.to_owned(),
        None => p.required("customer")?,
    };
    filter.types = p.text("type").map(|one| vec![one]);
    p.finish()?;
    tx.customer(&customer).await?;
    filter.customer = Some(customer);
    page(tx, "payment_method", &filter).await
}

pub(super) async fn attach(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let customer = p.required("customer")?;
    p.finish()?;
    tx.customer(&customer).await?;
    let token = Card::from_token(id, clock(tx)).is_some() || test_debit::from_token(id).is_some();
    let mut method = match token {
        true => resolve(tx, id, "payment_method").await?,
        false => tx.lock("payment_method", id, "payment_method").await?,
    };
    if let Effect::Declines(decline) = effect(&method) {
        return Err(Fault::declined(&decline));
    }
    join(tx, &mut method, &customer)?;
    show(tx, &method).await
}

/// Attaches the card to the customer; nothing changes if it already is.
pub(super) fn join(tx: &mut Tx, method: &mut Object, customer: &str) -> Outcome<()> {
    match method.text("customer") {
        Some(owner) if owner == customer => return Ok(()),
        Some(_) => {
            let words = "The payment method you provided has already been attached to a customer.";
            return Err(Fault::bad_param("payment_method", words).code("payment_method_unexpected_state"));
        }
        None => {}
    }
    usable(method)?;
    method.data["customer"] = customer.into();
    tx.emit("payment_method.attached", &method.data);
    tx.put(method);
    Ok(())
}

/// A card that was once detached is gone for good.
pub(super) fn usable(method: &Object) -> Outcome<()> {
    if method.hidden["spent"] == true {
        let words = "This PaymentMethod was detached from its Customer. It may not be used again.";
        return Err(Fault::bad_param("payment_method", words).code("payment_method_unexpected_state"));
    }
    Ok(())
}

pub(super) async fn detach(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let method = tx.lock("payment_method", id, "payment_method").await?;
    if method.text("customer").is_none() {
        let words =
            "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(Fault::bad_param("payment_method", words).code("payment_method_unexpected_state"));
    }
    release(tx, id).await
}

/// Detaches the card for good.
pub(super) async fn release(tx: &mut Tx, id: &str) -> Outcome<Value> {
    let mut method = tx.lock("payment_method", id, "payment_method").await?;
    method.data["customer"] = Value::Null;
    method.hidden["spent"] = true.into();
    debit::end_mandate(tx, &method).await?;
    tx.emit("payment_method.detached", &method.data);
    tx.put(&method);
    Ok(method.data)
}
