//! A page of a book: which entries are asked for, what stood on the accounts after each of them.

use felag_domain::ledger::{AccountCode, EntryKind};
use felag_domain::words::{FieldRefusal, Words};
use felag_frontend::Lang;
use felag_frontend::campaigns::{AccountLine, BookLine};
use sqlx::PgPool;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

use super::open_book::OpenBook;
use super::{latest, lines};
use crate::campaigns;
use crate::ledger::{Shown, marks, reading};
use crate::web::fields::Fields;

/// Entries on one page.
pub const PAGE: i64 = 50;

const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// Which entries somebody wants to see. Days are whole days in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<EntryKind>,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Filter {
    /// Reads the filter of an address.
    ///
    /// # Errors
    /// What cannot be understood, field by field.
    pub fn read(query: &Fields) -> Result<Self, Vec<FieldRefusal>> {
        let mut refused = Vec::new();
        let mut note = |field, id| {
            refused.push(FieldRefusal {
                field,
                words: Words::new(id),
            });
        };
        let typed = |field| Some(query.get(field).trim()).filter(|text| !text.is_empty());
        let kind = typed("kind").map(str::parse);
        if let Some(Err(_)) = kind {
            note("kind", "books-kind-unknown");
        }
        let [from, until] = ["from", "until"].map(|field| typed(field).map(day));
        for (field, day) in [("from", from), ("until", until)] {
            if day == Some(None) {
                note(field, "books-day-unreadable");
            }
        }
        let (from, until) = (from.flatten(), until.flatten());
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            note("until", "books-until-before-from");
        }
        if !refused.is_empty() {
            return Err(refused);
        }
        let kind = kind.and_then(Result::ok);
        Ok(Self { kind, from, until })
    }

    /// Whether entries are left out.
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self != Self::default()
    }

    /// The filter as the query of an address, without the question mark; empty if it is off.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.as_str());
        }
        for (name, day) in [("from", self.from), ("until", self.until)] {
            if let Some(day) = day {
                query.append_pair(name, &day.to_string());
            }
        }
        query.finish()
    }

    fn wanted(&self) -> reading::Wanted {
        let midnight = |day: Date| day.with_time(Time::MIDNIGHT).assume_utc();
        let after = self.until.and_then(Date::next_day).map(midnight);
        reading::Wanted {
            kinds: self
                .kind
                .map_or_else(|| EntryKind::ALL.to_vec(), |kind| vec![kind]),
            from: self.from.map_or(OffsetDateTime::UNIX_EPOCH, midnight),
            before: after.unwrap_or_else(|| midnight(Date::MAX)),
        }
    }
}

/// A day as browsers send it: `2026-11-22`.
fn day(text: &str) -> Option<Date> {
    Date::parse(text, DAY).ok().filter(|day| day.year() > 0)
}

/// Which page of a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turn {
    /// The entries older than this one.
    pub before: Option<i64>,
    /// Those newer than this one. Only with a filter; without one, addresses name the older side.
    pub after: Option<i64>,
}

