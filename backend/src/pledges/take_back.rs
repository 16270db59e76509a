//! A backer takes the money back, because the campaign goes on below its minimum.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::BookId;
use felag_domain::pledge::PledgeState;
use felag_domain::refund::{RefundRefusal, RefundWhy, Wish};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Ask, Pledge, endings, store};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::payments::payment;
use crate::refunds::{self, NotAsked, Order};

/// Why nothing was taken back.
#[derive(Debug)]
pub enum NotTaken {
    /// The week is over, or there never was one.
    NotNow,
    Refused(RefundRefusal),
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for NotTaken {
    fn from(cause: E) -> Self {
        Self::Failed(cause.into())
    }
}

/// Until when the holder of a pledge may take the money back; `None` if not at all, or not any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn may_take_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    pledge: &Pledge,
) -> sqlx::Result<Option<OffsetDateTime>> {
    if ask.state != CampaignState::Short || pledge.state != PledgeState::Paid {
        return Ok(None);
    }
    let going = endings::going(conn, ask.id).await?;
    let until = going.map(|going| going.until).filter(|until| ctx.now() < *until);
    let payment = payment::last_of(conn, pledge.subject()).await?;
    Ok(until.filter(|_| payment.is_some_and(|payment| payment.paid().give_back(Wish::Whole).is_ok())))
}

/// Takes everything back, tip and all. The same form sent twice does it once.
///
/// # Errors
/// [`NotTaken`].
pub async fn take_back(ctx: &Ctx, pledge: &Pledge, key: Uuid) -> Result<(), NotTaken> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, pledge.campaign).await?;
    let Some(pledge) = store::lock(&mut tx, pledge.campaign, pledge.id).await? else {
        return Err(NotTaken::NotNow);
    };
    let was_taken = refunds::of_subject(&mut *tx, pledge.subject()).await?;
    if was_taken
        .iter()
        .any(|refund| refund.why == RefundWhy::TakenBack && refund.state.takes_money())
    {
        return Ok(());
    }
    if may_take_back(&mut tx, ctx, &ask, &pledge).await?.is_none() {
        return Err(NotTaken::NotNow);
    }
    let payment = payment::last_of(&mut tx, pledge.subject()).await?;
    let payment = payment.ok_or_else(|| anyhow::anyhow!("a paid pledge without a payment"))?;
    let order = Order {
        payment: payment.id,
        wish: Wish::Whole,
        why: RefundWhy::TakenBack,
        by: pledge.person,
        words: "",
        key,
    };
    match refunds::ask(&mut tx, ctx, BookId::of_campaign(ask.id), &order).await {
        Ok(_) => {}
        Err(NotAsked::Refused(refusal)) => return Err(NotTaken::Refused(refusal)),
        Err(NotAsked::OtherForm) => return Err(NotTaken::NotNow),
        Err(NotAsked::Failed(cause)) => return Err(NotTaken::Failed(cause)),
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::RefundAsked);
    ctx.wake_workers();
    Ok(())
}
