//! The steps of a draft that are one form each: the basics, and story and risks.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use felag_domain::money::Money;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::format::typed;
use felag_frontend::wizard::{Form, FormPage, back_to_tasks};
use felag_frontend::{Here, campaign_edit, markdown};

use crate::campaigns::store::{Campaign, Texts};
use crate::campaigns::{access, draft, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/campaigns/{slug}/edit/basics", get(basics).post(save_basics))
        .route("/campaigns/{slug}/edit/story", get(story).post(save_story))
}

async fn basics(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    page(&basics_page(
        &ctx,
        &visitor,
        &campaign,
        &stored_basics(&campaign),
        &[],
    ))
}

async fn save_basics(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    match draft::save_basics(&ctx, campaign.id, campaign_edit::TIME_ZONES, &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit/story"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &campaign, &refusals);
            let shown = basics_page(&ctx, &visitor, &campaign, &fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn story(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    let Texts { story, risks } = store::texts(&ctx.db, campaign.id).await?;
    let fields = Fields::from([
        ("story", story),
        ("risks", risks),
        ("version", campaign.version.to_string()),
    ]);
    page(&story_page(&ctx, &visitor, &campaign, &fields, &[]))
}

async fn save_story(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    if fields.is_ticked("preview") {
        let mut shown = story_page(&ctx, &visitor, &campaign, &fields, &[]);
        for (name, words) in [("story", "campaign-story-title"), ("risks", "campaign-risks")] {
            shown.previews.push((
                shown.page.t(words).to_string(),
                markdown::render(fields.get(name)),
            ));
        }
        return page(&shown);
    }
    match draft::save_texts(&ctx, campaign.id, &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit/budget"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &campaign, &refusals);
            let shown = story_page(&ctx, &visitor, &campaign, &fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// After a clash the form carries the newest version: whoever saves it again has seen that.
pub fn versioned(mut fields: Fields, campaign: &Campaign, refusals: &[FieldRefusal]) -> Fields {
    if refusals.iter().any(|refusal| refusal.words.id == "edit-stale") {
        fields.set("version", campaign.version.to_string());
    }
    fields
}

fn stored_basics(campaign: &Campaign) -> Fields {
    let said = |amount: &Money| {
        if amount.is_zero() {
            String::new()
        } else {
            typed(amount)
        }
    };
    Fields::from([
        ("title", campaign.title.clone()),
        ("summary", campaign.summary.clone()),
        ("currency", campaign.currency.code().to_string()),
        ("minimum", said(&campaign.minimum)),
        ("full_plan", said(&campaign.full_plan)),
        ("duration_days", campaign.duration_days.to_string()),
        ("time_zone", campaign.time_zone.clone()),
        ("way", campaign.way.to_string()),
        (
            "if_short",
            campaign
                .if_short
                .percent()
                .map_or("unwind".into(), |percent| percent.to_string()),
        ),
        ("version", campaign.version.to_string()),
    ])
}

fn basics_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t("step-basics").to_string();
    let refused = Refused::new(lang, refusals);
    let parts = campaign_edit::basics(lang, &|name| fields.get(name).to_string(), &refused);
    let action = format!("/campaigns/{}/edit/basics", campaign.slug);
    let form =
        Form::new(&page, action, parts, lang.t("wizard-save")).carrying("version", fields.get("version"));
    FormPage::new(page, lang.t("step-basics-lead"), form, &refused).back(back_to_tasks(lang, &campaign.slug))
}

fn story_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t("step-story").to_string();
    let refused = Refused::new(lang, refusals);
    let parts = campaign_edit::story(lang, &|name| fields.get(name).to_string(), &refused);
    let action = format!("/campaigns/{}/edit/story", campaign.slug);
    let mut form =
        Form::new(&page, action, parts, lang.t("wizard-save")).carrying("version", fields.get("version"));
    form.preview = Some(lang.t("wizard-preview").to_string());
    FormPage::new(page, lang.t("step-story-lead"), form, &refused).back(back_to_tasks(lang, &campaign.slug))
}
