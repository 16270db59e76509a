//! What a lender's pages read.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::{LoanState, policy};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::{self, Expected, Instalment, TransferState};
use sqlx::{PgConnection, PgPool};
use time::{Date, OffsetDateTime};

/// Whose a share is: a lender's bank may have their charge (see [`super::frozen`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Lender,
    /// The lender's bank has the charge since then, and decides.
    Frozen(OffsetDateTime),
    /// The bank decided for the lender then: the share is whose who bore that.
    TakenOver(OffsetDateTime),
    /// The bank gave the lender so much of it back: what comes in makes up for that first, and the last is still missing.
    MakesUp(Money, Money),
}

impl Whose {
    fn of(
        frozen_at: Option<OffsetDateTime>,
        taken_over_at: Option<OffsetDateTime>,
        (bank, left): (Money, Money),
    ) -> Self {
        match (frozen_at, taken_over_at) {
            (_, Some(at)) => Self::TakenOver(at),
            _ if bank.is_positive() => Self::MakesUp(bank, left),
            (Some(at), None) => Self::Frozen(at),
            (None, None) => Self::Lender,
        }
    }
}

/// One loan of a lender.
#[derive(Debug, Clone)]
pub struct Share {
    pub campaign: CampaignId,
    pub id: CommitmentId,
    pub title: String,
    pub state: LoanState,
    pub lent: Money,
    /// The whole loan, of which this is a share.
    pub whole: Money,
    pub back: Money,
    pub interest: Money,
    pub lost: Money,
    /// On its way to the lender.
    pub waiting: Money,
    pub sent: Money,
    pub whose: Whose,
    /// Whether the rules of the loan let it be kept instead, and whether the lender wishes so.
    pub may_keep: bool,
    pub is_kept: bool,
    pub kept: Money,
    /// Given to the project, of what came back; and lent to another loan.
    pub given: Money,
    pub lent_again: Money,
}

impl Share {
    /// Lent, back, interest, lost, on its way, kept, given, lent again, and interest less losses: in minor units.
    pub fn figures(&self) -> [i64; 9] {
        let of_money = [
            self.lent,
            self.back,
            self.interest,
            self.lost,
            self.waiting,
            self.kept,
            self.given,
            self.lent_again,
        ];
        let [lent, back, interest, lost, waiting, kept, given, again] = of_money.map(Money::minor);
        [
            lent,
            back,
            interest,
            lost,
            waiting,
            kept,
            given,
            again,
            interest - lost,
        ]
    }

    /// Neither back nor lost, in minor units.
    pub fn outstanding(&self) -> i64 {
        self.lent.minor() - self.back.minor() - self.lost.minor()
    }

    /// Whether its lender lends no more, as their bank gave them their money back.
    pub const fn is_taken_over(&self) -> bool {
        matches!(self.whose, Whose::TakenOver(_))
    }

    /// Whether its lender can count on its instalments: not in default, not over, and still theirs.
    pub const fn has_a_plan(&self) -> bool {
        matches!(
            self.state,
            LoanState::Repaying | LoanState::Late | LoanState::Rescheduled
        ) && !self.is_taken_over()
    }

    /// What is to come, by the instalments of the whole loan.
    pub fn expected(&self, rows: &[Instalment]) -> Vec<Expected> {
        if !self.has_a_plan() {
            return Vec::new();
        }
        let weight = (self.lent.minor(), self.whole.minor());
        repaying::expected(rows, weight, self.outstanding())
    }
}

/// Every share of a person in loans that were paid out, the newest first.
pub async fn of_person(db: &PgPool, person: PersonId) -> sqlx::Result<Vec<Share>> {
    let rows = sqlx::query!(
        r#"select commitment.campaign_id as "campaign: CampaignId", commitment_id as "id: CommitmentId", title,
                  loan.state as "state: LoanState", loan_running.currency as "currency: Currency",
                  loan_share.share_minor, loan_running.principal_minor, principal_credited_minor, interest_credited_minor,
                  loan_share.lost_minor, coalesce(balance_minor, 0) as "stands!", sent_minor, frozen_at, taken_over_at,
                  bank_minor, greatest(bank_minor - taken_receivable_minor - taken_fees_minor, 0) as "bank_left!",
                  given_minor, lent_again_minor, policy,
                  exists (select from lender_keeping as keeping
                          where keeping.person_id = commitment.person_id) as "keeps!"
           from commitment join loan_share using (campaign_id, commitment_id)
           join loan_running using (campaign_id) join loan using (campaign_id) join campaign using (campaign_id)
           left join account_balance on book_id = commitment.campaign_id
                and account = 'lender:' || commitment_id::text and account_balance.currency = loan_running.currency
           where person_id = $1 order by commitment_id desc"#,
        person as _,
    )
    .fetch_all(db)
    .await?;
    let each = rows.into_iter().map(|row| {
        let money = |minor| Money::from_minor(minor, row.currency);
        let may_keep = policy::named(&row.policy).may_hold_balances;
        let is_kept = may_keep && row.keeps;
        Share {
            campaign: row.campaign,
            id: row.id,
            title: row.title.clone(),
            state: row.state,
            lent: money(row.share_minor),
            whole: money(row.principal_minor),
            back: money(row.principal_credited_minor),
            interest: money(row.interest_credited_minor),
            lost: money(row.lost_minor),
            waiting: money(if is_kept { 0 } else { row.stands }),
            sent: money(row.sent_minor),
            whose: Whose::of(
                row.frozen_at,
                row.taken_over_at,
                (money(row.bank_minor), money(row.bank_left)),
            ),
            may_keep,
            is_kept,
            kept: money(if is_kept { row.stands } else { 0 }),
            given: money(row.given_minor),
            lent_again: money(row.lent_again_minor),
        }
    });
    Ok(each.collect())
}

