//! The audit log as a page shows it, newest first.

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::audit::Line;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows on one page.
const PAGE: usize = 50;

/// Which rows.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub project: Option<ProjectId>,
    pub kind: Option<String>,
    pub from: Option<OffsetDateTime>,
    pub until: Option<OffsetDateTime>,
    /// Older than this row.
    pub before: Option<Uuid>,
}

/// One page of the log.
pub struct Found {
    pub lines: Vec<Line>,
    /// The row after which the next page begins, if there is one.
    pub older: Option<Uuid>,
}

struct Row {
    id: Uuid,
    at: OffsetDateTime,
    actor: Option<PersonId>,
    who: Option<String>,
    kind: String,
    subject: String,
    reason: String,
    detail: serde_json::Value,
    refused: bool,
    project: Option<String>,
    slug: Option<String>,
}

/// One page of the rows wanted, the newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn read(db: &PgPool, wanted: &Wanted) -> sqlx::Result<Found> {
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = sqlx::query_as!(
        Row,
        r#"select audit_id as id, at, actor_id as "actor: PersonId", display_name as "who?", kind, subject, reason,
                  detail, refused, project.name as "project?", project.slug as "slug?"
           from audit_row left join person on person_id = actor_id left join project using (project_id)
           where ($1::uuid is null or project_id = $1) and ($2::text is null or kind = $2)
             and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
             and ($5::uuid is null or audit_id < $5)
           order by audit_id desc limit $6"#,
        wanted.project as _,
        wanted.kind,
        wanted.from,
        wanted.until,
        wanted.before,
        most,
    )
    .fetch_all(db)
    .await?;
    let has_older = rows.len() > PAGE;
    rows.truncate(PAGE);
    let older = rows.last().filter(|_| has_older).map(|row| row.id);
    let is_of_one = wanted.project.is_some();
    Ok(Found {
        lines: rows.into_iter().map(|row| line(row, is_of_one)).collect(),
        older,
    })
}

fn line(row: Row, is_of_one: bool) -> Line {
    let project = row.project.zip(row.slug).filter(|_| !is_of_one);
    Line {
        at: row.at,
        who: row.who.or_else(|| row.actor.map(|actor| actor.to_string())),
        kind: row.kind,
        subject: row.subject,
        reason: row.reason,
        detail: in_pairs(row.detail),
        is_refused: row.refused,
        project: project.map(|(name, slug)| (name, format!("/projects/{slug}/audit"))),
    }
}

/// The details: names and values, what is nested as JSON. Sums stand in the currency that stands beside them.
fn in_pairs(detail: serde_json::Value) -> Vec<(String, String)> {
    let serde_json::Value::Object(pairs) = detail else {
        return Vec::new();
    };
    let currency = pairs.get("currency").and_then(|code| code.as_str()?.parse().ok());
    let is_sum = |name: &str, value: &serde_json::Value| name.ends_with("_minor") && value.is_i64();
    let has_sum = currency.is_some() && pairs.iter().any(|(name, value)| is_sum(name, value));
    let wanted = pairs
        .into_iter()
        .filter(|(name, _)| !(has_sum && name == "currency"));
    let shown = wanted.map(
        |(name, value)| match (currency, name.strip_suffix("_minor"), value) {
            (Some(currency), Some(sum), serde_json::Value::Number(minor)) if minor.is_i64() => {
                let money = Money::from_minor(minor.as_i64().unwrap_or(0), currency);
                (sum.replace('_', " "), Lang::En.money(money))
            }
            (_, _, serde_json::Value::String(text)) => (name.replace('_', " "), text),
            (_, _, other) => (name.replace('_', " "), other.to_string()),
        },
    );
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::in_pairs;

    #[test]
    fn details_are_shown_as_names_and_values() {
        let detail = serde_json::json!({ "amount_minor": 500, "to": "IS14", "none": null });
        let pairs = in_pairs(detail);
        let text: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(text, ["amount minor=500", "none=null", "to=IS14"]);
        assert!(in_pairs(serde_json::json!([1])).is_empty());
    }

    #[test]
    fn sums_beside_a_currency_are_shown_as_money() {
        let detail = serde_json::json!({ "gross_minor": 85_000, "currency": "EUR", "number": 2 });
        let pairs = in_pairs(detail);
        let text: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(text, ["gross=€850.00", "number=2"]);
    }
}
