//! What backers, owners and stewards are told about pledges, written into the outbox with its cause.

use felag_domain::ids::{BookId, CampaignId};
use felag_domain::ledger::{Cause, EntryKind};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::mail::backers::{
    CampaignShort, CardNeedsYou, Charged, DeadlineNear, Dropped, MinimumReached, NotFunded, PaidBack,
    PledgeCancelled, PledgeChanged, PledgeMade, Released,
};
use felag_frontend::mail::{AboutCampaign, AboutPledge, Mail};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Ask, Pledge, ask, store_batch as batch};
use crate::ctx::Ctx;
use crate::ledger;
use crate::mail::{self, NewMessage};
use crate::payments::objects::Charge;

const LANG: Lang = Lang::En;
const SHORT: &str = "campaign_short";

/// Which sum a mail speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Raised {
    Promised,
    Collected,
}

/// A campaign as mails speak of it.
pub(super) async fn about_campaign(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    raised: Raised,
) -> sqlx::Result<AboutCampaign> {
    let (promised, collected) = batch::figures(conn, ask.id).await?;
    let raised = match raised {
        Raised::Promised => promised,
        Raised::Collected => collected,
    };
    Ok(AboutCampaign {
        title: ask.title.clone(),
        project: ask.project.clone(),
        link: format!("{}/campaigns/{}", ctx.config.public_url, ask.slug),
        minimum: ask.minimum(),
        raised: Money::from_minor(raised, ask.currency),
        deadline: ask.deadline_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        zone: ask.time_zone.clone(),
    })
}

pub(super) async fn about(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &AboutCampaign,
    pledge: &Pledge,
) -> anyhow::Result<AboutPledge> {
    let reward = match pledge.reward {
        Some(reward) => ask::reward_title(&mut *conn, pledge.campaign, reward).await?,
        None => None,
    };
    Ok(AboutPledge {
        campaign: campaign.clone(),
        gift: pledge.amount,
        tip: pledge.tip,
        total: pledge.total()?,
        reward,
        link: format!("{}/pledges/{}", ctx.config.public_url, pledge.token),
    })
}

/// A receipt or a payment problem: it always arrives, once per event.
pub(super) fn message<'a>(
    kind: &'static str,
    event: String,
    pledge: &'a Pledge,
    mail: Mail,
) -> NewMessage<'a> {
    NewMessage {
        kind,
        event,
        recipient: &pledge.email,
        mail,
        sender: None,
        list: None,
    }
}

async fn alone(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<AboutPledge> {
    let ask = Ask::read(conn, pledge.campaign).await?;
    let campaign = about_campaign(conn, ctx, &ask, Raised::Promised).await?;
    about(conn, ctx, &campaign, pledge).await
}

pub async fn made(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
    let mail = PledgeMade {
        pledge: alone(conn, ctx, pledge).await?,
    }
    .mail(LANG);
    mail::queue(
        conn,
        ctx,
        vec![message("pledge_made", pledge.id.to_string(), pledge, mail)],
    )
    .await?;
    Ok(())
}

pub async fn changed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    total_before: Money,
    cause: &str,
) -> anyhow::Result<()> {
    let mail = PledgeChanged {
        pledge: alone(conn, ctx, pledge).await?,
        total_before,
    }
    .mail(LANG);
    mail::queue(
        conn,
        ctx,
        vec![message("pledge_changed", cause.to_string(), pledge, mail)],
    )
    .await?;
    Ok(())
}

pub async fn cancelled(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
    let mail = PledgeCancelled {
        pledge: alone(conn, ctx, pledge).await?,
    }
    .mail(LANG);
    mail::queue(
        conn,
        ctx,
        vec![message("pledge_cancelled", pledge.id.to_string(), pledge, mail)],
    )
    .await?;
    Ok(())
}

pub async fn paid_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    amount: Money,
) -> anyhow::Result<()> {
    let mail = PaidBack {
        pledge: alone(conn, ctx, pledge).await?,
        amount,
    }
    .mail(LANG);
    mail::queue(
        conn,
        ctx,
        vec![message("pledge_paid_back", pledge.id.to_string(), pledge, mail)],
    )
    .await?;
    Ok(())
}

