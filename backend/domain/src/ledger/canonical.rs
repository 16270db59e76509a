//! The bytes an entry's hash is taken of, and the hash.
//!
//! Version 1 is ASCII text. Every line ends with one line feed, words are separated by one space,
//! and no word can hold either:
//!
//! ```text
//! felag-entry-v1
//! book 0192f0c1-2345-7000-8000-0000000000ff
//! number 7
//! at 2026-11-22T12:00:00.123456Z
//! kind charge
//! cause ch_3Nabc
//! movement provider held 3000 EUR
//! movement platform:provider-costs provider 70 EUR
//! previous 5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
//! ```
//!
//! An account that is kept for each share of a loan has the share behind a colon: `lender:0192f0c1-…`.
//! `movement` has the debited account, the credited account, the amount in minor units and the
//! currency, one line each in the order they were booked. The first entry of a book is number 1, and
//! the hash before it is 64 zeros. The hash of an entry is the SHA-256 of these bytes. What is
//! written here never changes: other rules would be version 2.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::NewEntry;

/// A SHA-256 hash: 32 bytes, written as 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
pub struct Hash([u8; 32]);

/// A text or a row that is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct InvalidHash;

impl Hash {
    /// What stands before the first entry of a book.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn to_hex(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits
            .map(|digit| char::from(DIGITS[usize::from(digit)]))
            .collect()
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = InvalidHash;

    fn try_from(bytes: &[u8]) -> Result<Self, InvalidHash> {
        bytes.try_into().map(Self).map_err(|_| InvalidHash)
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.to_hex())
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl std::str::FromStr for Hash {
    type Err = InvalidHash;

    /// Reads 64 small hexadecimal digits; capital ones are another text, and so refused.
    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(InvalidHash),
        };
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return Err(InvalidHash);
        };
        let bytes = pairs
            .iter()
            .map(|&[high, low]| Ok(digit(high)? << 4 | digit(low)?));
        let bytes = bytes.collect::<Result<Vec<u8>, InvalidHash>>()?;
        Self::try_from(bytes.as_slice())
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The bytes of `entry` as number `number` of its book, after the entry whose hash is `previous`.
/// The module's first lines describe them.
#[must_use]
pub fn canonical(entry: &NewEntry, number: i64, previous: &Hash) -> Vec<u8> {
    let mut text = String::with_capacity(256 + entry.movements().len() * 48);
    let at = entry.at();
    let (date, time) = (at.date(), at.time());
    // Writing to a string never fails.
    let _ = write!(
        text,
        "felag-entry-v1\nbook {}\nnumber {number}\n\
         at {:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z\nkind {}\ncause {}\n",
        entry.book(),
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.microsecond(),
        entry.cause().kind,
        entry.cause().id,
    );
    for movement in entry.movements() {
        let (debit, credit, amount) = (movement.debit(), movement.credit(), movement.amount());
        let _ = writeln!(
            text,
            "movement {debit} {credit} {} {}",
            amount.minor(),
            amount.currency()
        );
    }
    let _ = writeln!(text, "previous {previous}");
    text.into_bytes()
}

