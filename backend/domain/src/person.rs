//! What a person gives to sign up, and the places a person can have in a project.

pub mod factor;
mod password;

pub use password::{PASSWORD_MAX, PASSWORD_MIN, PasswordError, check_password};

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
