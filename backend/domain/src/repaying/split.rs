//! Splitting a repayment over the shares of a loan, by [`crate::loan::split_repayment`], for amounts as the tables keep
//! them.

use crate::loan::{Running, Share, split_repayment};

/// Splits `amount` by `weights`, where `credited` is what each had before. Both are in the order of the shares' ids,
/// which decides between equals. Nothing for anybody when there is no weight, or an amount below zero.
#[must_use]
pub fn split(weights: &[i64], credited: &[i64], amount: i64) -> Vec<i64> {
    let count = |minor: i64| u64::try_from(minor).unwrap_or(0);
    let shares: Vec<Share> = weights
        .iter()
        .zip(credited)
        .map(|(weight, credited)| Share {
            weight: count(*weight),
            credited: count(*credited),
        })
        .collect();
    let running = Running {
        before: shares
            .iter()
            .fold(0, |sum, share| sum.saturating_add(share.credited)),
        amount: count(amount),
    };
    let parts = split_repayment(&shares, running).unwrap_or_else(|| vec![0; weights.len()]);
    parts
        .into_iter()
        .map(|part| i64::try_from(part).unwrap_or(i64::MAX))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_taken_a_cent_back_when_the_order_of_fractions_turns() {
        let weights = [6, 6, 2];
        let first = split(&weights, &[0, 0, 0], 10);
        assert_eq!(first, [4, 4, 2]);
        assert_eq!(split(&weights, &first, 1), [1, 0, 0]);
    }

    #[test]
    fn equals_are_decided_by_the_earlier_share_and_nothing_goes_to_no_weight() {
        assert_eq!(split(&[1, 1, 1], &[0, 0, 0], 2), [1, 1, 0]);
        assert_eq!(split(&[0, 5], &[0, 0], 3), [0, 3]);
        assert_eq!(split(&[0, 0], &[0, 0], 3), [0, 0]);
        assert_eq!(split(&[], &[], 3), [0; 0]);
    }

    #[test]
    fn a_few_cents_of_interest_reach_thousands_of_lenders_in_turn() {
        let weights = vec![10; 5000];
        let mut credited = vec![0_i64; 5000];
        for _ in 0..5 {
            let parts = split(&weights, &credited, 1000);
            assert_eq!(parts.iter().sum::<i64>(), 1000);
            for (had, part) in credited.iter_mut().zip(parts) {
                *had += part;
            }
        }
        assert!(credited.iter().all(|had| *had == 1));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount_none_is_negative_and_principal_ends_exact(
            weights in prop::collection::vec(0_i64..100_000, 1..40),
            cuts in prop::collection::vec(1_i64..50_000, 0..30),
        ) {
            let whole: i64 = weights.iter().sum();
            let mut credited = vec![0_i64; weights.len()];
            let mut left = whole;
            for amount in cuts.into_iter().chain([i64::MAX]) {
                let amount = amount.min(left);
                let parts = split(&weights, &credited, amount);
                prop_assert_eq!(parts.iter().sum::<i64>(), amount.max(0));
                prop_assert!(parts.iter().all(|part| *part >= 0));
                for (had, part) in credited.iter_mut().zip(parts) {
                    *had += part;
                }
                left -= amount;
            }
            prop_assert_eq!(credited, weights);
        }
    }
}
