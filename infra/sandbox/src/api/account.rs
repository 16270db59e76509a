//! Connected accounts: made with `controller[…]` properties, read, changed, rejected.

use serde_json::{Value, json};

use super::{
    list as plain_list,
    review::{Review, announce, derive},
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

const PROFILE: [&str; 7] = [
    "mcc",
    "name",
    "product_description",
    "support_email",
    "support_phone",
    "support_url",
    "url",
];
const BUSINESS: [&str; 4] = ["individual", "company", "non_profit", "government_entity"];
pub(super) const CAPABILITIES: [&str; 2] = ["card_payments", "transfers"];

/// Refuses what only the platform itself may do.
pub(super) fn platform_only(tx: &Tx) -> Outcome<()> {
    match tx.account {
        None => Ok(()),
        Some(_) => Err(Fault::invalid(
            "This can only be done by the platform: leave the Stripe-Account header out.",
        )),
    }
}

/// Checks that the account a call is made on exists and has not left the platform.
pub(crate) async fn check_connected(tx: &mut Tx) -> Outcome<()> {
    let Some(id) = tx.account.clone() else {
        return Ok(());
    };
    let home = tx.enter(None);
    let account = tx.get("account", &id, "account").await;
    tx.enter(home.as_deref());
    match account {
        Ok(account) if account.hidden["gone"] != true => Ok(()),
        Err(fault) if fault.0.status != 404 => Err(fault),
        _ => {
            let words = format!(
                "The provided key does not have access to account '{id}' (or that account does not exist). \
                Application access may have been revoked."
            );
            Err(Fault::new(403, "invalid_request_error", words).code("account_invalid"))
        }
    }
}

/// The account as the platform sees it, locked, unless it has left.
pub(super) async fn lock(tx: &mut Tx, id: &str, param: &str) -> Outcome<Object> {
    let home = tx.enter(None);
    let account = tx.lock("account", id, param).await;
    tx.enter(home.as_deref());
    let account = account?;
    match account.hidden["gone"] == true {
        true => Err(Fault::unknown_object("account", id, param)),
        false => Ok(account),
    }
}

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    if p.text("type").is_some() {
        let words = "The account types standard, express and custom are of yesterday: say what the account \
            is with controller[…] properties.";
        return Err(Fault::bad_param("type", words));
    }
    let mut account = blank(tx, p)?;
    apply(&mut account, p)?;
    p.finish()?;
    derive(&mut account);
    tx.put(&account);
    Ok(account.data)
}

/// Who answers for what on a new account.
fn controller(p: &mut Params) -> Outcome<Value> {
    let fees = p.choice("controller[fees][payer]", &["account", "application"])?;
    let losses = p.choice("controller[losses][payments]", &["application", "stripe"])?;
    let collection = p.choice("controller[requirement_collection]", &["application", "stripe"])?;
    let board = p.choice("controller[stripe_dashboard][type]", &["express", "full", "none"])?;
    let board = board.unwrap_or("full");
    let losses = losses.unwrap_or("stripe");
    if collection == Some("application") {
        return Err(Fault::bad_param(
            "controller[requirement_collection]",
            "The sandbox collects the requirements itself, on its own page.",
        ));
    }
    if board == "full" && losses == "application" {
        return Err(Fault::bad_param(
            "controller[losses][payments]",
            "An account with a full dashboard answers for its own losses: ask for an express one.",
        ));
    }
    Ok(json!({
        "fees": { "payer": fees.unwrap_or("account") },
        "is_controller": true,
        "losses": { "payments": losses },
        "requirement_collection": "stripe",
        "stripe_dashboard": { "type": board },
        "type": "application",
    }))
}

fn blank(tx: &Tx, p: &mut Params) -> Outcome<Object> {
    let mut account = tx.make("account", "acct");
    let controller = controller(p)?;
    let kind = match controller["stripe_dashboard"]["type"].as_str() {
        Some("express") => "express",
        _ => "none",
    };
    let country = p.text("country").unwrap_or_else(|| "DE".into());
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(
            Fault::bad_param("country", "Country is two capital letters, such as DE.")
                .code("country_unsupported"),
        );
    }
    let nothing = json!({ "alternatives": [], "current_deadline": null, "currently_due": [],
        "disabled_reason": null, "errors": [], "eventually_due": [], "past_due": [],
        "pending_verification": [] });
    let banks = json!({ "object": "list", "data": [], "has_more": false, "total_count": 0,
        "url": format!("/v1/accounts/{}/external_accounts", account.id) });
    let settings = json!({
        "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
        "card_issuing": { "tos_acceptance": { "date": null, "ip": null } },
        "card_payments": { "decline_on": { "avs_failure": false, "cvc_failure": false },
            "statement_descriptor_prefix": null, "statement_descriptor_prefix_kana": null,
            "statement_descriptor_prefix_kanji": null },
        "dashboard": { "display_name": null, "timezone": "Etc/UTC" },
        "payments": { "statement_descriptor": null, "statement_descriptor_kana": null,
            "statement_descriptor_kanji": null },
        "payouts": { "debit_negative_balances": true,
            "schedule": { "delay_days": 2, "interval": "daily" }, "statement_descriptor": null },
        "sepa_debit_payments": {},
    });
    for (name, value) in [
        (
            "business_profile",
            Value::Object(
                PROFILE
                    .map(|name| (name.to_owned(), Value::Null))
                    .into_iter()
                    .collect(),
            ),
        ),
        ("business_type", Value::Null),
        ("capabilities", json!({})),
        ("charges_enabled", false.into()),
        ("controller", controller),
        ("country", country.into()),
        ("default_currency", "eur".into()),
        ("details_submitted", false.into()),
        ("email", Value::Null),
        ("external_accounts", banks),
        ("future_requirements", nothing.clone()),
        ("metadata", json!({})),
        ("payouts_enabled", false.into()),
        ("requirements", nothing),
        ("settings", settings),
        ("tos_acceptance", json!({ "date": null })),
        ("type", kind.into()),
    ] {
        account.data[name] = value;
    }
    // An account has no mode of its own.
    account.omit("livemode");
    account.hidden = json!({ "review": Review::New.name(), "banks": {} });
    Ok(account)
}

