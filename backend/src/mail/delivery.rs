//! Hands messages to the mail server, or leaves them in the mailbox of the sandbox.

use crate::ctx::Ctx;

/// Sends what is due. Whether there was anything.
pub async fn run_once(ctx: &Ctx) -> anyhow::Result<bool> {
    let sent = sqlx::query!(
        "update message set state = 'sent', sent_at = $1, attempts = attempts + 1
         where message_id in (select message_id from message where state in ('queued', 'sending') and run_at <= $1
                              order by run_at limit 500 for update skip locked)",
        ctx.now(),
    )
    .execute(&ctx.db)
    .await?;
    Ok(sent.rows_affected() > 0)
}
