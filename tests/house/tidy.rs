//! Small files, short functions, readable lines, no leftovers, nothing of one machine.

use crate::tree::{File, files, rust};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;
/// rustfmt holds code at 110; texts and comments, which it leaves alone, may stick out a little.
const COLUMNS: usize = 125;

/// Files that grew longer before they were split: they may only shrink.
const LONGER: &[(&str, usize)] = &[("backend/src/pledges/charge.rs", 406)];

/// Functions that are one long table, or one long story: they may only shrink.
const LONGER_FUNCTIONS: &[(&str, usize)] = &[
    ("tests/it/abuse/forged.rs", 72),
    ("tests/it/books.rs", 76),
    ("tests/it/books/pages.rs", 77),
    ("tests/it/demo.rs", 75),
];

fn most_lines(list: &[(&str, usize)], path: &str, usual: usize) -> usize {
    list.iter()
        .find(|(known, _)| *known == path)
        .map_or(usual, |(_, most)| *most)
}

fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let mut long = Vec::new();
    for file in files() {
        let most = most_lines(LONGER, &file.path, FILE_LINES);
        let lines = file.text.lines().count();
        let is_code = [".rs", ".mjs", ".sql", ".html"]
            .iter()
            .any(|end| file.path.ends_with(end));
        if is_code && lines > most {
            long.push(format!("{}: {lines} lines", file.path));
        }
    }
    nothing(long);
}

#[test]
fn no_function_is_longer_than_70_lines() {
    let mut long = Vec::new();
    for file in rust() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            let starts = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub async fn ",
                "pub(crate) fn ",
                "pub(crate) async fn ",
            ];
            if !starts.iter().any(|start| code.starts_with(start)) {
                continue;
            }
            let end = format!("{}}}", &line[..line.len() - code.len()]);
            let length = lines[at..]
                .iter()
                .position(|line| *line == end)
                .map_or(1, |length| length + 1);
            if length > most_lines(LONGER_FUNCTIONS, &file.path, FUNCTION_LINES) {
                long.push(format!("{}:{}: {length} lines", file.path, at + 1));
            }
        }
    }
    nothing(long);
}

#[test]
fn no_line_is_longer_than_can_be_read() {
    let mut long = Vec::new();
    for file in rust() {
        for (at, line) in file.text.lines().enumerate() {
            if line.chars().count() > COLUMNS {
                long.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    nothing(long);
}

#[test]
fn a_file_is_named_after_what_it_is_for() {
    let vague = ["helpers.", "helper.", "utils.", "util.", "common.", "misc."];
    let is_vague = |path: &str| {
        vague
            .iter()
            .any(|name| path.rsplit('/').next().unwrap_or(path).starts_with(name))
    };
    nothing(
        files()
            .into_iter()
            .map(|file| file.path)
            .filter(|path| is_vague(path))
            .collect(),
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = |text: &str| !text.lines().take(3).any(|line| line.starts_with("//!"));
    nothing(
        rust()
            .into_iter()
            .filter(|file| silent(&file.text))
            .map(|file| file.path)
            .collect(),
    );
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    // In pieces, or this file would find itself.
    let words: Vec<String> = [
        ("todo", "!("),
        ("unimplemented", "!("),
        ("dbg", "!("),
        ("#[", "ignore"),
        ("TO", "DO"),
        ("FIX", "ME"),
    ]
    .iter()
    .map(|(a, b)| format!("{a}{b}"))
    .collect();
    let mut found = Vec::new();
    for file in rust() {
        found.extend(named(&file, &words));
    }
    nothing(found);
}

fn named(file: &File, words: &[String]) -> Vec<String> {
    let there = words.iter().filter(|word| file.text.contains(*word));
    there.map(|word| format!("{}: {word}", file.path)).collect()
}

#[test]
fn nothing_names_one_machine_or_a_host_that_packages_come_from() {
    let words: Vec<String> = [
        ("/ro", "ot/"),
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("crates", ".io"),
        ("py", "pi.org"),
        ("pythonho", "sted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("deb.deb", "ian.org"),
    ]
    .iter()
    .map(|(a, b)| format!("{a}{b}"))
    .collect();
    let mut found = Vec::new();
    for file in files() {
        // cargo writes its registry's name into its lock file. Manifests and golden data are other people's words.
        let is_theirs = ["tests/manifests/", "tests/golden/"]
            .iter()
            .any(|folder| file.path.starts_with(folder));
        if is_theirs || file.path == "Cargo.lock" {
            continue;
        }
        found.extend(named(&file, &words));
    }
    nothing(found);
}

#[test]
fn every_migration_begins_with_what_it_is_for() {
    let migrations: Vec<_> = files()
        .into_iter()
        .filter(|file| file.path.starts_with("migrations/"))
        .collect();
    assert!(migrations.len() > 5);
    nothing(
        migrations
            .into_iter()
            .filter(|file| !file.text.starts_with("-- "))
            .map(|file| file.path)
            .collect(),
    );
}

#[test]
fn a_lint_is_set_aside_only_with_a_reason() {
    // In pieces, or this file would find itself.
    let (allow, expect) = (format!("#[al{}", "low("), format!("#[ex{}", "pect("));
    let mut found = Vec::new();
    for file in rust() {
        if file.text.contains(&allow) {
            found.push(format!("{}: {allow}", file.path));
        }
        for part in file.text.split(&expect).skip(1) {
            if !part.split(")]").next().unwrap_or("").contains("reason") {
                found.push(format!("{}: {expect} without a reason", file.path));
            }
        }
    }
    nothing(found);
}
