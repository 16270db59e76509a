//! The funding curve from the narrow rows of days: as many as a campaign has days, so 61 at most.

use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::parts::{Curve, CurveDay};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::store::Campaign;

/// What one day added to the promises. It may be less than nothing.
#[derive(Debug, Clone, Copy)]
pub struct Added {
    pub day: Date,
    pub promised_minor: i64,
    pub backers: i32,
}

/// The curve of a campaign that has opened and has had a promise.
pub async fn of(
    conn: &mut PgConnection,
    lang: Lang,
    campaign: &Campaign,
    now: OffsetDateTime,
) -> anyhow::Result<Option<Curve>> {
    if campaign.opens_at.is_none() {
        return Ok(None);
    }
    let rows = sqlx::query_as!(
        Added,
        "select day, promised_minor, backers from campaign_day where campaign_id = $1 order by day",
        campaign.id.as_uuid(),
    )
    .fetch_all(conn)
    .await?;
    draw(lang, campaign, &rows, now)
}

/// The same of days that were read already, in their order.
pub fn draw(
    lang: Lang,
    campaign: &Campaign,
    rows: &[Added],
    now: OffsetDateTime,
) -> anyhow::Result<Option<Curve>> {
    let (Some(opens), Some(deadline)) = (campaign.opens_at, campaign.deadline_at) else {
        return Ok(None);
    };
    let (opened, last) = (opens.date(), deadline.date());
    let curve = Curve {
        lang,
        days: days(rows, Money::zero(campaign.currency), last, now.date())?,
        minimum: campaign.minimum,
        full_plan: campaign.full_plan,
        opened,
        deadline: last,
    };
    Ok((!curve.days.is_empty()).then_some(curve))
}

/// The total at the end of each day that changed it, and of today, up to the deadline's day: a card that
/// was saved before the deadline may be heard of after midnight, and counts for that day.
fn days(rows: &[Added], nothing: Money, last: Date, today: Date) -> anyhow::Result<Vec<CurveDay>> {
    let mut days: Vec<CurveDay> = Vec::with_capacity(rows.len() + 1);
    let (mut total, mut backers) = (nothing, 0_i64);
    for row in rows {
        total = total.checked_add(Money::from_minor(row.promised_minor, nothing.currency()))?;
        backers += i64::from(row.backers);
        let day = CurveDay {
            day: row.day.min(last),
            total,
            backers: u64::try_from(backers).unwrap_or(0),
        };
        match days.last_mut() {
            Some(same) if same.day == day.day => *same = day,
            _ => days.push(day),
        }
    }
    let until = today.min(last);
    if let Some(end) = days.last().copied().filter(|end| end.day < until) {
        days.push(CurveDay { day: until, ..end });
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use felag_domain::money::Currency;
    use time::macros::date;

    use super::*;

    const LAST: Date = date!(2026 - 11 - 30);

    fn of(rows: &[(Date, i64, i32)], today: Date) -> Vec<(Date, i64, u64)> {
        let rows: Vec<Added> = rows
            .iter()
            .map(|&(day, promised_minor, backers)| Added {
                day,
                promised_minor,
                backers,
            })
            .collect();
        let days = days(&rows, Money::zero(Currency::EUR), LAST, today).unwrap();
        days.into_iter()
            .map(|day| (day.day, day.total.minor(), day.backers))
            .collect()
    }

    #[test]
    fn days_add_up_and_the_curve_goes_on_to_today() {
        let rows = [
            (date!(2026 - 11 - 02), 500, 1),
            (date!(2026 - 11 - 05), -200, 0),
            (date!(2026 - 11 - 07), 900, 2),
        ];
        let expected = [
            (date!(2026 - 11 - 02), 500, 1),
            (date!(2026 - 11 - 05), 300, 1),
            (date!(2026 - 11 - 07), 1200, 3),
            (date!(2026 - 11 - 20), 1200, 3),
        ];
        assert_eq!(of(&rows, date!(2026 - 11 - 20)), expected);
        assert_eq!(of(&rows, date!(2026 - 11 - 07)), expected[..3]);
    }

    #[test]
    fn without_a_promise_there_is_nothing_to_draw() {
        assert!(of(&[], date!(2026 - 11 - 20)).is_empty());
    }

    #[test]
    fn nothing_lies_beyond_the_day_of_the_deadline() {
        let rows = [(LAST, 500, 1), (date!(2026 - 12 - 01), 300, 1)];
        assert_eq!(of(&rows, date!(2027 - 01 - 01)), [(LAST, 800, 2)]);
    }

    #[test]
    fn sixty_days_make_61_points_at_most() {
        let first = LAST - time::Duration::days(60);
        let rows: Vec<_> = (0..=60)
            .map(|n| (first + time::Duration::days(n), 100, 1))
            .collect();
        assert_eq!(of(&rows, LAST).len(), 61);
    }
}
