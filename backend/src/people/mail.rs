//! The mails of accounts. All of them always arrive: nobody subscribes to them.

use felag_frontend::Lang;
use felag_frontend::mail::Mail;
use felag_frontend::mail::people::{
    AddressHasAccount, AddressWorks, ConfirmAddress, PasswordChanged, ResetPassword,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::links::Purpose;
use crate::ctx::Ctx;
use crate::mail::{NewMessage, queue};

/// The link that confirms an address.
pub async fn confirm_email(conn: &mut PgConnection, ctx: &Ctx, email: &str, token: &str) -> sqlx::Result<()> {
    let purpose = Purpose::ConfirmEmail;
    let words = ConfirmAddress {
        link: purpose.address(ctx, token),
        ends: ctx.now() + purpose.life(),
    };
    send(conn, ctx, "confirm_email", ctx.id(), email, words.mail(Lang::En)).await
}

/// To somebody whose address was given to open an account, and has one.
pub async fn has_account(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let site = &ctx.config.public_url;
    let words = AddressHasAccount {
        sign_in: format!("{site}/sign-in"),
        reset: format!("{site}/password-reset"),
    };
    send(conn, ctx, "has_account", ctx.id(), email, words.mail(Lang::En)).await
}

/// The link for a new password; `asked` is the request it answers.
pub async fn reset_password(
    conn: &mut PgConnection,
    ctx: &Ctx,
    email: &str,
    token: &str,
    asked: Uuid,
) -> sqlx::Result<()> {
    let purpose = Purpose::ResetPassword;
    let words = ResetPassword {
        link: purpose.address(ctx, token),
        ends: ctx.now() + purpose.life(),
    };
    send(conn, ctx, "reset_password", asked, email, words.mail(Lang::En)).await
}

/// The password of an account is another one now, to whoever reads its mailbox.
pub async fn password_changed(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let words = PasswordChanged {
        at: ctx.now(),
        reset: format!("{}/password-reset", ctx.config.public_url),
    };
    send(
        conn,
        ctx,
        "password_changed",
        ctx.id(),
        email,
        words.mail(Lang::En),
    )
    .await
}

/// Shows that an address that was refused before works again.
pub async fn address_works(conn: &mut PgConnection, ctx: &Ctx, email: &str) -> sqlx::Result<()> {
    let link = format!("{}/my/account", ctx.config.public_url);
    let words = AddressWorks { link };
    send(conn, ctx, "address_works", ctx.id(), email, words.mail(Lang::En)).await
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
    queue(
        conn,
        ctx,
        vec![NewMessage {
            kind,
            event,
            recipient,
            mail,
            sender: None,
            list: None,
        }],
    )
    .await
}
