//! Which passwords may protect an account.

use super::EmailAddress;
use crate::words::{Refusal, Words};

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password.
pub const PASSWORD_MAX: usize = 128;

/// Why a password was refused. There are no rules about kinds of characters (ASVS 6.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer characters than [`PASSWORD_MIN`].
    #[error("the password has fewer than {PASSWORD_MIN} characters")]
    TooShort,
    /// More characters than [`PASSWORD_MAX`].
    #[error("the password has more than {PASSWORD_MAX} characters")]
    TooLong,
    /// Nothing but blanks.
    #[error("the password is blank")]
    Blank,
    /// The person's own e-mail address, or the part before its `@`.
    #[error("the password is the e-mail address")]
    IsTheEmail,
    /// One of those that are tried first.
    #[error("the password is one of the most used")]
    TooCommon,
}

impl Refusal for PasswordError {
    fn words(&self) -> Words {
        match self {
            Self::TooShort => Words::new("password-too-short").with("min", PASSWORD_MIN),
            Self::TooLong => Words::new("password-too-long").with("max", PASSWORD_MAX),
            Self::Blank => Words::new("password-blank"),
            Self::IsTheEmail => Words::new("password-is-the-email"),
            Self::TooCommon => Words::new("password-too-common"),
        }
    }
}

/// Whether `password` may protect the account of `email`. It is taken as typed, blanks and all.
///
/// # Errors
/// See [`PasswordError`].
pub fn check_password(password: &str, email: &EmailAddress) -> Result<(), PasswordError> {
    let count = password.chars().count();
    if count < PASSWORD_MIN {
        return Err(PasswordError::TooShort);
    }
    if count > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    if password.trim().is_empty() {
        return Err(PasswordError::Blank);
    }
    let lowered = password.trim().to_lowercase();
    let local = email.as_str().split('@').next().unwrap_or_default();
    if lowered == email.as_str() || lowered == local {
        return Err(PasswordError::IsTheEmail);
    }
    let is_one_character = password.chars().all(|c| password.starts_with(c));
    if is_one_character || COMMON_PASSWORDS.contains(&lowered.as_str()) {
        return Err(PasswordError::TooCommon);
    }
    Ok(())
}

/// Those of ten characters and more that stand at the top of published lists of leaked passwords,
/// and this platform's own words. In small letters.
const COMMON_PASSWORDS: &[&str] = &[
    "0123456789",
    "0987654321",
    "1029384756",
    "1122334455",
    "1223334444",
    "1234509876",
    "123123123123",
    "1234567890",
    "12345678900",
    "12345678901",
    "12345678910",
    "123456789a",
    "123456789q",
    "1234554321",
    "123qweasdzxc",
    "147258369a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "1qazxsw23edc",
    "9876543210",
    "a123456789",
    "abc1234567",
    "abcd123456",
    "abcdefghij",
    "administrator",
    "alexander1",
    "asdfghjkl1",
    "asdfghjkl;",
    "baseball123",
    "basketball",
    "changeme123",
    "charlie123",
    "chocolate1",
    "correcthorsebatterystaple",
    "crowdfunding",
    "dragon1234",
    "europe2026",
    "felag12345",
    "felagfelag",
    "felag.org1",
    "football123",
    "iloveyou12",
    "iloveyou123",
    "iloveyou1234",
    "jennifer12",
    "letmein123",
    "letmein1234",
    "liverpool1",
    "manchester",
    "mypassword",
    "password01",
    "password10",
    "password11",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "password!!",
    "passw0rd123",
    "p@ssw0rd123",
    "p@ssword123",
    "qazwsxedcrfv",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qwer123456",
    "qwert12345",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "qwertyuiop1",
    "qwertyuiop123",
    "sunshine12",
    "sunshine123",
    "superman123",
    "trustno1234",
    "welcome123",
    "welcome1234",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "zxcvbnm1234",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_taken_as_typed() {
        let email = EmailAddress::parse("grace.hopper@example.org").unwrap();
        let check = |password: &str| check_password(password, &email);
        assert_eq!(check("felag-demo-2026"), Ok(()));
        assert_eq!(check(" þrír  hestar "), Ok(()));
        assert_eq!(check("123456789"), Err(PasswordError::TooShort));
        assert_eq!(check(&"ab".repeat(65)), Err(PasswordError::TooLong));
        assert_eq!(check(&" ".repeat(12)), Err(PasswordError::Blank));
        assert_eq!(check("Grace.Hopper@Example.org"), Err(PasswordError::IsTheEmail));
        assert_eq!(check("grace.hopper"), Err(PasswordError::IsTheEmail));
        assert_eq!(check("Password123"), Err(PasswordError::TooCommon));
        assert_eq!(check("zzzzzzzzzzzz"), Err(PasswordError::TooCommon));
    }

    #[test]
    fn every_common_password_is_long_enough_to_need_listing() {
        for password in COMMON_PASSWORDS {
            assert!(password.chars().count() >= PASSWORD_MIN, "{password}");
            assert_eq!(*password, password.to_lowercase());
        }
    }
}
