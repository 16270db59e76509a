//! Making a pledge: a draft that holds its reward, then the provider's hosted page, which saves the card.

use felag_domain::campaign::CHECKOUT_HOLD;
use felag_domain::ids::{PersonId, PledgeId, RewardId};
use felag_domain::money::Money;
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::pledge::{NewPledge, PledgeRefusal, PledgeState, RewardTerms, Terms, Visibility};
use felag_frontend::Lang;
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::{Ask, Pledge, TERMS_VERSION, ask, card, jobs, store};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::db::violates;
use crate::error::Error;
use crate::payments::objects::Session;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::requests::{self, Checkout};
use crate::payments::{Kind, Outcome, unit};
use crate::planted::{self, Plant};
use crate::web::limits::Limit;

/// How many checkouts guests may begin from one address, whatever the browser says it is: a bot that tries stolen
/// cards makes at most so many calls to the provider, because a checkout is one call.
const CHECKOUTS_PER_ADDRESS: Limit = Limit::new("checkout.address", 5, Duration::HOUR);
/// Somebody with an account is counted by that instead, so that one office can give together.
const CHECKOUTS_PER_PERSON: Limit = Limit::new("checkout.person", 10, Duration::HOUR);
/// How many for one e-mail address, from anywhere.
const CHECKOUTS_PER_EMAIL: Limit = Limit::new("checkout.email", 6, Duration::DAY);
/// How many on one campaign: a flood over many addresses is slowed down here.
const CHECKOUTS_PER_CAMPAIGN: Limit = Limit::new("checkout.campaign", 600, Duration::minutes(10));
/// Drafts with an open checkout that one person or address may hold in one campaign.
const OPEN_DRAFTS: i64 = 3;

/// What a person wants to give, each part checked by itself.
#[derive(Debug, Clone)]
pub struct Gift {
    pub amount: Money,
    pub tip: Money,
    pub reward: Option<RewardId>,
    pub person: Option<PersonId>,
    pub email: EmailAddress,
    pub name: Option<DisplayName>,
    pub visibility: Visibility,
    /// Made with the form: sent again, it makes no second pledge.
    pub request_key: Uuid,
    /// The address limits are counted by.
    pub address: String,
}

/// Why a gift was not taken: for the form.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    #[error(transparent)]
    Refused(#[from] PledgeRefusal),
    #[error("that reward is gone")]
    RewardGone,
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for GiveError {
    fn from(cause: sqlx::Error) -> Self {
        Self::Other(cause.into())
    }
}

impl From<anyhow::Error> for GiveError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Other(cause.into())
    }
}

/// A draft and where its checkout is.
#[derive(Debug, Clone)]
pub struct Started {
    pub pledge: PledgeId,
    pub token: String,
}

/// Writes the pledge down as a draft and holds its reward. The same `request_key` again returns the first one.
///
/// # Errors
/// Worded for the form; [`Error::TooMany`] when the address, the e-mail or the campaign has had too many checkouts.
pub async fn give(ctx: &Ctx, campaign: &Ask, gift: &Gift) -> Result<Started, GiveError> {
    if let Some(first) = store::by_request(&ctx.db, campaign.id, gift.request_key).await? {
        return Ok(Started {
            pledge: first.id,
            token: first.token,
        });
    }
    check(ctx, campaign, gift).await?;
    match write(ctx, campaign, gift).await {
        Err(GiveError::Other(Error::Internal(cause))) if lost_a_race_for_stock(&cause) => {
            Err(GiveError::RewardGone)
        }
        Ok(Some(started)) => {
            ctx.crash_point(CrashPoint::PledgeDrafted);
            Ok(started)
        }
        // The same form won the race in another request.
        Ok(None) => {
            let first = store::by_request(&ctx.db, campaign.id, gift.request_key)
                .await?
                .ok_or(Error::NotFound)?;
            Ok(Started {
                pledge: first.id,
                token: first.token,
            })
        }
        Err(other) => Err(other),
    }
}

fn lost_a_race_for_stock(cause: &anyhow::Error) -> bool {
    cause
        .downcast_ref::<sqlx::Error>()
        .is_some_and(|error| violates(error, "reward_is_never_oversold"))
}

async fn check(ctx: &Ctx, campaign: &Ask, gift: &Gift) -> Result<NewPledge, GiveError> {
    let rewards = ask::rewards(&ctx.db, campaign.id).await?;
    let reward = match gift.reward {
        Some(id) => Some(
            rewards
                .iter()
                .find(|reward| reward.id == id)
                .ok_or(GiveError::RewardGone)?,
        ),
        None => None,
    };
    let terms = Terms {
        currency: campaign.currency,
        is_open: campaign.takes_pledges(ctx.now()),
    };
    let reward = reward.map(|reward| RewardTerms {
        price: Money::from_minor(reward.price_minor, campaign.currency),
        currency: campaign.currency,
    });
    let new = NewPledge::decide(&terms, gift.amount, reward.as_ref(), gift.tip)?;
    if !unit::can_be_charged(new.charge()) {
        return Err(PledgeRefusal::LastDigit.into());
    }
    Ok(new)
}

