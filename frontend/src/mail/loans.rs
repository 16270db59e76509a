//! Mails about loans: to lenders about their commitment, and to the project that borrows.

use felag_domain::money::Money;
use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::words::Lang;

/// A loan, as mails speak of it.
#[derive(Debug, Clone)]
pub struct AboutLoan {
    /// The campaign's title.
    pub title: String,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
    /// The whole address of the loan's page.
    pub link: String,
}

/// What happened to a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LenderNews {
    /// Signed, with a card; free to be revoked until then.
    Committed {
        until: OffsetDateTime,
    },
    /// The same, on the waiting list.
    Waiting {
        until: OffsetDateTime,
    },
    /// Room came free.
    MovedUp {
        until: OffsetDateTime,
    },
    Revoked,
    Firm,
    /// The sheet changed: the days begin again.
    SheetChanged {
        until: OffsetDateTime,
    },
    /// The same, before their card was saved: they would have to sign anew.
    SignatureOver,
    Released,
    /// The card was charged.
    Charged,
    /// The bank wants the person, or another card.
    NeedsYou {
        reason: String,
        until: OffsetDateTime,
    },
    Dropped,
    /// All of the loan was collected, or as much as it may shrink to.
    Collected {
        principal: Money,
    },
    GoesBack,
    Refunded,
    PaidOut,
    /// The project's bank sent the payout back.
    CameBack,
    /// Their own bank took their money back.
    BankTookBack,
    /// Their own bank took a part of it back. They lend the rest, or that goes back to them, too.
    BankTookPart {
        part: Money,
        lends_on: bool,
    },
}

/// Tells a lender about their commitment.
#[derive(Debug, Clone)]
pub struct LenderTold {
    pub about: AboutLoan,
    /// What they lend.
    pub amount: Money,
    /// The whole address of the commitment's page.
    pub link: String,
    /// Paid from what they keep of other loans, and no card is charged.
    pub from_kept: bool,
    pub news: LenderNews,
}

/// The message that says the same to somebody whose commitment is paid from what they keep; most speak of no card.
fn of_kept(id: &'static str) -> &'static str {
    match id {
        "mail-loan-committed" => "mail-loan-committed-kept",
        "mail-loan-revoked" => "mail-loan-revoked-kept",
        "mail-loan-firm" => "mail-loan-firm-kept",
        "mail-loan-released" => "mail-loan-released-kept",
        "mail-loan-charged-subject" => "mail-loan-charged-kept-subject",
        "mail-loan-charged" => "mail-loan-charged-kept",
        "mail-loan-needs-you-subject" => "mail-loan-needs-you-kept-subject",
        "mail-loan-needs-you" => "mail-loan-needs-you-kept",
        "mail-loan-needs-you-until" => "mail-loan-needs-you-until-kept",
        "mail-loan-dropped" => "mail-loan-dropped-kept",
        "mail-loan-goes-back" => "mail-loan-goes-back-kept",
        "mail-loan-refunded" => "mail-loan-refunded-kept",
        "mail-loan-came-back" => "mail-loan-came-back-kept",
        other => other,
    }
}

impl LenderNews {
    const fn subject(&self) -> &'static str {
        match self {
            Self::Committed { .. } => "mail-loan-committed-subject",
            Self::Waiting { .. } => "mail-loan-waiting-subject",
            Self::MovedUp { .. } => "mail-loan-moved-up-subject",
            Self::Revoked => "mail-loan-revoked-subject",
            Self::Firm => "mail-loan-firm-subject",
            Self::SheetChanged { .. } => "mail-loan-sheet-changed-subject",
            Self::SignatureOver => "mail-loan-signature-over-subject",
            Self::Released => "mail-loan-released-subject",
            Self::Charged => "mail-loan-charged-subject",
            Self::NeedsYou { .. } => "mail-loan-needs-you-subject",
            Self::Dropped => "mail-loan-dropped-subject",
            Self::Collected { .. } => "mail-loan-collected-subject",
            Self::GoesBack => "mail-loan-goes-back-subject",
            Self::Refunded => "mail-loan-refunded-subject",
            Self::PaidOut => "mail-loan-paid-out-subject",
            Self::CameBack => "mail-loan-came-back-subject",
            Self::BankTookBack => "mail-loan-bank-took-back-subject",
            Self::BankTookPart { .. } => "mail-loan-bank-took-part-subject",
        }
    }

    /// The name of the mail, as the outbox keeps it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Committed { .. } => "loan_committed",
            Self::Waiting { .. } => "loan_waiting",
            Self::MovedUp { .. } => "loan_moved_up",
            Self::Revoked => "loan_revoked",
            Self::Firm => "loan_firm",
            Self::SheetChanged { .. } => "loan_sheet_changed",
            Self::SignatureOver => "loan_signature_over",
            Self::Released => "loan_released",
            Self::Charged => "loan_charged",
            Self::NeedsYou { .. } => "loan_needs_you",
            Self::Dropped => "loan_dropped",
            Self::Collected { .. } => "loan_collected",
            Self::GoesBack => "loan_goes_back",
            Self::Refunded => "loan_refunded",
            Self::PaidOut => "loan_paid_out",
            Self::CameBack => "loan_came_back",
            Self::BankTookBack => "loan_bank_took_back",
            Self::BankTookPart { .. } => "loan_bank_took_part",
        }
    }

    fn words(
        &self,
        lang: Lang,
        about: &AboutLoan,
        amount: Money,
        of: fn(&'static str) -> &'static str,
    ) -> Vec<String> {
        let when = |at: &OffsetDateTime| lang.date_time(at, &about.zone);
        let days = |until: &OffsetDateTime| lang.t1("mail-loan-days", "until", when(until));
        let plain = |id: &'static str| vec![lang.t1(of(id), "amount", amount)];
        match self {
            Self::Committed { until } => {
                vec![lang.t1(of("mail-loan-committed"), "amount", amount), days(until)]
            }
            Self::Waiting { until } => vec![lang.t1("mail-loan-waiting", "amount", amount), days(until)],
            Self::MovedUp { until } => vec![lang.t1("mail-loan-moved-up", "amount", amount), days(until)],
            Self::SheetChanged { until } => vec![lang.t("mail-loan-sheet-changed").to_owned(), days(until)],
            Self::Revoked => plain("mail-loan-revoked"),
            Self::Firm => plain("mail-loan-firm"),
            Self::SignatureOver => plain("mail-loan-signature-over"),
            Self::Released => plain("mail-loan-released"),
            Self::Charged => plain("mail-loan-charged"),
            Self::NeedsYou { reason, until } => vec![
                lang.t2(of("mail-loan-needs-you"), "amount", amount, "reason", reason),
                lang.t1(of("mail-loan-needs-you-until"), "until", when(until)),
            ],
            Self::Dropped => plain("mail-loan-dropped"),
            Self::Collected { principal } => {
                vec![lang.t2("mail-loan-collected", "amount", amount, "principal", *principal)]
            }
            Self::GoesBack => plain("mail-loan-goes-back"),
            Self::Refunded => plain("mail-loan-refunded"),
            Self::PaidOut => plain("mail-loan-paid-out"),
            Self::CameBack => plain("mail-loan-came-back"),
            Self::BankTookBack => plain("mail-loan-bank-took-back"),
            Self::BankTookPart { part, lends_on } => {
                let id = match lends_on {
                    true => "mail-loan-bank-took-part",
                    false => "mail-loan-bank-took-part-ends",
                };
                vec![lang.t2(id, "amount", amount, "part", *part)]
            }
        }
    }
}

