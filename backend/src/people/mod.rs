//! People with an account: sign up, confirm the address, sign in and out, set a new password.
//!
//! Nothing here tells a stranger whether an address has an account: the answers are the same, and so is the
//! work.

pub mod jobs;
pub mod limits;
pub mod links;
mod mail;
pub mod next;
mod passwords;
pub mod second_factor;
pub mod store;
pub mod visitor;
pub mod web;

use felag_domain::ids::PersonId;
use felag_domain::person::{DisplayName, EmailAddress};
use sqlx::PgConnection;

pub use visitor::{Person, Posted, Steward, Visitor};

use self::links::Purpose;
use self::visitor::token_hash;
use crate::ctx::Ctx;
use crate::error::Error;

/// What somebody gives to open an account. The password was checked by
/// `felag_domain::person::check_password`.
pub struct NewPerson {
    pub name: DisplayName,
    pub email: EmailAddress,
    pub password: String,
}

/// An account that was opened just now, and the token of the link that confirms its address.
pub struct Opened {
    pub person: PersonId,
    pub confirm_token: String,
}

/// Opens an account and mails the link that confirms its address. Where there is one already, `None`: its
/// owner is told by mail, and the page must not show the difference. No more than a few such mails an hour go
/// to one mailbox.
///
/// # Errors
/// When the database cannot be reached or memory is out.
pub async fn sign_up(ctx: &Ctx, new: &NewPerson) -> Result<Option<Opened>, Error> {
    let may_mail = limits::CONFIRMATIONS_TO
        .take(ctx, &limits::account(&new.email))
        .await?;
    let hash = passwords::hash(ctx, &new.password).await?;
    let person: PersonId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let opened = if store::insert_person(&mut tx, person, &new.email, &new.name, &hash, ctx.now()).await? {
        let confirm_token =
            links::make(&mut tx, ctx, Purpose::ConfirmEmail, person, new.email.as_str()).await?;
        if may_mail {
            mail::confirm_email(&mut tx, ctx, new.email.as_str(), &confirm_token).await?;
        }
        Some(Opened {
            person,
            confirm_token,
        })
    } else {
        if may_mail {
            mail::has_account(&mut tx, ctx, new.email.as_str()).await?;
        }
        None
    };
    tx.commit().await?;
    ctx.wake_workers();
    Ok(opened)
}

/// Proves an address by the link sent to it. From then on gifts made with it belong to the account: see
/// [`Person::confirmed_email`]. `None` when the link no longer works.
///
/// # Errors
/// When the database cannot be reached.
pub async fn confirm_email(ctx: &Ctx, token: &str) -> Result<Option<(PersonId, EmailAddress)>, Error> {
    let mut tx = ctx.db.begin().await?;
    let Some(link) = links::use_up(&mut tx, Purpose::ConfirmEmail, token, ctx.now()).await? else {
        return Ok(None);
    };
    if !store::confirm_email(&mut tx, link.person, &link.email, ctx.now()).await? {
        return Ok(None);
    }
    links::void(&mut tx, Purpose::ConfirmEmail, link.person, ctx.now()).await?;
    tx.commit().await?;
    let email = EmailAddress::parse(&link.email).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(Some((link.person, email)))
}

/// Sends the link once more. Nothing happens when the address is confirmed already.
///
/// # Errors
/// [`Error::TooMany`] after a few in an hour.
pub async fn send_confirmation(ctx: &Ctx, person: &Person) -> Result<(), Error> {
    if person.email_is_confirmed {
        return Ok(());
    }
    let email = EmailAddress::parse(&person.email).map_err(|cause| Error::Internal(cause.into()))?;
    limits::count(ctx, limits::CONFIRMATIONS_TO, &limits::account(&email)).await?;
    let mut tx = ctx.db.begin().await?;
    let token = links::make(&mut tx, ctx, Purpose::ConfirmEmail, person.id, &person.email).await?;
    mail::confirm_email(&mut tx, ctx, &person.email, &token).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// The address of a person, once it is proven.
///
/// # Errors
/// When the database cannot be reached.
pub async fn confirmed_email(ctx: &Ctx, person: PersonId) -> Result<Option<EmailAddress>, Error> {
    let email = store::confirmed_email(&ctx.db, person).await?;
    email
        .map(|text| EmailAddress::parse(&text))
        .transpose()
        .map_err(|cause| Error::Internal(cause.into()))
}

/// Signs in, and gives the token for the cookie; `None` when address and password do not belong together. An
/// address without an account takes as long. `before` is the sign-in this browser had, which ends.
///
/// # Errors
/// When the database cannot be reached or memory is out.
pub async fn sign_in(
    ctx: &Ctx,
    email: &EmailAddress,
    password: &str,
    before: Option<&[u8]>,
) -> Result<Option<String>, Error> {
    let account = store::account(&mut *ctx.db.acquire().await?, email).await?;
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let is_right = passwords::matches(ctx, password, stored).await?;
    let Some(account) = account.filter(|_| is_right) else {
        return Ok(None);
    };
    let mut tx = ctx.db.begin().await?;
    if let Some(before) = before {
        store::end_sign_in(&mut tx, before).await?;
    }
    let token = new_sign_in(&mut tx, ctx, account.id, &account.password_hash).await?;
    tx.commit().await?;
    Ok(token)
}

async fn new_sign_in(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: PersonId,
    password_hash: &str,
) -> sqlx::Result<Option<String>> {
    let token = ctx.random.token();
    let is_in = store::insert_sign_in(conn, person, password_hash, &token_hash(&token), ctx.now()).await?;
    Ok(is_in.then_some(token))
}

/// Ends this browser's sign-in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sign_out(ctx: &Ctx, hash: &[u8]) -> Result<(), Error> {
    Ok(store::end_sign_in(&mut *ctx.db.acquire().await?, hash).await?)
}

