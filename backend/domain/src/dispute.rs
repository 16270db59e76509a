//! A dispute: a backer's bank asks for a payment back, and decides.
//!
//! ```text
//! inquiry ─ open ─┬─ won
//!    └────────────┴─ lost ─ won (a second look is possible)
//! ```
//! An inquiry moves no money. An open dispute takes the amount and a fee out of the provider's account at once; a
//! dispute that is won brings the amount back.

use time::Duration;

use crate::{
    money::Money,
    named::named,
    text::{self, TextError},
    words::{FieldRefusal, Refusal, Refusals, Words},
};

named! {
    /// Where a dispute stands.
    pub enum DisputeState {
        /// The bank asks; no money has moved.
        Inquiry => "inquiry",
        /// The money was taken; evidence may be given, or the bank is deciding.
        Open => "open",
        /// Decided for the project, or an inquiry that ended without a dispute.
        Won => "won",
        /// Decided for the backer, or accepted.
        Lost => "lost",
    }
}

/// News that cannot be: a won dispute is never lost afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dispute that is {from} cannot become {to}")]
pub struct NotAllowed {
    /// Where it stands.
    pub from: DisputeState,
    /// What was heard.
    pub to: DisputeState,
}

impl DisputeState {
    /// Whether payouts of the campaign wait for it, and the money is away.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }

    /// Whether the amount is missing from what was collected.
    #[must_use]
    pub const fn takes_money(self) -> bool {
        match self {
            Self::Open | Self::Lost => true,
            Self::Inquiry | Self::Won => false,
        }
    }

    /// Whether nothing is left to say or to wait for.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        match self {
            Self::Won | Self::Lost => true,
            Self::Inquiry | Self::Open => false,
        }
    }

    /// The state a status of the provider stands for; `None` for one we do not know.
    #[must_use]
    pub fn of_provider(status: &str) -> Option<Self> {
        match status {
            "warning_needs_response" | "warning_under_review" => Some(Self::Inquiry),
            "needs_response" | "under_review" => Some(Self::Open),
            // An inquiry that ended without a dispute, and one that was prevented, cost nothing.
            "won" | "warning_closed" | "prevented" => Some(Self::Won),
            "lost" => Some(Self::Lost),
            _ => None,
        }
    }
}

/// Where a dispute that stands at `from` is once the provider shows it at `heard`. Late news change nothing.
///
/// # Errors
/// [`NotAllowed`] when a won dispute is said to be lost.
pub const fn next(from: DisputeState, heard: DisputeState) -> Result<DisputeState, NotAllowed> {
    use DisputeState::{Inquiry, Lost, Open, Won};
    match (from, heard) {
        (Inquiry, Inquiry | Open | Won | Lost) => Ok(heard),
        (Open, Inquiry) => Ok(Open),
        (Open, Open | Won | Lost) => Ok(heard),
        (Lost, Inquiry | Open | Lost) => Ok(Lost),
        (Lost, Won) => Ok(Won),
        (Won, Inquiry | Open | Won) => Ok(Won),
        (Won, Lost) => Err(NotAllowed { from, to: heard }),
    }
}

/// How long before evidence is due its people are told once more.
pub const REMIND_BEFORE: Duration = Duration::days(2);

/// What a project tells the bank, in words. Sent once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What the backer paid for.
    pub product: String,
    /// What was written to and by the backer.
    pub communication: String,
    /// Anything else.
    pub other: String,
}

/// The most characters of one text: the provider takes 150,000 of all texts together.
pub const EVIDENCE_MAX: usize = 20_000;

/// Evidence that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is nothing to send")]
pub struct NothingSaid;

impl Refusal for NothingSaid {
    fn words(&self) -> Words {
        Words::new("dispute-nothing-said")
    }
}

