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
    api::{self, Opening, Review},
    app::App,
    bank::{self, BANKS},
    currency::Currency,
    db::Tx,
    fault::{Fault, Outcome},
};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_ctl/accounts/{id}", post(account))
        .route("/_ctl/payouts/{id}", post(payout))
        .route("/_ctl/disputes", post(dispute))
        .route("/_ctl/disputes/{id}", post(dispute_act))
        .route("/_ctl/refunds/{id}", post(refund_act))
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
    let mut tx = begin_at(&app, "payout", &id).await?;
    let payout = api::fail_payout(&mut tx, &id, act.code.as_deref()).await?;
    tx.commit().await?;
    Ok(Json(payout))
}

/// A transaction on the account that the object belongs to.
async fn begin_at(app: &App, kind: &str, id: &str) -> Outcome<Tx> {
    let mut tx = app.begin().await?;
    let owner = tx
        .any(id)
        .await?
        .ok_or_else(|| Fault::unknown_object(kind, id, "id"))?;
    tx.enter(owner.account.as_deref());
    Ok(tx)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisputeWish {
    charge: Option<String>,
    payment_intent: Option<String>,
    amount: Option<i64>,
    reason: Option<String>,
    #[serde(default)]
    inquiry: bool,
}

/// A card holder goes to their bank.
async fn dispute(State(app): State<Arc<App>>, Json(wish): Json<DisputeWish>) -> Outcome<Json<Value>> {
    let id = match (wish.charge, wish.payment_intent) {
        (Some(charge), _) => charge,
        (None, Some(intent)) => {
            let mut tx = begin_at(&app, "payment_intent", &intent).await?;
            let intent = tx.get("payment_intent", &intent, "payment_intent").await?;
            intent.text("latest_charge").unwrap_or("").to_owned()
        }
        (None, None) => return Err(Fault::missing_param("charge")),
    };
    let wanted = wish.reason.as_deref().unwrap_or("fraudulent");
    let reason = api::REASONS
        .into_iter()
        .find(|reason| *reason == wanted)
        .ok_or_else(|| Fault::bad_param("reason", format!("Reasons: {}", api::REASONS.join(", "))))?;
    let mut tx = begin_at(&app, "charge", &id).await?;
    let mut charge = tx.lock("charge", &id, "charge").await?;
    let opening = Opening {
        amount: wish.amount,
        reason,
        inquiry: wish.inquiry,
    };
    let dispute = api::open_dispute(&mut tx, &mut charge, opening)?;
    tx.commit().await?;
    Ok(Json(dispute.data))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Act {
    r#do: String,
}

/// The bank decides, or an inquiry becomes a dispute.
async fn dispute_act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Json(act): Json<Act>,
) -> Outcome<Json<Value>> {
    let mut tx = begin_at(&app, "dispute", &id).await?;
    let dispute = api::act_on_dispute(&mut tx, &id, &act.r#do).await?;
    tx.commit().await?;
    Ok(Json(dispute))
}

/// A refund comes back, or one that waits arrives.
async fn refund_act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Json(act): Json<Act>,
) -> Outcome<Json<Value>> {
    let mut tx = begin_at(&app, "refund", &id).await?;
    let refund = api::act_on_refund(&mut tx, &id, &act.r#do).await?;
    tx.commit().await?;
    Ok(Json(refund))
}
