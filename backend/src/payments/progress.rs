//! How far a payment is, as its intent says: the same for pledges, commitments and whatever else is charged.

use felag_domain::pledge::{DeclineKind, classify};
use serde_json::Value;

use super::objects::{Charge, Intent, Trouble};

/// What is known of a payment.
#[derive(Debug, Clone)]
pub enum Progress {
    Succeeded(Charge),
    /// The bank wants to see the person.
    NeedsPerson,
    Declined {
        kind: DeclineKind,
        code: String,
        was_present: bool,
    },
    Cancelled,
    /// Nothing to act on: it is being worked on, or was never confirmed.
    Pending,
}

impl Progress {
    /// # Errors
    /// When it succeeded and the charge's cost is not there: it must be asked for again.
    pub fn of_intent(object: &Value) -> anyhow::Result<Self> {
        let intent = Intent::read(object)?;
        match intent.status.as_str() {
            "succeeded" => match intent.charge() {
                Some(charge) => Ok(Progress::Succeeded(charge)),
                None => anyhow::bail!("payment {} succeeded, what it cost is not known yet", intent.id),
            },
            "requires_action" => Ok(Progress::NeedsPerson),
            "requires_payment_method" => Ok(intent
                .last_payment_error
                .map_or(Progress::Pending, |trouble| Progress::declined(&trouble, true))),
            "canceled" => Ok(Progress::Cancelled),
            _ => Ok(Progress::Pending),
        }
    }

    pub fn declined(trouble: &Trouble, was_present: bool) -> Self {
        let code = trouble.code.as_deref().unwrap_or_default();
        let kind = classify(
            code,
            trouble.decline_code.as_deref(),
            trouble.advice_code.as_deref(),
        );
        Progress::Declined {
            kind,
            code: trouble.short(),
            was_present,
        }
    }
}
