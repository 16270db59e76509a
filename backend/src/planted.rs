//! Deliberate faults, for one purpose: a simulation that cannot find them proves nothing (infra/docs/simulation.md).
//!
//! Without the feature `planted` every question here is a constant no, and the compiler leaves the fault out. A program
//! that is built with it serves nobody. Each fault is one line where it stands, so that the code beside it stays readable.

macro_rules! plants {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// A fault somebody might really make.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Plant { $($(#[doc = $doc])+ $variant,)* }

        impl Plant {
            pub const ALL: &[Plant] = &[$(Plant::$variant,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Plant::$variant => $name,)* }
            }

            /// What is wrong then.
            pub const fn words(self) -> &'static str {
                match self { $(Plant::$variant => concat!($($doc,)+),)* }
            }
        }
    };
}

plants! {
    /// News is kept as often as it is delivered.
    NoUniqueEventId = "no-unique-event-id",
    /// The stock of a reward is read, and written a moment later.
    NoLockOnReward = "no-lock-on-reward",
    /// A request that was not answered is sent again under another key.
    RetryWithNewKey = "retry-with-new-key",
    /// A request that was not answered is taken for refused.
    LostAnswerIsNo = "lost-answer-is-no",
    /// The provider is told that we know, before we have written it down.
    AnswerBeforeCommit = "answer-before-commit",
    /// Mails are written outside the transaction of their cause.
    MailBeforeCommit = "mail-before-commit",
    /// Two may decide on a campaign at the same time.
    DecisionWithoutLock = "decision-without-lock",
    /// A charge that is heard of twice counts twice.
    ChargeCountedTwice = "charge-counted-twice",
    /// What the provider keeps of a charge is not booked.
    ChargeWithoutCost = "charge-without-cost",
    /// The reward of a pledge that ended stays taken.
    StockNotFreed = "stock-not-freed",
    /// A request that somebody is sending is taken by others, too.
    ClaimWithoutLease = "claim-without-lease",
    /// Yen are sent, and read, as if they had cents.
    YenTimesHundred = "yen-times-hundred",
    /// A pledge is dropped at the end of the window without asking the provider first.
    DroppedWithoutAsking = "dropped-without-asking",
    /// The card of a pledge that was taken back stays at the provider.
    CardKept = "card-kept",
    /// Nobody looks after a checkout that is not heard of.
    DraftNotWatched = "draft-not-watched",
    /// Tips count towards what a campaign is promised.
    TipCounted = "tip-counted",
    /// What a bank took for a dispute is not booked.
    DisputeIgnored = "dispute-ignored",
    /// Money leaves for the project while a bank has not decided.
    PayoutDespiteDispute = "payout-despite-dispute",
    /// What a dispute was taken from is worked out again when it comes back.
    SplitAtReversal = "split-recomputed-at-reversal",
    /// A refund that was not answered is sent again under another key.
    RefundWithNewKey = "refund-with-new-key",
    /// A refund that did not arrive is not held again.
    FailedRefundForgotten = "failed-refund-forgotten",
    /// A payout that came back from the bank is not held again.
    ReturnedPayoutForgotten = "returned-payout-forgotten",
    /// What a refund gives back is still counted as collected.
    RefundNotCounted = "refund-not-counted",
    /// A repayment is split by heads, not by what each lent.
    SplitByHeads = "repayment-split-by-heads",
    /// A debit that a bank took back stays credited.
    ReturnedDebitIgnored = "returned-debit-ignored",
    /// A commitment binds before its lender's days are over.
    FirmAtOnce = "firm-at-once",
    /// What came in for interest is credited as principal is, and the rest is forgotten.
    InterestKept = "interest-kept",
}

/// Whether this program can have faults at all.
pub const IS_BUILT_IN: bool = cfg!(feature = "planted");

/// Whether the fault is in place. Never, but in tests.
#[cfg(not(feature = "planted"))]
#[inline]
pub const fn is(_: Plant) -> bool {
    false
}

#[cfg(feature = "planted")]
pub use built_in::{is, plant};

#[cfg(feature = "planted")]
mod built_in {
    use std::sync::{PoisonError, RwLock};

    use super::Plant;

    static PLANTED: RwLock<Option<Plant>> = RwLock::new(None);

    /// Whether the fault is in place.
    pub fn is(plant: Plant) -> bool {
        *PLANTED.read().unwrap_or_else(PoisonError::into_inner) == Some(plant)
    }

    /// Puts a fault in place of the one before, for this whole process.
    pub fn plant(plant: Option<Plant>) {
        *PLANTED.write().unwrap_or_else(PoisonError::into_inner) = plant;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_none_is_in_place() {
        let names: std::collections::BTreeSet<_> = Plant::ALL.iter().map(|plant| plant.name()).collect();
        assert_eq!(names.len(), Plant::ALL.len());
        assert!(
            Plant::ALL
                .iter()
                .all(|plant| !is(*plant) && !plant.words().is_empty())
        );
    }
}
