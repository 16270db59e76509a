//! A licence as people write it, made an SPDX expression: the words of the SPDX list as
//! [`felag_domain::licence`] reads them, and beside them the spellings of an explicit table. Nothing is
//! guessed: a family without a version (`GPL`, `CC BY`) stays unread.

use felag_domain::licence::Licence;

use crate::field::{Field, Notes};
use crate::licence_names::{ADDRESSES, NAMES};
use crate::text::clean_line;
use crate::{LicenceFound, LicenceKind};

/// More licences than any project names.
const MAX_LICENCES: usize = 20;

/// The licences a field holds, one or a list; what cannot be read is noted.
pub(crate) fn licences_of(field: &Field<'_>, kind: LicenceKind, notes: &mut Notes) -> Vec<LicenceFound> {
    if field.is_empty() {
        field.note(notes, "no licence is given");
    }
    let mut found: Vec<LicenceFound> = Vec::new();
    for (at, place) in field.one_or_more().iter().enumerate() {
        if at >= MAX_LICENCES {
            place.note(notes, "only the first 20 licences are read");
            break;
        }
        let Some(written) = place.line(notes, 300) else {
            continue;
        };
        match expression(&written) {
            Some(expression) if found.iter().any(|licence| licence.expression == expression) => {}
            Some(expression) => found.push(LicenceFound {
                kind,
                expression,
                written,
            }),
            None => place.note(
                notes,
                "we could not read this as a licence; please choose it from the SPDX list yourself",
            ),
        }
    }
    found
}

/// The SPDX expression for what somebody wrote, or none where that is not certain: `spdx:GPL-3.0`,
/// `GPLv3 or later`, `Apache License, Version 2.0`, `https://opensource.org/licenses/MIT`,
/// `CERN-OHL-S v2 AND CC BY-SA 4.0`.
#[must_use]
pub fn expression(written: &str) -> Option<String> {
    let line = clean_line(written);
    let mut words = line.as_str();
    for prefix in ["spdx-license-identifier:", "spdx:"] {
        words = without_prefix(words, prefix).trim();
    }
    if let Some(address) = ["https://", "http://"]
        .iter()
        .find_map(|scheme| strip_prefix(words, scheme))
    {
        return of_address(address);
    }
    // A name on its own may hold "and" and "or", so that the whole is tried before its parts.
    if let Some(whole) = of_list(words).or_else(|| of_name(words)) {
        return Some(whole);
    }
    let read = parts(words).into_iter().map(|part| match part {
        Part::Joint(word) => Some(word.to_owned()),
        Part::Name(name) if is_exception(&name) => Some(name),
        Part::Name(name) => of_list(&name).or_else(|| of_name(&name)),
    });
    of_list(&read.collect::<Option<Vec<_>>>()?.join(" "))
}

/// As the SPDX list has it, in any case, deprecated identifiers replaced.
fn of_list(words: &str) -> Option<String> {
    Licence::parse(words)
        .ok()
        .map(|licence| licence.as_str().to_owned())
}

fn is_exception(word: &str) -> bool {
    spdx::identifiers::EXCEPTIONS
        .iter()
        .any(|exception| exception.name.eq_ignore_ascii_case(word))
}

/// A name in a spelling of the table, with "or later" and "only" understood.
fn of_name(words: &str) -> Option<String> {
    let name = squashed(words);
    let (name, later) = match name.strip_suffix(" or later").or_else(|| name.strip_suffix(" +")) {
        Some(name) => (name, "+"),
        None => (name.strip_suffix(" only").unwrap_or(&name), ""),
    };
    let Some(&(_, id)) = NAMES.iter().find(|(spelling, _)| *spelling == name) else {
        return creative_commons_name(name);
    };
    // "GPL-3.0" and "GPL-3.0+" are deprecated; the list's parser puts the current words for them.
    of_list(&format!("{id}{later}"))
}

