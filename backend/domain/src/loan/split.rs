//! Who gets which cent of a repayment: rule 2 of domain.md §3, for principal and interest separately.
//!
//! Weights are the shares fixed at closing. A lender's deficit is the exact share of the running
//! total, less what was credited already; everybody gets the whole part of it, never less than
//! nothing; cents left over go to the largest fractions; if the whole parts are more than the
//! repayment (somebody was ahead), cents are taken back from the smallest fractions. Ties go to the
//! earlier lender. Plain largest remainder on running totals would take cents back: weights 6, 6, 2
//! are 4, 4, 2 at ten cents and 5, 5, 1 at eleven.

use std::cmp::Reverse;

/// Why a repayment cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Below zero: what comes back mirrors the stored split instead.
    #[error("only what came in is split; what goes back mirrors its split")]
    Negative,
    /// Nobody has a share, or the lists do not belong together.
    #[error("nobody to split over")]
    NoShares,
    /// The running total does not fit.
    #[error("the amounts are too large")]
    TooLarge,
}

/// One lender while a split is worked out.
struct Claim {
    /// Whole cents this lender gets.
    gets: i64,
    /// What is left below a cent, over the sum of weights.
    fraction: u128,
    /// Ahead of the exact share already: gets nothing this time.
    ahead: bool,
}

/// The cents of `amount` for each lender, in the order of `weights` (by id).
///
/// `credited` is what each got so far of the same kind of money (principal, or interest). The parts
/// sum to `amount`, none is negative, and once all is repaid each has exactly their share.
/// O(n log n).
///
/// # Errors
/// [`SplitError`].
pub fn split(amount: i64, weights: &[u64], credited: &[i64]) -> Result<Vec<i64>, SplitError> {
    if amount < 0 || credited.iter().any(|&cents| cents < 0) {
        return Err(SplitError::Negative);
    }
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 || weights.len() != credited.len() {
        return Err(SplitError::NoShares);
    }
    let running = credited
        .iter()
        .try_fold(amount, |total, &cents| total.checked_add(cents))
        .ok_or(SplitError::TooLarge)?;
    let running = u128::from(running.unsigned_abs());
    let mut claims = Vec::with_capacity(weights.len());
    for (&weight, &had) in weights.iter().zip(credited) {
        claims.push(claim(running * u128::from(weight), sum, had)?);
    }
    let given: i128 = claims.iter().map(|claim| i128::from(claim.gets)).sum();
    let left = i128::from(amount) - given;
    if left > 0 {
        hand_out(&mut claims, usize::try_from(left).map_err(|_| SplitError::TooLarge)?);
    } else if left < 0 {
        take_back(&mut claims, i64::try_from(-left).map_err(|_| SplitError::TooLarge)?);
    }
    Ok(claims.into_iter().map(|claim| claim.gets).collect())
}

/// What came back, by the split it was credited with: never worked out again (rule 3).
#[must_use]
pub fn mirror(stored: &[i64]) -> Vec<i64> {
    stored.iter().map(|&cents| cents.saturating_neg()).collect()
}

fn claim(exact: u128, sum: u128, had: i64) -> Result<Claim, SplitError> {
    // Most products fit in 64 bits, where a division costs a fraction of the wide one.
    let (whole, fraction) = match (u64::try_from(exact), u64::try_from(sum)) {
        (Ok(exact), Ok(sum)) => (u128::from(exact / sum), u128::from(exact % sum)),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => (exact / sum, exact % sum),
    };
    let whole = i64::try_from(whole).map_err(|_| SplitError::TooLarge)?;
    let gets = whole - had;
    Ok(Claim { gets: gets.max(0), fraction, ahead: gets < 0 })
}

/// One cent each to the largest fractions. There are fewer cents than lenders with a fraction who are not ahead:
/// their fractions sum to the cents left and what others are ahead.
fn hand_out(claims: &mut [Claim], cents: usize) {
    let mut order: Vec<usize> = (0..claims.len())
        .filter(|&index| !claims[index].ahead && claims[index].fraction > 0)
        .collect();
    let by_fraction = |&index: &usize| (Reverse(claims[index].fraction), index);
    if cents < order.len() {
        order.select_nth_unstable_by_key(cents, by_fraction);
        order.truncate(cents);
    }
    for index in order {
        claims[index].gets += 1;
    }
}

/// Takes cents back from the smallest fractions, one each; again from the start while more must come back.
fn take_back(claims: &mut [Claim], mut cents: i64) {
    let mut order: Vec<usize> = (0..claims.len()).filter(|&index| claims[index].gets > 0).collect();
    // The later of equals gives first, as the earlier of equals gets first.
    order.sort_unstable_by_key(|&index| (claims[index].fraction, Reverse(index)));
    while cents > 0 && !order.is_empty() {
        let each = (cents / i64::try_from(order.len()).unwrap_or(i64::MAX)).max(1);
        for &index in &order {
            let taken = each.min(claims[index].gets).min(cents);
            claims[index].gets -= taken;
            cents -= taken;
        }
        order.retain(|&index| claims[index].gets > 0);
    }
}
