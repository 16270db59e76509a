//! A refund: its states, and how much of a payment may go back.
//!
//! ```text
//! asked ─ sent ─ pending ─ succeeded ─┐ (the bank may send it back weeks later)
//!   └───────┴────────┴──────────── failed
//! ```
//! The books are moved when it is asked, so that no money is promised twice, and moved back when it fails.

use crate::{
    money::Money,
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a refund stands.
    pub enum RefundState {
        /// Written down; the provider has not answered.
        Asked => "asked",
        /// The provider has taken it.
        Sent => "sent",
        /// It is on its way to the bank.
        Pending => "pending",
        /// The provider says it arrived.
        Succeeded => "succeeded",
        /// It did not arrive: the money is with the campaign again.
        Failed => "failed",
    }
}

named! {
    /// What the provider says of a refund.
    pub enum RefundEvent {
        /// It was taken.
        Sent => "sent",
        /// It is on its way.
        Pending => "pending",
        /// It arrived.
        Succeeded => "succeeded",
        /// It was refused, cancelled, or came back.
        Failed => "failed",
    }
}

named! {
    /// Why money goes back.
    pub enum RefundWhy {
        /// It came in for a pledge that had already ended.
        LatePayment => "late_payment",
        /// The project gives it back.
        Project => "project",
        /// A steward gives it back.
        Steward => "steward",
        /// The campaign was cancelled.
        Cancelled => "cancelled",
        /// The campaign was unwound.
        Unwound => "unwound",
        /// The backer took it back, as everybody may whose campaign goes on below its minimum.
        TakenBack => "taken_back",
        /// A project paid more back on its loan than it owed.
        Overpaid => "overpaid",
    }
}

impl RefundState {
    /// Whether the provider has the last word still to say.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Asked | Self::Sent | Self::Pending => true,
            Self::Succeeded | Self::Failed => false,
        }
    }

    /// Whether the money is away, or on its way.
    #[must_use]
    pub const fn takes_money(self) -> bool {
        match self {
            Self::Asked | Self::Sent | Self::Pending | Self::Succeeded => true,
            Self::Failed => false,
        }
    }
}

/// Where `event` takes a refund that stands at `from`. News come in any order and any number of times:
/// what is older than what is known changes nothing, and one that failed stays failed (asking again
/// makes another refund).
#[must_use]
pub const fn next(from: RefundState, event: RefundEvent) -> RefundState {
    use RefundState::{Asked, Failed, Pending, Sent, Succeeded};
    match (event, from) {
        (RefundEvent::Sent, Asked) => Sent,
        (RefundEvent::Sent, Sent | Pending | Succeeded | Failed) => from,
        (RefundEvent::Pending, Asked | Sent) => Pending,
        (RefundEvent::Pending, Pending | Succeeded | Failed) => from,
        (RefundEvent::Succeeded, Asked | Sent | Pending) => Succeeded,
        (RefundEvent::Succeeded, Succeeded | Failed) => from,
        (RefundEvent::Failed, Asked | Sent | Pending | Succeeded | Failed) => Failed,
    }
}

/// What is known of a payment when part of it is to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The gift.
    pub gift: Money,
    /// The tip to the platform.
    pub tip: Money,
    /// What of the gift went back, or is on its way.
    pub gift_refunded: Money,
    /// The same of the tip.
    pub tip_refunded: Money,
    /// A bank holds, or took, this much of the payment back.
    pub disputed: Money,
}

/// How much is to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Everything that is left of gift and tip.
    Whole,
    /// So much of the gift. The tip stays.
    Part(Money),
    /// What a bank left of the gift, that has decided about a part of it.
    Rest,
}

/// What goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returned {
    /// Of the gift.
    pub gift: Money,
    /// Of the tip.
    pub tip: Money,
}

/// Why nothing goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// Everything went back before.
    #[error("nothing is left to refund")]
    NothingLeft,
    /// More than is left of the gift.
    #[error("no more than {0} can be refunded")]
    TooMuch(Money),
    /// Nothing, or less.
    #[error("a refund is above zero")]
    NotPositive,
    /// In another currency than was paid.
    #[error("the payment was in another currency")]
    WrongCurrency,
    /// The backer's bank already holds the money.
    #[error("the payment is disputed")]
    Disputed,
    /// The provider sends no such amount in this currency.
    #[error("the provider cannot send this amount")]
    NotSendable,
}

impl Refusal for RefundRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::NothingLeft => Words::new("refund-nothing-left"),
            Self::TooMuch(left) => Words::new("refund-too-much").with("left", left),
            Self::NotPositive => Words::new("refund-not-positive"),
            Self::WrongCurrency => Words::new("refund-wrong-currency"),
            Self::Disputed => Words::new("refund-disputed"),
            Self::NotSendable => Words::new("refund-not-sendable"),
        }
    }
}

impl Paid {
    /// What of the gift may still go back.
    #[must_use]
    pub const fn gift_left(&self) -> Money {
        minus(self.gift, self.gift_refunded)
    }