/// The parameters that creation and update share.
fn apply(account: &mut Object, p: &mut Params) -> Outcome<()> {
    if let Some(email) = p.change("email") {
        account.data["email"] = email.into();
    }
    if let Some(kind) = p.choice("business_type", &BUSINESS)? {
        account.data["business_type"] = kind.into();
    }
    for name in PROFILE {
        if let Some(value) = p.change(&format!("business_profile[{name}]")) {
            account.data["business_profile"][name] = value.into();
        }
    }
    for name in CAPABILITIES {
        let asked = format!("capabilities[{name}][requested]");
        match p.text(&asked).as_deref() {
            None => {}
            // Asked for once more: it stays what the check made of it.
            Some("true") if account.data["capabilities"].get(name).is_some() => {}
            Some("true") => account.data["capabilities"][name] = "inactive".into(),
            Some("false") => {
                if let Some(members) = account.data["capabilities"].as_object_mut() {
                    members.remove(name);
                }
            }
            Some(other) => return Err(Fault::bad_param(asked, format!("Invalid boolean: {other}"))),
        }
    }
    if let Some(code) = p.text("default_currency") {
        account.data["default_currency"] = Currency::find(&code)?.code.into();
    }
    payouts(account, p)?;
    account.data["metadata"] = p.metadata("metadata", Some(&account.data["metadata"]))?;
    Ok(())
}

fn payouts(account: &mut Object, p: &mut Params) -> Outcome<()> {
    let settings = &mut account.data["settings"]["payouts"];
    if let Some(interval) = p.choice("settings[payouts][schedule][interval]", &["daily", "manual"])? {
        settings["schedule"]["interval"] = interval.into();
    }
    let days = "settings[payouts][schedule][delay_days]";
    if let Some(days) = p.text(days) {
        // The sandbox has one delay; asking for it, or for the shortest, changes nothing.
        if !matches!(days.as_str(), "2" | "minimum") {
            return Err(Fault::bad_param(days, "The sandbox's delay is 2 days."));
        }
    }
    if let Some(words) = p.change("settings[payouts][statement_descriptor]") {
        settings["statement_descriptor"] = words.into();
    }
    let negative = "settings[payouts][debit_negative_balances]";
    if let Some(value) = p.text(negative) {
        settings["debit_negative_balances"] = (value == "true").into();
    }
    if let Some(words) = p.change("settings[payments][statement_descriptor]") {
        account.data["settings"]["payments"]["statement_descriptor"] = words.into();
    }
    Ok(())
}

pub(super) async fn retrieve(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    if tx.account.as_deref().is_some_and(|own| own != id) {
        return Err(Fault::unknown_object("account", id, "account"));
    }
    let home = tx.enter(None);
    let account = tx.get("account", id, "account").await;
    tx.enter(home.as_deref());
    let account = account?;
    if account.hidden["gone"] == true {
        let words = format!("The provided key does not have access to account '{id}'.");
        return Err(Fault::new(403, "invalid_request_error", words).code("account_invalid"));
    }
    Ok(account.data)
}

/// The account the call is made on.
pub(super) async fn own(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    match tx.account.clone() {
        Some(id) => retrieve(tx, &id, p).await,
        None => Err(Fault::invalid(
            "The platform's own account cannot be shown: name a connected one in Stripe-Account.",
        )),
    }
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    plain_list(tx, "account", p).await
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let mut account = lock(tx, id, "account").await?;
    let before = account.data.clone();
    apply(&mut account, p)?;
    p.finish()?;
    derive(&mut account);
    super::payout::schedule(tx, &mut account).await?;
    if account.data != before {
        announce(tx, &account, &before);
    }
    tx.put(&account);
    Ok(account.data)
}

pub(super) async fn reject(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let reason = p
        .choice("reason", &["fraud", "terms_of_service", "other"])?
        .ok_or_else(|| Fault::missing_param("reason"))?;
    p.finish()?;
    let mut account = lock(tx, id, "account").await?;
    account.hidden["rejected"] = format!("rejected.{reason}").into();
    super::review::move_to(tx, &mut account, Review::Rejected);
    Ok(account.data)
}

/// The bank accounts of an account.
pub(super) async fn banks(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.choice("object", &["bank_account"])?;
    p.integer("limit")?;
    let account = retrieve(tx, id, p).await?;
    Ok(account["external_accounts"].clone())
}
