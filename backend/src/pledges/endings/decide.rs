//! What a person may decide about a campaign that has opened: a steward with a reason, its owner in part.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{CampaignId, PersonId};
use serde_json::json;
use sqlx::PgConnection;

use super::{By, cancel, go_on, resume, store, suspend, unwind};
use crate::audit::{self, Act};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::pledges::Ask;

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Everybody is let go, what was paid goes back.
    Cancel,
    /// Charges and the window wait.
    Suspend,
    Resume,
    /// Everything collected goes back.
    Unwind,
    /// A short campaign goes on, once everybody could take the money back.
    GoOn,
}

/// In which role somebody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Owner,
    Steward,
}

/// Why nothing was decided. Nothing has changed.
#[derive(Debug)]
pub enum NotDecided {
    /// The campaign stands elsewhere by now, or too little was collected.
    NotNow,
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for NotDecided {
    fn from(cause: E) -> Self {
        Self::Failed(cause.into())
    }
}

impl What {
    pub const ALL: [What; 5] = [
        What::Cancel,
        What::Suspend,
        What::Resume,
        What::Unwind,
        What::GoOn,
    ];

    /// What stands in addresses and forms.
    pub const fn name(self) -> &'static str {
        match self {
            What::Cancel => "cancel",
            What::Suspend => "suspend",
            What::Resume => "resume",
            What::Unwind => "unwind",
            What::GoOn => "go-on",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.name() == name)
    }

    const fn audited(self) -> &'static str {
        match self {
            What::Cancel => "campaign.cancelled",
            What::Suspend => "campaign.suspended",
            What::Resume => "campaign.resumed",
            What::Unwind => "campaign.unwound",
            What::GoOn => "campaign.went_on",
        }
    }

    /// Whether somebody in this role may decide this about a campaign in this state. That a short campaign goes on is
    /// decided once, and only if enough was collected: that is looked at when it is done.
    pub fn may(self, role: Decided, state: CampaignState) -> bool {
        use CampaignState::{Collecting, Open, Short, Suspended, Unpayable};
        match (self, role) {
            // Before the decision owners cancel without a reason, on a page of their own.
            (What::Cancel, Decided::Owner) => matches!(state, Collecting | Suspended),
            (What::Cancel, Decided::Steward) => matches!(state, Open | Collecting | Suspended),
            (What::Suspend, Decided::Steward) => matches!(state, Open | Collecting),
            (What::Resume, Decided::Steward) => matches!(state, Suspended),
            (What::Unwind, Decided::Steward) => matches!(state, Short | Unpayable),
            (What::GoOn, Decided::Steward) => matches!(state, Short),
            (What::Suspend | What::Resume | What::Unwind | What::GoOn, Decided::Owner) => false,
        }
    }
}

/// Carries a decision out, and writes down who made it and why; also when it was refused.
///
/// # Errors
/// [`NotDecided`].
pub async fn decide(
    ctx: &Ctx,
    campaign: CampaignId,
    what: What,
    role: Decided,
    person: PersonId,
    words: &str,
) -> Result<(), NotDecided> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    let act = Act {
        actor: Some(person),
        kind: what.audited(),
        project: Some(ask.project_id),
        campaign: Some(ask.id),
        subject: ask.title.clone(),
        reason: words,
        detail: json!({ "state": ask.state.as_str() }),
        refused: false,
    };
    let by = By {
        person: Some(person),
        words,
    };
    let is_done = what.may(role, ask.state) && carry_out(&mut tx, ctx, &ask, what, by).await?;
    if !is_done {
        drop(tx);
        audit::record_refused(ctx, &act).await?;
        return Err(NotDecided::NotNow);
    }
    audit::record(&mut tx, ctx, &act).await?;
    tx.commit().await?;
    ctx.crash_point(match what {
        What::Cancel | What::Suspend | What::Resume => CrashPoint::CampaignCancelled,
        What::Unwind | What::GoOn => CrashPoint::CampaignUnwound,
    });
    ctx.wake_workers();
    Ok(())
}

async fn carry_out(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    what: What,
    by: By<'_>,
) -> anyhow::Result<bool> {
    match what {
        What::Cancel => cancel(conn, ctx, ask, by).await?,
        What::Suspend => suspend(conn, ctx, ask, by).await?,
        What::Resume => resume(conn, ctx, ask, by).await?,
        What::Unwind => unwind(conn, ctx, ask, by).await?,
        What::GoOn => return go_on(conn, ctx, ask, by).await,
    }
    Ok(true)
}

/// Whether a short campaign goes on already.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_going_on(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    Ok(store::going(conn, campaign).await?.is_some())
}
