//! `funding.json` 1.0 and 1.1 (schemas at fundingjson.org/schema). The two differ in one thing: in 1.0
//! `version` is the schema's version and must be there, in 1.1 it is the version of the content and may
//! be missing. Files of both kinds write `v1.0.0` in it, so that the word cannot tell which it is; it
//! is kept as it stands and decides nothing.
//!
//! Payment channels are not read: an address in a file proves nothing about who may be paid.

use felag_domain::currency::Currency;

use crate::amount::minor_units;
use crate::error::ManifestError;
use crate::field::{Field, Notes};
use crate::licences::licences_of;
use crate::text::{STORY_CHARS, first_sentence, without_address};
use crate::tree::Node;
use crate::{Draft, LicenceKind, Plan};

/// The format's own limit on projects, and more plans than its limit of ten.
const MAX_PROJECTS: usize = 30;
const MAX_PLANS: usize = 50;

/// What is the same for every project of a file.
struct Shared {
    plans: Vec<Plan>,
    holder: Option<String>,
}

pub(crate) fn read(
    root: &Field<'_>,
    notes: &mut Notes,
) -> Result<(Option<String>, Vec<Draft>), ManifestError> {
    let version = root.get("version").line(notes, 40);
    let entity = root.get("entity");
    let projects: Vec<_> = root.get("projects").items().collect();
    let holder = entity
        .get("name")
        .line(notes, 250)
        .map(|name| without_address(&name));
    let mut shared = Shared {
        plans: Vec::new(),
        holder: holder.filter(|name| !name.is_empty()),
    };
    let mut drafts = Vec::new();
    if projects.is_empty() {
        // 1.1 does not ask for projects: then the entity itself is what is to be funded.
        drafts.push(draft(&entity, &shared, notes)?);
    }
    for (at, project) in projects.iter().enumerate() {
        if at < MAX_PROJECTS {
            drafts.push(draft(project, &shared, notes)?);
        } else {
            project.note(notes, "only the first 30 projects of a file are read");
        }
    }
    for (at, place) in root.get("funding").get("plans").items().enumerate() {
        if at < MAX_PLANS {
            shared.plans.extend(plan(&place, notes));
        } else {
            place.note(notes, "only the first 50 plans of a file are read");
        }
    }
    for draft in &mut drafts {
        draft.plans.clone_from(&shared.plans);
    }
    Ok((version, drafts))
}

fn draft(project: &Field<'_>, shared: &Shared, notes: &mut Notes) -> Result<Draft, ManifestError> {
    let name = project.get("name").required_text()?;
    let story = project
        .get("description")
        .text(notes, STORY_CHARS)
        .unwrap_or_default();
    Ok(Draft {
        at: project.path().to_owned(),
        name,
        summary: first_sentence(&story),
        licences: licences_of(&project.get("licenses"), LicenceKind::Whole, notes),
        homepage: address(&project.get("webpageUrl"), notes),
        repository: address(&project.get("repositoryUrl"), notes),
        documentation: None,
        plans: Vec::new(),
        holder: shared.holder.clone(),
        keywords: project.get("tags").word_list(notes),
        language: None,
        stage: None,
        parts: Vec::new(),
        based_on: Vec::new(),
        story,
    })
}

/// An address stands in an object, `{"url": …}`; some files write it without.
fn address(field: &Field<'_>, notes: &mut Notes) -> Option<String> {
    match field.node() {
        Some(Node::Map(_)) => field.get("url").url(notes),
        Some(_) | None => field.url(notes),
    }
}

fn plan(place: &Field<'_>, notes: &mut Notes) -> Option<Plan> {
    if !matches!(place.node(), Some(Node::Map(_))) {
        place.note(
            notes,
            "a plan is a set of fields: name, amount, currency, frequency",
        );
        return None;
    }
    let name = asked_for(&place.get("name"), notes);
    let currency = currency(&place.get("currency"), notes);
    Some(Plan {
        guid: place.get("guid").line(notes, 100),
        name,
        description: place.get("description").text(notes, 2_000),
        amount_minor: amount(&place.get("amount"), currency, notes),
        currency: currency.map(|currency| currency.code().to_owned()),
        frequency: asked_for(&place.get("frequency"), notes),
        status: place.get("status").line(notes, 40),
    })
}

/// A text every plan should have.
fn asked_for(field: &Field<'_>, notes: &mut Notes) -> Option<String> {
    let line = field.line(notes, 250);
    if field.is_empty() {
        field.note(notes, "this is missing");
    }
    line
}

fn currency(field: &Field<'_>, notes: &mut Notes) -> Option<Currency> {
    let code = asked_for(field, notes)?;
    let currency = code.parse().ok();
    if currency.is_none() {
        field.note(notes, "this is not the ISO 4217 code of a currency, such as EUR");
    }
    currency
}

fn amount(field: &Field<'_>, currency: Option<Currency>, notes: &mut Notes) -> Option<i64> {
    let read = match (field.node(), currency) {
        (None | Some(Node::Null), _) => Err("this is missing"),
        (Some(Node::Number(digits)), Some(currency)) => minor_units(digits, currency),
        (Some(Node::Number(_)), None) => Err("the currency of this amount could not be read"),
        (Some(Node::Bool(_) | Node::Text(_) | Node::List(_) | Node::Map(_)), _) => {
            Err("an amount must be a number, without quotes and without a sign")
        }
    };
    match read {
        Ok(minor) => Some(minor),
        Err(why) => {
            field.note(notes, why);
            None
        }
    }
}
