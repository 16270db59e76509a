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
        Kind::CreateAccount => paged(ctx, operation, "v1/accounts").await,
        Kind::CreateTransfer => listed(ctx, operation, "v1/transfers", "transfer_group").await,
        Kind::ReverseTransfer => {
            in_list(ctx, operation, &format!("{}?limit=100", operation.request.path)).await
        }
        Kind::CreatePayout => paged(ctx, operation, "v1/payouts").await,
    }
}

/// What the operation made, looked for page by page, the newest first: at the accounts of projects there are few, and
/// of accounts themselves as many as there are projects.
async fn paged(ctx: &Ctx, operation: &Operation, path: &str) -> Result<Option<Value>, NoAnswer> {
    let mut after = String::new();
    loop {
        let Some(list) = get(ctx, operation, &format!("{path}?limit=100{after}")).await? else {
            return Ok(None);
        };
        if let Some(found) = made_by(&list, operation) {
            return Ok(Some(found));
        }
        let has_more = list.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let last = list
            .get("data")
            .and_then(Value::as_array)
            .and_then(|data| data.last());
        match last.and_then(objects::id).filter(|_| has_more) {
            Some(last) => after = format!("&starting_after={last}"),
            None => return Ok(None),
        }
    }
}

async fn in_list(ctx: &Ctx, operation: &Operation, path: &str) -> Result<Option<Value>, NoAnswer> {
    let list = get(ctx, operation, path).await?;
    Ok(list.and_then(|list| made_by(&list, operation)))
}

/// The object of a list that this operation made, by its metadata.
fn made_by(list: &Value, operation: &Operation) -> Option<Value> {
    let id = operation.id.to_string();
    let objects = list.get("data").and_then(Value::as_array)?;
    objects
        .iter()
        .find(|object| objects::metadata(object, "felag_operation") == Some(&id))
        .cloned()
}

/// The object an action is about, if it stands where the action (or something stronger) would have brought it.
async fn standing(
    ctx: &Ctx,
    operation: &Operation,
    action: &str,
    ends: &[&str],
) -> Result<Option<Value>, NoAnswer> {
    let path = operation.request.path.trim_end_matches(action);
    let expanded = match action {
        "/confirm" | "/cancel" => "?expand[]=latest_charge.balance_transaction",
        // It may be complete: then the card it saved is what there is to learn.
        "/expire" => "?expand[]=setup_intent",
        _ => "",
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
    in_list(ctx, operation, &format!("{path}?{by}={owner}&limit=100")).await
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