    /// What of the tip may still go back.
    #[must_use]
    pub const fn tip_left(&self) -> Money {
        minus(self.tip, self.tip_refunded)
    }

    /// Decides what goes back. A part comes off the gift alone; everything takes the tip along.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn give_back(&self, wish: Wish) -> Result<Returned, RefundRefusal> {
        if self.disputed.is_positive() && wish != Wish::Rest {
            return Err(RefundRefusal::Disputed);
        }
        let (gift, tip) = (self.gift_left(), self.tip_left());
        if gift.is_zero() && tip.is_zero() {
            return Err(RefundRefusal::NothingLeft);
        }
        match wish {
            Wish::Whole => Ok(Returned { gift, tip }),
            Wish::Rest if gift.minor() <= self.disputed.minor() => Err(RefundRefusal::Disputed),
            Wish::Rest => Ok(Returned {
                gift: minus(gift, self.disputed),
                tip: Money::zero(gift.currency()),
            }),
            Wish::Part(part) if part.currency() != gift.currency() => Err(RefundRefusal::WrongCurrency),
            Wish::Part(part) if !part.is_positive() => Err(RefundRefusal::NotPositive),
            Wish::Part(part) if part.minor() > gift.minor() => Err(RefundRefusal::TooMuch(gift)),
            Wish::Part(part) => Ok(Returned {
                gift: part,
                tip: Money::zero(gift.currency()),
            }),
        }
    }
}

const fn minus(all: Money, gone: Money) -> Money {
    Money::from_minor(all.minor().saturating_sub(gone.minor()), all.currency())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn paid(gift: i64, tip: i64) -> Paid {
        Paid {
            gift: eur(gift),
            tip: eur(tip),
            gift_refunded: eur(0),
            tip_refunded: eur(0),
            disputed: eur(0),
        }
    }

    #[test]
    fn news_of_a_refund_end_in_the_same_place_in_any_order() {
        use RefundEvent::{Failed, Pending, Sent, Succeeded};
        for news in [
            [Sent, Pending, Succeeded],
            [Succeeded, Pending, Sent],
            [Pending, Sent, Succeeded],
        ] {
            let end = news.into_iter().fold(RefundState::Asked, next);
            assert_eq!(end, RefundState::Succeeded);
            assert_eq!(next(end, Failed), RefundState::Failed);
        }
    }

    #[test]
    fn every_event_is_safe_to_repeat_and_failed_is_the_end() {
        for &from in RefundState::ALL {
            for &event in RefundEvent::ALL {
                let to = next(from, event);
                assert_eq!(next(to, event), to, "{from} {event}");
                assert!(from != RefundState::Failed || to == from);
            }
        }
    }

    #[test]
    fn a_part_comes_off_the_gift_and_everything_takes_the_tip_along() {
        let payment = paid(3000, 300);
        let part = payment.give_back(Wish::Part(eur(1000)));
        assert_eq!(
            part,
            Ok(Returned {
                gift: eur(1000),
                tip: eur(0)
            })
        );
        let whole = payment.give_back(Wish::Whole);
        assert_eq!(
            whole,
            Ok(Returned {
                gift: eur(3000),
                tip: eur(300)
            })
        );
    }

    #[test]
    fn what_cannot_go_back_is_refused_in_words() {
        let payment = paid(3000, 300);
        let refused = |wish| payment.give_back(wish).unwrap_err();
        assert_eq!(refused(Wish::Part(eur(3001))), RefundRefusal::TooMuch(eur(3000)));
        assert_eq!(refused(Wish::Part(eur(0))), RefundRefusal::NotPositive);
        assert_eq!(refused(Wish::Part(eur(-1))), RefundRefusal::NotPositive);
        let usd = Money::from_minor(1, Currency::USD);
        assert_eq!(refused(Wish::Part(usd)), RefundRefusal::WrongCurrency);
        let gone = Paid {
            gift_refunded: eur(3000),
            tip_refunded: eur(300),
            ..payment
        };
        assert_eq!(gone.give_back(Wish::Whole), Err(RefundRefusal::NothingLeft));
        let disputed = Paid {
            disputed: eur(3300),
            ..payment
        };
        assert_eq!(disputed.give_back(Wish::Whole), Err(RefundRefusal::Disputed));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_no_more_goes_back_than_was_paid(
            gift in 1_i64..1_000_000, tip in 0_i64..250_000,
            asked in prop::collection::vec(prop::option::of(-5_i64..1_200_000), 1..12),
        ) {
            let mut payment = paid(gift, tip);
            for wish in asked {
                let wish = wish.map_or(Wish::Whole, |part| Wish::Part(eur(part)));
                if let Ok(back) = payment.give_back(wish) {
                    prop_assert!(back.gift.minor() + back.tip.minor() > 0);
                    payment.gift_refunded = payment.gift_refunded.checked_add(back.gift).unwrap();
                    payment.tip_refunded = payment.tip_refunded.checked_add(back.tip).unwrap();
                }
                prop_assert!(payment.gift_refunded.minor() <= gift && payment.tip_refunded.minor() <= tip);
            }
        }
    }
}
