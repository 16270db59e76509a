//! The commands, alone and beside a server.

use felag_tests::program::Program;

use super::felag;

#[test]
fn every_command_explains_itself_and_takes_a_data_folder() {
    let felag = felag();
    let commands: &[&[&str]] = &[
        &[],
        &["serve"],
        &["work"],
        &["migrate"],
        &["clock"],
        &["clock", "show"],
        &["clock", "advance"],
        &["ledger"],
        &["ledger", "verify"],
        &["books"],
        &["books", "export"],
        &["books", "check"],
        &["reconcile"],
        &["loan"],
        &["loan", "quote"],
        &["person"],
        &["person", "grant"],
        &["project"],
        &["project", "import"],
        &["config"],
    ];
    for command in commands {
        let help = felag.run(&[*command, &["--help"]].concat()).ok();
        assert!(help.contains("--data-dir"), "{command:?}: {help}");
    }
}

#[test]
fn a_command_that_is_not_understood_ends_with_2() {
    let felag = felag();
    for wrong in [
        &["dance"][..],
        &["serve", "--listen", "here"],
        &["clock", "advance"],
        &["person", "grant", "a@b.example", "king"],
        &["books", "export", "--format", "pdf"],
        &["books", "export"],
        &["books", "check"],
        &["loan"],
    ] {
        felag.run(wrong).refused(2);
    }
}

#[test]
fn a_broken_setting_is_named() {
    let felag = felag().with("FELAG_PASSWORDS_AT_ONCE", "many");
    assert!(
        felag
            .run(&["config"])
            .refused(1)
            .contains("FELAG_PASSWORDS_AT_ONCE")
    );
}

#[test]
fn the_sandbox_is_not_served_to_other_machines() {
    let refused = |felag: &Program, arguments: &[&str]| felag.run(arguments).refused(1);
    let felag = felag();
    assert!(refused(&felag, &["serve", "--listen", "0.0.0.0:0"]).contains("FELAG_STRIPE_KEY"));
    let open = super::felag().with("FELAG_SANDBOX_LISTEN", "0.0.0.0:0");
    assert!(refused(&open, &["serve"]).contains("FELAG_SANDBOX_LISTEN"));
    let live = super::felag().with("FELAG_STRIPE_KEY", "sk_live_canary");
    let words = refused(&live, &["serve", "--demo"]);
    assert!(words.contains("--demo") && !words.contains("canary"), "{words}");
    assert!(refused(&live, &["clock", "advance", "P1D"]).contains("live"));
}

#[test]
fn the_settings_are_printed_without_secrets() {
    let felag = felag()
        .with("FELAG_STRIPE_KEY", "sk_live_canary")
        .with("FELAG_STRIPE_WEBHOOK_SECRET", "whsec_canary")
        .with("DATABASE_URL", "postgres://felag:canary@127.0.0.1:1/felag")
        .with("FELAG_SMTP", "smtps://felag:canary@mail.example");
    let said = felag.run(&["config"]);
    assert!(!said.err.contains("canary"), "{}", said.err);
    let lines = said.ok();
    assert!(
        !lines.contains("canary") && lines.contains("FELAG_STRIPE_KEY=(secret)"),
        "{lines}"
    );
    assert_eq!(
        lines.lines().count(),
        lines.lines().filter(|line| line.contains('=')).count()
    );
    // A database that does not answer is not named with its password either.
    assert!(!felag.run(&["migrate"]).refused(1).contains("canary"));
}

#[test]
fn a_manifest_is_shown_without_any_database() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/manifests/funding/yjs__yjs.json"
    );
    let felag = felag();
    let printed = felag
        .run(&["project", "import", file, "--dry-run", "--json"])
        .ok();
    let draft: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(draft["kind"], "funding.json");
    for key in [
        "name",
        "summary",
        "licences",
        "homepage",
        "repository",
        "plans",
        "unread",
    ] {
        assert!(draft.get(key).is_some(), "{key}: {printed}");
    }
    assert!(
        felag
            .run(&["project", "import", file, "--dry-run"])
            .ok()
            .contains("Read as funding.json")
    );
    felag
        .run(&["project", "import", "no-such-file.json", "--dry-run"])
        .refused(1);
    assert!(felag.postgres().is_none());
    assert!(!felag.data_dir.join("pg").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_moves_beside_a_server_and_without_one() {
    let felag = felag();
    let server = felag.start(&["serve"]);
    let said = felag.run(&["clock", "advance", "P31D"]).ok();
    assert!(said.contains("31 d 0 h 0 min ahead"), "{said}");
    assert!(felag.run(&["clock"]).ok().contains("31 d 0 h 0 min ahead"));
    assert!(
        felag
            .run(&["clock", "advance", "--until", "2020-01-01"])
            .refused(1)
            .contains("forward")
    );
    server.browser().get("/health").await.expect(200);
    server.terminate();
    let said = felag.run(&["clock", "advance", "PT36H"]).ok();
    assert!(said.contains("32 d 12 h 0 min ahead"), "{said}");
    assert!(felag.postgres().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_work_beside_a_server_on_the_same_data() {
    let felag = felag();
    let server = felag.start(&["serve"]);
    assert!(
        felag
            .run(&["ledger", "verify"])
            .ok()
            .contains("The ledger is right")
    );
    assert!(felag.run(&["migrate"]).ok().contains("newest"));
    assert!(
        felag
            .run(&["person", "grant", "ada@felag.example", "steward"])
            .refused(1)
            .contains("sign up")
    );
    let browser = server.browser();
    let page = browser.get("/sign-up").await.expect(200);
    let fields = [
        ("name", "Ada"),
        ("email", "ada@felag.example"),
        ("password", "three horses in a meadow"),
    ];
    browser.submit(&page, "/sign-up", &fields).await;
    assert!(
        felag
            .run(&["person", "grant", "ada@felag.example", "steward"])
            .ok()
            .contains("is a steward")
    );
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/manifests/funding/yjs__yjs.json"
    );
    let made = felag
        .run(&["project", "import", file, "--owner", "ada@felag.example"])
        .ok();
    let path = made
        .split_whitespace()
        .find_map(|word| word.split_once("/projects/"))
        .map(|(_, slug)| slug.to_string());
    browser
        .get(&format!("/projects/{}", path.unwrap()))
        .await
        .expect(200);
    assert!(felag.postgres().is_some());
}
