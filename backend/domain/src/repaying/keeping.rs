//! What came back to a lender and was kept at their wish: whether they may give of it.

use crate::{
    campaign::CampaignState,
    money::Money,
    pledge::smallest,
    words::{Refusal, Words},
};

/// What stands on a share, and what is in the way of giving of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The rules of the loan let lenders keep what comes back.
    pub may_be_held: bool,
    /// Its lender wants it to be kept.
    pub is_kept: bool,
    /// The lender's bank took their charge back: what stands there may be another's.
    pub is_frozen: bool,
    /// Where the loan's campaign stands.
    pub campaign: CampaignState,
    /// What stands on the share.
    pub there: Money,
}

/// Why a lender cannot give what they want to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GiftRefusal {
    /// The rules of the loan say that nothing is kept.
    #[error("nothing may be kept of this loan")]
    NotHeld,
    /// What comes back is sent on.
    #[error("what comes back is sent on, not kept")]
    NotKept,
    /// The share is frozen.
    #[error("a bank took the lender's charge back")]
    Frozen,
    /// The campaign cannot be paid out.
    #[error("the campaign takes no gifts of lenders now")]
    NotNow,
    /// Less than can be paid out.
    #[error("less than {0} cannot be given")]
    TooSmall(Money),
    /// More than is there.
    #[error("no more than {0} is kept")]
    TooMuch(Money),
}

impl GiftRefusal {
    /// Whether it is about the amount that was typed, and not about the share.
    #[must_use]
    pub const fn is_about_amount(&self) -> bool {
        match self {
            Self::TooSmall(_) | Self::TooMuch(_) => true,
            Self::NotHeld | Self::NotKept | Self::Frozen | Self::NotNow => false,
        }
    }
}

impl Refusal for GiftRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::NotHeld => Words::new("lender-keep-not-offered"),
            Self::NotKept => Words::new("lender-gift-not-kept"),
            Self::Frozen => Words::new("lender-gift-frozen"),
            Self::NotNow => Words::new("lender-gift-not-now"),
            Self::TooSmall(least) => Words::new("lender-gift-too-small").with("least", least),
            Self::TooMuch(most) => Words::new("lender-gift-too-much").with("most", most),
        }
    }
}

impl Kept {
    /// Whether so much of it may be given.
    ///
    /// # Errors
    /// [`GiftRefusal`]; the first that holds.
    pub fn may_give(&self, amount: Money) -> Result<(), GiftRefusal> {
        if !self.may_be_held {
            return Err(GiftRefusal::NotHeld);
        }
        if self.is_frozen {
            return Err(GiftRefusal::Frozen);
        }
        if !self.is_kept {
            return Err(GiftRefusal::NotKept);
        }
        if !matches!(self.campaign, CampaignState::Funded | CampaignState::Closed) {
            return Err(GiftRefusal::NotNow);
        }
        let least = smallest(self.there.currency());
        if amount.minor() < least.minor() {
            return Err(GiftRefusal::TooSmall(least));
        }
        if amount.currency() != self.there.currency() || amount.minor() > self.there.minor() {
            return Err(GiftRefusal::TooMuch(self.there));
        }
        Ok(())
    }

    /// Whether anything of it may be given.
    #[must_use]
    pub fn is_giveable(&self) -> bool {
        self.may_give(self.there).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    const KEPT: Kept = Kept {
        may_be_held: true,
        is_kept: true,
        is_frozen: false,
        campaign: CampaignState::Funded,
        there: Money::from_minor(2_000, Currency::EUR),
    };

    #[test]
    fn what_is_kept_may_be_given_whole_or_in_part_and_no_more() {
        assert_eq!(KEPT.may_give(eur(2_000)), Ok(()));
        assert_eq!(KEPT.may_give(eur(100)), Ok(()));
        assert_eq!(KEPT.may_give(eur(99)), Err(GiftRefusal::TooSmall(eur(100))));
        assert_eq!(KEPT.may_give(eur(2_001)), Err(GiftRefusal::TooMuch(eur(2_000))));
        let krona = Money::from_minor(1_000, Currency::SEK);
        assert_eq!(KEPT.may_give(krona), Err(GiftRefusal::TooMuch(eur(2_000))));
        assert!(KEPT.is_giveable());
    }

    #[test]
    fn nothing_is_given_that_is_not_kept_or_may_be_anothers_or_could_not_be_paid_out() {
        let of = |change: fn(&mut Kept)| {
            let mut kept = KEPT;
            change(&mut kept);
            kept.may_give(eur(500))
        };
        assert_eq!(of(|kept| kept.may_be_held = false), Err(GiftRefusal::NotHeld));
        assert_eq!(of(|kept| kept.is_kept = false), Err(GiftRefusal::NotKept));
        assert_eq!(of(|kept| kept.is_frozen = true), Err(GiftRefusal::Frozen));
        for &campaign in CampaignState::ALL {
            let kept = Kept { campaign, ..KEPT };
            let takes = matches!(campaign, CampaignState::Funded | CampaignState::Closed);
            let expected = if takes { Ok(()) } else { Err(GiftRefusal::NotNow) };
            assert_eq!(kept.may_give(eur(500)), expected, "{campaign}");
        }
        let little = Kept {
            there: eur(99),
            ..KEPT
        };
        assert!(!little.is_giveable());
    }
}
