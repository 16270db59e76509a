//! Payouts: money that leaves for a bank account, and sometimes comes back.

use serde_json::{Value, json};

use super::{
    account,
    book::{Booking, book, check_amount, require_funds},
    page, paging,
    review::spoil_bank,
};
use crate::{
    bank::{self, Fate},
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const NO_FUNDS: &str = "You have insufficient funds in your Stripe account for this transfer. Your card balance is \
    too low. You can use the /v1/balance endpoint to view your Stripe balance.";

/// A payout about to be made.
struct Order {
    amount: i64,
    currency: &'static Currency,
    /// The id of the bank account, and what becomes of payouts to it.
    bank: String,
    fate: Fate,
    automatic: bool,
    description: Option<String>,
    descriptor: Option<String>,
    metadata: Value,
}

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let currency = Currency::find(&p.required("currency")?)?;
    let amount = p
        .integer("amount")?
        .ok_or_else(|| Fault::missing_param("amount"))?;
    let amount = check_amount(currency, amount, "amount")?;
    if amount % currency.payout_step != 0 {
        let words = format!(
            "Payouts in {} must be a multiple of {}.",
            currency.code, currency.payout_step
        );
        return Err(Fault::bad_param("amount", words).code("parameter_invalid_integer"));
    }
    let (description, descriptor) = (p.text("description"), p.text("statement_descriptor"));
    if descriptor.as_ref().is_some_and(|text| text.chars().count() > 22) {
        return Err(Fault::bad_param(
            "statement_descriptor",
            "The statement descriptor has at most 22 characters.",
        ));
    }
    let wanted = p.text("destination");
    p.choice("method", &["standard"])?;
    p.choice("source_type", &["card"])?;
    let metadata = p.metadata("metadata", None)?;
    p.finish()?;
    let (bank, fate) = match tx.account.clone() {
        None => ("ba_sbx_platform".to_owned(), Fate::Paid),
        Some(id) => {
            let account = account::lock(tx, &id, "account").await?;
            destination(&account, currency, wanted.as_deref())?
        }
    };
    require_funds(tx, currency, amount, tx.now, NO_FUNDS).await?;
    let order = Order {
        amount,
        currency,
        bank,
        fate,
        automatic: false,
        description,
        descriptor,
        metadata,
    };
    let payout = tx.make("payout", "po");
    finish_making(tx, payout, order)
}

/// The account's bank account for that currency, if payouts may go there.
fn destination(account: &Object, currency: &Currency, wanted: Option<&str>) -> Outcome<(String, Fate)> {
    let banks = account.data["external_accounts"]["data"].as_array();
    let mut banks = banks.into_iter().flatten();
    let fits =
        |bank: &&Value| bank["currency"] == currency.code && wanted.is_none_or(|wanted| bank["id"] == wanted);
    if account.data["payouts_enabled"] != true {
        let words = "Cannot create payouts: this account's payouts are disabled. Its requirements say why.";
        return Err(Fault::invalid(words).code("payouts_not_allowed"));
    }
    let Some(found) = banks.find(fits) else {
        if let Some(wanted) = wanted {
            return Err(Fault::unknown_object("external account", wanted, "destination"));
        }
        let words = format!(
            "Sorry, you don't have any external accounts in that currency ({}).",
            currency.code
        );
        return Err(Fault::invalid(words));
    };
    let id = found["id"].as_str().unwrap_or("").to_owned();
    let number = account.hidden["banks"][&id].as_str().unwrap_or("");
    let fate = bank::find(number).map_or(Fate::Paid, |bank| bank.fate);
    Ok((id, fate))
}

