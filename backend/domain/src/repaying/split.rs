//! Splitting a repayment over the shares of a loan: rule 2 of the money rules. Nothing is lost, no credit is below
//! zero, and when the last cent came in everybody has exactly their part.

/// Splits `amount` by `weights`, where `credited` is what each had before. Both are in the order of the shares' ids,
/// which decides between equals. Shares without a weight get nothing.
///
/// Each is due the part of the running total that belongs to its weight, less what it had: never less than nothing,
/// whole cents first. Cents left over go to the largest fractions. Where some had more than their part, too many whole
/// cents may be due: they are taken back from the smallest fractions.
#[must_use]
pub fn split(weights: &[i64], credited: &[i64], amount: i64) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
    if whole == 0 || amount <= 0 {
        return vec![0; weights.len()];
    }
    let before: i128 = credited.iter().copied().map(i128::from).sum();
    let total = before.saturating_add(i128::from(amount));
    let mut parts: Vec<i128> = Vec::with_capacity(weights.len());
    let mut fractions: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    for (index, (weight, had)) in weights.iter().zip(credited).enumerate() {
        let exact = total.saturating_mul(i128::from((*weight).max(0)));
        let deficit = exact.saturating_sub(i128::from(*had).saturating_mul(whole));
        let is_due = *weight > 0 && deficit > 0;
        parts.push(if is_due { deficit.div_euclid(whole) } else { 0 });
        if is_due {
            fractions.push((deficit.rem_euclid(whole), index));
        }
    }
    let given: i128 = parts.iter().sum();
    let left = i128::from(amount).saturating_sub(given);
    if left > 0 {
        fractions.sort_by_key(|(fraction, index)| (std::cmp::Reverse(*fraction), *index));
        let cents = usize::try_from(left).unwrap_or(usize::MAX);
        for (_, index) in fractions.iter().take(cents) {
            add(&mut parts, *index, 1);
        }
    } else if left < 0 {
        // The later of two equals gives first, so that the earlier keeps its cent.
        fractions.sort_by_key(|(fraction, index)| (*fraction, std::cmp::Reverse(*index)));
        take_back(&mut parts, &fractions, left.saturating_neg());
    }
    parts
        .into_iter()
        .map(|part| i64::try_from(part).unwrap_or(i64::MAX))
        .collect()
}

fn add(parts: &mut [i128], index: usize, cents: i128) {
    if let Some(part) = parts.get_mut(index) {
        *part = part.saturating_add(cents);
    }
}

/// One cent from each in turn, until it is enough.
fn take_back(parts: &mut [i128], from: &[(i128, usize)], mut excess: i128) {
    while excess > 0 {
        let mut took = false;
        for (_, index) in from {
            if excess > 0 && parts.get(*index).is_some_and(|part| *part > 0) {
                add(parts, *index, -1);
                excess -= 1;
                took = true;
            }
        }
        if !took {
            return;
        }
    }
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
