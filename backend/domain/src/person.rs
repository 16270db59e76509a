//! What a person gives to sign up, and the places a person can have in a project.

use crate::{
    named::{named, text_in_json, text_in_postgres},
    text::{self, TextError},
    words::{Refusal, Words},
};

named! {
    /// A person's place in a project.
    pub enum Role {
        /// May do everything, money and members among it.
        Owner => "owner",
        /// May write the story and updates.
        Editor => "editor",
        /// May see and move money, together with a second person.
        Treasurer => "treasurer",
    }
}

/// A plausible e-mail address in small letters. Whether it is the person's own, a mail must show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// Why a text is not an e-mail address we can write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("no e-mail address was given")]
    Empty,
    /// More than 254 characters, or more than 64 before the `@` (RFC 5321, 4.5.3.1).
    #[error("the e-mail address is too long")]
    TooLong,
    /// Letters outside ASCII: two addresses that look the same could be two people's.
    #[error("the e-mail address has letters outside a to z")]
    NotAscii,
    /// Not of the form `name@example.org`.
    #[error("that is not an e-mail address")]
    NotAnAddress,
}

impl Refusal for EmailError {
    fn words(&self) -> Words {
        match self {
            Self::Empty => Words::new("email-empty"),
            Self::TooLong => Words::new("email-too-long"),
            Self::NotAscii => Words::new("email-not-ascii"),
            Self::NotAnAddress => Words::new("email-not-an-address"),
        }
    }
}

impl EmailAddress {
    /// Reads an address as typed, blanks around it aside. Capital letters become small: no mail
    /// system in use keeps `Ada@` and `ada@` apart, and people do not either.
    ///
    /// # Errors
    /// See [`EmailError`].
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.chars().count() > 254 {
            return Err(EmailError::TooLong);
        }
        if !text.is_ascii() {
            return Err(EmailError::NotAscii);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::NotAnAddress)?;
        if local.len() > 64 {
            return Err(EmailError::TooLong);
        }
        if !is_local_part(local) || !is_domain(domain) {
            return Err(EmailError::NotAnAddress);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Dot-separated runs of the characters RFC 5322 calls `atext`; quoted local parts are not taken.
fn is_local_part(local: &str) -> bool {
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local
        .split('.')
        .all(|run| !run.is_empty() && run.bytes().all(is_atext))
}

/// A host name with at least one dot; numbers alone (`127.0.0.1`) are not one.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else {
        return false;
    };
    domain.split('.').all(is_label) && top.bytes().any(|byte| byte.is_ascii_alphabetic())
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        Self::parse(text)
    }
}

text_in_json!(EmailAddress);
text_in_postgres!(EmailAddress);

/// A name to be shown: one line of 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name as typed; every run of blanks becomes one space.
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line(text, 1, 80).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DisplayName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for DisplayName {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }
}

text_in_json!(DisplayName);
text_in_postgres!(DisplayName);

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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_trimmed_and_made_small() {
        let address = EmailAddress::parse(" Ada.Lovelace+felag@Example.ORG ").unwrap();
        assert_eq!(address.as_str(), "ada.lovelace+felag@example.org");
        assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
    }

    #[test]
    fn what_no_mail_could_reach_is_refused() {
        assert_eq!(EmailAddress::parse(" "), Err(EmailError::Empty));
        assert_eq!(EmailAddress::parse("аda@example.org"), Err(EmailError::NotAscii));
        assert_eq!(
            EmailAddress::parse(&format!("a@{}.org", "a.".repeat(130))),
            Err(EmailError::TooLong)
        );
        assert_eq!(
            EmailAddress::parse(&format!("{}@example.org", "a".repeat(65))),
            Err(EmailError::TooLong)
        );
        for text in [
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "a da@example.org",
            "ada@@example.org",
            "ada@example.org@example.org",
            "ada@exam ple.org",
            "ada@-example.org",
            "ada@example..org",
            ".ada@example.org",
            "ada.@example.org",
            "ada@127.0.0.1",
            "ada@[::1]",
            "ada\r\nBcc: x@example.org",
            "ada\n@example.org",
            "\"ada\"@example.org",
            "ada,eve@example.org",
            "<ada@example.org>",
        ] {
            assert_eq!(
                EmailAddress::parse(text),
                Err(EmailError::NotAnAddress),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_name_is_one_visible_line() {
        assert_eq!(
            DisplayName::parse("  Þóra \n Jóns ").unwrap().as_str(),
            "Þóra Jóns"
        );
        assert_eq!(
            DisplayName::parse("a\u{202e}b"),
            Err(TextError::ControlCharacters)
        );
        assert_eq!(
            DisplayName::parse(&"a".repeat(81)),
            Err(TextError::TooLong { max: 80 })
        );
    }

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

    proptest! {
        #[test]
        fn an_accepted_address_is_one_visible_word(text in "\\PC{0,30}@?\\PC{0,30}|[a-z@. \r\n\t]{0,20}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
            }
        }
    }
}