/// Card testing: whatever is counted here is counted before the provider hears anything, and no mail is sent.
async fn within_limits(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Ask,
    gift: &Gift,
) -> Result<(), GiveError> {
    let now = ctx.now();
    let open = store::open_drafts(conn, campaign.id, gift.email.as_str(), &gift.address).await?;
    let of_campaign = campaign.id.to_string();
    let may = match gift.person {
        Some(person) => {
            CHECKOUTS_PER_PERSON
                .take_in(conn, now, &person.to_string())
                .await?
        }
        None => CHECKOUTS_PER_ADDRESS.take_in(conn, now, &gift.address).await?,
    };
    // The draft this gift has just become is among them.
    if open > OPEN_DRAFTS
        || !may
        || !CHECKOUTS_PER_EMAIL
            .take_in(conn, now, gift.email.as_str())
            .await?
        || !CHECKOUTS_PER_CAMPAIGN.take_in(conn, now, &of_campaign).await?
    {
        return Err(Error::TooMany.into());
    }
    Ok(())
}

async fn write(ctx: &Ctx, campaign: &Ask, gift: &Gift) -> Result<Option<Started>, GiveError> {
    let mut tx = ctx.db.begin().await?;
    let now_open = Ask::share(&mut tx, campaign.id).await?.takes_pledges(ctx.now());
    if !now_open {
        return Err(PledgeRefusal::Closed.into());
    }
    let counts = !ask::is_member(&mut tx, campaign.project_id, gift.person, gift.email.as_str()).await?;
    let started = Started {
        pledge: ctx.id(),
        token: ctx.random.token(),
    };
    let new = store::New {
        id: started.pledge,
        campaign: campaign.id,
        person: gift.person,
        email: gift.email.as_str(),
        name: gift.name.as_ref().map_or("", DisplayName::as_str),
        visibility: gift.visibility,
        reward: gift.reward,
        amount: gift.amount,
        tip: gift.tip,
        counts,
        token: &started.token,
        request_key: gift.request_key,
        terms_version: TERMS_VERSION,
        address: &gift.address,
    };
    if !store::insert(&mut tx, &new, ctx.now()).await? {
        return Ok(None);
    }
    // Counted only for the request that makes the pledge: the same form sent 32 times is one attempt.
    // After the limits, which let one at a time through, nobody would see the fault.
    let takes_early = planted::is(Plant::NoLockOnReward);
    if let Some(reward) = gift.reward.filter(|_| takes_early) {
        store::take_stock(&mut tx, campaign.id, reward).await?;
    }
    within_limits(&mut tx, ctx, campaign, gift).await?;
    if let Some(reward) = gift.reward.filter(|_| !takes_early) {
        store::take_stock(&mut tx, campaign.id, reward).await?;
    }
    jobs::watch_checkout(&mut tx, ctx, campaign.id, started.pledge).await?;
    tx.commit().await?;
    Ok(Some(started))
}

/// The address of the hosted page that saves this pledge's card; one open checkout per pledge.
///
/// # Errors
/// [`Error::ProviderAway`] when the provider does not answer (the draft stays; trying again goes on with it),
/// [`Error::Gone`] when the pledge waits for no card any more.
pub async fn checkout(ctx: &Ctx, campaign: &Ask, token: &str) -> Result<String, Error> {
    let pledge = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if pledge.state != PledgeState::Draft || !campaign.takes_pledges(ctx.now()) {
        return Err(Error::Gone);
    }
    open_checkout(ctx, campaign, pledge).await
}

/// Opens the checkout, or goes on with the one that is open.
pub(super) async fn open_checkout(ctx: &Ctx, campaign: &Ask, pledge: Pledge) -> Result<String, Error> {
    if let Some(url) = open_url(ctx, &pledge) {
        return Ok(url);
    }
    let mut tx = ctx.db.begin().await?;
    let pledge = store::lock(&mut tx, pledge.campaign, pledge.id)
        .await?
        .ok_or(Error::NotFound)?;
    if let Some(url) = open_url(ctx, &pledge) {
        // Another click was quicker.
        return Ok(url);
    }
    let operation = write_to_perform(&mut tx, ctx, pledge.subject(), Kind::CreateCheckout, |tag| {
        let checkout = Checkout {
            customer: pledge.customer.as_deref(),
            email: &pledge.email,
            success_url: format!("{}/pledges/{}/return", ctx.config.public_url, pledge.token),
            cancel_url: format!("{}/pledges/{}", ctx.config.public_url, pledge.token),
            mandate: mandate(campaign, &pledge),
            expires_at: ctx.now() + CHECKOUT_HOLD + Duration::MINUTE,
            debits: false,
        };
        requests::create_checkout(tag, campaign.currency, &checkout)
    })
    .await?;
    tx.commit().await?;
    let url = match perform(ctx, operation).await? {
        Some(Outcome::Done(session)) => session_url(&session),
        Some(Outcome::Refused(trouble)) => {
            return Err(Error::Internal(anyhow::anyhow!(
                "the provider made no checkout: {:?}",
                trouble.message
            )));
        }
        None => store::by_token(&ctx.db, &pledge.token)
            .await?
            .and_then(|pledge| pledge.checkout_url),
    };
    url.ok_or(Error::ProviderAway)
}

fn open_url(ctx: &Ctx, pledge: &Pledge) -> Option<String> {
    let is_open = pledge.checkout_expires_at.is_some_and(|until| ctx.now() < until);
    pledge.checkout_url.clone().filter(|_| is_open)
}

fn session_url(session: &Value) -> Option<String> {
    serde_json::from_value::<Session>(session.clone()).ok()?.url
}

/// What the person agrees to, said once more above the provider's button.
fn mandate(campaign: &Ask, pledge: &Pledge) -> String {
    campaign
        .gift_for()
        .mandate(Lang::En, pledge.total().unwrap_or(pledge.amount))
}

/// Looks at a draft's checkout by itself: the poller that reaches the same end when webhooks never come.
pub(super) async fn watch(ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
    card::look_up(ctx, pledge).await
}