/// Receipts, equal to the charges to the cent, each with its entry's number and hash.
pub async fn charged(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    charged: &[(Pledge, Charge)],
) -> anyhow::Result<()> {
    if charged.is_empty() {
        return Ok(());
    }
    let ask = Ask::read(conn, campaign).await?;
    let about_campaign = about_campaign(conn, ctx, &ask, Raised::Promised).await?;
    let causes: Vec<Cause> = charged
        .iter()
        .map(|(_, charge)| Cause::new(EntryKind::Charge, charge.id.clone()))
        .collect();
    let places = ledger::places(conn, BookId::of_campaign(campaign), &causes).await?;
    let mut messages = Vec::with_capacity(charged.len());
    for (pledge, charge) in charged {
        let Some(place) = places.get(&charge.id) else {
            continue;
        };
        let mail = Charged {
            pledge: about(conn, ctx, &about_campaign, pledge).await?,
            charged_at: charge.at,
            holder: ask.holder_name.clone().unwrap_or_else(|| ask.project.clone()),
            holder_lines: ask.holder_lines(LANG),
            entry_number: u64::try_from(place.number).unwrap_or(0),
            entry_hash: place.hash.to_string(),
        }
        .mail(LANG);
        messages.push(message("pledge_charged", charge.id.clone(), pledge, mail));
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}

/// The card needs its holder: once when it was declined or the bank asked, by kind of trouble.
pub async fn needs_you(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    asked: &[Pledge],
) -> anyhow::Result<()> {
    remind_of_card(conn, ctx, campaign, asked, 0).await
}

/// The same mail again, the `nth` time: at 48, 96 and 144 hours.
pub async fn remind_of_card(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
    nth: u32,
) -> anyhow::Result<()> {
    if pledges.is_empty() {
        return Ok(());
    }
    let ask = Ask::read(conn, campaign).await?;
    let about_campaign = about_campaign(conn, ctx, &ask, Raised::Promised).await?;
    let mut messages = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        let mail = CardNeedsYou {
            pledge: about(conn, ctx, &about_campaign, pledge).await?,
            reason: pledge
                .decline_code
                .as_deref()
                .map(|code| super::declined_words(LANG, code)),
            next_try: pledge.next_try_at,
            until: pledge.window_ends(&ask).unwrap_or(ctx.now()),
        }
        .mail(LANG);
        messages.push(message(
            "card_needs_you",
            format!("{} {nth}", pledge.id),
            pledge,
            mail,
        ));
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}

pub async fn dropped(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, "pledge_dropped", |pledge| {
        Dropped { pledge }.mail(LANG)
    })
    .await
}

/// The minimum was promised: cards are charged now.
pub async fn reached(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, "minimum_reached", |pledge| {
        MinimumReached { pledge }.mail(LANG)
    })
    .await
}

pub async fn not_funded(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, "not_funded", |pledge| {
        NotFunded { pledge }.mail(LANG)
    })
    .await
}

/// The campaign was cancelled.
pub async fn released(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, "campaign_cancelled", |pledge| {
        Released { pledge }.mail(LANG)
    })
    .await
}

pub async fn short(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, SHORT, |pledge| {
        CampaignShort { pledge }.mail(LANG)
    })
    .await
}

pub(super) async fn tell_all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
    kind: &'static str,
    write: impl Fn(AboutPledge) -> Mail,
) -> anyhow::Result<()> {
    if pledges.is_empty() {
        return Ok(());
    }
    let ask = Ask::read(conn, campaign).await?;
    let raised = if kind == SHORT {
        Raised::Collected
    } else {
        Raised::Promised
    };
    let about_campaign = about_campaign(conn, ctx, &ask, raised).await?;
    let mut messages = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        let mail = write(about(conn, ctx, &about_campaign, pledge).await?);
        messages.push(message(kind, pledge.id.to_string(), pledge, mail));
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}

/// 48 hours before the deadline, to those who have pledged. One click leaves it.
pub async fn deadline_near(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    let ask = Ask::read(conn, campaign).await?;
    let about_campaign = about_campaign(conn, ctx, &ask, Raised::Promised).await?;
    let list = format!("reminders:{campaign}");
    let mut messages = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        let unsubscribe = mail::tokens::unsubscribe_link(ctx, &pledge.email, &list)?;
        let mail = DeadlineNear {
            pledge: about(conn, ctx, &about_campaign, pledge).await?,
            unsubscribe,
        }
        .mail(LANG);
        let message = message("deadline_near", campaign.to_string(), pledge, mail);
        messages.push(NewMessage {
            list: Some(list.clone()),
            ..message
        });
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}
