//! The pages that people see: checkout, and the bank's question. No JavaScript; every step is a form.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::{
    api::{self, Setup, intent::Bank as BankPage},
    app::App,
    card::{Card, CardError},
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    page::{Bank, Gone, Pay, Wrong, show},
    test_card::{CARDS, known},
    test_debit::{self, DEBITS},
};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/pay/{session}", get(pay_page).post(pay))
        .route("/bank/{intent}/{token}", get(bank_page).post(bank))
        .route("/sandbox.css", get(style))
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=300"),
    ];
    (headers, include_str!("../assets/sandbox.css")).into_response()
}

#[derive(Debug, Default, Deserialize)]
struct PayQuery {
    /// Set when the bank's page was answered with no.
    refused: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PayForm {
    token: String,
    card: String,
    /// An account to debit instead of a card.
    debit: String,
    iban: String,
    number: String,
    expiry: String,
    cvc: String,
    name: String,
}

async fn pay_page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<PayQuery>,
) -> Result<Response, Response> {
    let mut tx = app.begin().await.map_err(trouble)?;
    let session = tx
        .get("checkout.session", &id, "session")
        .await
        .map_err(trouble)?;
    if let Some(gone) = closed(&session, tx.now) {
        return Err(gone);
    }
    let wrong = query.refused.map(|_| Wrong {
        field: "",
        message: "Your bank did not approve. Nothing was saved. Choose another card, or try again.".into(),
    });
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(form(&session, &PayForm::default(), wrong, status))
}

/// The form, with what was typed; never with the number or the security code.
fn form(session: &Object, typed: &PayForm, wrong: Option<Wrong>, status: StatusCode) -> Response {
    let data = &session.data;
    let purpose = data["custom_text"]["submit"]["message"]
        .as_str()
        .or(data["metadata"]["description"].as_str());
    let page = Pay {
        id: &session.id,
        token: session.hidden["token"].as_str().unwrap_or(""),
        purpose: purpose.unwrap_or(""),
        currency: session.text("currency").unwrap_or("").to_ascii_uppercase(),
        cards: if takes(session, "card") { CARDS } else { &[] },
        debits: if takes(session, "sepa_debit") { DEBITS } else { &[] },
        debit: typed.debit.clone(),
        chosen: if typed.card.is_empty() {
            CARDS[0].number.into()
        } else {
            typed.card.clone()
        },
        expiry: typed.expiry.clone(),
        name: typed.name.clone(),
        cancel_url: session.text("cancel_url"),
        wrong,
    };
    show(status, &page, &[session.text("success_url").unwrap_or("")])
}

/// Whether the session takes payment methods of that type.
fn takes(session: &Object, kind: &str) -> bool {
    let types = session.data["payment_method_types"].as_array();
    types.is_some_and(|types| types.iter().any(|one| one == kind))
}

/// A page instead of the form, if the session is over.
fn closed(session: &Object, now: i64) -> Option<Response> {
    let overdue = session.due.is_some_and(|due| due <= now);
    let success = session
        .text("success_url")
        .unwrap_or("")
        .replace("{CHECKOUT_SESSION_ID}", &session.id);
    let page = match session.status() {
        "complete" => Gone {
            title: "This card is saved already",
            words: "There is nothing left to do here.",
            onward: Some(&success),
        },
        "open" if !overdue => return None,
        _ => Gone {
            title: "This page has expired",
            words: "No card was saved. Go back and start again if you still want to give one.",
            onward: session.text("cancel_url"),
        },
    };
    Some(show(StatusCode::GONE, &page, &[]))
}

