//! The SQL of updates and follows.

use felag_domain::ids::{CampaignId, PersonId, UpdateId};
use felag_domain::update::NewUpdate;
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::mail::Sender;

/// A published update.
#[derive(Debug, Clone)]
pub struct Update {
    pub id: UpdateId,
    pub campaign: CampaignId,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub created_at: OffsetDateTime,
}

/// Writes an update down; `false` when the form was sent before.
pub async fn insert(
    conn: &mut PgConnection,
    (campaign, id, author): (CampaignId, UpdateId, PersonId),
    new: &NewUpdate,
    request_key: Uuid,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into campaign_update (campaign_id, update_id, author_id, title, body, request_key, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint one_update_per_request do nothing",
        campaign.as_uuid(),
        id.as_uuid(),
        author.as_uuid(),
        new.title(),
        new.body(),
        request_key,
        now,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The update that a form made.
pub async fn of_request(
    conn: &mut PgConnection,
    campaign: CampaignId,
    request_key: Uuid,
) -> sqlx::Result<UpdateId> {
    sqlx::query_scalar!(
        r#"select update_id as "id: UpdateId" from campaign_update
           where campaign_id = $1 and request_key = $2"#,
        campaign.as_uuid(),
        request_key,
    )
    .fetch_one(conn)
    .await
}

/// How many updates a campaign published in the day before `now`.
pub async fn in_the_last_day(
    conn: &mut PgConnection,
    campaign: CampaignId,
    now: OffsetDateTime,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from campaign_update where campaign_id = $1 and created_at > $2"#,
        campaign.as_uuid(),
        now - Duration::DAY,
    )
    .fetch_one(conn)
    .await
}

/// One update.
pub async fn find(db: impl PgExecutor<'_>, id: UpdateId) -> sqlx::Result<Option<Update>> {
    sqlx::query_as!(
        Update,
        r#"select update_id as "id: UpdateId", campaign_id as "campaign: CampaignId", title, body, created_at
           from campaign_update where update_id = $1"#,
        id.as_uuid(),
    )
    .fetch_optional(db)
    .await
}

/// A campaign's updates, the newest first; a hundred at most.
pub async fn of_campaign(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<Update>> {
    sqlx::query_as!(
        Update,
        r#"select update_id as "id: UpdateId", campaign_id as "campaign: CampaignId", title, body, created_at
           from campaign_update where campaign_id = $1 order by created_at desc, update_id desc limit 100"#,
        campaign.as_uuid(),
    )
    .fetch_all(db)
    .await
}

/// Writes one message to everybody who follows or backs the campaign and did not leave its list: one
/// statement, without words, which are written when it is sent. How many it wrote.
///
/// A message's id is made from the update and the address, so that a copy can only carry the same Message-ID.
pub async fn queue_for_readers(
    conn: &mut PgConnection,
    campaign: CampaignId,
    update: UpdateId,
    sender: Sender<'_>,
    now: OffsetDateTime,
) -> sqlx::Result<u64> {
    // Reads the pledges' table: who backs a campaign is asked for nowhere else below that slice, and 10,000
    // addresses are copied where they stand.
    let queued = sqlx::query!(
        "insert into message (message_id, kind, unique_key, recipient, subject_id, from_name, reply_to, list,
                              run_at, created_at)
         select substr(encode(sha256(convert_to($2::uuid || ' ' || email, 'UTF8')), 'hex'), 1, 32)::uuid,
                'campaign_update', 'campaign_update ' || $2::uuid || ' ' || email, email, $2, $3, $4,
                'updates:' || $1::uuid, $5, $5
         from (select email from follow where campaign_id = $1
               union
               select email from pledge where campaign_id = $1 and state in (
                   'card_saved', 'due', 'charging', 'needs_you', 'retry_later', 'stopping', 'paid')) as reader
         where not exists (select from unsubscription as gone
                           where gone.email = reader.email and gone.list = 'updates:' || $1::uuid)
         on conflict on constraint one_message_per_event_and_recipient do nothing",
        campaign.as_uuid(),
        update.as_uuid(),
        sender.name,
        sender.reply_to,
        now,
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected())
}

/// Writes one mail of a kind to everybody who follows the campaign and does not back it. How many it wrote.
pub async fn queue_for_followers(
    conn: &mut PgConnection,
    campaign: CampaignId,
    kind: &str,
    now: OffsetDateTime,
) -> sqlx::Result<u64> {
    // Backers get mails of their own, from the slice of pledges: a reminder, or that they were released.
    let queued = sqlx::query!(
        "insert into message (message_id, kind, unique_key, recipient, subject_id, list, run_at, created_at)
         select substr(encode(sha256(convert_to($3::text || ' ' || $1::uuid || ' ' || email, 'UTF8')),
                              'hex'), 1, 32)::uuid,
                $3, $3::text || ' ' || $1::uuid || ' ' || email, email, $1, 'follow:' || $1::uuid, $2, $2
         from follow
         where campaign_id = $1
           and not exists (select from pledge
                           where pledge.email = follow.email and pledge.campaign_id = $1
                             and state in ('card_saved', 'released'))
           and not exists (select from unsubscription as gone
                           where gone.email = follow.email and gone.list = 'follow:' || $1::uuid)
         on conflict on constraint one_message_per_event_and_recipient do nothing",
        campaign.as_uuid(),
        now,
        kind,
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected())
}

/// Writes down that an address follows a campaign. Twice is as good as once.
pub async fn follow(
    conn: &mut PgConnection,
    campaign: CampaignId,
    email: &str,
    person: Option<PersonId>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into follow (campaign_id, email, person_id, created_at) values ($1, $2, $3, $4)
         on conflict (campaign_id, email)
         do update set person_id = coalesce(excluded.person_id, follow.person_id)",
        campaign.as_uuid(),
        email,
        person.map(PersonId::as_uuid),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn follows(db: impl PgExecutor<'_>, campaign: CampaignId, email: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from follow where campaign_id = $1 and email = $2) as "follows!""#,
        campaign.as_uuid(),
        email,
    )
    .fetch_one(db)
    .await
}

pub async fn unfollow(conn: &mut PgConnection, campaign: CampaignId, email: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from follow where campaign_id = $1 and email = $2",
        campaign.as_uuid(),
        email
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the address has a promise or a gift here. See [`queue_for_readers`] for why this reads that table.
pub async fn backs(conn: &mut PgConnection, campaign: CampaignId, email: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pledge where email = $2 and campaign_id = $1 and state in (
                   'card_saved', 'due', 'charging', 'needs_you', 'retry_later', 'stopping',
                   'paid')) as "backs!""#,
        campaign.as_uuid(),
        email,
    )
    .fetch_one(conn)
    .await
}

