//! Books as files for other programs: beancount, hledger, CSV and JSON, written piece by piece.
//!
//! How a book stands is read once, at one moment; its entries never change after that and are read a few hundred at a
//! time. Nothing is written that was not recomputed: every hash, and every balance from its movements.

mod beancount;
mod format;
mod hledger;
mod json;
mod table;

use std::collections::{BTreeMap, HashMap};

use axum::body::Bytes;
use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, AccountKind, ChainCheck, EntryKind, Side, StoredEntry, balance_change};
use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use futures::stream::{Stream, try_unfold};
use time::{Date, OffsetDateTime};
use tokio::io::{AsyncWrite, AsyncWriteExt};

pub use format::Format;

use super::open_book::{self, OpenBook};
use super::{lines, store};
use crate::campaigns;
use crate::ctx::Ctx;
use crate::ledger::reading::{self, Snapshot};

/// How many entries are held in memory at once.
const PAGE: i64 = 500;

/// Which books are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every book, also of campaigns that are not public: for whoever runs the platform.
    All,
    /// Every book that everybody may see.
    Public,
    /// One book.
    One(BookId),
}

/// How much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub books: u64,
    pub entries: u64,
}

/// How one format writes books: the begin, each book with its entries, the end.
trait Style: Send + Sync {
    fn begin(&mut self, out: &mut String, now: OffsetDateTime) -> anyhow::Result<()>;
    fn book(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()>;
    fn entry(&mut self, out: &mut String, part: &Part, line: &Line<'_>) -> anyhow::Result<()>;
    fn book_end(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()>;
    fn end(&mut self, out: &mut String) -> anyhow::Result<()>;
}

/// A book that is being written.
struct Part {
    book: OpenBook,
    stand: Snapshot,
    /// What was debited less what was credited, by account and currency, as the kept balances have it.
    balances: BTreeMap<(Account, Currency), i64>,
    check: ChainCheck,
    /// The same from the movements written so far.
    sums: BTreeMap<(Account, Currency), i64>,
}

/// An entry and its words.
struct Line<'a> {
    stored: &'a StoredEntry,
    /// What it is, in words.
    text: &'static str,
    /// The name a backer chose to show.
    name: Option<&'a str>,
}

impl Part {
    fn new(book: OpenBook, stand: Snapshot) -> Self {
        let net = |(&(account, currency), &minor): (&(Account, Currency), &i64)| {
            let kept = Money::from_minor(minor, currency);
            // The change of a debit has the sign of the account's own direction.
            (
                (account, currency),
                balance_change(account.code(), Side::Debit, kept),
            )
        };
        Self {
            balances: stand.balances.iter().map(net).collect(),
            book,
            stand,
            check: ChainCheck::new(),
            sums: BTreeMap::new(),
        }
    }

    /// Takes an entry that is about to be written.
    fn take(&mut self, stored: &StoredEntry) -> anyhow::Result<()> {
        self.check.check(stored)?;
        for movement in stored.entry.movements() {
            let (minor, currency) = (movement.amount().minor(), movement.amount().currency());
            for (account, by) in [(movement.debit(), minor), (movement.credit(), -minor)] {
                let sum = self.sums.entry((account, currency)).or_default();
                *sum = sum
                    .checked_add(by)
                    .ok_or_else(|| anyhow::anyhow!("a sum overflows"))?;
            }
        }
        Ok(())
    }

    /// Every entry was written: the chain ends at the head, the sums are zero, and the balances are the kept ones.
    fn close(&self) -> anyhow::Result<()> {
        let head = (self.stand.head.number, self.stand.head.hash);
        anyhow::ensure!(
            self.check.head() == head,
            "its head names entry {}, {}",
            head.0,
            head.1
        );
        let mut totals: BTreeMap<Currency, i64> = BTreeMap::new();
        for ((_, currency), sum) in &self.sums {
            *totals.entry(*currency).or_default() += sum;
        }
        let off = totals.iter().find(|(_, total)| **total != 0);
        anyhow::ensure!(off.is_none(), "its movements do not sum to zero: {off:?}");
        let nothing = |sums: &BTreeMap<(Account, Currency), i64>| {
            let mut sums = sums.clone();
            sums.retain(|_, sum| *sum != 0);
            sums
        };
        anyhow::ensure!(
            nothing(&self.sums) == nothing(&self.balances),
            "its balances are kept as {:?}, its movements add up to {:?}",
            self.balances,
            self.sums
        );
        Ok(())
    }

    /// The first and the last day of its events, in UTC.
    fn days(&self) -> Option<(Date, Date)> {
        self.stand.span.map(|(first, last)| (day(first), day(last)))
    }

    /// The currencies of each account.
    fn accounts(&self) -> BTreeMap<Account, Vec<Currency>> {
        let mut accounts: BTreeMap<Account, Vec<Currency>> = BTreeMap::new();
        for (account, currency) in self.balances.keys() {
            accounts.entry(*account).or_default().push(*currency);
        }
        accounts
    }

    /// An account of this book as plain-text accounting names it: `Assets:Campaign:Open-oven:Provider`.
    fn account(&self, account: Account) -> String {
        let root = match account.code().kind() {
            AccountKind::Asset => "Assets",
            AccountKind::Liability => "Liabilities",
            AccountKind::Income => "Income",
            AccountKind::Expense => "Expenses",
            // Neither the platform's nor anybody's: what is promised, and what is on its way.
            AccountKind::Memo | AccountKind::Clearing => "Equity",
        };
        let mut name = format!("{root}:{}", component(self.book.kind()));
        for part in [self.book.slug(), &account.to_string()] {
            if !part.is_empty() {
                name.push(':');
                name.push_str(&component(part));
            }
        }
        name
    }
}

/// A part of an account's name: a capital letter or a digit first, then letters, digits and hyphens. One level only:
/// beancount asserts the balance of an account together with those below it.
fn component(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' })
        .collect();
    match name.get_mut(..1) {
        Some(first) => first.make_ascii_uppercase(),
        None => name.push('X'),
    }
    if name.starts_with('-') {
        name.insert(0, 'X');
    }
    name
}

fn day(at: OffsetDateTime) -> Date {
    at.to_offset(time::UtcOffset::UTC).date()
}

/// Where the writing is.
enum Stage {
    Begin,
    Next(Option<BookId>),
    Within(Box<Part>),
    End,
    Over,
}

/// Books on their way into a file.
pub struct Export {
    ctx: Ctx,
    which: Which,
    style: Box<dyn Style>,
    stage: Stage,
    pub written: Written,
}

impl Export {
    /// Books in a format, of which nothing is written yet.
    #[must_use]
    pub fn new(ctx: Ctx, which: Which, format: Format) -> Self {
        Self {
            ctx,
            which,
            style: format.style(),
            stage: Stage::Begin,
            written: Written::default(),
        }
    }

    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// When the database cannot be read, or a book is not as it was written: then the file must not be used.
    pub async fn piece(&mut self) -> anyhow::Result<Option<String>> {
        let mut out = String::new();
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Begin => {
                self.style.begin(&mut out, self.ctx.now())?;
                Stage::Next(None)
            }
            Stage::Next(after) => self.open(&mut out, after).await?,
            Stage::Within(part) => {
                let word = part.book.word();
                self.page(&mut out, part)
                    .await
                    .map_err(|cause| cause.context(format!("the book {word}")))?
            }
            Stage::End => {
                self.style.end(&mut out)?;
                Stage::Over
            }
            Stage::Over => return Ok(None),
        };
        Ok(Some(out))
    }

    async fn open(&mut self, out: &mut String, after: Option<BookId>) -> anyhow::Result<Stage> {
        let db = &self.ctx.db;
        let id = match (self.which, after) {
            (Which::One(id), None) => Some(id),
            (Which::One(_), Some(_)) => None,
            (Which::All | Which::Public, after) => store::next_book(db, after).await?,
        };
        let Some(id) = id else {
            return Ok(Stage::End);
        };
        let found = open_book::find(db, id)
            .await?
            .filter(|book| self.which != Which::Public || book.is_public());
        let stand = reading::snapshot(db, id).await?;
        let (Some(book), Some(stand)) = (found, stand) else {
            return Ok(Stage::Next(Some(id)));
        };
        let part = Part::new(book, stand);
        self.style.book(out, &part)?;
        self.written.books += 1;
        Ok(Stage::Within(Box::new(part)))
    }

    async fn page(&mut self, out: &mut String, mut part: Box<Part>) -> anyhow::Result<Stage> {
        let (after, previous) = part.check.head();
        let most = PAGE.min(part.stand.head.number - after);
        if most == 0 {
            part.close()?;
            self.style.book_end(out, &part)?;
            return Ok(Stage::Next(Some(part.book.id)));
        }
        let mut conn = self.ctx.db.acquire().await?;
        let entries = reading::entries_after(&mut conn, part.book.id, after, previous, most).await?;
        drop(conn);
        anyhow::ensure!(!entries.is_empty(), "entry {} is missing", after + 1);
        let names = self.names(&part, &entries).await?;
        for stored in &entries {
            part.take(stored)?;
            let cause = stored.entry.cause();
            let debit = stored.entry.movements().first().map(|first| first.debit().code());
            let line = Line {
                stored,
                text: campaigns::books::words(Lang::En, cause.kind, debit).0,
                name: names.get(&(cause.kind, cause.id.clone())).map(String::as_str),
            };
            self.style.entry(out, &part, &line)?;
            self.written.entries += 1;
        }
        Ok(Stage::Within(part))
    }

    async fn names(
        &self,
        part: &Part,
        entries: &[StoredEntry],
    ) -> anyhow::Result<HashMap<(EntryKind, String), String>> {
        let causes = entries.iter().map(|stored| {
            let cause = stored.entry.cause();
            (cause.kind, cause.id.as_str())
        });
        lines::names(&self.ctx.db, part.book.campaign(), causes).await
    }

    /// The pieces one after another, for the body of an answer.
    pub fn stream(self) -> impl Stream<Item = anyhow::Result<Bytes>> {
        try_unfold(self, |mut export| async move {
            let piece = export.piece().await.inspect_err(|cause| {
                tracing::error!("alarm: an export was broken off: {cause:#}");
            })?;
            Ok(piece.map(|piece| (Bytes::from(piece), export)))
        })
    }
}

/// Writes books in a format, a few hundred entries in memory at a time.
///
/// # Errors
/// As [`Export::piece`]; and when `out` does not take it.
pub async fn write(
    ctx: &Ctx,
    which: Which,
    format: Format,
    out: &mut (impl AsyncWrite + Unpin),
) -> anyhow::Result<Written> {
    let mut export = Export::new(ctx.clone(), which, format);
    while let Some(piece) = export.piece().await? {
        out.write_all(piece.as_bytes()).await?;
    }
    out.flush().await?;
    Ok(export.written)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use felag_domain::ledger::AccountCode;

    use super::*;

    #[test]
    fn every_account_has_a_name_that_both_programs_read_and_none_is_below_another() {
        let names: BTreeSet<String> = AccountCode::ALL
            .iter()
            .map(|code| component(code.as_str()))
            .collect();
        assert_eq!(names.len(), AccountCode::ALL.len());
        for name in &names {
            assert!(
                name.starts_with(|first: char| first.is_ascii_uppercase()),
                "{name}"
            );
            assert!(
                name.chars()
                    .all(|sign| sign.is_ascii_alphanumeric() || sign == '-'),
                "{name}"
            );
        }
        assert_eq!(component("3d-printer"), "3d-printer");
        assert_eq!(component(""), "X");
    }
}
