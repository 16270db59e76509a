//! The SQL of the sandbox's mailbox: every message, the newest first.

use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Mail;
use super::compose::Message;

/// How many stand on one page.
pub const PER_PAGE: i64 = 50;

/// A message and where it stands.
pub struct Kept {
    pub message: Message,
    pub state: String,
}

struct Row {
    message_id: Uuid,
    kind: String,
    recipient: String,
    subject: String,
    text_body: String,
    html_body: String,
    from_name: Option<String>,
    reply_to: Option<String>,
    list: Option<String>,
    state: String,
    created_at: OffsetDateTime,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let mail = Mail {
            subject: row.subject,
            text: row.text_body,
            html: row.html_body,
        };
        let message = Message {
            id: row.message_id,
            kind: row.kind,
            recipient: row.recipient,
            from_name: row.from_name,
            reply_to: row.reply_to,
            list: row.list,
            created_at: row.created_at,
            mail,
        };
        Self {
            message,
            state: row.state,
        }
    }
}

/// A page of messages, counted from 1, and how many there are; those to one address if `to` is not empty. The
/// words themselves are left out.
pub async fn list(db: &PgPool, to: &str, page: i64) -> sqlx::Result<(Vec<Kept>, i64)> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from message where $1 = '' or recipient = $1"#,
        to
    )
    .fetch_one(db)
    .await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select message_id, kind, recipient, subject, '' as "text_body!", '' as "html_body!", from_name,
                  reply_to, list, state, created_at
           from message where $1 = '' or recipient = $1
           order by created_at desc, message_id desc limit $2 offset $3"#,
        to,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    .fetch_all(db)
    .await?;
    Ok((rows.into_iter().map(Kept::from).collect(), count))
}

/// One message.
pub async fn find(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Kept>> {
    let row = sqlx::query_as!(
        Row,
        "select message_id, kind, recipient, subject, text_body, html_body, from_name, reply_to, list, state,
                created_at
         from message where message_id = $1",
        id,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Kept::from))
}
