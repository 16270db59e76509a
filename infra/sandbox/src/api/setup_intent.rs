//! Set-up intents: saving a card for later, with the bank's consent where it wants to be asked.

use serde_json::{Value, json};

use super::{
    debit,
    intent::{
        Bank, ask_bank, check_question, check_type, check_url, close_question, method_types, no_return_url,
        unexpected,
    },
    payment_method::{effect, join, resolve, usable},
};
use crate::{
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
    test_card::Effect,
};

const OPEN: [&str; 3] = [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
];

/// How trying to save a card went, when it was not declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    Done,
    /// The bank wants to ask first: `next_action` says where.
    Asks,
}

/// A new set-up intent, not yet kept.
pub(super) fn blank(tx: &Tx) -> Object {
    let mut intent = tx.make("setup_intent", "seti");
    let empty = [
        "application",
        "automatic_payment_methods",
        "cancellation_reason",
        "customer",
        "description",
        "flow_directions",
        "last_setup_error",
        "latest_attempt",
        "mandate",
        "next_action",
        "on_behalf_of",
        "payment_method",
        "single_use_mandate",
    ];
    for name in empty {
        intent.data[name] = Value::Null;
    }
    let secret = format!("{}_secret_{}", intent.id, ids::random_word());
    for (name, value) in [
        ("client_secret", secret.into()),
        ("metadata", json!({})),
        (
            "payment_method_options",
            json!({ "card": { "request_three_d_secure": "automatic" } }),
        ),
        ("payment_method_types", json!(["card"])),
        ("status", "requires_payment_method".into()),
        ("usage", "off_session".into()),
    ] {
        intent.data[name] = value;
    }
    intent
}

pub(super) async fn create(tx: &mut Tx, base: &str, p: &mut Params) -> Outcome<Value> {
    let mut intent = blank(tx);
    let confirm = p.boolean("confirm")?;
    let return_url = return_url(p)?;
    let (customer, method) = (p.text("customer"), p.text("payment_method"));
    intent.data["description"] = p.text("description").into();
    intent.data["metadata"] = p.metadata("metadata", None)?;
    if let Some(usage) = p.choice("usage", &["off_session", "on_session"])? {
        intent.data["usage"] = usage.into();
    }
    if p.boolean("automatic_payment_methods[enabled]")? {
        let redirects = p.choice("automatic_payment_methods[allow_redirects]", &["always", "never"])?;
        intent.data["automatic_payment_methods"] =
            json!({ "enabled": true, "allow_redirects": redirects.unwrap_or("always") });
    }
    method_types(&mut intent, p)?;
    intent.hidden["agreed"] = debit::acceptance(p)?.into();
    p.finish()?;
    if let Some(customer) = customer {
        tx.customer(&customer).await?;
        intent.data["customer"] = customer.into();
    }
    tx.emit("setup_intent.created", &intent.data);
    tx.put(&intent);
    match (method, confirm) {
        (method, true) => run(tx, base, &mut intent, method, return_url.as_deref()).await?,
        (Some(id), false) => {
            let method = resolve(tx, &id, "payment_method").await?;
            usable(&method)?;
            intent.data["payment_method"] = method.id.into();
            intent.data["status"] = "requires_confirmation".into();
            tx.put(&intent);
        }
        (None, false) => {}
    }
    Ok(intent.data)
}

fn return_url(p: &mut Params) -> Outcome<Option<String>> {
    let url = p.text("return_url");
    if let Some(url) = &url {
        check_url("return_url", url)?;
    }
    Ok(url)
}

pub(super) async fn confirm(tx: &mut Tx, base: &str, id: &str, p: &mut Params) -> Outcome<Value> {
    let (method, return_url) = (p.text("payment_method"), return_url(p)?);
    p.boolean("use_stripe_sdk")?;
    let agreed = debit::acceptance(p)?;
    p.finish()?;
    let mut intent = tx.lock("setup_intent", id, "intent").await?;
    if agreed.is_some() {
        intent.hidden["agreed"] = agreed.into();
    }
    run(tx, base, &mut intent, method, return_url.as_deref()).await?;
    Ok(intent.data)
}

async fn run(
    tx: &mut Tx,
    base: &str,
    intent: &mut Object,
    method: Option<String>,
    return_url: Option<&str>,
) -> Outcome<()> {
    if !OPEN.contains(&intent.status()) {
        return Err(unexpected(intent, "confirm"));
    }
    let Some(id) = method.or_else(|| intent.text("payment_method").map(str::to_owned)) else {
        let words = "You cannot confirm this SetupIntent because it's missing a payment method.";
        return Err(Fault::invalid(words)
            .code("setup_intent_unexpected_state")
            .with("setup_intent", intent.data.clone()));
    };
    let found = resolve(tx, &id, "payment_method").await?;
    // Saving changes the card: whoever detaches it meanwhile waits.
    let mut method = tx.lock("payment_method", &found.id, "payment_method").await?;
    let bank = return_url.map(|return_url| Bank { base, return_url });
    attempt(tx, intent, &mut method, false, bank).await.map(|_| ())
}

