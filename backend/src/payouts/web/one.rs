//! One payout: what would be sent, who approved it, and what became of it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::payout::{Breakdown, PayoutEvent, PayoutSource, PayoutState, Voice, next};
use felag_domain::words::{FieldRefusal, Refusal};
use felag_frontend::form::Refused;
use felag_frontend::payouts::{self as pages, PayoutPage, StatementShown};
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Lang, Page};
use time::OffsetDateTime;

use super::{Access, access};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payouts::mail::failure_words;
use crate::payouts::{Facts, Given, Payout, facts, statement, store};
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::{self, NotSaved};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &visitor, &slug).await?;
    page(&payout_page(&ctx, &visitor, &campaign, may, number, &Fields::default(), &[]).await?)
}

pub async fn approve(
    State(ctx): State<Ctx>,
    Path((slug, number)): Path<(String, u32)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &posted.visitor, &slug).await?;
    let done = crate::payouts::approve(&ctx, campaign.id, number, may.asked(&posted.person)?).await;
    answer(&ctx, &posted, &campaign, may, number, done).await
}

pub async fn withdraw(
    State(ctx): State<Ctx>,
    Path((slug, number)): Path<(String, u32)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &posted.visitor, &slug).await?;
    let (asked, reason) = (may.asked(&posted.person)?, posted.fields.get("reason"));
    let done = crate::payouts::withdraw(&ctx, campaign.id, number, asked, reason).await;
    answer(&ctx, &posted, &campaign, may, number, done).await
}

