//! Licences as SPDX expressions, what counts as open, and what a campaign gives to everybody.

mod commons_return;
mod open;

use std::borrow::Cow;

use spdx::{Expression, ParseMode, identifiers};

pub use commons_return::{CommonsReturnKind, CommonsReturnRefusal, NewCommonsReturn};

use crate::{
    named::{text_in_json, text_in_postgres},
    words::{Refusal, Words},
};

/// A licence, or several joined by `AND` and `OR`, in the spelling of the SPDX list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Licence {
    expression: String,
    is_open: bool,
}

/// Why a text is not a licence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LicenceError {
    /// Nothing was given.
    #[error("no licence was given")]
    Empty,
    /// Part of it is not on the SPDX list, or does not belong where it stands.
    #[error("{part:?} is not an SPDX licence")]
    Unreadable {
        /// What could not be read, as it was typed.
        part: String,
    },
}

impl Refusal for LicenceError {
    fn words(&self) -> Words {
        match self {
            Self::Empty => Words::new("licence-empty"),
            Self::Unreadable { part } => Words::new("licence-unreadable").with("part", part.as_str()),
        }
    }
}

const EXPRESSION_MAX: usize = 300;

impl Licence {
    /// Reads an SPDX licence expression. Capital and small letters are taken as the same, and
    /// identifiers the list has deprecated are replaced: `gpl-3.0+` becomes `GPL-3.0-or-later`.
    /// The full name of a single licence is taken too. Nothing is guessed from parts of names.
    ///
    /// # Errors
    /// [`LicenceError`], naming what could not be read.
    pub fn parse(text: &str) -> Result<Self, LicenceError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LicenceError::Empty);
        }
        if text.chars().count() > EXPRESSION_MAX {
            let part = text.chars().take(40).collect();
            return Err(LicenceError::Unreadable { part });
        }
        let written = match full_name(text) {
            Some(id) => replacement(id).to_string(),
            None => respell(text),
        };
        let mode = ParseMode {
            allow_deprecated: true,
            ..ParseMode::STRICT
        };
        let expression = Expression::parse_mode(&written, mode).map_err(|error| {
            let part = written.get(error.span).unwrap_or_default().trim();
            LicenceError::Unreadable {
                part: if part.is_empty() { text } else { part }.to_owned(),
            }
        })?;
        let is_open = expression.evaluate(open::is_open);
        Ok(Self {
            expression: written,
            is_open,
        })
    }

    /// The expression, in the list's own spelling.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The same as [`Licence::expression`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.expression
    }

    /// Whether everybody may use, study, change and share what is under it: open by OSI, FSF, OSHWA
    /// or the Open Definition. With `OR` one open branch is enough, with `AND` all must be.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

impl std::fmt::Display for Licence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.expression)
    }
}

impl std::str::FromStr for Licence {
    type Err = LicenceError;

    fn from_str(text: &str) -> Result<Self, LicenceError> {
        Self::parse(text)
    }
}

text_in_json!(Licence);
text_in_postgres!(Licence);

fn full_name(text: &str) -> Option<&'static str> {
    let found = identifiers::LICENSES
        .iter()
        .find(|licence| licence.full_name.eq_ignore_ascii_case(text));
    found.map(|licence| licence.name)
}

/// Every word of the expression in the list's spelling; unknown words stay for the parser to refuse.
fn respell(text: &str) -> String {
    let mut written = String::new();
    let words = text.replace('(', " ( ").replace(')', " ) ");
    for word in words.split_whitespace() {
        if !written.is_empty() && !written.ends_with('(') && word != ")" {
            written.push(' ');
        }
        written.push_str(&respell_word(word));
    }
    written
}

fn respell_word(word: &str) -> Cow<'_, str> {
    for operator in ["AND", "OR", "WITH"] {
        if word.eq_ignore_ascii_case(operator) {
            return Cow::Borrowed(operator);
        }
    }
    let find = |word: &str| {
        let licence = identifiers::LICENSES
            .iter()
            .find(|licence| licence.name.eq_ignore_ascii_case(word));
        licence.map(|licence| licence.name)
    };
    if let Some(id) = find(word) {
        return replacement(id);
    }
    if let Some(id) = word.strip_suffix('+').and_then(find) {
        let later = replacement(id);
        return match later.strip_suffix("-only") {
            Some(base) if is_gnu(base) => Cow::Owned(format!("{base}-or-later")),
            Some(_) | None => Cow::Owned(format!("{later}+")),
        };
    }
    let exception = identifiers::EXCEPTIONS
        .iter()
        .find(|exception| exception.name.eq_ignore_ascii_case(word));
    exception.map_or(Cow::Borrowed(word), |exception| Cow::Borrowed(exception.name))
}

fn is_gnu(base: &str) -> bool {
    ["GPL-", "LGPL-", "AGPL-", "GFDL-"]
        .iter()
        .any(|family| base.starts_with(family))
}

