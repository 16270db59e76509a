//! What a lender's year came to, loan by loan: what a tax return asks for. Days are those of UTC.

use felag_domain::ids::{CommitmentId, PersonId};
use felag_domain::money::{Currency, Money};
use sqlx::PgPool;
use time::{Date, Month, OffsetDateTime};

/// One loan in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfLoan {
    pub share: CommitmentId,
    pub title: String,
    pub principal: Money,
    pub interest: Money,
    /// Given up in this year.
    pub lost: Money,
    /// Came in in this year, of what had been given up.
    pub recovered: Money,
    /// Given to the project in this year, of what came back.
    pub given: Money,
}

impl OfLoan {
    /// Principal, interest, lost, recovered, given.
    pub const fn amounts(&self) -> [Money; 5] {
        [
            self.principal,
            self.interest,
            self.lost,
            self.recovered,
            self.given,
        ]
    }

    fn is_nothing(&self) -> bool {
        self.amounts().iter().all(|amount| amount.minor() == 0)
    }
}

/// The years in which a person was lender to somebody, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn years(db: &PgPool, person: PersonId, today: Date) -> sqlx::Result<Vec<i32>> {
    let first = sqlx::query_scalar!(
        "select min(begun_on) from commitment join loan_share using (campaign_id, commitment_id)
         join loan_running using (campaign_id) where person_id = $1",
        person as _
    )
    .fetch_one(db)
    .await?;
    Ok(first.map_or_else(Vec::new, |first| (first.year()..=today.year()).rev().collect()))
}

/// What each loan brought and lost in a year. Loans with nothing in it are left out; what a bank took back counts as
/// never received, and nothing of a share counts after its lender's bank took their charge back for good.
///
/// # Errors
/// When the database fails.
pub async fn of_year(db: &PgPool, person: PersonId, year: i32) -> sqlx::Result<Vec<OfLoan>> {
    let (Some(from), Some(until)) = (new_year(year), new_year(year.saturating_add(1))) else {
        return Ok(Vec::new());
    };
    let rows = sqlx::query!(
        r#"select commitment.commitment_id as "share: CommitmentId", title, loan_running.currency as "currency: Currency",
                  coalesce(sum(part.principal_minor) filter (where credited_at >= $2 and not is_given_up), 0)::bigint
                      as "principal!",
                  coalesce(sum(part.interest_minor) filter (where credited_at >= $2), 0)::bigint as "interest!",
                  coalesce(sum(part.principal_minor) filter (where credited_at >= $2 and is_given_up), 0)::bigint
                      as "recovered!",
                  case when loan.ended_at >= $2 and loan.ended_at < $3 and taken_over_at is null
                       then loan_share.lost_minor + coalesce((
                           select sum(other.principal_minor) from repayment_share as other
                           join repayment as given using (campaign_id, repayment_id)
                           where other.campaign_id = commitment.campaign_id
                             and other.commitment_id = commitment.commitment_id and given.state = 'credited'
                               and given.is_given_up), 0)::bigint
                       else 0 end as "lost!",
                  (select coalesce(sum(gift.amount_minor), 0)::bigint from lender_gift as gift
                   where gift.campaign_id = commitment.campaign_id and gift.commitment_id = commitment.commitment_id
                     and gift.returned_at is null and gift.created_at >= $2 and gift.created_at < $3) as "given!"
           from commitment join loan_share using (campaign_id, commitment_id) join loan_running using (campaign_id)
           join loan using (campaign_id) join campaign using (campaign_id)
           left join (repayment_share as part
                      join repayment on repayment.campaign_id = part.campaign_id
                       and repayment.repayment_id = part.repayment_id and repayment.state = 'credited'
                       and repayment.credited_at < $3)
                on part.campaign_id = commitment.campaign_id and part.commitment_id = commitment.commitment_id
               and (taken_over_at is null or credited_at < frozen_at)
           where commitment.person_id = $1
           group by commitment.campaign_id, commitment.commitment_id, title, loan_running.currency, loan.ended_at,
                    loan_share.lost_minor, taken_over_at
           order by commitment.commitment_id"#,
        person as _,
        from,
        until,
    )
    .fetch_all(db)
    .await?;
    let each = rows.into_iter().map(|row| {
        let money = |minor| Money::from_minor(minor, row.currency);
        OfLoan {
            share: row.share,
            title: row.title.clone(),
            principal: money(row.principal),
            interest: money(row.interest),
            lost: money(row.lost),
            recovered: money(row.recovered),
            given: money(row.given),
        }
    });
    Ok(each.filter(|one| !one.is_nothing()).collect())
}

fn new_year(year: i32) -> Option<OffsetDateTime> {
    let day = Date::from_calendar_date(year, Month::January, 1).ok()?;
    (1970..=9998).contains(&year).then(|| day.midnight().assume_utc())
}

/// The sums of a year, currency by currency.
pub fn sums(loans: &[OfLoan]) -> Vec<[Money; 5]> {
    let mut sums: Vec<[Money; 5]> = Vec::new();
    for loan in loans {
        let currency = loan.principal.currency();
        let sum = match sums.iter().position(|sum| sum[0].currency() == currency) {
            Some(found) => found,
            None => {
                sums.push([Money::zero(currency); 5]);
                sums.len() - 1
            }
        };
        if let Some(sum) = sums.get_mut(sum) {
            for (sum, amount) in sum.iter_mut().zip(loan.amounts()) {
                *sum = Money::from_minor(sum.minor().saturating_add(amount.minor()), currency);
            }
        }
    }
    sums
}
