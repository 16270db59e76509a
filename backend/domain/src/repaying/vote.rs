//! A new plan for a loan in trouble: it passes with both a majority of the lenders who voted, by head, and more than
//! half of all outstanding principal, when at least a third of the lenders and of the outstanding principal voted.
//! The project's own members do not vote, and what they lent is not counted.

use crate::named::named;

named! {
    /// Where a proposed plan stands.
    pub enum ProposalState {
        /// Lenders vote.
        Open => "open",
        /// It is the loan's plan now, or was.
        Passed => "passed",
        /// Nothing changed.
        Rejected => "rejected",
    }
}

/// One lender's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Whether they agree.
    pub agrees: bool,
    /// What is outstanding of their share, in minor units.
    pub outstanding: i64,
}

/// Lenders, and what is outstanding of their shares in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// By head.
    pub lenders: i64,
    /// By principal.
    pub outstanding: i64,
}

impl Side {
    const fn without(self, other: Self) -> Self {
        Self {
            lenders: self.lenders.saturating_sub(other.lenders),
            outstanding: self.outstanding.saturating_sub(other.outstanding),
        }
    }
}

/// How a vote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Who agrees.
    pub agree: Side,
    /// Who does not.
    pub against: Side,
    /// Everybody who may vote.
    pub all: Side,
}

impl Tally {
    /// Counts votes of those who may vote.
    #[must_use]
    pub fn of(votes: &[Vote], all: Side) -> Self {
        let mut tally = Self {
            all,
            ..Self::default()
        };
        for vote in votes {
            let side = if vote.agrees {
                &mut tally.agree
            } else {
                &mut tally.against
            };
            side.lenders += 1;
            side.outstanding = side.outstanding.saturating_add(vote.outstanding);
        }
        tally
    }

    /// What it comes to if nobody else votes and nobody changes their mind: `None` while those who did not vote could
    /// still decide it.
    #[must_use]
    pub fn decided(&self) -> Option<bool> {
        let refused_by_the_rest = Self {
            against: self.all.without(self.agree),
            ..*self
        };
        let agreed_by_the_rest = Self {
            agree: self.all.without(self.against),
            ..*self
        };
        match (passes(&refused_by_the_rest), passes(&agreed_by_the_rest)) {
            (true, _) => Some(true),
            (_, false) => Some(false),
            (false, true) => None,
        }
    }
}

/// Whether enough voted: at least a third of the lenders, and of the outstanding principal.
#[must_use]
pub fn quorum(tally: &Tally) -> bool {
    let third =
        |part: i64, other: i64, all: i64| (i128::from(part) + i128::from(other)) * 3 >= i128::from(all);
    let (agree, against, all) = (tally.agree, tally.against, tally.all);
    third(agree.lenders, against.lenders, all.lenders)
        && third(agree.outstanding, against.outstanding, all.outstanding)
}

/// Whether the plan passes: enough voted, more lenders agree than not, and more than half of all outstanding principal
/// agrees.
#[must_use]
pub fn passes(tally: &Tally) -> bool {
    quorum(tally)
        && tally.agree.lenders > tally.against.lenders
        && i128::from(tally.agree.outstanding) * 2 > i128::from(tally.all.outstanding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vote(agrees: bool, outstanding: i64) -> Vote {
        Vote { agrees, outstanding }
    }

    /// So many lenders with so much outstanding between them.
    fn all(lenders: i64, outstanding: i64) -> Side {
        Side { lenders, outstanding }
    }

    #[test]
    fn a_plan_needs_heads_and_principal() {
        let heads = [vote(true, 10), vote(true, 10), vote(false, 80)];
        assert!(
            !passes(&Tally::of(&heads, all(3, 100))),
            "one large lender cannot be outvoted by two small ones"
        );
        let money = [vote(true, 80), vote(false, 10), vote(false, 10)];
        assert!(
            !passes(&Tally::of(&money, all(3, 100))),
            "nor decide alone against most"
        );
        let both = [vote(true, 40), vote(true, 20), vote(false, 40)];
        assert!(passes(&Tally::of(&both, all(3, 100))));
        let half = [vote(true, 25), vote(true, 25)];
        assert!(
            !passes(&Tally::of(&half, all(4, 100))),
            "half is not more than half"
        );
    }

    #[test]
    fn a_third_is_a_quorum_by_head_and_by_principal() {
        assert!(quorum(&Tally::of(&[vote(false, 34)], all(3, 102))));
        assert!(!quorum(&Tally::of(&[vote(false, 33)], all(3, 102))));
        assert!(!quorum(&Tally::of(&[vote(false, 99)], all(4, 102))));
        assert!(!passes(&Tally::of(&[], all(3, 100))));
        assert!(
            !passes(&Tally::of(&[vote(true, 90)], all(4, 100))),
            "one of four lenders, however large, is no quorum"
        );
    }

    #[test]
    fn it_is_decided_early_only_when_the_rest_cannot_change_it() {
        let open = [vote(true, 60)];
        assert_eq!(Tally::of(&open, all(3, 100)).decided(), None);
        let passed = [vote(true, 60), vote(true, 10)];
        assert_eq!(Tally::of(&passed, all(3, 100)).decided(), Some(true));
        let refused = [vote(false, 50)];
        assert_eq!(Tally::of(&refused, all(3, 100)).decided(), Some(false));
    }

    proptest! {
        #[test]
        fn what_is_decided_early_stays_so_whoever_votes_later(
            votes in proptest::collection::vec((any::<bool>(), 0..1_000_i64), 1..8),
            first in 0..8_usize,
            turnout in 0..8_usize,
        ) {
            let votes: Vec<Vote> = votes.into_iter().map(|(agrees, minor)| vote(agrees, minor)).collect();
            let count = i64::try_from(votes.len()).unwrap();
            let everybody = all(count, votes.iter().map(|one| one.outstanding).sum());
            let first = first.min(votes.len());
            let later = (first + turnout).min(votes.len());
            if let Some(result) = Tally::of(&votes[..first], everybody).decided() {
                prop_assert_eq!(passes(&Tally::of(&votes[..later], everybody)), result);
            }
        }
    }
}
