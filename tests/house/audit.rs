//! Every kind of act in the audit log has words.

use std::collections::BTreeSet;

use felag_frontend::audit::KINDS;

use crate::tree::rust;

#[test]
fn every_kind_of_act_has_words_and_no_words_are_left_over() {
    let known: BTreeSet<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let files: Vec<_> = rust()
        .into_iter()
        .filter(|file| {
            file.path.starts_with("backend/src/")
                && (file.text.contains("audit::") || file.text.contains("note::"))
        })
        .collect();
    let is_kind = |text: &str| {
        let name = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        text.split_once('.')
            .is_some_and(|(noun, verb)| name(noun) && name(verb))
    };
    let mut named = BTreeSet::new();
    let mut without = Vec::new();
    for file in &files {
        named.extend(
            known
                .iter()
                .filter(|kind| file.text.contains(&format!("\"{kind}\""))),
        );
        for rest in file.text.split("kind: \"").skip(1) {
            let kind = rest.split('"').next().unwrap_or("");
            if is_kind(kind) && !known.contains(kind) {
                without.push(format!("{}: {kind}", file.path));
            }
        }
    }
    assert!(without.is_empty(), "not in frontend/src/audit.rs: {without:?}");
    let left_over: Vec<_> = known.difference(&named).collect();
    assert!(left_over.is_empty(), "nothing writes {left_over:?}");
}
