//! Accounts of projects at the provider, and money on its way to them: what we ask for, and what we read of the
//! answers. Accounts are made by `controller[...]` properties
//! (https://docs.stripe.com/connect/migrate-to-controller-properties).

use felag_domain::money::{Currency, Money};
use felag_domain::payout_account::Capabilities;
use serde_json::Value;

use super::objects::{self, Trouble};
use super::provider::{NoAnswer, Request};
use super::requests::Tag;
use super::unit::{our_amount, provider_amount};
use crate::ctx::Ctx;

/// A project as the provider is told of it.
pub struct NewAccount<'a> {
    /// Two capital letters of ISO 3166.
    pub country: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub url: &'a str,
}

/// The provider asks the questions and bears none of the losses; it sends nothing to a bank by itself.
pub fn create_account(tag: Tag, new: &NewAccount<'_>) -> Request {
    form(
        "v1/accounts",
        tag,
        &[
            ("controller[fees][payer]", "application"),
            ("controller[losses][payments]", "application"),
            ("controller[requirement_collection]", "stripe"),
            ("controller[stripe_dashboard][type]", "express"),
            ("capabilities[transfers][requested]", "true"),
            ("settings[payouts][schedule][interval]", "manual"),
            ("country", new.country),
            ("email", new.email),
            ("business_profile[name]", new.name),
            ("business_profile[url]", new.url),
        ],
    )
}

/// From our balance to a project's. `group` finds it again: one transfer has it.
pub fn create_transfer(tag: Tag, net: Money, account: &str, group: &str) -> Request {
    form(
        "v1/transfers",
        tag,
        &[
            ("amount", &provider_amount(net).to_string()),
            ("currency", &net.currency().code().to_lowercase()),
            ("destination", account),
            ("transfer_group", group),
        ],
    )
}

/// Takes a whole transfer back.
pub fn reverse_transfer(tag: Tag, transfer: &str) -> Request {
    form(&format!("v1/transfers/{transfer}/reversals"), tag, &[])
}

/// From a project's balance to its bank. `words` stand on the bank's statement: 22 letters at most.
pub fn create_payout(tag: Tag, net: Money, account: &str, words: &str) -> Request {
    let words: String = words.chars().take(22).collect();
    let request = form(
        "v1/payouts",
        tag,
        &[
            ("amount", &provider_amount(net).to_string()),
            ("currency", &net.currency().code().to_lowercase()),
            ("statement_descriptor", &words),
        ],
    );
    Request {
        account: Some(account.to_string()),
        ..request
    }
}

fn form(path: &str, tag: Tag, pairs: &[(&str, &str)]) -> Request {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let metadata = std::collections::BTreeMap::from_iter(tag.metadata());
    form.extend_pairs(
        metadata
            .iter()
            .map(|(name, value)| (format!("metadata[{name}]"), value)),
    );
    Request {
        path: path.into(),
        body: form.finish(),
        account: None,
    }
}

/// An address of the provider where somebody answers its questions. Good for one visit within minutes, so it is made
/// for each click, and neither kept nor logged.
///
/// # Errors
/// [`NoAnswer`] when the provider is away.
pub async fn onboarding_link(
    ctx: &Ctx,
    account: &str,
    refresh_url: &str,
    return_url: &str,
) -> Result<Result<String, Trouble>, NoAnswer> {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("account", account)
        .append_pair("type", "account_onboarding")
        .append_pair("refresh_url", refresh_url)
        .append_pair("return_url", return_url)
        .finish();
    let request = Request {
        path: "v1/account_links".into(),
        body,
        account: None,
    };
    let key = format!("felag:account_link:{}", ctx.random.token());
    let answer = ctx.provider.post(&request, &key).await?;
    match answer.body.get("url").and_then(Value::as_str) {
        Some(url) if answer.status < 300 => Ok(Ok(url.to_string())),
        _ if answer.status >= 500 => Err(NoAnswer::status(answer.status)),
        _ => Ok(Err(Trouble::of(&answer.body))),
    }
}

/// What an account is asked for under.
pub fn account_path(id: &str) -> String {
    format!("v1/accounts/{id}")
}

/// An account as it stands; `None` when it does not answer to us any more.
///
/// # Errors
/// [`NoAnswer`] when nothing certain was heard.
pub async fn account(ctx: &Ctx, id: &str) -> Result<Option<Value>, NoAnswer> {
    let answer = ctx.provider.get(&account_path(id)).await?;
    let code = Trouble::of(&answer.body).code;
    match answer.status {
        200..300 => Ok(Some(answer.body)),
        404 => Ok(None),
        403 if code.as_deref() == Some("account_invalid") => Ok(None),
        status => Err(NoAnswer::status(status)),
    }
}

