//! The page behind an account link: who receives the money, at which bank, and how the check shall end. No
//! JavaScript; a link is good for one visit.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use crate::{
    api::{self, Review},
    app::App,
    bank::{self, BANKS, TestBank},
    currency::Currency,
    db::{Object, Tx},
    fault::Outcome,
    hosted::trouble,
    page::{Gone, Onboard, Wrong, show},
};

const KINDS: [(&str, &str); 4] = [
    ("individual", "A person"),
    ("company", "A company"),
    ("non_profit", "A non-profit organisation"),
    ("government_entity", "A public body"),
];
const ENDS: [(&str, &str); 4] = [
    ("finish", "Finish: everything is in order"),
    (
        "documents",
        "More documents are needed: nothing is paid out until they come",
    ),
    ("never", "Never finish: the check stays open for ever"),
    ("reject", "Reject the account"),
];

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/onboard/{account}/{link}", get(open).post(save))
}

#[derive(Debug, Default, Deserialize)]
struct Visit {
    visit: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    visit: String,
    name: String,
    kind: String,
    bank: String,
    number: String,
    currency: String,
    end: String,
}

async fn open(
    State(app): State<Arc<App>>,
    Path((account, link)): Path<(String, String)>,
    Query(query): Query<Visit>,
) -> Response {
    match enter(&app, &account, &link, query.visit.as_deref()).await {
        Ok(response) => response,
        Err(fault) => trouble(fault),
    }
}

/// The first visit uses the link up and goes on with a secret of its own; everybody else is led away.
async fn enter(app: &App, account: &str, link: &str, visit: Option<&str>) -> Outcome<Response> {
    let mut tx = app.begin().await?;
    let account = api::lock_account(&mut tx, account).await?;
    let mut link = api::open_link(&mut tx, &account.id, link).await?;
    let Some(secret) = visit else {
        let Some(secret) = api::visit_link(&mut tx, &mut link) else {
            return Ok(used_up(&link));
        };
        tx.commit().await?;
        let onward = format!("/onboard/{}/{}?visit={secret}", account.id, link.id);
        return Ok(Redirect::to(&onward).into_response());
    };
    if !api::is_visitor(&link, secret, tx.now) {
        return Ok(used_up(&link));
    }
    if link.hidden["done"] == true {
        return Ok(saved(&link));
    }
    let typed = Typed {
        visit: secret.into(),
        ..Typed::default()
    };
    Ok(form(&account, &link, &typed, None, StatusCode::OK))
}

/// The link was used, or its time has passed: the platform makes a new one at `refresh_url`.
fn used_up(link: &Object) -> Response {
    match link.hidden["refresh_url"].as_str() {
        Some(onward) => Redirect::to(onward).into_response(),
        None => {
            let page = Gone {
                title: "This page has expired",
                words: "A link is good for one visit within five minutes. Ask for a new one.",
                onward: None,
            };
            show(StatusCode::GONE, &page, &[])
        }
    }
}

fn saved(link: &Object) -> Response {
    match link.hidden["return_url"].as_str() {
        Some(onward) => Redirect::to(onward).into_response(),
        None => {
            let page = Gone {
                title: "Saved",
                words: "Payouts go to this bank account from now on.",
                onward: None,
            };
            show(StatusCode::OK, &page, &[])
        }
    }
}

/// Whether the check is over and only the bank account can still change.
fn is_finished(account: &Object) -> bool {
    account.hidden["review"].as_str() == Some(Review::Finished.name())
}

