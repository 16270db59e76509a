//! The SQL of expenses.

use felag_domain::expense::{NewExpense, VoucherKind};
use felag_domain::ids::{BudgetLineId, CampaignId, ExpenseId, PersonId};
use felag_domain::money::{Currency, Money};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::voucher::Clean;
use super::{Entering, Expense, Withdrawn};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;

/// The most expenses that a page or a file lists.
pub const LISTED_MAX: i64 = 1000;

struct Row {
    expense_id: ExpenseId,
    number: i32,
    budget_line_id: BudgetLineId,
    title: String,
    amount_minor: i64,
    spent_on: Date,
    payee: String,
    purpose: String,
    voucher_kind: VoucherKind,
    voucher_bytes: i64,
    voucher_sha256: Vec<u8>,
    voucher_is_closed: bool,
    closed_reason: String,
    created_at: OffsetDateTime,
    withdrawn_at: Option<OffsetDateTime>,
    withdrawn_reason: String,
}

impl Row {
    fn of(self, campaign: &Campaign) -> Expense {
        Expense {
            campaign: campaign.id,
            id: self.expense_id,
            number: u32::try_from(self.number).unwrap_or(0),
            line: self.budget_line_id,
            line_title: self.title,
            amount: Money::from_minor(self.amount_minor, campaign.currency),
            spent_on: self.spent_on,
            payee: self.payee,
            purpose: self.purpose,
            voucher: self.voucher_kind,
            voucher_bytes: self.voucher_bytes,
            voucher_sha256: self.voucher_sha256,
            closed: self.voucher_is_closed.then_some(self.closed_reason),
            created_at: self.created_at,
            withdrawn: self.withdrawn_at.map(|at| Withdrawn {
                at,
                reason: self.withdrawn_reason,
            }),
        }
    }
}

/// One list of columns for every way to find an expense.
macro_rules! expenses {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select expense_id as "expense_id: ExpenseId", number, budget_line_id as "budget_line_id: BudgetLineId",
                      title, amount_minor, spent_on, payee, purpose, voucher_kind as "voucher_kind: VoucherKind",
                      voucher_bytes, voucher_sha256, voucher_is_closed, closed_reason, created_at, withdrawn_at,
                      withdrawn_reason
               from expense join budget_line using (campaign_id, budget_line_id) "# + $rest,
            $($argument),*
        )
    };
}

/// The expenses of a campaign, the latest first.
pub async fn of_campaign(db: impl PgExecutor<'_>, campaign: &Campaign) -> sqlx::Result<Vec<Expense>> {
    let rows = expenses!(
        "where expense.campaign_id = $1 order by number desc limit $2",
        campaign.id as _,
        LISTED_MAX
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.of(campaign)).collect())
}

pub async fn find(
    db: impl PgExecutor<'_>,
    campaign: &Campaign,
    number: u32,
) -> sqlx::Result<Option<Expense>> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let row = expenses!(
        "where expense.campaign_id = $1 and number = $2",
        campaign.id as _,
        number
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| row.of(campaign)))
}

/// The number of the expense that a form made, if it was sent before.
pub async fn by_request(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    request: Uuid,
) -> sqlx::Result<Option<u32>> {
    let number = sqlx::query_scalar!(
        "select number from expense where campaign_id = $1 and request_key = $2",
        campaign as _,
        request,
    )
    .fetch_optional(db)
    .await?;
    Ok(number.and_then(|number| u32::try_from(number).ok()))
}

/// What was paid out of a campaign, and what of it was spent.
#[derive(Debug, Clone, Copy)]
pub struct Total {
    pub paid_out: Money,
    pub spent: Money,
}

pub async fn total(db: impl PgExecutor<'_>, campaign: CampaignId, currency: Currency) -> sqlx::Result<Total> {
    let row = sqlx::query!(
        "select paid_out_minor, spent_minor from expense_total where campaign_id = $1",
        campaign as _,
    )
    .fetch_optional(db)
    .await?;
    let (paid_out, spent) = row.map_or((0, 0), |row| (row.paid_out_minor, row.spent_minor));
    Ok(Total {
        paid_out: Money::from_minor(paid_out, currency),
        spent: Money::from_minor(spent, currency),
    })
}

