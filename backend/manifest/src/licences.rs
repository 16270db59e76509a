//! A licence as people write it, made an SPDX expression: the words of the SPDX list as
//! [`felag_domain::licence`] reads them, and beside them the spellings of an explicit table. Nothing is
//! guessed: a family without a version (`GPL`, `CC BY`) stays unread.

use felag_domain::licence::Licence;

use crate::field::{Field, Notes};
use crate::licence_names::{ADDRESSES, NAMES};
use crate::text::{after_prefix, clean_line, without_scheme};
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
        words = after_prefix(words, prefix).unwrap_or(words).trim();
    }
    if let Some(address) = without_scheme(words) {
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

#[cfg(test)]
mod tests;
