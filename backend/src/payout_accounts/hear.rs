//! What the provider says of an account, acted upon. May be heard twice and late: the account is always asked for
//! afresh, so that the last word is the true one.

use felag_domain::ids::{BookId, ProjectId};
use felag_domain::payout_account::{AccountState, Capabilities, state};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store::{self, Account, Seen};
use super::{act, mail};
use crate::audit;
use crate::campaigns::{lifecycle, unpayable};
use crate::ctx::Ctx;
use crate::payments::connect::{self, Bank};
use crate::payments::{Answered, Heard, News, Outcome, Told, objects};

/// Answers to operations: accounts that were made.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    _book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    Box::pin(async move {
        for one in answered {
            let project = ProjectId::from_uuid(one.operation.of.id);
            match &one.outcome {
                Outcome::Done(object) => made(conn, ctx, project, object).await?,
                Outcome::Refused(trouble) => {
                    let code = trouble.short();
                    tracing::error!(project.id = %project, code, "alarm: a payout account was refused");
                }
            }
        }
        Ok(())
    })
}

async fn made(conn: &mut PgConnection, ctx: &Ctx, project: ProjectId, object: &Value) -> anyhow::Result<()> {
    let Some(id) = objects::id(object) else {
        anyhow::bail!("an account without an id");
    };
    store::lock(conn, project).await?;
    if store::keep_ref(conn, project, id).await? {
        apply(conn, ctx, project, Some(object)).await?;
    }
    Ok(())
}

/// Events: accounts as they stand now. Returns the projects whose account is not known yet.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    _book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async move {
        let mut unknown = Vec::new();
        for one in news {
            let Told::Account(object) = &one.told else {
                continue;
            };
            let project = ProjectId::from_uuid(one.of.id);
            let account = store::lock(conn, project).await?;
            let known = account
                .as_ref()
                .and_then(|account| account.account_ref.as_deref());
            match (known, object.as_ref().and_then(objects::id)) {
                (None, _) => unknown.push(one.of.id),
                // An account that was given up for another one.
                (Some(known), Some(told)) if known != told => {}
                (Some(_), _) => apply(conn, ctx, project, object.as_ref()).await?,
            }
        }
        Ok(unknown)
    })
}

/// Asks the provider how a project's account stands.
///
/// # Errors
/// When the provider is away, or the database.
pub async fn look(ctx: &Ctx, project: ProjectId) -> anyhow::Result<()> {
    let account = store::of_project(&ctx.db, project).await?;
    let Some(account_ref) = account.and_then(|account| account.account_ref) else {
        return Ok(());
    };
    let object = connect::account(ctx, &account_ref).await?;
    let mut tx = ctx.db.begin().await?;
    let account = store::lock(&mut tx, project).await?;
    let is_same = account.is_some_and(|account| account.account_ref.as_deref() == Some(&account_ref));
    if is_same {
        apply(&mut tx, ctx, project, object.as_ref()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Keeps what the provider says, and lets everything follow from it that changed.
async fn apply(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    object: Option<&Value>,
) -> anyhow::Result<()> {
    let Some(before) = store::lock(conn, project).await? else {
        return Ok(());
    };
    let now = object.map(connect::capabilities).unwrap_or_default();
    let to = state(&now, before.enabled_at.is_some());
    let bank = object.and_then(connect::bank);
    let bank_changed = is_other_bank(&before, bank.as_ref());
    let currencies = object.map(connect::bank_currencies).unwrap_or_default();
    let requirements = object.map(connect::requirements).unwrap_or_default();
    let seen = Seen {
        state: to,
        requirements: &requirements,
        disabled_reason: now.disabled_reason.as_deref(),
        bank: bank.as_ref(),
        bank_currencies: &currencies,
        bank_changed,
    };
    store::keep_seen(conn, project, &seen, ctx.now()).await?;
    if bank_changed && let Some(bank) = &bank {
        note(
            conn,
            ctx,
            project,
            "payout_account.bank_changed",
            format!("…{}", bank.last4),
        )
        .await?;
        mail::bank_changed(conn, ctx, project, bank).await?;
    }
    moved(conn, ctx, project, &before, to, &now).await?;
    let pays_in_others = before.state == to && before.bank_currencies != currencies;
    if pays_in_others && to == AccountState::Enabled {
        // A campaign may have waited for just that.
        lifecycle::payout_account_enabled(conn, ctx, project).await?;
    }
    Ok(())
}

/// Whether money would go to another bank account than the one known before. The first one is no change.
fn is_other_bank(before: &Account, bank: Option<&Bank>) -> bool {
    match (&before.bank_fingerprint, bank) {
        (Some(known), Some(bank)) => *known != bank.fingerprint,
        _ => false,
    }
}

async fn moved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    before: &Account,
    to: AccountState,
    now: &Capabilities,
) -> anyhow::Result<()> {
    if before.state == to {
        // Asked for the first time after it was filled in.
        return Ok(());
    }
    let reason = now.disabled_reason.clone().unwrap_or_default();
    match to {
        AccountState::Enabled => {
            note(conn, ctx, project, "payout_account.enabled", String::new()).await?;
            mail::enabled(conn, ctx, project).await?;
            lifecycle::payout_account_enabled(conn, ctx, project).await?;
        }
        AccountState::Restricted => {
            note(conn, ctx, project, "payout_account.restricted", reason).await?;
            mail::needs_you(conn, ctx, project).await?;
        }
        AccountState::Rejected | AccountState::Lost => {
            tracing::error!(project.id = %project, "alarm: a payout account is {to}");
            note(conn, ctx, project, "payout_account.lost", reason).await?;
            mail::lost(conn, ctx, project).await?;
            unpayable::payout_account_lost(conn, ctx, project).await?;
        }
        AccountState::Pending => {}
    }
    Ok(())
}

async fn note(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    kind: &str,
    subject: String,
) -> sqlx::Result<()> {
    audit::record(conn, ctx, &act(project, None, kind, subject)).await
}
