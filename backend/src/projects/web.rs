//! Pages of a project's members: its public page's words, and who answers for its money.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use felag_domain::project::{TypedDetails, TypedHolder};
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, FormPage, Link};
use felag_frontend::{Here, project_edit};

use super::store::Project;
use super::{NotSaved, access};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/projects/{slug}/edit", get(edit).post(save))
        .route("/projects/{slug}/holder", get(holder).post(save_holder))
        .route("/projects/{slug}/audit", get(super::audit::show))
}

async fn edit(State(ctx): State<Ctx>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Error> {
    let (project, _) = access::editor(&ctx, &visitor, &slug).await?;
    page(&details_page(&ctx, &visitor, &project, &stored(&project), &[]))
}

async fn save(State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (project, _) = access::editor(&ctx, &visitor, &slug).await?;
    let version = fields.parse("version").unwrap_or(0);
    match super::save_details(&ctx, project.id, version, typed_details(&fields)).await {
        Ok(()) => Ok(see_other("/my/projects")),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &project, &refusals);
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &details_page(&ctx, &visitor, &project, &fields, &refusals),
            )
        }
    }
}

async fn holder(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let project = access::owner(&ctx, &visitor, &slug).await?;
    page(&holder_page(
        &ctx,
        &visitor,
        &project,
        &stored_holder(&project),
        &[],
    ))
}

async fn save_holder(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let project = access::owner(&ctx, &visitor, &slug).await?;
    let version = fields.parse("version").unwrap_or(0);
    match super::save_holder(&ctx, project.id, version, typed_holder(&fields)).await {
        Ok(()) => Ok(see_other("/my/projects")),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &project, &refusals);
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &holder_page(&ctx, &visitor, &project, &fields, &refusals),
            )
        }
    }
}

/// What was typed about a project's page.
pub fn typed_details(fields: &Fields) -> TypedDetails<'_> {
    TypedDetails {
        name: fields.get("name"),
        summary: fields.get("summary"),
        story: fields.get("story"),
        place: fields.get("place"),
        homepage: fields.get("homepage"),
        repository: fields.get("repository"),
        licences: fields.get("licences"),
        reply_to: fields.get("reply_to"),
    }
}

fn typed_holder(fields: &Fields) -> TypedHolder<'_> {
    TypedHolder {
        name: fields.get("holder_name"),
        form: fields.get("holder_form"),
        country: fields.get("holder_country"),
        address: fields.get("holder_address"),
        register: fields.get("holder_register"),
        tax_number: fields.get("holder_tax_number"),
        signatory: fields.get("holder_signatory"),
    }
}

/// After a clash the form carries the newest version: whoever saves it again has seen that.
fn versioned(mut fields: Fields, project: &Project, refusals: &[FieldRefusal]) -> Fields {
    if refusals.iter().any(|refusal| refusal.words.id == "project-stale") {
        fields.set("version", project.version.to_string());
    }
    fields
}

fn stored(project: &Project) -> Fields {
    Fields::from([
        ("name", project.name.clone()),
        ("summary", project.summary.clone()),
        ("story", project.story.clone()),
        ("place", project.place.clone()),
        ("homepage", project.homepage.clone().unwrap_or_default()),
        ("repository", project.repository.clone().unwrap_or_default()),
        ("licences", project.licences.join("\n")),
        ("reply_to", project.reply_to.clone()),
        ("version", project.version.to_string()),
    ])
}

fn stored_holder(project: &Project) -> Fields {
    let version = ("version", project.version.to_string());
    let Some(holder) = project.holder.clone() else {
        return Fields::from([version]);
    };
    Fields::from([
        ("holder_name", holder.name),
        ("holder_form", holder.form),
        ("holder_country", holder.country),
        ("holder_address", holder.address),
        ("holder_register", holder.register),
        ("holder_tax_number", holder.tax_number),
        ("holder_signatory", holder.signatory),
        version,
    ])
}

fn details_page(
    ctx: &Ctx,
    visitor: &Visitor,
    project: &Project,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t1("project-edit-title", "project", &project.name);
    let refused = Refused::new(lang, refusals);
    let parts = project_edit::details(lang, &|name| fields.get(name).to_string(), &refused);
    let form = Form::new(
        &page,
        format!("/projects/{}/edit", project.slug),
        parts,
        lang.t("project-edit-save"),
    )
    .carrying("version", fields.get("version"));
    FormPage::new(page, lang.t("project-edit-lead"), form, &refused)
        .back(Link::new("/my/projects", lang.t("project-edit-back")))
}

fn holder_page(
    ctx: &Ctx,
    visitor: &Visitor,
    project: &Project,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t1("holder-title", "project", &project.name);
    let refused = Refused::new(lang, refusals);
    let parts = project_edit::holder(lang, &|name| fields.get(name).to_string(), &refused);
    let form = Form::new(
        &page,
        format!("/projects/{}/holder", project.slug),
        parts,
        lang.t("project-edit-save"),
    )
    .carrying("version", fields.get("version"));
    FormPage::new(page, lang.t("holder-lead"), form, &refused)
        .back(Link::new("/my/projects", lang.t("project-edit-back")))
}
