//! The step of a draft that plans when its money leaves.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use felag_domain::payout::{Plan, TRANCHE_FIELDS};
use felag_domain::words::FieldRefusal;
use felag_frontend::Here;
use felag_frontend::campaign_edit;
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, FormPage, back_to_tasks};

use super::steps::versioned;
use crate::campaigns::store::Campaign;
use crate::campaigns::{access, plan};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new().route("/campaigns/{slug}/edit/payouts", get(show).post(save))
}

async fn show(State(ctx): State<Ctx>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    let plan = plan::read(&ctx.db, campaign.id).await?;
    page(&plan_page(
        &ctx,
        &visitor,
        &campaign,
        &stored(&campaign, &plan),
        &[],
    ))
}

async fn save(State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    match plan::save(&ctx, campaign.id, &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &campaign, &refusals);
            let shown = plan_page(&ctx, &visitor, &campaign, &fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn stored(campaign: &Campaign, plan: &Plan) -> Fields {
    let mut fields = Fields::from([("version", campaign.version.to_string())]);
    for (tranche, (percent, days)) in plan.tranches().iter().zip(TRANCHE_FIELDS) {
        fields.set(percent, tranche.percent.to_string());
        fields.set(days, tranche.days.to_string());
    }
    fields
}

fn plan_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t("step-payouts").to_string();
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let form = Form::new(
        &page,
        format!("/campaigns/{}/edit/payouts", campaign.slug),
        campaign_edit::plan(lang, &was, &refused),
        lang.t("wizard-save"),
    )
    .carrying("version", fields.get("version"));
    FormPage::new(page, lang.t("step-payouts-lead"), form, &refused).back(back_to_tasks(lang, &campaign.slug))
}