/// A mailed link that confirms a follow.
#[derive(Debug, Clone)]
pub struct Link {
    pub campaign: CampaignId,
    pub email: String,
    pub is_used: bool,
}

pub async fn insert_link(
    conn: &mut PgConnection,
    token_hash: &[u8],
    campaign: CampaignId,
    email: &str,
    (now, expires_at): (OffsetDateTime, OffsetDateTime),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into email_link (token_hash, purpose, email, campaign_id, created_at, expires_at)
         values ($1, 'confirm_follow', $2, $3, $4, $5)",
        token_hash,
        email,
        campaign.as_uuid(),
        now,
        expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The link with this hash, until it runs out.
pub async fn link(db: &PgPool, token_hash: &[u8], now: OffsetDateTime) -> sqlx::Result<Option<Link>> {
    sqlx::query_as!(
        Link,
        r#"select campaign_id as "campaign!: CampaignId", email, used_at is not null as "is_used!"
           from email_link
           where token_hash = $1 and purpose = 'confirm_follow' and campaign_id is not null
             and expires_at > $2"#,
        token_hash,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Of two who use a link at once, one does.
pub async fn use_link(conn: &mut PgConnection, token_hash: &[u8], now: OffsetDateTime) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update email_link set used_at = $2
         where token_hash = $1 and purpose = 'confirm_follow' and used_at is null and expires_at > $2",
        token_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}
