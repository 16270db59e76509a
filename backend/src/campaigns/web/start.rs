//! Starting a project: with its name, or from its own manifest.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::money::Money;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::{ErrorLine, Refused};
use felag_frontend::format::typed;
use felag_frontend::project_edit::{
    ChoosePage, ImportedPage, StartPage, UnreadLine, details, manifest, new_project,
};
use felag_frontend::wizard::{Form, Part};
use felag_frontend::{Here, Lang};
use felag_manifest::{Draft, Manifest, ManifestError};

use super::upload::{UPLOAD_MAX, Uploaded};
use crate::campaigns::import::{self, Ask, Imported};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Posted, Visitor};
use crate::projects::web::typed_details;
use crate::projects::{self, NotSaved};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/start", get(start))
        .route("/projects", post(create))
        .route(
            "/projects/import",
            post(read).layer(DefaultBodyLimit::max(UPLOAD_MAX)),
        )
        .route("/projects/import/confirmation", post(confirm))
}

/// Somebody who may start a project: their address is their own.
fn starter(visitor: &Visitor) -> Result<&Person, Error> {
    let person = visitor.person()?;
    if person.email_is_confirmed {
        Ok(person)
    } else {
        Err(Error::Forbidden)
    }
}

async fn start(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    page(&start_page(&ctx, &visitor, &Fields::default(), &[], None))
}

async fn create(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = starter(&visitor)?.clone();
    let mut tx = ctx.db.begin().await?;
    let typed = felag_domain::project::TypedDetails {
        reply_to: &person.email,
        ..only_new(&fields)
    };
    match projects::start(&mut tx, &ctx, person.id, typed).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other("/my/projects"))
        }
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = start_page(&ctx, &visitor, &fields, &refusals, None);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn only_new(fields: &Fields) -> felag_domain::project::TypedDetails<'_> {
    felag_domain::project::TypedDetails {
        name: fields.get("name"),
        summary: fields.get("summary"),
        ..Default::default()
    }
}

/// The page to start on. `manifest_error` stands on top and beside the file.
fn start_page(
    ctx: &Ctx,
    visitor: &Visitor,
    fields: &Fields,
    refusals: &[FieldRefusal],
    manifest_error: Option<String>,
) -> StartPage {
    let mut page = visitor.page(ctx, Lang::En.t("start-title"), Here::Start);
    let lang = page.lang;
    let refused = Refused::new(lang, refusals);
    let by_hand = new_project(lang, &|name| fields.get(name).to_string(), &refused);
    let mut file = manifest(lang, fields.get("manifest"), &refused);
    if let (Some(error), Some(Part::Field(field))) = (&manifest_error, file.first_mut()) {
        field.error = Some(error.clone());
    }
    let by_hand = Form::new(&page, "/projects", by_hand, lang.t("start-send"));
    let mut from_file = Form::new(&page, "/projects/import", file, lang.t("start-read"));
    from_file.upload = true;
    page.errors = match manifest_error {
        Some(text) => vec![ErrorLine {
            target: "file".into(),
            text,
        }],
        None => by_hand.errors(&refused),
    };
    let person = visitor.person.as_ref();
    StartPage {
        page,
        may_start: person.is_some_and(|person| person.email_is_confirmed),
        signed_in: person.is_some(),
        by_hand,
        from_file,
    }
}

