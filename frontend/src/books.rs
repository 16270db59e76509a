//! Open books: a campaign's, or the platform's own. Pages of entries, one entry, the check, published heads.

use askama::Template;
use felag_domain::figures::Figures;
use felag_domain::money::Money;
use time::{Date, OffsetDateTime};

use crate::campaigns::{AccountLine, BookLine};
use crate::form::{Choice, Control, Field, Refused, Select};
use crate::page::{Page, Tone};
use crate::wizard::Link;
use crate::words::Lang;

/// `GET /campaigns/<slug>/books?kind=&from=&until=&before=`, and `GET /books`
#[derive(Debug, Template)]
#[template(path = "books/books.html")]
pub struct BooksPage {
    pub page: Page,
    /// The address of this page: those of its entries and files are below it.
    pub path: String,
    /// Whose book it is, for a way back.
    pub above: Vec<Link>,
    /// The figures of a campaign; absent for the platform.
    pub standing: Option<Standing>,
    pub filter: FilterForm,
    pub is_filtered: bool,
    /// What stands on the book's accounts.
    pub accounts: Vec<AccountLine>,
    /// The newest first.
    pub lines: Vec<BookLine>,
    /// How many there are in the whole book.
    pub entries: u64,
    /// The book's head: the hash of the last entry; empty before the first.
    pub head: String,
    /// Addresses of the neighbouring pages.
    pub newer: Option<String>,
    pub older: Option<String>,
    /// This book in formats of other programs, and all books together.
    pub files: Vec<Link>,
    pub all_files: Vec<Link>,
}

/// The figures that a campaign's book adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub figures: Figures,
    /// The deadline was decided on: from then on the four figures are an equation.
    pub is_decided: bool,
    /// What the project's own members promised or gave: shown, not counted.
    pub own_gifts: Money,
}

impl Standing {
    fn equation(&self, lang: &Lang) -> String {
        let figures = [
            ("promised", self.figures.promised.into()),
            ("collected", self.figures.collected.into()),
            ("risk", self.figures.at_risk.into()),
            ("lost", self.figures.lost.into()),
        ];
        lang.t_with("figures-equation", figures)
    }
}

impl BooksPage {
    fn lead(&self) -> &'static str {
        match self.standing {
            Some(_) => self.page.t("books-lead"),
            None => self.page.t("books-platform-lead"),
        }
    }

    fn empty(&self) -> &'static str {
        match self.standing {
            Some(_) => self.page.t("books-empty"),
            None => self.page.t("books-platform-empty"),
        }
    }
}

/// The fields `kind`, `from` and `until`.
#[derive(Debug, Clone)]
pub struct FilterForm {
    pub kind: Select,
    pub from: Field,
    pub until: Field,
}

impl FilterForm {
    /// The form as it was sent. `kinds` are names of kinds of entries and their words.
    pub fn new(lang: Lang, kinds: &[(&str, &str)], typed: [&str; 3], refused: &Refused) -> FilterForm {
        let [kind, from, until] = typed;
        let every = Choice::new("", lang.t("books-every-kind"), kind);
        let options = kinds.iter().map(|(name, words)| Choice::new(*name, *words, kind));
        let day = |name: &'static str, label, typed| {
            Field::new(name, lang.t(label), typed)
                .typed_in(Control::Date)
                .error(refused.of(name))
        };
        FilterForm {
            kind: Select {
                name: "kind",
                label: lang.t("books-kind").to_owned(),
                hint: None,
                error: refused.of("kind"),
                options: std::iter::once(every).chain(options).collect(),
            },
            from: day("from", "books-from-day", from),
            until: day("until", "books-until-day", until),
        }
    }
}

/// `GET /campaigns/<slug>/books/<number>`, and `GET /books/<number>`
#[derive(Debug, Template)]
#[template(path = "books/entry.html")]
pub struct EntryPage {
    pub page: Page,
    /// The address of the book.
    pub path: String,
    pub above: Vec<Link>,
    /// Where Felag is, for a command to copy.
    pub public_url: String,
    pub number: u64,
    pub text: String,
    /// The name the backer chose to show.
    pub who: Option<String>,
    pub amount: Money,
    pub at: OffsetDateTime,
    pub movements: Vec<MovementLine>,
    /// How many movements are not shown.
    pub more: usize,
    pub changed: Vec<ChangedLine>,
    pub hash: String,
    pub previous: String,
    /// The bytes the hash is taken of; absent when there are too many for a page.
    pub canonical: Option<String>,
    /// Addresses of the neighbouring entries.
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// An amount taken from one account to another, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementLine {
    /// The account it comes from.
    pub credit: String,
    /// The account it goes to.
    pub debit: String,
    pub amount: Money,
}

/// An account that an entry changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    pub name: String,
    pub before: Money,
    pub change: Money,
    pub after: Money,
}

/// `GET /campaigns/<slug>/books/check?after=`, and `GET /books/check`
#[derive(Debug, Template)]
#[template(path = "books/check.html")]
pub struct CheckPage {
    pub page: Page,
    /// The address of the book.
    pub path: String,
    pub above: Vec<Link>,
    /// What came out; absent when nothing was asked yet.
    pub result: Option<Checked>,
    /// After which entry to go on; absent at the end, and in an empty book.
    pub next: Option<u64>,
    /// The script that checks an export.
    pub script: &'static str,
}

impl CheckPage {
    fn is_begin(&self) -> bool {
        self.next == Some(0)
    }
}

/// What came out of checking some entries of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Entries from one to another are right, and more follow.
    So { first: u64, last: u64 },
    /// They are right, and the last one is the book's head.
    ToTheEnd { first: u64, last: u64, hash: String },
    /// This entry is not as it was written.
    Wrong { number: u64 },
}

impl Checked {
    fn class(&self) -> &'static str {
        match self {
            Checked::So { .. } | Checked::ToTheEnd { .. } => Tone::Done.class(),
            Checked::Wrong { .. } => Tone::Late.class(),
        }
    }

    fn words(&self, lang: &Lang) -> String {
        match self {
            Checked::So { first, last } => lang.t2("books-checked", "first", *first, "last", *last),
            Checked::ToTheEnd { first, last, hash } => {
                let args = [
                    ("first", (*first).into()),
                    ("last", (*last).into()),
                    ("hash", hash.as_str().into()),
                ];
                lang.t_with("books-checked-to-the-end", args)
            }
            Checked::Wrong { number } => lang.t1("books-checked-wrong", "number", *number),
        }
    }
}

/// `GET /books/heads?after=`
#[derive(Debug, Template)]
#[template(path = "books/heads.html")]
pub struct HeadsPage {
    pub page: Page,
    pub above: Vec<Link>,
    /// The newest day first.
    pub heads: Vec<HeadLine>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// The head of a book as it was published on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadLine {
    pub day: Date,
    /// Whose book it is, and where.
    pub title: String,
    pub path: String,
    pub number: u64,
    pub hash: String,
}
