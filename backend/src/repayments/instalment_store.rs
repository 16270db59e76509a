//! The SQL of a loan's instalments.

use felag_domain::ids::CampaignId;
use felag_domain::repaying::{Instalment, Parts};
use sqlx::PgConnection;
use time::Date;

/// The instalments of a plan, in the order of their days.
pub async fn rows(conn: &mut PgConnection, campaign: CampaignId, plan: i32) -> sqlx::Result<Vec<Instalment>> {
    let rows = sqlx::query!(
        "select number, due_on, principal_minor, interest_minor, fee_minor, late_interest_minor, late_until,
                paid_principal_minor, paid_interest_minor, paid_fee_minor, paid_late_minor
         from instalment where campaign_id = $1 and plan = $2 order by due_on, number",
        campaign as _,
        plan,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Instalment {
            number: row.number,
            due_on: row.due_on,
            owed: Parts {
                late: row.late_interest_minor,
                fee: row.fee_minor,
                interest: row.interest_minor,
                principal: row.principal_minor,
            },
            paid: Parts {
                late: row.paid_late_minor,
                fee: row.paid_fee_minor,
                interest: row.paid_interest_minor,
                principal: row.paid_principal_minor,
            },
            late_until: row.late_until,
        })
        .collect())
}

/// Writes instalments as they stand, new ones too.
pub async fn save_rows(
    conn: &mut PgConnection,
    campaign: CampaignId,
    plan: i32,
    rows: &[Instalment],
) -> sqlx::Result<()> {
    let numbers: Vec<i32> = rows.iter().map(|row| row.number).collect();
    let days: Vec<Date> = rows.iter().map(|row| row.due_on).collect();
    let untils: Vec<Date> = rows.iter().map(|row| row.late_until).collect();
    let owed = |part: fn(&Parts) -> i64| -> Vec<i64> { rows.iter().map(|row| part(&row.owed)).collect() };
    let paid = |part: fn(&Parts) -> i64| -> Vec<i64> { rows.iter().map(|row| part(&row.paid)).collect() };
    sqlx::query!(
        "insert into instalment (campaign_id, plan, number, due_on, late_until, principal_minor, interest_minor,
                                 fee_minor, late_interest_minor, paid_principal_minor, paid_interest_minor,
                                 paid_fee_minor, paid_late_minor)
         select $1, $2, * from unnest($3::int[], $4::date[], $5::date[], $6::bigint[], $7::bigint[], $8::bigint[],
                                      $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
         on conflict (campaign_id, plan, number) do update set
             late_until = excluded.late_until, principal_minor = excluded.principal_minor,
             interest_minor = excluded.interest_minor, fee_minor = excluded.fee_minor,
             late_interest_minor = excluded.late_interest_minor,
             paid_principal_minor = excluded.paid_principal_minor,
             paid_interest_minor = excluded.paid_interest_minor, paid_fee_minor = excluded.paid_fee_minor,
             paid_late_minor = excluded.paid_late_minor",
        campaign as _,
        plan,
        &numbers,
        &days,
        &untils,
        &owed(|parts| parts.principal),
        &owed(|parts| parts.interest),
        &owed(|parts| parts.fee),
        &owed(|parts| parts.late),
        &paid(|parts| parts.principal),
        &paid(|parts| parts.interest),
        &paid(|parts| parts.fee),
        &paid(|parts| parts.late),
    )
    .execute(conn)
    .await?;
    Ok(())
}
