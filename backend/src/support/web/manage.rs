//! A support as its holder sees it: what was charged, what comes, and what they may do about it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount;
use felag_domain::campaign::COLLECTION_WINDOW;
use felag_domain::ids::BookId;
use felag_domain::ledger::{Cause, EntryKind};
use felag_domain::pledge::{PledgeState, smallest};
use felag_domain::support::SupportState;
use felag_domain::words::{FieldRefusal, Refusal, Refusals};
use felag_frontend::acts::ActPage;
use felag_frontend::form::Refused;
use felag_frontend::refunds::RefundRow;
use felag_frontend::support::{
    ContributionRow, MyRow, MySupportPage, SupportPage, Waiting, change_parts, every,
};
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Lang};

use super::form::field_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::pledges::web::{parse_tip, refund_row, visibility_words};
use crate::support::{self, About, Contribution, NotBegun, Support, store};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};
use crate::{ledger, pledges, refunds};

const LANG: Lang = Lang::En;

async fn find(ctx: &Ctx, token: &str) -> Result<(About, Support), Error> {
    let is_token = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let support = if is_token {
        store::by_token(&ctx.db, token).await?
    } else {
        None
    };
    let support = support.ok_or(Error::NotFound)?;
    Ok((About::of(&ctx.db, support.project).await?, support))
}

fn back(token: &str) -> Response {
    see_other(&format!("/supports/{token}"))
}

/// Where people come back to from the provider's page. What it says is not believed: the provider is asked.
pub async fn returned(State(ctx): State<Ctx>, Path(token): Path<String>) -> Result<Response, Error> {
    let (_, support) = find(&ctx, &token).await?;
    match support::look_up(&ctx, &support).await {
        Ok(Some(bank)) => Ok(see_other(&bank)),
        Ok(None) => Ok(back(&token)),
        Err(cause) => {
            tracing::warn!(support.id = %support.id, "the provider could not be asked on return: {cause:#}");
            Ok(back(&token))
        }
    }
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (about, support) = find(&ctx, &token).await?;
    let typed = Fields::from([
        ("amount", felag_frontend::format::typed(&support.amount)),
        ("tip", felag_frontend::format::typed(&support.tip)),
    ]);
    page(&support_page(&ctx, &visitor, &about, &support, &typed, &[]).await?)
}

async fn support_page(
    ctx: &Ctx,
    visitor: &Visitor,
    about: &About,
    support: &Support,
    typed: &Fields,
    refusals: &[FieldRefusal],
) -> Result<SupportPage, Error> {
    let mut frame = visitor.page(ctx, LANG.t("support-page-title"), Here::Gifts);
    let refused = Refused::new(LANG, refusals);
    let may_change = support.state.goes_on() || support.state == SupportState::Paused;
    let change = may_change.then(|| {
        let was = |name: &str| typed.get(name).to_string();
        let currency = support.amount.currency();
        let parts = change_parts(LANG, currency, smallest(currency), &was, &refused);
        let action = format!("/supports/{}/change", support.token);
        Form::new(&frame, action, parts, LANG.t("support-change-save"))
    });
    if let Some(form) = &change {
        frame.errors = form.errors(&refused);
    }
    let contributions = store::contributions_of(&ctx.db, support.project, support.id).await?;
    let waits = contributions
        .iter()
        .find(|one| one.waits_for_person())
        .map(|one| Waiting {
            declined: one
                .decline_code
                .as_deref()
                .map(|code| pledges::declined_words(LANG, code)),
            until: one.due_at + COLLECTION_WINDOW,
        });
    let (rows, refunds) = rows(ctx, &contributions).await?;
    Ok(SupportPage {
        page: frame,
        token: support.token.clone(),
        project: about.name.clone(),
        slug: about.slug.clone(),
        state: support.state,
        period: support.period,
        gift: support.amount,
        tip: support.tip,
        total: support.total()?,
        email: support.email.clone(),
        visibility: visibility_words(LANG, support.visibility),
        next_due: support.next_due(),
        waits,
        contributions: rows,
        refunds,
        change,
    })
}

