//! A campaign's payouts: what is held, what may leave now, the plan, and asking.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::money::Money;
use felag_domain::payout::{PayoutSource, Plan, Voice};
use felag_domain::words::{FieldRefusal, Refusal};
use felag_frontend::Here;
use felag_frontend::form::Refused;
use felag_frontend::format::typed;
use felag_frontend::payouts::{self as pages, Line, PayoutsPage, Planned, account_word};
use felag_frontend::wizard::{Form, Link};
use uuid::Uuid;

use super::{Access, access};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payouts::{Facts, facts, store};
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::{self, NotSaved};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &visitor, &slug).await?;
    page(&payouts_page(&ctx, &visitor, &campaign, may, &Fields::default(), &[]).await?)
}

pub async fn ask(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &posted.visitor, &slug).await?;
    if may.voice != Some(Voice::Project) {
        return Err(Error::Forbidden);
    }
    let asked = may.asked(&posted.person)?;
    let request: Uuid = posted.fields.parse("request").ok_or(Error::BadRequest)?;
    match crate::payouts::ask(&ctx, campaign.id, asked, posted.fields.get("amount"), request).await {
        Ok(number) => Ok(see_other(&format!("/campaigns/{slug}/payouts/{number}"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown =
                payouts_page(&ctx, &posted.visitor, &campaign, may, &posted.fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn payouts_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    may: Access,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<PayoutsPage, Error> {
    let mut conn = ctx.db.acquire().await?;
    let facts = facts(&mut conn, ctx, campaign, PayoutSource::Gifts).await?;
    let payouts = store::of_campaign(&mut *conn, campaign.id).await?;
    let project = projects::store::find(&mut *conn, campaign.project_id).await?;
    let project = project.ok_or(Error::NotFound)?;
    let taken = Money::from_minor(
        store::taken(&mut conn, campaign.id, PayoutSource::Gifts).await?,
        campaign.currency,
    );
    drop(conn);
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = page.t1("payouts-title", "campaign", &campaign.title);
    let refused = Refused::new(lang, refusals);
    let is_free = !payouts.iter().any(|payout| payout.state.is_under_way());
    let may_ask = may.voice == Some(Voice::Project) && facts.released.is_positive();
    let offers = may_ask && is_free && facts.frozen.is_empty();
    let ask = offers.then(|| ask_form(ctx, &page, campaign, &facts, fields, &refused));
    page.errors = match &ask {
        Some(form) => form.errors(&refused),
        None => refused.beyond(&[]),
    };
    let state = facts.account.as_ref().map(|account| account.state);
    Ok(PayoutsPage {
        slug: campaign.slug.clone(),
        title: campaign.title.clone(),
        plan: planned(&facts, taken)?,
        frozen: facts
            .frozen
            .iter()
            .map(|reason| lang.words(&reason.words()))
            .collect(),
        owed: facts.owed_in_all(),
        held: facts.held,
        released: facts.released,
        payouts: payouts
            .iter()
            .map(|payout| Line {
                number: payout.number,
                state: payout.state,
                amount: payout.amount(),
                at: payout.created_at,
            })
            .collect(),
        account: Link::new(
            format!("/projects/{}/payout-account", project.slug),
            lang.t(account_word(state)),
        ),
        ask,
        page,
    })
}

fn ask_form(
    ctx: &Ctx,
    page: &felag_frontend::Page,
    campaign: &Campaign,
    facts: &Facts,
    fields: &Fields,
    refused: &Refused,
) -> Form {
    let lang = page.lang;
    let was = |name: &str| match fields.has(name) {
        true => fields.get(name).to_string(),
        false => typed(&facts.released),
    };
    let request = match fields.parse::<Uuid>("request") {
        Some(request) => request,
        None => ctx.id(),
    };
    Form::new(
        page,
        format!("/campaigns/{}/payouts", campaign.slug),
        pages::ask(lang, campaign.currency, facts.released, &was, refused),
        lang.t("payout-ask"),
    )
    .carrying("request", request)
}

/// The plan, with days and amounts once collection has ended.
fn planned(facts: &Facts, taken: Money) -> Result<Vec<Planned>, Error> {
    let total = facts.held.checked_add(taken).map_err(anyhow::Error::from)?;
    let parts = facts.plan.parts(total);
    let tranches = facts.plan.tranches().iter().zip(parts);
    Ok(tranches
        .map(|(tranche, part)| Planned {
            percent: tranche.percent,
            days: tranche.days,
            due: facts.collected_at.map(|ended| Plan::due_at(*tranche, ended)),
            amount: facts.collected_at.map(|_| part),
        })
        .collect())
}
