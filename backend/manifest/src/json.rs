//! The object that `felag project import FILE --dry-run --json` prints.

use serde_json::{Value, json};

use crate::{Draft, Manifest, Unread};

/// What a draft made from the manifest would hold: `kind`, `version`, `name`, `summary`, `story`,
/// `licences` (SPDX expressions), `licences_by_part`, `homepage`, `repository`, `documentation`, `plans`,
/// `holder`, `keywords`, `language`, `stage`, `parts`, `based_on`, `unread`. Amounts are whole minor units.
///
/// For several projects these are of number `which`, counted from zero, or of the first, and `projects`
/// has them all, each with its own `unread`. Null where there is no project of that number.
#[must_use]
pub fn json(manifest: &Manifest, which: Option<usize>) -> Value {
    let Some(draft) = manifest.drafts.get(which.unwrap_or(0)) else {
        return Value::Null;
    };
    let unread = match which {
        Some(_) => unread_of(manifest, draft),
        None => manifest.unread.iter().collect(),
    };
    let mut object = draft_json(draft, &unread);
    object["kind"] = json!(manifest.kind);
    object["version"] = json!(manifest.version);
    if manifest.drafts.len() > 1 {
        let projects = manifest
            .drafts
            .iter()
            .map(|draft| draft_json(draft, &unread_of(manifest, draft)));
        object["projects"] = projects.collect();
    }
    object
}

/// What could not be read in this draft or in what all drafts share.
fn unread_of<'m>(manifest: &'m Manifest, draft: &Draft) -> Vec<&'m Unread> {
    let own = format!("{}.", draft.at);
    let concerns = |note: &&Unread| !note.field.starts_with("projects[") || note.field.starts_with(&own);
    manifest.unread.iter().filter(concerns).collect()
}

fn draft_json(draft: &Draft, unread: &[&Unread]) -> Value {
    let mut expressions: Vec<&str> = Vec::new();
    for licence in &draft.licences {
        if !expressions.contains(&licence.expression.as_str()) {
            expressions.push(&licence.expression);
        }
    }
    let plans = draft.plans.iter().map(|plan| {
        let mut object = json!(plan);
        object["any_amount"] = json!(plan.any_amount());
        object
    });
    let plans: Vec<_> = plans.collect();
    json!({
        "name": draft.name,
        "summary": draft.summary,
        "story": draft.story,
        "licences": expressions,
        "licences_by_part": draft.licences,
        "homepage": draft.homepage,
        "repository": draft.repository,
        "documentation": draft.documentation,
        "plans": plans,
        "holder": draft.holder,
        "keywords": draft.keywords,
        "language": draft.language,
        "stage": draft.stage,
        "parts": draft.parts,
        "based_on": draft.based_on,
        "unread": unread,
    })
}
