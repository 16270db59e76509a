//! Giving, step by step. Nothing is stored before the last button, and going back loses nothing.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::campaign::CampaignState;
use felag_domain::fee;
use felag_domain::money::Money;
use felag_domain::pledge::smallest;
use felag_domain::words::FieldRefusal;
use felag_frontend::campaigns::{Reward, Stock};
use felag_frontend::form::{Refused, errors};
use felag_frontend::give::{AmountForm, DetailsForm, GiveAmountPage, GiveCheckPage, GiveDetailsPage};
use felag_frontend::{Here, Lang};

use super::typed::{RewardGone, Typed, at_field, check_amount, check_details, visibility_words};
use crate::campaigns::web::picks;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::pledges::ask::{self, Ask, RewardRow};
use crate::pledges::give::{Gift, GiveError};
use crate::pledges::{self, TERMS_VERSION};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;

/// A campaign and what can be chosen; 404 for one that is not public, 410 for one that takes no pledges any more. One
/// that is suspended may go on.
async fn open(ctx: &Ctx, slug: &str) -> Result<(Ask, Vec<RewardRow>), Error> {
    let ask = Ask::by_slug(&ctx.db, slug)
        .await?
        .filter(|ask| ask.state.is_public())
        .ok_or(Error::NotFound)?;
    if !ask.takes_pledges(ctx.now()) {
        let words = LANG.t("pledge-closed").to_string();
        return Err(match ask.state {
            CampaignState::Suspended => Error::Refused(words),
            _ => Error::Over(words),
        });
    }
    let rewards = ask::rewards(&ctx.db, ask.id).await?;
    Ok((ask, rewards))
}

pub async fn amount(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let typed = Typed::new(&ctx, fields);
    let (ask, rewards) = open(&ctx, &slug).await?;
    page(&amount_page(&ctx, &visitor, &ask, &rewards, &typed, &[]))
}

pub async fn amount_again(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (ask, rewards) = open(&ctx, &slug).await?;
    let typed = Typed::new(&ctx, posted.fields);
    page(&amount_page(&ctx, &posted.visitor, &ask, &rewards, &typed, &[]))
}

fn amount_page(
    ctx: &Ctx,
    visitor: &Visitor,
    ask: &Ask,
    rewards: &[RewardRow],
    typed: &Typed,
    refusals: &[FieldRefusal],
) -> GiveAmountPage {
    let refused = Refused::new(LANG, refusals);
    let rewards: Vec<Reward> = rewards.iter().map(|reward| shown(reward, ask)).collect();
    let form = AmountForm::new(
        LANG,
        &picks(ask.currency),
        smallest(ask.currency),
        &rewards,
        typed.first_step(),
        &refused,
    );
    let mut frame = visitor.page(ctx, LANG.t("give-title-amount"), Here::Elsewhere);
    frame.errors = errors(form.problems());
    frame.errors.extend(refused.beyond(&["own", "amount", "reward"]));
    let carried = typed.carried(&["amount", "own", "reward"]);
    GiveAmountPage {
        page: frame,
        campaign: ask.gift_for(),
        form,
        carried,
    }
}

fn shown(reward: &RewardRow, ask: &Ask) -> Reward {
    let count = |number: i32| u64::try_from(number).unwrap_or(0);
    Reward {
        id: reward.id.to_string(),
        title: reward.title.clone(),
        description: String::new(),
        price: Money::from_minor(reward.price_minor, ask.currency),
        stock: reward.stock_limit.map(|limit| Stock {
            left: count(limit - reward.taken.unwrap_or(0)),
            limit: count(limit),
        }),
        delivery: time::Date::MIN,
    }
}

