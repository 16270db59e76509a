//! The pages on which a steward, or in part the owner, decides about a campaign that has opened: what is possible, a
//! reason, a step that repeats it, and the act.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::text;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::acts::ActPage;
use felag_frontend::decisions::{self, DecisionPage, Possible};
use felag_frontend::form::{ErrorLine, Refused};
use felag_frontend::states::campaign_word;
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Notice, Page, Tone};
use serde::Deserialize;

use crate::campaigns::access;
use crate::campaigns::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::pledges::endings::{Decided, NotDecided, What, decide};
use crate::projects::access::member;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// The shortest and longest reason, in characters.
const WORDS: (usize, usize) = (10, 1000);

#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// The campaign, and in which role the visitor decides: its owner, or a steward who is no member.
async fn find(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Decided), Error> {
    let (campaign, role) = access::of_money(ctx, visitor, slug).await?;
    match role {
        access::MoneyRole::Steward => Ok((campaign, Decided::Steward)),
        access::MoneyRole::Project => {
            let is_owner = member(ctx, visitor, campaign.project_id).await?.is_owner();
            is_owner
                .then_some((campaign, Decided::Owner))
                .ok_or(Error::Forbidden)
        }
    }
}

pub async fn show(
    State(ctx): State<Ctx>,
    proven: Proven,
    Path(slug): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let (campaign, role) = find(&ctx, &proven.visitor, &slug).await?;
    let mut shown = decision_page(&ctx, &proven.visitor, &campaign, role, &Fields::default(), &[]).await?;
    if query.done.is_some() {
        let text = shown.page.t("decision-done").to_string();
        shown.page.notice = Some(Notice {
            tone: Tone::Done,
            text,
        });
    }
    page(&shown)
}

async fn decision_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    role: Decided,
    typed: &Fields,
    refusals: &[FieldRefusal],
) -> Result<DecisionPage, Error> {
    let mut frame = visitor.page(ctx, "", Here::Elsewhere);
    frame.title = frame.t1("decision-title", "campaign", &campaign.title);
    let refused = Refused::new(frame.lang, refusals);
    let mut errors = Vec::new();
    let mut possible = Vec::new();
    for what in What::ALL
        .into_iter()
        .filter(|what| what.may(role, campaign.state))
    {
        let was = |name: &str| typed.get(name).to_string();
        let action = format!("/campaigns/{}/decision/check", campaign.slug);
        let parts = decisions::reason_form(frame.lang, what.name(), &was, &refused);
        let form = Form::new(&frame, action, parts, frame.t("decision-check")).carrying("what", what.name());
        let own = |line: &ErrorLine| !line.target.is_empty();
        errors.extend(form.errors(&refused).into_iter().filter(own));
        possible.push(Possible {
            title: frame.t(decisions::word(what.name())),
            means: frame.t(decisions::means(what.name())),
            form,
        });
    }
    frame.errors = errors;
    let total = store::total(&ctx.db, campaign).await?;
    Ok(DecisionPage {
        slug: campaign.slug.clone(),
        campaign: campaign.title.clone(),
        state: frame.t(campaign_word(campaign.state)),
        collected: total.figures.collected,
        backers: u64::try_from(total.backers).unwrap_or(0),
        possible,
        page: frame,
    })
}

/// Repeats what, about which campaign, how much, and why.
pub async fn check(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, role) = find(&ctx, &posted.visitor, &slug).await?;
    let what = What::named(posted.fields.get("what")).ok_or(Error::BadRequest)?;
    let field = decisions::reason_field(what.name());
    let mut refusals = Refusals::new();
    let words = text::block(posted.fields.get(field), WORDS.0, WORDS.1);
    let Some(words) = refusals.keep(field, words) else {
        let refusals = refusals.into_vec();
        let again = decision_page(&ctx, &posted.visitor, &campaign, role, &posted.fields, &refusals).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let mut frame = posted.visitor.page(&ctx, "", Here::Elsewhere);
    if !what.may(role, campaign.state) {
        return Err(not_now(&frame));
    }
    let total = store::total(&ctx.db, &campaign).await?;
    frame.title = frame.t(decisions::word(what.name())).to_string();
    let address = format!("/campaigns/{slug}/decision");
    let form = Form::new(
        &frame,
        address.clone(),
        Vec::new(),
        frame.t(decisions::word(what.name())),
    )
    .carrying("what", what.name())
    .carrying("reason", &words);
    let fact = |name, value| (frame.t(name).to_string(), value);
    let facts = vec![
        fact("dispute-campaign", campaign.title),
        fact(
            "decision-state",
            frame.t(campaign_word(campaign.state)).to_string(),
        ),
        fact("decision-collected", frame.money(total.figures.collected)),
        fact("decision-backers", total.backers.to_string()),
        fact("decision-now", frame.t("decision-now-means").to_string()),
    ];
    page(&ActPage {
        back: Link::new(address, frame.t("decision-back")),
        lead: frame.t(decisions::means(what.name())).to_string(),
        facts,
        words: Some(words),
        form,
        page: frame,
    })
}

pub async fn act(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, role) = find(&ctx, &posted.visitor, &slug).await?;
    let what = What::named(posted.fields.get("what"));
    let words = text::block(posted.fields.get("reason"), WORDS.0, WORDS.1);
    let (Some(what), Ok(words)) = (what, words) else {
        return Err(Error::BadRequest);
    };
    match decide(&ctx, campaign.id, what, role, posted.person.id, &words).await {
        Ok(()) => Ok(see_other(&format!(
            "/campaigns/{slug}/decision?done={}",
            what.name()
        ))),
        Err(NotDecided::NotNow) => Err(not_now(&posted.visitor.page(&ctx, "", Here::Elsewhere))),
        Err(NotDecided::Failed(cause)) => Err(Error::Internal(cause)),
    }
}

fn not_now(frame: &Page) -> Error {
    Error::Refused(frame.t("decision-not-now").to_string())
}
