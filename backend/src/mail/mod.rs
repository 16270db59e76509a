//! The outbox. A message is a row written in the transaction of its cause, once per event and recipient; a
//! worker hands it to the mail server afterwards.
//!
//! Receipts and payment problems always arrive. Everything else belongs to a list that one click leaves.

pub mod compose;
pub mod delivery;
pub mod dkim;
pub mod mailbox;
pub mod store;
pub mod tokens;
pub mod transport;
pub mod web;

pub use felag_frontend::mail::Mail;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::planted::{self, Plant};

/// Stands in a mail to many where each recipient's own token will be.
pub const UNSUBSCRIBE: &str = "unsubscribe-token";

/// The address to give to a mail of many recipients: when it is sent, it becomes each one's own.
pub fn unsubscribe_later(ctx: &Ctx) -> String {
    format!("{}/unsubscribe/{UNSUBSCRIBE}", ctx.config.public_url)
}

/// A mail to be written down.
pub struct NewMessage<'a> {
    /// Which mail it is, such as `pledge_charged`.
    pub kind: &'static str,
    /// The event it tells of: with the recipient, it makes the message unique.
    pub event: String,
    pub recipient: &'a str,
    pub mail: Mail,
    /// Set when it comes "from" a project: its name, and where answers go.
    pub sender: Option<Sender<'a>>,
    /// What one click unsubscribes from; none for receipts and payment problems.
    pub list: Option<String>,
}

/// A project in whose name a mail is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    pub name: &'a str,
    pub reply_to: &'a str,
}

/// Writes messages down, one insert for all. One that was written before stays as it was.
pub async fn queue(conn: &mut PgConnection, ctx: &Ctx, new: Vec<NewMessage<'_>>) -> sqlx::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut apart;
    let conn = if planted::is(Plant::MailBeforeCommit) {
        apart = ctx.db.acquire().await?;
        &mut *apart
    } else {
        conn
    };
    let ids: Vec<Uuid> = new.iter().map(|_| ctx.id::<Uuid>()).collect();
    let kinds: Vec<String> = new.iter().map(|one| one.kind.to_string()).collect();
    let keys: Vec<String> = new
        .iter()
        .map(|one| format!("{} {} {}", one.kind, one.event, one.recipient))
        .collect();
    let recipients: Vec<String> = new.iter().map(|one| one.recipient.to_string()).collect();
    let subjects: Vec<String> = new.iter().map(|one| one.mail.subject.clone()).collect();
    let texts: Vec<String> = new.iter().map(|one| one.mail.text.clone()).collect();
    let htmls: Vec<String> = new.iter().map(|one| one.mail.html.clone()).collect();
    let names: Vec<Option<String>> = new
        .iter()
        .map(|one| one.sender.map(|from| from.name.to_string()))
        .collect();
    let replies: Vec<Option<String>> = new
        .iter()
        .map(|one| one.sender.map(|from| from.reply_to.to_string()))
        .collect();
    let lists: Vec<Option<String>> = new.iter().map(|one| one.list.clone()).collect();
    sqlx::query!(
        "insert into message (message_id, kind, unique_key, recipient, subject, text_body, html_body,
                              from_name, reply_to, list, run_at, created_at)
         select id, kind, key, recipient, subject, text, html, name, reply, list, $11, $11
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::text[])
              as new (id, kind, key, recipient, subject, text, html, name, reply, list)
         on conflict on constraint one_message_per_event_and_recipient do nothing",
        &ids,
        &kinds,
        &keys,
        &recipients,
        &subjects,
        &texts,
        &htmls,
        &names as _,
        &replies as _,
        &lists as _,
        ctx.now(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Somebody leaves a list, and with it what a slice says belongs to it. Twice is as good as once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn leave(ctx: &Ctx, leaving: &tokens::Leaving) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    store::leave(&mut tx, &leaving.email, &leaving.list, ctx.now()).await?;
    (ctx.mailer.words().left)(&mut tx, ctx, leaving).await?;
    tx.commit().await?;
    Ok(())
}
