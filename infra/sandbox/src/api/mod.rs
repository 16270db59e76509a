//! The API's routes, and what all of them share: showing an object, expanding references, listing.

mod account;
mod account_link;
mod book;
mod charge;
mod checkout;
mod customer;
mod debit;
mod dispute;
mod event;
mod evidence;
pub(crate) mod intent;
mod payment_intent;
mod payment_method;
mod payout;
mod refund;
mod review;
mod setup_intent;
mod transfer;
mod webhook_endpoint;

pub(crate) use account::check_connected;
pub(crate) use account_link::{finish as finish_link, is_visitor, open as open_link, visit as visit_link};
pub(crate) use charge::settle_slow;
pub(crate) use checkout::{complete, expire_overdue};
pub(crate) use debit::{agreed_on_page, make as make_debit_method};
pub(crate) use dispute::{
    Opening, REASONS, act as act_on_dispute, open as open_dispute, open_due as open_dispute_due,
    settle as settle_dispute,
};
pub(crate) use payment_intent::bank_answer as payment_bank_answer;
pub(crate) use payment_method::make as make_payment_method;
pub(crate) use payout::{
    fail_now as fail_payout, pay_out_daily, proceed as proceed_payout, schedule as schedule_payouts,
};
pub(crate) use refund::{act as act_on_refund, settle as settle_refund};
pub(crate) use review::{Review, leave, lock_account, move_to, set_bank};
pub(crate) use setup_intent::{Setup, attempt as attempt_setup, bank_answer as setup_bank_answer};

use serde_json::{Value, json};

