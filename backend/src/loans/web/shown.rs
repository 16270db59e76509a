//! How loans and commitments are shown: their terms as facts, their states as words.

use felag_domain::lending::{CommitmentState, LoanState};
use felag_domain::loan::apr::percent_told;
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::loans::{Section, Table};
use time::OffsetDateTime;

use crate::campaigns::store::Campaign;
use crate::loans::{Loan, asking, quote};

/// The word for a loan's state, and its mark. A loan is read together with its campaign until that opens.
pub fn loan_state(lang: Lang, state: LoanState) -> (&'static str, String) {
    let (mark, id) = match state {
        LoanState::Draft => ("", "loan-state-draft"),
        LoanState::InReview => ("", "loan-state-in-review"),
        LoanState::NetworkFirst => ("good", "loan-state-network-first"),
        LoanState::Open => ("good", "loan-state-open"),
        LoanState::Closed => ("", "loan-state-closed"),
        LoanState::Signed => ("good", "loan-state-signed"),
        LoanState::Collecting => ("", "loan-state-collecting"),
        LoanState::Collected => ("good", "loan-state-collected"),
        LoanState::Failed => ("late", "loan-state-failed"),
        LoanState::Refunded => ("late", "loan-state-refunded"),
        LoanState::Cancelled => ("late", "loan-state-cancelled"),
        LoanState::Repaying => ("good", "loan-state-repaying"),
        LoanState::Late => ("late", "loan-state-late"),
        LoanState::Rescheduled => ("", "loan-state-rescheduled"),
        LoanState::Defaulted => ("lost", "loan-state-defaulted"),
        LoanState::Recovering => ("lost", "loan-state-recovering"),
        LoanState::Ended => ("good", "loan-state-ended"),
        LoanState::WrittenOff => ("lost", "loan-state-written-off"),
    };
    (mark, lang.t(id).to_string())
}

/// The word for a commitment's state, and its mark.
pub fn commitment_state(lang: Lang, state: CommitmentState) -> (&'static str, String) {
    let (mark, id) = match state {
        CommitmentState::Draft => ("", "commitment-state-draft"),
        CommitmentState::Expired => ("", "commitment-state-expired"),
        CommitmentState::Waiting => ("", "commitment-state-waiting"),
        CommitmentState::Made => ("good", "commitment-state-made"),
        CommitmentState::Reopened => ("late", "commitment-state-reopened"),
        CommitmentState::Firm => ("good", "commitment-state-firm"),
        CommitmentState::Revoked => ("", "commitment-state-revoked"),
        CommitmentState::Released => ("", "commitment-state-released"),
        CommitmentState::Due | CommitmentState::Charging => ("", "commitment-state-charging"),
        CommitmentState::NeedsYou => ("late", "commitment-state-needs-you"),
        CommitmentState::RetryLater => ("late", "commitment-state-retry-later"),
        CommitmentState::Stopping => ("", "commitment-state-charging"),
        CommitmentState::Dropped => ("late", "commitment-state-dropped"),
        CommitmentState::Active => ("good", "commitment-state-active"),
        CommitmentState::Refunded => ("", "commitment-state-refunded"),
        CommitmentState::Repaid => ("good", "commitment-state-repaid"),
        CommitmentState::PartlyLost => ("late", "commitment-state-partly-lost"),
    };
    (mark, lang.t(id).to_string())
}

/// The name of a kind of repaying.
pub fn kind(lang: Lang, name: &str) -> &'static str {
    match name {
        "equal_principal" => lang.t("loan-kind-equal-principal"),
        "bullet" => lang.t("loan-kind-bullet"),
        _ => lang.t("loan-kind-equal-instalments"),
    }
}

/// The name of a period.
pub fn period(lang: Lang, name: &str) -> &'static str {
    match name {
        "quarterly" => lang.t("loan-period-quarterly"),
        "two_weekly" => lang.t("loan-period-two-weekly"),
        "weekly" => lang.t("loan-period-weekly"),
        _ => lang.t("loan-period-monthly"),
    }
}

/// The name of a grace.
pub fn grace(lang: Lang, name: &str) -> &'static str {
    match name {
        "interest_only" => lang.t("loan-grace-interest-only"),
        "deferred_interest" => lang.t("loan-grace-deferred"),
        _ => lang.t("loan-grace-none"),
    }
}

