//! Imports go down only: see "The floors" in infra/docs/architecture.md.

use std::collections::BTreeSet;

use crate::tree::rust;

/// The floors of the server, from the lowest. Slices of floors 3 and 7 do not import one another.
const FLOORS: [&[&str]; 9] = [
    &[
        "audit",
        "config",
        "error",
        "db",
        "clock",
        "telemetry",
        "web",
        "jobs",
        "mail",
        "crash",
        "ctx",
        "random",
        "planted",
        "demo_state",
        "health",
        "files",
        "paper",
    ],
    &["ledger", "payments", "media"],
    &["people", "projects"],
    &["campaigns", "payout_accounts"],
    &["refunds", "disputes", "repayments", "reconciliation"],
    &["loans"],
    &["pledges", "updates"],
    &["stewards", "search", "books", "payouts", "support", "expenses"],
    &[
        "wiring",
        "cli",
        "commands",
        "start",
        "clock_advance",
        "workers",
        "demo",
        "main",
        "lib",
    ],
];

/// File, the module it may use all the same, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "ctx.rs",
        "payments",
        "the context carries the provider and who hears it; both are set by wiring",
    ),
    ("ctx.rs", "campaigns", "the context carries what wiring put there"),
    (
        "web/layers.rs",
        "people",
        "a guest's browser is given its secret round every request",
    ),
    (
        "mail/web.rs",
        "people",
        "leaving a list is a page, and pages know their visitor",
    ),
    (
        "projects/access.rs",
        "people",
        "who is asking decides what they may do",
    ),
    ("projects/web.rs", "people", "pages know their visitor"),
    (
        "projects/members/mod.rs",
        "people",
        "who asks in and who accepts are people",
    ),
    (
        "projects/members/mail.rs",
        "people",
        "who asks in and who accepts are people",
    ),
    ("projects/members/web.rs", "people", "pages know their visitor"),
    ("projects/log.rs", "people", "pages know their visitor"),
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The modules of the server that a text names after `crate::`.
fn imports(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => drop(found.insert(word(rest))),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (index, character) in list.char_indices() {
                    match character {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && character.is_alphabetic() => {
                            found.insert(word(&list[index..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for file in rust() {
        let Some(path) = file.path.strip_prefix("backend/src/") else {
            continue;
        };
        let module = path.split(['/', '.']).next().unwrap();
        let here = floor(module).unwrap_or_else(|| panic!("{path}: say on which floor {module} is"));
        for name in imports(&file.text) {
            let Some(there) = floor(&name).filter(|_| name != module) else {
                continue;
            };
            // Floors 3 and 7, counted from 1.
            let is_neighbour = there == here && matches!(here, 2 | 6);
            let excepted = EXCEPTIONS
                .iter()
                .position(|(file, other, _)| *file == path && *other == name);
            match excepted {
                Some(index) => drop(used.insert(index)),
                None if there > here || is_neighbour => wrong.push(format!("{path} uses {name}")),
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (index, (file, other, _)) in EXCEPTIONS.iter().enumerate() {
        assert!(
            used.contains(&index),
            "{file} does not use {other} any more: remove the exception"
        );
    }
}

#[test]
fn the_domain_and_the_pages_know_nothing_of_the_server() {
    for (manifest, forbidden) in [
        (
            "backend/domain/Cargo.toml",
            &["tokio", "axum", "reqwest", "felag-frontend", "felag.workspace"][..],
        ),
        (
            "backend/manifest/Cargo.toml",
            &["tokio", "axum", "sqlx", "reqwest", "felag.workspace"],
        ),
        (
            "frontend/Cargo.toml",
            &["tokio", "axum", "sqlx", "reqwest", "felag.workspace"],
        ),
        (
            "infra/sandbox/Cargo.toml",
            &["felag-domain", "felag-frontend", "felag.workspace"],
        ),
    ] {
        let text = std::fs::read_to_string(crate::tree::root().join(manifest)).unwrap();
        let needed = text.split("[dev-dependencies]").next().unwrap();
        let needed = needed.split("[dependencies]").nth(1).unwrap_or("");
        for name in forbidden {
            let is_there = needed
                .lines()
                .any(|line| line.starts_with(name) && !line.contains("optional = true"));
            assert!(!is_there, "{manifest} depends on {name}");
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::a::B;\nuse crate::{c, d::{self, e}, f::G};\nlet x = crate::h::i(); // crate::no\n";
    assert_eq!(
        imports(text).into_iter().collect::<Vec<_>>(),
        ["a", "c", "d", "f", "h"]
    );
}
