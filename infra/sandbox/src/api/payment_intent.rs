//! Payment intents: one intended payment, which succeeds at most once.

use serde_json::{Value, json};

use super::{
    charge::{self, Presence},
    debit,
    intent::{Bank, check_question, check_type, check_url, close_question, method_types, unexpected},
    payment_method::{resolve, usable},
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
};

const TEXTS: [&str; 5] = [
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
];
const OPEN: [&str; 3] = [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
];

/// How a confirmation is asked for.
struct Confirmation {
    off_session: bool,
    return_url: Option<String>,
    /// How the person agreed to a mandate, for debits.
    agreed: Option<Value>,
}

impl Confirmation {
    fn take(p: &mut Params) -> Outcome<Self> {
        let off_session = match p.text("off_session").as_deref() {
            None | Some("false") => false,
            // Stripe also takes the older words for why the person is away.
            Some("true" | "one_off" | "recurring") => true,
            Some(_) => return Err(Fault::bad_param("off_session", "Invalid boolean")),
        };
        let return_url = p.text("return_url");
        if let Some(url) = &return_url {
            check_url("return_url", url)?;
        }
        Ok(Self {
            off_session,
            return_url,
            agreed: debit::acceptance(p)?,
        })
    }
}

pub(super) async fn create(tx: &mut Tx, base: &str, p: &mut Params) -> Outcome<Value> {
    let amount = p
        .integer("amount")?
        .ok_or_else(|| Fault::missing_param("amount"))?;
    let currency = Currency::find(&p.required("currency")?)?;
    currency.check(amount)?;
    let mut intent = blank(tx, amount, currency);
    let confirm = p.boolean("confirm")?;
    let confirmation = Confirmation::take(p)?;
    if !confirm && (confirmation.off_session || confirmation.return_url.is_some()) {
        let name = if confirmation.off_session {
            "off_session"
        } else {
            "return_url"
        };
        return Err(Fault::bad_param(
            name,
            format!("{name} can only be used together with confirm=true."),
        ));
    }
    let method = p.text("payment_method");
    apply(&mut intent, p)?;
    p.finish()?;
    if let Some(customer) = intent.text("customer").map(str::to_owned) {
        tx.customer(&customer).await?;
    }
    if let Some(id) = method {
        let method = resolve(tx, &id, "payment_method").await?;
        choose(&mut intent, &method)?;
    }
    tx.emit("payment_intent.created", &intent.data);
    tx.put(&intent);
    if confirm {
        run(tx, base, &mut intent, None, &confirmation).await?;
    }
    Ok(intent.data)
}

fn blank(tx: &Tx, amount: i64, currency: &Currency) -> Object {
    let mut intent = tx.make("payment_intent", "pi");
    let empty = [
        "application",
        "application_fee_amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "customer",
        "last_payment_error",
        "latest_charge",
        "next_action",
        "on_behalf_of",
        "payment_method",
        "processing",
        "review",
        "setup_future_usage",
        "shipping",
        "transfer_data",
    ];
    for name in empty.into_iter().chain(TEXTS) {
        intent.data[name] = Value::Null;
    }
    let secret = format!("{}_secret_{}", intent.id, ids::random_word());
    for (name, value) in [
        ("amount", amount.into()),
        ("amount_capturable", 0.into()),
        ("amount_details", json!({ "tip": {} })),
        ("amount_received", 0.into()),
        ("capture_method", "automatic".into()),
        ("client_secret", secret.into()),
        ("confirmation_method", "automatic".into()),
        ("currency", currency.code.into()),
        ("metadata", json!({})),
        ("payment_method_options", json!({})),
        ("payment_method_types", json!(["card"])),
        ("status", "requires_payment_method".into()),
    ] {
        intent.data[name] = value;
    }
    intent
}

/// The parameters that creation and update share.
fn apply(intent: &mut Object, p: &mut Params) -> Outcome<()> {
    for name in TEXTS {
        if let Some(value) = p.change(name) {
            intent.data[name] = value.into();
        }
    }
    if let Some(customer) = p.text("customer") {
        intent.data["customer"] = customer.into();
    }
    if let Some(usage) = p.choice("setup_future_usage", &["off_session", "on_session"])? {
        intent.data["setup_future_usage"] = usage.into();
    }
    p.choice("capture_method", &["automatic", "automatic_async"])?;
    p.choice("confirmation_method", &["automatic"])?;
    if p.boolean("automatic_payment_methods[enabled]")? {
        let redirects = p.choice("automatic_payment_methods[allow_redirects]", &["always", "never"])?;
        intent.data["automatic_payment_methods"] =
            json!({ "enabled": true, "allow_redirects": redirects.unwrap_or("always") });
    }
    method_types(intent, p)?;
    intent.data["metadata"] = p.metadata("metadata", Some(&intent.data["metadata"]))?;
    Ok(())
}

