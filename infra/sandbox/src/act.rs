//! Switches for tests that act on one object, under `/_ctl/`: what a bank, a card holder or a checking office
//! would do in the world.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::post,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    api::{self, Review},
    app::App,
    bank::{self, BANKS},
    currency::Currency,
    fault::{Fault, Outcome},
};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_ctl/accounts/{id}", post(account))
        .route("/_ctl/payouts/{id}", post(payout))
}

fn unknown(name: &str, known: &str) -> Fault {
    Fault::bad_param("do", format!("\"{name}\" is none of {known}."))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountAct {
    r#do: String,
    /// One of the test accounts; needed to change it, otherwise the first of them.
    bank: Option<String>,
    currency: Option<String>,
    name: Option<String>,
}

/// What the onboarding page would do, and what happens to an account later.
async fn account(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Json(act): Json<AccountAct>,
) -> Outcome<Json<Value>> {
    let mut tx = app.begin().await?;
    let mut account = api::lock_account(&mut tx, &id).await?;
    if act.r#do == "leave" {
        api::leave(&mut tx, &mut account);
        tx.commit().await?;
        return Ok(Json(account.data));
    }
    let review = match act.r#do.as_str() {
        "enable" | "bank" => Review::Finished,
        other => Review::find(other).ok_or_else(|| {
            unknown(
                other,
                "finish, documents, never, reject, disable, enable, bank, leave",
            )
        })?,
    };
    let first = account.data["external_accounts"]["total_count"] == 0;
    let default = BANKS.first().map_or("", |bank| bank.number);
    let wanted = act
        .bank
        .as_deref()
        .or((first && review != Review::Rejected).then_some(default));
    if let Some(number) = wanted {
        let bank = bank::find(number).map_err(|words| Fault::bad_param("bank", words))?;
        let code = act
            .currency
            .or(account.text("default_currency").map(str::to_owned));
        let currency = Currency::find(&code.unwrap_or_default())?.code;
        let holder = act.name.unwrap_or_else(|| "Open Oven".into());
        api::set_bank(&mut tx, &mut account, bank, currency, &holder);
    }
    api::move_to(&mut tx, &mut account, review);
    api::schedule_payouts(&mut tx, &mut account).await?;
    tx.commit().await?;
    Ok(Json(account.data))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayoutAct {
    r#do: String,
    code: Option<String>,
}

/// The bank refuses a payout, whatever it was going to do.
async fn payout(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Json(act): Json<PayoutAct>,
) -> Outcome<Json<Value>> {
    if act.r#do != "fail" {
        return Err(unknown(&act.r#do, "fail"));
    }
    let mut tx = app.begin().await?;
    let owner = tx
        .any(&id)
        .await?
        .ok_or_else(|| Fault::unknown_object("payout", &id, "id"))?;
    tx.enter(owner.account.as_deref());
    let payout = api::fail_payout(&mut tx, &id, act.code.as_deref()).await?;
    tx.commit().await?;
    Ok(Json(payout))
}
