//! Tests of words.

use std::collections::BTreeSet;

use super::*;
use crate::sources::{files_below, templates};

const ASKING: [&str; 7] = [
    ".t(",
    ".t1(",
    ".t2(",
    ".t3(",
    ".t_with(",
    "Words::new(",
    "Words::plain(",
];

/// The message named at each place that asks for one by a literal.
fn keys_asked_for(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for call in ASKING {
        for rest in text.split(call).skip(1) {
            if let Some(literal) = rest.trim_start().strip_prefix('"') {
                keys.extend(
                    literal
                        .split('"')
                        .next()
                        .filter(|id| is_message_id(id))
                        .map(str::to_owned),
                );
            }
        }
    }
    keys
}

fn rust_and_templates() -> Vec<(String, String)> {
    let mut all = templates();
    // The gallery fills pages the way handlers do, so its titles count as used.
    for folder in ["src", "tests", "../backend"] {
        all.extend(
            files_below(folder)
                .into_iter()
                .filter(|(path, _)| path.ends_with(".rs")),
        );
    }
    all
}

#[test]
fn every_message_asked_for_exists_in_every_language() {
    let mut missing = BTreeSet::new();
    for (file, text) in rust_and_templates()
        .into_iter()
        .filter(|(file, _)| !file.ends_with("tests.rs"))
    {
        for key in keys_asked_for(&text) {
            for lang in Lang::ALL.into_iter().filter(|lang| !lang.knows(&key)) {
                missing.insert(format!("{} {key} ({file})", lang.tag()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_message_is_used_somewhere() {
    let sources: String = rust_and_templates().into_iter().map(|(_, text)| text).collect();
    let literals: BTreeSet<&str> = sources.split('"').collect();
    let mut unused = Vec::new();
    for (file, text) in files_below("locales")
        .into_iter()
        .filter(|(file, _)| !file.ends_with("refusals.ftl"))
    {
        for (id, _) in text.lines().filter_map(|line| line.split_once(" =")) {
            if is_message_id(id) && !literals.contains(id) {
                unused.push(format!("{id} ({file})"));
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn no_message_stands_twice() {
    for lang in Lang::ALL {
        let mut seen = BTreeSet::new();
        for id in resources(lang).iter().flat_map(message_ids) {
            assert!(seen.insert(id.clone()), "{id} stands twice in {}", lang.tag());
        }
    }
}

#[test]
fn every_file_reads_without_an_error() {
    for (path, text) in files_below("locales") {
        assert!(FluentResource::try_new(text).is_ok(), "{path}");
    }
}

#[test]
fn numbers_in_sentences_are_grouped_and_choose_their_plural() {
    assert_eq!(Lang::En.t1("left-days", "days", 1), "1 day left");
    assert_eq!(Lang::En.t1("left-days", "days", 1240), "1,240 days left");
}

#[test]
fn a_fixed_message_is_resolved_once_and_one_with_arguments_is_not_fixed() {
    assert_eq!(Lang::En.t("month-12"), "December");
    assert!(!ENGLISH.fixed.contains_key("date-long"));
}

#[test]
fn sentences_are_calm() {
    for (file, text) in files_below("locales") {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            assert!(!line.contains('!'), "{file}: {line}");
        }
    }
}
