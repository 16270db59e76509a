//! Licences as SPDX expressions, and what counts as open; what a campaign gives to everybody.

use std::borrow::Cow;

use spdx::{Expression, LicenseItem, LicenseReq, ParseMode, identifiers};
use time::Date;

use crate::{
    named::{named, text_in_json, text_in_postgres},
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
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
        let is_open = expression.evaluate(is_open);
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

/// Whether one licence of an expression is open. An exception of the SPDX list only permits more;
/// an addition of unknown words may forbid, so it is not open.
fn is_open(requirement: &LicenseReq) -> bool {
    let LicenseItem::Spdx { id, .. } = &requirement.license else {
        return false;
    };
    let is_known_addition = requirement
        .addition
        .as_ref()
        .is_none_or(|addition| addition.id().is_some());
    let is_flagged = id.is_osi_approved() || id.is_fsf_free_libre();
    is_known_addition && !forbids_trade_or_change(id.name) && (is_flagged || OPEN_BESIDES.contains(&id.name))
}

/// Non-commercial and no-derivatives terms are open by nobody's definition.
fn forbids_trade_or_change(id: &str) -> bool {
    id.split('-').any(|word| matches!(word, "NC" | "ND"))
}

/// Open licences the SPDX list does not flag as approved by OSI or free by FSF: it knows these two
/// judges only, and they judge software.
const OPEN_BESIDES: &[&str] = &[
    // Open hardware by OSHWA, <https://www.oshwa.org/resources/> ("Which licence?"): all versions of
    // the CERN licence, TAPR, Solderpad.
    "CERN-OHL-1.1",
    "CERN-OHL-1.2",
    "CERN-OHL-P-2.0",
    "CERN-OHL-W-2.0",
    "CERN-OHL-S-2.0",
    "TAPR-OHL-1.0",
    "SHL-0.5",
    "SHL-0.51",
    // Open content by the Open Definition, <https://opendefinition.org/licenses/>: Creative Commons
    // Attribution and ShareAlike with the ports to jurisdictions, the Free Art Licence, and the FDL
    // when nothing is invariant.
    "CC0-1.0",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-2.5-AU",
    "CC-BY-3.0",
    "CC-BY-3.0-AT",
    "CC-BY-3.0-AU",
    "CC-BY-3.0-DE",
    "CC-BY-3.0-IGO",
    "CC-BY-3.0-NL",
    "CC-BY-3.0-US",
    "CC-BY-4.0",
    "CC-BY-SA-1.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.0-UK",
    "CC-BY-SA-2.1-JP",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-AT",
    "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
    "CC-BY-SA-4.0",
    "LAL-1.3",
    "GFDL-1.1-no-invariants-only",
    "GFDL-1.1-no-invariants-or-later",
    "GFDL-1.2-no-invariants-only",
    "GFDL-1.2-no-invariants-or-later",
    "GFDL-1.3-no-invariants-only",
    "GFDL-1.3-no-invariants-or-later",
    // Open data by the Open Definition.
    "ODbL-1.0",
    "ODC-By-1.0",
    "PDDL-1.0",
    "DL-DE-BY-2.0",
    "DL-DE-ZERO-2.0",
    "OGL-Canada-2.0",
    "OGL-UK-2.0",
    "OGL-UK-3.0",
    // Fonts: the same text as OFL-1.0, which FSF lists, with the choice about reserved names said.
    "OFL-1.0-RFN",
    "OFL-1.0-no-RFN",
    // "Or later" reaches versions that OSI and FSF list.
    "GPL-1.0-or-later",
];

named! {
    /// What kind of thing a campaign gives to everybody.
    pub enum CommonsReturnKind {
        /// Drawings, models, circuit boards.
        Design => "design",
        /// Software.
        Code => "code",
        /// Instructions, a course, a book.
        Manual => "manual",
        /// Measurements, maps, collections.
        Data => "data",
        /// Something that runs and is open to all.
        Service => "service",
    }
}

/// What everybody will get from a campaign: checked, not yet kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommonsReturn {
    kind: CommonsReturnKind,
    title: String,
    licence: Licence,
    due: Date,
    place: String,
}

/// Why something cannot be a commons return.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommonsReturnRefusal {
    /// The licence keeps something from somebody.
    #[error("{licence} is not an open licence")]
    NotOpen {
        /// The licence, in the list's spelling.
        licence: String,
    },
    /// The date has passed.
    #[error("the date has passed")]
    DueInThePast,
}

impl Refusal for CommonsReturnRefusal {
    fn words(&self) -> Words {
        match self {
            Self::NotOpen { licence } => Words::new("licence-not-open").with("licence", licence.as_str()),
            Self::DueInThePast => Words::new("commons-return-due-in-the-past"),
        }
    }
}