/// Fills the new payout, books it and tells of it.
fn finish_making(tx: &mut Tx, mut payout: Object, order: Order) -> Outcome<Value> {
    for name in [
        "application_fee",
        "application_fee_amount",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "original_payout",
        "payout_method",
        "reversed_by",
    ] {
        payout.data[name] = Value::Null;
    }
    let reconciled = if order.automatic {
        "completed"
    } else {
        "not_applicable"
    };
    for (name, value) in [
        ("amount", order.amount.into()),
        ("arrival_date", (tx.now + DAY).into()),
        ("automatic", order.automatic.into()),
        ("currency", order.currency.code.into()),
        ("description", order.description.into()),
        ("destination", order.bank.into()),
        ("metadata", order.metadata),
        ("method", "standard".into()),
        ("reconciliation_status", reconciled.into()),
        ("source_type", "card".into()),
        ("statement_descriptor", order.descriptor.into()),
        ("status", "pending".into()),
        ("trace_id", json!({ "status": "pending", "value": null })),
        ("type", "bank_account".into()),
    ] {
        payout.data[name] = value;
    }
    payout.due = Some(tx.now + 6 * HOUR);
    payout.hidden = match order.fate {
        Fate::Paid => json!({ "fate": "paid" }),
        Fate::Fails(code) => json!({ "fate": "fails", "code": code }),
        Fate::ComesBack(code) => json!({ "fate": "comes_back", "code": code }),
        Fate::Stays => json!({ "fate": "stays" }),
    };
    let booked = Booking::free("payout", -order.amount, tx.now);
    let mut row = book(tx, &payout, order.currency, &booked);
    if order.automatic {
        row.hidden["payout"] = payout.id.clone().into();
        tx.put(&row);
    }
    payout.data["balance_transaction"] = row.id.into();
    tx.put(&payout);
    tx.emit("payout.created", &payout.data);
    if payout.data["automatic"] == true {
        tx.emit("payout.reconciliation_completed", &payout.data);
    }
    Ok(payout.data)
}

/// The next step of a payout whose time has come.
pub(crate) async fn proceed(tx: &mut Tx, id: &str) -> Outcome<()> {
    let seen = tx.get("payout", id, "payout").await?;
    // The account is locked before what belongs to it, here as everywhere.
    let account = match tx.account.clone() {
        Some(account) => account::lock(tx, &account, "account").await.ok(),
        None => None,
    };
    let mut payout = tx.lock("payout", &seen.id, "payout").await?;
    if payout.due.is_none_or(|due| due > tx.now) {
        return Ok(());
    }
    payout.due = None;
    let fate = payout.hidden["fate"].as_str().unwrap_or("paid").to_owned();
    match (payout.status(), fate.as_str()) {
        ("pending", fate) => {
            payout.data["status"] = "in_transit".into();
            if fate != "stays" {
                payout.due = Some(payout.created + DAY);
            }
            let word = payout.id.rsplit('_').next().unwrap_or("");
            let reference: String = word.chars().take(12).collect();
            let reference = format!("SBX{}", reference.to_ascii_uppercase());
            payout.data["trace_id"] = json!({ "status": "supported", "value": reference });
            tx.emit("payout.updated", &payout.data);
        }
        ("in_transit", "paid" | "comes_back") => {
            payout.data["status"] = "paid".into();
            if fate == "comes_back" {
                payout.due = Some(tx.now + 3 * DAY);
            }
            tx.emit("payout.updated", &payout.data);
            tx.emit("payout.paid", &payout.data);
        }
        ("in_transit", "fails") | ("paid", "comes_back") => return fail(tx, payout, account),
        _ => {}
    }
    tx.put(&payout);
    Ok(())
}

/// The bank sends a payout back, now. Only what has not come back already can.
pub(crate) async fn fail_now(tx: &mut Tx, id: &str, code: Option<&str>) -> Outcome<Value> {
    let account = match tx.account.clone() {
        Some(account) => account::lock(tx, &account, "account").await.ok(),
        None => None,
    };
    let mut payout = tx.lock("payout", id, "payout").await?;
    if matches!(payout.status(), "failed" | "canceled") {
        return Err(Fault::invalid(format!("Payout {id} is over already.")));
    }
    payout.due = None;
    payout.hidden["code"] = code.unwrap_or("could_not_process").into();
    fail(tx, payout, account)?;
    Ok(tx.get("payout", id, "payout").await?.data)
}

fn fail(tx: &mut Tx, mut payout: Object, account: Option<Object>) -> Outcome<()> {
    let code = payout.hidden["code"]
        .as_str()
        .unwrap_or("could_not_process")
        .to_owned();
    let words = match code.as_str() {
        "no_account" => "The bank found no account with this number.",
        "account_closed" => "The bank account has been closed.",
        "account_frozen" => "The bank account has been frozen.",
        _ => "The bank could not process this payout.",
    };
    payout.data["failure_message"] = words.into();
    payout.data["failure_code"] = code.into();
    payout.data["status"] = "failed".into();
    return_money(tx, &mut payout, "payout_failure")?;
    tx.emit("payout.updated", &payout.data);
    tx.emit("payout.failed", &payout.data);
    tx.put(&payout);
    if let Some(mut account) = account {
        let bank = payout.text("destination").unwrap_or("").to_owned();
        spoil_bank(tx, &mut account, &bank);
        expect(tx, &mut account, tx.now);
    }
    Ok(())
}