use crate::{
    db::{Filter, Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

/// Answers one call under `/v1/`. `path` is what follows it, cut at the slashes.
pub(crate) async fn call(
    tx: &mut Tx,
    base: &str,
    method: &str,
    path: &[&str],
    p: &mut Params,
) -> Outcome<Value> {
    let expand = p.list("expand");
    let mut answer = route(tx, base, method, path, p).await?;
    for wish in &expand {
        Box::pin(expand_path(tx, &mut answer, wish, wish)).await?;
    }
    Ok(answer)
}

async fn route(tx: &mut Tx, base: &str, method: &str, path: &[&str], p: &mut Params) -> Outcome<Value> {
    match (method, path) {
        (
            _,
            [
                "customers" | "payment_methods" | "setup_intents" | "payment_intents" | "checkout",
                ..,
            ],
        ) => take_money(tx, base, method, path, p).await,
        ("POST", ["webhook_endpoints"]) => webhook_endpoint::create(tx, p).await,
        ("POST", ["webhook_endpoints", id]) => webhook_endpoint::update(tx, id, p).await,
        ("DELETE", ["webhook_endpoints", id]) => webhook_endpoint::delete(tx, id, p).await,
        ("GET", ["events"]) => event::list(tx, p).await,
        _ => move_money(tx, base, method, path, p).await,
    }
}

/// Where money comes from: customers, their cards, what they pay.
async fn take_money(tx: &mut Tx, base: &str, method: &str, path: &[&str], p: &mut Params) -> Outcome<Value> {
    match (method, path) {
        ("POST", ["customers"]) => customer::create(tx, p).await,
        ("POST", ["customers", id]) => customer::update(tx, id, p).await,
        ("DELETE", ["customers", id]) => customer::delete(tx, id, p).await,
        ("GET", ["customers", id, "payment_methods"]) => payment_method::list(tx, Some(id), p).await,
        ("POST", ["payment_methods"]) => payment_method::create(tx, p).await,
        ("GET", ["payment_methods"]) => payment_method::list(tx, None, p).await,
        ("POST", ["payment_methods", id]) => payment_method::update(tx, id, p).await,
        ("POST", ["payment_methods", id, "attach"]) => payment_method::attach(tx, id, p).await,
        ("POST", ["payment_methods", id, "detach"]) => payment_method::detach(tx, id, p).await,
        ("POST", ["setup_intents"]) => setup_intent::create(tx, base, p).await,
        ("POST", ["setup_intents", id, "confirm"]) => setup_intent::confirm(tx, base, id, p).await,
        ("POST", ["setup_intents", id, "cancel"]) => setup_intent::cancel(tx, id, p).await,
        ("POST", ["payment_intents"]) => payment_intent::create(tx, base, p).await,
        ("POST", ["payment_intents", id]) => payment_intent::update(tx, id, p).await,
        ("POST", ["payment_intents", id, "confirm"]) => payment_intent::confirm(tx, base, id, p).await,
        ("POST", ["payment_intents", id, "cancel"]) => payment_intent::cancel(tx, id, p).await,
        ("POST", ["checkout", "sessions"]) => checkout::create(tx, base, p).await,
        ("GET", ["checkout", "sessions", id]) => checkout::retrieve(tx, id, p).await,
        ("POST", ["checkout", "sessions", id, "expire"]) => checkout::expire(tx, id, p).await,
        ("GET", ["checkout", "sessions"]) => list(tx, "checkout.session", p).await,
        _ => plain(tx, method, path, p).await,
    }
}

/// Where money goes: back, on to others, out to banks.
async fn move_money(tx: &mut Tx, base: &str, method: &str, path: &[&str], p: &mut Params) -> Outcome<Value> {
    match (method, path) {
        ("GET", ["balance"]) => book::balance(tx, p).await,
        ("GET", ["balance_transactions"]) => book::list(tx, p).await,
        ("GET", ["account"]) => account::own(tx, p).await,
        ("POST", ["accounts"]) => account::create(tx, p).await,
        ("GET", ["accounts"]) => account::list(tx, p).await,
        ("GET", ["accounts", id]) => account::retrieve(tx, id, p).await,
        ("POST", ["accounts", id]) => account::update(tx, id, p).await,
        ("POST", ["accounts", id, "reject"]) => account::reject(tx, id, p).await,
        ("GET", ["accounts", id, "external_accounts"]) => account::banks(tx, id, p).await,
        ("POST", ["accounts", id, "login_links"]) => account_link::login(tx, base, id, p).await,
        ("POST", ["account_links"]) => account_link::create(tx, base, p).await,
        ("POST", ["transfers"]) => transfer::create(tx, p).await,
        ("GET", ["transfers"]) => transfer::list(tx, p).await,
        ("POST", ["transfers", id]) => transfer::update(tx, id, p).await,
        ("POST", ["transfers", id, "reversals"]) => transfer::reverse(tx, id, p).await,
        ("GET", ["transfers", id, "reversals"]) => transfer::reversals(tx, id, p).await,
        ("GET", ["transfers", id, "reversals", reversal]) => transfer::reversal(tx, id, reversal, p).await,
        ("POST", ["payouts"]) => payout::create(tx, p).await,
        ("GET", ["payouts"]) => payout::list(tx, p).await,
        ("POST", ["payouts", id]) => payout::update(tx, id, p).await,
        ("POST", ["payouts", id, "cancel"]) => payout::cancel(tx, id, p).await,
        ("POST", ["refunds"]) => refund::create(tx, p).await,
        ("GET", ["refunds"]) => refund::list(tx, p).await,
        ("POST", ["refunds", id]) => refund::update(tx, id, p).await,
        ("POST", ["refunds", id, "cancel"]) => refund::cancel(tx, id, p).await,
        ("GET", ["disputes"]) => dispute::list(tx, p).await,
        ("POST", ["disputes", id]) => evidence::update(tx, id, p).await,
        ("POST", ["disputes", id, "close"]) => dispute::close(tx, id, p).await,
        _ => plain(tx, method, path, p).await,
    }
}

/// What is retrieved and listed without a rule of its own.
async fn plain(tx: &mut Tx, method: &str, path: &[&str], p: &mut Params) -> Outcome<Value> {
    match (method, path) {
        ("GET", [collection, id]) if kind_of(collection).is_some() => {
            p.finish()?;
            let kind = kind_of(collection).unwrap_or_default();
            let object = tx.get(kind, id, "id").await?;
            show(tx, &object).await
        }
        // A mandate is found through what it belongs to; there is no list of them.
        ("GET", [collection]) if *collection != "mandates" && kind_of(collection).is_some() => {
            list(tx, kind_of(collection).unwrap_or_default(), p).await
        }
        _ => Err(Fault::new(
            404,
            "invalid_request_error",
            format!("Unrecognized request URL ({method}: /v1/{}).", path.join("/")),
        )),
    }
}

/// The collections whose objects are retrieved and listed in the plain way.
fn kind_of(collection: &str) -> Option<&'static str> {
    Some(match collection {
        "customers" => "customer",
        "payment_methods" => "payment_method",
        "setup_intents" => "setup_intent",
        "payment_intents" => "payment_intent",
        "charges" => "charge",
        "refunds" => "refund",
        "balance_transactions" => "balance_transaction",
        "events" => "event",
        "webhook_endpoints" => "webhook_endpoint",
        "transfers" => "transfer",
        "payouts" => "payout",
        "disputes" => "dispute",
        "mandates" => "mandate",
        _ => return None,
    })
}

/// The object as the API shows it now: a few members follow the clock or other rows.
pub(crate) async fn show(tx: &mut Tx, object: &Object) -> Outcome<Value> {
    let mut data = object.data.clone();
    match object.kind.as_str() {
        "balance_transaction" => {
            let there = object.number("available_on") <= tx.now;
            data["status"] = if there { "available" } else { "pending" }.into();
        }
        "event" => {
            let pending = tx.pending(std::slice::from_ref(&object.id)).await?;
            data["pending_webhooks"] = pending.get(&object.id).copied().unwrap_or(0).into();
        }
        _ => {}
    }
    Ok(data)
}

/// The plain list of a kind. Stripe's own filters: each is refused where Stripe has none.
async fn list(tx: &mut Tx, kind: &'static str, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    let by_customer = matches!(
        kind,
        "payment_intent" | "charge" | "setup_intent" | "checkout.session"
    );
    if by_customer {
        filter.customer = p.text("customer");
    }
    if kind == "charge" {
        filter.parent = p.text("payment_intent");
        filter.hold("transfer_group", p.text("transfer_group"));
    }
    p.finish()?;
    page(tx, kind, &filter).await
}