impl NewCommonsReturn {
    /// Checks a commons return. `place` is where it will be found, usually an address on the web.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title`, `licence`, `due` and `place`.
    pub fn decide(
        kind: CommonsReturnKind,
        title: &str,
        licence: &str,
        due: Date,
        place: &str,
        today: Date,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 120));
        let licence = refusals
            .keep("licence", Licence::parse(licence))
            .and_then(|licence| {
                let not_open = || CommonsReturnRefusal::NotOpen {
                    licence: licence.expression.clone(),
                };
                let open = if licence.is_open() {
                    Ok(())
                } else {
                    Err(not_open())
                };
                refusals.keep("licence", open).map(|()| licence)
            });
        if due < today {
            refusals.note("due", &CommonsReturnRefusal::DueInThePast);
        }
        let place = refusals.keep("place", text::line(place, 3, 300));
        match (title, licence, place) {
            (Some(title), Some(licence), Some(place)) if refusals.is_empty() => Ok(Self {
                kind,
                title,
                licence,
                due,
                place,
            }),
            (_, _, _) => Err(refusals.into_vec()),
        }
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> CommonsReturnKind {
        self.kind
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The open licence it will be under.
    #[must_use]
    pub fn licence(&self) -> &Licence {
        &self.licence
    }

    /// The day by which it is promised.
    #[must_use]
    pub fn due(&self) -> Date {
        self.due
    }

    /// Where it will be found.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn read(text: &str) -> String {
        Licence::parse(text)
            .map(|licence| licence.to_string())
            .unwrap_or_else(|error| error.to_string())
    }

    fn is_open(text: &str) -> bool {
        Licence::parse(text).unwrap().is_open()
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

    #[test]
    fn open_is_what_osi_fsf_oshwa_or_the_open_definition_call_open() {
        for text in [
            "MIT",
            "AGPL-3.0-or-later",
            "CERN-OHL-W-2.0",
            "CERN-OHL-1.2",
            "TAPR-OHL-1.0",
            "SHL-0.51",
            "Apache-2.0 WITH SHL-2.1",
            "CC-BY-4.0",
            "CC-BY-SA-3.0",
            "CC0-1.0",
            "ODbL-1.0",
            "ODC-By-1.0",
            "PDDL-1.0",
            "GFDL-1.3",
            "OFL-1.1",
            "EUPL-1.2",
            "Artistic-1.0-Perl",
            "GPL-1.0-or-later",
            "LAL-1.3",
        ] {
            assert!(is_open(text), "{text}");
        }
        for text in [
            "CC-BY-NC-4.0",
            "CC-BY-ND-4.0",
            "CC-BY-NC-SA-3.0",
            "CC-BY-NC-ND-2.0",
            "BUSL-1.1",
            "SSPL-1.0",
            "Hippocratic-2.1",
            "LicenseRef-Ours",
            "GFDL-1.3-invariants-only",
            "Elastic-2.0",
            "JSON",
            "MIT WITH AdditionRef-Ours",
        ] {
            assert!(!is_open(text), "{text}");
        }
    }

    #[test]
    fn one_open_branch_of_or_is_enough_and_all_of_and_are_needed() {
        assert!(is_open("CC-BY-NC-4.0 OR CC-BY-4.0"));
        assert!(!is_open("CC-BY-NC-4.0 AND CC-BY-4.0"));
        assert!(is_open("CERN-OHL-P-2.0 AND BSD-3-Clause"));
        assert!(!is_open("(MIT OR LicenseRef-Ours) AND BUSL-1.1"));
    }

    #[test]
    fn no_licence_of_the_list_that_forbids_trade_or_change_is_open() {
        for licence in identifiers::LICENSES {
            let parsed = Licence::parse(licence.name).unwrap();
            assert!(
                !(parsed.is_open() && forbids_trade_or_change(licence.name)),
                "{}",
                licence.name
            );
            assert_eq!(
                Licence::parse(parsed.expression()).as_ref(),
                Ok(&parsed),
                "{}",
                licence.name
            );
        }
        for id in OPEN_BESIDES {
            assert!(spdx::license_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn a_commons_return_needs_an_open_licence_and_a_day_to_come() {
        let decide = |licence: &str, due: Date| {
            let today = date!(2026 - 11 - 22);
            NewCommonsReturn::decide(
                CommonsReturnKind::Design,
                "Oven plans",
                licence,
                due,
                "example.org",
                today,
            )
        };
        assert_eq!(
            decide("cern-ohl-s-2.0", date!(2027 - 05 - 01))
                .unwrap()
                .licence()
                .as_str(),
            "CERN-OHL-S-2.0"
        );
        let refused = decide("CC-BY-NC-4.0", date!(2026 - 11 - 21)).unwrap_err();
        let ids: Vec<_> = refused
            .iter()
            .map(|refusal| (refusal.field, refusal.words.id))
            .collect();
        assert_eq!(
            ids,
            [
                ("licence", "licence-not-open"),
                ("due", "commons-return-due-in-the-past")
            ]
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_was_read_reads_back(text in "\\PC{0,60}|[-A-Za-z0-9.+:() /]{0,60}") {
            if let Ok(licence) = Licence::parse(&text) {
                prop_assert_eq!(Licence::parse(licence.expression()), Ok(licence.clone()));
            }
        }

        #[test]
        fn expressions_of_known_words_never_make_it_panic(
            words in prop::collection::vec(
                prop::sample::select(&["MIT", "GPL-3.0", "GPL-3.0+", "+", "(", ")", "OR", "and", "WITH",
                    "Classpath-exception-2.0", "LicenseRef-a", "DocumentRef-a:LicenseRef-b", "CC-BY-NC-4.0"][..]),
                0..9,
            ),
        ) {
            if let Ok(licence) = Licence::parse(&words.join(" ")) {
                prop_assert_eq!(Licence::parse(licence.expression()), Ok(licence.clone()));
            }
        }
    }
}
