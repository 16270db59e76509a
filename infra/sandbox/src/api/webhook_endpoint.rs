//! Webhook endpoints: who wants to hear of events.

use serde_json::{Value, json};

use super::{account::platform_only, intent::check_url};
use crate::{
    db::{API_VERSION, Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
};

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let mut endpoint = tx.make("webhook_endpoint", "we");
    let url = p.required("url")?;
    check_url("url", &url)?;
    let events = p.list("enabled_events");
    if events.is_empty() {
        return Err(Fault::missing_param("enabled_events"));
    }
    endpoint.data["api_version"] = p.text("api_version").unwrap_or_else(|| API_VERSION.into()).into();
    endpoint.data["application"] = Value::Null;
    endpoint.data["description"] = p.text("description").into();
    endpoint.data["enabled_events"] = events.into();
    endpoint.data["metadata"] = p.metadata("metadata", None)?;
    endpoint.data["status"] = "enabled".into();
    endpoint.data["url"] = url.into();
    let connect = p.boolean("connect")?;
    p.finish()?;
    endpoint.hidden["connect"] = connect.into();
    let secret = format!("whsec_sbx_{}", ids::random_word());
    endpoint.hidden["secret"] = secret.clone().into();
    tx.put(&endpoint);
    // Shown this once, as Stripe does.
    let mut answer = endpoint.data;
    answer["secret"] = secret.into();
    Ok(answer)
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let mut endpoint = lock(tx, id).await?;
    if let Some(url) = p.text("url") {
        check_url("url", &url)?;
        endpoint.data["url"] = url.into();
    }
    let events = p.list("enabled_events");
    if !events.is_empty() {
        endpoint.data["enabled_events"] = events.into();
    }
    if let Some(text) = p.change("description") {
        endpoint.data["description"] = text.into();
    }
    if let Some(disabled) = p.text("disabled") {
        endpoint.data["status"] = if disabled == "true" { "disabled" } else { "enabled" }.into();
    }
    endpoint.data["metadata"] = p.metadata("metadata", Some(&endpoint.data["metadata"]))?;
    p.finish()?;
    tx.put(&endpoint);
    Ok(endpoint.data)
}

pub(super) async fn delete(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let mut endpoint = lock(tx, id).await?;
    // What was still under way to it finds it deleted and is given up.
    endpoint.data = json!({ "id": id, "object": "webhook_endpoint", "deleted": true });
    endpoint.hidden = json!({});
    tx.put(&endpoint);
    Ok(endpoint.data)
}

async fn lock(tx: &mut Tx, id: &str) -> Outcome<Object> {
    let endpoint = tx.lock("webhook_endpoint", id, "webhook_endpoint").await?;
    match endpoint.data["deleted"] == true {
        true => Err(Fault::unknown_object("webhook_endpoint", id, "webhook_endpoint")),
        false => Ok(endpoint),
    }
}