/// Sets a new password through a mailed link, ends every sign-in of the account and begins a new one: gives
/// its token. `None` when the link no longer works.
///
/// # Errors
/// When the database cannot be reached or memory is out.
pub async fn reset_password(ctx: &Ctx, token: &str, password: &str) -> Result<Option<String>, Error> {
    let hash = passwords::hash(ctx, password).await?;
    let mut tx = ctx.db.begin().await?;
    let Some(link) = links::use_up(&mut tx, Purpose::ResetPassword, token, ctx.now()).await? else {
        return Ok(None);
    };
    if !store::reset_password(&mut tx, link.person, &link.email, &hash, ctx.now()).await? {
        return Ok(None);
    }
    links::void(&mut tx, Purpose::ResetPassword, link.person, ctx.now()).await?;
    store::end_sign_ins(&mut tx, link.person, None).await?;
    let sign_in = new_sign_in(&mut tx, ctx, link.person, &hash).await?;
    mail::password_changed(&mut tx, ctx, &link.email).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(sign_in)
}

/// Sets a new password for somebody who knows the one they have, ends every sign-in of the account and begins
/// a new one: gives its token. `None` when `current` is wrong.
///
/// # Errors
/// [`Error::TooMany`] when there were too many guesses at this account.
pub async fn change_password(
    ctx: &Ctx,
    person: &Person,
    current: &str,
    new: &str,
) -> Result<Option<String>, Error> {
    let Some(account) = account_by_password(ctx, person, current).await? else {
        return Ok(None);
    };
    let hash = passwords::hash(ctx, new).await?;
    let mut tx = ctx.db.begin().await?;
    if !store::change_password(&mut tx, person.id, &account.password_hash, &hash).await? {
        return Ok(None);
    }
    links::void(&mut tx, Purpose::ResetPassword, person.id, ctx.now()).await?;
    store::end_sign_ins(&mut tx, person.id, None).await?;
    let sign_in = new_sign_in(&mut tx, ctx, person.id, &hash).await?;
    mail::password_changed(&mut tx, ctx, &person.email).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(sign_in)
}

/// Tries an address once more that its mail server had refused for good: a mail is sent at once. Nothing happens
/// when it was not refused.
///
/// # Errors
/// [`Error::Forbidden`] when the address is not proven to be theirs, [`Error::TooMany`] the second time in a day.
pub async fn try_mail_again(ctx: &Ctx, person: &Person) -> Result<(), Error> {
    let email = person.confirmed_email().ok_or(Error::Forbidden)?;
    if crate::mail::store::refusal(&ctx.db, email).await?.is_none() {
        return Ok(());
    }
    limits::count(ctx, limits::MAIL_AGAIN, &person.id.to_string()).await?;
    let mut tx = ctx.db.begin().await?;
    crate::mail::store::forget_refusal(&mut tx, email).await?;
    mail::address_works(&mut tx, ctx, email).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Whether this is the person's password: asked for once more before what must not happen by somebody else's hand.
///
/// # Errors
/// [`Error::TooMany`] when there were too many guesses at this account.
pub async fn is_password_of(ctx: &Ctx, person: &Person, password: &str) -> Result<bool, Error> {
    Ok(account_by_password(ctx, person, password).await?.is_some())
}

async fn account_by_password(
    ctx: &Ctx,
    person: &Person,
    password: &str,
) -> Result<Option<store::Account>, Error> {
    let email = EmailAddress::parse(&person.email).map_err(|cause| Error::Internal(cause.into()))?;
    limits::count(ctx, limits::SIGN_INS_OF_ACCOUNT, &limits::account(&email)).await?;
    let account = store::account(&mut *ctx.db.acquire().await?, &email).await?;
    let Some(account) = account.filter(|account| account.id == person.id) else {
        return Ok(None);
    };
    let is_right = passwords::matches(ctx, password, Some(&account.password_hash)).await?;
    Ok(is_right.then_some(account))
}

/// Ends every sign-in of a person but the one in use.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end_other_sign_ins(ctx: &Ctx, person: PersonId, keep: &[u8]) -> Result<(), Error> {
    Ok(store::end_sign_ins(&mut *ctx.db.acquire().await?, person, Some(keep)).await?)
}

/// Makes whoever has the account of this address a steward; `false` when nobody has. Only the command line
/// calls this: whoever runs the server says who is the first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn grant_steward(ctx: &Ctx, email: &EmailAddress) -> Result<bool, Error> {
    let found = store::make_steward(&ctx.db, email).await?;
    if found {
        tracing::info!("a steward was made");
    }
    Ok(found)
}
