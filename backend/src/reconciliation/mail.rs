//! What stewards are told.

use felag_frontend::Lang;
use felag_frontend::mail::reconciliation::{Differs, Late};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::store;
use crate::ctx::Ctx;
use crate::mail::{self, Mail, NewMessage};

const LANG: Lang = Lang::En;

/// A run found what the one before did not.
pub(super) async fn found(
    conn: &mut PgConnection,
    ctx: &Ctx,
    run: Uuid,
    differences: i64,
    new: i64,
) -> anyhow::Result<()> {
    if new == 0 {
        return Ok(());
    }
    let words = Differs {
        new,
        all: differences,
        link: link(ctx),
    };
    tell(
        conn,
        ctx,
        "reconciliation_differs",
        run.to_string(),
        &words.mail(LANG),
    )
    .await
}

/// Nothing was compared since.
pub(super) async fn late(conn: &mut PgConnection, ctx: &Ctx, since: OffsetDateTime) -> anyhow::Result<()> {
    let words = Late {
        since,
        link: link(ctx),
    };
    let event = since.unix_timestamp().to_string();
    tell(conn, ctx, "reconciliation_late", event, &words.mail(LANG)).await
}

fn link(ctx: &Ctx) -> String {
    format!("{}/reconciliation", ctx.config.public_url)
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    event: String,
    words: &Mail,
) -> anyhow::Result<()> {
    let people = store::stewards(conn).await?;
    let messages = people.iter().map(|recipient| NewMessage {
        kind,
        event: event.clone(),
        recipient,
        mail: words.clone(),
        sender: None,
        list: None,
    });
    mail::queue(conn, ctx, messages.collect()).await?;
    Ok(())
}
