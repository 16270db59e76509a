//! A new plan for a loan in trouble: it passes with both a majority of the lenders who voted, by head, and more than
//! half of the outstanding principal that voted, when at least a third of the outstanding principal voted at all.

/// One lender's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Whether they agree.
    pub agrees: bool,
    /// What is outstanding of their share, in minor units.
    pub outstanding: i64,
}

/// How a vote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Lenders who agree, and what is outstanding of their shares.
    pub agree: (i64, i64),
    /// Lenders who do not.
    pub against: (i64, i64),
    /// What is outstanding of all shares.
    pub outstanding: i64,
}

impl Tally {
    /// Counts votes about a loan of which so much is outstanding.
    #[must_use]
    pub fn of(votes: &[Vote], outstanding: i64) -> Self {
        let mut tally = Self {
            outstanding,
            ..Self::default()
        };
        for vote in votes {
            let side = if vote.agrees {
                &mut tally.agree
            } else {
                &mut tally.against
            };
            side.0 += 1;
            side.1 = side.1.saturating_add(vote.outstanding);
        }
        tally
    }
}

/// Whether enough voted: at least a third of the outstanding principal.
#[must_use]
pub fn quorum(tally: &Tally) -> bool {
    let voted = i128::from(tally.agree.1) + i128::from(tally.against.1);
    voted * 3 >= i128::from(tally.outstanding)
}

/// Whether the plan passes: enough voted, more lenders agree than not, and more than half of all outstanding principal
/// agrees.
#[must_use]
pub fn passes(tally: &Tally) -> bool {
    quorum(tally)
        && tally.agree.0 > tally.against.0
        && i128::from(tally.agree.1) * 2 > i128::from(tally.outstanding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(agrees: bool, outstanding: i64) -> Vote {
        Vote { agrees, outstanding }
    }

    #[test]
    fn a_plan_needs_heads_and_principal() {
        let heads = [vote(true, 10), vote(true, 10), vote(false, 80)];
        assert!(
            !passes(&Tally::of(&heads, 100)),
            "one large lender cannot be outvoted by two small ones"
        );
        let money = [vote(true, 80), vote(false, 10), vote(false, 10)];
        assert!(!passes(&Tally::of(&money, 100)), "nor decide alone against most");
        let both = [vote(true, 40), vote(true, 20), vote(false, 40)];
        assert!(passes(&Tally::of(&both, 100)));
        let half = [vote(true, 25), vote(true, 25)];
        assert!(!passes(&Tally::of(&half, 100)), "half is not more than half");
    }

    #[test]
    fn a_third_is_a_quorum() {
        assert!(quorum(&Tally::of(&[vote(false, 34)], 102)));
        assert!(!quorum(&Tally::of(&[vote(false, 33)], 102)));
        assert!(!passes(&Tally::of(&[], 100)));
    }
}
