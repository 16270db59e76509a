//! Pages to write and read an update, and to follow a campaign.

mod following;
mod writing;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::ids::UpdateId;
use felag_frontend::campaigns::Update;
use felag_frontend::updates::UpdatePage;
use felag_frontend::{Here, markdown};

use super::store;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::{campaigns, projects, web};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/campaigns/{slug}/updates/new", get(writing::form))
        .route("/campaigns/{slug}/updates/preview", post(writing::preview))
        .route("/campaigns/{slug}/updates", post(writing::publish))
        .route("/campaigns/{slug}/updates/{id}", get(read))
        .route(
            "/campaigns/{slug}/follow",
            get(following::form).post(following::send),
        )
        .route(
            "/follows/{token}/confirmation",
            get(following::confirm).post(following::confirmed),
        )
}

/// The campaign, if this visitor may see it: drafts are their project's own.
async fn seen(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Campaign, Error> {
    let campaign = campaigns::store::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let is_member = match &visitor.person {
        Some(person) if !campaign.is_public() => {
            campaigns::store::is_member(&ctx.db, person.id, campaign.id).await?
        }
        _ => false,
    };
    if campaign.is_public() || is_member {
        Ok(campaign)
    } else {
        Err(Error::NotFound)
    }
}

async fn read(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let campaign = seen(&ctx, &visitor, &slug).await?;
    let id: UpdateId = id.parse().map_err(|_| Error::NotFound)?;
    let update = store::find(&ctx.db, id)
        .await?
        .filter(|update| update.campaign == campaign.id);
    let update = update.ok_or(Error::NotFound)?;
    let project = projects::store::find(&ctx.db, campaign.project_id)
        .await?
        .ok_or(Error::NotFound)?;
    let mut page = visitor.page(&ctx, update.title.clone(), Here::Elsewhere);
    page.description = format!("{}: {}", project.name, campaign.title);
    page.canonical = format!("{}/campaigns/{slug}/updates/{id}", ctx.config.public_url);
    web::page(&UpdatePage {
        page,
        slug,
        campaign: campaign.title,
        project: project.name,
        project_slug: project.slug,
        update: Update {
            id: update.id.to_string(),
            title: update.title,
            at: update.created_at,
            body: markdown::render(&update.body),
        },
    })
}
