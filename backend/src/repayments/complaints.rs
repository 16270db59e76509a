//! Complaints: from anybody, acknowledged at once, answered with reasons by a steward, kept in a register.

use felag_domain::ids::PersonId;
use felag_domain::person::EmailAddress;
use felag_domain::words::Refusals;
use felag_frontend::Lang;
use felag_frontend::mail::complaints::{Acknowledged, Answered};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::audit;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::{NewMessage, queue};
use crate::people::limits::account;
use crate::projects::{NotSaved, Say};
use crate::web::limits::Limit;

/// Complaints from one place, and mails about them to one mailbox.
const FROM: Limit = Limit::new("complaint.address", 10, Duration::HOUR);
const TO: Limit = Limit::new("complaint.recipient", 5, Duration::DAY);

/// The longest complaint and the longest answer, in characters.
const WORDS_MOST: usize = 5_000;
const ABOUT_MOST: usize = 200;
/// A register page shows so many.
const PAGE: i64 = 200;

/// A complaint as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// Chosen by the form: two clicks make one complaint.
    pub id: Uuid,
    pub person: Option<PersonId>,
    pub email: &'a str,
    pub about: &'a str,
    pub words: &'a str,
    /// Where it came from: limits count by it.
    pub address: &'a str,
}

/// A complaint in the register.
#[derive(Debug, Clone)]
pub struct Complaint {
    pub id: Uuid,
    pub email: String,
    pub about: String,
    pub words: String,
    pub created_at: OffsetDateTime,
    pub answer: Option<String>,
    pub answered_at: Option<OffsetDateTime>,
}

/// Text that is needed, and not longer than it may be.
fn said(typed: &str, most: usize, missing: &'static str) -> Result<String, Say> {
    match typed.trim() {
        "" => Err(Say(missing)),
        text if text.chars().count() > most => Err(Say("complaint-too-long")),
        text => Ok(text.to_string()),
    }
}

/// Takes a complaint, and says so by mail. The mail repeats none of it: nobody proved that the address is theirs.
///
/// # Errors
/// What is wrong with it, in words; [`Error::TooMany`].
pub async fn complain(ctx: &Ctx, typed: Typed<'_>) -> Result<(), NotSaved> {
    let mut refusals = Refusals::new();
    let email = match EmailAddress::parse(typed.email) {
        Ok(email) => Some(email),
        Err(refused) => {
            refusals.note("email", &refused);
            None
        }
    };
    let about = refusals.keep("about", said(typed.about, ABOUT_MOST, "complaint-about-missing"));
    let words = refusals.keep("words", said(typed.words, WORDS_MOST, "complaint-words-missing"));
    let (Some(email), Some(about), Some(words)) = (email, about, words) else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    if !FROM.take(ctx, typed.address).await? || !TO.take(ctx, &account(&email)).await? {
        return Err(NotSaved::Failed(Error::TooMany));
    }
    let mut tx = ctx.db.begin().await?;
    let done = sqlx::query!(
        "insert into complaint (complaint_id, person_id, email, about, words, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (complaint_id) do nothing",
        typed.id,
        typed.person as _,
        email.as_str(),
        about,
        words,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        let mail = Acknowledged {
            number: typed.id.to_string(),
            at: ctx.now(),
        };
        tell(
            &mut tx,
            ctx,
            ("complaint_received", typed.id),
            email.as_str(),
            mail.mail(Lang::En),
        )
        .await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    (kind, id): (&'static str, Uuid),
    recipient: &str,
    mail: crate::mail::Mail,
) -> sqlx::Result<()> {
    let message = NewMessage {
        kind,
        event: id.to_string(),
        recipient,
        mail,
        sender: None,
        list: None,
    };
    queue(conn, ctx, vec![message]).await
}

/// The newest complaints.
pub async fn register(db: &PgPool) -> sqlx::Result<Vec<Complaint>> {
    sqlx::query_as!(
        Complaint,
        "select complaint_id as id, email, about, words, created_at, answer, answered_at
         from complaint order by created_at desc, complaint_id limit $1",
        PAGE,
    )
    .fetch_all(db)
    .await
}

pub async fn find(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Complaint>> {
    sqlx::query_as!(
        Complaint,
        "select complaint_id as id, email, about, words, created_at, answer, answered_at
         from complaint where complaint_id = $1",
        id,
    )
    .fetch_optional(db)
    .await
}

/// A steward answers, with reasons, once.
///
/// # Errors
/// What stands against it, in words.
pub async fn answer(ctx: &Ctx, id: Uuid, steward: PersonId, typed: &str) -> Result<(), NotSaved> {
    let mut refusals = Refusals::new();
    let answer = refusals.keep("answer", said(typed, WORDS_MOST, "complaint-answer-missing"));
    let Some(answer) = answer else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    let mut tx = ctx.db.begin().await?;
    let found = sqlx::query!(
        "update complaint set answer = $2, answered_by = $3, answered_at = $4
         where complaint_id = $1 and answered_at is null and person_id is distinct from $3
         returning email, about",
        id,
        answer,
        steward as _,
        ctx.now(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(found) = found else {
        return Err(NotSaved::on_top(&Say("complaint-not-to-be-answered")));
    };
    let act = audit::Act {
        actor: Some(steward),
        kind: "complaint.answered",
        project: None,
        campaign: None,
        subject: found.about.clone(),
        reason: &answer,
        detail: json!({ "complaint": id }),
        refused: false,
    };
    audit::record(&mut tx, ctx, &act).await?;
    let mail = Answered {
        number: id.to_string(),
        about: found.about,
        answer: answer.clone(),
    };
    tell(
        &mut tx,
        ctx,
        ("complaint_answered", id),
        &found.email,
        mail.mail(Lang::En),
    )
    .await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
