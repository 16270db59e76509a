//! The lender's daily mail: what came back of each of their loans since the morning before.

use std::collections::BTreeMap;

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use felag_frontend::mail::repayments::{CameBack, CameBackOf};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};
use crate::mail::{NewMessage, queue};

/// When lenders are told.
const EIGHT: Time = time::macros::time!(8:00);
/// What was credited later than this before the hour is told the next day: by the hour its transaction is over.
const SETTLED: Duration = Duration::HOUR;
/// How many lenders one job tells.
const PAGE: i64 = 500;

/// Tells the lenders of one loan what came back of all of theirs. Whoever lent to two loans is told once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Digest {
    pub campaign: CampaignId,
    /// The morning it is for.
    pub morning: OffsetDateTime,
    /// Goes on behind this one.
    pub after: Option<CommitmentId>,
}

impl Job for Digest {
    const KIND: &'static str = "repayments.digest";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let page = lenders(&mut tx, &self).await?;
        let people: Vec<_> = page.iter().map(|(_, person)| *person).collect();
        tell(&mut tx, ctx, &people, self.morning).await?;
        let is_full = i64::try_from(page.len()).unwrap_or(0) == PAGE;
        if let Some((last, _)) = page.last().filter(|_| is_full) {
            let on = Self {
                after: Some(*last),
                ..self
            };
            enqueue(&mut tx, ctx, &on, ctx.now(), None).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The morning on which lenders are told of what is credited now.
fn morning_after(at: OffsetDateTime) -> OffsetDateTime {
    let settled = at + SETTLED;
    let morning = settled.replace_time(EIGHT);
    if morning >= settled {
        morning
    } else {
        morning + Duration::DAY
    }
}

/// Once for each loan and morning.
pub async fn later(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let morning = morning_after(ctx.now());
    let key = format!("{} {campaign} {}", Digest::KIND, morning.date());
    let job = Digest {
        campaign,
        morning,
        after: None,
    };
    enqueue(conn, ctx, &job, morning, Some(&key)).await
}

/// What was credited after the first and up to the second is told on a morning.
fn told_on(morning: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    (morning - SETTLED - Duration::DAY, morning - SETTLED)
}

/// A page of those to whom something of this loan was credited.
async fn lenders(conn: &mut PgConnection, digest: &Digest) -> sqlx::Result<Vec<(CommitmentId, PersonId)>> {
    let (from, until) = told_on(digest.morning);
    let rows = sqlx::query!(
        r#"select distinct commitment_id as "share: CommitmentId", person_id as "person: PersonId"
           from repayment join repayment_share using (campaign_id, repayment_id)
           join commitment using (campaign_id, commitment_id)
           join loan_share using (campaign_id, commitment_id)
           where campaign_id = $1 and taken_over_at is null and repayment.state = 'credited'
             and credited_at > $2 and credited_at <= $3
             and ($4::uuid is null or commitment_id > $4)
           order by commitment_id limit $5"#,
        digest.campaign as _,
        from,
        until,
        digest.after.map(CommitmentId::as_uuid),
        PAGE,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.share, row.person)).collect())
}

/// A lender, and what came back of each of their loans.
type Told = BTreeMap<String, Vec<(CommitmentId, CameBackOf)>>;

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    people: &[PersonId],
    morning: OffsetDateTime,
) -> anyhow::Result<()> {
    let told = came_back(conn, people, morning).await?;
    let messages = told.iter().map(|(recipient, loans)| {
        let page = match loans.as_slice() {
            [(share, _)] => format!("/my/loans/{share}"),
            _ => "/my/loans".to_string(),
        };
        let mail = CameBack {
            loans: loans.iter().map(|(_, loan)| loan.clone()).collect(),
            link: format!("{}{page}", ctx.config.public_url),
        };
        NewMessage {
            kind: "loan_credited",
            event: morning.date().to_string(),
            recipient,
            mail: mail.mail(Lang::En),
            sender: None,
            list: None,
        }
    });
    let messages = messages.collect();
    Ok(queue(conn, ctx, messages).await?)
}

/// By the address of the lender. What a bank took back meanwhile is left out.
async fn came_back(
    conn: &mut PgConnection,
    people: &[PersonId],
    morning: OffsetDateTime,
) -> sqlx::Result<Told> {
    let (from, until) = told_on(morning);
    let people: Vec<_> = people.iter().map(|person| person.as_uuid()).collect();
    let rows = sqlx::query!(
        r#"select email, commitment.commitment_id as "share: CommitmentId", title,
                  repayment.currency as "currency: Currency",
                  sum(part.principal_minor)::bigint as "principal!", sum(part.interest_minor)::bigint as "interest!"
           from commitment join person using (person_id)
           join repayment_share as part using (campaign_id, commitment_id)
           join repayment using (campaign_id, repayment_id) join campaign using (campaign_id)
           join loan_share using (campaign_id, commitment_id)
           where person_id = any($1) and taken_over_at is null and repayment.state = 'credited'
             and credited_at > $2 and credited_at <= $3
           group by email, commitment.commitment_id, title, repayment.currency order by commitment.commitment_id"#,
        &people,
        from,
        until,
    )
    .fetch_all(conn)
    .await?;
    let mut told = Told::new();
    for row in rows {
        let loan = CameBackOf {
            title: row.title,
            principal: Money::from_minor(row.principal, row.currency),
            interest: Money::from_minor(row.interest, row.currency),
        };
        told.entry(row.email).or_default().push((row.share, loan));
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_moment_belongs_to_exactly_one_morning() {
        let mut at = datetime!(2026-11-20 00:00 UTC);
        while at < datetime!(2026-11-23 00:00 UTC) {
            let morning = morning_after(at);
            let (from, until) = told_on(morning);
            assert!(from < at && at <= until, "{at}");
            assert_eq!(morning.time(), EIGHT);
            at += Duration::minutes(7);
        }
    }

    #[test]
    fn what_is_debited_at_six_is_told_of_at_eight() {
        let debited = datetime!(2026-11-20 06:01 UTC);
        assert_eq!(morning_after(debited), datetime!(2026-11-20 08:00 UTC));
        assert_eq!(
            morning_after(debited + Duration::HOUR),
            datetime!(2026-11-21 08:00 UTC)
        );
    }
}