impl Evidence {
    /// Checks what was typed. Each text may be empty, but not all of them.
    ///
    /// # Errors
    /// Beside the fields `product`, `communication` and `other`.
    pub fn decide(product: &str, communication: &str, other: &str) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let check = |words: &str| -> Result<String, TextError> { text::block(words, 0, EVIDENCE_MAX) };
        let texts = (
            refusals.keep("product", check(product)),
            refusals.keep("communication", check(communication)),
            refusals.keep("other", check(other)),
        );
        match texts {
            (Some(product), Some(communication), Some(other)) => {
                if product.is_empty() && communication.is_empty() && other.is_empty() {
                    refusals.note("product", &NothingSaid);
                    return Err(refusals.into_vec());
                }
                Ok(Self {
                    product,
                    communication,
                    other,
                })
            }
            (_, _, _) => Err(refusals.into_vec()),
        }
    }
}

/// What of a disputed amount is the gift's, and what the tip's: the gift goes first, as far as it is still there.
#[must_use]
pub const fn parts(disputed: Money, gift_left: Money, tip_left: Money) -> (Money, Money) {
    let currency = disputed.currency();
    let gift = least(disputed.minor(), gift_left.minor());
    // What is beyond both is the gift's too: the bank took it, whatever went back before.
    let tip = least(disputed.minor().saturating_sub(gift), tip_left.minor());
    let gift = disputed.minor().saturating_sub(tip);
    (
        Money::from_minor(gift, currency),
        Money::from_minor(tip, currency),
    )
}

const fn least(one: i64, other: i64) -> i64 {
    if one < other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn every_news_is_safe_to_repeat_and_only_a_won_dispute_cannot_be_lost() {
        for &from in DisputeState::ALL {
            for &heard in DisputeState::ALL {
                match next(from, heard) {
                    Ok(to) => assert_eq!(next(to, heard), Ok(to), "{from} {heard}"),
                    Err(_) => assert_eq!((from, heard), (DisputeState::Won, DisputeState::Lost)),
                }
            }
        }
    }

    #[test]
    fn a_lost_dispute_can_still_be_won() {
        assert_eq!(next(DisputeState::Lost, DisputeState::Won), Ok(DisputeState::Won));
        assert_eq!(
            next(DisputeState::Lost, DisputeState::Open),
            Ok(DisputeState::Lost)
        );
    }

    #[test]
    fn an_inquiry_takes_no_money() {
        let takes: Vec<_> = DisputeState::ALL
            .iter()
            .filter(|state| state.takes_money())
            .collect();
        assert_eq!(takes, [&DisputeState::Open, &DisputeState::Lost]);
        assert_eq!(
            DisputeState::of_provider("warning_needs_response"),
            Some(DisputeState::Inquiry)
        );
        assert_eq!(
            DisputeState::of_provider("warning_closed"),
            Some(DisputeState::Won)
        );
        assert_eq!(DisputeState::of_provider("something_new"), None);
    }

    #[test]
    fn the_gift_is_disputed_before_the_tip() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        let of = |disputed, gift, tip| parts(eur(disputed), eur(gift), eur(tip));
        assert_eq!(of(3300, 3000, 300), (eur(3000), eur(300)));
        assert_eq!(of(1000, 3000, 300), (eur(1000), eur(0)));
        assert_eq!(of(3100, 3000, 300), (eur(3000), eur(100)));
        // Half the gift went back before, and the bank takes the whole payment all the same.
        assert_eq!(of(3300, 1500, 300), (eur(3000), eur(300)));
    }

    #[test]
    fn evidence_says_something() {
        let refused = Evidence::decide(" ", "", "\n").unwrap_err();
        assert_eq!(
            refused
                .iter()
                .map(|refusal| (refusal.field, refusal.words.id))
                .collect::<Vec<_>>(),
            [("product", "dispute-nothing-said")]
        );
        let long = "a".repeat(EVIDENCE_MAX + 1);
        assert_eq!(
            Evidence::decide("", &long, "x").unwrap_err()[0].field,
            "communication"
        );
        let said = Evidence::decide("A microscope", "", "").unwrap();
        assert_eq!(said.product, "A microscope");
    }
}
