//! How a project is supported by standing gifts, from the narrow row that `support` keeps.

use felag_domain::ids::ProjectId;
use felag_domain::money::Currency;
use felag_domain::support::monthly_of;
use felag_frontend::support::Supported;
use sqlx::PgPool;

/// What a project's page says of its support.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Absent where nobody supports it.
    pub standing: Option<Supported>,
    /// Its account at the provider can be paid, and somebody answers for the money.
    pub is_taken: bool,
}

/// Reads it. Where supporters give in several currencies, the one most of them give in is shown.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of(db: &PgPool, project: ProjectId) -> sqlx::Result<Standing> {
    let row = sqlx::query!(
        r#"select currency as "currency: Currency", supporters, weekly_minor, monthly_minor, yearly_minor
           from support_total where project_id = $1 and supporters > 0
           order by supporters desc, currency limit 1"#,
        project as _,
    )
    .fetch_optional(db)
    .await?;
    let is_taken = sqlx::query_scalar!(
        r#"select exists (select from project join payout_account using (project_id)
                          where project_id = $1 and payout_account.state = 'enabled' and holder_name is not null)
               as "is!""#,
        project as _,
    )
    .fetch_one(db)
    .await?;
    Ok(Standing {
        standing: row.map(|row| Supported {
            supporters: u64::try_from(row.supporters).unwrap_or(0),
            monthly: monthly_of(
                row.currency,
                row.weekly_minor,
                row.monthly_minor,
                row.yearly_minor,
            ),
        }),
        is_taken,
    })
}