/// What went wrong, as a page.
pub(crate) fn trouble(fault: Fault) -> Response {
    let (status, title) = match fault.0.status {
        404 => (StatusCode::NOT_FOUND, "There is no such page"),
        410 => (StatusCode::GONE, "This page is over"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
    };
    let words = match fault.0.status {
        404 => "The address is not complete, or was never given out.",
        410 => "The question was answered, or its time has passed. Nothing more happens here.",
        _ => "Nothing was changed. Try again.",
    };
    show(
        status,
        &Gone {
            title,
            words,
            onward: None,
        },
        &[],
    )
}

async fn pay(State(app): State<Arc<App>>, Path(id): Path<String>, Form(typed): Form<PayForm>) -> Response {
    match save_card(&app, &id, &typed).await {
        Ok(response) => response,
        Err(fault) => trouble(fault),
    }
}

async fn save_card(app: &App, id: &str, typed: &PayForm) -> Outcome<Response> {
    let mut tx = app.begin().await?;
    let mut session = tx.lock("checkout.session", id, "session").await?;
    if let Some(gone) = closed(&session, tx.now) {
        return Ok(gone);
    }
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let token = session.hidden["token"].as_str().unwrap_or("");
    if !bool::from(token.as_bytes().ct_eq(typed.token.as_bytes())) {
        let message = "This form was not made for this page. Nothing was saved; send it again.".into();
        return Ok(form(
            &session,
            typed,
            Some(Wrong { field: "", message }),
            StatusCode::FORBIDDEN,
        ));
    }
    let clock = OffsetDateTime::from_unix_timestamp(tx.now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let mut method = match method_of(&mut tx, &session, typed, clock).await? {
        Ok(method) => method,
        Err(wrong) => return Ok(form(&session, typed, Some(wrong), refused)),
    };
    tx.put(&method);
    let intent = session.text("setup_intent").unwrap_or("").to_owned();
    let mut intent = tx.lock("setup_intent", &intent, "setup_intent").await?;
    intent.hidden["agreed"] = api::agreed_on_page(tx.now);
    let back = session
        .text("success_url")
        .unwrap_or("")
        .replace("{CHECKOUT_SESSION_ID}", id);
    let bank = BankPage {
        base: &app.base,
        return_url: &back,
    };
    let onward = match api::attempt_setup(&mut tx, &mut intent, &mut method, false, Some(bank)).await {
        Ok(Setup::Done) => api::complete(&mut tx, &mut session, &method)?,
        Ok(Setup::Asks) => question(&intent),
        Err(fault) if fault.0.keep => {
            tx.commit().await?;
            let message = format!("{} Nothing was saved.", fault.0.message);
            return Ok(form(&session, typed, Some(Wrong { field: "", message }), refused));
        }
        Err(fault) => return Err(fault),
    };
    tx.commit().await?;
    Ok(Redirect::to(&onward).into_response())
}

/// The payment method that was typed or chosen, or what is wrong with it.
async fn method_of(
    tx: &mut Tx,
    session: &Object,
    typed: &PayForm,
    now: OffsetDateTime,
) -> Outcome<Result<Object, Wrong>> {
    let name = Some(typed.name.trim()).filter(|name| !name.is_empty());
    let debit = if typed.iban.trim().is_empty() {
        &typed.debit
    } else {
        &typed.iban
    };
    let wants_debit = !takes(session, "card") || !debit.is_empty();
    if takes(session, "sepa_debit") && wants_debit {
        let account = match test_debit::find(debit) {
            Ok(account) => account,
            Err(words) => return Ok(Err(wrong("iban", words))),
        };
        if name.is_none() {
            return Ok(Err(wrong(
                "name",
                "A debit needs the name of the account's holder.",
            )));
        }
        let mut email = session.text("customer_email").map(str::to_owned);
        if let Some(customer) = session.text("customer") {
            email = email.or(tx.customer(customer).await?.text("email").map(str::to_owned));
        }
        return Ok(Ok(api::make_debit_method(tx, account, name, email.as_deref())));
    }
    Ok(match read_card(typed, now) {
        Ok(card) => Ok(api::make_payment_method(
            tx,
            &card,
            name,
            session.text("customer_email"),
        )),
        Err(error) => Err(wrong(error.field, error.message)),
    })
}

fn wrong(field: &'static str, message: &str) -> Wrong {
    Wrong {
        field,
        message: message.into(),
    }
}

fn question(intent: &Object) -> String {
    intent.data["next_action"]["redirect_to_url"]["url"]
        .as_str()
        .unwrap_or("/")
        .to_owned()
}

/// A typed number wins over a chosen card, so that nobody has to tick a box to type.
fn read_card(typed: &PayForm, now: OffsetDateTime) -> Result<Card, CardError> {
    if typed.number.trim().is_empty() {
        let missing = CardError {
            field: "number",
            code: "incomplete_number",
            message: "Choose a test card or type a number.",
        };
        return known(&typed.card).map(|card| Card::of(card, now)).ok_or(missing);
    }
    let digits: String = typed.expiry.chars().filter(|c| !c.is_whitespace()).collect();
    let (month, year) = match digits.split_once(['/', '-', '.']) {
        Some((month, year)) => (month.to_owned(), year.to_owned()),
        None => (digits.chars().take(2).collect(), digits.chars().skip(2).collect()),
    };
    Card::check(&typed.number, &month, &year, Some(&typed.cvc), now)
}

async fn bank_page(
    State(app): State<Arc<App>>,
    Path((id, token)): Path<(String, String)>,
) -> Result<Response, Response> {
    let mut tx = app.begin().await.map_err(trouble)?;
    let intent = open_question(&mut tx, &id, &token).await.map_err(trouble)?;
    let method = intent.text("payment_method").unwrap_or("").to_owned();
    let method = tx
        .get("payment_method", &method, "payment_method")
        .await
        .map_err(trouble)?;
    let amount = intent.text("currency").map(|code| -> Outcome<String> {
        let currency = Currency::find(code)?;
        Ok(format!(
            "{} {}",
            currency.write(intent.number("amount")),
            currency.code.to_ascii_uppercase()
        ))
    });
    let page = Bank {
        path: format!("/bank/{id}/{token}"),
        amount: amount.transpose().map_err(trouble)?,
        last4: method.data["card"]["last4"].as_str().unwrap_or(""),
    };
    Ok(show(
        StatusCode::OK,
        &page,
        &[intent.hidden["return_url"].as_str().unwrap_or("")],
    ))
}

/// The intent whose question that is, if it still waits for an answer.
async fn open_question(tx: &mut Tx, id: &str, token: &str) -> Outcome<Object> {
    let kind = if id.starts_with("seti_") {
        "setup_intent"
    } else {
        "payment_intent"
    };
    let intent = tx.get(kind, id, "intent").await?;
    let open = intent.status() == "requires_action" && intent.hidden["question"].as_str() == Some(token);
    match open {
        true => Ok(intent),
        false => Err(Fault::new(
            410,
            "invalid_request_error",
            "This question was answered already.",
        )),
    }
}

#[derive(Debug, Deserialize)]
struct BankForm {
    answer: String,
}

/// The token in the address is the form's protection: it is known to nobody else and good for one answer.
async fn bank(
    State(app): State<Arc<App>>,
    Path((id, token)): Path<(String, String)>,
    Form(typed): Form<BankForm>,
) -> Response {
    match answer_bank(&app, &id, &token, typed.answer == "approve").await {
        Ok(onward) => Redirect::to(&onward).into_response(),
        Err(fault) => trouble(fault),
    }
}

async fn answer_bank(app: &App, id: &str, token: &str, yes: bool) -> Outcome<String> {
    let mut tx = app.begin().await?;
    let onward = match id.starts_with("seti_") {
        true => api::setup_bank_answer(&mut tx, &app.base, id, token, yes).await?,
        false => api::payment_bank_answer(&mut tx, id, token, yes).await?,
    };
    tx.commit().await?;
    Ok(onward)
}
