//! The payment provider: requests written down before they are sent, and news stored before it is acted on.
//!
//! This floor knows no pledge. What an answer or an event means is decided by the slices; `wiring` gives their
//! functions to [`Hears`].

mod bulk;
pub mod connect;
mod event_store;
pub mod events;
pub mod list;
mod lookup;
pub mod objects;
pub mod operations;
mod paid;
pub mod payment;
mod progress;
pub mod provider;
mod register;
pub mod requests;
mod returns;
mod store;
mod subject;
pub mod unit;
pub mod webhook;

use std::pin::Pin;

use anyhow::Context;
use felag_domain::ids::{BookId, OperationId};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ctx::Ctx;
use objects::Trouble;
use provider::Request;

pub use bulk::write_refunds;
pub use operations::{perform, write, write_all};
pub use paid::{NewPayment, keep_payments};
pub use payment::Payment;
pub use progress::Progress;
pub use register::{register_webhook, webhook_secrets};
pub use returns::{Away, Bank, Counted, Done, Landing, Return, Returns, Step};
pub use subject::{Subject, SubjectKind};

/// What an operation does at the provider. Stored in `operation.kind`: never rename one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    CreateCheckout,
    ExpireCheckout,
    CreateIntent,
    ConfirmIntent,
    /// With the person present: the bank may want to see them.
    ConfirmIntentPresent,
    CancelIntent,
    DetachMethod,
    CreateRefund,
    /// Evidence for a dispute, sent for good.
    SendEvidence,
    /// The project lets the backer's bank have its way.
    CloseDispute,
    CreateAccount,
    CreateTransfer,
    ReverseTransfer,
    /// At the project's own account: from its balance to its bank.
    CreatePayout,
}

impl Kind {
    const ALL: [Kind; 14] = [
        Kind::CreateCheckout,
        Kind::ExpireCheckout,
        Kind::CreateIntent,
        Kind::ConfirmIntent,
        Kind::ConfirmIntentPresent,
        Kind::CancelIntent,
        Kind::DetachMethod,
        Kind::CreateRefund,
        Kind::CreateAccount,
        Kind::CreateTransfer,
        Kind::ReverseTransfer,
        Kind::CreatePayout,
        Kind::SendEvidence,
        Kind::CloseDispute,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::CreateCheckout => "create_checkout",
            Kind::ExpireCheckout => "expire_checkout",
            Kind::CreateIntent => "create_intent",
            Kind::ConfirmIntent => "confirm_intent",
            Kind::ConfirmIntentPresent => "confirm_intent_present",
            Kind::CancelIntent => "cancel_intent",
            Kind::DetachMethod => "detach_method",
            Kind::CreateRefund => "create_refund",
            Kind::CreateAccount => "create_account",
            Kind::CreateTransfer => "create_transfer",
            Kind::ReverseTransfer => "reverse_transfer",
            Kind::CreatePayout => "create_payout",
            Kind::SendEvidence => "send_evidence",
            Kind::CloseDispute => "close_dispute",
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .with_context(|| format!("no operation is called {text}"))
    }
}

/// A request to the provider that is written down.
#[derive(Debug, Clone)]
pub struct Operation {
    pub of: Subject,
    pub id: OperationId,
    pub kind: Kind,
    pub attempt: i32,
    pub request: Request,
    pub key: String,
    pub first_sent_at: OffsetDateTime,
    /// The status of an answer that said nothing certain (5xx).
    pub last_status: Option<i32>,
    pub sends: i32,
}

/// What the provider said to an operation, for good.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The object, as it was answered or found.
    Done(Value),
    Refused(Trouble),
}

/// An operation and its answer.
#[derive(Debug, Clone)]
pub struct Answered {
    pub operation: Operation,
    pub outcome: Outcome,
}

/// What the provider says about something, freshly asked.
#[derive(Debug, Clone)]
pub struct News {
    pub of: Subject,
    /// When it happened by the provider's clock, as far as it says so.
    pub at: OffsetDateTime,
    pub told: Told,
}

#[derive(Debug, Clone)]
pub enum Told {
    Session(Value),
    Intent(Value),
    Refund(Value),
    /// A connected account; `None` when it does not answer to us any more.
    Account(Option<Value>),
    /// A payout at a connected account.
    BankPayout(Value),
    Dispute(Value),
}

/// What a slice makes of what it hears.
pub type Heard<'a, T> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + Send + 'a>>;

/// For [`Hears::settled`] of what may always change: the provider is asked about all of it.
pub fn never_settled<'a>(_: &'a Ctx, _: BookId, _: &'a [Uuid]) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async { Ok(Vec::new()) })
}

/// Takes news of one book.
pub type Listener = for<'a> fn(&'a Ctx, &'a mut PgConnection, BookId, &'a [News]) -> Heard<'a, Vec<Uuid>>;

/// Who acts on what the provider says of one kind of subject: given by `wiring`, called in one transaction per
/// book.
#[derive(Clone, Copy)]
pub struct Hears {
    pub answers: for<'a> fn(&'a Ctx, &'a mut PgConnection, BookId, &'a [Answered]) -> Heard<'a, ()>,
    /// Returns the ids that are not known (yet): their events are parked.
    pub news: Listener,
    /// Which of these ids need no news any more, so that nobody asks the provider for it.
    pub settled: for<'a> fn(&'a Ctx, BookId, &'a [Uuid]) -> Heard<'a, Vec<Uuid>>,
}
