//! Writing an update: the form, its preview, and publishing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::Role;
use felag_domain::update::NewUpdate;
use felag_frontend::form::{Hidden, Refused};
use felag_frontend::updates::{Preview, UpdateForm, WriteUpdatePage};
use felag_frontend::{Here, Lang, markdown};
use uuid::Uuid;

use super::seen;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Posted, Visitor};
use crate::projects::store::Project;
use crate::web::fields::Fields;
use crate::{campaigns, projects, updates, web};

/// Somebody who may write updates of a campaign: its project's owners and editors.
struct Author {
    person: Person,
    campaign: Campaign,
    project: Project,
}

async fn author(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Author, Error> {
    let person = visitor.person()?.clone();
    let campaign = seen(ctx, visitor, slug).await?;
    let roles = projects::store::roles(&ctx.db, campaign.project_id, person.id).await?;
    if !roles
        .iter()
        .any(|role| matches!(role, Role::Owner | Role::Editor))
    {
        return Err(Error::Forbidden);
    }
    if !campaign.is_public() {
        return Err(Error::Refused(Lang::En.t("update-not-yet").to_string()));
    }
    let project = projects::store::find(&ctx.db, campaign.project_id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Author {
        person,
        campaign,
        project,
    })
}

/// The page with what was typed. The key is made with the first form and kept, so that one form is one
/// update.
fn write_page(ctx: &Ctx, visitor: &Visitor, campaign: &Campaign, typed: &Fields) -> WriteUpdatePage {
    let key = typed.parse::<Uuid>("request_key").unwrap_or_else(|| ctx.id());
    WriteUpdatePage {
        page: visitor.page(ctx, Lang::En.t("update-write"), Here::Projects),
        slug: campaign.slug.clone(),
        campaign: campaign.title.clone(),
        form: UpdateForm::new(Lang::En, typed.get("title"), typed.get("body"), &Refused::none()),
        preview: None,
        carried: Hidden {
            pairs: vec![("request_key", key.to_string())],
        },
    }
}

pub async fn form(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let author = author(&ctx, &visitor, &slug).await?;
    web::page(&write_page(&ctx, &visitor, &author.campaign, &Fields::default()))
}

pub async fn preview(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let author = author(&ctx, &posted.visitor, &slug).await?;
    let mut page = write_page(&ctx, &posted.visitor, &author.campaign, &posted.fields);
    let new = match NewUpdate::decide(posted.fields.get("title"), posted.fields.get("body")) {
        Ok(new) => new,
        Err(refusals) => return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page.refused(&refusals)),
    };
    let total = campaigns::store::total(&ctx.db, &author.campaign).await?;
    let mut carried = page.carried.clone();
    carried.pairs.extend([
        ("title", new.title().to_string()),
        ("body", new.body().to_string()),
    ]);
    page.preview = Some(Preview {
        title: new.title().to_string(),
        body: markdown::render(new.body()),
        backers: u64::try_from(total.backers).unwrap_or(0),
        carried,
    });
    web::page(&page)
}

pub async fn publish(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let author = author(&ctx, &posted.visitor, &slug).await?;
    let key: Uuid = posted.fields.parse("request_key").ok_or(Error::BadRequest)?;
    let new = match NewUpdate::decide(posted.fields.get("title"), posted.fields.get("body")) {
        Ok(new) => new,
        Err(refusals) => {
            let page = write_page(&ctx, &posted.visitor, &author.campaign, &posted.fields).refused(&refusals);
            return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let of = (&author.campaign, &author.project);
    let id = updates::publish(&ctx, of, author.person.id, &new, key).await?;
    Ok(web::see_other(&format!("/campaigns/{slug}/updates/{id}")))
}