/// What an account can do, as it says itself.
pub fn capabilities(account: &Value) -> Capabilities {
    let is = |name: &str| account.get(name).and_then(Value::as_bool).unwrap_or(false);
    let transfers = account.pointer("/capabilities/transfers").and_then(Value::as_str);
    Capabilities {
        is_ours: true,
        submitted: is("details_submitted"),
        transfers: transfers == Some("active"),
        payouts: is("payouts_enabled"),
        owes_answers: !requirements(account).is_empty(),
        disabled_reason: account
            .pointer("/requirements/disabled_reason")
            .and_then(Value::as_str)
            .map(ToString::to_string),
    }
}

/// What is asked for right now, in the provider's words.
pub fn requirements(account: &Value) -> Vec<String> {
    let due = account
        .pointer("/requirements/currently_due")
        .and_then(Value::as_array);
    due.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(ToString::to_string)
        .collect()
}

/// The bank an account is paid out to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    /// The same for the same bank account, however often it is given.
    pub fingerprint: String,
    pub last4: String,
    pub country: String,
}

/// The first bank account, which is the one payouts go to.
pub fn bank(account: &Value) -> Option<Bank> {
    let found = account.pointer("/external_accounts/data/0")?;
    let text = |name: &str| found.get(name).and_then(Value::as_str).map(ToString::to_string);
    Some(Bank {
        fingerprint: text("fingerprint").or_else(|| text("id"))?,
        last4: text("last4").unwrap_or_default(),
        country: text("country").unwrap_or_default(),
    })
}

/// The currencies an account can be paid out in: those of its bank accounts, by their codes.
pub fn bank_currencies(account: &Value) -> Vec<String> {
    let banks = account
        .pointer("/external_accounts/data")
        .and_then(Value::as_array);
    let codes = banks
        .into_iter()
        .flatten()
        .filter_map(|bank| bank.get("currency")?.as_str());
    codes.map(str::to_uppercase).collect()
}

/// A payout at a project's account, as far as we read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankPayout {
    pub id: String,
    pub status: String,
    /// What the bank's statement shows.
    pub reference: Option<String>,
    pub failure_code: Option<String>,
}

impl BankPayout {
    /// `None` for an object without an id or a status.
    pub fn read(object: &Value) -> Option<Self> {
        let text = |path: &str| object.pointer(path).and_then(Value::as_str);
        Some(Self {
            id: objects::id(object)?.to_string(),
            status: text("/status")?.to_string(),
            reference: text("/trace_id/value").map(ToString::to_string),
            failure_code: text("/failure_code").map(ToString::to_string),
        })
    }
}

/// What may be sent now, of the platform's own balance in `currency`.
///
/// # Errors
/// [`NoAnswer`] when nothing certain was heard.
pub async fn available(ctx: &Ctx, currency: Currency) -> Result<Money, NoAnswer> {
    let answer = ctx.provider.get("v1/balance").await?;
    if answer.status >= 300 {
        return Err(NoAnswer::status(answer.status));
    }
    let code = currency.code().to_lowercase();
    let available = answer.body.get("available").and_then(Value::as_array);
    let units = available
        .into_iter()
        .flatten()
        .filter(|one| one.get("currency").and_then(Value::as_str) == Some(&code))
        .filter_map(|one| one.get("amount").and_then(Value::as_i64))
        .fold(0, i64::saturating_add);
    Ok(our_amount(units, currency).unwrap_or(Money::zero(currency)))
}

#[cfg(test)]
mod tests {
    use felag_domain::payout_account::{AccountState, state};
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "id": "acct_1", "details_submitted": true, "charges_enabled": false, "payouts_enabled": true,
            "capabilities": { "transfers": "active" },
            "requirements": { "currently_due": [], "disabled_reason": null },
            "external_accounts": { "data": [{ "id": "ba_1", "last4": "3000", "country": "DE", "fingerprint": "fp" }] },
        })
    }

    #[test]
    fn an_account_is_read_as_the_provider_describes_it() {
        assert_eq!(state(&capabilities(&whole()), false), AccountState::Enabled);
        assert_eq!(bank(&whole()).map(|bank| bank.last4), Some("3000".into()));
        let mut asked = whole();
        asked["requirements"]["currently_due"] = json!(["individual.verification.document"]);
        assert_eq!(state(&capabilities(&asked), true), AccountState::Restricted);
        assert_eq!(state(&capabilities(&json!({})), false), AccountState::Pending);
    }

    #[test]
    fn a_payout_is_read_with_what_the_banks_statement_says() {
        let paid = json!({ "id": "po_1", "status": "paid", "trace_id": { "status": "supported", "value": "FELAG1" } });
        let read = BankPayout::read(&paid).unwrap();
        assert_eq!(
            (read.status.as_str(), read.reference.as_deref()),
            ("paid", Some("FELAG1"))
        );
        assert_eq!(BankPayout::read(&json!({ "id": "po_1" })), None);
    }
}