/// A Creative Commons licence by its parts, in short or in full: `by sa 4`, `creative commons attribution 3`.
fn creative_commons_name(name: &str) -> Option<String> {
    let name = name
        .strip_prefix("creative commons")
        .or_else(|| name.strip_prefix("cc"))
        .unwrap_or(name);
    let (code, number) = name.trim().rsplit_once(' ')?;
    let mut id = "CC".to_owned();
    let mut words = code.split(' ').peekable();
    while let Some(word) = words.next() {
        id.push_str(match (word, words.peek().copied().unwrap_or_default()) {
            ("by" | "attribution", _) => "-BY",
            ("sa" | "sharealike", _) => "-SA",
            ("nc" | "noncommercial", _) => "-NC",
            ("nd" | "noderivatives" | "noderivs", _) => "-ND",
            ("share", "alike") => words.next().map(|_| "-SA")?,
            ("non", "commercial") => words.next().map(|_| "-NC")?,
            ("no", "derivatives" | "derivs") => words.next().map(|_| "-ND")?,
            (_, _) => return None,
        });
    }
    let point = if number.contains('.') { "" } else { ".0" };
    of_list(&format!("{id}-{number}{point}"))
}

/// A name without what people write in different ways: `GNU GPLv3.0+` and `gpl-3 +` are the same.
pub(crate) fn squashed(words: &str) -> String {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in words.chars().flat_map(char::to_lowercase) {
        // "GPLv3" is "GPL 3", and "GPL3+" is "GPL 3 +".
        if before.is_alphabetic() && c.is_ascii_digit() || c == '+' {
            if before == 'v' {
                spaced.pop();
            }
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() || matches!(c, '.' | '+') {
            c
        } else {
            ' '
        });
        before = c;
    }
    let words = spaced
        .split(' ')
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty());
    let words: Vec<_> = words
        .map(|word| word.strip_suffix(".0").unwrap_or(word))
        .collect();
    let mut kept: Vec<&str> = Vec::new();
    for word in words {
        match word {
            "the" | "a" | "license" | "licence" | "licenses" | "version" | "ver" | "v" | "gnu" | "under" => {}
            "international" | "unported" | "intl" | "public" | "generic" => {}
            "newer" => kept.push("later"),
            // "or any later version", "or (at your option) any later version"
            "any" | "at" | "your" | "option" => {}
            word => kept.push(word),
        }
    }
    kept.join(" ")
}

/// The licence whose text stands at an address. `address` is without its scheme.
fn of_address(address: &str) -> Option<String> {
    let address = address.to_ascii_lowercase();
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let address = address
        .strip_prefix("www.")
        .unwrap_or(address)
        .trim_end_matches('/');
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let path = [".html", ".txt", ".en", ".md", ".php", ".json"]
        .iter()
        .fold(path, |p, end| p.strip_suffix(end).unwrap_or(p));
    match host {
        "creativecommons.org" => of_creative_commons(path),
        "spdx.org" => of_list(path.strip_prefix("licenses/")?),
        "opensource.org" => of_one_word(
            path.strip_prefix("licenses/")
                .or_else(|| path.strip_prefix("license/"))?,
        ),
        "choosealicense.com" => of_one_word(path.strip_prefix("licenses/")?),
        "gnu.org" => of_one_word(path.strip_prefix("licenses/")?.rsplit('/').next()?),
        _ => {
            let &(_, id) = ADDRESSES
                .iter()
                .find(|(known, _)| *known == format!("{host}/{path}"))?;
            of_list(id)
        }
    }
}

/// The last part of an address: an identifier of the list, or a name with hyphens (`gpl-3-0`).
fn of_one_word(word: &str) -> Option<String> {
    of_list(word).or_else(|| of_name(word)).or_else(|| {
        let (name, minor) = word.rsplit_once('-')?;
        of_list(&format!("{name}.{minor}")).or_else(|| of_name(&format!("{name}.{minor}")))
    })
}

/// `licenses/by-sa/4.0/deed.de`, `licenses/by/3.0/at`, `publicdomain/zero/1.0`.
fn of_creative_commons(path: &str) -> Option<String> {
    let mut parts = path.split('/');
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        ("publicdomain", "zero", "1.0", _) => of_list("CC0-1.0"),
        ("licenses", code, number, Some(place)) if !place.starts_with("deed") && place != "legalcode" => {
            of_list(&format!("CC-{code}-{number}-{place}"))
        }
        ("licenses", code, number, _) => of_list(&format!("CC-{code}-{number}")),
        (_, _, _, _) => None,
    }
}