/// What the SPDX list says to write instead of an identifier it has deprecated.
/// Source: <https://spdx.org/licenses/>, "Deprecated License Identifiers".
fn replacement(id: &'static str) -> Cow<'static, str> {
    let instead = match id {
        "GPL-2.0-with-autoconf-exception" => "GPL-2.0-only WITH Autoconf-exception-2.0",
        "GPL-2.0-with-bison-exception" => "GPL-2.0-only WITH Bison-exception-2.2",
        "GPL-2.0-with-classpath-exception" => "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-with-font-exception" => "GPL-2.0-only WITH Font-exception-2.0",
        "GPL-2.0-with-GCC-exception" => "GPL-2.0-only WITH GCC-exception-2.0",
        "GPL-3.0-with-autoconf-exception" => "GPL-3.0-only WITH Autoconf-exception-3.0",
        "GPL-3.0-with-GCC-exception" => "GPL-3.0-only WITH GCC-exception-3.1",
        "BSD-2-Clause-FreeBSD" => "BSD-2-Clause-Views",
        "BSD-2-Clause-NetBSD" => "BSD-2-Clause",
        other => other,
    };
    let base = instead.strip_suffix('+').unwrap_or(instead);
    let number = base.rsplit('-').next().unwrap_or_default();
    if !is_gnu(base) || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || instead != id {
        return Cow::Borrowed(instead);
    }
    Cow::Owned(format!(
        "{base}{}",
        if base == instead { "-only" } else { "-or-later" }
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        Licence::parse(text)
            .map(|licence| licence.to_string())
            .unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn expressions_are_read_in_any_case_and_spelled_as_the_list_does() {
        assert_eq!(read(" mit "), "MIT");
        assert_eq!(
            read("cern-ohl-s-2.0 and (Mit or apache-2.0)"),
            "CERN-OHL-S-2.0 AND (MIT OR Apache-2.0)"
        );
        assert_eq!(
            read("gpl-2.0-only with classpath-EXCEPTION-2.0"),
            "GPL-2.0-only WITH Classpath-exception-2.0"
        );
        assert_eq!(read("Apache License 2.0"), "Apache-2.0");
        assert_eq!(
            read("GNU General Public License v3.0 or later"),
            "GPL-3.0-or-later"
        );
    }

    #[test]
    fn deprecated_identifiers_become_current_ones() {
        assert_eq!(read("GPL-3.0"), "GPL-3.0-only");
        assert_eq!(read("GPL-3.0+"), "GPL-3.0-or-later");
        assert_eq!(
            read("agpl-3.0+ OR LGPL-2.1"),
            "AGPL-3.0-or-later OR LGPL-2.1-only"
        );
        assert_eq!(read("GFDL-1.3+"), "GFDL-1.3-or-later");
        assert_eq!(
            read("GPL-2.0-with-classpath-exception"),
            "GPL-2.0-only WITH Classpath-exception-2.0"
        );
        assert_eq!(read("MPL-1.1+"), "MPL-1.1+");
        assert_eq!(read("GPL-3.0-only"), "GPL-3.0-only");
    }

    #[test]
    fn what_could_not_be_read_is_named() {
        let unreadable = |part: &str| {
            Err(LicenceError::Unreadable {
                part: part.to_owned(),
            })
        };
        assert_eq!(Licence::parse("  "), Err(LicenceError::Empty));
        assert_eq!(
            Licence::parse("MIT AND Frobnicate-2.0"),
            unreadable("Frobnicate-2.0")
        );
        assert_eq!(Licence::parse("GPLv3"), unreadable("GPLv3"));
        assert_eq!(Licence::parse("mitten"), unreadable("mitten"));
        assert!(matches!(
            Licence::parse("MIT OR"),
            Err(LicenceError::Unreadable { .. })
        ));
        assert!(matches!(
            Licence::parse("(MIT"),
            Err(LicenceError::Unreadable { .. })
        ));
        assert!(matches!(
            Licence::parse(&"MIT OR ".repeat(900)),
            Err(LicenceError::Unreadable { .. })
        ));
    }

    const WORDS: &[&str] = &[
        "MIT",
        "GPL-3.0",
        "GPL-3.0+",
        "+",
        "(",
        ")",
        "OR",
        "and",
        "WITH",
        "Classpath-exception-2.0",
        "LicenseRef-a",
        "DocumentRef-a:LicenseRef-b",
        "CC-BY-NC-4.0",
    ];

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_was_read_reads_back(
            text in "\\PC{0,60}|[-A-Za-z0-9.+:() /]{0,60}",
        ) {
            if let Ok(licence) = Licence::parse(&text) {
                prop_assert_eq!(Licence::parse(licence.expression()), Ok(licence.clone()));
            }
        }

        #[test]
        fn expressions_of_known_words_never_make_it_panic(
            words in prop::collection::vec(
                prop::sample::select(WORDS),
                0..9,
            ),
        ) {
            if let Ok(licence) = Licence::parse(&words.join(" ")) {
                prop_assert_eq!(Licence::parse(licence.expression()), Ok(licence.clone()));
            }
        }
    }
}
