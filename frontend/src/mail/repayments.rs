//! Mails about loans that are paid back: to those who pay for the project, and to its lenders.

use felag_domain::money::Money;
use time::{Date, OffsetDateTime};

use super::{Letter, Mail};
use crate::words::Lang;

/// How a vote about a new plan ended: lenders, and what was outstanding of their shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub agree: (i64, Money),
    pub against: (i64, Money),
    /// Everybody who might have voted.
    pub all: (i64, Money),
}

impl Counted {
    /// The count, line by line: for mails and pages.
    pub fn facts(&self, lang: Lang) -> Vec<(String, String)> {
        let line = |id: &'static str, (lenders, outstanding): (i64, Money)| {
            let words = lang.t2("vote-count", "lenders", lenders, "amount", outstanding);
            (lang.t(id).to_string(), words)
        };
        vec![
            line("vote-agree", self.agree),
            line("vote-against", self.against),
            line("vote-all", self.all),
        ]
    }
}

/// What a project is told of its loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectNews {
    /// Five days before an instalment is due.
    Upcoming {
        amount: Money,
        on: Date,
        has_card: bool,
    },
    Collected(Money),
    NotCollected(Money),
    Returned(Money),
    /// More came in than was owed: so much goes back.
    Overpaid(Money),
    /// A lender gave so much of what came back to them.
    Given(Money),
    Late {
        days: i64,
        due: Money,
    },
    /// The lenders voted about its new plan.
    PlanDecided {
        passed: bool,
        counted: Counted,
    },
}

/// Tells a project of its loan.
#[derive(Debug, Clone)]
pub struct ProjectTold {
    /// The campaign's title.
    pub title: String,
    pub news: ProjectNews,
    /// The whole address of the loan's page.
    pub link: String,
}

impl ProjectTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = self.words(lang);
        let mut letter = Letter::new(lang, subject, "mail-why-owner").words(words);
        if let ProjectNews::PlanDecided { counted, .. } = &self.news {
            letter = letter.facts(counted.facts(lang));
        }
        letter.link("mail-repay-link", &self.link).mail()
    }

    /// The subject and the first words.
    fn words(&self, lang: Lang) -> (String, String) {
        let about = |id: &'static str, amount: Money| lang.t2(id, "amount", amount, "campaign", &self.title);
        match &self.news {
            ProjectNews::Upcoming { amount, on, has_card } => {
                let id = if *has_card {
                    "mail-repay-upcoming-card"
                } else {
                    "mail-repay-upcoming"
                };
                let subject = lang.t2(
                    "mail-repay-upcoming-subject",
                    "day",
                    lang.day(on),
                    "amount",
                    *amount,
                );
                (
                    subject,
                    lang.t3(
                        id,
                        "day",
                        lang.day(on),
                        "amount",
                        *amount,
                        "campaign",
                        &self.title,
                    ),
                )
            }
            ProjectNews::Collected(amount) => (
                about("mail-repay-collected-subject", *amount),
                about("mail-repay-collected", *amount),
            ),
            ProjectNews::NotCollected(amount) => (
                about("mail-repay-not-collected-subject", *amount),
                about("mail-repay-not-collected", *amount),
            ),
            ProjectNews::Returned(amount) => (
                lang.t1("mail-repay-returned-subject", "amount", *amount),
                about("mail-repay-returned", *amount),
            ),
            ProjectNews::Overpaid(amount) => (
                about("mail-repay-overpaid-subject", *amount),
                about("mail-repay-overpaid", *amount),
            ),
            ProjectNews::Given(amount) => (
                about("mail-repay-given-subject", *amount),
                about("mail-repay-given", *amount),
            ),
            ProjectNews::Late { days, due } => (
                about("mail-repay-late-subject", *due),
                lang.t3(
                    "mail-repay-late",
                    "amount",
                    *due,
                    "campaign",
                    &self.title,
                    "days",
                    *days,
                ),
            ),
            ProjectNews::PlanDecided { passed, .. } => {
                let (subject, words) = plan_words(*passed);
                let of = |id: &'static str| lang.t1(id, "campaign", &self.title);
                (of(subject), of(words))
            }
        }
    }
}

/// What a lender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LenderNews {
    Late {
        days: i64,
    },
    Defaulted,
    Recovering,
    /// They are asked about a new plan.
    PlanProposed {
        /// In the project's words.
        reason: String,
        until: OffsetDateTime,
    },
    PlanDecided {
        passed: bool,
        counted: Counted,
    },
    WrittenOff,
    Ended,
    /// Their bank did not take it.
    NotSent(Money),
    /// They gave of what came back, and where that stands in the open book: the entry's number and its hash.
    Gave {
        amount: Money,
        entry: Option<(i64, String)>,
    },
    /// The campaign came to nothing after all, and what they gave is theirs again.
    GiftCameBack(Money),
}

/// Tells a lender of a loan.
#[derive(Debug, Clone)]
pub struct LenderTold {
    /// The campaign's title.
    pub title: String,
    pub news: LenderNews,
    /// The whole address of the lender's page of the loan.
    pub link: String,
}