impl LenderTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let of: fn(&'static str) -> &'static str = if self.from_kept { of_kept } else { |id| id };
        let subject = lang.t1(of(self.news.subject()), "campaign", &self.about.title);
        let mut letter = Letter::new(lang, subject, "mail-why-lender");
        for words in self.news.words(lang, &self.about, self.amount, of) {
            letter = letter.words(words);
        }
        letter
            .words(lang.t("loan-risk-warning"))
            .link("mail-loan-commitment-link", &self.link)
            .link("mail-loan-link", &self.about.link)
            .mail()
    }
}

/// What happened to a project's loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BorrowerNews {
    /// Lending has closed: the project signs before the deadline.
    ToSign {
        deadline: OffsetDateTime,
    },
    Signed,
    Collecting,
    Collected {
        principal: Money,
    },
    Failed,
    GoesBack,
    PaidOut,
    /// Its bank sent the payout back.
    CameBack,
    /// A lender's bank took their money back: so much is left.
    Shrank {
        principal: Money,
    },
}

/// Tells the project that borrows.
#[derive(Debug, Clone)]
pub struct BorrowerTold {
    pub about: AboutLoan,
    /// What it asked for.
    pub amount: Money,
    /// The whole address of the page where something is to be done.
    pub link: String,
    pub news: BorrowerNews,
}

impl BorrowerNews {
    /// The name of the mail, as the outbox keeps it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ToSign { .. } => "loan_to_sign",
            Self::Signed => "loan_signed",
            Self::Collecting => "loan_collecting",
            Self::Collected { .. } => "loan_was_collected",
            Self::Failed => "loan_failed",
            Self::GoesBack => "loan_went_back",
            Self::PaidOut => "loan_was_paid_out",
            Self::CameBack => "loan_payout_came_back",
            Self::Shrank { .. } => "loan_shrank",
        }
    }
}

impl BorrowerTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let amount = self.amount;
        let (subject, words) = match &self.news {
            BorrowerNews::ToSign { deadline } => (
                "mail-loan-to-sign-subject",
                lang.t1(
                    "mail-loan-to-sign",
                    "deadline",
                    lang.date_time(deadline, &self.about.zone),
                ),
            ),
            BorrowerNews::Signed => (
                "mail-loan-signed-subject",
                lang.t1("mail-loan-signed", "amount", amount),
            ),
            BorrowerNews::Collecting => (
                "mail-loan-collecting-subject",
                lang.t("mail-loan-collecting").to_owned(),
            ),
            BorrowerNews::Collected { principal } => (
                "mail-loan-was-collected-subject",
                lang.t1("mail-loan-was-collected", "principal", *principal),
            ),
            BorrowerNews::Failed => ("mail-loan-failed-subject", lang.t("mail-loan-failed").to_owned()),
            BorrowerNews::GoesBack => (
                "mail-loan-went-back-subject",
                lang.t("mail-loan-went-back").to_owned(),
            ),
            BorrowerNews::Shrank { principal } => (
                "mail-loan-shrank-subject",
                lang.t1("mail-loan-shrank", "principal", *principal),
            ),
            BorrowerNews::CameBack => (
                "mail-loan-payout-came-back-subject",
                lang.t("mail-loan-payout-came-back").to_owned(),
            ),
            BorrowerNews::PaidOut => (
                "mail-loan-was-paid-out-subject",
                lang.t("mail-loan-was-paid-out").to_owned(),
            ),
        };
        Letter::new(
            lang,
            lang.t1(subject, "campaign", &self.about.title),
            "mail-why-owner",
        )
        .words(words)
        .link("mail-loan-link", &self.link)
        .mail()
    }
}