/// Tries to save the card. A decline is an error that is kept.
pub(crate) async fn attempt(
    tx: &mut Tx,
    intent: &mut Object,
    method: &mut Object,
    authenticated: bool,
    bank: Option<Bank<'_>>,
) -> Outcome<Setup> {
    usable(method)?;
    check_type(intent, method)?;
    close_question(intent);
    intent.data["payment_method"] = method.id.clone().into();
    match effect(method) {
        Effect::Declines(decline) => {
            let fault = Fault::declined(&decline).with("payment_method", method.data.clone());
            return Err(refuse(tx, intent, fault));
        }
        Effect::AsksUnlessSetUp | Effect::AsksAlways | Effect::AsksThenNoFunds if !authenticated => {
            let bank = bank.ok_or_else(no_return_url)?;
            ask_bank(intent, &bank);
            tx.emit("setup_intent.requires_action", &intent.data);
            tx.put(intent);
            return Ok(Setup::Asks);
        }
        _ => {}
    }
    if debit::is_debit(method) {
        let agreed = intent.hidden.get("agreed").cloned();
        intent.data["mandate"] = debit::mandate(tx, method, agreed.as_ref())?.into();
    }
    intent.data["last_setup_error"] = Value::Null;
    intent.data["status"] = "succeeded".into();
    method.hidden["set_up"] = true.into();
    tx.put(method);
    if let Some(customer) = intent.text("customer") {
        join(tx, method, customer)?;
    }
    tx.emit("setup_intent.succeeded", &intent.data);
    tx.put(intent);
    Ok(Setup::Done)
}

/// Puts the intent back to where it needs another card. Returns the answer to give.
fn refuse(tx: &mut Tx, intent: &mut Object, fault: Fault) -> Fault {
    intent.data["last_setup_error"] = fault.inner();
    intent.data["payment_method"] = Value::Null;
    intent.data["status"] = "requires_payment_method".into();
    tx.emit("setup_intent.setup_failed", &intent.data);
    tx.put(intent);
    fault.with("setup_intent", intent.data.clone())
}

pub(super) async fn cancel(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let reason = p.choice(
        "cancellation_reason",
        &["abandoned", "requested_by_customer", "duplicate"],
    )?;
    p.finish()?;
    let mut intent = tx.lock("setup_intent", id, "intent").await?;
    if !OPEN.contains(&intent.status()) {
        return Err(unexpected(&intent, "cancel"));
    }
    withdraw(tx, &mut intent, reason);
    Ok(intent.data)
}

/// Cancels an open intent.
pub(super) fn withdraw(tx: &mut Tx, intent: &mut Object, reason: Option<&str>) {
    close_question(intent);
    intent.data["status"] = "canceled".into();
    intent.data["cancellation_reason"] = reason.into();
    tx.emit("setup_intent.canceled", &intent.data);
    tx.put(intent);
}

/// The person answered on the bank's page. Returns where to lead them. A set-up that belongs to a checkout
/// completes it, or goes back to its form.
pub(crate) async fn bank_answer(
    tx: &mut Tx,
    base: &str,
    id: &str,
    token: &str,
    yes: bool,
) -> Outcome<String> {
    let seen = tx.get("setup_intent", id, "intent").await?;
    // The session is locked before its intent, here as everywhere.
    let session = match seen.hidden["session"].as_str() {
        Some(session) => Some(super::checkout::lock_open(tx, session).await?),
        None => None,
    };
    let mut intent = tx.lock("setup_intent", id, "intent").await?;
    check_question(&intent, token)?;
    let back = intent.hidden["return_url"].as_str().unwrap_or("").to_owned();
    if yes {
        let method = intent.text("payment_method").unwrap_or("").to_owned();
        let mut method = tx.lock("payment_method", &method, "payment_method").await?;
        attempt(tx, &mut intent, &mut method, true, None).await?;
        if let Some(mut session) = session {
            return super::checkout::complete(tx, &mut session, &method);
        }
    } else {
        close_question(&mut intent);
        let words =
            "The provided PaymentMethod has failed authentication. Provide another one and try again.";
        let fault = Fault::invalid(words).code("setup_intent_authentication_failure");
        // Nobody waits for this answer: the intent and its event tell it.
        let _told_by_events: Fault = refuse(tx, &mut intent, fault);
        if let Some(session) = session {
            return Ok(format!("{base}pay/{}?refused=1", session.id));
        }
    }
    let status = if yes { "succeeded" } else { "failed" };
    let glue = if back.contains('?') { '&' } else { '?' };
    let secret = intent.text("client_secret").unwrap_or("");
    Ok(format!(
        "{back}{glue}setup_intent={id}&setup_intent_client_secret={secret}&redirect_status={status}"
    ))
}
