//! A project's account at the payment provider: where its money is sent, and whether it may be.
//!
//! What the provider says is possible decides, never that somebody came back from its pages.

use crate::{
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a payout account stands.
    pub enum AccountState {
        /// Made; the provider still waits for answers, or looks at them.
        Pending => "pending",
        /// Money can be sent to it, and on to its bank.
        Enabled => "enabled",
        /// The provider asks for more, and does not pay meanwhile.
        Restricted => "restricted",
        /// The provider refuses to work with the project.
        Rejected => "rejected",
        /// It is gone: closed, or taken out of our reach.
        Lost => "lost",
    }
}

/// What the provider says of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// The account still answers to us.
    pub is_ours: bool,
    /// Everything the hosted page asked for was given once.
    pub submitted: bool,
    /// It can be sent money: the capability `transfers` is active.
    pub transfers: bool,
    /// Its balance can be sent to a bank.
    pub payouts: bool,
    /// Something is asked for right now.
    pub owes_answers: bool,
    /// Why it is held back, as the provider calls it.
    pub disabled_reason: Option<String>,
}

impl AccountState {
    /// Whether the project cannot be paid by any answer of its own to this account.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        match self {
            Self::Rejected | Self::Lost => true,
            Self::Pending | Self::Enabled | Self::Restricted => false,
        }
    }
}

/// Where an account stands by what the provider says of it; `was_enabled` if it ever was.
#[must_use]
pub fn state(now: &Capabilities, was_enabled: bool) -> AccountState {
    let reason = now.disabled_reason.as_deref().unwrap_or("");
    if !now.is_ours {
        AccountState::Lost
    } else if reason.starts_with("rejected") {
        AccountState::Rejected
    } else if now.transfers && now.payouts && !now.owes_answers {
        AccountState::Enabled
    } else if was_enabled || (now.submitted && now.owes_answers) {
        AccountState::Restricted
    } else {
        AccountState::Pending
    }
}

/// Why nothing was started at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefusal {
    /// Nobody answers for the project's money yet.
    #[error("the legal holder is missing")]
    NoHolder,
    /// The provider does not work in the holder's country.
    #[error("the provider does not pay out there")]
    Country,
}

impl Refusal for AccountRefusal {
    fn words(&self) -> Words {
        match self {
            Self::NoHolder => Words::new("payout-account-no-holder"),
            Self::Country => Words::new("payout-account-country"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Capabilities {
        Capabilities {
            is_ours: true,
            submitted: true,
            transfers: true,
            payouts: true,
            owes_answers: false,
            disabled_reason: None,
        }
    }

    #[test]
    fn only_an_account_that_can_really_be_paid_is_enabled() {
        assert_eq!(state(&whole(), false), AccountState::Enabled);
        let lacking: [fn(&mut Capabilities); 3] = [
            |account| account.transfers = false,
            |account| account.payouts = false,
            |account| account.owes_answers = true,
        ];
        for lack in lacking {
            let mut account = whole();
            lack(&mut account);
            assert_ne!(state(&account, false), AccountState::Enabled);
            assert_eq!(state(&account, true), AccountState::Restricted);
        }
    }

    #[test]
    fn an_account_whose_answers_are_being_looked_at_is_pending() {
        let looked_at = Capabilities {
            payouts: false,
            ..whole()
        };
        assert_eq!(state(&looked_at, false), AccountState::Pending);
        let begun = Capabilities {
            is_ours: true,
            owes_answers: true,
            ..Capabilities::default()
        };
        assert_eq!(state(&begun, false), AccountState::Pending);
    }

    #[test]
    fn a_refused_or_lost_account_is_gone_whatever_else_it_can_do() {
        let rejected = Capabilities {
            disabled_reason: Some("rejected.fraud".into()),
            ..whole()
        };
        assert_eq!(state(&rejected, true), AccountState::Rejected);
        let lost = Capabilities {
            is_ours: false,
            ..whole()
        };
        assert_eq!(state(&lost, true), AccountState::Lost);
        assert!(state(&lost, true).is_gone() && state(&rejected, true).is_gone());
    }
}