async fn read(State(ctx): State<Ctx>, uploaded: Uploaded) -> Result<Response, Error> {
    let Uploaded {
        visitor,
        fields,
        file,
    } = uploaded;
    starter(&visitor)?;
    let (name, bytes) = match &file {
        Some(file) => (file.name.as_str(), &file.bytes[..]),
        None => (fields.get("file_name"), fields.get("manifest").as_bytes()),
    };
    let read = match bytes.trim_ascii() {
        [] => Err(Lang::En.t("import-nothing").to_string()),
        _ => felag_manifest::read_bytes(Some(name).filter(|name| !name.is_empty()), bytes).map_err(in_words),
    };
    let manifest = match read {
        Ok(manifest) => manifest,
        Err(words) => {
            let shown = start_page(&ctx, &visitor, &fields, &[], Some(words));
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
    };
    let which = fields
        .parse::<usize>("which")
        .or((manifest.drafts.len() == 1).then_some(0));
    let Some(which) = which else {
        let frame = visitor.page(&ctx, Lang::En.t("choose-title"), Here::Start);
        let names = manifest.drafts.iter().map(|draft| draft.name.clone()).collect();
        let text = String::from_utf8_lossy(bytes).into_owned();
        return page(&ChoosePage {
            page: frame,
            names,
            manifest: text,
            file_name: name.to_string(),
        });
    };
    let draft = manifest.drafts.get(which).ok_or(Error::BadRequest)?;
    let fields = carried(&manifest, which, &import::fit(draft));
    page(&imported_page(
        &ctx,
        &visitor,
        &fields,
        &[],
        Some((&manifest, draft)),
    ))
}

fn in_words(refused: ManifestError) -> String {
    match refused {
        ManifestError::TooLarge { .. } => Lang::En.t("import-too-large").to_string(),
        refused => Lang::En.t1("import-refused", "reason", refused.to_string()),
    }
}

/// What the form of the review carries.
fn carried(manifest: &Manifest, which: usize, new: &Imported) -> Fields {
    let mut fields = Fields::from([
        ("name", new.name.clone()),
        ("summary", new.summary.clone()),
        ("story", new.story.clone()),
        ("homepage", new.homepage.clone()),
        ("repository", new.repository.clone()),
        ("licences", new.licences.clone()),
        ("kind", manifest.kind.to_string()),
        ("which", which.to_string()),
    ]);
    if let Some(ask) = &new.ask {
        fields.set("ask_title", ask.title.clone());
        fields.set("ask_currency", ask.amount.currency().code());
        fields.set("ask_amount", typed(&ask.amount));
    }
    fields
}

/// The review: what was read can be changed; what could not be read, or is not kept, stands beside it.
fn imported_page(
    ctx: &Ctx,
    visitor: &Visitor,
    fields: &Fields,
    refusals: &[FieldRefusal],
    read: Option<(&Manifest, &Draft)>,
) -> ImportedPage {
    let mut page = visitor.page(ctx, Lang::En.t("imported-title"), Here::Start);
    let lang = page.lang;
    let refused = Refused::new(lang, refusals);
    let parts = details(lang, &|name| fields.get(name).to_string(), &refused);
    // Where it is, and where answers go, is not in a manifest.
    let kept = |part: &Part| {
        !matches!(part,
        Part::Field(field) if field.name == "place" || field.name == "reply_to")
    };
    let parts = parts.into_iter().filter(kept).collect();
    let mut form = Form::new(
        &page,
        "/projects/import/confirmation",
        parts,
        lang.t("imported-send"),
    );
    for name in ["kind", "ask_title", "ask_currency", "ask_amount"] {
        form = form.carrying(name, fields.get(name));
    }
    page.errors = form.errors(&refused);
    let ask = Ask::read(
        fields.get("ask_title"),
        fields.get("ask_currency"),
        fields.get("ask_amount"),
    );
    let mut shown = facts(lang, read.map(|(_, draft)| draft));
    if let Some(ask) = ask {
        let words = format!(
            "{} {}: {}",
            lang.money(ask.amount),
            ask.title,
            lang.t("imported-ask-hint")
        );
        shown.insert(0, (lang.t("imported-ask").to_string(), words));
    }
    let unread = read
        .map(|(manifest, draft)| unread(manifest, draft))
        .unwrap_or_default();
    ImportedPage {
        page,
        kind: fields.get("kind").to_string(),
        form,
        facts: shown,
        unread,
    }
}

/// What could not be read of this project, and of what all projects of the file share.
fn unread(manifest: &Manifest, draft: &Draft) -> Vec<UnreadLine> {
    let own = format!("{}.", draft.at);
    let concerns = |field: &str| !field.starts_with("projects[") || field.starts_with(&own);
    let lines = manifest.unread.iter().filter(|line| concerns(&line.field));
    lines
        .map(|line| UnreadLine {
            field: line.field.clone(),
            value: line.value.clone(),
            why: line.why.clone(),
        })
        .collect()
}

fn facts(lang: Lang, draft: Option<&Draft>) -> Vec<(String, String)> {
    let Some(draft) = draft else { return Vec::new() };
    let mut facts = Vec::new();
    let mut note = |label: &str, words: String| {
        if !words.is_empty() {
            facts.push((label.to_string(), words));
        }
    };
    for found in draft
        .licences
        .iter()
        .filter(|found| found.written != found.expression)
    {
        note(
            lang.t("imported-licence"),
            format!("{} → {}", found.written, found.expression),
        );
    }
    for plan in &draft.plans {
        note(lang.t("imported-plan"), plan_words(lang, plan));
    }
    if let Some(holder) = &draft.holder {
        note(
            lang.t("imported-holder"),
            format!("{holder}. {}", lang.t("imported-holder-hint")),
        );
    }
    note(
        lang.t("imported-documentation"),
        draft.documentation.clone().unwrap_or_default(),
    );
    note(lang.t("imported-keywords"), draft.keywords.join(", "));
    note(lang.t("imported-stage"), draft.stage.clone().unwrap_or_default());
    note(lang.t("imported-based-on"), draft.based_on.join(", "));
    note(lang.t("imported-parts"), draft.parts.join(", "));
    facts
}

fn plan_words(lang: Lang, plan: &felag_manifest::Plan) -> String {
    let currency = plan.currency.as_deref().and_then(|code| code.parse().ok());
    let amount = match (plan.amount_minor, currency) {
        _ if plan.any_amount() => Some(lang.t("imported-plan-any").to_string()),
        (Some(minor), Some(currency)) => Some(lang.money(Money::from_minor(minor, currency))),
        (_, _) => None,
    };
    let words = [
        plan.name.clone(),
        amount,
        plan.frequency.clone(),
        plan.description.clone(),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

async fn confirm(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = starter(&visitor)?.clone();
    let was = typed_details(&fields);
    let new = Imported {
        name: was.name.to_string(),
        summary: was.summary.to_string(),
        story: was.story.to_string(),
        homepage: was.homepage.to_string(),
        repository: was.repository.to_string(),
        licences: was.licences.to_string(),
        ask: Ask::read(
            fields.get("ask_title"),
            fields.get("ask_currency"),
            fields.get("ask_amount"),
        ),
    };
    match import::create_from(&ctx, person.id, &new).await {
        Ok(created) => Ok(see_other(&format!("/campaigns/{}/edit", created.campaign))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = imported_page(&ctx, &visitor, &fields, &refusals, None);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
