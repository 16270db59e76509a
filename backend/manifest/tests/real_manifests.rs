//! Manifests of real projects (`tests/manifests`): each gives the facts that `index.json` states in the
//! words of the file, or is refused with a message that names a field.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use felag_manifest::licences::expression;
use felag_manifest::{Draft, LicenceKind, Manifest, Plan, json, read_bytes};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests")
}

fn index() -> Vec<Value> {
    let text = fs::read_to_string(folder().join("index.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn file(row: &Value) -> &str {
    row["file"].as_str().unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn manifest(name: &str) -> Manifest {
    read_bytes(Some(name), &bytes(name)).unwrap()
}

/// Rows of the index whose file must be readable, with what was read.
fn recognised() -> Vec<(Value, Manifest)> {
    let rows = index()
        .into_iter()
        .filter(|row| row["expected"]["recognised"] == true);
    rows.map(|row| (row.clone(), manifest(file(&row)))).collect()
}

/// What the index states, as the words a draft keeps: without blanks around it.
fn words(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim)
}

#[test]
fn the_index_names_every_file_and_every_file_is_there() {
    let mut there = BTreeSet::new();
    for part in ["funding", "okh", "publiccode"] {
        for entry in fs::read_dir(folder().join(part)).unwrap() {
            there.insert(format!("{part}/{}", entry.unwrap().file_name().to_str().unwrap()));
        }
    }
    let named: BTreeSet<_> = index().iter().map(|row| file(row).to_owned()).collect();
    assert_eq!(there, named);
    assert_eq!(named.len(), 26);
}

#[test]
fn what_is_no_manifest_is_refused_with_a_message_that_names_a_field() {
    let rows: Vec<_> = index()
        .into_iter()
        .filter(|row| row["expected"]["recognised"] == false)
        .collect();
    assert_eq!(rows.len(), 1);
    let name = file(&rows[0]);
    assert_eq!(
        read_bytes(Some(name), &bytes(name)).unwrap_err().to_string(),
        "makersmakingchange__OpenAT-Template.yml: the file is empty or holds only comments; \
         no title, name or okhv was found in it"
    );
}

#[test]
fn every_manifest_is_recognised_with_its_version_whatever_it_is_called() {
    for (row, manifest) in recognised() {
        let kind = match row["kind"].as_str().unwrap() {
            "funding" => "funding.json",
            "publiccode" => "publiccode.yml",
            "okh-losh-v1" => "okh-losh",
            "okh-losh-2.4" => "okh-2.4",
            kind => kind,
        };
        assert_eq!(manifest.kind.as_str(), kind, "{}", file(&row));
        assert_eq!(
            manifest.version.as_deref(),
            row["expected"]["version"].as_str(),
            "{}",
            file(&row)
        );
        for other in [
            None,
            Some("upload"),
            Some("x.json"),
            Some("x.yml"),
            Some("x.toml"),
        ] {
            assert_eq!(
                read_bytes(other, &bytes(file(&row))).as_ref(),
                Ok(&manifest),
                "{}",
                file(&row)
            );
        }
    }
}

#[test]
fn every_manifest_gives_name_addresses_and_holder_as_the_file_has_them() {
    for (row, manifest) in recognised() {
        let (expected, draft, at) = (&row["expected"], &manifest.drafts[0], file(&row));
        assert_eq!(Some(draft.name.as_str()), words(&expected["name"]), "{at}");
        assert_eq!(draft.homepage.as_deref(), words(&expected["homepage"]), "{at}");
        assert_eq!(
            draft.repository.as_deref(),
            words(&expected["repository"]),
            "{at}"
        );
        if let Some(documentation) = words(&expected["documentation_home"]) {
            assert_eq!(draft.documentation.as_deref(), Some(documentation), "{at}");
        }
        if let Some(holder) = words(&expected["entity"]).or_else(|| words(&expected["licensor"])) {
            let name = holder.split(" <").next();
            assert_eq!(draft.holder.as_deref(), name, "{at}");
        }
        if let Some(parts) = expected["parts_count"].as_u64() {
            assert_eq!(draft.parts.len() as u64, parts, "{at}");
        }
        if let Some(status) = words(&expected["development_status"]) {
            assert_eq!(draft.stage.as_deref(), Some(status), "{at}");
        }
        assert!(
            !draft.summary.is_empty() && draft.summary.chars().count() <= 200,
            "{at}"
        );
        assert!(!draft.story.is_empty(), "{at}");
    }
}

#[test]
fn every_licence_of_every_manifest_becomes_an_spdx_expression() {
    for (row, manifest) in recognised() {
        let (expected, at) = (&row["expected"], file(&row));
        assert_licences(&manifest.drafts[0], &expected["licences"], at);
        if let Some(parts) = expected["licence_by_part"].as_object() {
            for (part, raw) in parts {
                let kind = match part.as_str() {
                    "hardware" => LicenceKind::Hardware,
                    "software" => LicenceKind::Software,
                    _ => LicenceKind::Documentation,
                };
                let found = manifest.drafts[0]
                    .licences
                    .iter()
                    .find(|licence| licence.kind == kind)
                    .unwrap();
                assert_eq!(Some(found.written.as_str()), raw.as_str(), "{at}");
            }
        }
        assert!(
            !manifest.unread.iter().any(|note| note.field.contains("licen")),
            "{at}"
        );
    }
}

/// Each raw licence must be one we can read, and the draft must hold what it reads as.
fn assert_licences(draft: &Draft, raw: &Value, at: &str) {
    let mut expected: Vec<String> = Vec::new();
    for words in raw.as_array().unwrap() {
        let words = words.as_str().unwrap();
        expected.push(expression(words).unwrap_or_else(|| panic!("{at}: {words} was not read")));
    }
    let mut found: Vec<_> = draft
        .licences
        .iter()
        .map(|licence| licence.expression.clone())
        .collect();
    found.dedup();
    assert_eq!(found, expected, "{at}");
}

#[test]
fn prose_and_deprecated_licences_of_real_files_read_as_a_person_would_read_them() {
    let first = |name: &str| manifest(name).drafts[0].licences[0].expression.clone();
    assert_eq!(first("funding/ZoneMinder__zoneminder.json"), "GPL-2.0-only");
    assert_eq!(
        first("funding/luanti-org__luanti-org.github.io.json"),
        "LGPL-2.1-only"
    );
    assert_eq!(
        first("publiccode/CARD-AI__BLKT-VMS-Validavimas.yml"),
        "Apache-2.0"
    );
    assert_eq!(first("okh/Open-Hardware-Leaders__Otto-DIY.yml"), "CC-BY-SA-4.0");
    let knob = manifest("okh/nicvagn__arthritis-door-knob.yml");
    let licences: Vec<_> = knob.drafts[0]
        .licences
        .iter()
        .map(|l| (l.kind, l.expression.as_str()))
        .collect();
    assert_eq!(
        licences,
        [
            (LicenceKind::Hardware, "CERN-OHL-W-2.0"),
            (LicenceKind::Documentation, "CC-BY-SA-4.0")
        ]
    );
}

#[test]
fn every_project_of_a_funding_json_becomes_a_draft() {
    for (row, manifest) in recognised() {
        let Some(projects) = row["expected"]["projects"].as_array() else {
            assert_eq!(manifest.drafts.len(), 1, "{}", file(&row));
            continue;
        };
        assert_eq!(manifest.drafts.len(), projects.len(), "{}", file(&row));
        for (draft, project) in manifest.drafts.iter().zip(projects) {
            assert_eq!(Some(draft.name.as_str()), words(&project["name"]));
            assert_eq!(draft.homepage.as_deref(), words(&project["homepage"]));
            assert_eq!(draft.repository.as_deref(), words(&project["repository"]));
            assert_licences(draft, &project["licences"], file(&row));
        }
    }
}

#[test]
fn every_plan_is_read_with_its_amount_in_minor_units() {
    let mut plans = 0;
    for (row, manifest) in recognised() {
        let expected = row["expected"]["plans"].as_array().cloned().unwrap_or_default();
        for draft in &manifest.drafts {
            assert_eq!(draft.plans.len(), expected.len(), "{}", file(&row));
            for (plan, expected) in draft.plans.iter().zip(&expected) {
                assert_plan(plan, expected);
            }
        }
        plans += expected.len();
    }
    assert_eq!(plans, 40);
}

fn assert_plan(plan: &Plan, expected: &Value) {
    assert_eq!(plan.guid.as_deref(), expected["guid"].as_str());
    assert_eq!(plan.name.as_deref(), expected["name"].as_str());
    assert_eq!(plan.currency.as_deref(), expected["currency"].as_str());
    assert_eq!(plan.frequency.as_deref(), expected["frequency"].as_str());
    assert_eq!(plan.status.as_deref(), expected["status"].as_str());
    // USD, EUR, GBP and INR, the currencies of these files, have two decimals.
    assert_eq!(
        plan.amount_minor,
        expected["amount"].as_i64().map(|major| major * 100)
    );
    assert_eq!(plan.any_amount(), expected["amount"] == 0);
}

#[test]
fn the_description_of_a_publiccode_yml_is_taken_in_english_or_else_in_its_first_language() {
    for (row, manifest) in recognised() {
        let Some(languages) = row["expected"]["description_languages"].as_array() else {
            continue;
        };
        let english = languages.iter().find(|language| *language == "en");
        let language = english.or(languages.first()).and_then(Value::as_str).unwrap();
        let draft = &manifest.drafts[0];
        assert_eq!(draft.language.as_deref(), Some(language), "{}", file(&row));
        if let Some(short) = row["expected"]["short_description"][language].as_str() {
            let line = short.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(draft.summary, line, "{}", file(&row));
        }
    }
}

#[test]
fn what_could_not_be_read_in_real_files_is_this_and_nothing_else() {
    let mut unread = Vec::new();
    for (row, manifest) in recognised() {
        unread.extend(
            manifest
                .unread
                .iter()
                .map(|n| format!("{}: {}: {}", file(&row), n.field, n.value)),
        );
    }
    assert_eq!(unread, UNREAD);
}

const UNREAD: &[&str] = &[
    "funding/8infinitelabs__eucompliance.json: funding.plans[0].name: ",
    "funding/8infinitelabs__eucompliance.json: funding.plans[0].currency: ",
    "funding/8infinitelabs__eucompliance.json: funding.plans[0].amount: ",
    "funding/8infinitelabs__eucompliance.json: funding.plans[0].frequency: ",
    "okh/OSEGermany__AgroCircle.yml: project-link: https://github.com/osegermany/AgroCircle/tree/veg-carer",
    "okh/OSEGermany__AgroCircle.yml: documentation-language: english-US",
    "okh/OSEGermany__AgroCircle.yml: manifest-language: English-US",
];

#[test]
fn the_output_of_a_dry_run_has_the_facts_of_the_file() {
    let luanti = manifest("funding/luanti-org__luanti-org.github.io.json");
    let printed = json(&luanti, None);
    assert_eq!(printed["kind"], "funding.json");
    assert_eq!(printed["name"], "Luanti");
    assert_eq!(
        printed["summary"],
        "Luanti (formerly Minetest) is an open-source voxel game creation platform"
    );
    let licences = serde_json::json!(["LGPL-2.1-only", "CC-BY-SA-3.0", "MIT", "Apache-2.0"]);
    assert_eq!(printed["licences"], licences);
    assert_eq!(printed["homepage"], "https://www.luanti.org");
    assert_eq!(printed["repository"], "https://github.com/luanti-org/luanti");
    assert_eq!(printed["plans"][9]["amount_minor"], 2_000_000);
    assert_eq!(printed["plans"][9]["currency"], "EUR");
    assert_eq!(printed["unread"], serde_json::json!([]));
    assert_eq!(printed["projects"][1]["name"], "Luanti ContentDB");
    assert_eq!(json(&luanti, Some(1))["name"], "Luanti ContentDB");
    assert_eq!(json(&luanti, Some(2)), Value::Null);
}