/// Back to the payout, or the payout with what was refused.
async fn answer(
    ctx: &Ctx,
    posted: &ProvenPosted,
    campaign: &Campaign,
    may: Access,
    number: u32,
    done: Result<(), NotSaved>,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/campaigns/{}/payouts/{number}",
            campaign.slug
        ))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let (visitor, fields) = (&posted.visitor, &posted.fields);
            let shown = payout_page(ctx, visitor, campaign, may, number, fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn payout_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    may: Access,
    number: u32,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<PayoutPage, Error> {
    let mut conn = ctx.db.acquire().await?;
    let payout = store::find(&mut *conn, campaign.id, number)
        .await?
        .ok_or(Error::NotFound)?;
    let facts = facts(&mut conn, ctx, campaign, payout.parts.source).await?;
    let project = projects::store::find(&mut *conn, campaign.project_id).await?;
    drop(conn);
    let mut page = visitor.page(
        ctx,
        "",
        if may.is_member {
            Here::Projects
        } else {
            Here::Reviews
        },
    );
    let lang = page.lang;
    page.title = page.t2("payout-of", "number", payout.number, "campaign", &campaign.title);
    let refused = Refused::new(lang, refusals);
    let is_estimate = matches!(payout.state, PayoutState::Proposed | PayoutState::Asked);
    let waits = is_estimate || payout.state == PayoutState::Approved;
    let frozen: Vec<String> = match waits {
        true => facts
            .frozen
            .iter()
            .map(|reason| lang.words(&reason.words()))
            .collect(),
        false => Vec::new(),
    };
    let person = visitor.person()?.id;
    let gave = |given: Option<Given>| given.is_some_and(|given| given.by == person);
    let may_approve = may.voice.is_some() && is_estimate && frozen.is_empty() && !gave(payout.first);
    let withdraw = may.voice.is_some()
        && next(payout.state, PayoutEvent::Withdrawn).is_ok()
        && payout.state != PayoutState::Withdrawn;
    let withdraw = withdraw.then(|| withdraw_form(&page, campaign, number, fields, &refused));
    page.errors = match &withdraw {
        Some(form) => form.errors(&refused),
        None => refused.beyond(&[]),
    };
    Ok(PayoutPage {
        back: back(lang, campaign, may),
        slug: campaign.slug.clone(),
        number,
        state: payout.state,
        parts: parts(&payout, &facts, is_estimate)?,
        is_estimate,
        history: history(ctx, lang, &payout).await?,
        to: to(lang, &payout, &facts, project.and_then(|project| project.holder)),
        frozen,
        next: next_words(lang, &payout, gave(payout.first)),
        approve: may_approve.then(|| approve_form(&page, campaign, number)),
        withdraw,
        statement: statement_of(ctx, lang, campaign, &payout).await?,
        page,
    })
}

/// Fixed by the second approval, or as they would be now.
fn parts(payout: &Payout, facts: &Facts, is_estimate: bool) -> Result<Breakdown, Error> {
    if is_estimate {
        Ok(facts.parts(payout.parts.gross)?)
    } else {
        Ok(payout.parts)
    }
}

fn back(lang: Lang, campaign: &Campaign, may: Access) -> Link {
    if may.is_member {
        let words = lang.t1("payouts-title", "campaign", &campaign.title);
        Link::new(format!("/campaigns/{}/payouts", campaign.slug), words)
    } else {
        Link::new("/payouts", lang.t("payouts-queue-title"))
    }
}

fn approve_form(page: &Page, campaign: &Campaign, number: u32) -> Form {
    let action = format!("/campaigns/{}/payouts/{number}/approval", campaign.slug);
    Form::new(page, action, Vec::new(), page.t("payout-approve"))
}

fn withdraw_form(page: &Page, campaign: &Campaign, number: u32, fields: &Fields, refused: &Refused) -> Form {
    let was = |name: &str| fields.get(name).to_string();
    let action = format!("/campaigns/{}/payouts/{number}/withdrawal", campaign.slug);
    Form::new(
        page,
        action,
        pages::withdraw(page.lang, &was, refused),
        page.t("payout-withdraw"),
    )
}

/// Where it goes, or went.
fn to(lang: Lang, payout: &Payout, facts: &Facts, holder: Option<projects::store::Holder>) -> Option<String> {
    let now = facts
        .account
        .as_ref()
        .and_then(|account| account.bank_last4.clone());
    let last = payout.bank_last4.clone().or(now)?;
    Some(lang.t2("payout-to", "holder", holder?.name, "last", last))
}

fn next_words(lang: Lang, payout: &Payout, is_own: bool) -> String {
    match payout.state {
        PayoutState::Proposed => lang.t("payout-next-proposed").to_string(),
        PayoutState::Asked if is_own => lang.t("payout-own-approval").to_string(),
        PayoutState::Asked => lang.t("payout-next-asked").to_string(),
        PayoutState::Approved => lang.t("payout-next-approved").to_string(),
        PayoutState::Sending => lang.t("payout-next-sending").to_string(),
        PayoutState::OnItsWay => lang.t("payout-next-on-its-way").to_string(),
        PayoutState::Paid => lang.t("payout-next-paid").to_string(),
        PayoutState::Failed => {
            let code = payout.failure_code.as_deref().unwrap_or_default();
            lang.t1("payout-next-failed", "reason", failure_words(lang, code))
        }
        PayoutState::Returned if payout.parts.source == PayoutSource::Loan => {
            lang.t("payout-next-returned-loan").to_string()
        }
        PayoutState::Returned => lang.t("payout-next-returned").to_string(),
        PayoutState::Withdrawn => lang.t("payout-next-withdrawn").to_string(),
    }
}

/// What happened, in order.
async fn history(ctx: &Ctx, lang: Lang, payout: &Payout) -> Result<Vec<(String, OffsetDateTime)>, Error> {
    let mut lines: Vec<(String, OffsetDateTime)> = Vec::new();
    let is_proposal = payout.first.is_none_or(|first| first.at != payout.created_at);
    if is_proposal {
        lines.push((lang.t("payout-happened-proposed").to_string(), payout.created_at));
    }
    for given in [payout.first, payout.second].into_iter().flatten() {
        let who = store::name(&ctx.db, given.by).await?;
        let who = who.unwrap_or_else(|| lang.t("payout-somebody").to_string());
        let words = match given.voice {
            _ if !is_proposal && Some(given) == payout.first => lang.t1("payout-happened-asked", "who", who),
            Voice::Project => lang.t1("payout-happened-approved", "who", who),
            Voice::Steward => lang.t1("payout-happened-approved-steward", "who", who),
        };
        lines.push((words, given.at));
    }
    let words = |id| lang.t(id).to_string();
    lines.extend(payout.sent_at.map(|at| (words("payout-happened-sent"), at)));
    lines.extend(
        payout
            .transferred_at
            .map(|at| (words("payout-happened-transferred"), at)),
    );
    lines.extend(payout.paid_at.map(|at| (words("payout-happened-paid"), at)));
    let ended = match payout.state {
        PayoutState::Returned => Some(words("payout-happened-returned")),
        PayoutState::Withdrawn => Some(lang.t1("payout-happened-withdrawn", "reason", &payout.reason)),
        _ => None,
    };
    lines.extend(ended.zip(payout.ended_at));
    Ok(lines)
}

async fn statement_of(
    ctx: &Ctx,
    lang: Lang,
    campaign: &Campaign,
    payout: &Payout,
) -> Result<Option<StatementShown>, Error> {
    let base = format!("/campaigns/{}/payouts/{}/statement", campaign.slug, payout.number);
    Ok(statement::of(ctx, payout).await?.map(|full| StatementShown {
        lines: full.lines(lang, payout),
        bank_reference: payout.bank_reference.clone(),
        entry_number: u64::try_from(full.place.number).unwrap_or(0),
        entry_hash: full.place.hash.to_string(),
        csv: format!("{base}.csv"),
        pdf: format!("{base}.pdf"),
    }))
}
