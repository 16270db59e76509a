//! The slow way back for somebody who has lost phone and recovery codes: they ask with their password, are told by
//! mail twice, may take it back for 72 hours, and then a steward switches the factor off, with a reason.

use felag_domain::ids::PersonId;
use felag_domain::person::factor::RESET_WAIT;
use felag_domain::text::{self, TextError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{NotDone, mail, store};
use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::jobs::{self, Job};
use crate::people::Person;

/// How long before a steward may act the person is told once more.
const REMINDED_BEFORE: Duration = Duration::DAY;
/// A reason says at least so much.
const REASON: (usize, usize) = (10, 1000);

/// Somebody waits for their factor to be switched off.
pub struct Open {
    pub id: Uuid,
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub asked_at: OffsetDateTime,
    pub ready_at: OffsetDateTime,
}

/// What a person has asked for, if it is not over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of(ctx: &Ctx, person: PersonId) -> Result<Option<Open>, Error> {
    let found = open(&ctx.db, Some(person), None).await?;
    Ok(found.into_iter().next())
}

/// One of those who wait.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(ctx: &Ctx, id: Uuid) -> Result<Option<Open>, Error> {
    let found = open(&ctx.db, None, Some(id)).await?;
    Ok(found.into_iter().next())
}

/// Everybody who waits, the longest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Open>, Error> {
    Ok(open(&ctx.db, None, None).await?)
}

async fn open(db: &PgPool, person: Option<PersonId>, id: Option<Uuid>) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"select reset_id as id, person_id as "person: PersonId", display_name as name, email, asked_at, ready_at
           from factor_reset join person using (person_id)
           where cancelled_at is null and done_at is null and ($1::uuid is null or person_id = $1)
             and ($2::uuid is null or reset_id = $2)
           order by asked_at, reset_id limit 200"#,
        person as _,
        id,
    )
    .fetch_all(db)
    .await
}

/// Asks for the factor to be switched off. A second ask while one is open changes nothing.
///
/// # Errors
/// [`NotDone::Password`], and [`NotDone::Over`] when there is no factor.
pub async fn ask(ctx: &Ctx, person: &Person, password: &str) -> Result<(), NotDone> {
    if !crate::people::is_password_of(ctx, person, password).await? {
        return Err(NotDone::Password);
    }
    let mut tx = ctx.db.begin().await?;
    let held = store::hold(&mut tx, person.id).await?;
    if held.is_none_or(|held| held.confirmed_at.is_none()) {
        return Err(NotDone::Over);
    }
    let (id, ready) = (ctx.id::<Uuid>(), ctx.now() + RESET_WAIT);
    let asked = sqlx::query!(
        "insert into factor_reset (reset_id, person_id, asked_at, ready_at) values ($1, $2, $3, $4)
         on conflict (person_id) where cancelled_at is null and done_at is null do nothing",
        id,
        person.id as _,
        ctx.now(),
        ready,
    )
    .execute(&mut *tx)
    .await?;
    if asked.rows_affected() == 0 {
        return Ok(());
    }
    super::record(&mut tx, ctx, person, "second_factor.reset_asked").await?;
    mail::reset_asked(&mut tx, ctx, &person.email, ready).await?;
    let remind = RemindOfReset { reset: id };
    jobs::enqueue(&mut tx, ctx, &remind, ready - REMINDED_BEFORE, None).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Takes the ask back. Nothing happens when there is none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn cancel(ctx: &Ctx, person: &Person) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    cancel_open(&mut tx, ctx, person).await?;
    tx.commit().await?;
    Ok(())
}

/// As [`cancel`], with whatever else is done: who gives a right code has not lost the factor.
pub(super) async fn cancel_open(conn: &mut PgConnection, ctx: &Ctx, person: &Person) -> sqlx::Result<()> {
    let cancelled = sqlx::query!(
        "update factor_reset set cancelled_at = $2
         where person_id = $1 and cancelled_at is null and done_at is null",
        person.id as _,
        ctx.now(),
    )
    .execute(&mut *conn)
    .await?;
    if cancelled.rows_affected() > 0 {
        super::record(conn, ctx, person, "second_factor.reset_cancelled").await?;
    }
    Ok(())
}

