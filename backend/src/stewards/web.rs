//! The steward's queue, and the review of one campaign.

mod checklist;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::campaign::CampaignState;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::Refused;
use felag_frontend::reviews::{self, Decided, QueuePage, ReviewPage};
use felag_frontend::wizard::Form;
use felag_frontend::{Here, Lang, Notice, Tone};
use serde::Deserialize;
use time::OffsetDateTime;

use super::store;
use crate::campaigns::draft::read_day;
use crate::campaigns::store::Campaign;
use crate::campaigns::{self, lifecycle, ready};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Steward};
use crate::projects::{NotSaved, Say};
use crate::reconciliation;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/reviews", get(queue))
        .route("/reviews/{slug}", get(review))
        .route("/reviews/{slug}/approval", post(approve))
        .route("/reviews/{slug}/changes", post(ask_changes))
        .route("/reviews/{slug}/exception", post(except))
        .merge(super::audit::routes())
        .merge(super::factors::routes())
}

/// What was just done, said on the queue.
#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

async fn queue(
    State(ctx): State<Ctx>,
    steward: Steward,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let mut frame = steward
        .visitor
        .page(&ctx, Lang::En.t("reviews-title"), Here::Reviews);
    let notice = match query.done.as_deref() {
        Some("approved") => Some(frame.t("review-notice-approved")),
        Some("changes") => Some(frame.t("review-notice-changes")),
        _ => None,
    };
    frame.notice = notice.map(|text| Notice {
        tone: Tone::Done,
        text: text.to_string(),
    });
    if reconciliation::is_late(&ctx.db, ctx.now()).await?.is_some() {
        frame.notice = Some(Notice {
            tone: Tone::Late,
            text: frame.t("reviews-not-compared").to_string(),
        });
    }
    let waiting = store::queue(&ctx.db).await?;
    page(&QueuePage { page: frame, waiting })
}

async fn review(
    State(ctx): State<Ctx>,
    steward: Steward,
    Path(slug): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let campaign = find(&ctx, &slug).await?;
    let mut shown = review_page(&ctx, &steward, &campaign, &Fields::default(), &[]).await?;
    if query.done.as_deref() == Some("exception") {
        let text = shown.page.t("review-notice-exception").to_string();
        shown.page.notice = Some(Notice {
            tone: Tone::Done,
            text,
        });
    }
    page(&shown)
}

async fn find(ctx: &Ctx, slug: &str) -> Result<Campaign, Error> {
    campaigns::store::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)
}

/// A form posted by a steward.
fn posted_by_steward(posted: Posted) -> Result<(Steward, Fields), Error> {
    let Posted { visitor, fields } = posted;
    let person = visitor.person()?.clone();
    if !person.is_steward {
        return Err(Error::Forbidden);
    }
    Ok((Steward { person, visitor }, fields))
}

async fn approve(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (steward, fields) = posted_by_steward(posted)?;
    let campaign = find(&ctx, &slug).await?;
    let done = match opening(&ctx, &campaign, fields.get("opens_at")) {
        Ok(opens) => lifecycle::approve(&ctx, campaign.id, steward.person.id, opens).await,
        Err(refused) => Err(refused),
    };
    answer(&ctx, &steward, &campaign, &fields, done, "/reviews?done=approved").await
}

/// When the campaign opens: now, or in the morning of a day within reach.
fn opening(ctx: &Ctx, campaign: &Campaign, typed: &str) -> Result<OffsetDateTime, NotSaved> {
    let now = ctx.now();
    if typed.trim().is_empty() {
        return Ok(now);
    }
    let at = read_day(typed).and_then(|day| lifecycle::morning(day, &campaign.time_zone));
    let at = at.filter(|at| *at > now && *at <= now + lifecycle::OPENS_WITHIN);
    let mut refusals = Refusals::new();
    refusals
        .keep("opens_at", at.ok_or(Say("review-opens-unreadable")))
        .ok_or_else(|| NotSaved::Refused(refusals.into_vec()))
}

async fn ask_changes(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (steward, fields) = posted_by_steward(posted)?;
    let campaign = find(&ctx, &slug).await?;
    let done = lifecycle::ask_changes(&ctx, campaign.id, steward.person.id, fields.get("words")).await;
    answer(&ctx, &steward, &campaign, &fields, done, "/reviews?done=changes").await
}

async fn except(State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted) -> Result<Response, Error> {
    let (steward, fields) = posted_by_steward(posted)?;
    let campaign = find(&ctx, &slug).await?;
    let done = lifecycle::except(&ctx, campaign.id, steward.person.id, fields.get("reason")).await;
    answer(
        &ctx,
        &steward,
        &campaign,
        &fields,
        done,
        &format!("/reviews/{slug}?done=exception"),
    )
    .await
}

/// On to the next page, or the review again with what was typed.
async fn answer(
    ctx: &Ctx,
    steward: &Steward,
    campaign: &Campaign,
    fields: &Fields,
    done: Result<(), NotSaved>,
    next: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(see_other(next)),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = review_page(ctx, steward, campaign, fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn review_page(
    ctx: &Ctx,
    steward: &Steward,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<ReviewPage, Error> {
    let mut conn = ctx.db.acquire().await?;
    let draft = ready::look(&mut conn, campaign).await?;
    let decisions = ready::decisions(&mut *conn, campaign.id).await?;
    let own = campaigns::is_member(&mut *conn, steward.person.id, campaign.id).await?;
    let mut page = steward.visitor.page(ctx, "", Here::Reviews);
    let lang = page.lang;
    page.title = lang.t1("review-title", "title", &campaign.title);
    let refused = Refused::new(lang, refusals);
    page.errors = refused.beyond(&["opens_at", "words", "reason"]);
    let was = |name: &str| fields.get(name).to_string();
    let action = |what: &str| format!("/reviews/{}/{what}", campaign.slug);
    let decides = campaign.state == CampaignState::InReview && !own;
    let excepts = (decides || campaign.state.is_editable() && !own) && draft.returns.is_empty();
    let approval = Form::new(
        &page,
        action("approval"),
        reviews::approval(lang, &was, &refused),
        lang.t("review-approve"),
    );
    let changes = Form::new(
        &page,
        action("changes"),
        reviews::changes(lang, &was, &refused),
        lang.t("review-changes"),
    );
    let exception = Form::new(
        &page,
        action("exception"),
        reviews::exception(lang, &was, &refused),
        lang.t("review-exception"),
    );
    for form in [&approval, &changes, &exception] {
        page.errors.extend(
            form.errors(&refused)
                .into_iter()
                .filter(|line| !line.target.is_empty()),
        );
    }
    let mut checks = checklist::of(lang, campaign, &draft)?;
    checks.extend(checklist::loan(ctx, lang, campaign).await?);
    Ok(ReviewPage {
        slug: campaign.slug.clone(),
        state: campaign.state,
        checks,
        history: decisions.into_iter().map(decided).collect(),
        own,
        approval: decides.then_some(approval),
        changes: decides.then_some(changes),
        exception: excepts.then_some(exception),
        page,
    })
}

fn decided(decision: ready::Decision) -> Decided {
    let word = match decision.decision.as_str() {
        "approved" => "review-decision-approved",
        "changes_asked" => "review-decision-changes-asked",
        _ => "review-decision-commons-exception",
    };
    Decided {
        at: decision.at,
        steward: decision.steward,
        decision: word,
        words: decision.words,
    }
}