/// The money of a payout that did not arrive is back in the balance.
fn return_money(tx: &mut Tx, payout: &mut Object, kind: &'static str) -> Outcome<()> {
    let currency = Currency::find(payout.text("currency").unwrap_or(""))?;
    let booked = Booking::free(kind, payout.number("amount"), tx.now);
    payout.data["failure_balance_transaction"] = book(tx, payout, currency, &booked).id.into();
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut payout = tx.lock("payout", id, "payout").await?;
    payout.data["metadata"] = p.metadata("metadata", Some(&payout.data["metadata"]))?;
    p.finish()?;
    tx.emit("payout.updated", &payout.data);
    tx.put(&payout);
    Ok(payout.data)
}

pub(super) async fn cancel(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let mut payout = tx.lock("payout", id, "payout").await?;
    if payout.status() != "pending" || payout.data["automatic"] == true {
        let words = "Payouts can only be canceled while pending, and only those that were made by hand.";
        return Err(Fault::invalid(words));
    }
    payout.due = None;
    payout.data["status"] = "canceled".into();
    return_money(tx, &mut payout, "payout_cancel")?;
    tx.emit("payout.updated", &payout.data);
    tx.emit("payout.canceled", &payout.data);
    tx.put(&payout);
    Ok(payout.data)
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    let statuses = ["pending", "in_transit", "paid", "failed", "canceled"];
    let status = p.choice("status", &statuses)?;
    filter.hold("status", status.map(str::to_owned));
    filter.hold("destination", p.text("destination"));
    p.finish()?;
    page(tx, "payout", &filter).await
}

/// Money will be there at `when`: an account on a daily schedule pays it out then. The account is locked.
pub(super) fn expect(tx: &mut Tx, account: &mut Object, when: i64) {
    if account.data["settings"]["payouts"]["schedule"]["interval"] == "daily" {
        let next = (when / DAY + 1) * DAY;
        account.due = Some(account.due.map_or(next, |due| due.min(next)));
        tx.put(account);
    }
}

/// Works out when a locked account pays out by itself next.
pub(crate) async fn schedule(tx: &mut Tx, account: &mut Object) -> Outcome<()> {
    account.due = None;
    let home = tx.enter(Some(&account.id));
    let pending = tx.next_available().await?;
    let waiting = tx.balance().await?.iter().any(|(_, available, _)| *available > 0);
    tx.enter(home.as_deref());
    let enabled = account.data["payouts_enabled"] == true;
    if let Some(when) = pending.into_iter().chain(waiting.then_some(tx.now)).min()
        && enabled
    {
        expect(tx, account, when);
    }
    tx.put(account);
    Ok(())
}

/// Pays out what an account on a daily schedule has, in each currency it has a bank account for.
pub(crate) async fn pay_out_daily(tx: &mut Tx, id: &str) -> Outcome<()> {
    let mut account = tx.lock("account", id, "account").await?;
    if account.due.is_none_or(|due| due > tx.now) {
        return Ok(());
    }
    let home = tx.enter(Some(id));
    let balances = match account.hidden["gone"] == true {
        true => vec![],
        false => tx.balance().await?,
    };
    for (code, ..) in balances {
        let currency = Currency::find(&code)?;
        let Ok((bank, fate)) = destination(&account, currency, None) else {
            continue;
        };
        let order = Order {
            amount: 0,
            currency,
            bank,
            fate,
            automatic: true,
            description: Some("STRIPE PAYOUT".into()),
            descriptor: None,
            metadata: json!({}),
        };
        pay_all(tx, order).await?;
    }
    let pending = tx.next_available().await?;
    tx.enter(home.as_deref());
    account.due = None;
    if let Some(when) = pending {
        expect(tx, &mut account, when);
    }
    tx.put(&account);
    Ok(())
}

/// Files everything available under a new payout of exactly that sum.
async fn pay_all(tx: &mut Tx, mut order: Order) -> Outcome<()> {
    let code = order.currency.code;
    let available = tx.funds(code, tx.now).await?;
    if available <= 0 || available % order.currency.payout_step != 0 {
        return Ok(());
    }
    let payout = tx.make("payout", "po");
    order.amount = tx.sweep(code, &payout.id).await?;
    finish_making(tx, payout, order).map(|_| ())
}
