//! The mails of accounts. All of them always arrive: nobody subscribes to them.

use sqlx::PgConnection;
use uuid::Uuid;

use super::links::Purpose;
use crate::ctx::Ctx;
use crate::mail::{Mail, NewMessage, queue};

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    event: String,
    recipient: &str,
    mail: Mail,
) -> sqlx::Result<()> {
    queue(conn, ctx, vec![NewMessage { kind, event, recipient, mail, sender: None, list: None }]).await
}

/// The link that confirms an address.
pub async fn confirm_email(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    _name: &str,
    token: &str,
) -> sqlx::Result<()> {
    let link = Purpose::ConfirmEmail.address(ctx, token);
    let mail = Mail { subject: "TEMP".into(), text: link, html: String::new() };
    send(conn, ctx, "confirm_email", ctx.id::<Uuid>().to_string(), email, mail).await
}

/// To somebody who has an account already.
pub async fn has_account(conn: &mut PgConnection, ctx: &Ctx, email: &str, event: Uuid) -> sqlx::Result<()> {
    let mail = Mail { subject: "TEMP".into(), text: String::new(), html: String::new() };
    send(conn, ctx, "has_account", event.to_string(), email, mail).await
}

/// The link for a new password.
pub async fn reset_password(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    _name: &str,
    token: &str,
    asked: Uuid,
) -> sqlx::Result<()> {
    let link = Purpose::ResetPassword.address(ctx, token);
    let mail = Mail { subject: "TEMP".into(), text: link, html: String::new() };
    send(conn, ctx, "reset_password", asked.to_string(), email, mail).await
}
