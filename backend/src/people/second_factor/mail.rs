//! The mails of the second factor. All of them always arrive: whoever did not do it must hear of it.

use felag_domain::ids::PersonId;
use felag_frontend::Lang;
use felag_frontend::mail::Mail;
use felag_frontend::mail::second_factor as mails;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{SETTINGS, store};
use crate::ctx::Ctx;
use crate::mail::{NewMessage, queue};

fn settings(ctx: &Ctx) -> String {
    format!("{}{SETTINGS}", ctx.config.public_url)
}

pub async fn switched_on(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let words = mails::SwitchedOn { link: settings(ctx) };
    send(conn, ctx, "factor_on", ctx.id(), email, words.mail(Lang::En)).await
}

pub async fn switched_off(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let words = mails::SwitchedOff { link: settings(ctx) };
    send(conn, ctx, "factor_off", ctx.id(), email, words.mail(Lang::En)).await
}

/// To the other owners of each project whose money the person may move: their factor is off.
pub async fn tell_owners(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: PersonId,
    name: &str,
) -> sqlx::Result<()> {
    for project in store::entrusted(conn, person).await? {
        let words = mails::MembersFactorOff {
            member: name.to_string(),
            project: project.name,
            link: format!("{}/projects/{}/audit", ctx.config.public_url, project.slug),
        };
        let event = ctx.id::<Uuid>();
        for owner in &project.owners {
            let mail = words.mail(Lang::En);
            send(conn, ctx, "members_factor_off", event, owner, mail).await?;
        }
    }
    Ok(())
}

pub async fn recovery_code_used(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    left: i64,
) -> sqlx::Result<()> {
    let words = mails::RecoveryCodeUsed {
        left,
        link: settings(ctx),
    };
    send(
        conn,
        ctx,
        "recovery_code_used",
        ctx.id(),
        email,
        words.mail(Lang::En),
    )
    .await
}

pub async fn recovery_codes_made(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let words = mails::RecoveryCodesMade { link: settings(ctx) };
    send(
        conn,
        ctx,
        "recovery_codes_made",
        ctx.id(),
        email,
        words.mail(Lang::En),
    )
    .await
}

pub async fn reset_asked(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    ready: OffsetDateTime,
) -> sqlx::Result<()> {
    let words = mails::ResetAsked {
        ready,
        link: settings(ctx),
    };
    send(
        conn,
        ctx,
        "factor_reset_asked",
        ctx.id(),
        email,
        words.mail(Lang::En),
    )
    .await
}

pub async fn reset_soon(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    reset: Uuid,
    ready: OffsetDateTime,
) -> sqlx::Result<()> {
    let words = mails::ResetSoon {
        ready,
        link: settings(ctx),
    };
    send(conn, ctx, "factor_reset_soon", reset, email, words.mail(Lang::En)).await
}

pub async fn reset_done(conn: &mut PgConnection, ctx: &Ctx, email: &str, reason: &str) -> sqlx::Result<()> {
    let words = mails::ResetDone {
        reason: reason.to_string(),
        link: settings(ctx),
    };
    send(
        conn,
        ctx,
        "factor_reset_done",
        ctx.id(),
        email,
        words.mail(Lang::En),
    )
    .await
}

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    event: Uuid,
    recipient: &str,
    mail: Mail,
) -> sqlx::Result<()> {
    let event = event.to_string();
    let message = NewMessage {
        kind,
        event,
        recipient,
        mail,
        sender: None,
        list: None,
    };
    queue(conn, ctx, vec![message]).await
}
