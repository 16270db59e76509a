//! A second factor: a code from a phone, asked for before anything is done to money ([`Proven`]). Set up with the
//! password and a first code; recovery codes for a lost phone; `reset` for who has lost both.
//!
//! Codes and how long they count are wall time: a phone does not follow the sandbox's clock (ADR 7). Waits and
//! dates follow the one clock like everything else.

mod codes;
mod mail;
mod proven;
pub mod reset;
mod store;

use felag_domain::person::factor::{self, CodeError, RECOVERY_CODES, TypedCode};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub use proven::{Proven, ProvenPosted, Unproven, require_for_form, require_for_page};
pub use store::Standing;

use self::codes::Phone;
use super::Person;
use crate::audit::{self, Act};
use crate::clock::wall;
use crate::ctx::Ctx;
use crate::error::Error;

/// Where the factor is set up and switched off.
pub const SETTINGS: &str = "/my/second-factor";
/// Where a code is given.
pub const CONFIRMATION: &str = "/my/second-factor/confirmation";

/// Why nothing was done.
#[derive(Debug)]
pub enum NotDone {
    /// The password is wrong.
    Password,
    Code(CodeError),
    /// It was done already, or is over: the page says how things stand.
    Over,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for NotDone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// `page`, with where to go afterwards.
pub fn address_with_next(page: &str, next: &str) -> String {
    if next.is_empty() {
        return page.to_string();
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    format!("{page}?{query}")
}

/// The factor of a person, once it is confirmed.
///
/// # Errors
/// When the database cannot be reached.
pub async fn standing(ctx: &Ctx, person: &Person) -> Result<Option<Standing>, Error> {
    Ok(store::standing(&ctx.db, person.id).await?)
}

/// Makes a secret for this browser to show; nothing is protected by it before [`confirm`].
///
/// # Errors
/// [`NotDone::Password`], and [`NotDone::Over`] when a factor is in use.
pub async fn begin(ctx: &Ctx, person: &Person, sign_in: &[u8], password: &str) -> Result<(), NotDone> {
    if !super::is_password_of(ctx, person, password).await? {
        return Err(NotDone::Password);
    }
    let mut tx = ctx.db.begin().await?;
    let key = store::key(&mut tx, ctx).await?;
    let secret = ctx.random.bytes::<{ codes::SECRET_BYTES }>();
    let sealed = codes::seal(&key, ctx.random.bytes(), person.id, &secret)?;
    if !store::begin(&mut tx, person.id, &sealed, sign_in, ctx.now()).await? {
        return Err(NotDone::Over);
    }
    tx.commit().await?;
    Ok(())
}

/// What somebody sees who is setting a factor up.
pub struct Setup {
    /// What the square code says.
    pub address: String,
    /// The secret in letters.
    pub letters: String,
}

/// What this browser shows while a factor is being set up; `None` when none is, or in another browser.
///
/// # Errors
/// When the database cannot be reached.
pub async fn setup(ctx: &Ctx, person: &Person, sign_in: &[u8]) -> Result<Option<Setup>, Error> {
    let held = store::find(&ctx.db, person.id).await?;
    let Some(held) = held.filter(|held| is_being_set_up(held, sign_in, ctx.now())) else {
        return Ok(None);
    };
    let phone = phone(&mut *ctx.db.acquire().await?, ctx, person, &held).await?;
    Ok(Some(Setup {
        address: phone.address()?,
        letters: phone.letters(),
    }))
}

fn is_being_set_up(held: &store::Held, sign_in: &[u8], now: OffsetDateTime) -> bool {
    held.confirmed_at.is_none() && held.token_hash == sign_in && now < held.created_at + factor::SETTING_UP
}

async fn phone(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: &Person,
    held: &store::Held,
) -> anyhow::Result<Phone> {
    let key = store::key(conn, ctx).await?;
    Phone::new(codes::open(&key, person.id, &held.sealed)?, &person.email)
}

/// Switches the factor on with a first code from the phone, and gives the recovery codes, which are never shown
/// again. The code counts for acts on money, too.
///
/// # Errors
/// [`NotDone::Code`], and [`NotDone::Over`] when nothing is being set up in this browser.
pub async fn confirm(
    ctx: &Ctx,
    person: &Person,
    sign_in: &[u8],
    typed: &str,
) -> Result<Vec<String>, NotDone> {
    let mut tx = ctx.db.begin().await?;
    let held = store::hold(&mut tx, person.id).await?;
    let Some(held) = held.filter(|held| is_being_set_up(held, sign_in, ctx.now())) else {
        return Err(NotDone::Over);
    };
    if let Err(refused) = take(&mut tx, ctx, person, &held, typed).await? {
        tx.commit().await?;
        return Err(NotDone::Code(refused));
    }
    store::confirm(&mut tx, person.id, ctx.now()).await?;
    store::set_given(&mut tx, person.id, sign_in, wall()).await?;
    let codes = new_set(&mut tx, ctx, person).await?;
    record(&mut tx, ctx, person, "second_factor.switched_on").await?;
    mail::switched_on(&mut tx, ctx, &person.email).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(codes)
}

/// Takes a code from the phone or a recovery code: from now on this sign-in may act on money, for a quarter of an
/// hour. Says how many recovery codes are left if it was one.
///
/// # Errors
/// [`NotDone::Code`], and [`NotDone::Over`] when there is no factor.
pub async fn give(ctx: &Ctx, person: &Person, sign_in: &[u8], typed: &str) -> Result<Option<i64>, NotDone> {
    let mut tx = ctx.db.begin().await?;
    let held = store::hold(&mut tx, person.id).await?;
    let Some(held) = held.filter(|held| held.confirmed_at.is_some()) else {
        return Err(NotDone::Over);
    };
    let taken = take(&mut tx, ctx, person, &held, typed).await?;
    if taken.is_ok() {
        store::set_given(&mut tx, person.id, sign_in, wall()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    taken.map_err(NotDone::Code)
}

/// Judges a code, and writes down that it was taken or wrong: to be committed either way. Gives how many recovery
/// codes are left if it was one.
async fn take(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: &Person,
    held: &store::Held,
    typed: &str,
) -> Result<Result<Option<i64>, CodeError>, Error> {
    let typed = match TypedCode::parse(typed) {
        Ok(typed) => typed,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Err(wait) = factor::may_try(&held.wrong_at, ctx.now()) {
        tracing::warn!(person = %person.id, "too many wrong codes of a second factor");
        return Ok(Err(wait));
    }
    let judged = match &typed {
        TypedCode::Phone(code) => {
            let step = phone(conn, ctx, person, held).await?.step_of(code, wall());
            match factor::take_step(step, held.last_step) {
                Ok(step) => store::set_step(conn, person.id, step).await.map(|()| Ok(None))?,
                Err(refused) => Err(refused),
            }
        }
        // While it is being set up, only the phone shows that the phone works.
        TypedCode::Recovery(_) if held.confirmed_at.is_none() => Err(CodeError::NotACode),
        TypedCode::Recovery(code) => use_recovery(conn, ctx, person, held, code).await?,
    };
    match judged {
        Ok(left) => {
            reset::cancel_open(conn, ctx, person).await?;
            Ok(Ok(left))
        }
        // A code given twice is no guess.
        Err(CodeError::Used) => Ok(Err(CodeError::Used)),
        Err(refused) => {
            let mut wrong = held.wrong_at.clone();
            wrong.push(ctx.now());
            let kept = &wrong[wrong.len().saturating_sub(factor::WRONG_MOST)..];
            store::set_wrong(conn, person.id, kept).await?;
            Ok(Err(refused))
        }
    }
}

async fn use_recovery(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: &Person,
    held: &store::Held,
    code: &str,
) -> Result<Result<Option<i64>, CodeError>, Error> {
    let hash = codes::recovery_hash(code);
    let Some(left) = store::use_recovery(conn, person.id, &hash, ctx.now()).await? else {
        return Ok(Err(CodeError::Wrong));
    };
    store::set_step(conn, person.id, held.last_step).await?;
    record(conn, ctx, person, "second_factor.recovery_code_used").await?;
    mail::recovery_code_used(conn, ctx, &person.email, left).await?;
    Ok(Ok(Some(left)))
}

/// New recovery codes in place of the old ones, for somebody who is [`Proven`].
///
/// # Errors
/// [`NotDone::Over`] when there is no factor.
pub async fn renew_recovery_codes(ctx: &Ctx, person: &Person) -> Result<Vec<String>, NotDone> {
    let mut tx = ctx.db.begin().await?;
    let held = store::hold(&mut tx, person.id).await?;
    if held.is_none_or(|held| held.confirmed_at.is_none()) {
        return Err(NotDone::Over);
    }
    let codes = new_set(&mut tx, ctx, person).await?;
    record(&mut tx, ctx, person, "second_factor.recovery_codes_made").await?;
    mail::recovery_codes_made(&mut tx, ctx, &person.email).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(codes)
}

async fn new_set(conn: &mut PgConnection, ctx: &Ctx, person: &Person) -> sqlx::Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| factor::recovery_code(ctx.random.bytes()))
        .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| codes::recovery_hash(code)).collect();
    store::replace_recovery(conn, person.id, &hashes, ctx.now()).await?;
    Ok(codes)
}

/// Whether each of these is an unused recovery code of this person: only then a file with them is handed out.
///
/// # Errors
/// When the database cannot be reached.
pub async fn are_recovery_codes(ctx: &Ctx, person: &Person, codes: &[String]) -> Result<bool, Error> {
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| codes::recovery_hash(code)).collect();
    let known = store::count_unused(&ctx.db, person.id, &hashes).await?;
    Ok(!codes.is_empty() && usize::try_from(known) == Ok(codes.len()))
}

/// Switches the factor off, with the password and a code of either kind. Acts on money ask for a new one then. Its
/// owner is told by mail, and so are the other owners of projects whose money they may move.
///
/// # Errors
/// [`NotDone::Password`], [`NotDone::Code`], and [`NotDone::Over`] when there is no factor.
pub async fn switch_off(ctx: &Ctx, person: &Person, password: &str, typed: &str) -> Result<(), NotDone> {
    if !super::is_password_of(ctx, person, password).await? {
        return Err(NotDone::Password);
    }
    let mut tx = ctx.db.begin().await?;
    let held = store::hold(&mut tx, person.id).await?;
    let Some(held) = held.filter(|held| held.confirmed_at.is_some()) else {
        return Err(NotDone::Over);
    };
    if let Err(refused) = take(&mut tx, ctx, person, &held, typed).await? {
        tx.commit().await?;
        return Err(NotDone::Code(refused));
    }
    store::remove(&mut tx, person.id).await?;
    record(&mut tx, ctx, person, "second_factor.switched_off").await?;
    mail::switched_off(&mut tx, ctx, &person.email).await?;
    mail::tell_owners(&mut tx, ctx, person.id, &person.name).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// The code that a phone would show now. Only where every mail can be read as well: in the sandbox, on this machine.
/// `None` elsewhere, and when the code of this moment was used already.
///
/// # Errors
/// When the database cannot be reached.
pub async fn demo_code(ctx: &Ctx, person: &Person) -> Result<Option<String>, Error> {
    if !ctx.config.has_mailbox() {
        return Ok(None);
    }
    let Some(held) = store::find(&ctx.db, person.id).await? else {
        return Ok(None);
    };
    let phone = phone(&mut *ctx.db.acquire().await?, ctx, person, &held).await?;
    let now = factor::step_at(wall());
    let step = now.max(held.last_step + 1);
    Ok((step <= now + factor::STEPS_OFF).then(|| phone.code_of(step)))
}

/// One row in the log for each project whose money the person may move, else one alone.
async fn record(conn: &mut PgConnection, ctx: &Ctx, person: &Person, kind: &str) -> sqlx::Result<()> {
    let entrusted = store::entrusted(conn, person.id).await?;
    let projects: Vec<_> = if entrusted.is_empty() {
        vec![None]
    } else {
        entrusted.iter().map(|one| Some(one.project)).collect()
    };
    for project in projects {
        let act = Act {
            actor: Some(person.id),
            kind,
            project,
            campaign: None,
            subject: person.name.clone(),
            reason: "",
            detail: json!({}),
            refused: false,
        };
        audit::record(conn, ctx, &act).await?;
    }
    Ok(())
}
