//! Open Know-How: 1.0 as YAML, and the TOML of LOSH 1.0 and 2.x, which share the fields a draft needs.

use crate::error::ManifestError;
use crate::field::{Field, Notes};
use crate::licences::licences_of;
use crate::text::{STORY_CHARS, first_sentence, without_address};
use crate::tree::Node;
use crate::{Draft, LicenceFound, LicenceKind};

/// How many parts of a thing are kept: seeds for lines of a budget that a person goes through.
const MAX_PARTS: usize = 100;

type Read = (Option<String>, Vec<Draft>);

/// Reads Open Know-How 1.0.
pub(crate) fn read_v1(root: &Field<'_>, notes: &mut Notes) -> Result<Read, ManifestError> {
    let version = root.get("okh-manifest-version").line(notes, 40);
    let name = root.get("title").required_text()?;
    let mut story = root
        .get("description")
        .text(notes, STORY_CHARS)
        .unwrap_or_default();
    let summary = first_sentence(&story);
    if let Some(use_for) = root.get("intended-use").text(notes, STORY_CHARS / 2) {
        story = format!("{story}\n\n{use_for}").trim_start().to_owned();
    }
    let languages = [root.get("documentation-language"), root.get("manifest-language")];
    let draft = Draft {
        at: String::new(),
        name,
        summary,
        story,
        licences: v1_licences(&root.get("license"), notes),
        homepage: root.get("project-link").url(notes),
        // 1.0 has no field for the place of the source; project-link is a page about the thing.
        repository: None,
        documentation: root.get("documentation-home").url(notes),
        plans: Vec::new(),
        holder: holder(&root.get("licensor"), notes),
        keywords: root.get("keywords").word_list(notes),
        language: languages.iter().find_map(|field| field.language(notes)),
        stage: root.get("development-stage").line(notes, 100),
        parts: Vec::new(),
        based_on: lineage(&root.get("derivative-of"), notes),
    };
    Ok((version, vec![draft]))
}

/// Reads Open Know-How LOSH 1.0 and 2.x.
pub(crate) fn read_toml(root: &Field<'_>, notes: &mut Notes) -> Result<Read, ManifestError> {
    let version = root.get("okhv").line(notes, 40);
    let name = root.get("name").required_text()?;
    let story = root.get("function").text(notes, STORY_CHARS).unwrap_or_default();
    let holders = [
        root.get("licensor"),
        root.get("organization"),
        root.get("organisation"),
    ];
    let parts = root.get("part").items().take(MAX_PARTS);
    let draft = Draft {
        at: String::new(),
        name,
        summary: first_sentence(&story),
        story,
        licences: licences_of(&root.get("license"), LicenceKind::Whole, notes),
        homepage: None,
        repository: root.get("repo").url(notes),
        documentation: None,
        plans: Vec::new(),
        holder: holders.iter().find_map(|field| holder(field, notes)),
        keywords: Vec::new(),
        language: root.get("documentation-language").language(notes),
        stage: root.get("technology-readiness-level").line(notes, 100),
        parts: parts
            .filter_map(|part| part.get("name").line(notes, 100))
            .collect(),
        based_on: lineage(&root.get("fork-of"), notes),
    };
    Ok((version, vec![draft]))
}

/// 1.0 gives a licence for each of hardware, documentation and software; some files give one for all.
fn v1_licences(field: &Field<'_>, notes: &mut Notes) -> Vec<LicenceFound> {
    let Some(Node::Map(map)) = field.node() else {
        return licences_of(field, LicenceKind::Whole, notes);
    };
    let mut found = Vec::new();
    for (part, node) in map.entries() {
        let kind = match part {
            "hardware" => LicenceKind::Hardware,
            "documentation" => LicenceKind::Documentation,
            "software" => LicenceKind::Software,
            _ => {
                field
                    .get(part)
                    .note(notes, "a licence is for hardware, documentation or software");
                continue;
            }
        };
        if !node.is_empty() {
            found.extend(licences_of(&field.get(part), kind, notes));
        }
    }
    if map.entries().all(|(_, node)| node.is_empty()) {
        field.note(notes, "no licence is given");
    }
    found
}

/// A holder is a name, a set of fields with a name, or a list of either.
fn holder(field: &Field<'_>, notes: &mut Notes) -> Option<String> {
    let mut names = Vec::new();
    for place in field.one_or_more().into_iter().take(20) {
        let name = match place.node() {
            Some(Node::Map(_)) => place.get("name").line(notes, 250),
            Some(_) | None => place.line(notes, 250),
        };
        names.extend(
            name.map(|name| without_address(&name))
                .filter(|name| !name.is_empty()),
        );
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// What a thing was made from: an address, or a set of fields with one. A title alone is not noted.
fn lineage(field: &Field<'_>, notes: &mut Notes) -> Vec<String> {
    let places = field.one_or_more().into_iter().take(20);
    let address = |place: Field<'_>| match place.node() {
        Some(Node::Map(_)) => ["web", "manifest"]
            .iter()
            .find_map(|key| place.get(key).url(notes)),
        Some(_) | None => place.url(notes),
    };
    places.filter_map(address).collect()
}
