//! What supporters and projects are told, written into the outbox with its cause.

use felag_domain::campaign::COLLECTION_WINDOW;
use felag_domain::ids::BookId;
use felag_domain::ledger::{Cause, EntryKind};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::mail::Mail;
use felag_frontend::mail::returns::How;
use felag_frontend::mail::support::{
    AboutSupport, Changed, Charged, NeedsYou, Notice, Over, OverWhy, PaidBack,
};
use sqlx::PgConnection;

use super::{About, Contribution, Support};
use crate::ctx::Ctx;
use crate::ledger;
use crate::mail::{self, NewMessage};
use crate::payments::objects::Charge;
use crate::payments::{Return, Step};

const LANG: Lang = Lang::En;

/// Why a support is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    ByBacker,
    NotPaid,
}

async fn about(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
) -> anyhow::Result<(About, AboutSupport)> {
    let project = About::of(&mut *conn, support.project).await?;
    let about = AboutSupport {
        project: project.name.clone(),
        project_link: format!("{}/projects/{}", ctx.config.public_url, project.slug),
        gift: support.amount,
        tip: support.tip,
        total: support.total()?,
        period: support.period,
        link: format!("{}/supports/{}", ctx.config.public_url, support.token),
    };
    Ok((project, about))
}

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    kind: &'static str,
    event: String,
    mail: Mail,
) -> anyhow::Result<()> {
    let message = NewMessage {
        kind,
        event,
        recipient: &support.email,
        mail,
        sender: None,
        list: None,
    };
    mail::queue(conn, ctx, vec![message]).await?;
    Ok(())
}

/// A receipt, equal to the charge to the cent, with its entry's number and hash.
pub async fn charged(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    one: &Contribution,
    charge: &Charge,
) -> anyhow::Result<()> {
    let (project, about) = about(conn, ctx, support).await?;
    let cause = Cause::new(EntryKind::Charge, charge.id.clone());
    let places = ledger::places(conn, BookId::of_project(support.project), &[cause]).await?;
    let Some(place) = places.get(&charge.id) else {
        anyhow::bail!("charge {} is not in the book", charge.id);
    };
    let mail = Charged {
        support: AboutSupport {
            gift: one.amount,
            tip: one.tip,
            total: one.total()?,
            ..about
        },
        charged_at: charge.at,
        next_at: support
            .started_at
            .filter(|_| !support.state.is_over())
            .map(|first| support.period.due(first, support.next_number)),
        holder: project.holder(),
        holder_lines: project.holder_lines(LANG),
        entry_number: u64::try_from(place.number).unwrap_or(0),
        entry_hash: place.hash.to_string(),
    }
    .mail(LANG);
    send(conn, ctx, support, "support_charged", charge.id.clone(), mail).await
}

/// The card needs its holder: once when it was declined or the bank asked, then as the window goes on.
pub async fn needs_you(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    one: &Contribution,
    nth: u32,
) -> anyhow::Result<()> {
    let (_, about) = about(conn, ctx, support).await?;
    let mail = NeedsYou {
        support: AboutSupport {
            total: one.total()?,
            ..about
        },
        reason: one
            .decline_code
            .as_deref()
            .map(|code| crate::pledges::declined_words(LANG, code)),
        next_try: one.next_try_at,
        until: one.due_at + COLLECTION_WINDOW,
    }
    .mail(LANG);
    send(
        conn,
        ctx,
        support,
        "support_needs_you",
        format!("{} {nth}", one.id),
        mail,
    )
    .await
}

/// A yearly charge comes in 14 days.
pub async fn notice(conn: &mut PgConnection, ctx: &Ctx, support: &Support) -> anyhow::Result<()> {
    let Some(due) = support.next_due() else {
        return Ok(());
    };
    let (_, about) = about(conn, ctx, support).await?;
    let mail = Notice { support: about, due }.mail(LANG);
    let event = format!("{} {}", support.id, support.next_number);
    send(conn, ctx, support, "support_notice", event, mail).await
}

pub async fn changed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    before: Money,
) -> anyhow::Result<()> {
    let (_, about) = about(conn, ctx, support).await?;
    let mail = Changed {
        support: about,
        before,
        next_at: support.next_due(),
    }
    .mail(LANG);
    let event = format!("{} {}", support.id, ctx.now().unix_timestamp_nanos());
    send(conn, ctx, support, "support_changed", event, mail).await
}

pub async fn ended(conn: &mut PgConnection, ctx: &Ctx, support: &Support, why: Ended) -> anyhow::Result<()> {
    let (_, about) = about(conn, ctx, support).await?;
    let why = match why {
        Ended::ByBacker => OverWhy::ByBacker,
        Ended::NotPaid => OverWhy::NotPaid,
    };
    let mail = Over { support: about, why }.mail(LANG);
    send(conn, ctx, support, "support_ended", support.id.to_string(), mail).await
}

/// A refund took a step.
pub async fn paid_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    told: &Return,
) -> anyhow::Result<()> {
    let (how, kind) = match told.step {
        Step::Asked => return Ok(()),
        Step::Pending => (How::OnItsWay, "support_refund_on_its_way"),
        Step::Succeeded => (How::Done, "support_refund_done"),
        Step::Failed => (How::Failed, "support_refund_failed"),
    };
    let (_, about) = about(conn, ctx, support).await?;
    let mail = PaidBack {
        support: about,
        amount: told.total()?,
        why: told.why,
        words: told.words.clone(),
        how,
    }
    .mail(LANG);
    send(conn, ctx, support, kind, told.id.to_string(), mail).await
}