/// Adds to what was spent. Whether it fits: else nothing was changed.
pub async fn spend(conn: &mut PgConnection, campaign: CampaignId, amount: Money) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update expense_total set spent_minor = spent_minor + $2
         where campaign_id = $1 and currency = $3 and spent_minor + $2 <= paid_out_minor",
        campaign as _,
        amount.minor(),
        amount.currency() as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes an expense down, under the next number of its campaign, which is held.
pub async fn insert(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: ExpenseId,
    entering: Entering,
    new: &NewExpense,
    clean: &Clean,
    now: OffsetDateTime,
) -> sqlx::Result<u32> {
    let hash = Sha256::digest(&clean.bytes);
    let number = sqlx::query_scalar!(
        "insert into expense (campaign_id, expense_id, number, budget_line_id, amount_minor, currency, spent_on, payee,
                              purpose, voucher_kind, voucher_bytes, voucher_sha256, voucher_is_closed, closed_reason,
                              request_key, entered_by, created_at)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from expense where campaign_id = $1), $3, $4, $5, $6, $7,
                 $8, $9, $10, $11, $12, $13, $14, $15, $16) returning number",
        campaign as _,
        id as _,
        new.line as _,
        new.amount.minor(),
        new.amount.currency() as _,
        new.spent_on,
        new.payee,
        new.purpose,
        clean.kind as _,
        i64::try_from(clean.bytes.len()).unwrap_or(i64::MAX),
        &hash[..],
        new.closed.is_some(),
        new.closed.as_deref().unwrap_or(""),
        entering.request,
        entering.by as _,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(u32::try_from(number).unwrap_or(0))
}

/// Writes on an expense that it was withdrawn, and takes it off what was spent. The campaign is held.
pub async fn withdraw(
    conn: &mut PgConnection,
    expense: &Expense,
    by: PersonId,
    reason: &str,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update expense set withdrawn_by = $3, withdrawn_at = $4, withdrawn_reason = $5
         where campaign_id = $1 and expense_id = $2",
        expense.campaign as _,
        expense.id as _,
        by as _,
        now,
        reason,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update expense_total set spent_minor = spent_minor - $2,
                most_minor = greatest(paid_out_minor, spent_minor - $2)
         where campaign_id = $1",
        expense.campaign as _,
        expense.amount.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// More was paid out.
pub async fn paid_out(conn: &mut PgConnection, campaign: CampaignId, net: Money) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into expense_total as total (campaign_id, currency, paid_out_minor, most_minor) values ($1, $2, $3, $3)
         on conflict (campaign_id) do update set paid_out_minor = total.paid_out_minor + $3,
                most_minor = greatest(total.paid_out_minor + $3, total.spent_minor)",
        campaign as _,
        net.currency() as _,
        net.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Some of it came back. What was spent of it stands, and nothing more may be.
pub async fn came_back(conn: &mut PgConnection, campaign: CampaignId, net: Money) -> sqlx::Result<()> {
    sqlx::query!(
        "update expense_total set paid_out_minor = paid_out_minor - $2,
                most_minor = greatest(paid_out_minor - $2, spent_minor)
         where campaign_id = $1",
        campaign as _,
        net.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was spent against each line.
pub async fn by_line(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
) -> sqlx::Result<Vec<(BudgetLineId, i64)>> {
    let rows = sqlx::query!(
        r#"select budget_line_id as "line: BudgetLineId", sum(amount_minor)::bigint as "spent!"
           from expense where campaign_id = $1 and withdrawn_at is null group by 1"#,
        campaign as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.line, row.spent)).collect())
}

/// An explanation of a line.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub line: BudgetLineId,
    pub words: String,
    pub at: OffsetDateTime,
}

/// All of a campaign, in the order they were written.
pub async fn explanations(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<Explanation>> {
    sqlx::query_as!(
        Explanation,
        r#"select budget_line_id as "line: BudgetLineId", words, created_at as at from budget_explanation
           where campaign_id = $1 order by explanation_id limit 200"#,
        campaign as _,
    )
    .fetch_all(db)
    .await
}

pub async fn explain(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    line: BudgetLineId,
    by: PersonId,
    words: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into budget_explanation (campaign_id, explanation_id, budget_line_id, words, written_by, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        campaign as _,
        ctx.id::<Uuid>(),
        line as _,
        words,
        by as _,
        ctx.now(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