/// Entries as a page shows them, and the addresses of its neighbours.
pub struct Leaf {
    /// The newest first.
    pub lines: Vec<BookLine>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// A page of a whole book, `entries` long, with what stood on the accounts after each entry.
pub async fn whole(db: &PgPool, book: &OpenBook, turn: Turn, entries: u64) -> anyhow::Result<Leaf> {
    // The first entry is on a page of its own at least.
    let before = turn.before.map_or(i64::MAX, |before| before.max(2));
    let campaign = book.campaign().map(|campaign| campaign.id);
    let shown = latest::latest(db, book.id, campaign, before, PAGE).await?;
    let numbers: Vec<i64> = shown.iter().map(|one| one.entry.number).collect();
    let mut lines: Vec<BookLine> = shown.into_iter().map(lines::line).collect();
    if let (Some(newest), Some(oldest)) = (numbers.first(), numbers.last()) {
        let changed = marks::changed(db, book.id, *oldest, *newest).await?;
        for (line, number) in lines.iter_mut().zip(&numbers) {
            let changed = changed.get(number).map_or(&[][..], Vec::as_slice);
            line.after = standing(Lang::En, changed);
        }
    }
    let (newer, older) = neighbours(&book.path(), &lines, entries);
    Ok(Leaf { lines, newer, older })
}

/// A page of the entries that a filter leaves. What stood on the accounts is left out: entries between them are missing.
pub async fn filtered(db: &PgPool, book: &OpenBook, filter: &Filter, turn: Turn) -> anyhow::Result<Leaf> {
    let wanted = filter.wanted();
    // One more than a page holds says whether there is another page on that side.
    let page = usize::try_from(PAGE)?;
    let (shown, has_newer, has_older) = match turn.after {
        Some(after) => {
            let mut shown = reading::newer(db, book.id, &wanted, after, PAGE + 1).await?;
            let has_newer = shown.len() > page;
            let extra = shown.len().saturating_sub(page);
            (shown.split_off(extra), has_newer, true)
        }
        None => {
            let mut shown = reading::older(db, book.id, &wanted, turn.before, PAGE + 1).await?;
            let has_older = shown.len() > page;
            shown.truncate(page);
            (shown, turn.before.is_some(), has_older)
        }
    };
    let address =
        |edge: &str, entry: &Shown| format!("{}?{}&{edge}={}", book.path(), filter.query(), entry.number);
    let newest = shown.first().filter(|_| has_newer);
    let oldest = shown.last().filter(|_| has_older);
    Ok(Leaf {
        newer: newest.map(|entry| address("after", entry)),
        older: oldest.map(|entry| address("before", entry)),
        lines: lines::lines(db, book.campaign(), &shown).await?,
    })
}

/// Pages are named by entries, so an address shows the same entries however the book grows.
fn neighbours(path: &str, lines: &[BookLine], entries: u64) -> (Option<String>, Option<String>) {
    let page = PAGE.unsigned_abs();
    let at = |before: u64| match before > entries {
        true => path.to_string(),
        false => format!("{path}?before={before}"),
    };
    let newer = lines
        .first()
        .filter(|first| first.number < entries)
        .map(|first| at(first.number + 1 + page));
    let older = lines
        .last()
        .filter(|last| last.number > 1)
        .map(|last| at(last.number));
    (newer, older)
}

/// What stood on the main accounts that an entry changed, in words.
fn standing(lang: Lang, changed: &[marks::Changed]) -> Vec<AccountLine> {
    let main = changed.iter().filter(|changed| is_main(changed.account.code()));
    main.map(|changed| AccountLine {
        name: campaigns::books::account(lang, changed.account.code()).to_string(),
        balance: changed.after,
    })
    .collect()
}

/// Whether a line of a page says what stood on an account. The rest stands on the entry's own page.
const fn is_main(code: AccountCode) -> bool {
    match code {
        AccountCode::Provider | AccountCode::Promise | AccountCode::Held => true,
        AccountCode::Payable | AccountCode::Receivable | AccountCode::PlatformFees | AccountCode::Tax => true,
        AccountCode::HeldLoan | AccountCode::Pending | AccountCode::Debt => true,
        // There may be thousands of them.
        AccountCode::Lender | AccountCode::Claim | AccountCode::WrittenOff => false,
        AccountCode::Promised | AccountCode::PlatformTips | AccountCode::PlatformProviderCosts => false,
        AccountCode::Between | AccountCode::InTransit | AccountCode::InTransitRefund => false,
        AccountCode::Spent => true,
        AccountCode::Vouched => false,
    }
}

#[cfg(test)]
mod tests {
    use felag_domain::money::{Currency, Money};
    use felag_frontend::campaigns::Flow;
    use time::macros::{date, datetime};

    use super::*;

    fn query(pairs: &str) -> Fields {
        Fields::read(pairs.as_bytes()).unwrap()
    }

    #[test]
    fn a_filter_reads_back_from_its_own_address() {
        let filter = Filter::read(&query("kind=charge&from=2026-11-01&until=2026-11-30&before=7")).unwrap();
        assert_eq!(filter.kind, Some(EntryKind::Charge));
        assert_eq!(filter.query(), "kind=charge&from=2026-11-01&until=2026-11-30");
        assert_eq!(Filter::read(&query(&filter.query())), Ok(filter));
        let wanted = filter.wanted();
        assert_eq!(wanted.from, datetime!(2026-11-01 0:00 UTC));
        assert_eq!(wanted.before, datetime!(2026-12-01 0:00 UTC));
        let off = Filter::read(&query("kind=&from=&until=")).unwrap();
        assert!(!off.is_on() && off.query().is_empty());
        assert_eq!(off.wanted().kinds, EntryKind::ALL);
        let last = Filter {
            until: Some(Date::MAX),
            from: Some(date!(2026 - 01 - 01)),
            kind: None,
        };
        assert!(last.wanted().from < last.wanted().before);
    }

    #[test]
    fn what_makes_no_sense_is_refused_field_by_field() {
        let refused = |pairs: &str| {
            let refused = Filter::read(&query(pairs)).unwrap_err();
            let fields = refused.iter().map(|refusal| refusal.field);
            fields.collect::<Vec<_>>()
        };
        assert_eq!(
            refused("kind=theft&from=yesterday&until=2026-02-30"),
            ["kind", "from", "until"]
        );
        assert_eq!(refused("from=2026-03-02&until=2026-03-01"), ["until"]);
        assert_eq!(refused("from=-4800-01-01"), ["from"]);
    }

    fn page_of(numbers: std::ops::RangeInclusive<u64>) -> Vec<BookLine> {
        let line = |number| BookLine {
            at: OffsetDateTime::UNIX_EPOCH,
            number,
            text: String::new(),
            who: None,
            amount: Money::zero(Currency::EUR),
            cost: None,
            flow: Flow::Noted,
            hash: String::new(),
            after: Vec::new(),
        };
        numbers.rev().map(line).collect()
    }

    #[test]
    fn pages_lead_to_their_neighbours_and_no_further() {
        let neighbours =
            |lines: &[BookLine], entries| super::neighbours("/campaigns/oven/books", lines, entries);
        let at = |before: &str| Some(format!("/campaigns/oven/books{before}"));
        assert_eq!(neighbours(&[], 0), (None, None));
        assert_eq!(neighbours(&page_of(1..=7), 7), (None, None));
        assert_eq!(neighbours(&page_of(71..=120), 120), (None, at("?before=71")));
        assert_eq!(neighbours(&page_of(21..=70), 120), (at(""), at("?before=21")));
        assert_eq!(neighbours(&page_of(1..=20), 120), (at("?before=71"), None));
    }
}
