//! Account links and login links: addresses of the sandbox's own page, where a project says who it is and
//! which bank account its money goes to.

use serde_json::{Value, json};

use super::{
    account::{self, platform_only},
    intent::check_url,
    review::check_open,
};
use crate::{
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
    params::Params,
};

const FIVE_MINUTES: i64 = 300;
/// How long a page that was opened through a link can be sent.
const HOUR: i64 = 3_600;
/// The kind of the rows behind links; the API never shows them.
const KIND: &str = "account_link";

pub(super) async fn create(tx: &mut Tx, base: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    let id = p.required("account")?;
    match p.required("type")?.as_str() {
        "account_onboarding" => {}
        "account_update" => {
            let words =
                "You cannot create account_update links for accounts whose requirements Stripe collects.";
            return Err(Fault::bad_param("type", words));
        }
        _ => {
            return Err(Fault::bad_param(
                "type",
                "Invalid type: must be account_onboarding",
            ));
        }
    }
    let (refresh, back) = (p.required("refresh_url")?, p.required("return_url")?);
    check_url("refresh_url", &refresh)?;
    check_url("return_url", &back)?;
    p.choice("collection_options[fields]", &["currently_due", "eventually_due"])?;
    p.choice("collection_options[future_requirements]", &["include", "omit"])?;
    p.choice("collect", &["currently_due", "eventually_due"])?;
    p.finish()?;
    let account = account::lock(tx, &id, "account").await?;
    check_open(&account)?;
    let end = tx.now + FIVE_MINUTES;
    let link = keep(tx, &account, Some((&refresh, &back)), end);
    let url = format!("{base}onboard/{}/{}", account.id, link.id);
    Ok(json!({ "object": "account_link", "created": tx.now, "expires_at": end, "url": url }))
}

pub(super) async fn login(tx: &mut Tx, base: &str, id: &str, p: &mut Params) -> Outcome<Value> {
    platform_only(tx)?;
    p.finish()?;
    let account = account::lock(tx, id, "account").await?;
    if account.data["controller"]["stripe_dashboard"]["type"] != "express" {
        return Err(Fault::invalid(
            "Cannot create a login link for an account without an express dashboard.",
        ));
    }
    if account.data["details_submitted"] != true {
        return Err(Fault::invalid(
            "Cannot create a login link for an account that has not completed onboarding.",
        ));
    }
    let link = keep(tx, &account, None, tx.now + FIVE_MINUTES);
    let url = format!("{base}onboard/{}/{}", account.id, link.id);
    Ok(json!({ "object": "login_link", "created": tx.now, "url": url }))
}

fn keep(tx: &mut Tx, account: &Object, ways: Option<(&str, &str)>, end: i64) -> Object {
    let mut link = tx.make(KIND, "link");
    link.data = json!({ "account": account.id });
    link.hidden = json!({
        "refresh_url": ways.map(|ways| ways.0),
        "return_url": ways.map(|ways| ways.1),
        "expires_at": end,
        "visit": null,
        "done": false,
    });
    tx.put(&link);
    link
}

/// The link of that address, locked.
pub(crate) async fn open(tx: &mut Tx, account: &str, id: &str) -> Outcome<Object> {
    let link = tx.lock(KIND, id, "link").await?;
    match link.text("account") == Some(account) {
        true => Ok(link),
        false => Err(Fault::unknown_object(KIND, id, "link")),
    }
}

/// Uses the link up: the first visitor in time gets a secret for the page, everybody else nothing.
pub(crate) fn visit(tx: &mut Tx, link: &mut Object) -> Option<String> {
    let fresh = link.hidden["visit"].is_null() && link.hidden["expires_at"].as_i64() > Some(tx.now);
    if !fresh {
        return None;
    }
    let secret = ids::random_word();
    link.hidden["visit"] = secret.clone().into();
    link.hidden["visit_ends"] = (tx.now + HOUR).into();
    tx.put(link);
    Some(secret)
}

/// Whether the page behind the link is still open for whoever holds `secret`.
pub(crate) fn is_visitor(link: &Object, secret: &str, now: i64) -> bool {
    link.hidden["visit"].as_str() == Some(secret) && link.hidden["visit_ends"].as_i64() > Some(now)
}

/// The page was sent: it can only lead on from now on.
pub(crate) fn finish(tx: &mut Tx, link: &mut Object) {
    link.hidden["done"] = true.into();
    tx.put(link);
}
