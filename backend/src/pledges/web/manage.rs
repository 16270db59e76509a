//! A pledge as its holder sees it: receipt, change, cancel, and what to do when the bank asks.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount;
use felag_domain::ids::BookId;
use felag_domain::ledger::{Cause, EntryKind};
use felag_domain::person::DisplayName;
use felag_domain::pledge::{PledgeState, Visibility};
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::{Refused, errors};
use felag_frontend::give::TypedDetails;
use felag_frontend::parts::Pager;
use felag_frontend::pledges::{
    CancelPledgePage, ChangeForm, Gift as GiftRow, GiftsPage, Pledge as Shown, PledgePage, Receipt,
};
use felag_frontend::{Here, Lang};
use time::OffsetDateTime;

use super::typed::{at_field, parse_tip, visibility_words};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::people::{Posted, Visitor};
use crate::pledges::ask::{self, Ask};
use crate::pledges::give::GiveError;
use crate::pledges::{self, Pledge, store};
use crate::refunds;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;
/// Rows of "my gifts" on one page.
const PAGE: u32 = 50;

pub(super) async fn find(ctx: &Ctx, token: &str) -> Result<(Ask, Pledge), Error> {
    let is_token = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pledge = if is_token {
        store::by_token(&ctx.db, token).await?
    } else {
        None
    };
    let pledge = pledge.ok_or(Error::NotFound)?;
    Ok((Ask::of(&ctx.db, pledge.campaign).await?, pledge))
}

/// Where people come back to from the provider's page. What it says is not believed: the provider is asked.
pub async fn returned(State(ctx): State<Ctx>, Path(token): Path<String>) -> Result<Response, Error> {
    let (_, pledge) = find(&ctx, &token).await?;
    if let Err(cause) = pledges::look_up(&ctx, &pledge).await {
        tracing::warn!(pledge.id = %pledge.id, "the provider could not be asked on return: {cause:#}");
    }
    Ok(see_other(&format!("/pledges/{token}")))
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (ask, pledge) = find(&ctx, &token).await?;
    let typed = as_it_stands(&pledge);
    page(&pledge_page(&ctx, &visitor, &ask, &pledge, &typed, &[]).await?)
}

/// The change form's fields as the pledge has them.
fn as_it_stands(pledge: &Pledge) -> Fields {
    Fields::from([
        ("own", felag_frontend::format::typed(&pledge.amount)),
        ("tip", felag_frontend::format::typed(&pledge.tip)),
        ("name", pledge.name.clone()),
        ("visibility", pledge.visibility.as_str().to_string()),
    ])
}

async fn pledge_page(
    ctx: &Ctx,
    visitor: &Visitor,
    ask: &Ask,
    pledge: &Pledge,
    typed: &Fields,
    refusals: &[FieldRefusal],
) -> Result<PledgePage, Error> {
    let may_change = pledge.state == PledgeState::CardSaved && ask.takes_pledges(ctx.now());
    let may_cancel =
        matches!(pledge.state, PledgeState::CardSaved | PledgeState::Draft) && ask.takes_pledges(ctx.now());
    let refused = Refused::new(LANG, refusals);
    let was = TypedDetails {
        email: "",
        name: typed.get("name"),
        visibility: typed.get("visibility"),
        tip: typed.get("tip"),
    };
    let change = may_change.then(|| ChangeForm::new(LANG, pledge.amount, typed.get("own"), was, &refused));
    let mut frame = visitor.page(ctx, LANG.t("pledge-page-title"), Here::Gifts);
    frame.errors = change
        .as_ref()
        .map(|form| errors(form.problems()))
        .unwrap_or_default();
    frame
        .errors
        .extend(refused.beyond(&["own", "amount", "tip", "name", "visibility"]));
    let mut conn = ctx.db.acquire().await?;
    let take_back = pledges::may_take_back(&mut conn, ctx, ask, pledge).await?;
    drop(conn);
    let refunds = refunds::of_subject(&ctx.db, pledge.subject()).await?;
    Ok(PledgePage {
        page: frame,
        token: pledge.token.clone(),
        pledge: shown(ctx, ask, pledge).await?,
        change,
        can_cancel: may_cancel,
        receipt: receipt(ctx, ask, pledge).await?,
        take_back,
        refunds: refunds.iter().map(super::refund::row).collect(),
    })
}

async fn shown(ctx: &Ctx, ask: &Ask, pledge: &Pledge) -> Result<Shown, Error> {
    let reward = match pledge.reward {
        Some(reward) => ask::reward_title(&ctx.db, pledge.campaign, reward).await?,
        None => None,
    };
    let is_waiting = matches!(pledge.state, PledgeState::NeedsYou | PledgeState::RetryLater);
    let declined = pledge.decline_code.as_deref().filter(|_| is_waiting);
    Ok(Shown {
        state: pledge.state,
        slug: ask.slug.clone(),
        campaign: ask.title.clone(),
        campaign_state: ask.state,
        project: ask.project.clone(),
        minimum: ask.minimum(),
        gift: pledge.amount,
        tip: pledge.tip,
        total: pledge.total()?,
        reward,
        email: pledge.email.clone(),
        visibility: visibility_words(LANG, pledge.visibility),
        made_at: pledge.created_at,
        deadline: ask.deadline_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        window_ends: pledge.window_ends(ask).unwrap_or(ctx.now()),
        way: ask.way,
        next_try: pledge.next_try_at,
        declined: declined.map(|code| pledges::declined_words(LANG, code)),
        zone: ask.time_zone.clone(),
    })
}

