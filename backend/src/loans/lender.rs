//! What a lender is asked before they lend: an entry knowledge test every two years, a simulation of the loss they could
//! bear every year, and a warning before a large amount. Failing warns; it never blocks (Regulation (EU) 2020/1503,
//! article 21).

use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::money::{Currency, Money};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Loan;
use crate::ctx::Ctx;

/// How long a test is good for.
const TEST_LIFE: Duration = Duration::days(730);
/// How long a simulation is good for.
const SIMULATION_LIFE: Duration = Duration::days(365);
/// A simulation shows the loss of this part of what somebody owns, in percent.
pub const LOSS_PERCENT: i64 = 10;

/// The questions, by the ids of their sentences, and the right answers: `a`, `b` or `c`.
pub const QUESTIONS: [(&str, &str); 5] = [
    ("loan-test-1", "b"),
    ("loan-test-2", "a"),
    ("loan-test-3", "c"),
    ("loan-test-4", "b"),
    ("loan-test-5", "a"),
];

/// What is known of a lender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The last test that is still good: whether it was passed.
    pub passed_test: Option<bool>,
    pub net_worth: Option<Money>,
}

impl Standing {
    /// Whether nothing has to be asked before this person lends.
    pub fn is_whole(&self) -> bool {
        self.passed_test.is_some() && self.net_worth.is_some()
    }
}

/// What is known of a lender now.
pub async fn standing(db: &PgPool, person: PersonId, now: OffsetDateTime) -> sqlx::Result<Standing> {
    standing_in(&mut *db.acquire().await?, person, now).await
}

async fn standing_in(
    conn: &mut PgConnection,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<Standing> {
    let passed_test = sqlx::query_scalar!(
        "select passed from lender_test where person_id = $1 and valid_until > $2
         order by valid_until desc, lender_test_id desc limit 1",
        person as _,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let worth = sqlx::query!(
        r#"select net_worth_minor, currency as "currency: Currency" from loss_simulation
           where person_id = $1 and valid_until > $2 order by valid_until desc, loss_simulation_id desc limit 1"#,
        person as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Standing {
        passed_test,
        net_worth: worth.map(|row| Money::from_minor(row.net_worth_minor, row.currency)),
    })
}

/// Whether a warning stands before this amount: it is above the policy's, together with nothing else, because one
/// commitment per loan is all there is.
pub async fn warning(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    person: PersonId,
    amount: Money,
) -> sqlx::Result<bool> {
    let policy = loan.policy();
    if !policy.has_tests {
        return Ok(false);
    }
    let worth = standing_in(conn, person, ctx.now()).await?.net_worth;
    Ok(amount.minor() > policy.warning_above(worth, loan.currency()).minor())
}

/// The most this person may lend to one loan, by its rules; `None` where they set no limit.
pub async fn limit(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    person: PersonId,
) -> sqlx::Result<Option<Money>> {
    let worth = standing_in(conn, person, ctx.now()).await?.net_worth;
    Ok(loan.policy().lender_most(worth, loan.currency()))
}

/// Keeps the answers of the test. Whether all of them are right.
pub async fn keep_test(ctx: &Ctx, person: PersonId, answers: &[String]) -> sqlx::Result<bool> {
    let is_right = |(given, (_, right)): (&String, &(&str, &str))| given == right;
    let passed = answers.len() == QUESTIONS.len() && answers.iter().zip(&QUESTIONS).all(is_right);
    sqlx::query!(
        "insert into lender_test (person_id, lender_test_id, answers, passed, acknowledged_at, valid_until)
         values ($1, $2, $3, $4, $5, $6)",
        person as _,
        ctx.id::<Uuid>(),
        json!(answers),
        passed,
        ctx.now(),
        ctx.now() + TEST_LIFE,
    )
    .execute(&ctx.db)
    .await?;
    Ok(passed)
}

/// What somebody says of their means, a year: income, what they own and could sell soon, what they must pay.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    pub income: Money,
    pub assets: Money,
    pub obligations: Money,
}

impl Means {
    /// Income and assets less obligations; never below nothing.
    pub fn net_worth(&self) -> Money {
        let minor = self
            .income
            .minor()
            .saturating_add(self.assets.minor())
            .saturating_sub(self.obligations.minor());
        Money::from_minor(minor.max(0), self.income.currency())
    }

    /// The loss that the simulation shows.
    pub fn loss(&self) -> Money {
        let worth = self.net_worth();
        Money::from_minor(worth.minor() / (100 / LOSS_PERCENT), worth.currency())
    }
}

/// Keeps a simulation.
pub async fn keep_simulation(ctx: &Ctx, person: PersonId, means: &Means) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into loss_simulation (person_id, loss_simulation_id, income_minor, assets_minor, obligations_minor,
                                      net_worth_minor, currency, made_at, valid_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        person as _,
        ctx.id::<Uuid>(),
        means.income.minor(),
        means.assets.minor(),
        means.obligations.minor(),
        means.net_worth().minor(),
        means.income.currency() as _,
        ctx.now(),
        ctx.now() + SIMULATION_LIFE,
    )
    .execute(&ctx.db)
    .await?;
    Ok(())
}

/// What the project of a campaign borrows in all within a year, this loan aside, in minor units.
pub async fn asked_this_year(ctx: &Ctx, conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<i64> {
    super::store::asked_since(conn, campaign, ctx.now() - Duration::days(365)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulation_shows_a_tenth_of_what_somebody_owns() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        let means = Means {
            income: eur(2_000_000),
            assets: eur(1_500_000),
            obligations: eur(500_000),
        };
        assert_eq!((means.net_worth(), means.loss()), (eur(3_000_000), eur(300_000)));
        let poor = Means {
            obligations: eur(9_000_000),
            ..means
        };
        assert_eq!((poor.net_worth(), poor.loss()), (eur(0), eur(0)));
    }
}
