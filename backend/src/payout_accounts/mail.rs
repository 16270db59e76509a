//! Mails about payout accounts. A changed bank account is told to everybody with a role, because whoever took over
//! one of them must not be the only one to know.

use felag_domain::ids::ProjectId;
use felag_domain::payout::BANK_CHANGE_WAIT;
use felag_frontend::Lang;
use felag_frontend::mail::payouts::{AccountNews, AccountTold};
use sqlx::PgConnection;

use super::store;
use crate::ctx::Ctx;
use crate::mail::{NewMessage, queue};
use crate::payments::connect::Bank;

pub async fn enabled(conn: &mut PgConnection, ctx: &Ctx, project: ProjectId) -> sqlx::Result<()> {
    tell(conn, ctx, project, "payout_account_enabled", AccountNews::Enabled).await
}

pub async fn needs_you(conn: &mut PgConnection, ctx: &Ctx, project: ProjectId) -> sqlx::Result<()> {
    tell(
        conn,
        ctx,
        project,
        "payout_account_needs_you",
        AccountNews::NeedsYou,
    )
    .await
}

pub async fn lost(conn: &mut PgConnection, ctx: &Ctx, project: ProjectId) -> sqlx::Result<()> {
    tell(conn, ctx, project, "payout_account_lost", AccountNews::Lost).await
}

pub async fn bank_changed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    bank: &Bank,
) -> sqlx::Result<()> {
    let news = AccountNews::BankChanged {
        last4: bank.last4.clone(),
        until: ctx.now() + BANK_CHANGE_WAIT,
    };
    tell(conn, ctx, project, "payout_bank_changed", news).await
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    kind: &'static str,
    news: AccountNews,
) -> sqlx::Result<()> {
    let everybody = matches!(news, AccountNews::BankChanged { .. });
    let concerned = store::concerned(conn, project, everybody).await?;
    let told = AccountTold {
        project: concerned.name,
        news,
        link: format!(
            "{}/projects/{}/payout-account",
            ctx.config.public_url, concerned.slug
        ),
    };
    let mail = told.mail(Lang::En);
    let messages = concerned.emails.iter().map(|recipient| NewMessage {
        kind,
        event: format!("{project} {}", ctx.now().unix_timestamp()),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    });
    let messages = messages.collect();
    queue(conn, ctx, messages).await
}
