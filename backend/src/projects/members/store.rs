//! The SQL of members and invitations.

use felag_domain::ids::{InvitationId, PersonId, ProjectId};
use felag_domain::person::Role;
use felag_domain::project::members::Place;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::Invitation;

/// Holds a project until the transaction ends, so that its members change one at a time.
pub async fn hold(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<()> {
    sqlx::query!(
        "select project_id from project where project_id = $1 for update",
        project.as_uuid()
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Every place in a project.
pub async fn places(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as!(
        Place,
        r#"select person_id as "person: PersonId", role as "role: Role" from member where project_id = $1"#,
        project.as_uuid(),
    )
    .fetch_all(conn)
    .await
}

/// Somebody's place, as the list shows it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub since: OffsetDateTime,
}

/// The members of a project, those of the longest standing first.
pub async fn list(db: &PgPool, project: ProjectId) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select person_id as "person: PersonId", display_name as name, email, role as "role: Role",
                  member.created_at as since
           from member join person using (person_id) where project_id = $1
           order by member.created_at, person_id, role"#,
        project.as_uuid(),
    )
    .fetch_all(db)
    .await
}

/// The addresses of all members, each once.
pub async fn addresses(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct email from member join person using (person_id) where project_id = $1 order by email",
        project.as_uuid(),
    )
    .fetch_all(conn)
    .await
}

/// Whether the account of an address has this place already.
pub async fn has_place(
    conn: &mut PgConnection,
    project: ProjectId,
    email: &str,
    role: Role,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from member join person using (person_id)
                          where project_id = $1 and email = $2 and role = $3) as "has!""#,
        project.as_uuid(),
        email,
        role.as_str(),
    )
    .fetch_one(conn)
    .await
}

/// Whoever had a place that ended.
#[derive(Debug, Clone)]
pub struct Gone {
    pub name: String,
    pub email: String,
}

/// Ends a place that is there.
pub async fn delete(conn: &mut PgConnection, project: ProjectId, place: Place) -> sqlx::Result<Gone> {
    sqlx::query_as!(
        Gone,
        r#"delete from member using person
           where member.person_id = person.person_id and project_id = $1 and member.person_id = $2 and role = $3
           returning display_name as name, email"#,
        project.as_uuid(),
        place.person.as_uuid(),
        place.role.as_str(),
    )
    .fetch_one(conn)
    .await
}

/// An invitation to be written down.
pub struct New<'a> {
    pub id: InvitationId,
    pub project: ProjectId,
    pub email: &'a str,
    pub role: Role,
    pub token_hash: &'a [u8],
    pub by: PersonId,
}

/// Writes an invitation down, with when it was made and when it ends.
pub async fn insert(
    conn: &mut PgConnection,
    new: &New<'_>,
    (now, ends): (OffsetDateTime, OffsetDateTime),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into invitation (project_id, invitation_id, email, role, token_hash, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.project.as_uuid(),
        new.id.as_uuid(),
        new.email,
        new.role.as_str(),
        new.token_hash,
        new.by.as_uuid(),
        now,
        ends,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back what was sent to the same address for the same place.
pub async fn revoke_same(
    conn: &mut PgConnection,
    project: ProjectId,
    email: &str,
    role: Role,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update invitation set revoked_at = $4
         where project_id = $1 and email = $2 and role = $3 and accepted_at is null and revoked_at is null",
        project.as_uuid(),
        email,
        role.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes one back, unless it was accepted: gives the place it was for.
pub async fn revoke(
    conn: &mut PgConnection,
    project: ProjectId,
    invitation: InvitationId,
    now: OffsetDateTime,
) -> sqlx::Result<Option<Role>> {
    sqlx::query_scalar!(
        r#"update invitation set revoked_at = $3
           where project_id = $1 and invitation_id = $2 and accepted_at is null and revoked_at is null
           returning role as "role: Role""#,
        project.as_uuid(),
        invitation.as_uuid(),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// How many invitations can still be accepted.
pub async fn count_open(
    conn: &mut PgConnection,
    project: ProjectId,
    now: OffsetDateTime,
) -> sqlx::Result<usize> {
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from invitation
           where project_id = $1 and accepted_at is null and revoked_at is null and expires_at > $2"#,
        project.as_uuid(),
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(open).unwrap_or(usize::MAX))
}

/// An invitation, as the owners' list shows it.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    pub expires_at: OffsetDateTime,
}

/// The invitations that can still be accepted, the oldest first.
pub async fn open(db: &PgPool, project: ProjectId, now: OffsetDateTime) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"select invitation_id as "id: InvitationId", email, role as "role: Role", expires_at from invitation
           where project_id = $1 and accepted_at is null and revoked_at is null and expires_at > $2
           order by created_at, invitation_id"#,
        project.as_uuid(),
        now,
    )
    .fetch_all(db)
    .await
}

/// One list of columns for the two ways to read an invitation by its link.
macro_rules! by_link {
    ($end:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Invitation,
            r#"select invitation_id as "id: InvitationId", project_id as "project: ProjectId", slug,
                      project.name as project_name, invitation.email, role as "role: Role", display_name as by,
                      expires_at
               from invitation join project using (project_id) join person on person_id = invited_by
               where token_hash = $1 and accepted_at is null and revoked_at is null and expires_at > $2 "# + $end,
            $($argument),*
        )
    };
}

/// The invitation behind a link, if it can still be accepted.
pub async fn find(db: &PgPool, token_hash: &[u8], now: OffsetDateTime) -> sqlx::Result<Option<Invitation>> {
    by_link!("", token_hash, now).fetch_optional(db).await
}

/// As [`find`], held until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> sqlx::Result<Option<Invitation>> {
    by_link!("for update of invitation", token_hash, now)
        .fetch_optional(conn)
        .await
}

/// The slug of the project that this person came into by this link.
pub async fn accepted(
    conn: &mut PgConnection,
    token_hash: &[u8],
    person: PersonId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select slug from invitation join project using (project_id) where token_hash = $1 and accepted_by = $2",
        token_hash,
        person.as_uuid(),
    )
    .fetch_optional(conn)
    .await
}

pub async fn set_accepted(
    conn: &mut PgConnection,
    invitation: &Invitation,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update invitation set accepted_at = $3, accepted_by = $4 where project_id = $1 and invitation_id = $2",
        invitation.project.as_uuid(),
        invitation.id.as_uuid(),
        now,
        person.as_uuid(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes invitations that ended before this moment.
pub async fn forget(db: &PgPool, before: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from invitation where coalesce(accepted_at, revoked_at, expires_at) < $1",
        before
    )
    .execute(db)
    .await?;
    Ok(())
}
