//! What a loan costs and what comes back, worked out by the domain from its terms: for the whole loan and for one lender's
//! part of it.

use felag_domain::campaign::COLLECTION_WINDOW;
use felag_domain::fee::{self, FeeSchedule};
use felag_domain::loan::{Asked, Grace, Kind, Terms};
use felag_domain::money::{Money, MoneyError};
use felag_domain::rate::Rate;
use time::{Date, Duration, OffsetDateTime};

use super::Loan;
use super::sheet::Sheet;
use crate::campaigns::store::Campaign;

/// How long after collecting a loan is expected to be at the project's bank.
const PAYOUT_TAKES: Duration = Duration::days(7);

/// When interest is expected to begin: known once it was paid out.
fn begins_on(deadline: Option<OffsetDateTime>, paid_out: Option<OffsetDateTime>) -> Option<Date> {
    let expected = deadline.map(|deadline| deadline + COLLECTION_WINDOW + PAYOUT_TAKES);
    paid_out.or(expected).map(OffsetDateTime::date)
}

/// The terms of a part of the loan, or of all of it. The costs of the payment provider and the platform fall on the
/// borrower, and count in what the whole loan costs a year.
///
/// `None` for terms that a later version wrote, and for a campaign without dates.
pub fn terms(campaign: &Campaign, loan: &Loan, principal: Money, with_costs: bool) -> Option<Terms> {
    Written {
        kind: &loan.kind,
        rate_bp: loan.rate_bp,
        instalments: loan.instalments,
        period: &loan.period,
        grace_kind: &loan.grace_kind,
        grace: loan.grace,
        day_count: &loan.day_count,
        paid_out_on: begins_on(campaign.deadline_at, loan.paid_out_at)?,
        first_due_on: loan.first_due_on,
        fees: with_costs.then_some(fee::CURRENT),
    }
    .terms(principal)
}

/// The terms of a part of the loan as a sheet says them, with the dates that were expected when it was made.
pub fn terms_of_sheet(sheet: &Sheet, principal: Money, with_costs: bool) -> Option<Terms> {
    let fees = fee::published(sheet.fee_version).copied().unwrap_or(fee::CURRENT);
    Written {
        kind: &sheet.kind,
        rate_bp: sheet.rate_bp,
        instalments: sheet.instalments,
        period: &sheet.period,
        grace_kind: &sheet.grace_kind,
        grace: sheet.grace,
        day_count: &sheet.day_count,
        paid_out_on: begins_on(sheet.deadline_at, None)?,
        first_due_on: None,
        fees: with_costs.then_some(fees),
    }
    .terms(principal)
}

/// What collecting all instalments of these terms will cost: it comes off what is paid out, with what lending cost.
///
/// # Errors
/// For more than can be counted.
pub fn collecting(terms: &Terms, fees: &FeeSchedule) -> Result<Money, MoneyError> {
    let rows = terms.schedule().rows;
    let currency = terms.asked().principal.currency();
    fees.collecting(rows.iter().map(felag_domain::loan::Row::total), currency)
}

/// Terms as they were written down.
struct Written<'a> {
    kind: &'a str,
    rate_bp: u32,
    instalments: u32,
    period: &'a str,
    grace_kind: &'a str,
    grace: u32,
    day_count: &'a str,
    paid_out_on: Date,
    first_due_on: Option<Date>,
    /// What its costs are worked out by; `None` without costs.
    fees: Option<FeeSchedule>,
}

impl Written<'_> {
    fn terms(&self, principal: Money) -> Option<Terms> {
        let free = self.with_fee(principal, Money::zero(principal.currency()))?;
        let Some(fees) = self.fees else {
            return Some(free);
        };
        let lending = principal.checked_sub(fees.net(principal).net).ok()?;
        let costs = lending.checked_add(collecting(&free, &fees).ok()?).ok()?;
        self.with_fee(principal, costs)
    }

    fn with_fee(&self, principal: Money, fee: Money) -> Option<Terms> {
        let kind: Kind = self.kind.parse().ok()?;
        let is_free = self.rate_bp == 0 && kind == Kind::EqualInstalments;
        let grace = match self.grace_kind {
            "interest_only" => Grace::interest_only(self.grace),
            "deferred_interest" => Grace::deferred(self.grace),
            _ => Grace::NONE,
        };
        Terms::new(Asked {
            principal,
            rate: Rate::from_basis_points(self.rate_bp),
            count: self.instalments,
            period: self.period.parse().ok()?,
            kind: if is_free { Kind::InterestFree } else { kind },
            grace,
            day_count: self.day_count.parse().ok()?,
            paid_out_on: self.paid_out_on,
            first_due_on: self.first_due_on,
            fee,
        })
        .ok()
    }
}
