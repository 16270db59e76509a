//! The SQL of the second factor and its recovery codes.

use felag_domain::ids::{PersonId, ProjectId};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use crate::ctx::Ctx;

/// How far somebody has proven who they are, beyond the password.
pub struct Proof {
    /// A factor is set up and confirmed.
    pub has_factor: bool,
    /// When a code was last given in this sign-in. Wall time.
    pub given_at: Option<OffsetDateTime>,
}

/// The proof of a person in the sign-in of this hash.
pub async fn proof(db: &PgPool, person: PersonId, token_hash: &[u8]) -> sqlx::Result<Proof> {
    sqlx::query_as!(
        Proof,
        r#"select exists (select from second_factor where person_id = $1 and confirmed_at is not null)
                      as "has_factor!",
                  (select factor_at from sign_in where person_id = $1 and token_hash = $2) as given_at"#,
        person as _,
        token_hash,
    )
    .fetch_one(db)
    .await
}

/// A factor in use.
pub struct Standing {
    pub since: OffsetDateTime,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

/// The factor of a person, once it is confirmed.
pub async fn standing(db: &PgPool, person: PersonId) -> sqlx::Result<Option<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"select confirmed_at as "since!",
                  (select count(*) from recovery_code where person_id = $1 and used_at is null) as "codes_left!"
           from second_factor where person_id = $1 and confirmed_at is not null"#,
        person as _,
    )
    .fetch_optional(db)
    .await
}

/// The key that secrets are sealed under: made at the first use, for this purpose only.
pub async fn key(conn: &mut PgConnection, ctx: &Ctx) -> anyhow::Result<Vec<u8>> {
    const NAME: &str = "second_factor_key";
    sqlx::query!(
        "insert into secret (name, value, created_at) values ($1, $2, $3) on conflict (name) do nothing",
        NAME,
        hex::encode(ctx.random.bytes::<32>()),
        ctx.now(),
    )
    .execute(&mut *conn)
    .await?;
    let value = sqlx::query_scalar!("select value from secret where name = $1", NAME)
        .fetch_one(conn)
        .await?;
    Ok(hex::decode(value)?)
}

/// Writes a secret down that is not confirmed yet, in place of another such; `false` when a factor is in use.
pub async fn begin(
    conn: &mut PgConnection,
    person: PersonId,
    sealed: &[u8],
    token_hash: &[u8],
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    // Wrong tries stay: beginning anew does not give more of them.
    let begun = sqlx::query!(
        "insert into second_factor (person_id, sealed, created_at, token_hash) values ($1, $2, $3, $4)
         on conflict (person_id) do update set sealed = $2, created_at = $3, token_hash = $4, last_step = 0
         where second_factor.confirmed_at is null",
        person as _,
        sealed,
        now,
        token_hash,
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// A person's factor, as far as judging a code needs it.
pub struct Held {
    pub sealed: Vec<u8>,
    pub created_at: OffsetDateTime,
    pub confirmed_at: Option<OffsetDateTime>,
    pub token_hash: Vec<u8>,
    pub last_step: i64,
    pub wrong_at: Vec<OffsetDateTime>,
}

/// The factor of a person.
pub async fn find(db: &PgPool, person: PersonId) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        "select sealed, created_at, confirmed_at, token_hash, last_step, wrong_at from second_factor
         where person_id = $1",
        person as _,
    )
    .fetch_optional(db)
    .await
}

/// As [`find`], and nobody else judges a code of this person meanwhile.
pub async fn hold(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        "select sealed, created_at, confirmed_at, token_hash, last_step, wrong_at from second_factor
         where person_id = $1 for update",
        person as _,
    )
    .fetch_optional(conn)
    .await
}

/// The last wrong tries.
pub async fn set_wrong(
    conn: &mut PgConnection,
    person: PersonId,
    wrong: &[OffsetDateTime],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update second_factor set wrong_at = $2 where person_id = $1",
        person as _,
        wrong
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The code of this step was taken.
pub async fn set_step(conn: &mut PgConnection, person: PersonId, step: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update second_factor set last_step = $2, wrong_at = '{}' where person_id = $1",
        person as _,
        step
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The factor counts from now on.
pub async fn confirm(conn: &mut PgConnection, person: PersonId, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update second_factor set confirmed_at = $2 where person_id = $1",
        person as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a recovery code and says how many are left; `None` when there is no such unused one.
pub async fn use_recovery(
    conn: &mut PgConnection,
    person: PersonId,
    code_hash: &[u8],
    now: OffsetDateTime,
) -> sqlx::Result<Option<i64>> {
    let used = sqlx::query!(
        "update recovery_code set used_at = $3 where person_id = $1 and code_hash = $2 and used_at is null",
        person as _,
        code_hash,
        now,
    )
    .execute(&mut *conn)
    .await?;
    if used.rows_affected() == 0 {
        return Ok(None);
    }
    let left = sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_code where person_id = $1 and used_at is null"#,
        person as _
    );
    left.fetch_one(conn).await.map(Some)
}

/// A new set of recovery codes in place of the old one.
pub async fn replace_recovery(
    conn: &mut PgConnection,
    person: PersonId,
    hashes: &[Vec<u8>],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!("delete from recovery_code where person_id = $1", person as _)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into recovery_code (person_id, code_hash, created_at) select $1, hash, $3 from unnest($2::bytea[]) hash",
        person as _,
        hashes,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many of these are unused recovery codes of this person.
pub async fn count_unused(db: &PgPool, person: PersonId, hashes: &[Vec<u8>]) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from recovery_code
           where person_id = $1 and used_at is null and code_hash = any($2)"#,
        person as _,
        hashes,
    )
    .fetch_one(db)
    .await
}

/// A code was given in this sign-in, at this moment by wall time.
pub async fn set_given(
    conn: &mut PgConnection,
    person: PersonId,
    token_hash: &[u8],
    wall: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update sign_in set factor_at = $3 where person_id = $1 and token_hash = $2",
        person as _,
        token_hash,
        wall,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the factor away, with its codes and with what was proven by it. `false` when there was none.
pub async fn remove(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    sqlx::query!(
        "update sign_in set factor_at = null where person_id = $1",
        person as _
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from recovery_code where person_id = $1", person as _)
        .execute(&mut *conn)
        .await?;
    let removed = sqlx::query!("delete from second_factor where person_id = $1", person as _)
        .execute(conn)
        .await?;
    Ok(removed.rows_affected() == 1)
}

/// A project whose money somebody may move, and who owns it besides.
pub struct Entrusted {
    pub project: ProjectId,
    pub name: String,
    pub slug: String,
    /// The other owners' addresses.
    pub owners: Vec<String>,
}

/// The projects whose money a person may move: as treasurer or as owner.
pub async fn entrusted(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<Vec<Entrusted>> {
    sqlx::query_as!(
        Entrusted,
        r#"select project_id as "project: ProjectId", name, slug,
                  array(select distinct email from member o join person using (person_id)
                        where o.project_id = project.project_id and o.role = 'owner' and o.person_id <> $1
                        order by email) as "owners!"
           from project
           where exists (select from member m where m.project_id = project.project_id and m.person_id = $1
                         and m.role in ('owner', 'treasurer'))
           order by project_id"#,
        person as _,
    )
    .fetch_all(conn)
    .await
}
