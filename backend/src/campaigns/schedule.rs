//! The work a campaign leaves to slices above this one: kinds of jobs by their names, which `wiring`
//! gives to those slices. Every payload is `{"campaign": "<id>"}`.

/// At the deadline: decide, then charge or let go.
pub const SETTLE: &str = "pledges.settle";
/// 48 hours before the deadline: remind backers.
pub const REMIND: &str = "pledges.remind";
/// Every day at 08:00 UTC while it is open: tell the owners about new backers.
pub const DAILY: &str = "pledges.daily";
/// 60 days after a payout account was lost: give everything back, if none came.
pub const END_UNPAYABLE: &str = "pledges.end_unpayable";
/// 48 hours before the deadline: remind those who follow.
pub const REMIND_FOLLOWERS: &str = "updates.remind";
/// When its owners cancel it: tell those who follow.
pub const TELL_CANCELLED: &str = "updates.cancelled";
/// When it opens: its loan opens with it, if it has one.
pub const OPENED: &str = "loans.open";
/// When its loan is collected or goes back: the campaign's window may close now.
pub const LOAN_SETTLED: &str = "pledges.close";
/// When its loan is collected: it is paid out.
pub const LOAN_COLLECTED: &str = "payouts.propose_loan";
/// When the minimum was collected: plan when the money leaves.
pub const FUNDED: &str = "payouts.plan";
/// When a lender gave of what came back to them: the payout of it is proposed.
pub const LENDER_GAVE: &str = "payouts.propose";
