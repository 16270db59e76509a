//! Beginning to support a project: a draft, then the provider's hosted page, which saves the card.

use felag_domain::campaign::CHECKOUT_HOLD;
use felag_domain::ids::{PersonId, SupportId};
use felag_domain::money::Money;
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::pledge::{NewPledge, PledgeRefusal, Terms, Visibility};
use felag_domain::support::{Period, SupportState};
use felag_frontend::Lang;
use felag_frontend::support::mandate;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::{About, Support, jobs, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::objects::Session;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::requests::{self, Checkout};
use crate::payments::{Kind, Outcome, unit};
use crate::web::limits::Limit;

/// As for pledges, and counted together with them: a bot that tries stolen cards gets no more calls this way.
const PER_ADDRESS: Limit = Limit::new("checkout.address", 5, Duration::HOUR);
const PER_PERSON: Limit = Limit::new("checkout.person", 10, Duration::HOUR);
const PER_EMAIL: Limit = Limit::new("checkout.email", 6, Duration::DAY);
/// How many on one project.
const PER_PROJECT: Limit = Limit::new("checkout.project", 600, Duration::minutes(10));

/// What a person wants to give each time, each part checked by itself.
#[derive(Debug, Clone)]
pub struct Gift {
    pub amount: Money,
    pub tip: Money,
    pub period: Period,
    pub person: Option<PersonId>,
    pub email: EmailAddress,
    pub name: Option<DisplayName>,
    pub visibility: Visibility,
    /// Made with the form: sent again, it makes no second support.
    pub request_key: Uuid,
    /// The address limits are counted by.
    pub address: String,
}

/// Why no support was begun.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error(transparent)]
    Refused(#[from] PledgeRefusal),
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for NotBegun {
    fn from(cause: sqlx::Error) -> Self {
        Self::Other(cause.into())
    }
}

impl From<anyhow::Error> for NotBegun {
    fn from(cause: anyhow::Error) -> Self {
        Self::Other(cause.into())
    }
}

/// Checks an amount and a tip by the rules of every gift.
///
/// # Errors
/// [`PledgeRefusal`], worded for the form.
pub fn check(amount: Money, tip: Money) -> Result<NewPledge, PledgeRefusal> {
    let terms = Terms {
        currency: amount.currency(),
        is_open: true,
    };
    let new = NewPledge::decide(&terms, amount, None, tip)?;
    if !unit::can_be_charged(new.charge()) {
        return Err(PledgeRefusal::WrongCurrency(amount.currency()));
    }
    Ok(new)
}

/// Writes the support down as a draft; its token. The same `request_key` again returns the first one.
///
/// # Errors
/// Worded for the form; [`Error::TooMany`], [`Error::Gone`] where no support is taken.
pub async fn begin(ctx: &Ctx, about: &About, gift: &Gift) -> Result<String, NotBegun> {
    check(gift.amount, gift.tip)?;
    if !about.takes_support() {
        return Err(Error::Gone.into());
    }
    if let Some(first) = store::by_request(&ctx.db, about.id, gift.request_key).await? {
        return Ok(first.token);
    }
    let mut tx = ctx.db.begin().await?;
    let (id, token) = (ctx.id::<SupportId>(), ctx.random.token());
    let new = store::New {
        id,
        project: about.id,
        person: gift.person,
        email: gift.email.as_str(),
        name: gift.name.as_ref().map_or("", DisplayName::as_str),
        visibility: gift.visibility,
        amount: gift.amount,
        tip: gift.tip,
        period: gift.period,
        token: &token,
        request_key: gift.request_key,
        address: &gift.address,
    };
    if !store::insert(&mut tx, &new, ctx.now()).await? {
        // The same form won the race in another request.
        drop(tx);
        let first = store::by_request(&ctx.db, about.id, gift.request_key).await?;
        return Ok(first.ok_or(Error::NotFound)?.token);
    }
    within_limits(&mut tx, ctx, about, gift).await?;
    jobs::watch_checkout(&mut tx, ctx, about.id, id).await?;
    tx.commit().await?;
    Ok(token)
}

async fn within_limits(
    conn: &mut PgConnection,
    ctx: &Ctx,
    about: &About,
    gift: &Gift,
) -> Result<(), NotBegun> {
    let now = ctx.now();
    let may = match gift.person {
        Some(person) => PER_PERSON.take_in(conn, now, &person.to_string()).await?,
        None => PER_ADDRESS.take_in(conn, now, &gift.address).await?,
    };
    if !may
        || !PER_EMAIL.take_in(conn, now, gift.email.as_str()).await?
        || !PER_PROJECT.take_in(conn, now, &about.id.to_string()).await?
    {
        return Err(Error::TooMany.into());
    }
    Ok(())
}

/// The address of the hosted page that saves this support's first card.
///
/// # Errors
/// [`Error::ProviderAway`], [`Error::Gone`] when it waits for no card any more.
pub async fn checkout(ctx: &Ctx, token: &str) -> Result<String, Error> {
    let support = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if support.state != SupportState::Draft {
        return Err(Error::Gone);
    }
    open_checkout(ctx, support).await
}

/// Opens the checkout, or goes on with the one that is open.
pub(super) async fn open_checkout(ctx: &Ctx, support: Support) -> Result<String, Error> {
    let about = About::of(&ctx.db, support.project).await?;
    let mut tx = ctx.db.begin().await?;
    let support = store::lock(&mut tx, support.project, support.id)
        .await?
        .ok_or(Error::NotFound)?;
    let is_open = support.checkout_expires_at.is_some_and(|until| ctx.now() < until);
    if let Some(url) = support.checkout_url.clone().filter(|_| is_open) {
        return Ok(url);
    }
    let total = support.total()?;
    let operation = write_to_perform(&mut tx, ctx, support.subject(), Kind::CreateCheckout, |tag| {
        let own = format!("{}/supports/{}", ctx.config.public_url, support.token);
        let checkout = Checkout {
            customer: support.customer.as_deref(),
            email: &support.email,
            success_url: format!("{own}/return"),
            cancel_url: own,
            mandate: mandate(Lang::En, support.period, total, &about.name),
            expires_at: ctx.now() + CHECKOUT_HOLD + Duration::MINUTE,
            debits: false,
        };
        requests::create_checkout(tag, support.amount.currency(), &checkout)
    })
    .await?;
    tx.commit().await?;
    let url = match perform(ctx, operation).await? {
        Some(Outcome::Done(session)) => serde_json::from_value::<Session>(session)
            .ok()
            .and_then(|made| made.url),
        Some(Outcome::Refused(trouble)) => {
            return Err(Error::Internal(anyhow::anyhow!(
                "the provider made no checkout: {:?}",
                trouble.message
            )));
        }
        None => store::by_token(&ctx.db, &support.token)
            .await?
            .and_then(|support| support.checkout_url),
    };
    url.ok_or(Error::ProviderAway)
}
