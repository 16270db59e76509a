//! A campaign's page: for everybody once it is scheduled, for the project's members and stewards before.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use felag_domain::campaign::CampaignState;
use felag_domain::money::{Currency, Money};
use felag_domain::pledge;
use felag_frontend::campaigns::{self as pages, CampaignPage, follow_field};
use felag_frontend::form::{Field, Refused};
use felag_frontend::give::{AmountForm, TypedAmount};
use felag_frontend::{Here, Lang, Page, Template, campaign_edit};
use time::OffsetDateTime;

use crate::campaigns::shown::{self, Shown};
use crate::campaigns::store::{self, Campaign};
use crate::campaigns::{curve, ready};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::visitor::public_page;
use crate::web::page;

/// How many lines of the book the page shows; the others are on a page of their own.
const BOOK_LINES: i64 = 5;

pub fn routes() -> Router<Ctx> {
    Router::new().route("/campaigns/{slug}", get(show))
}

async fn show(State(ctx): State<Ctx>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Error> {
    if visitor.person.is_none() {
        let path = format!("/campaigns/{slug}");
        return ctx.pages.page(&path, render_public(&ctx, &slug)).await;
    }
    let campaign = store::find_by_slug(&ctx.db, &slug)
        .await?
        .ok_or(Error::NotFound)?;
    let member = is_member(&ctx, &visitor, &campaign).await?;
    let is_steward = visitor.person.as_ref().is_some_and(|person| person.is_steward);
    if !campaign.is_public() && !member && !is_steward {
        return Err(Error::NotFound);
    }
    let frame = visitor.page(&ctx, campaign.title.clone(), Here::Elsewhere);
    let decide =
        (is_steward && !member && campaign.opens_at.is_some()).then(|| format!("/campaigns/{slug}/decision"));
    let mut filled = fill(&ctx, frame, campaign, member).await?;
    filled.decide = decide;
    page(&filled)
}

async fn is_member(ctx: &Ctx, visitor: &Visitor, campaign: &Campaign) -> Result<bool, Error> {
    let Some(person) = &visitor.person else {
        return Ok(false);
    };
    Ok(person.has_projects && store::is_member(&ctx.db, person.id, campaign.id).await?)
}

async fn render_public(ctx: &Ctx, slug: &str) -> Result<String, Error> {
    let campaign = store::find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    if !campaign.is_public() {
        return Err(Error::NotFound);
    }
    let frame = public_page(ctx, campaign.title.clone(), Here::Elsewhere);
    fill(ctx, frame, campaign, false)
        .await?
        .render()
        .map_err(|cause| Error::Internal(cause.into()))
}

/// Reads everything the page shows.
async fn fill(ctx: &Ctx, frame: Page, campaign: Campaign, member: bool) -> Result<CampaignPage, Error> {
    let shown = shown::read(&ctx.db, &campaign).await?;
    let curve = curve::draw(frame.lang, &campaign, &shown.days, ctx.now())?;
    let asked = campaign.state == CampaignState::ChangesAsked && member;
    let review_words = if asked {
        ready::changes_asked(&ctx.db, campaign.id).await?
    } else {
        None
    };
    let lines = (ctx.shows.book_lines)(ctx, &campaign, BOOK_LINES).await?;
    let accounts = (ctx.shows.budget)(ctx, &campaign).await?;
    let loan = (ctx.shows.loan)(ctx, &campaign).await?;
    let mut filled = assemble(ctx, frame, campaign, shown).await;
    filled.curve = curve;
    filled.loan = loan;
    filled.review_words = review_words;
    filled.books = lines;
    filled.accounts = accounts;
    filled.manage = member.then(|| format!("/campaigns/{}/owner", filled.slug));
    Ok(filled)
}

async fn assemble(ctx: &Ctx, mut page: Page, campaign: Campaign, shown: Shown) -> CampaignPage {
    let lang = page.lang;
    if campaign.is_public() {
        page.description = campaign.summary.clone();
        page.canonical = format!("{}/campaigns/{}", ctx.config.public_url, campaign.slug);
    }
    let rewards: Vec<pages::Reward> = shown.rewards.into_iter().map(reward).collect();
    let give = give(lang, &campaign, &rewards, ctx.now());
    let runs = campaign.deadline_at.is_none_or(|deadline| deadline > ctx.now());
    let waits = matches!(
        campaign.state,
        CampaignState::Scheduled | CampaignState::Open | CampaignState::Collecting | CampaignState::Funded
    );
    let mut updates = Vec::with_capacity(shown.updates.len());
    for one in shown.updates {
        updates.push(update(ctx, one).await);
    }
    CampaignPage {
        page,
        title: campaign.title,
        summary: campaign.summary,
        project: pages::ProjectLine {
            slug: shown.project.slug,
            name: shown.project.name,
            holder: shown.project.holder,
            place: shown.project.place,
        },
        state: campaign.state,
        review_words: None,
        way: campaign.way,
        if_short: campaign_edit::rule_words(lang, campaign.way, campaign.if_short),
        go_on_until: campaign.go_on_until,
        decide: None,
        manage: None,
        minimum: campaign.minimum,
        full_plan: campaign.full_plan,
        figures: shown.total.figures,
        own_gifts: shown.total.own,
        backers: u64::try_from(shown.total.backers).unwrap_or(0),
        opens_at: campaign.opens_at,
        deadline: campaign.deadline_at,
        window_ends: campaign.window_ends_at,
        zone: campaign.time_zone,
        story: ctx.pages.markdown(&shown.story).await,
        risks: ctx.pages.markdown(&shown.risks).await,
        budget: shown.budget.into_iter().map(budget_line).collect(),
        plan: shown.plan,
        accounts: None,
        loan: None,
        rewards,
        curve: None,
        books: Vec::new(),
        entries: shown.entries,
        updates,
        returns: shown
            .returns
            .into_iter()
            .map(|one| commons_return(lang, one))
            .collect(),
        exception: shown.exception,
        licences: shown.project.licences,
        follow: waits.then(|| follow(lang, runs)),
        give,
        slug: campaign.slug,
    }
}

fn reward(reward: store::Reward) -> pages::Reward {
    let count = |number: i32| u64::try_from(number).unwrap_or(0);
    let stock = reward.limit.zip(reward.left());
    pages::Reward {
        id: reward.id.to_string(),
        title: reward.title,
        description: reward.description,
        price: reward.price,
        stock: stock.map(|(limit, left)| pages::Stock {
            left: count(left),
            limit: count(limit),
        }),
        delivery: reward.delivery,
    }
}

fn budget_line(line: crate::campaigns::lists::BudgetLine) -> pages::BudgetLine {
    pages::BudgetLine {
        title: line.title,
        at_minimum: line.at_minimum,
        at_full_plan: line.at_full_plan,
    }
}

fn commons_return(lang: Lang, one: crate::campaigns::lists::CommonsReturn) -> pages::CommonsReturn {
    pages::CommonsReturn {
        kind: lang.t(campaign_edit::return_kind(one.kind)).to_string(),
        title: one.title,
        licence: one.licence,
        due: one.due,
        place: one.place,
    }
}

async fn update(ctx: &Ctx, update: store::Update) -> pages::Update {
    pages::Update {
        id: update.id.to_string(),
        title: update.title,
        at: update.at,
        body: ctx.pages.markdown(&update.body).await,
    }
}

/// The first step of giving, while pledges are taken.
fn give(
    lang: Lang,
    campaign: &Campaign,
    rewards: &[pages::Reward],
    now: OffsetDateTime,
) -> Option<AmountForm> {
    let least = pledge::smallest(campaign.currency);
    let picks = picks(campaign.currency);
    let was = TypedAmount::default();
    campaign
        .takes_pledges(now)
        .then(|| AmountForm::new(lang, &picks, least, rewards, was, &Refused::none()))
}

/// The amounts offered to choose from: 5, 20, 50 and 120 times the smallest pledge.
pub fn picks(currency: Currency) -> Vec<Money> {
    let smallest = pledge::smallest(currency).minor();
    [5, 20, 50, 120]
        .iter()
        .map(|times| Money::from_minor(smallest * times, currency))
        .collect()
}

/// The form that asks to be told; after the deadline nobody is reminded of it.
fn follow(lang: Lang, is_open: bool) -> Field {
    let field = follow_field(lang, "", &Refused::none());
    match is_open {
        true => field,
        false => field.hint(lang.t("follow-hint-closed")),
    }
}
