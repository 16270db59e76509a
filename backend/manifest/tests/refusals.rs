//! Files that cannot be imported and what the message says; fields that cannot be read and what the
//! person sees.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use felag_manifest::{Kind, MAX_BYTES, Manifest, ManifestError, read, read_bytes};

fn refusal(text: &str) -> String {
    read(Some("uploads/mine.txt"), text).unwrap_err().to_string()
}

fn funding(project: &str, plan: &str) -> Manifest {
    let text = format!(
        r#"{{"entity": {{"name": "A"}}, "projects": [{{"name": "P", "licenses": ["MIT"], {project}}}],
            "funding": {{"plans": [{{"name": "F", "frequency": "yearly", {plan}}}]}}}}"#
    );
    read(None, &text).unwrap()
}

fn unread(manifest: &Manifest) -> Vec<String> {
    manifest
        .unread
        .iter()
        .map(|n| format!("{} | {} | {}", n.field, n.value, n.why))
        .collect()
}

const ANY: &str = r#""amount": 0, "currency": "EUR""#;

#[test]
fn a_missing_name_is_refused_by_the_name_of_its_field() {
    assert_eq!(
        refusal(r#"{"entity": {"name": "A"}, "projects": [{"guid": "x"}], "funding": {}}"#),
        "funding.json: projects[0].name is missing"
    );
    assert_eq!(
        refusal(r#"{"entity": {"name": "A"}, "projects": [{"name": ["x"]}], "funding": {}}"#),
        "funding.json: projects[0].name must be a text"
    );
    assert_eq!(
        refusal(r#"{"entity": {}, "funding": {}}"#),
        "funding.json: entity.name is missing"
    );
    assert_eq!(
        refusal("publiccodeYmlVersion: '0.4'\nname: ' '\n"),
        "publiccode.yml: name is missing"
    );
    assert_eq!(
        refusal("okh-manifest-version: 1.0.0\n"),
        "okh.yml: title is missing"
    );
    assert_eq!(refusal("okhv = \"2.4\"\n"), "okh.toml: name is missing");
    assert_eq!(
        refusal("name = \"x\"\nfunction = \"y\"\nlicensor = \"z\"\n"),
        "okh.toml: okhv is missing"
    );
}

#[test]
fn an_unknown_version_of_open_know_how_is_refused_with_those_we_read() {
    assert_eq!(
        refusal("okhv = \"3.1\"\nname = \"x\"\n"),
        "okh.toml: okhv is “3.1”; the versions we read are OKH-LOSHv1.0 and 2.4"
    );
}

#[test]
fn what_is_no_manifest_is_refused_with_the_fields_we_look_for() {
    for text in [
        "{\"name\": \"x\", \"version\": \"1.0\"}",
        "[package]\nname = \"x\"\n",
        "name: x\non: push\n",
        "hello",
    ] {
        assert_eq!(
            refusal(text),
            "mine.txt: this is none of the manifests we read. funding.json has entity and funding, \
             publiccode.yml has publiccodeYmlVersion, okh.yml has title and project-link, okh.toml has okhv; \
             none was found"
        );
    }
    for text in ["", " \n", "# only\n# comments\n", "\u{feff}", "{}", "null"] {
        assert!(
            refusal(text).starts_with("mine.txt: the file is empty or holds only comments"),
            "{text:?}"
        );
    }
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    assert_eq!(
        refusal("{\n  \"entity\": {},\n  oops\n}"),
        "mine.txt: line 3 cannot be read as JSON: key must be a string"
    );
    assert!(
        refusal("okhv = \"2.4\"\nname = oops\n").starts_with("mine.txt: line 2 cannot be read as TOML: ")
    );
    assert!(refusal("title: x\nlicense: [MIT\n").starts_with("mine.txt: line 3 cannot be read as YAML: "));
}

#[test]
fn what_is_too_large_or_not_utf_8_is_refused() {
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(
        read_bytes(None, &large),
        Err(ManifestError::TooLarge {
            file: "the manifest".into(),
            bytes: 524_289
        })
    );
    assert_eq!(
        read_bytes(Some("a.json"), b"{\"name\": \"caf\xe9\"}")
            .unwrap_err()
            .to_string(),
        "a.json: the file is not a text in UTF-8; it breaks off after byte 13"
    );
}

#[test]
fn the_name_of_a_file_cannot_bring_odd_characters_into_a_message() {
    let name = "C:\\me\\a\u{202e}\n<b>.json";
    assert!(
        read(Some(name), "")
            .unwrap_err()
            .to_string()
            .starts_with("a <b>.json: ")
    );
}

#[test]
fn a_funding_json_without_projects_is_about_its_entity() {
    let text = r#"{
        "entity": {"name": "A", "description": "We do.", "webpageUrl": {"url": "https://a.example"}},
        "funding": {"channels": [], "plans": []}}"#;
    let manifest = read(None, text).unwrap();
    assert_eq!((manifest.kind, manifest.version), (Kind::FundingJson, None));
    assert_eq!(manifest.drafts[0].name, "A");
    assert_eq!(manifest.drafts[0].homepage.as_deref(), Some("https://a.example"));
}

#[test]
fn the_version_of_a_funding_json_may_be_the_schemas_the_contents_or_missing() {
    for (field, version) in [
        (r#""version": "v1.0.0","#, Some("v1.0.0")),
        (r#""version": "2026-07","#, Some("2026-07")),
        ("", None),
    ] {
        let text = format!(r#"{{{field} "entity": {{"name": "A"}}, "funding": {{}}}}"#);
        let manifest = read(None, &text).unwrap();
        assert_eq!(
            (manifest.kind, manifest.version.as_deref()),
            (Kind::FundingJson, version)
        );
    }
}

#[test]
fn a_licence_that_cannot_be_read_is_shown_in_its_own_words() {
    let manifest = read(
        None,
        "publiccodeYmlVersion: 0\nname: X\nlegal:\n  license: ask Bob\n",
    )
    .unwrap();
    assert!(manifest.drafts[0].licences.is_empty());
    assert_eq!(
        unread(&manifest),
        ["legal.license | ask Bob | we could not read this as a licence; \
             please choose it from the SPDX list yourself"]
    );
    let manifest = read(None, "okhv = \"2.4\"\nname = \"X\"\n").unwrap();
    assert_eq!(unread(&manifest), ["license |  | no licence is given"]);
}

#[test]
fn an_address_that_is_not_of_the_web_is_shown_and_not_kept() {
    let manifest = funding(
        r#""webpageUrl": {"url": "javascript:alert(1)"}, "repositoryUrl": {"url": "git@example.org:a/b"}"#,
        ANY,
    );
    assert_eq!(
        (&manifest.drafts[0].homepage, &manifest.drafts[0].repository),
        (&None, &None)
    );
    assert_eq!(
        unread(&manifest),
        [
            "projects[0].webpageUrl.url | javascript:alert(1) | \
             only addresses that start with https:// or http:// are kept",
            "projects[0].repositoryUrl.url | git@example.org:a/b | \
             only addresses that start with https:// or http:// are kept",
        ]
    );
}

#[test]
fn amounts_are_read_exactly_or_shown_as_unread() {
    let plan = |amount: &str, currency: &str| {
        let manifest = funding(
            r#""guid": "p""#,
            &format!(r#""amount": {amount}, "currency": "{currency}""#),
        );
        (manifest.drafts[0].plans[0].amount_minor, unread(&manifest))
    };
    assert_eq!(plan("3000", "GBP"), (Some(300_000), vec![]));
    assert_eq!(plan("0.29", "eur"), (Some(29), vec![]));
    assert_eq!(
        plan("90071992547409.93", "EUR"),
        (Some(9_007_199_254_740_993), vec![])
    );
    for (amount, currency, note) in [
        (
            "1.005",
            "EUR",
            "funding.plans[0].amount | 1.005 | the amount has more decimals than its currency",
        ),
        (
            "0.5",
            "JPY",
            "funding.plans[0].amount | 0.5 | the amount has more decimals than its currency",
        ),
        (
            "-3",
            "EUR",
            "funding.plans[0].amount | -3 | an amount cannot be negative",
        ),
        (
            "1e2",
            "EUR",
            "funding.plans[0].amount | 1e2 | an amount must be written out, without an exponent",
        ),
        (
            "99999999999999999999",
            "EUR",
            "funding.plans[0].amount | 99999999999999999999 | the amount is too large",
        ),
        (
            "\"30\"",
            "EUR",
            "funding.plans[0].amount | 30 | an amount must be a number, without quotes and without a sign",
        ),
    ] {
        assert_eq!(plan(amount, currency), (None, vec![note.to_owned()]));
    }
    let (amount, notes) = plan("5", "BTC");
    assert_eq!(amount, None);
    assert_eq!(
        notes[0],
        "funding.plans[0].currency | BTC | this is not the ISO 4217 code of a currency, such as EUR"
    );
}

#[test]
fn html_stays_text_and_control_characters_go() {
    let manifest = funding(
        r#""description": "A <script>x</script>\u0000 loom.\r\n\u202eMore.""#,
        ANY,
    );
    assert_eq!(manifest.drafts[0].story, "A <script>x</script> loom.\nMore.");
}

#[test]
fn payment_addresses_are_never_read() {
    let text = r#"{"entity": {"name": "A"}, "funding": {
        "channels": [{"guid": "bank", "address": "XX00 1234"}],
        "plans": [{"name": "F", "amount": 5, "currency": "EUR", "channels": ["bank"]}]}}"#;
    let manifest = read(None, text).unwrap();
    assert!(!felag_manifest::json(&manifest, None).to_string().contains("XX00"));
}
