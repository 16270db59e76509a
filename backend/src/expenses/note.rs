//! Lines of the audit log about expenses: what was done, and what was refused.

use felag_domain::ids::PersonId;
use felag_domain::money::Money;
use felag_domain::words::FieldRefusal;
use serde_json::json;
use sqlx::PgConnection;

use super::project;
use crate::audit::{self, Act};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::projects::NotSaved;

fn act<'a>(campaign: &Campaign, by: PersonId, kind: &'a str, subject: String, reason: &'a str) -> Act<'a> {
    Act {
        actor: Some(by),
        kind,
        project: Some(project(campaign)),
        campaign: Some(campaign.id),
        subject,
        reason,
        detail: json!({}),
        refused: false,
    }
}

/// An expense was entered or withdrawn: its number and amount.
pub async fn done(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    kind: &str,
    (number, amount): (u32, Money),
    reason: &str,
) -> sqlx::Result<()> {
    let act = Act {
        detail: json!({
            "number": number, "amount_minor": amount.minor(), "currency": amount.currency().code(),
        }),
        ..act(campaign, by, kind, format!("{number} · {amount}"), reason)
    };
    audit::record(conn, ctx, &act).await
}

/// A line of the budget was explained.
pub async fn explained(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    line: &str,
) -> sqlx::Result<()> {
    let act = act(campaign, by, "expense.explained", line.to_string(), "");
    audit::record(conn, ctx, &act).await
}

/// Passes on what came of it; when it was refused, that is written down first.
pub async fn refused<T>(
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    kind: &str,
    subject: &str,
    done: Result<T, NotSaved>,
) -> Result<T, NotSaved> {
    if let Err(NotSaved::Refused(refusals)) = &done {
        let subject = subject.chars().take(80).collect();
        let words: Vec<&str> = refusals.iter().map(|one: &FieldRefusal| one.words.id).collect();
        let act = Act {
            detail: json!({ "refused": words }),
            ..act(campaign, by, kind, subject, "")
        };
        audit::record_refused(ctx, &act).await?;
    }
    done
}

/// A form was refused before it was read: more was sent than a voucher may have.
///
/// # Errors
/// When the database cannot be reached.
pub async fn too_large(ctx: &Ctx, campaign: &Campaign, by: PersonId) -> sqlx::Result<()> {
    let act = Act {
        detail: json!({ "refused": ["voucher-too-large"] }),
        ..act(campaign, by, "expense.entered", String::new(), "")
    };
    audit::record_refused(ctx, &act).await
}
