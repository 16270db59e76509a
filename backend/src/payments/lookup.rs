//! Whether an operation whose answer nobody heard took effect: asked by the object's id, else by its customer and
//! `metadata[felag_operation]` (rule 7 of domain.md §3).

use serde_json::Value;

use super::provider::NoAnswer;
use super::{Kind, Operation, objects};
use crate::ctx::Ctx;

/// The object as it stands, if the operation took effect; `None` if it did not.
pub async fn find(ctx: &Ctx, operation: &Operation) -> Result<Option<Value>, NoAnswer> {
    match operation.kind {
        // Without a customer there is nothing to list by; a second checkout harms nobody, because a pledge keeps one
        // card, and the first is over half an hour after it was made.
        Kind::CreateCheckout => listed(ctx, operation, "v1/checkout/sessions", "customer").await,
        Kind::CreateIntent => listed(ctx, operation, "v1/payment_intents", "customer").await,
        Kind::CreateRefund => listed(ctx, operation, "v1/refunds", "payment_intent").await,
        Kind::ExpireCheckout => standing(ctx, operation, "/expire", &["complete", "expired"]).await,
        Kind::ConfirmIntent | Kind::ConfirmIntentPresent => {
            standing(
                ctx,
                operation,
                "/confirm",
                &["succeeded", "processing", "canceled"],
            )
            .await
        }
        Kind::SendEvidence => {
            let object = get(ctx, operation, &operation.request.path).await?;
            Ok(object.filter(objects::has_evidence))
        }
        Kind::CloseDispute => standing(ctx, operation, "/close", &["won", "lost"]).await,
        Kind::CancelIntent => standing(ctx, operation, "/cancel", &["succeeded", "canceled"]).await,
        Kind::DetachMethod => {
            let object = get(ctx, operation, operation.request.path.trim_end_matches("/detach")).await?;
            Ok(object.filter(|method| method.get("customer").is_none_or(Value::is_null)))
        }
    }
}

/// The object an action is about, if it stands where the action (or something stronger) would have brought it.
async fn standing(
    ctx: &Ctx,
    operation: &Operation,
    action: &str,
    ends: &[&str],
) -> Result<Option<Value>, NoAnswer> {
    let path = operation.request.path.trim_end_matches(action);
    let expanded = if action == "/confirm" {
        "?expand[]=latest_charge.balance_transaction"
    } else {
        ""
    };
    let object = get(ctx, operation, &format!("{path}{expanded}")).await?;
    Ok(object.filter(|object| {
        object
            .get("status")
            .and_then(Value::as_str)
            .is_some_and(|status| ends.contains(&status))
    }))
}

async fn listed(ctx: &Ctx, operation: &Operation, path: &str, by: &str) -> Result<Option<Value>, NoAnswer> {
    let form = form_urlencoded::parse(operation.request.body.as_bytes());
    let Some(owner) = form
        .into_iter()
        .find(|(name, _)| name == by)
        .map(|(_, value)| value.into_owned())
    else {
        return Ok(None);
    };
    let Some(list) = get(ctx, operation, &format!("{path}?{by}={owner}&limit=100")).await? else {
        return Ok(None);
    };
    let made_by = operation.id.to_string();
    let objects = list
        .get("data")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    Ok(objects
        .into_iter()
        .find(|object| objects::metadata(object, "felag_operation") == Some(&made_by)))
}

/// `None` for an object the provider does not know.
async fn get(ctx: &Ctx, operation: &Operation, path: &str) -> Result<Option<Value>, NoAnswer> {
    let answer = ctx
        .provider
        .get_of(path, operation.request.account.as_deref())
        .await?;
    match answer.status {
        200..300 => Ok(Some(answer.body)),
        404 => Ok(None),
        status => Err(NoAnswer::status(status)),
    }
}
