//! The SQL of people and their sign-ins.

use felag_domain::ids::PersonId;
use felag_domain::person::{DisplayName, EmailAddress};
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};

use super::Person;

/// How long a sign-in lasts unused.
pub const IDLE: Duration = Duration::days(14);
/// How long a sign-in lasts in any case.
pub const LIFE: Duration = Duration::days(30);

/// Who holds the sign-in with this hash, if it is still good.
pub async fn signed_in(db: &PgPool, hash: &[u8], now: OffsetDateTime) -> sqlx::Result<Option<Person>> {
    let row = sqlx::query!(
        r#"select person_id as "id: PersonId", email, display_name, email_confirmed_at, is_steward, seen_at,
                  exists (select from member where member.person_id = person.person_id) as "has_projects!"
           from sign_in join person using (person_id)
           where token_hash = $1 and expires_at > $2 and seen_at > $3"#,
        hash,
        now,
        now - IDLE,
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if now - row.seen_at > Duration::HOUR {
        sqlx::query!("update sign_in set seen_at = $2 where token_hash = $1", hash, now)
            .execute(db)
            .await?;
    }
    Ok(Some(Person {
        id: row.id,
        email: row.email,
        name: row.display_name,
        email_is_confirmed: row.email_confirmed_at.is_some(),
        is_steward: row.is_steward,
        has_projects: row.has_projects,
    }))
}

/// An account as far as proving who one is needs it.
pub struct Account {
    pub id: PersonId,
    pub password_hash: String,
}

/// The account of an address.
pub async fn account(conn: &mut PgConnection, email: &EmailAddress) -> sqlx::Result<Option<Account>> {
    sqlx::query_as!(
        Account,
        r#"select person_id as "id: PersonId", password_hash from person where email = $1"#,
        email.as_str(),
    )
    .fetch_optional(conn)
    .await
}

/// Writes an account down; `false` when the address has one already, which stays as it is.
pub async fn insert_person(
    conn: &mut PgConnection,
    id: PersonId,
    email: &EmailAddress,
    name: &DisplayName,
    password_hash: &str,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into person (person_id, email, display_name, password_hash, created_at) values ($1, $2, $3, $4, $5)
         on conflict on constraint one_person_per_email do nothing",
        id as _,
        email.as_str(),
        name.as_str(),
        password_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Signs a browser in, unless the password was changed since `password_hash` was read.
pub async fn insert_sign_in(
    conn: &mut PgConnection,
    person: PersonId,
    password_hash: &str,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into sign_in (token_hash, person_id, created_at, seen_at, expires_at)
         select $1, person_id, $4, $4, $5 from person where person_id = $2 and password_hash = $3 for share",
        token_hash,
        person as _,
        password_hash,
        now,
        now + LIFE,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Ends one sign-in.
pub async fn end_sign_in(conn: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from sign_in where token_hash = $1", token_hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a person's sign-ins, all but one if `keep` is one.
pub async fn end_sign_ins(
    conn: &mut PgConnection,
    person: PersonId,
    keep: Option<&[u8]>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from sign_in where person_id = $1 and token_hash is distinct from $2",
        person as _,
        keep,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A browser that is signed in.
pub struct SignIn {
    pub token_hash: Vec<u8>,
    pub created_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
}

/// A person's sign-ins that are still good, the newest first; a hundred at most.
pub async fn sign_ins(db: &PgPool, person: PersonId, now: OffsetDateTime) -> sqlx::Result<Vec<SignIn>> {
    sqlx::query_as!(
        SignIn,
        "select token_hash, created_at, seen_at from sign_in
         where person_id = $1 and expires_at > $2 and seen_at > $3
         order by created_at desc, token_hash limit 100",
        person as _,
        now,
        now - IDLE,
    )
    .fetch_all(db)
    .await
}

pub async fn set_name(db: &PgPool, person: PersonId, name: &DisplayName) -> sqlx::Result<()> {
    sqlx::query!(
        "update person set display_name = $2 where person_id = $1",
        person as _,
        name.as_str()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Sets a new password in place of the one that was read; `false` when it is another one by now.
pub async fn change_password(
    conn: &mut PgConnection,
    person: PersonId,
    was: &str,
    new: &str,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update person set password_hash = $3 where person_id = $1 and password_hash = $2",
        person as _,
        was,
        new,
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Sets a new password for whoever reads the mailbox of this account, which proves the address too.
pub async fn reset_password(
    conn: &mut PgConnection,
    person: PersonId,
    email: &str,
    password_hash: &str,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update person set password_hash = $3, email_confirmed_at = coalesce(email_confirmed_at, $4)
         where person_id = $1 and email = $2",
        person as _,
        email,
        password_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// The address is proven. `false` when the account has another one by now.
pub async fn confirm_email(
    conn: &mut PgConnection,
    person: PersonId,
    email: &str,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update person set email_confirmed_at = coalesce(email_confirmed_at, $3) where person_id = $1 and email = $2",
        person as _,
        email,
        now,
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// A person's address, if it is proven.
pub async fn confirmed_email(db: &PgPool, person: PersonId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select email from person where person_id = $1 and email_confirmed_at is not null",
        person as _,
    )
    .fetch_optional(db)
    .await
}

/// Makes a steward. `false` when nobody has this address.
pub async fn make_steward(db: &PgPool, email: &EmailAddress) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update person set is_steward = true where email = $1",
        email.as_str()
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Removes sign-ins that are over.
pub async fn forget_sign_ins(db: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from sign_in where expires_at <= $1 or seen_at <= $2",
        now,
        now - IDLE
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Accounts opened before this moment whose address is not proven, by their ids after `after`.
pub async fn unconfirmed(
    db: &PgPool,
    before: OffsetDateTime,
    after: PersonId,
    most: i64,
) -> sqlx::Result<Vec<PersonId>> {
    sqlx::query_scalar!(
        r#"select person_id as "id: PersonId" from person
           where email_confirmed_at is null and not is_steward and created_at < $1 and person_id > $2
           order by person_id limit $3"#,
        before,
        after as _,
        most,
    )
    .fetch_all(db)
    .await
}

/// Removes an account that is still unconfirmed, with its sign-ins and links. `false` when it was confirmed
/// meanwhile, or something else points at it: then everything stays.
pub async fn forget_unconfirmed(db: &PgPool, person: PersonId) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let found = sqlx::query!(
        "select person_id from person where person_id = $1 and email_confirmed_at is null for update",
        person as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if found.is_none() {
        return Ok(false);
    }
    end_sign_ins(&mut tx, person, None).await?;
    sqlx::query!("delete from email_link where person_id = $1", person as _)
        .execute(&mut *tx)
        .await?;
    let removed = sqlx::query!("delete from person where person_id = $1", person as _)
        .execute(&mut *tx)
        .await;
    match removed {
        Ok(_) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(sqlx::Error::Database(cause)) if cause.is_foreign_key_violation() => Ok(false),
        Err(cause) => Err(cause),
    }
}
