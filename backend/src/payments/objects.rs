//! What we read of the provider's objects, and nothing else: a field we do not need may be missing or new.

use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

use super::unit::our_amount;
use super::{Subject, SubjectKind};

/// An event as it is delivered.
#[derive(Debug, Deserialize)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(with = "time::serde::timestamp")]
    pub created: OffsetDateTime,
    pub livemode: bool,
    /// The connected account it happened on; missing for the platform's own.
    pub account: Option<String>,
    pub data: EventData,
}

#[derive(Debug, Deserialize)]
pub struct EventData {
    pub object: Value,
}

/// One value of an object's metadata.
pub fn metadata<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get("metadata")?.get(name)?.as_str()
}

/// What an object is about, by its metadata; `None` where there is none of ours.
pub fn subject(object: &Value) -> Option<Subject> {
    // Objects made by the first version name the book by its campaign.
    let book = metadata(object, "felag_book").or_else(|| metadata(object, "felag_campaign"))?;
    let book = BookId::from_uuid(book.parse().ok()?);
    SubjectKind::ALL.into_iter().find_map(|kind| {
        let id = metadata(object, &kind.metadata_name())?.parse().ok()?;
        Some(Subject { book, kind, id })
    })
}

pub fn id(object: &Value) -> Option<&str> {
    object.get("id").and_then(Value::as_str)
}

/// What we read of a refund.
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    pub id: String,
    pub charge: Option<String>,
    pub status: String,
    /// There once it left the balance.
    pub balance_transaction: Option<Value>,
    /// There once it came back.
    pub failure_balance_transaction: Option<Value>,
    pub failure_reason: Option<String>,
    #[serde(with = "time::serde::timestamp")]
    pub created: OffsetDateTime,
}

/// What we read of a dispute.
#[derive(Debug, Clone, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub charge: String,
    pub amount: i64,
    pub currency: String,
    pub reason: String,
    pub status: String,
    pub evidence_details: EvidenceDetails,
    /// What it moved in the balance, the oldest first.
    #[serde(default)]
    pub balance_transactions: Vec<BalanceTransaction>,
    #[serde(with = "time::serde::timestamp")]
    pub created: OffsetDateTime,
}

#[derive(Debug, Clone, Deserialize)]
pub struct EvidenceDetails {
    pub due_by: Option<i64>,
    #[serde(default)]
    pub submission_count: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct BalanceTransaction {
    pub id: String,
    pub amount: i64,
    pub fee: i64,
    #[serde(with = "time::serde::timestamp")]
    pub created: OffsetDateTime,
}

/// Whether a dispute, as the provider shows it, takes no evidence any more: some was sent, or it is decided.
pub fn has_evidence(dispute: &Value) -> bool {
    let is_decided = matches!(
        dispute.get("status").and_then(Value::as_str),
        Some("won" | "lost" | "warning_closed" | "under_review" | "warning_under_review")
    );
    let count = dispute
        .get("evidence_details")
        .and_then(|details| details.get("submission_count"));
    is_decided || count.and_then(Value::as_i64).is_some_and(|count| count > 0)
}

/// A checkout in setup mode, asked for with its setup intent expanded.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub id: String,
    /// `open`, `complete` or `expired`.
    pub status: String,
    pub url: Option<String>,
    pub setup_intent: Option<Value>,
    pub customer: Option<Value>,
}

impl Session {
    /// The customer the card belongs to.
    pub fn customer(&self) -> Option<&str> {
        let customer = self.customer.as_ref()?;
        customer.as_str().or_else(|| id(customer))
    }

    /// The card that was saved, once the session is complete.
    pub fn payment_method(&self) -> Option<&str> {
        let method = self.setup_intent.as_ref()?.get("payment_method")?;
        method.as_str().or_else(|| id(method))
    }
}

#[derive(Debug, Deserialize)]
pub struct Intent {
    pub id: String,
    pub status: String,
    pub amount: i64,
    pub currency: String,
    pub latest_charge: Option<Value>,
    pub last_payment_error: Option<Trouble>,
    pub next_action: Option<NextAction>,
}

#[derive(Debug, Deserialize)]
pub struct NextAction {
    pub redirect_to_url: Option<RedirectToUrl>,
}

#[derive(Debug, Deserialize)]
pub struct RedirectToUrl {
    pub url: String,
}

/// Why something was refused: the `error` of an answer, or an intent's last one.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Trouble {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub advice_code: Option<String>,
    pub message: Option<String>,
    pub payment_intent: Option<Value>,
}

impl Trouble {
    /// Of an answer that is not 2xx.
    pub fn of(answer: &Value) -> Self {
        answer
            .get("error")
            .and_then(|error| serde_json::from_value(error.clone()).ok())
            .unwrap_or_default()
    }

    /// What we keep: the decline's code, else the error's. Never the provider's sentence.
    pub fn short(&self) -> String {
        self.decline_code
            .clone()
            .or_else(|| self.code.clone())
            .unwrap_or_else(|| "unknown".into())
    }
}

/// A charge with its balance transaction expanded: what really came in, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub id: String,
    pub gross: Money,
    pub fee: Money,
    pub at: OffsetDateTime,
    /// From a bank account, which may take it back without a word for a while.
    pub is_debit: bool,
}

impl Intent {
    pub fn read(object: &Value) -> anyhow::Result<Self> {
        Ok(serde_json::from_value(object.clone())?)
    }

    /// The charge of an intent that succeeded. `None` when the balance transaction is not there: ask again.
    pub fn charge(&self) -> Option<Charge> {
        let charge = self.latest_charge.as_ref()?;
        let balance = charge
            .get("balance_transaction")
            .filter(|found| found.is_object())?;
        let currency: Currency = balance.get("currency")?.as_str()?.to_uppercase().parse().ok()?;
        let at = charge.get("created").and_then(Value::as_i64)?;
        Some(Charge {
            id: id(charge)?.to_string(),
            gross: our_amount(balance.get("amount")?.as_i64()?, currency)?,
            fee: our_amount(balance.get("fee")?.as_i64()?, currency)?,
            at: OffsetDateTime::from_unix_timestamp(at).ok()?,
            is_debit: charge
                .pointer("/payment_method_details/type")
                .is_some_and(|kind| kind == "sepa_debit"),
        })
    }
}
