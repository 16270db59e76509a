//! What a loan costs and what comes back, worked out by the domain from its terms: for the whole loan and for one lender's
//! part of it.

use felag_domain::campaign::COLLECTION_WINDOW;
use felag_domain::fee;
use felag_domain::loan::{Asked, Grace, Kind, Terms};
use felag_domain::money::Money;
use felag_domain::rate::Rate;
use time::{Date, Duration};

use super::Loan;
use crate::campaigns::store::Campaign;

/// How long after collecting a loan is expected to be at the project's bank.
const PAYOUT_TAKES: Duration = Duration::days(7);

/// When interest is expected to begin: known once it was paid out.
pub fn begins_on(campaign: &Campaign, loan: &Loan) -> Option<Date> {
    let known = loan.paid_out_at.map(|at| at.date());
    let expected = campaign
        .deadline_at
        .map(|deadline| (deadline + COLLECTION_WINDOW + PAYOUT_TAKES).date());
    known.or(expected)
}

/// The terms of a part of the loan, or of all of it. The costs of the payment provider and the platform fall on the
/// borrower, and count in what the whole loan costs a year.
///
/// `None` for terms that a later version wrote, and for a campaign without dates.
pub fn terms(campaign: &Campaign, loan: &Loan, principal: Money, with_costs: bool) -> Option<Terms> {
    let kind: Kind = loan.kind.parse().ok()?;
    let is_free = loan.rate_bp == 0 && kind == Kind::EqualInstalments;
    let grace = match loan.grace_kind.as_str() {
        "interest_only" => Grace::interest_only(loan.grace),
        "deferred_interest" => Grace::deferred(loan.grace),
        _ => Grace::NONE,
    };
    let costs = if with_costs {
        principal.checked_sub(fee::net(principal).net).ok()?
    } else {
        Money::zero(principal.currency())
    };
    Terms::new(Asked {
        principal,
        rate: Rate::from_basis_points(loan.rate_bp),
        count: loan.instalments,
        period: loan.period.parse().ok()?,
        kind: if is_free { Kind::InterestFree } else { kind },
        grace,
        day_count: loan.day_count.parse().ok()?,
        paid_out_on: begins_on(campaign, loan)?,
        first_due_on: loan.first_due_on,
        fee: costs,
    })
    .ok()
}