/// The terms as facts.
pub fn terms(lang: Lang, campaign: &Campaign, loan: &Loan) -> Section {
    let date = |at: Option<OffsetDateTime>| {
        at.map_or_else(String::new, |at| lang.date_time(at, &campaign.time_zone))
    };
    let mut section = Section::new("terms", lang.t("loan-terms"))
        .fact(lang.t("loan-amount"), lang.money(loan.amount))
        .fact(
            lang.t("loan-rate"),
            lang.t1("loan-rate-a-year", "percent", asking::percent(loan.rate_bp)),
        )
        .fact(
            lang.t("loan-instalments"),
            lang.t2(
                "loan-instalments-are",
                "count",
                i64::from(loan.instalments),
                "period",
                period(lang, &loan.period),
            ),
        )
        .fact(lang.t("loan-kind"), kind(lang, &loan.kind));
    if loan.grace > 0 {
        section = section.fact(
            lang.t("loan-grace"),
            lang.t2(
                "loan-grace-is",
                "count",
                i64::from(loan.grace),
                "kind",
                grace(lang, &loan.grace_kind),
            ),
        );
    }
    if loan.least != loan.amount {
        section = section.fact(lang.t("loan-least"), lang.money(loan.least));
    }
    section = section.fact(
        lang.t("loan-counts"),
        lang.t(if loan.counts_to_minimum {
            "loan-counts-yes"
        } else {
            "loan-counts-no"
        }),
    );
    if loan.lending_ends_at.is_some() {
        section = section.fact(lang.t("loan-lending-ends"), date(loan.lending_ends_at));
    }
    if campaign.deadline_at.is_some() {
        section = section.fact(lang.t("loan-deadline"), date(campaign.deadline_at));
    }
    section
}

/// The warnings that stand wherever somebody is asked to lend. The first is worded by Commission Delegated Regulation
/// (EU) 2022/2114, article 4.
pub fn warnings(lang: Lang, section: Section) -> Section {
    section
        .warning(lang.t("loan-risk-warning"))
        .warning(lang.t("loan-no-guarantee"))
}

/// What the project says, in its own words.
pub fn words(lang: Lang, loan: &Loan) -> Vec<Section> {
    let security = if loan.security.trim().is_empty() {
        Section::new("security", lang.t("loan-security")).words(lang.t("loan-security-none"))
    } else {
        Section::new("security", lang.t("loan-security")).text(&loan.security)
    };
    vec![
        Section::new("purpose", lang.t("loan-purpose")).text(&loan.purpose),
        security,
        Section::new("figures", lang.t("loan-figures")).text(&loan.figures),
        Section::new("risks", lang.t("loan-risks")).text(&loan.risks),
    ]
}

/// The heading under which the warnings stand.
pub fn risk(lang: Lang) -> Section {
    Section::new("risk", lang.t("loan-risk"))
}

/// The schedule of the loan, or of a lender's part of it: every row, what comes back in all, the first and the last date,
/// and for the whole what it costs the project a year. Nothing while dates are not known.
pub fn schedule(
    lang: Lang,
    campaign: &Campaign,
    loan: &Loan,
    principal: Money,
    is_whole: bool,
) -> Option<Section> {
    let terms = quote::terms(campaign, loan, principal, is_whole)?;
    let schedule = terms.schedule();
    let (first, last) = (schedule.rows.first()?.due_on, schedule.rows.last()?.due_on);
    let title = if is_whole {
        "loan-schedule"
    } else {
        "loan-schedule-yours"
    };
    let mut section = Section::new("schedule", lang.t(title))
        .fact(lang.t("loan-total-back"), lang.money(schedule.total))
        .fact(lang.t("loan-interest-in-all"), lang.money(schedule.interest))
        .fact(lang.t("loan-first-date"), lang.day(first))
        .fact(lang.t("loan-last-date"), lang.day(last));
    if let Some(apr) = terms.apr().filter(|_| is_whole) {
        let told = percent_told(apr).to_string();
        section = section
            .fact(lang.t("loan-costs"), lang.money(terms.asked().fee))
            .fact(lang.t("loan-apr"), lang.t1("loan-rate-a-year", "percent", told))
            .words(lang.t("loan-apr-means"));
    }
    if loan.paid_out_at.is_none() {
        section = section.words(lang.t("loan-dates-expected"));
    }
    section.table = Some(Table {
        caption: lang.t("loan-schedule-caption").to_string(),
        head: [
            "loan-due",
            "loan-principal",
            "loan-interest",
            "loan-instalment",
            "loan-left",
        ]
        .map(|id| lang.t(id).to_string())
        .to_vec(),
        rows: schedule
            .rows
            .iter()
            .map(|row| {
                vec![
                    lang.day(row.due_on),
                    lang.money(row.principal),
                    lang.money(row.interest),
                    lang.money(row.total()),
                    lang.money(row.left),
                ]
            })
            .collect(),
    });
    Some(section)
}
