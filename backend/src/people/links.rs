//! Links that prove who reads a mailbox: 128 random bits, only their hash kept, good once and for a short
//! time.

use felag_domain::ids::PersonId;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};

use super::visitor::token_hash;
use crate::ctx::Ctx;

/// What a link is for. One of a purpose does nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    ConfirmEmail,
    ResetPassword,
}

/// How long a link is remembered after its end, so that its page can say what became of it.
const REMEMBERED: Duration = Duration::days(30);

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::ConfirmEmail => "confirm_email",
            Purpose::ResetPassword => "reset_password",
        }
    }

    /// How long a link of this purpose works.
    pub fn life(self) -> Duration {
        match self {
            Purpose::ConfirmEmail => Duration::DAY,
            Purpose::ResetPassword => Duration::HOUR,
        }
    }

    /// The whole address to put into a mail. The host comes from the settings: a request could carry a forged
    /// one.
    pub fn address(self, ctx: &Ctx, token: &str) -> String {
        let page = match self {
            Purpose::ConfirmEmail => "email-confirmation",
            Purpose::ResetPassword => "password-reset",
        };
        format!("{}/{page}/{token}", ctx.config.public_url)
    }
}

/// Whose link it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub person: PersonId,
    /// The mailbox it was sent to.
    pub email: String,
    pub name: String,
}

/// Writes a link down and gives its token.
pub async fn make(
    conn: &mut PgConnection,
    ctx: &Ctx,
    purpose: Purpose,
    person: PersonId,
    email: &str,
) -> sqlx::Result<String> {
    let token = ctx.random.token();
    let now = ctx.now();
    sqlx::query!(
        "insert into email_link (token_hash, purpose, email, person_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        token_hash(&token),
        purpose.name(),
        email,
        person as _,
        now,
        now + purpose.life(),
    )
    .execute(conn)
    .await?;
    Ok(token)
}

/// Whose link this is, if it still works. Changes nothing: mail programs open links on their own.
pub async fn look_up(
    db: &PgPool,
    purpose: Purpose,
    token: &str,
    now: OffsetDateTime,
) -> sqlx::Result<Option<Link>> {
    sqlx::query_as!(
        Link,
        r#"select person.person_id as "person: PersonId", email_link.email, display_name as name
           from email_link join person using (person_id)
           where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3"#,
        token_hash(token),
        purpose.name(),
        now,
    )
    .fetch_optional(db)
    .await
}

/// Uses a link; `None` when it was used already, has run out or never was one. Of two at once one gets it.
pub async fn use_up(
    conn: &mut PgConnection,
    purpose: Purpose,
    token: &str,
    now: OffsetDateTime,
) -> sqlx::Result<Option<Link>> {
    sqlx::query_as!(
        Link,
        r#"update email_link set used_at = $3 from person
           where person.person_id = email_link.person_id
             and token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
           returning person.person_id as "person: PersonId", email_link.email, display_name as name"#,
        token_hash(token),
        purpose.name(),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Ends the links of a purpose that a person has not used.
pub async fn void(
    conn: &mut PgConnection,
    purpose: Purpose,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update email_link set used_at = $3 where person_id = $1 and purpose = $2 and used_at is null",
        person as _,
        purpose.name(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes links, of every purpose, that ended long ago.
pub async fn forget_old(db: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from email_link where expires_at < $1 or used_at < $1",
        now - REMEMBERED,
    )
    .execute(db)
    .await?;
    Ok(())
}