impl LenderTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = self.words(lang);
        let letter = Letter::new(lang, subject, "mail-why-lender").words(words);
        match &self.news {
            LenderNews::PlanProposed { reason, .. } => letter
                .words(lang.t("plan-reason"))
                .quote(reason)
                .link("mail-lender-vote-link", &self.link)
                .mail(),
            LenderNews::PlanDecided { counted, .. } => letter
                .facts(counted.facts(lang))
                .link("mail-repay-link", &self.link)
                .mail(),
            LenderNews::Gave {
                entry: Some((number, hash)),
                ..
            } => letter
                .facts(vec![
                    (lang.t("mail-lender-gave-entry").to_string(), number.to_string()),
                    (lang.t("mail-lender-gave-hash").to_string(), hash.clone()),
                ])
                .link("mail-repay-link", &self.link)
                .mail(),
            _ => letter.link("mail-repay-link", &self.link).mail(),
        }
    }

    /// The subject and the first words.
    fn words(&self, lang: Lang) -> (String, String) {
        let plain = |subject: &'static str, words: &'static str| {
            (
                lang.t1(subject, "campaign", &self.title),
                lang.t1(words, "campaign", &self.title),
            )
        };
        let about = |subject: &'static str, words: &'static str, amount: Money| {
            let of = |id: &'static str| lang.t2(id, "amount", amount, "campaign", &self.title);
            (of(subject), of(words))
        };
        match &self.news {
            LenderNews::Gave { amount, .. } => about("mail-lender-gave-subject", "mail-lender-gave", *amount),
            LenderNews::GiftCameBack(amount) => about(
                "mail-lender-gift-returned-subject",
                "mail-lender-gift-returned",
                *amount,
            ),
            LenderNews::Late { days } => (
                lang.t1("mail-lender-late-subject", "campaign", &self.title),
                lang.t2("mail-lender-late", "campaign", &self.title, "days", *days),
            ),
            LenderNews::Defaulted => plain("mail-lender-defaulted-subject", "mail-lender-defaulted"),
            LenderNews::Recovering => plain("mail-lender-recovering-subject", "mail-lender-recovering"),
            LenderNews::PlanProposed { until, .. } => (
                lang.t1("mail-lender-plan-proposed-subject", "campaign", &self.title),
                lang.t2(
                    "mail-lender-plan-proposed",
                    "campaign",
                    &self.title,
                    "until",
                    lang.date_time(until, "UTC"),
                ),
            ),
            LenderNews::PlanDecided { passed, .. } => {
                let (subject, words) = plan_words(*passed);
                plain(subject, words)
            }
            LenderNews::WrittenOff => plain("mail-lender-written-off-subject", "mail-lender-written-off"),
            LenderNews::Ended => plain("mail-lender-ended-subject", "mail-lender-ended"),
            LenderNews::NotSent(amount) => (
                lang.t1("mail-lender-not-sent-subject", "amount", *amount),
                lang.t2("mail-lender-not-sent", "amount", *amount, "campaign", &self.title),
            ),
        }
    }
}

/// What came back of one loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameBackOf {
    /// The campaign's title.
    pub title: String,
    pub principal: Money,
    pub interest: Money,
}

/// A lender's daily mail of what came back.
#[derive(Debug, Clone)]
pub struct CameBack {
    /// Never empty.
    pub loans: Vec<CameBackOf>,
    /// The whole address of the loan's page, or of the page of all loans.
    pub link: String,
}

impl CameBack {
    /// The mail. One loan is told of in a sentence, several in a list: amounts of different currencies have no sum.
    pub fn mail(&self, lang: Lang) -> Mail {
        let letter = if let [one] = self.loans.as_slice() {
            let minor = one.principal.minor().saturating_add(one.interest.minor());
            let sum = Money::from_minor(minor, one.principal.currency());
            let subject = lang.t2(
                "mail-lender-credited-subject",
                "amount",
                sum,
                "campaign",
                &one.title,
            );
            let words = lang.t3(
                "mail-lender-credited",
                "principal",
                one.principal,
                "interest",
                one.interest,
                "campaign",
                &one.title,
            );
            Letter::new(lang, subject, "mail-why-lender").words(words)
        } else {
            let count = i64::try_from(self.loans.len()).unwrap_or(i64::MAX);
            let subject = lang.t1("mail-lender-credited-several-subject", "loans", count);
            let line = |one: &CameBackOf| {
                let words = lang.t2(
                    "mail-lender-credited-line",
                    "principal",
                    one.principal,
                    "interest",
                    one.interest,
                );
                (one.title.clone(), words)
            };
            Letter::new(lang, subject, "mail-why-lender")
                .words(lang.t("mail-lender-credited-several"))
                .facts(self.loans.iter().map(line).collect())
        };
        let label = match self.loans.as_slice() {
            [_] => "mail-repay-link",
            _ => "mail-lender-loans-link",
        };
        letter.link(label, &self.link).mail()
    }
}

/// The subject and the words about a vote that ended.
const fn plan_words(passed: bool) -> (&'static str, &'static str) {
    match passed {
        true => ("mail-plan-passed-subject", "mail-plan-passed"),
        false => ("mail-plan-rejected-subject", "mail-plan-rejected"),
    }
}
