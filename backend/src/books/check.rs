//! `felag books check FILE`: recomputes every hash and every balance of an exported document, and needs no database.
//!
//! The document is read as it comes, so that a book of any length is checked in little memory.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::Read;

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, ChainCheck, Hash};
use felag_domain::money::Currency;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::document::{ABOUT, Balance, Entry, Head, PublishedHead, SCHEMA};

/// A book that is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Whose it says it is: `platform`, `campaign/open-oven`.
    pub of: String,
    pub book: BookId,
    /// Number and hash of the last entry: to be compared with what was published.
    pub number: i64,
    pub hash: Hash,
}

/// Checks a document.
///
/// # Errors
/// Names the book, the entry and the place of the first thing that is wrong.
pub fn run(document: impl Read) -> anyhow::Result<Vec<Right>> {
    let mut json = serde_json::Deserializer::from_reader(std::io::BufReader::new(document));
    let right = Document.deserialize(&mut json)?;
    json.end()?;
    Ok(right)
}

struct Document;

impl<'de> DeserializeSeed<'de> for Document {
    type Value = Vec<Right>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document {
    type Value = Vec<Right>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document of open books")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut right = None;
        let mut is_known = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => {
                    let schema: String = map.next_value()?;
                    refuse_unless(schema == SCHEMA, || {
                        format!("this program reads {SCHEMA}, not {schema}")
                    })?;
                    is_known = true;
                }
                "made_at" => drop(map.next_value::<String>()?),
                "about" => {
                    let about: serde_json::Value = map.next_value()?;
                    let ours: serde_json::Value = serde_json::from_str(ABOUT).map_err(A::Error::custom)?;
                    refuse_unless(about == ours, || {
                        "what it says about itself was changed".to_string()
                    })?;
                }
                "books" if is_known && right.is_none() => right = Some(map.next_value_seed(Books)?),
                other => return Err(A::Error::custom(format!("{other} is not expected here"))),
            }
        }
        right.ok_or_else(|| A::Error::custom("there are no books in it"))
    }
}

fn refuse_unless<E: Error>(is_right: bool, words: impl FnOnce() -> String) -> Result<(), E> {
    if is_right { Ok(()) } else { Err(E::custom(words())) }
}

struct Books;

impl<'de> DeserializeSeed<'de> for Books {
    type Value = Vec<Right>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Books {
    type Value = Vec<Right>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of books")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut books: A) -> Result<Self::Value, A::Error> {
        let mut right = Vec::new();
        while let Some(one) = books.next_element_seed(Book::default())? {
            right.push(one);
        }
        Ok(right)
    }
}

/// What stands before the entries of a book.
#[derive(Default)]
struct Book {
    book: Option<String>,
    of: Option<String>,
    slug: Option<String>,
    title: Option<String>,
    head: Option<Head>,
    balances: Option<Vec<Balance>>,
    published_heads: Option<Vec<PublishedHead>>,
}

impl<'de> DeserializeSeed<'de> for Book {
    type Value = Right;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Right, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Book {
    type Value = Right;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a book")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Right, A::Error> {
        let mut checked = None;
        while let Some(key) = map.next_key::<String>()? {
            if checked.is_some() {
                return Err(A::Error::custom(format!("{key} after the entries")));
            }
            match key.as_str() {
                "book" => once(&mut self.book, map.next_value()?)?,
                "of" => once(&mut self.of, map.next_value()?)?,
                "slug" => once(&mut self.slug, map.next_value()?)?,
                "title" => once(&mut self.title, map.next_value()?)?,
                "head" => once(&mut self.head, map.next_value()?)?,
                "balances" => once(&mut self.balances, map.next_value()?)?,
                "published_heads" => once(&mut self.published_heads, map.next_value()?)?,
                "entries" => {
                    let entries = self.begin().map_err(A::Error::custom)?;
                    checked = Some(map.next_value_seed(entries)?);
                }
                other => return Err(A::Error::custom(format!("{other} is not a part of a book"))),
            }
        }
        checked.ok_or_else(|| A::Error::custom("a book without its entries"))
    }
}

