//! The SQL of the second factor.

use felag_domain::ids::PersonId;
use sqlx::PgPool;
use time::OffsetDateTime;

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