async fn receipt(ctx: &Ctx, ask: &Ask, pledge: &Pledge) -> Result<Option<Receipt>, Error> {
    let (Some(charge), Some(charged_at)) = (&pledge.charge, pledge.paid_at) else {
        return Ok(None);
    };
    let cause = Cause::new(EntryKind::Charge, charge.clone());
    let place = ledger::place(&ctx.db, BookId::of_campaign(pledge.campaign), &cause).await?;
    Ok(place.map(|place| Receipt {
        charged_at,
        holder: ask.holder_name.clone().unwrap_or_else(|| ask.project.clone()),
        holder_lines: ask.holder_lines(LANG),
        entry_number: u64::try_from(place.number).unwrap_or(0),
        entry_hash: place.hash.to_string(),
    }))
}

pub async fn checkout(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    _: Posted,
) -> Result<Response, Error> {
    let (ask, _) = find(&ctx, &token).await?;
    Ok(see_other(&pledges::checkout(&ctx, &ask, &token).await?))
}

pub async fn change(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (ask, pledge) = find(&ctx, &token).await?;
    let fields = &posted.fields;
    let mut refusals = Refusals::new();
    let money = refusals.keep("own", amount::parse(fields.get("own"), ask.currency));
    let tip = refusals.keep("tip", parse_tip(fields.get("tip"), ask.currency));
    let name = match fields.get("name").trim() {
        "" => Some(String::new()),
        name => refusals
            .keep("name", DisplayName::parse(name))
            .map(|name| name.to_string()),
    };
    let visibility = fields
        .parse::<Visibility>("visibility")
        .unwrap_or(pledge.visibility);
    let refused = match (money, tip, name) {
        (Some(amount), Some(tip), Some(name)) => {
            let wish = pledges::Wish {
                amount,
                tip,
                name,
                visibility,
            };
            match pledges::change(&ctx, &token, &wish).await {
                Ok(()) => return Ok(see_other(&format!("/pledges/{token}"))),
                Err(GiveError::Refused(refused)) => vec![at_field(&refused)],
                Err(GiveError::RewardGone) => vec![],
                Err(GiveError::Other(error)) => return Err(error),
            }
        }
        _ => refusals.into_vec(),
    };
    let again = pledge_page(&ctx, &posted.visitor, &ask, &pledge, fields, &refused).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

pub async fn ask_cancel(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (ask, pledge) = find(&ctx, &token).await?;
    if !ask.takes_pledges(ctx.now()) {
        return Err(Error::Gone);
    }
    let frame = visitor.page(&ctx, LANG.t("cancel-title"), Here::Gifts);
    page(&CancelPledgePage {
        page: frame,
        token,
        pledge: shown(&ctx, &ask, &pledge).await?,
    })
}

pub async fn cancel(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    pledges::cancel(&ctx, &token).await?;
    Ok(see_other(&format!("/pledges/{token}")))
}

pub async fn try_again(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    _: Posted,
) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    let url = pledges::try_again(&ctx, &token).await?;
    Ok(see_other(&url.unwrap_or_else(|| format!("/pledges/{token}"))))
}

pub async fn card(State(ctx): State<Ctx>, Path(token): Path<String>, _: Posted) -> Result<Response, Error> {
    find(&ctx, &token).await?;
    Ok(see_other(&pledges::another_card(&ctx, &token).await?))
}

pub async fn gifts(
    State(ctx): State<Ctx>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let person = visitor.person()?.clone();
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let number = query.parse::<u32>("page").unwrap_or(1).clamp(1, 1_000);
    let proven = person.email_is_confirmed.then_some(person.email.as_str());
    let (found, pages) = store::of_person(&ctx.db, person.id, proven, number, PAGE).await?;
    let mut gifts = Vec::with_capacity(found.len());
    for pledge in found {
        let ask = Ask::of(&ctx.db, pledge.campaign).await?;
        gifts.push(GiftRow {
            slug: ask.slug,
            campaign: ask.title,
            total: pledge.total()?,
            state: pledge.state,
            made_at: pledge.created_at,
            token: pledge.token,
        });
    }
    let pager = Pager {
        lang: LANG,
        page: number.into(),
        pages,
        address: "/my/gifts?page=".into(),
    };
    page(&GiftsPage {
        page: visitor.page(&ctx, LANG.t("gifts-title"), Here::Gifts),
        gifts,
        pager,
    })
}