fn once<T, E: Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    refuse_unless(place.replace(value).is_none(), || {
        "a part of a book stands twice".to_string()
    })
}

impl Book {
    /// Everything is known that must come out.
    fn begin(&mut self) -> anyhow::Result<Entries> {
        let missing = || anyhow::anyhow!("a part of the book is missing before its entries");
        let text = self.book.take().ok_or_else(missing)?;
        let book: BookId = text.parse()?;
        anyhow::ensure!(book.to_string() == text, "{text} is not written as an id");
        let of = self.of.take().ok_or_else(missing)?;
        let slug = self.slug.take().ok_or_else(missing)?;
        let is_known = match of.as_str() {
            "platform" => slug.is_empty(),
            "campaign" | "project" => !slug.is_empty(),
            _ => false,
        };
        anyhow::ensure!(is_known, "no book is of {of}/{slug}");
        self.title.take().ok_or_else(missing)?;
        let mut balances = BTreeMap::new();
        for balance in self.balances.take().ok_or_else(missing)? {
            let money = balance.money()?;
            let before = balances.insert((balance.account, money.currency()), money.minor());
            anyhow::ensure!(
                before.is_none(),
                "the balance of {} stands twice",
                balance.account
            );
        }
        Ok(Entries {
            of: if slug.is_empty() {
                of
            } else {
                format!("{of}/{slug}")
            },
            book,
            head: self.head.take().ok_or_else(missing)?,
            balances,
            published: self.published_heads.take().ok_or_else(missing)?.into(),
            check: ChainCheck::new(),
            sums: BTreeMap::new(),
        })
    }
}

/// The entries of a book, checked one by one.
struct Entries {
    of: String,
    book: BookId,
    head: Head,
    balances: BTreeMap<(Account, Currency), i64>,
    published: VecDeque<PublishedHead>,
    check: ChainCheck,
    sums: BTreeMap<(Account, Currency), i64>,
}

impl<'de> DeserializeSeed<'de> for Entries {
    type Value = Right;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Right, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries {
    type Value = Right;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut entries: A) -> Result<Right, A::Error> {
        let named = |of: &str, cause: anyhow::Error| A::Error::custom(format!("the book {of}: {cause:#}"));
        while let Some(entry) = entries.next_element::<Entry>()? {
            self.take(&entry).map_err(|cause| named(&self.of, cause))?;
        }
        let of = self.of.clone();
        self.close().map_err(|cause| named(&of, cause))
    }
}

impl Entries {
    fn take(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let stored = entry
            .stored(self.book)
            .map_err(|cause| cause.context(format!("entry {}", entry.number)))?;
        self.check.check(&stored)?;
        while let Some(head) = self.published.front() {
            anyhow::ensure!(
                head.number >= stored.number,
                "the head published on {} does not come in its turn",
                head.day
            );
            if head.number > stored.number {
                break;
            }
            anyhow::ensure!(
                head.hash == stored.hash,
                "entry {} had the hash {} when it was published on {}",
                head.number,
                head.hash,
                head.day
            );
            self.published.pop_front();
        }
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

    fn close(mut self) -> anyhow::Result<Right> {
        let (number, hash) = self.check.head();
        anyhow::ensure!(
            (self.head.number, self.head.hash) == (number, hash),
            "its head names entry {} with the hash {}, its last entry is {number} with {hash}",
            self.head.number,
            self.head.hash
        );
        let early = self.published.front();
        anyhow::ensure!(
            early.is_none(),
            "a head was published of an entry that is missing"
        );
        self.sums.retain(|_, sum| *sum != 0);
        self.balances.retain(|_, balance| *balance != 0);
        anyhow::ensure!(
            self.sums == self.balances,
            "it says that {:?} stands on its accounts; its movements add up to {:?}",
            self.balances,
            self.sums
        );
        Ok(Right {
            of: self.of,
            book: self.book,
            number,
            hash,
        })
    }
}