/// What came back to a lender in one month, over all loans of a currency.
#[derive(Debug, Clone, Copy)]
pub struct MonthOf {
    /// Its first day.
    pub month: Date,
    pub principal: Money,
    pub interest: Money,
}

/// What came back to a person, month by month; what was taken back is left out, and so is what came after their bank had
/// taken their charge back for good. Their own shares are summed, nobody else's.
pub async fn months(db: &PgPool, person: PersonId) -> sqlx::Result<Vec<MonthOf>> {
    let rows = sqlx::query!(
        r#"select repayment.currency as "currency: Currency",
                  date_trunc('month', credited_at at time zone 'UTC')::date as "month!",
                  sum(part.principal_minor)::bigint as "principal!", sum(part.interest_minor)::bigint as "interest!"
           from commitment join repayment_share as part using (campaign_id, commitment_id)
           join repayment using (campaign_id, repayment_id) join loan_share using (campaign_id, commitment_id)
           where person_id = $1 and repayment.state = 'credited' and credited_at is not null
             and (taken_over_at is null or credited_at < frozen_at)
           group by 1, 2 order by 1, 2"#,
        person as _,
    )
    .fetch_all(db)
    .await?;
    let each = rows.into_iter().map(|row| MonthOf {
        month: row.month,
        principal: Money::from_minor(row.principal, row.currency),
        interest: Money::from_minor(row.interest, row.currency),
    });
    Ok(each.collect())
}

/// What one repayment brought a share.
#[derive(Debug, Clone, Copy)]
pub struct Credit {
    pub at: OffsetDateTime,
    pub principal: Money,
    pub interest: Money,
}

/// What a lender got by their share, the oldest first; what was taken back is left out, as in [`months`].
pub async fn credits(conn: &mut PgConnection, share: &Share) -> sqlx::Result<Vec<Credit>> {
    let rows = sqlx::query!(
        r#"select credited_at as "at!", part.principal_minor, part.interest_minor
           from repayment_share as part join repayment using (campaign_id, repayment_id)
           join loan_share using (campaign_id, commitment_id)
           where part.campaign_id = $1 and commitment_id = $2 and state = 'credited' and credited_at is not null
             and (taken_over_at is null or credited_at < frozen_at)
           order by credited_at"#,
        share.campaign as _,
        share.id as _,
    )
    .fetch_all(conn)
    .await?;
    let money = |minor| Money::from_minor(minor, share.lent.currency());
    let each = rows.into_iter().map(|row| Credit {
        at: row.at,
        principal: money(row.principal_minor),
        interest: money(row.interest_minor),
    });
    Ok(each.collect())
}

/// Money that was sent to a lender.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    pub at: OffsetDateTime,
    pub state: TransferState,
    pub amount: Money,
}

pub async fn sent(conn: &mut PgConnection, share: &Share) -> sqlx::Result<Vec<Sent>> {
    let rows = sqlx::query!(
        r#"select created_at, state as "state: TransferState", amount_minor from lender_transfer
           where campaign_id = $1 and commitment_id = $2 order by created_at desc"#,
        share.campaign as _,
        share.id as _,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| Sent {
        at: row.created_at,
        state: row.state,
        amount: Money::from_minor(row.amount_minor, share.lent.currency()),
    });
    Ok(each.collect())
}

/// What a lender gave of a share.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    pub at: OffsetDateTime,
    pub amount: Money,
    /// The campaign came to nothing, and it is the lender's again.
    pub is_returned: bool,
}

/// What a lender gave of a share, the oldest first.
pub async fn given(conn: &mut PgConnection, share: &Share) -> sqlx::Result<Vec<Given>> {
    let rows = sqlx::query!(
        r#"select created_at, amount_minor, returned_at is not null as "is_returned!" from lender_gift
           where campaign_id = $1 and commitment_id = $2 order by created_at"#,
        share.campaign as _,
        share.id as _,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| Given {
        at: row.created_at,
        amount: Money::from_minor(row.amount_minor, share.lent.currency()),
        is_returned: row.is_returned,
    });
    Ok(each.collect())
}

/// What was lent again of a share.
#[derive(Debug, Clone)]
pub struct LentAgain {
    pub at: OffsetDateTime,
    pub amount: Money,
    /// The campaign it was lent to.
    pub title: String,
    /// That loan did not come about, and it is the lender's again.
    pub is_returned: bool,
}

/// What was lent again of a share, the oldest first.
pub async fn lent_again(conn: &mut PgConnection, share: &Share) -> sqlx::Result<Vec<LentAgain>> {
    let rows = sqlx::query!(
        r#"select lent_at, amount_minor, title, returned_at is not null as "is_returned!"
           from lent_again join campaign on campaign.campaign_id = to_campaign_id
           where lent_again.campaign_id = $1 and commitment_id = $2 order by lent_at, to_commitment_id"#,
        share.campaign as _,
        share.id as _,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| LentAgain {
        at: row.lent_at,
        amount: Money::from_minor(row.amount_minor, share.lent.currency()),
        title: row.title,
        is_returned: row.is_returned,
    });
    Ok(each.collect())
}