/// Every charge with its place in the book, and what went back of them.
async fn rows(
    ctx: &Ctx,
    contributions: &[Contribution],
) -> Result<(Vec<ContributionRow>, Vec<RefundRow>), Error> {
    let causes: Vec<Cause> = contributions
        .iter()
        .filter_map(|one| one.charge.clone())
        .map(|charge| Cause::new(EntryKind::Charge, charge))
        .collect();
    let mut conn = ctx.db.acquire().await?;
    let places = match contributions.first() {
        Some(one) => ledger::places(&mut conn, BookId::of_project(one.project), &causes).await?,
        None => std::collections::HashMap::default(),
    };
    drop(conn);
    let (mut rows, mut back) = (Vec::new(), Vec::new());
    for one in contributions {
        let place = one.charge.as_ref().and_then(|charge| places.get(charge));
        rows.push(ContributionRow {
            at: one.paid_at.unwrap_or(one.due_at),
            total: one.total()?,
            state: one.state,
            entry: place.and_then(|place| u64::try_from(place.number).ok()),
            refund: None,
        });
        if one.state == PledgeState::Paid {
            let refunds = refunds::of_subject(&ctx.db, one.subject()).await?;
            back.extend(refunds.iter().map(refund_row));
        }
    }
    Ok((rows, back))
}

pub async fn checkout(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    _: Posted,
) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    Ok(see_other(&support::checkout(&ctx, &token).await?))
}

pub async fn change(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (about, support) = find(&ctx, &token).await?;
    let currency = support.amount.currency();
    let mut refusals = Refusals::new();
    let money = refusals.keep("amount", amount::parse(posted.fields.get("amount"), currency));
    let tip = refusals.keep("tip", parse_tip(posted.fields.get("tip"), currency));
    let refused = match (money, tip) {
        (Some(money), Some(tip)) => match support::raise(&ctx, &token, money, tip).await {
            Ok(()) => return Ok(back(&token)),
            Err(NotBegun::Other(error)) => return Err(error),
            Err(NotBegun::Refused(refused)) => vec![FieldRefusal {
                field: field_of(&refused),
                words: refused.words(),
            }],
        },
        _ => refusals.into_vec(),
    };
    let again = support_page(&ctx, &posted.visitor, &about, &support, &posted.fields, &refused).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

pub async fn pause(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    support::pause(&ctx, &token).await?;
    Ok(back(&token))
}

pub async fn resume(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    support::resume(&ctx, &token).await?;
    Ok(back(&token))
}

/// Repeats what ends, and what stays.
pub async fn ask_end(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (about, support) = find(&ctx, &token).await?;
    if !support.state.goes_on() && support.state != SupportState::Paused {
        return Ok(back(&token));
    }
    let frame = visitor.page(&ctx, LANG.t("support-end-title"), Here::Gifts);
    let form = Form::new(
        &frame,
        format!("/supports/{token}/end"),
        Vec::new(),
        LANG.t("support-end-do"),
    );
    let facts = vec![(about.name.clone(), every(LANG, support.period, support.total()?))];
    page(&ActPage {
        page: frame,
        back: Link::new(format!("/supports/{token}"), LANG.t("support-end-back")),
        lead: LANG.t("support-end-lead").to_string(),
        facts,
        words: None,
        form,
    })
}

pub async fn end(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    support::end(&ctx, &token).await?;
    Ok(back(&token))
}

pub async fn try_again(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    _: Posted,
) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    let url = support::try_again(&ctx, &token).await?;
    Ok(url.map_or_else(|| back(&token), |url| see_other(&url)))
}

pub async fn card(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    Ok(see_other(&support::another_card(&ctx, &token).await?))
}

pub async fn mine(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let person = visitor.person()?.clone();
    let found = store::of_person(&ctx.db, person.id, person.confirmed_email()).await?;
    let mut rows = Vec::with_capacity(found.len());
    for support in found {
        let about = About::of(&ctx.db, support.project).await?;
        rows.push(MyRow {
            project: about.name,
            slug: about.slug,
            total: support.total()?,
            period: support.period,
            state: support.state,
            next_due: support.next_due(),
            token: support.token,
        });
    }
    page(&MySupportPage {
        page: visitor.page(&ctx, LANG.t("my-support-title"), Here::Gifts),
        rows,
    })
}