/// The hash of `entry` as number `number` of its book, after the entry whose hash is `previous`.
#[must_use]
pub fn hash(entry: &NewEntry, number: i64, previous: &Hash) -> Hash {
    Hash(Sha256::digest(canonical(entry, number, previous)).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Duration, macros::datetime};
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::BookId,
        ledger::{Account, AccountCode, Cause, EntryKind, Movement},
        money::{Currency, Money},
    };

    #[test]
    fn the_form_is_the_one_described() {
        let movement = |debit, credit, minor| {
            Movement::new(debit, credit, Money::from_minor(minor, Currency::EUR)).unwrap()
        };
        let entry = NewEntry::new(
            BookId::from_uuid("0192f0c1-2345-7000-8000-0000000000ff".parse().unwrap()),
            Cause::new(EntryKind::Charge, "ch_3Nabc"),
            datetime!(2026-11-22 12:00:00.123456 UTC),
            vec![
                movement(AccountCode::Provider, AccountCode::Held, 3000),
                movement(AccountCode::PlatformProviderCosts, AccountCode::Provider, 70),
            ],
        )
        .unwrap();
        let expected = "felag-entry-v1\n\
            book 0192f0c1-2345-7000-8000-0000000000ff\n\
            number 1\n\
            at 2026-11-22T12:00:00.123456Z\n\
            kind charge\n\
            cause ch_3Nabc\n\
            movement provider held 3000 EUR\n\
            movement platform:provider-costs provider 70 EUR\n\
            previous 0000000000000000000000000000000000000000000000000000000000000000\n";
        assert_eq!(
            String::from_utf8(canonical(&entry, 1, &Hash::ZERO)).unwrap(),
            expected
        );
        assert_eq!(hash(&entry, 1, &Hash::ZERO).to_string(), EXPECTED_HASH);
    }

    /// By `sha256sum` of the text above.
    const EXPECTED_HASH: &str = "b230957c464a871131111ba38f89a44ecb5e93376d9997482e9eac20063066e9";

    #[test]
    fn a_hash_reads_back_and_only_from_its_own_text() {
        let hash: Hash = EXPECTED_HASH.parse().unwrap();
        assert_eq!(hash.to_string(), EXPECTED_HASH);
        assert_eq!(
            serde_json::from_str::<Hash>(&serde_json::to_string(&hash).unwrap()).unwrap(),
            hash
        );
        for text in [
            "",
            "0",
            &EXPECTED_HASH[2..],
            &EXPECTED_HASH.to_uppercase(),
            &format!("{EXPECTED_HASH}00"),
        ] {
            assert_eq!(text.parse::<Hash>(), Err(InvalidHash), "{text}");
        }
    }

    fn movements() -> impl Strategy<Value = Vec<Movement>> {
        let account = || {
            (prop::sample::select(AccountCode::ALL), 0_u128..2).prop_map(|(code, share)| {
                let share = Uuid::from_u128(share);
                if code.is_per_share() {
                    Account::of_share(code, share)
                } else {
                    code.into()
                }
            })
        };
        let currency = prop::sample::select(&[Currency::EUR, Currency::JPY][..]);
        let movement = (account(), account(), 1_i64..200, currency)
            .prop_filter_map("allowed", |(d, c, minor, currency)| {
                Movement::new(d, c, Money::from_minor(minor, currency)).ok()
            });
        prop::collection::vec(movement, 1..4)
    }

    fn entries() -> impl Strategy<Value = (NewEntry, i64, Hash)> {
        let kind = prop::sample::select(EntryKind::ALL);
        (
            0_u128..3,
            kind,
            "[a-c1]{1,3}",
            0_i64..3,
            movements(),
            1_i64..13,
            any::<bool>(),
        )
            .prop_map(|(book, kind, id, micros, movements, number, first)| {
                let at = datetime!(2026-11-22 12:00 UTC) + Duration::microseconds(micros);
                let book = BookId::from_uuid(Uuid::from_u128(book));
                let entry = NewEntry::new(book, Cause::new(kind, id), at, movements).unwrap();
                (entry, number, if first { Hash::ZERO } else { Hash([1; 32]) })
            })
    }

    proptest! {
        #[test]
        fn two_entries_have_the_same_form_only_if_they_are_the_same(a in entries(), b in entries()) {
            let form = |of: &(NewEntry, i64, Hash)| canonical(&of.0, of.1, &of.2);
            prop_assert_eq!(form(&a) == form(&b), a == b);
        }

        #[test]
        fn the_form_reads_back_line_by_line((entry, number, previous) in entries()) {
            let form = String::from_utf8(canonical(&entry, number, &previous)).unwrap();
            let lines: Vec<&str> = form.strip_suffix('\n').unwrap().split('\n').collect();
            prop_assert_eq!(lines.len(), 7 + entry.movements().len());
            prop_assert_eq!(lines[5].strip_prefix("cause "), Some(entry.cause().id.as_str()));
            for (line, movement) in lines[6..].iter().zip(entry.movements()) {
                let words: Vec<&str> = line.split(' ').collect();
                prop_assert_eq!(words[1].parse(), Ok(movement.debit()));
                prop_assert_eq!(words[2].parse(), Ok(movement.credit()));
                prop_assert_eq!(words[3].parse(), Ok(movement.amount().minor()));
                prop_assert_eq!(words[4].parse(), Ok(movement.amount().currency()));
            }
        }
    }
}
