//! Short: the minimum was promised and not collected. What was published before launch is carried out by itself:
//! everything goes back, or the campaign goes on once everybody could take the money back.

use felag_domain::campaign::{
    CampaignEvent, CampaignState, GO_ON_PERCENT, IfShort, SHORT_WAIT, ShortDecision, TAKE_BACK, next,
};
use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{By, jobs as later, mail, store, unwind};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::pledges::{Ask, jobs, store_batch as batch};

/// The window closed short. The caller holds the campaign and has said so in its row.
pub async fn begin(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, collected: Money) -> anyhow::Result<()> {
    let rule = store::rule(conn, ask.id).await?;
    match rule.decide(collected, ask.minimum())? {
        ShortDecision::GoOn => start_going_on(conn, ctx, ask, floor(ask.minimum(), rule), "").await,
        ShortDecision::Unwind => {
            let job = later::UnwindShort { campaign: ask.id };
            let key = format!("{} {}", later::UNWIND_SHORT, ask.id);
            enqueue(conn, ctx, &job, ctx.now() + SHORT_WAIT, Some(&key)).await?;
            jobs::tell(conn, ctx, ask.id, jobs::News::Short).await
        }
    }
}

/// The least that must still be there after the take-backs. A steward may let a campaign go on that said otherwise,
/// but not below the least anybody may publish.
fn floor(minimum: Money, rule: IfShort) -> Money {
    let percent = i128::from(rule.percent().unwrap_or(*GO_ON_PERCENT.start()));
    let exact = i128::from(minimum.minor()) * percent;
    let up = (exact + 99) / 100;
    Money::from_minor(i64::try_from(up).unwrap_or(i64::MAX), minimum.currency())
}

/// A steward lets a short campaign go on. Whether that can be: enough was collected, and nobody decided before.
///
/// # Errors
/// When the database fails.
pub async fn go_on(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, by: By<'_>) -> anyhow::Result<bool> {
    let floor = floor(ask.minimum(), IfShort::Unwind);
    let (_, collected) = batch::figures(conn, ask.id).await?;
    let is_free = ask.state == CampaignState::Short && store::going(conn, ask.id).await?.is_none();
    if !is_free || collected < floor.minor() {
        return Ok(false);
    }
    start_going_on(conn, ctx, ask, floor, by.words).await?;
    Ok(true)
}

/// Everybody who paid may take the money back for a week; until then nothing is paid out.
async fn start_going_on(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    floor: Money,
    words: &str,
) -> anyhow::Result<()> {
    let until: OffsetDateTime = ctx.now() + TAKE_BACK;
    store::start_going_on(conn, ask.id, until, floor.minor()).await?;
    let job = later::EndTakeBack { campaign: ask.id };
    let key = format!("{} {}", later::END_TAKE_BACK, ask.id);
    enqueue(conn, ctx, &job, until, Some(&key)).await?;
    mail::to_members(conn, ctx, ask, mail::About::GoesOn { until }, words).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::GoesOn).await
}

/// The week is over: funded with what is still there, or unwound because too little is.
pub async fn end_take_back(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    let going = store::going(&mut tx, campaign).await?;
    let Some(going) = going.filter(|going| ask.state == CampaignState::Short && going.until <= ctx.now())
    else {
        return Ok(());
    };
    let (_, collected) = batch::figures(&mut tx, campaign).await?;
    if collected >= going.floor_minor {
        let to = next(ask.state, CampaignEvent::WentOn)?;
        batch::set_campaign(&mut tx, campaign, to, None, None, None).await?;
        tracing::info!(campaign.id = %campaign, collected, "campaign {} went on", ask.slug);
        jobs::tell(&mut tx, ctx, campaign, jobs::News::Funded).await?;
    } else {
        unwind::unwind(&mut tx, ctx, &ask, By::RULE).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::CampaignUnwound);
    ctx.wake_workers();
    Ok(())
}

#[cfg(test)]
mod tests {
    use felag_domain::money::Currency;

    use super::*;

    #[test]
    fn what_must_be_there_is_rounded_up_and_reaches_the_rule() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        for (minimum, percent) in [(99, 67), (100_000, 80), (1, 50), (i64::MAX, 99)] {
            let rule = IfShort::of_percent(Some(percent)).unwrap();
            let least = floor(eur(minimum), rule);
            assert_eq!(rule.decide(least, eur(minimum)), Ok(ShortDecision::GoOn));
            let less = eur(least.minor() - 1);
            assert_eq!(rule.decide(less, eur(minimum)), Ok(ShortDecision::Unwind));
        }
    }
}