fn form(
    account: &Object,
    link: &Object,
    typed: &Typed,
    wrong: Option<Wrong>,
    status: StatusCode,
) -> Response {
    let data = &account.data;
    let or = |typed: &str, other: &str| {
        if typed.is_empty() {
            other.to_owned()
        } else {
            typed.to_owned()
        }
    };
    let known = &data["external_accounts"]["data"][0];
    let text = |name: &str| known[name].as_str().unwrap_or("");
    let currency = or(
        &typed.currency,
        data["default_currency"].as_str().unwrap_or("eur"),
    );
    let page = Onboard {
        path: format!("/onboard/{}/{}", account.id, link.id),
        visit: &typed.visit,
        who: data["business_profile"]["name"].as_str().unwrap_or(""),
        now: known.is_object().then(|| {
            let currency = text("currency").to_ascii_uppercase();
            format!("{} ({currency}) ending in {}", text("country"), text("last4"))
        }),
        only_bank: is_finished(account),
        banks: BANKS,
        currencies: Currency::all().map(|one| one.code.to_ascii_uppercase()).collect(),
        currency: currency.to_ascii_uppercase(),
        chosen: or(&typed.bank, BANKS.first().map_or("", |bank| bank.number)),
        name: typed.name.clone(),
        kinds: &KINDS,
        kind: or(
            &typed.kind,
            data["business_type"].as_str().unwrap_or("non_profit"),
        ),
        ends: &ENDS,
        end: or(&typed.end, "finish"),
        wrong,
    };
    let onward = ["return_url", "refresh_url"].map(|name| link.hidden[name].as_str().unwrap_or(""));
    show(status, &page, &onward)
}

async fn save(
    State(app): State<Arc<App>>,
    Path((account, link)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Response {
    match take(&app, &account, &link, &typed).await {
        Ok(response) => response,
        Err(fault) => trouble(fault),
    }
}

/// What the form says, checked.
struct Answer {
    bank: &'static TestBank,
    currency: &'static str,
    holder: String,
    review: Review,
}

fn read(account: &Object, typed: &Typed) -> Result<Answer, Wrong> {
    let wrong = |field, message: &str| Wrong {
        field,
        message: message.into(),
    };
    let only_bank = is_finished(account);
    let name = typed.name.trim();
    if name.is_empty() && !only_bank {
        return Err(wrong("name", "Type the name of the person or organisation."));
    }
    let number = if typed.number.trim().is_empty() {
        &typed.bank
    } else {
        &typed.number
    };
    let bank = bank::find(number).map_err(|words| wrong("number", words))?;
    let code = if typed.currency.is_empty() {
        "eur"
    } else {
        &typed.currency
    };
    let currency = Currency::find(code).map_err(|_| wrong("currency", "Choose one of the currencies."))?;
    let review = match (only_bank, typed.end.as_str()) {
        (true, _) => Review::Finished,
        (false, end) if ENDS.iter().any(|(name, _)| *name == end) => {
            Review::find(end).unwrap_or(Review::Finished)
        }
        _ => return Err(wrong("end", "Choose how the check ends.")),
    };
    Ok(Answer {
        bank,
        currency: currency.code,
        holder: name.into(),
        review,
    })
}

async fn take(app: &App, account: &str, link: &str, typed: &Typed) -> Outcome<Response> {
    let mut tx = app.begin().await?;
    let mut account = api::lock_account(&mut tx, account).await?;
    let mut link = api::open_link(&mut tx, &account.id, link).await?;
    if !api::is_visitor(&link, &typed.visit, tx.now) {
        return Ok(used_up(&link));
    }
    if link.hidden["done"] == true {
        return Ok(saved(&link));
    }
    let answer = match read(&account, typed) {
        Ok(answer) => answer,
        Err(wrong) => {
            let refused = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(form(&account, &link, typed, Some(wrong), refused));
        }
    };
    apply(&mut tx, &mut account, typed, &answer).await?;
    api::finish_link(&mut tx, &mut link);
    tx.commit().await?;
    Ok(saved(&link))
}

async fn apply(tx: &mut Tx, account: &mut Object, typed: &Typed, answer: &Answer) -> Outcome<()> {
    if !is_finished(account) && KINDS.iter().any(|(kind, _)| *kind == typed.kind) {
        account.data["business_type"] = typed.kind.clone().into();
    }
    if !answer.holder.is_empty() && account.data["business_profile"]["name"].is_null() {
        account.data["business_profile"]["name"] = answer.holder.clone().into();
    }
    let known = account.data["external_accounts"]["data"][0]["account_holder_name"].as_str();
    let holder = match (answer.holder.is_empty(), known) {
        (true, Some(known)) => known.to_owned(),
        _ => answer.holder.clone(),
    };
    api::set_bank(tx, account, answer.bank, answer.currency, &holder);
    api::move_to(tx, account, answer.review);
    api::schedule_payouts(tx, account).await
}
