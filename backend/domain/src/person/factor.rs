//! A second factor: codes that a phone makes (RFC 6238), recovery codes for when the phone is lost, and how long and
//! how often they count. Comparing a code with the right one is the server's work: it holds the secret.

use time::{Duration, OffsetDateTime};

use crate::words::{Refusal, Words};

/// How long one code stands on a phone, in seconds (RFC 6238, 5.2).
pub const STEP_SECONDS: u64 = 30;
/// The digits of a code.
pub const CODE_DIGITS: usize = 6;
/// A code of one step before or after still counts: clocks differ, and people type slowly.
pub const STEPS_OFF: i64 = 1;
/// How long a code lets its giver act on money in the sign-in it was given in.
pub const FRESH: Duration = Duration::minutes(15);
/// So many wrong codes in [`WRONG_WITHIN`], and there is a wait.
pub const WRONG_MOST: usize = 5;
/// See [`WRONG_MOST`].
pub const WRONG_WITHIN: Duration = Duration::minutes(15);
/// How long a secret that nobody has confirmed is kept.
pub const SETTING_UP: Duration = Duration::minutes(30);
/// How many recovery codes make a set.
pub const RECOVERY_CODES: usize = 10;
/// How long a lost factor waits before a steward may switch it off: time for its owner to object.
pub const RESET_WAIT: Duration = Duration::hours(72);

/// A recovery code has 80 random bits, so that its hash needs no salt.
pub const RECOVERY_BYTES: usize = 10;
const RECOVERY_LETTERS: usize = 16;
/// Crockford's base 32: no I, L, O or U, so that nothing on paper is read wrong.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What somebody typed where a code was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits from a phone.
    Phone(String),
    /// A recovery code, in the letters it is hashed in.
    Recovery(String),
}

/// Why a code was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was typed.
    #[error("no code was given")]
    Empty,
    /// Neither six digits nor a recovery code.
    #[error("that is not a code")]
    NotACode,
    /// Not the code of now, and no unused recovery code.
    #[error("the code is wrong")]
    Wrong,
    /// The right one, but it was taken before: whoever looked over a shoulder cannot use it again.
    #[error("the code was used already")]
    Used,
    /// Too many wrong ones.
    #[error("wait {minutes} minutes")]
    Wait {
        /// Until the next try, rounded up.
        minutes: u32,
    },
}

impl Refusal for CodeError {
    fn words(&self) -> Words {
        match self {
            Self::Empty => Words::new("factor-code-empty"),
            Self::NotACode => Words::new("factor-code-not-a-code"),
            Self::Wrong => Words::new("factor-code-wrong"),
            Self::Used => Words::new("factor-code-used"),
            Self::Wait { minutes } => Words::new("factor-code-wait").with("minutes", *minutes),
        }
    }
}

impl TypedCode {
    /// Reads a code as people type it: with blanks or hyphens, in small letters, with O for 0 and I or L for 1.
    ///
    /// # Errors
    /// [`CodeError::Empty`] and [`CodeError::NotACode`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let bare: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–' | '\u{2011}'))
            .collect();
        if bare.is_empty() {
            return Err(CodeError::Empty);
        }
        if bare.len() == CODE_DIGITS && bare.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Phone(bare));
        }
        let letters: String = bare.chars().map(as_printed).collect();
        let is_recovery =
            letters.len() == RECOVERY_LETTERS && letters.bytes().all(|byte| LETTERS.contains(&byte));
        if is_recovery {
            Ok(Self::Recovery(letters))
        } else {
            Err(CodeError::NotACode)
        }
    }
}

