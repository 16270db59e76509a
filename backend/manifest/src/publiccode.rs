//! `publiccode.yml`, all versions (docs/standard/schema.core.rst of the standard): old ones have more
//! fields, none that a draft needs and new ones do not have.

use crate::error::ManifestError;
use crate::field::{Field, Notes};
use crate::licences::licences_of;
use crate::text::{
    STORY_CHARS, SUMMARY_CHARS, clean_line, first_sentence, language_tag, shortened, without_address,
};
use crate::tree::Node;
use crate::{Draft, LicenceKind};

pub(crate) fn read(
    root: &Field<'_>,
    notes: &mut Notes,
) -> Result<(Option<String>, Vec<Draft>), ManifestError> {
    let version = root.get("publiccodeYmlVersion").line(notes, 40);
    let (language, description) = description(root, notes);
    let name = match &description {
        Some(text) if root.get("name").is_empty() => text.get("localisedName").line(notes, 250),
        Some(_) | None => None,
    };
    let name = name.map_or_else(|| root.get("name").required_text(), Ok)?;
    let (summary, story) = description
        .as_ref()
        .map(|text| words(text, notes))
        .unwrap_or_default();
    let holder = [
        root.get("legal").get("mainCopyrightOwner"),
        root.get("organisation").get("name"),
    ];
    let holder = holder
        .iter()
        .find_map(|field| field.line(notes, 250))
        .map(|name| without_address(&name));
    let draft = Draft {
        at: String::new(),
        name,
        summary,
        story,
        licences: licences_of(&root.get("legal").get("license"), LicenceKind::Software, notes),
        homepage: root.get("landingURL").url(notes),
        repository: root.get("url").url(notes),
        documentation: description.and_then(|text| text.get("documentation").url(notes)),
        plans: Vec::new(),
        holder: holder.filter(|name| !name.is_empty()),
        keywords: root.get("categories").word_list(notes),
        language,
        stage: root.get("developmentStatus").line(notes, 100),
        parts: Vec::new(),
        based_on: root
            .get("isBasedOn")
            .one_or_more()
            .iter()
            .take(20)
            .filter_map(|f| f.url(notes))
            .collect(),
    };
    Ok((version, vec![draft]))
}

/// The description in English, or else in the first language of the file.
fn description<'n>(root: &Field<'n>, notes: &mut Notes) -> (Option<String>, Option<Field<'n>>) {
    let descriptions = root.get("description");
    let Some(Node::Map(map)) = descriptions.node() else {
        if !descriptions.is_empty() {
            descriptions.note(notes, "the description belongs under a language, such as en");
        }
        return (None, None);
    };
    let tags = || map.entries().map(|(tag, _)| tag);
    let english = tags().find(|&tag| language_tag(tag).is_some_and(|t| t == "en" || t.starts_with("en-")));
    let Some(tag) = english.or_else(|| tags().next()) else {
        return (None, None);
    };
    (language_tag(tag), Some(descriptions.get(tag)))
}

/// Summary and story of a description: the long one, or the short one where there is no other, then
/// the features as a list. Some files write a text where the fields of a description belong.
fn words(description: &Field<'_>, notes: &mut Notes) -> (String, String) {
    if !matches!(description.node(), Some(Node::Map(_))) {
        let story = description.text(notes, STORY_CHARS).unwrap_or_default();
        return (first_sentence(&story), story);
    }
    let short = description.get("shortDescription").text(notes, STORY_CHARS);
    let mut story = description.get("longDescription").text(notes, STORY_CHARS);
    if story.is_none() {
        story.clone_from(&short);
    }
    let mut story = story.unwrap_or_default();
    let summary = short.map_or_else(
        || first_sentence(&story),
        |s| shortened(&clean_line(&s), SUMMARY_CHARS),
    );
    let features = description.get("features").word_list(notes);
    if !features.is_empty() {
        let list: Vec<_> = features.iter().map(|feature| format!("- {feature}")).collect();
        story = shortened(
            format!("{story}\n\n{}", list.join("\n")).trim_start(),
            STORY_CHARS,
        );
    }
    (summary, story)
}
