//! The audit log as people read it: who did what to money or trust, when, and why.

use askama::Template;
use time::OffsetDateTime;

use crate::form::{Choice, Control, Field, Select};
use crate::page::Page;
use crate::words::Lang;

/// Every kind of act and its words. Who adds an act adds it here and in `locales/*/audit.ftl`.
pub const KINDS: &[(&str, &str)] = &[
    ("campaign.approved", "audit-campaign-approved"),
    ("campaign.cancelled", "audit-campaign-cancelled"),
    ("campaign.changes_asked", "audit-campaign-changes-asked"),
    ("campaign.commons_excepted", "audit-campaign-commons-excepted"),
    ("campaign.resumed", "audit-campaign-resumed"),
    ("campaign.suspended", "audit-campaign-suspended"),
    ("campaign.unwound", "audit-campaign-unwound"),
    ("campaign.went_on", "audit-campaign-went-on"),
    ("commitment.signed", "audit-commitment-signed"),
    ("complaint.answered", "audit-complaint-answered"),
    ("dispute.accepted", "audit-dispute-accepted"),
    ("dispute.evidence_sent", "audit-dispute-evidence-sent"),
    ("expense.entered", "audit-expense-entered"),
    ("expense.explained", "audit-expense-explained"),
    ("expense.withdrawn", "audit-expense-withdrawn"),
    ("holder.saved", "audit-holder-saved"),
    ("loan.defaulted", "audit-loan-defaulted"),
    ("loan.sheet_changed", "audit-loan-sheet-changed"),