/// What an expression is made of.
enum Part {
    Joint(&'static str),
    Name(String),
}

/// Takes an expression apart at its brackets and at `AND`, `OR` and `WITH` in any case.
fn parts(words: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut name: Vec<&str> = Vec::new();
    let spaced = words.replace('(', " ( ").replace(')', " ) ");
    let mut rest = spaced.split_whitespace().peekable();
    while let Some(word) = rest.next() {
        let later = rest
            .peek()
            .is_some_and(|next| ["later", "any", "newer"].contains(&next.to_ascii_lowercase().as_str()));
        let joint = match word.to_ascii_lowercase().as_str() {
            "and" => "AND",
            "or" if !later => "OR",
            "with" => "WITH",
            "(" => "(",
            ")" => ")",
            _ => {
                name.push(word);
                continue;
            }
        };
        if !name.is_empty() {
            parts.push(Part::Name(std::mem::take(&mut name).join(" ")));
        }
        parts.push(Part::Joint(joint));
    }
    if !name.is_empty() {
        parts.push(Part::Name(name.join(" ")));
    }
    parts
}

fn strip_prefix<'w>(words: &'w str, prefix: &str) -> Option<&'w str> {
    let start = words.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &words[prefix.len()..])
}

fn without_prefix<'w>(words: &'w str, prefix: &str) -> &'w str {
    strip_prefix(words, prefix).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(written: &str, spdx: &str) {
        assert_eq!(expression(written).as_deref(), Some(spdx), "{written}");
    }

    #[test]
    fn identifiers_of_the_list_are_taken_with_and_without_prefix() {
        reads("spdx:MPL-2.0", "MPL-2.0");
        reads("SPDX:mit", "MIT");
        reads("SPDX-License-Identifier: CC0-1.0", "CC0-1.0");
        reads(
            "CERN-OHL-P-2.0 AND BSD-3-Clause",
            "CERN-OHL-P-2.0 AND BSD-3-Clause",
        );
        reads(
            "(mit or apache-2.0) and CC-BY-4.0",
            "(MIT OR Apache-2.0) AND CC-BY-4.0",
        );
        reads("LicenseRef-Ours", "LicenseRef-Ours");
    }

    #[test]
    fn deprecated_identifiers_become_current_ones() {
        reads("GPL-3.0", "GPL-3.0-only");
        reads("GPL-3.0+", "GPL-3.0-or-later");
        reads("spdx:LGPL-2.1", "LGPL-2.1-only");
        reads(
            "GPL-2.0-with-classpath-exception",
            "GPL-2.0-only WITH Classpath-exception-2.0",
        );
    }

    #[test]
    fn common_spellings_of_software_licences_are_known() {
        for (written, spdx) in [
            ("GPLv3", "GPL-3.0-only"),
            ("GPL-v2", "GPL-2.0-only"),
            ("GNU GPL v3 or later", "GPL-3.0-or-later"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("GPL 3.0 only", "GPL-3.0-only"),
            (
                "GNU General Public License, version 2 or any later version",
                "GPL-2.0-or-later",
            ),
            ("GNU Affero General Public License v3.0", "AGPL-3.0-only"),
            ("GNU Lesser General Public License v2.1", "LGPL-2.1-only"),
            ("AGPLv3", "AGPL-3.0-only"),
            ("Apache 2.0", "Apache-2.0"),
            ("Apache2", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("Apache Software License 2.0", "Apache-2.0"),
            ("MIT License", "MIT"),
            ("The MIT License (MIT)", "MIT"),
            ("Expat", "MIT"),
            ("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause"),
            ("New BSD License", "BSD-3-Clause"),
            ("2-clause BSD", "BSD-2-Clause"),
            ("ISC license", "ISC"),
            ("EUPL v1.2", "EUPL-1.2"),
            ("European Union Public Licence 1.2", "EUPL-1.2"),
            ("Mozilla Public License 2.0", "MPL-2.0"),
            ("MPL 2.0", "MPL-2.0"),
            ("The Unlicense", "Unlicense"),
        ] {
            reads(written, spdx);
        }
    }

    #[test]
    fn common_spellings_of_hardware_and_content_licences_are_known() {
        for (written, spdx) in [
            ("CERN-OHL-S v2", "CERN-OHL-S-2.0"),
            ("CERN OHL v1.2", "CERN-OHL-1.2"),
            (
                "CERN Open Hardware Licence Version 2 - Weakly Reciprocal",
                "CERN-OHL-W-2.0",
            ),
            ("TAPR Open Hardware License v1.0", "TAPR-OHL-1.0"),
            ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
            ("BY-SA 4.0", "CC-BY-SA-4.0"),
            ("CC-BY-SA 4.0 International", "CC-BY-SA-4.0"),
            (
                "Creative Commons Attribution-ShareAlike 4.0 International License",
                "CC-BY-SA-4.0",
            ),
            (
                "Creative Commons Attribution-ShareAlike 4.0 International",
                "CC-BY-SA-4.0",
            ),
            ("Creative Commons Attribution 3.0 Unported", "CC-BY-3.0"),
            ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
            ("CC0", "CC0-1.0"),
            ("CC0 1.0 Universal", "CC0-1.0"),
            ("ODbL v1.0", "ODbL-1.0"),
            ("Free Art License 1.3", "LAL-1.3"),
            ("SIL Open Font License 1.1", "OFL-1.1"),
        ] {
            reads(written, spdx);
        }
    }

    #[test]
    fn addresses_of_licence_texts_are_known() {
        for (written, spdx) in [
            ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
            ("http://creativecommons.org/licenses/by/3.0/at/", "CC-BY-3.0-AT"),
            (
                "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
                "CC-BY-SA-4.0",
            ),
            (
                "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
                "CC0-1.0",
            ),
            ("https://www.gnu.org/licenses/gpl-3.0.html", "GPL-3.0-only"),
            (
                "https://www.gnu.org/licenses/old-licenses/gpl-2.0.en.html",
                "GPL-2.0-only",
            ),
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("https://opensource.org/license/gpl-3-0", "GPL-3.0-only"),
            ("https://opensource.org/license/bsd-3-clause", "BSD-3-Clause"),
            ("https://spdx.org/licenses/CERN-OHL-S-2.0.html", "CERN-OHL-S-2.0"),
            ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
            ("https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0"),
            ("https://ohwr.org/cern_ohl_s_v2.txt", "CERN-OHL-S-2.0"),
            ("https://choosealicense.com/licenses/agpl-3.0/", "AGPL-3.0-only"),
        ] {
            reads(written, spdx);
        }
    }

    #[test]
    fn spellings_are_read_inside_expressions_too() {
        reads("GPLv3 and CC BY-SA 4.0", "GPL-3.0-only AND CC-BY-SA-4.0");
        reads("GPL-3.0 or later OR Apache 2.0", "GPL-3.0-or-later OR Apache-2.0");
        reads(
            "MIT License OR (GPLv2 with classpath-exception-2.0)",
            "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)",
        );
    }

    #[test]
    fn what_is_not_certain_is_not_read() {
        for written in [
            "",
            "GPL",
            "LGPL",
            "BSD",
            "CC BY",
            "CC BY-SA",
            "Creative Commons",
            "Apache",
            "open source",
            "proprietary",
            "MIT, Apache-2.0",
            "MIT / GPL-3.0",
            "GPLv4",
            "CC BY 9.0",
            "public domain",
            "https://example.org/licence",
            "https://creativecommons.org/licenses/by/9.0",
            "MIT AND",
            "() OR",
            "see LICENSE file",
            "CERN-OHL-2.0",
            "<script>",
        ] {
            assert_eq!(expression(written), None, "{written}");
        }
    }

    #[test]
    fn every_row_of_the_tables_can_be_found_and_leads_to_a_licence() {
        for (at, (spelling, id)) in NAMES.iter().enumerate() {
            assert_eq!(squashed(spelling), *spelling);
            assert!(of_name(spelling).is_some(), "{spelling}: {id}");
            assert!(
                NAMES[..at].iter().all(|(other, _)| other != spelling),
                "{spelling} stands twice"
            );
        }
        for (address, id) in ADDRESSES {
            assert_eq!(of_address(address), of_list(id), "{address}");
            assert!(of_list(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_identifier_of_the_spdx_list_is_read() {
        for licence in spdx::identifiers::LICENSES {
            assert!(expression(licence.name).is_some(), "{}", licence.name);
        }
    }

    proptest! {
        #[test]
        fn any_words_give_an_expression_that_reads_as_itself_or_nothing(
            words in "(spdx:|https://)?(\\PC{0,30}|((gpl|cc|by|sa|mit|or|and|with|later|v3|4\\.0|\\(|\\)|\\+|/) ?){0,9})"
        ) {
            if let Some(found) = expression(&words) {
                prop_assert_eq!(expression(&found), Some(found.clone()));
            }
        }
    }
}
