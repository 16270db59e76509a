//! From promise to voucher: what became of each line of a budget, the expenses with their vouchers, and the forms that
//! enter and withdraw them.

use askama::Template;
use felag_domain::expense::{EXPLANATION_MAX, VOUCHER_MAX, VoucherKind};
use felag_domain::money::{Currency, Money};
use time::{Date, OffsetDateTime};

use crate::form::{Control, Field, Refused, Tick};
use crate::page::Page;
use crate::wizard::{Form, Link, Part, Typed, area, select, text};
use crate::words::Lang;

/// What became of a budget.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The campaign's.
    pub slug: String,
    pub lines: Vec<LineShown>,
    /// Of gifts, after refunds.
    pub collected: Money,
    /// What reached the project's bank, after costs and fees.
    pub paid_out: Money,
    /// What vouchers prove of it.
    pub spent: Money,
}

impl Accounts {
    /// What was paid out and is not vouched for.
    pub fn left(&self) -> Money {
        let left = self.paid_out.minor().saturating_sub(self.spent.minor());
        Money::from_minor(left, self.paid_out.currency())
    }

    /// Whether anything was explained.
    pub fn are_explained(&self) -> bool {
        self.lines.iter().any(|line| !line.explanations.is_empty())
    }
}

/// One line of a budget, from what was asked for to what is left.
#[derive(Debug, Clone)]
pub struct LineShown {
    pub title: String,
    pub at_minimum: Money,
    pub at_full_plan: Money,
    /// What falls to it of what was collected.
    pub collected: Money,
    pub spent: Money,
    /// Below zero when more was spent.
    pub left: Money,
    /// Why it came out otherwise, each with its day.
    pub explanations: Vec<(OffsetDateTime, String)>,
}

/// An expense in a list.
#[derive(Debug, Clone)]
pub struct ExpenseLine {
    pub number: u32,
    pub line: String,
    pub amount: Money,
    pub spent_on: Date,
    pub payee: String,
    pub purpose: String,
    /// Whether this reader may open the voucher.
    pub is_open: bool,
    pub is_withdrawn: bool,
}

/// `GET /campaigns/<slug>/expenses`
#[derive(Debug, Template)]
#[template(path = "expenses/expenses.html")]
pub struct ExpensesPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    pub accounts: Accounts,
    /// The latest first.
    pub expenses: Vec<ExpenseLine>,
    /// For owners and treasurers, once something was paid out.
    pub may_enter: bool,
}

/// `GET /campaigns/<slug>/expenses/<number>`
#[derive(Debug, Template)]
#[template(path = "expenses/expense.html")]
pub struct ExpensePage {
    pub page: Page,
    pub slug: String,
    pub back: Link,
    pub expense: ExpenseLine,
    pub entered_at: OffsetDateTime,
    pub voucher: VoucherKind,
    pub voucher_bytes: u64,
    /// SHA-256 of the file as it is kept, in hexadecimal.
    pub voucher_hash: String,
    /// Why the voucher is shown to members and stewards only.
    pub closed: Option<String>,
    pub withdrawn: Option<(OffsetDateTime, String)>,
    /// For owners and treasurers.
    pub withdraw: Option<Form>,
}

impl ExpensePage {
    fn kind(&self) -> &'static str {
        kind_word(self.page.lang, self.voucher)
    }

    fn kibibytes(&self) -> u64 {
        self.voucher_bytes.div_ceil(1024)
    }
}

/// What people call a file of this kind.
pub fn kind_word(lang: Lang, kind: VoucherKind) -> &'static str {
    match kind {
        VoucherKind::Pdf => lang.t("voucher-is-pdf"),
        VoucherKind::Jpeg => lang.t("voucher-is-jpeg"),
        VoucherKind::Png => lang.t("voucher-is-png"),
        VoucherKind::Webp => lang.t("voucher-is-webp"),
    }
}

/// The lines of a budget to choose from: ids and titles.
pub type Lines = Vec<(String, String)>;

/// The fields of a new expense.
pub fn enter(lang: Lang, lines: Lines, currency: Currency, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let sign = crate::format::currency_sign(&Money::zero(currency));
    let most = VOUCHER_MAX / (1024 * 1024);
    let accept = ".pdf,.jpg,.jpeg,.png,.webp";
    let voucher = Field::new("voucher", lang.t("expense-voucher"), "")
        .error(refused.of("voucher"))
        .typed_in(Control::File { accept })
        .hint(lang.t1("expense-voucher-hint", "most", most));
    vec![
        Part::Field(voucher),
        Part::Select(select("line", lang.t("expense-line"), lines, typed, refused)),
        Part::Field(text("amount", lang.t("expense-amount"), typed, refused).typed_in(Control::Money(sign))),
        Part::Field(text("spent_on", lang.t("expense-spent-on"), typed, refused).typed_in(Control::Date)),
        Part::Field(
            text("payee", lang.t("expense-payee"), typed, refused).hint(lang.t("expense-payee-hint")),
        ),
        Part::Field(text("purpose", lang.t("expense-purpose"), typed, refused)),
        Part::Tick(Tick {
            name: "is_closed",
            label: lang.t("expense-is-closed").to_owned(),
            hint: Some(lang.t("expense-is-closed-hint").to_owned()),
            error: None,
            ticked: typed("is_closed") == "yes",
        }),
        Part::Field(text(
            "closed_reason",
            lang.t("expense-closed-reason"),
            typed,
            refused,
        )),
    ]
}

/// The fields of an explanation.
pub fn explain(lang: Lang, lines: Lines, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![
        Part::Select(select(
            "explained_line",
            lang.t("expense-line"),
            lines,
            typed,
            refused,
        )),
        Part::Field(
            area("explanation", lang.t("explanation-words"), 4, typed, refused).hint(lang.t1(
                "explanation-hint",
                "most",
                EXPLANATION_MAX,
            )),
        ),
    ]
}

/// The field `reason`.
pub fn withdraw(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        area("reason", lang.t("expense-withdraw-reason"), 3, typed, refused)
            .hint(lang.t("expense-withdraw-reason-hint")),
    )]
}
