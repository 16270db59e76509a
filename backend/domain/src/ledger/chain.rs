//! Checking a book: that its numbers have no gap and every hash is the hash of what stands there.

use super::{Hash, NewEntry, hash};

/// An entry as it stands in a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in the book, from 1.
    pub number: i64,
    /// The stored hash of the entry before it.
    pub previous: Hash,
    /// Its stored hash.
    pub hash: Hash,
    /// What it books.
    pub entry: NewEntry,
}

/// The first entry of a book that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {number}: {reason}")]
pub struct BadEntry {
    /// The number that was to come.
    pub number: i64,
    /// What is wrong with it.
    pub reason: BadReason,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReason {
    /// Another number stands where this one should.
    #[error("missing, {found} stands in its place")]
    Gap {
        /// The number found.
        found: i64,
    },
    /// The entry belongs to another book than those before it.
    #[error("it belongs to another book")]
    OtherBook,
    /// The hash it names is not that of the entry before it.
    #[error("it does not follow the entry before it")]
    Previous,
    /// Its hash is not the hash of its content.
    #[error("its content is not what was hashed")]
    Content,
}

/// Checks a book entry by entry, so that no book needs to fit into memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainCheck {
    number: i64,
    hash: Hash,
    book: Option<crate::ids::BookId>,
}

impl Default for ChainCheck {
    fn default() -> Self {
        Self {
            number: 0,
            hash: Hash::ZERO,
            book: None,
        }
    }
}

impl ChainCheck {
    /// Before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// In the middle of a book: after entry `number` with this hash, which is taken as right.
    #[must_use]
    pub const fn after(number: i64, hash: Hash) -> Self {
        Self {
            number,
            hash,
            book: None,
        }
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// [`BadEntry`]; nothing after it says anything.
    pub fn check(&mut self, stored: &StoredEntry) -> Result<(), BadEntry> {
        let number = self.number + 1;
        let bad = |reason| Err(BadEntry { number, reason });
        if stored.number != number {
            return bad(BadReason::Gap { found: stored.number });
        }
        if self.book.is_some_and(|book| book != stored.entry.book()) {
            return bad(BadReason::OtherBook);
        }
        if stored.previous != self.hash {
            return bad(BadReason::Previous);
        }
        if stored.hash != hash(&stored.entry, number, &self.hash) {
            return bad(BadReason::Content);
        }
        *self = Self {
            number,
            hash: stored.hash,
            book: Some(stored.entry.book()),
        };
        Ok(())
    }

    /// Number and hash of the last entry taken: what the book's head must say.
    #[must_use]
    pub const fn head(&self) -> (i64, Hash) {
        (self.number, self.hash)
    }
}

/// Checks a whole book, in the order of its numbers, and gives its head: the last number and hash,
/// 0 and zeros if it is empty.
///
/// # Errors
/// [`BadEntry`], the first one.
pub fn verify_chain<'a>(entries: impl IntoIterator<Item = &'a StoredEntry>) -> Result<(i64, Hash), BadEntry> {
    let mut check = ChainCheck::new();
    for stored in entries {
        check.check(stored)?;
    }
    Ok(check.head())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::BookId,
        ledger::{AccountCode, Cause, EntryKind, Movement},
        money::{Currency, Money},
    };

    fn entry(book: u128, cause: i64, minor: i64) -> NewEntry {
        let amount = Money::from_minor(minor, Currency::EUR);
        let movement = Movement::new(AccountCode::Provider, AccountCode::Held, amount).unwrap();
        let cause = Cause::new(EntryKind::Charge, format!("ch_{cause}"));
        let at = datetime!(2026-11-22 12:00 UTC);
        NewEntry::new(
            BookId::from_uuid(Uuid::from_u128(book)),
            cause,
            at,
            vec![movement],
        )
        .unwrap()
    }

    fn book() -> Vec<StoredEntry> {
        let mut previous = Hash::ZERO;
        let mut store = |number| {
            let entry = entry(1, number, number * 100);
            let stored = StoredEntry {
                number,
                previous,
                hash: hash(&entry, number, &previous),
                entry,
            };
            previous = stored.hash;
            stored
        };
        (1..=4).map(&mut store).collect()
    }

    fn first_bad(book: &[StoredEntry]) -> Option<(i64, BadReason)> {
        verify_chain(book).err().map(|bad| (bad.number, bad.reason))
    }

    #[test]
    fn a_book_as_written_gives_its_head() {
        let book = book();
        assert_eq!(verify_chain(&book), Ok((4, book[3].hash)));
        assert_eq!(verify_chain([]), Ok((0, Hash::ZERO)));
    }

    #[test]
    fn the_first_entry_that_was_touched_is_named() {
        let mut touched = book();
        touched[2].entry = entry(1, 3, 301);
        assert_eq!(first_bad(&touched), Some((3, BadReason::Content)));
        // Hashing it anew only moves the break to the next entry.
        touched[2].hash = hash(&touched[2].entry, 3, &touched[2].previous);
        assert_eq!(first_bad(&touched), Some((4, BadReason::Previous)));
    }

    #[test]
    fn a_book_can_be_checked_in_pieces() {
        let book = book();
        let mut rest = ChainCheck::after(2, book[1].hash);
        assert_eq!(book[2..].iter().try_for_each(|stored| rest.check(stored)), Ok(()));
        assert_eq!(rest.head(), (4, book[3].hash));
        let mut wrong = ChainCheck::after(2, book[0].hash);
        assert_eq!(wrong.check(&book[2]).unwrap_err().reason, BadReason::Previous);
    }

    #[test]
    fn an_entry_taken_out_or_put_elsewhere_is_named() {
        let mut gap = book();
        gap.remove(1);
        assert_eq!(first_bad(&gap), Some((2, BadReason::Gap { found: 3 })));
        let mut swapped = book();
        swapped.swap(1, 2);
        assert_eq!(first_bad(&swapped), Some((2, BadReason::Gap { found: 3 })));
        let mut foreign = book();
        foreign[3].entry = entry(2, 4, 400);
        assert_eq!(first_bad(&foreign), Some((4, BadReason::OtherBook)));
    }
}