pub async fn details(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (ask, rewards) = open(&ctx, &slug).await?;
    let typed = Typed::new(&ctx, posted.fields);
    match check_amount(&ask, &rewards, &typed, true) {
        Ok((gift, _)) => page(&details_page(
            &ctx,
            &posted.visitor,
            &ask,
            &rewards,
            &typed,
            gift,
            &[],
        )),
        Err(refusals) => {
            let again = amount_page(&ctx, &posted.visitor, &ask, &rewards, &typed, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

fn details_page(
    ctx: &Ctx,
    visitor: &Visitor,
    ask: &Ask,
    rewards: &[RewardRow],
    typed: &Typed,
    gift: Money,
    refusals: &[FieldRefusal],
) -> GiveDetailsPage {
    let refused = Refused::new(LANG, refusals);
    let form = DetailsForm::new(
        LANG,
        visitor.person.is_some(),
        gift,
        typed.second_step(visitor),
        &refused,
    );
    let mut frame = visitor.page(ctx, LANG.t("give-title-details"), Here::Elsewhere);
    frame.errors = errors(form.problems());
    frame
        .errors
        .extend(refused.beyond(&["email", "name", "visibility", "tip"]));
    GiveDetailsPage {
        page: frame,
        campaign: ask.gift_for(),
        gift,
        reward: title(rewards, typed),
        form,
        carried: typed.carried(&["email", "name", "visibility", "tip"]),
    }
}

fn title(rewards: &[RewardRow], typed: &Typed) -> Option<String> {
    rewards
        .iter()
        .find(|reward| Some(reward.id) == typed.reward())
        .map(|reward| reward.title.clone())
}

/// Checks every field of both steps: the gift, or the page that asks again.
fn checked(
    ctx: &Ctx,
    visitor: &Visitor,
    ask: &Ask,
    rewards: &[RewardRow],
    typed: &Typed,
) -> Result<Gift, Box<Result<Response, Error>>> {
    let amount = check_amount(ask, rewards, typed, true).map_err(|refusals| {
        let again = amount_page(ctx, visitor, ask, rewards, typed, &refusals);
        Box::new(page_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
    })?;
    check_details(ask, visitor, typed, amount).map_err(|refusals| {
        let again = details_page(ctx, visitor, ask, rewards, typed, amount.0, &refusals);
        Box::new(page_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
    })
}

pub async fn check(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (ask, rewards) = open(&ctx, &slug).await?;
    let typed = Typed::new(&ctx, posted.fields);
    let gift = match checked(&ctx, &posted.visitor, &ask, &rewards, &typed) {
        Ok(gift) => gift,
        Err(again) => return *again,
    };
    let total = gift
        .amount
        .checked_add(gift.tip)
        .map_err(|cause| Error::Internal(cause.into()))?;
    let net = fee::net(gift.amount);
    page(&GiveCheckPage {
        page: posted
            .visitor
            .page(&ctx, LANG.t("give-title-check"), Here::Elsewhere),
        campaign: ask.gift_for(),
        gift: gift.amount,
        tip: gift.tip,
        total,
        project_gets: net.net,
        reward: title(&rewards, &typed),
        email: gift.email.to_string(),
        visibility: visibility_words(LANG, gift.visibility),
        mandate_version: TERMS_VERSION.into(),
        carried: typed.carried(&[]),
    })
}

/// The last button: the pledge is written down, and the person goes on to the provider's page.
pub async fn create(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (ask, rewards) = open(&ctx, &slug).await?;
    let typed = Typed::new(&ctx, posted.fields);
    let gift = match checked(&ctx, &posted.visitor, &ask, &rewards, &typed) {
        Ok(gift) => gift,
        Err(again) => return *again,
    };
    let started = match pledges::give(&ctx, &ask, &gift).await {
        Ok(started) => started,
        Err(GiveError::Other(error)) => return Err(error),
        Err(GiveError::Refused(refused)) => {
            let again = amount_page(
                &ctx,
                &posted.visitor,
                &ask,
                &rewards,
                &typed,
                &[at_field(&refused)],
            );
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
        Err(GiveError::RewardGone) => {
            use felag_domain::words::Refusal;
            let gone = FieldRefusal {
                field: "reward",
                words: RewardGone.words(),
            };
            let again = amount_page(&ctx, &posted.visitor, &ask, &rewards, &typed, &[gone]);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    match pledges::checkout(&ctx, &ask, &started.token).await {
        Ok(url) => Ok(see_other(&url)),
        // The draft stands; its page says how to go on.
        Err(Error::ProviderAway | Error::Gone) => Ok(see_other(&format!("/pledges/{}", started.token))),
        Err(error) => Err(error),
    }
}