/// Why a steward could not switch a factor off.
#[derive(Debug)]
pub enum NotReset {
    /// The reason says too little or too much.
    Reason(TextError),
    /// The 72 hours are not over.
    TooEarly(OffsetDateTime),
    /// It is the steward's own.
    Own,
    /// It was taken back or done meanwhile.
    Over,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for NotReset {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Switches somebody's factor off, after the wait and for a reason, and signs them out everywhere. Refusals are
/// written down, too.
///
/// # Errors
/// See [`NotReset`].
pub async fn carry_out(ctx: &Ctx, steward: &Person, id: Uuid, reason: &str) -> Result<(), NotReset> {
    let done = try_to_carry_out(ctx, steward, id, reason).await;
    let why = match &done {
        Err(NotReset::TooEarly(_)) => "too_early",
        Err(NotReset::Own) => "own",
        _ => return done,
    };
    let act = Act {
        actor: Some(steward.id),
        kind: "second_factor.reset",
        project: None,
        campaign: None,
        subject: id.to_string(),
        reason,
        detail: json!({ "refused": why }),
        refused: true,
    };
    audit::record_refused(ctx, &act).await?;
    done
}

async fn try_to_carry_out(ctx: &Ctx, steward: &Person, id: Uuid, reason: &str) -> Result<(), NotReset> {
    let reason = text::block(reason, REASON.0, REASON.1).map_err(NotReset::Reason)?;
    let mut tx = ctx.db.begin().await?;
    let open = sqlx::query!(
        r#"select person_id as "person: PersonId", ready_at, email, display_name
           from factor_reset join person using (person_id)
           where reset_id = $1 and cancelled_at is null and done_at is null for update of factor_reset"#,
        id,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(open) = open else {
        return Err(NotReset::Over);
    };
    if open.person == steward.id {
        return Err(NotReset::Own);
    }
    if ctx.now() < open.ready_at {
        return Err(NotReset::TooEarly(open.ready_at));
    }
    sqlx::query!(
        "update factor_reset set done_at = $2, steward_id = $3, reason = $4 where reset_id = $1",
        id,
        ctx.now(),
        steward.id as _,
        reason,
    )
    .execute(&mut *tx)
    .await?;
    store::remove(&mut tx, open.person).await?;
    crate::people::store::end_sign_ins(&mut tx, open.person, None).await?;
    let entrusted = store::entrusted(&mut tx, open.person).await?;
    let projects: Vec<_> = entrusted.iter().map(|one| Some(one.project)).collect();
    for project in if projects.is_empty() { vec![None] } else { projects } {
        let act = Act {
            actor: Some(steward.id),
            kind: "second_factor.reset",
            project,
            campaign: None,
            subject: open.display_name.clone(),
            reason: &reason,
            detail: json!({ "reset": id, "person": open.person }),
            refused: false,
        };
        audit::record(&mut tx, ctx, &act).await?;
    }
    mail::reset_done(&mut tx, ctx, &open.email, &reason).await?;
    mail::tell_owners(&mut tx, ctx, open.person, &open.display_name).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Tells somebody once more that their factor is about to be switched off.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindOfReset {
    pub reset: Uuid,
}

impl Job for RemindOfReset {
    const KIND: &'static str = "people.remind_of_reset";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let open = sqlx::query!(
            "select email, ready_at from factor_reset join person using (person_id)
             where reset_id = $1 and cancelled_at is null and done_at is null",
            self.reset,
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(open) = open {
            mail::reset_soon(&mut tx, ctx, &open.email, self.reset, open.ready_at).await?;
            tx.commit().await?;
            ctx.wake_workers();
        }
        Ok(())
    }
}
