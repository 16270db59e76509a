//! Hands messages to the mail server, or leaves them in the mailbox of the sandbox.
//!
//! Each is claimed, sent, and marked. Whoever dies between sending and marking sends a second copy, which has
//! the same Message-ID; nobody is missed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt;
use time::Duration;
use uuid::Uuid;

use super::compose::Message;
use super::store::{self, Claimed};
use super::transport::{AT_ONCE, Outcome};
use super::{Mail, UNSUBSCRIBE};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;

/// How many messages one round takes: what a server takes 30 seconds for each of is done before the lease
/// ends.
const CLAIM: i64 = 20;
/// The mailbox takes them in one statement.
const CLAIM_FOR_MAILBOX: i64 = 500;
/// How long everything waits when the mail server is away.
const AWAY: Duration = Duration::MINUTE;

/// Sends what is due. Whether there was anything.
///
/// # Errors
/// When the database cannot be reached; what the mail server says is dealt with here.
pub async fn run_once(ctx: &Ctx) -> anyhow::Result<bool> {
    let most = if ctx.mailer.is_mailbox() {
        CLAIM_FOR_MAILBOX
    } else {
        CLAIM
    };
    let claimed = store::claim(&ctx.db, ctx.now(), most).await?;
    if claimed.is_empty() {
        return Ok(false);
    }
    ctx.crash_point(CrashPoint::MessageClaimed);
    let wanted = without_the_unwanted(ctx, claimed).await?;
    let written = with_words(ctx, wanted).await?;
    if ctx.mailer.is_mailbox() {
        let messages: Vec<Message> = written.into_iter().map(|(message, _)| message).collect();
        ctx.crash_point(CrashPoint::MessageSent);
        store::shown(&ctx.db, &messages, ctx.now()).await?;
    } else {
        send_all(ctx, written).await?;
    }
    Ok(true)
}

/// Nothing goes to an address that bounced, nor to somebody who left the list.
async fn without_the_unwanted(ctx: &Ctx, claimed: Vec<Claimed>) -> sqlx::Result<Vec<Claimed>> {
    let ids = |of: fn(&Claimed) -> bool| -> Vec<Uuid> {
        claimed
            .iter()
            .filter(|one| of(one))
            .map(|one| one.message.id)
            .collect()
    };
    let bounced = ids(|one| one.has_bounced);
    let left = ids(|one| one.has_left && !one.has_bounced);
    if !bounced.is_empty() {
        store::ended(
            &ctx.db,
            &bounced,
            "suppressed",
            "an earlier mail to this address came back",
        )
        .await?;
    }
    if !left.is_empty() {
        store::ended(&ctx.db, &left, "suppressed", "the recipient left this list").await?;
    }
    Ok(claimed
        .into_iter()
        .filter(|one| !one.has_bounced && !one.has_left)
        .collect())
}

/// Writes the mails that have no words yet, once for all their recipients, and puts each one's own link into
/// it.
async fn with_words(ctx: &Ctx, claimed: Vec<Claimed>) -> anyhow::Result<Vec<(Message, i32)>> {
    let mut written: HashMap<(String, Uuid), Option<Mail>> = HashMap::new();
    let mut messages = Vec::with_capacity(claimed.len());
    for Claimed {
        mut message,
        subject_id,
        attempts,
        ..
    } in claimed
    {
        if let Some(about) = subject_id.filter(|_| message.mail.subject.is_empty()) {
            let key = (message.kind.clone(), about);
            let known = match written.get(&key) {
                Some(known) => known.clone(),
                None => match (ctx.mailer.words().write)(ctx.clone(), message.kind.clone(), about).await {
                    Ok(mail) => written.entry(key).or_insert(mail).clone(),
                    Err(cause) => {
                        note(
                            ctx,
                            &message,
                            attempts,
                            Outcome::Later(format!("it could not be written: {cause:#}")),
                        )
                        .await?;
                        continue;
                    }
                },
            };
            let Some(mail) = known else {
                store::ended(&ctx.db, &[message.id], "failed", "what it tells of is gone").await?;
                continue;
            };
            message.mail = mail;
        }
        if let Some(list) = &message.list {
            let token = ctx.mailer.tokens().make(&message.recipient, list)?;
            message.mail.text = message.mail.text.replace(UNSUBSCRIBE, &token);
            message.mail.html = message.mail.html.replace(UNSUBSCRIBE, &token);
        }
        messages.push((message, attempts));
    }
    Ok(messages)
}

async fn send_all(ctx: &Ctx, messages: Vec<(Message, i32)>) -> anyhow::Result<()> {
    let away = AtomicBool::new(false);
    let sending = futures::stream::iter(messages).map(|(message, attempts)| {
        let away = &away;
        async move {
            if away.load(Ordering::Acquire) {
                store::give_back(&ctx.db, &[message.id]).await?;
                return Ok(());
            }
            let outcome = ctx.mailer.send(&message).await;
            if let Outcome::Away(why) = &outcome {
                tracing::error!("no mail can go out now: {why}");
                away.store(true, Ordering::Release);
            }
            note(ctx, &message, attempts, outcome).await
        }
    });
    let done: Vec<sqlx::Result<()>> = sending.buffer_unordered(AT_ONCE).collect().await;
    if away.load(Ordering::Acquire) {
        store::all_wait(&ctx.db, ctx.now(), ctx.now() + AWAY).await?;
    }
    Ok(done.into_iter().collect::<sqlx::Result<()>>()?)
}

async fn note(ctx: &Ctx, message: &Message, attempts: i32, outcome: Outcome) -> sqlx::Result<()> {
    match outcome {
        Outcome::Sent => {
            ctx.crash_point(CrashPoint::MessageSent);
            store::sent(&ctx.db, message.id, ctx.now()).await
        }
        // What the server says may hold somebody's address, so it stands in the row and not in the log.
        Outcome::Later(why) | Outcome::Away(why) => match store::wait(attempts) {
            Some(wait) => {
                tracing::warn!(message.id = %message.id, "a mail will be tried again in {wait}");
                store::put_off(&ctx.db, message.id, ctx.now() + wait, &why).await
            }
            None => {
                tracing::error!(message.id = %message.id, "a mail was given up after three days");
                store::ended(&ctx.db, &[message.id], "failed", &why).await
            }
        },
        Outcome::Refused { why, bounced: true } => {
            tracing::warn!(message.id = %message.id, "an address is refused for good");
            store::bounced(&ctx.db, message.id, &message.recipient, &why, ctx.now()).await
        }
        Outcome::Refused { why, bounced: false } => {
            tracing::error!(message.id = %message.id, "a mail was refused for good; the row says why");
            store::ended(&ctx.db, &[message.id], "failed", &why).await
        }
    }
}
