//! Lists of the provider, page by page: for looking whether anything was missed.

use serde_json::Value;
use time::OffsetDateTime;

use super::objects;
use super::provider::NoAnswer;
use crate::ctx::Ctx;

/// Objects of one page, and where the next begins.
pub struct Listed {
    pub objects: Vec<Value>,
    pub next: Option<String>,
}

/// A page of what was made since `since`, the newest first, such as of `v1/refunds`.
///
/// # Errors
/// When the provider does not answer, or refuses.
pub async fn since(
    ctx: &Ctx,
    path: &str,
    since: OffsetDateTime,
    after: Option<&str>,
) -> Result<Listed, NoAnswer> {
    let after = after.map_or(String::new(), |after| format!("&starting_after={after}"));
    let query = format!("{path}?limit=100&created[gte]={}{after}", since.unix_timestamp());
    let answer = ctx.provider.get(&query).await?;
    if !(200..300).contains(&answer.status) {
        return Err(NoAnswer::status(answer.status));
    }
    let has_more = answer
        .body
        .get("has_more")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let objects = answer
        .body
        .get("data")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let last = objects.last().and_then(objects::id).map(ToString::to_string);
    Ok(Listed {
        objects,
        next: last.filter(|_| has_more),
    })
}
