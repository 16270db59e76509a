//! A repayment split over the lenders (domain §3, rule 2): over the life of a loan nobody loses a cent, no credit is
//! ever below zero, and principal ends exact for everybody.
//!
//! Weights are the shares fixed when the loan closed. With T the running total after this repayment:
//! deficit = T · share / Σ shares − already credited; everybody gets max(0, ⌊deficit⌋); cents left over go to the
//! largest fractions; if the floors come to more than the repayment, cents are taken back from the smallest fractions;
//! ties go to the earlier share. Plain largest remainder on running totals would take cents back: weights 6, 6, 2 get
//! 4, 4, 2 of 10 and 5, 5, 1 of 11.

use std::cmp::Reverse;

/// A lender's share, in the order of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Its weight: what was lent, in minor units. Zero gets nothing.
    pub weight: u64,
    /// What it was credited before, in minor units.
    pub credited: u64,
}

/// What a loan's lenders were credited so far and are credited now, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Before this repayment: the sum of what the shares were credited.
    pub before: u64,
    /// This repayment.
    pub amount: u64,
}

/// What each share is credited of a repayment, in the order given: sums to the amount, to the cent.
///
/// `None` if there is nobody to credit, or if what was credited before is not what the shares say.
#[must_use]
pub fn split_repayment(shares: &[Share], running: Running) -> Option<Vec<u64>> {
    let weights: u128 = shares.iter().map(|share| u128::from(share.weight)).sum();
    let credited: u128 = shares.iter().map(|share| u128::from(share.credited)).sum();
    if credited != u128::from(running.before) || (weights == 0 && running.amount > 0) {
        return None;
    }
    if running.amount == 0 {
        return Some(vec![0; shares.len()]);
    }
    let total = u128::from(running.before) + u128::from(running.amount);
    let mut parts = Vec::with_capacity(shares.len());
    let mut fractions = Vec::with_capacity(shares.len());
    let mut given: u128 = 0;
    for share in shares {
        // A running total and a weight below 2^63 make a product below 2^126.
        let exact = total.checked_mul(u128::from(share.weight))?;
        let (whole, rest) = (exact / weights, exact % weights);
        let floor = whole.saturating_sub(u128::from(share.credited));
        // Who stands ahead of the exact share has a deficit below zero, and so the least claim to a cent: the whole
        // part decides before the fraction.
        let behind = i128::try_from(whole).ok()? - i128::from(share.credited);
        parts.push(u64::try_from(floor).ok()?);
        fractions.push((behind.min(0), rest));
        given += floor;
    }
    settle(
        shares,
        &mut parts,
        &fractions,
        i128::from(running.amount) - i128::try_from(given).ok()?,
    )?;
    Some(parts)
}

