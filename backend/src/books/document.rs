//! The parts of an exported document in JSON, as they are written and read back.
//!
//! Whatever is read must be written the same way again, so that one changed byte of what the chain holds never passes.

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, Cause, EntryKind, Hash, Movement, NewEntry, StoredEntry};
use felag_domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

/// The version of the document: a reader that knows another one refuses it.
pub const SCHEMA: &str = "felag-books-v1";

/// What every field is, in the document itself.
pub const ABOUT: &str = include_str!("export/about.json");

const TIME: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// A moment as the canonical form writes it: `2026-11-22T12:00:00.123456Z`.
pub fn moment(at: OffsetDateTime) -> anyhow::Result<String> {
    Ok(at.to_offset(time::UtcOffset::UTC).format(TIME)?)
}

/// Number and hash of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub number: i64,
    pub hash: Hash,
}

/// A head and the day it was published on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedHead {
    pub day: String,
    pub number: i64,
    pub hash: Hash,
}

/// What stands on an account: debits less credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    pub account: Account,
    pub currency: String,
    pub minor: i64,
    pub amount: String,
}

/// A movement of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    pub debit: Account,
    pub credit: Account,
    pub minor: i64,
    pub currency: String,
    pub amount: String,
}

/// An entry of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub number: i64,
    pub at: String,
    pub kind: EntryKind,
    pub cause: String,
    pub movements: Vec<Move>,
    pub previous: Hash,
    pub hash: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The amount alone, with all decimals of its currency: `30.00`, `700`, `1.234`.
pub fn plain(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}

impl Balance {
    /// `minor` is debits less credits.
    pub fn new(account: Account, currency: Currency, minor: i64) -> Self {
        Self {
            account,
            currency: currency.code().to_string(),
            minor,
            amount: plain(Money::from_minor(minor, currency)),
        }
    }

    /// The currency and the amount, if they are written as they should be.
    pub fn money(&self) -> anyhow::Result<Money> {
        money(self.minor, &self.currency, &self.amount)
    }
}

impl Entry {
    /// The entry as it stands in its book.
    pub fn new(stored: &StoredEntry, name: Option<&str>) -> anyhow::Result<Self> {
        let entry = &stored.entry;
        let movements = entry.movements().iter().map(|movement| Move {
            debit: movement.debit(),
            credit: movement.credit(),
            minor: movement.amount().minor(),
            currency: movement.amount().currency().code().to_string(),
            amount: plain(movement.amount()),
        });
        Ok(Self {
            number: stored.number,
            at: moment(entry.at())?,
            kind: entry.cause().kind,
            cause: entry.cause().id.clone(),
            movements: movements.collect(),
            previous: stored.previous,
            hash: stored.hash,
            name: name.map(str::to_string),
        })
    }

    /// The entry of `book` that was written like this.
    ///
    /// # Errors
    /// When it cannot be one: times, currencies or amounts written otherwise, a movement that moves nothing.
    pub fn stored(&self, book: BookId) -> anyhow::Result<StoredEntry> {
        let at = time::PrimitiveDateTime::parse(&self.at, TIME)?.assume_utc();
        anyhow::ensure!(moment(at)? == self.at, "{} is not written as a time", self.at);
        let movements = self.movements.iter().map(|line| {
            let amount = money(line.minor, &line.currency, &line.amount)?;
            Ok(Movement::new(line.debit, line.credit, amount)?)
        });
        let movements = movements.collect::<anyhow::Result<Vec<Movement>>>()?;
        let cause = Cause::new(self.kind, self.cause.as_str());
        Ok(StoredEntry {
            number: self.number,
            previous: self.previous,
            hash: self.hash,
            entry: NewEntry::new(book, cause, at, movements)?,
        })
    }
}

fn money(minor: i64, code: &str, amount: &str) -> anyhow::Result<Money> {
    let currency: Currency = code.parse()?;
    anyhow::ensure!(currency.code() == code, "{code} is not written as a currency");
    let money = Money::from_minor(minor, currency);
    anyhow::ensure!(plain(money) == amount, "{minor} is not {amount} {code}");
    Ok(money)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn what_the_document_says_of_itself_is_json() {
        let about: serde_json::Value = serde_json::from_str(ABOUT).unwrap();
        assert_eq!(about.as_object().map(serde_json::Map::len), Some(5));
    }

    #[test]
    fn a_moment_is_written_as_in_the_canonical_form() {
        assert_eq!(
            moment(datetime!(2026-11-22 13:00:00.123456 +1)).unwrap(),
            "2026-11-22T12:00:00.123456Z"
        );
        assert_eq!(
            moment(datetime!(2026-01-02 03:04:05 UTC)).unwrap(),
            "2026-01-02T03:04:05.000000Z"
        );
    }

    #[test]
    fn an_amount_is_only_read_as_it_would_be_written() {
        for (minor, code, amount) in [
            (3_000, "EUR", "30.00"),
            (700, "JPY", "700"),
            (1_234, "KWD", "1.234"),
            (-5, "EUR", "-0.05"),
        ] {
            assert!(money(minor, code, amount).is_ok(), "{amount} {code}");
        }
        for (minor, code, amount) in [
            (3_000, "eur", "30.00"),
            (3_000, "EUR", "30.0"),
            (3_000, "EUR", "30.01"),
            (700, "JPY", "7.00"),
            (1, "XXX", "0.01"),
        ] {
            assert!(money(minor, code, amount).is_err(), "{amount} {code}");
        }
    }
}
