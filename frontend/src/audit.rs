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
    ("loan.plan_proposed", "audit-loan-plan-proposed"),
    ("loan.sheet_changed", "audit-loan-sheet-changed"),
    ("loan.signed", "audit-loan-signed"),
    ("loan.written_off", "audit-loan-written-off"),
    ("member.invited", "audit-member-invited"),
    ("member.joined", "audit-member-joined"),
    ("member.removed", "audit-member-removed"),
    ("member.uninvited", "audit-member-uninvited"),
    ("payout.approved", "audit-payout-approved"),
    ("payout.asked", "audit-payout-asked"),
    ("payout.failed", "audit-payout-failed"),
    ("payout.paid", "audit-payout-paid"),
    ("payout.proposed", "audit-payout-proposed"),
    ("payout.returned", "audit-payout-returned"),
    ("payout.withdrawn", "audit-payout-withdrawn"),
    ("payout_account.bank_changed", "audit-payout-account-bank-changed"),
    ("payout_account.enabled", "audit-payout-account-enabled"),
    ("payout_account.lost", "audit-payout-account-lost"),
    ("payout_account.restricted", "audit-payout-account-restricted"),
    ("payout_account.started", "audit-payout-account-started"),
    ("refund.asked", "audit-refund-asked"),
    (
        "second_factor.recovery_code_used",
        "audit-second-factor-recovery-code-used",
    ),
    (
        "second_factor.recovery_codes_made",
        "audit-second-factor-recovery-codes-made",
    ),
    ("second_factor.reset", "audit-second-factor-reset"),
    ("second_factor.reset_asked", "audit-second-factor-reset-asked"),
    (
        "second_factor.reset_cancelled",
        "audit-second-factor-reset-cancelled",
    ),
    ("second_factor.switched_off", "audit-second-factor-switched-off"),
    ("second_factor.switched_on", "audit-second-factor-switched-on"),
];

/// The words of a kind; one that is not in [`KINDS`] is written out as it is.
pub fn kind_in_words(lang: Lang, kind: &str) -> String {
    match KINDS.iter().find(|(known, _)| *known == kind) {
        Some((_, message)) => lang.t(message).to_owned(),
        None => kind.replace(['.', '_'], " "),
    }
}

/// `GET /projects/<slug>/audit` for members, and `GET /audit` for stewards.
#[derive(Debug, Template)]
#[template(path = "audit/log.html")]
pub struct LogPage {
    pub page: Page,
    /// The project, and its address; none on the stewards' page.
    pub project: Option<(String, String)>,
    /// For stewards.
    pub filters: Option<Filters>,
    /// The newest first.
    pub lines: Vec<Line>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// An act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub at: OffsetDateTime,
    /// The name of whoever did it; none is the platform itself.
    pub who: Option<String>,
    pub kind: String,
    pub subject: String,
    /// Empty where nobody was asked why.
    pub reason: String,
    /// The figures behind it: name and value.
    pub detail: Vec<(String, String)>,
    pub is_refused: bool,
    /// Where it belongs, and the address of that, where it is not plain.
    pub project: Option<(String, String)>,
}

impl Line {
    fn what(&self, lang: &Lang) -> String {
        kind_in_words(*lang, &self.kind)
    }
}

/// What stewards can look for.
#[derive(Debug, Clone)]
pub struct Filters {
    pub kind: Select,
    pub from: Field,
    pub until: Field,
}

impl Filters {
    /// The filters, as they were set.
    pub fn new(lang: Lang, kind: &str, from: &str, until: &str) -> Filters {
        let mut options = vec![Choice::new("", lang.t("audit-every-kind"), kind)];
        options.extend(
            KINDS
                .iter()
                .map(|(known, words)| Choice::new(*known, lang.t(words), kind)),
        );
        Filters {
            kind: Select {
                name: "kind",
                label: lang.t("audit-kind").to_owned(),
                hint: None,
                error: None,
                options,
            },
            from: Field::new("from", lang.t("audit-from"), from).typed_in(Control::Date),
            until: Field::new("until", lang.t("audit-until"), until).typed_in(Control::Date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words_and_another_one_is_written_out() {
        for (kind, message) in KINDS {
            let id = format!("audit-{}", kind.replace(['.', '_'], "-"));
            assert_eq!(*message, id);
            assert!(Lang::En.knows(message), "{message}");
        }
        assert_eq!(kind_in_words(Lang::En, "cow.milked_twice"), "cow milked twice");
    }

    #[test]
    fn kinds_stand_in_order_and_once() {
        assert!(KINDS.is_sorted_by(|one, next| one.0 < next.0));
    }
}