/// The parameters every list takes: `limit`, `starting_after`, `ending_before`, `created`.
fn paging(p: &mut Params) -> Outcome<Filter> {
    let limit = p.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        return Err(
            Fault::bad_param("limit", "This value must be from 1 to 100.").code("parameter_invalid_integer")
        );
    }
    let exact = p.integer("created")?;
    let from = p
        .integer("created[gte]")?
        .or(p.integer("created[gt]")?.map(|second| second + 1));
    let until = p
        .integer("created[lte]")?
        .or(p.integer("created[lt]")?.map(|second| second - 1));
    Ok(Filter {
        from: exact.or(from),
        until: exact.or(until),
        starting_after: p.text("starting_after"),
        ending_before: p.text("ending_before"),
        limit,
        ..Filter::default()
    })
}

/// One page of a list, in the API's shape.
async fn page(tx: &mut Tx, kind: &str, filter: &Filter) -> Outcome<Value> {
    let (objects, more) = tx.list(kind, filter).await?;
    let mut data = Vec::with_capacity(objects.len());
    for object in &objects {
        data.push(show(tx, object).await?);
    }
    Ok(json!({ "object": "list", "data": data, "has_more": more, "url": format!("/v1/{}", url_of(kind)) }))
}

fn url_of(kind: &str) -> String {
    match kind {
        "checkout.session" => "checkout/sessions".into(),
        other => format!("{other}s"),
    }
}

/// Replaces the reference at `path` (`latest_charge.balance_transaction`, `data.customer`) by the object
/// itself.
async fn expand_path(tx: &mut Tx, value: &mut Value, path: &str, whole: &str) -> Outcome<()> {
    let refuse = || Fault::bad_param("expand", format!("This property cannot be expanded ({whole})."));
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    if let Some(list) = value.as_array_mut() {
        for item in list {
            Box::pin(expand_path(tx, item, path, whole)).await?;
        }
        return Ok(());
    }
    let Some(inside) = value.get_mut(name) else {
        return Err(refuse());
    };
    if let Some(id) = inside.as_str() {
        // A bare text is a reference only if an object has that id.
        let object = tx.any(id).await?.ok_or_else(refuse)?;
        *inside = show(tx, &object).await?;
    }
    match (rest, &*inside) {
        (_, Value::Null) | (None, Value::Object(_)) => Ok(()),
        (Some(rest), Value::Object(_) | Value::Array(_)) => {
            Box::pin(expand_path(tx, inside, rest, whole)).await
        }
        _ => Err(refuse()),
    }
}