fn as_printed(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// The recovery code of these random bytes, in the letters it is hashed in.
#[must_use]
pub fn recovery_code(bytes: [u8; RECOVERY_BYTES]) -> String {
    let mut code = String::with_capacity(RECOVERY_LETTERS);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            code.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    code
}

/// A code or a secret as people read it: in groups of four with `between` between them.
#[must_use]
pub fn in_fours(text: &str, between: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(between)
}

/// The number of the step that `now` lies in.
#[must_use]
pub fn step_at(now: OffsetDateTime) -> i64 {
    now.unix_timestamp().div_euclid(STEP_SECONDS.cast_signed())
}

/// Whether the code of `step` may be taken, after that of step `last` was.
///
/// # Errors
/// [`CodeError::Wrong`] when the code belongs to no step of now, [`CodeError::Used`] when it or a later one was taken.
pub fn take_step(step: Option<i64>, last: i64) -> Result<i64, CodeError> {
    match step {
        None => Err(CodeError::Wrong),
        Some(step) if step <= last => Err(CodeError::Used),
        Some(step) => Ok(step),
    }
}

/// Whether another try is allowed after the wrong ones at `wrong`.
///
/// # Errors
/// [`CodeError::Wait`] until the oldest of the last five is a quarter of an hour old.
pub fn may_try(wrong: &[OffsetDateTime], now: OffsetDateTime) -> Result<(), CodeError> {
    let mut recent: Vec<_> = wrong
        .iter()
        .map(|at| *at + WRONG_WITHIN)
        .filter(|end| *end > now)
        .collect();
    recent.sort_unstable_by(|one, other| other.cmp(one));
    match recent.get(WRONG_MOST - 1) {
        None => Ok(()),
        Some(end) => Err(CodeError::Wait {
            minutes: u32::try_from((*end - now).whole_minutes() + 1).unwrap_or(1),
        }),
    }
}

/// Whether a code given at `given` still lets its giver act on money.
#[must_use]
pub fn is_fresh(given: OffsetDateTime, now: OffsetDateTime) -> bool {
    now < given + FRESH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);

    #[test]
    fn codes_are_read_however_they_are_typed() {
        for typed in ["123456", " 123 456 ", "123-456", "123\u{a0}456"] {
            assert_eq!(
                TypedCode::parse(typed),
                Ok(TypedCode::Phone("123456".into())),
                "{typed:?}"
            );
        }
        for typed in ["ABCD-EFGH-0123-4561", "abcd efgh o123 456l", "abcdefghO123456I"] {
            let code = TypedCode::Recovery("ABCDEFGH01234561".into());
            assert_eq!(TypedCode::parse(typed), Ok(code), "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_said_to_be_none() {
        assert_eq!(TypedCode::parse(" - "), Err(CodeError::Empty));
        for typed in [
            "12345",
            "1234567",
            "१२३४५६",
            "ABCD-EFGH-0123-456",
            "UUUU-UUUU-UUUU-UUUU",
            "<script>",
        ] {
            assert_eq!(TypedCode::parse(typed), Err(CodeError::NotACode), "{typed:?}");
        }
    }

    #[test]
    fn a_step_lasts_half_a_minute() {
        let step = NOW.unix_timestamp() / 30;
        assert_eq!(step_at(NOW), step);
        assert_eq!(step_at(NOW + Duration::seconds(29)), step);
        assert_eq!(step_at(NOW + Duration::seconds(30)), step + 1);
    }

    #[test]
    fn no_code_is_taken_twice_and_none_from_before_the_last_one() {
        assert_eq!(take_step(Some(7), 6), Ok(7));
        assert_eq!(take_step(Some(7), 7), Err(CodeError::Used));
        assert_eq!(take_step(Some(6), 7), Err(CodeError::Used));
        assert_eq!(take_step(None, 7), Err(CodeError::Wrong));
    }

    #[test]
    fn five_wrong_codes_in_a_quarter_of_an_hour_make_a_wait_until_the_first_is_that_old() {
        let wrong: Vec<_> = (0..5).map(|minute| NOW + Duration::minutes(minute)).collect();
        let last = NOW + Duration::minutes(4);
        assert_eq!(may_try(&wrong[..4], last), Ok(()));
        assert_eq!(may_try(&wrong, last), Err(CodeError::Wait { minutes: 12 }));
        assert_eq!(may_try(&wrong, NOW + WRONG_WITHIN), Ok(()));
    }

    #[test]
    fn a_code_is_fresh_for_a_quarter_of_an_hour() {
        assert!(is_fresh(NOW, NOW + Duration::seconds(899)));
        assert!(!is_fresh(NOW, NOW + FRESH));
    }

    #[test]
    fn long_texts_are_shown_in_fours() {
        assert_eq!(in_fours("ABCDEFGHIJ", " "), "ABCD EFGH IJ");
        assert_eq!(in_fours("", "-"), "");
    }

    proptest! {
        #[test]
        fn a_recovery_code_is_read_back_from_how_it_is_shown(bytes: [u8; RECOVERY_BYTES]) {
            let code = recovery_code(bytes);
            prop_assert_eq!(code.len(), 16);
            let shown = in_fours(&code, "-").to_lowercase();
            prop_assert_eq!(TypedCode::parse(&shown), Ok(TypedCode::Recovery(code)));
        }

        #[test]
        fn different_bytes_make_different_recovery_codes(one: [u8; RECOVERY_BYTES], other: [u8; RECOVERY_BYTES]) {
            prop_assert_eq!(one == other, recovery_code(one) == recovery_code(other));
        }

        #[test]
        fn a_wait_always_ends_within_a_quarter_of_an_hour(
            seconds in proptest::collection::vec(0_i64..3000, 0..12)
        ) {
            let wrong: Vec<_> = seconds.iter().map(|second| NOW + Duration::seconds(*second)).collect();
            let last = wrong.iter().max().copied().unwrap_or(NOW);
            if let Err(CodeError::Wait { minutes }) = may_try(&wrong, last) {
                prop_assert!((1..=16).contains(&minutes));
            }
            prop_assert_eq!(may_try(&wrong, last + WRONG_WITHIN), Ok(()));
        }
    }
}
