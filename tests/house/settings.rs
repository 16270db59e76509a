//! Every setting is read in one place, documented in README.md, and printed by `felag config`.

use std::collections::BTreeSet;

use felag::config::Config;

use crate::tree::root;

/// The settings that config.rs reads: every quoted name of that form.
fn settings() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("backend/src/config.rs")).unwrap();
    let quoted = text.split('"').skip(1).step_by(2);
    let is_name = |word: &&str| {
        let form = word.chars().all(|character| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
        });
        form && (word.starts_with("FELAG_") || *word == "DATABASE_URL")
    };
    quoted.filter(is_name).map(ToString::to_string).collect()
}

#[test]
fn every_setting_stands_in_the_readme() {
    let settings = settings();
    assert!(settings.len() > 15, "{settings:?}");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for name in settings {
        assert!(
            readme.contains(&format!("`{name}`")),
            "README.md does not know {name}"
        );
    }
}

#[test]
fn every_setting_is_printed() {
    let config = Config::read(|_| None).unwrap();
    let printed: BTreeSet<String> = config
        .lines()
        .iter()
        .map(|(name, _)| (*name).to_string())
        .collect();
    assert_eq!(printed, settings());
}