/// Puts the card into the intent, if the two belong together.
fn choose(intent: &mut Object, method: &Object) -> Outcome<()> {
    usable(method)?;
    check_type(intent, method)?;
    if let Some(owner) = method.text("customer")
        && intent.text("customer") != Some(owner)
    {
        let words =
            "The PaymentMethod belongs to a Customer; pass that Customer to use it in this PaymentIntent.";
        return Err(Fault::bad_param("payment_method", words));
    }
    intent.data["payment_method"] = method.id.clone().into();
    if intent.status() == "requires_payment_method" {
        intent.data["status"] = "requires_confirmation".into();
    }
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut intent = tx.lock("payment_intent", id, "intent").await?;
    let (amount, method, customer) = (p.integer("amount")?, p.text("payment_method"), p.text("customer"));
    let currency = p.text("currency");
    let weighty = amount.is_some() || method.is_some() || customer.is_some() || currency.is_some();
    if weighty && !OPEN.contains(&intent.status()) {
        return Err(unexpected(&intent, "update"));
    }
    if let Some(code) = currency {
        intent.data["currency"] = Currency::find(&code)?.code.into();
    }
    if let Some(customer) = customer {
        tx.customer(&customer).await?;
        intent.data["customer"] = customer.into();
    }
    let currency = Currency::find(intent.text("currency").unwrap_or(""))?;
    let amount = currency.check(amount.unwrap_or(intent.number("amount")))?;
    intent.data["amount"] = amount.into();
    apply(&mut intent, p)?;
    p.finish()?;
    if let Some(id) = method {
        let method = resolve(tx, &id, "payment_method").await?;
        choose(&mut intent, &method)?;
    }
    tx.put(&intent);
    Ok(intent.data)
}

pub(super) async fn confirm(tx: &mut Tx, base: &str, id: &str, p: &mut Params) -> Outcome<Value> {
    let confirmation = Confirmation::take(p)?;
    let method = p.text("payment_method");
    p.choice("setup_future_usage", &["off_session", "on_session"])?;
    p.boolean("use_stripe_sdk")?;
    p.finish()?;
    let mut intent = tx.lock("payment_intent", id, "intent").await?;
    run(tx, base, &mut intent, method, &confirmation).await?;
    Ok(intent.data)
}

async fn run(
    tx: &mut Tx,
    base: &str,
    intent: &mut Object,
    method: Option<String>,
    confirmation: &Confirmation,
) -> Outcome<()> {
    if !OPEN.contains(&intent.status()) {
        return Err(unexpected(intent, "confirm"));
    }
    let Some(id) = method.or_else(|| intent.text("payment_method").map(str::to_owned)) else {
        let words = "You cannot confirm this PaymentIntent because it's missing a payment method.";
        return Err(Fault::invalid(words)
            .code("payment_intent_unexpected_state")
            .with("payment_intent", intent.data.clone()));
    };
    let method = resolve(tx, &id, "payment_method").await?;
    choose(intent, &method)?;
    close_question(intent);
    intent.hidden["agreed"] = confirmation.agreed.clone().into();
    let how = Presence {
        off_session: confirmation.off_session,
        authenticated: false,
    };
    let bank = confirmation
        .return_url
        .as_deref()
        .map(|return_url| Bank { base, return_url });
    charge::attempt(tx, intent, &method, how, bank).await
}

pub(super) async fn cancel(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let reasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];
    let reason = p.choice("cancellation_reason", &reasons)?;
    p.finish()?;
    let mut intent = tx.lock("payment_intent", id, "intent").await?;
    if !OPEN.contains(&intent.status()) {
        return Err(unexpected(&intent, "cancel"));
    }
    close_question(&mut intent);
    intent.data["status"] = "canceled".into();
    intent.data["canceled_at"] = tx.now.into();
    intent.data["cancellation_reason"] = reason.into();
    tx.emit("payment_intent.canceled", &intent.data);
    tx.put(&intent);
    Ok(intent.data)
}

/// The person answered on the bank's page. Returns where to lead them: back to the shop, with what came of
/// it.
pub(crate) async fn bank_answer(tx: &mut Tx, id: &str, token: &str, yes: bool) -> Outcome<String> {
    let mut intent = tx.lock("payment_intent", id, "intent").await?;
    check_question(&intent, token)?;
    close_question(&mut intent);
    let back = intent.hidden["return_url"].as_str().unwrap_or("").to_owned();
    let method = intent.text("payment_method").unwrap_or("").to_owned();
    let method = tx.get("payment_method", &method, "payment_method").await?;
    if yes {
        let how = Presence {
            off_session: false,
            authenticated: true,
        };
        match charge::attempt(tx, &mut intent, &method, how, None).await {
            Err(fault) if !fault.0.keep => return Err(fault),
            // A decline stands in the intent, and the shop reads it there.
            _ => {}
        }
    } else {
        let words =
            "The provided PaymentMethod has failed authentication. Provide another one and try again.";
        let fault = Fault::invalid(words)
            .code("payment_intent_authentication_failure")
            .with("payment_method", method.data.clone());
        intent.data["last_payment_error"] = fault.inner();
        intent.data["payment_method"] = Value::Null;
        intent.data["status"] = "requires_payment_method".into();
        tx.emit("payment_intent.payment_failed", &intent.data);
        tx.put(&intent);
    }
    let status = match intent.status() {
        "succeeded" => "succeeded",
        "processing" => "pending",
        _ => "failed",
    };
    let glue = if back.contains('?') { '&' } else { '?' };
    let secret = intent.text("client_secret").unwrap_or("");
    Ok(format!(
        "{back}{glue}payment_intent={id}&payment_intent_client_secret={secret}&redirect_status={status}"
    ))
}
