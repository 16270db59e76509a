//! Work done later: mailing a link for a new password, and forgetting what is over.

use felag_domain::ids::PersonId;
use felag_domain::person::EmailAddress;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, Time};
use uuid::Uuid;

use super::links::{self, Purpose};
use super::{mail, store};
use crate::ctx::Ctx;
use crate::jobs::{self, Job};
use crate::web;

/// Sends a link for a new password, if the address has an account. Looked up here and not while somebody
/// waits for the page, so that the page takes the same time either way.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailResetLink {
    pub email: EmailAddress,
    /// Makes the mail one per request, however often this runs.
    pub asked: Uuid,
}

impl Job for MailResetLink {
    const KIND: &'static str = "people.mail_reset_link";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some(account) = store::account(&mut tx, &self.email).await? else {
            return Ok(());
        };
        let token = links::make(
            &mut tx,
            ctx,
            Purpose::ResetPassword,
            account.id,
            self.email.as_str(),
        )
        .await?;
        mail::reset_password(&mut tx, ctx, self.email.as_str(), &token, self.asked).await?;
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// Writes down that a link was asked for.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ask_for_reset(ctx: &Ctx, email: &EmailAddress) -> anyhow::Result<()> {
    let job = MailResetLink {
        email: email.clone(),
        asked: ctx.id(),
    };
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &job, ctx.now(), None).await?;
    ctx.wake_workers();
    Ok(())
}

/// How long an account stays whose address was never confirmed.
const UNCONFIRMED: Duration = Duration::days(7);
/// Such accounts looked at together.
const PAGE: i64 = 200;

/// Removes sign-ins and links that are over, accounts that were never confirmed and on which nothing hangs, and old
/// counts of attempts. Once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {}

impl Job for Forget {
    const KIND: &'static str = "people.forget";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        store::forget_sign_ins(&ctx.db, ctx.now()).await?;
        links::forget_old(&ctx.db, ctx.now()).await?;
        forget_unconfirmed(ctx).await?;
        web::limits::forget_old(ctx).await?;
        enqueue_forget(ctx, next_night(ctx.now())).await
    }
}

/// What hangs on an account (a gift, a place in a project, an invitation) the database knows: it refuses to remove
/// those, and they stay.
async fn forget_unconfirmed(ctx: &Ctx) -> anyhow::Result<()> {
    let before = ctx.now() - UNCONFIRMED;
    let mut after = PersonId::from_uuid(Uuid::nil());
    loop {
        let people = store::unconfirmed(&ctx.db, before, after, PAGE).await?;
        let Some(last) = people.last() else { return Ok(()) };
        after = *last;
        for person in people {
            if store::forget_unconfirmed(&ctx.db, person).await? {
                tracing::info!(person.id = %person, "an account that was never confirmed was removed");
            }
        }
    }
}

/// Sees to it that [`Forget`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    enqueue_forget(ctx, ctx.now()).await
}

/// The key has the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue_forget(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", Forget::KIND, at.date());
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Forget {}, at, Some(&key)).await
}

/// The next 03:00 UTC that is on another day.
fn next_night(now: OffsetDateTime) -> OffsetDateTime {
    (now + Duration::DAY).replace_time(Time::MIDNIGHT) + Duration::hours(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_next_night_is_always_on_the_next_day() {
        let night = datetime!(2026-11-23 03:00 UTC);
        assert_eq!(next_night(datetime!(2026-11-22 00:00 UTC)), night);
        assert_eq!(next_night(datetime!(2026-11-22 03:00 UTC)), night);
        assert_eq!(next_night(datetime!(2026-11-22 23:59:59 UTC)), night);
        assert_eq!(
            next_night(datetime!(2026-12-31 12:00 UTC)),
            datetime!(2027-01-01 03:00 UTC)
        );
    }
}
