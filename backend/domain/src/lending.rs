//! Lending: the states of a campaign's loan and of each lender's commitment, and what moves them.
//!
//! ```text
//! loan        draft ─ in review ─ (own network first) ─ open ─ closed ─ signed ─ collecting ─ collected
//!                                                        └──────┴───────┴─ failed     └─ refunded ┘
//!             collected ─ repaying ⇄ late ─ defaulted ─ recovering ─ written off
//!                            └─ rescheduled ─┘   any of them ─ ended, when nothing is owed
//! commitment  draft ─ made ⇄ reopened ─ firm ─ due ─ charging ─ active ─ repaid or partly lost
//!               │      └ revoked (free)             └ as a pledge ─ dropped
//!             waiting ─ moved up to made             released, refunded
//! ```
//! A commitment is a lender's promise; once collected it is that lender's share of the loan.

mod commitment;
mod loan;
pub mod policy;
mod reflection;
mod shrink;

pub use commitment::{Bucket, CommitmentEvent, CommitmentNotAllowed, CommitmentState, next_commitment};
pub use loan::{LoanEvent, LoanNotAllowed, LoanState, next_loan};
pub use reflection::{closes_on, last_day};
pub use shrink::{Fate, fate};