/// Gives the cents that are left over, or takes back those that are too many.
fn settle(shares: &[Share], parts: &mut [u64], fractions: &[(i128, u128)], over: i128) -> Option<()> {
    let mut order: Vec<usize> = (0..parts.len())
        .filter(|&index| shares[index].weight > 0)
        .collect();
    if over > 0 {
        // Rounding leaves fewer cents than there are shares.
        let cents = usize::try_from(over).ok()?;
        let behind = |index: &usize| (Reverse(fractions[*index]), *index);
        if cents < order.len() {
            order.select_nth_unstable_by_key(cents, behind);
        }
        for &index in order.get(..cents)? {
            parts[index] += 1;
        }
    } else if over < 0 {
        order.retain(|&index| parts[index] > 0);
        order.sort_unstable_by_key(|&index| (fractions[index], Reverse(index)));
        let mut much = over.unsigned_abs();
        // Once round takes a cent of each; more than that only if many were far ahead.
        while much > 0 {
            let before = much;
            for &index in &order {
                if much > 0 && parts[index] > 0 {
                    parts[index] -= 1;
                    much -= 1;
                }
            }
            if much == before {
                return None;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Credits repayment after repayment; what each got, each time.
    fn over_time(weights: &[u64], amounts: &[u64]) -> Vec<Vec<u64>> {
        let mut shares: Vec<Share> = weights
            .iter()
            .map(|&weight| Share { weight, credited: 0 })
            .collect();
        let mut before = 0;
        let mut all = Vec::new();
        for &amount in amounts {
            let parts = split_repayment(&shares, Running { before, amount }).unwrap();
            assert_eq!(parts.iter().sum::<u64>(), amount);
            for (share, part) in shares.iter_mut().zip(&parts) {
                share.credited += part;
            }
            before += amount;
            all.push(parts);
        }
        all
    }

    #[test]
    fn a_cent_that_was_credited_is_never_taken_back() {
        // Largest remainder alone would make 4, 4, 2 of 10 and 5, 5, 1 of 11.
        assert_eq!(over_time(&[6, 6, 2], &[10, 1]), [[4, 4, 2], [1, 0, 0]]);
    }

    #[test]
    fn ties_go_to_the_earlier_share() {
        assert_eq!(
            over_time(&[1, 1, 1], &[1, 1, 1]),
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        );
    }

    #[test]
    fn who_lent_nothing_gets_nothing() {
        assert_eq!(over_time(&[0, 5, 0], &[7]), [[0, 7, 0]]);
        let nobody = [Share {
            weight: 0,
            credited: 0,
        }];
        let running = |amount| Running { before: 0, amount };
        assert_eq!(split_repayment(&nobody, running(1)), None);
        assert_eq!(split_repayment(&[], running(0)), Some(vec![]));
    }

    #[test]
    fn interest_below_the_number_of_lenders_reaches_everybody_in_time() {
        let weights = vec![100; 5_000];
        let parts = over_time(&weights, &[3_000; 5]);
        let sums: Vec<u64> = (0..5_000)
            .map(|who| parts.iter().map(|part| part[who]).sum())
            .collect();
        assert!(
            sums.iter().all(|&sum| sum == 3),
            "15,000 cents over 5,000 lenders"
        );
    }

    #[test]
    fn credits_that_do_not_add_up_are_refused() {
        let shares = [Share {
            weight: 5,
            credited: 3,
        }];
        assert_eq!(split_repayment(&shares, Running { before: 2, amount: 1 }), None);
    }

    proptest! {
        #[test]
        fn principal_ends_exact_for_everybody(
            weights in prop::collection::vec(0_u64..2_000, 1..60),
            cuts in prop::collection::vec(1_u64..5_000, 1..40),
        ) {
            let whole: u64 = weights.iter().sum();
            prop_assume!(whole > 0);
            let mut amounts = Vec::new();
            let mut left = whole;
            for cut in cuts {
                let amount = cut.min(left);
                amounts.push(amount);
                left -= amount;
            }
            amounts.push(left);
            let parts = over_time(&weights, &amounts);
            for (who, &weight) in weights.iter().enumerate() {
                prop_assert_eq!(parts.iter().map(|part| part[who]).sum::<u64>(), weight);
            }
        }

        #[test]
        fn nobody_is_ever_far_from_the_exact_share(
            weights in prop::collection::vec(1_u64..1_000, 2..30),
            amounts in prop::collection::vec(0_u64..3_000, 1..30),
        ) {
            let parts = over_time(&weights, &amounts);
            let whole: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
            let mut total: u128 = 0;
            let mut credited = vec![0_u128; weights.len()];
            for (part, &amount) in parts.iter().zip(&amounts) {
                total += u128::from(amount);
                for (who, &weight) in weights.iter().enumerate() {
                    credited[who] += u128::from(part[who]);
                    let exact = total * u128::from(weight) / whole;
                    prop_assert!(credited[who] + 2 >= exact && credited[who] <= exact + 2);
                }
            }
        }

        #[test]
        fn any_order_of_pay_return_and_pay_again_ends_exact(
            weights in prop::collection::vec(0_u64..500, 1..30),
            steps in prop::collection::vec((prop::option::of(any::<prop::sample::Index>()), 1_u64..3_000), 1..40),
        ) {
            let whole: u64 = weights.iter().sum();
            prop_assume!(whole > 0);
            let mut shares: Vec<Share> = weights.iter().map(|&weight| Share { weight, credited: 0 }).collect();
            let mut kept: Vec<Vec<u64>> = Vec::new();
            let credited = |shares: &[Share]| shares.iter().map(|share| share.credited).sum::<u64>();
            for (returns, amount) in steps.into_iter().chain([(None, whole)]) {
                if let Some(which) = returns.filter(|_| !kept.is_empty()) {
                    // A reversal mirrors the stored split.
                    let parts = kept.remove(which.index(kept.len()));
                    for (share, part) in shares.iter_mut().zip(parts) {
                        share.credited = share.credited.checked_sub(part).unwrap();
                    }
                    continue;
                }
                let before = credited(&shares);
                let amount = amount.min(whole - before);
                let parts = split_repayment(&shares, Running { before, amount }).unwrap();
                prop_assert_eq!(parts.iter().sum::<u64>(), amount);
                for (share, part) in shares.iter_mut().zip(&parts) {
                    share.credited += part;
                }
                kept.push(parts);
            }
            prop_assert!(shares.iter().all(|share| share.credited == share.weight));
        }
    }
}
