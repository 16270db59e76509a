//! Whatever a person uploads: no text makes the reader panic, take long or hand on what a page cannot show.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use felag_domain::text::{block, line};
use felag_manifest::{Manifest, json, read, read_bytes};
use proptest::prelude::*;

static REAL: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let mut files = Vec::new();
    for part in ["funding", "okh", "publiccode"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    files.sort();
    files
});

/// Everything in a draft is within its limits and takes the domain's own test for text.
fn is_fit_to_show(manifest: &Manifest) {
    for draft in &manifest.drafts {
        assert!(line(&draft.name, 1, 250).is_ok(), "{:?}", draft.name);
        assert!(line(&draft.summary, 0, 200).is_ok(), "{:?}", draft.summary);
        assert!(block(&draft.story, 0, 20_000).is_ok(), "{:?}", draft.story);
        for address in [&draft.homepage, &draft.repository, &draft.documentation]
            .into_iter()
            .flatten()
        {
            let lower = address.to_ascii_lowercase();
            assert!(
                lower.starts_with("https://") || lower.starts_with("http://"),
                "{address}"
            );
            assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
        }
    }
    for note in &manifest.unread {
        assert!(
            line(&note.field, 0, 120).is_ok() && line(&note.value, 0, 80).is_ok(),
            "{note:?}"
        );
    }
    assert_eq!(json(manifest, None)["name"], manifest.drafts[0].name.as_str());
}

/// Short texts that start, end or break one of the three notations, or a field of a manifest.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(
        &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ":",
            ",",
            "\n",
            " ",
            "- ",
            "# ",
            "= ",
            "&a ",
            "*a",
            "---\n",
            "%x\n",
            "!t ",
            "|\n ",
            "null",
            "1e9999",
            "\\u0000",
            "\u{202e}",
            "\u{200d}",
            "okhv = \"2.4\"\n",
            "okhv = \"OKH-LOSHv1.0\"\n",
            "name = \"x\"\n",
            "license = \"GPLv3\"\n",
            "function = \"<b>\"\n",
            "publiccodeYmlVersion: 0.4\n",
            "name: x\n",
            "url: javascript:x\n",
            "description:\n  en:\n    shortDescription: ",
            "legal:\n  license: ",
            "title: x\n",
            "project-link: http://x\n",
            "\"entity\":",
            "\"funding\":",
            "\"projects\":",
            "\"name\": \"x\"",
            "\"plans\":",
            "\"amount\": 1.5",
            "\"currency\": \"EUR\"",
            "\"licenses\": [\"MIT\"]",
            "[[part]]\n",
            "a.b.c",
            "𐒤🕴é",
            "http",
        ][..],
    );
    prop::collection::vec(
        prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,9}"],
        0..30,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_makes_it_panic(text in pieces()) {
        match read(Some("x"), &text) {
            Ok(manifest) => is_fit_to_show(&manifest),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = read_bytes(None, &bytes) {
            prop_assert!(error.to_string().starts_with("the manifest: "));
        }
    }

    #[test]
    fn a_real_manifest_with_a_piece_taken_out_or_put_in_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        taken in 0..60_usize,
        put in pieces(),
    ) {
        let (name, text) = which.get(&REAL);
        let chars: Vec<char> = text.chars().collect();
        let from = from.index(chars.len());
        let to = chars.len().min(from + taken);
        let mut broken: String = chars[..from].iter().collect();
        broken.push_str(&put);
        broken.extend(&chars[to..]);
        if let Ok(manifest) = read(Some(name), &broken) {
            is_fit_to_show(&manifest);
        }
    }
}
