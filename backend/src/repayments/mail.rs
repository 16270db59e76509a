//! Mails about loans that are paid back: to those who pay for the project, and to lenders, a page of them at a time.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::LoanState;
use felag_domain::money::Money;
use felag_domain::repaying::{Instalment, ProposalState, Side, Tally};
use felag_frontend::Lang;
use felag_frontend::mail::repayments::{Counted, LenderNews, LenderTold, ProjectNews, ProjectTold};
use sqlx::PgConnection;

use super::jobs::News;
use super::keeping::Gift;
use super::plan::{self, Proposal};
use super::repayment_store::Repayment;
use super::send::Transfer;
use super::store::{self, Running};
use crate::ctx::Ctx;
use crate::ledger::Place;
use crate::mail::{NewMessage, queue};

/// How many lenders one job tells.
const PAGE: i64 = 500;

/// What is due in five days.
pub async fn upcoming(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    next: &Instalment,
    (amount, has_card): (Money, bool),
) -> anyhow::Result<()> {
    let news = ProjectNews::Upcoming {
        amount,
        on: next.due_on,
        has_card,
    };
    let event = format!("{} {} {}", loan.campaign, loan.plan, next.due_on);
    to_project(conn, ctx, loan, "loan_upcoming", event, news).await
}

pub async fn collected(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    repayment: &Repayment,
) -> anyhow::Result<()> {
    let news = ProjectNews::Collected(repayment.amount);
    to_project(conn, ctx, loan, "loan_collected", repayment.id.to_string(), news).await
}

pub async fn declined(conn: &mut PgConnection, ctx: &Ctx, repayment: &Repayment) -> anyhow::Result<()> {
    let Some(loan) = store::find(&mut *conn, repayment.campaign).await? else {
        return Ok(());
    };
    let event = format!("{} {} {}", repayment.id, repayment.state, repayment.tries);
    let news = ProjectNews::NotCollected(repayment.amount);
    to_project(conn, ctx, &loan, "loan_not_collected", event, news).await
}

/// Two payments crossed: so much of this one goes back.
pub async fn overpaid(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    repayment: &Repayment,
    back: Money,
) -> anyhow::Result<()> {
    let news = ProjectNews::Overpaid(back);
    to_project(conn, ctx, loan, "loan_overpaid", repayment.id.to_string(), news).await
}

pub async fn returned(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    repayment: &Repayment,
) -> anyhow::Result<()> {
    let news = ProjectNews::Returned(repayment.amount);
    to_project(conn, ctx, loan, "loan_returned", repayment.id.to_string(), news).await
}

pub async fn late(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    days: i64,
    due: Money,
) -> anyhow::Result<()> {
    let event = format!("{} {}", loan.campaign, ctx.now().date());
    to_project(
        conn,
        ctx,
        loan,
        "loan_late",
        event,
        ProjectNews::Late { days, due },
    )
    .await
}

async fn to_project(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    kind: &'static str,
    event: String,
    news: ProjectNews,
) -> anyhow::Result<()> {
    let told = ProjectTold {
        title: loan.title.clone(),
        news,
        link: format!(
            "{}/campaigns/{}/loan/repayments",
            ctx.config.public_url, loan.slug
        ),
    };
    let mail = told.mail(Lang::En);
    let payers = store::payers(conn, loan.project).await?;
    let messages = payers.iter().map(|recipient| NewMessage {
        kind,
        event: event.clone(),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    });
    let messages = messages.collect();
    Ok(queue(conn, ctx, messages).await?)
}

/// The project learns how the vote about its plan ended.
pub async fn plan_decided(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    (plan, to, tally): (i32, ProposalState, Tally),
) -> anyhow::Result<()> {
    let news = ProjectNews::PlanDecided {
        passed: to == ProposalState::Passed,
        counted: counted(loan, tally),
    };
    let event = format!("{} {plan}", loan.campaign);
    to_project(conn, ctx, loan, "loan_plan_decided", event, news).await
}

fn counted(loan: &Running, tally: Tally) -> Counted {
    let side = |side: Side| (side.lenders, loan.money(side.outstanding));
    Counted {
        agree: side(tally.agree),
        against: side(tally.against),
        all: side(tally.all),
    }
}

struct Lender {
    share: CommitmentId,
    email: String,
}

/// Tells a page of lenders; the last of them when there may be more.
pub async fn to_lenders(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    news: &News,
    after: Option<CommitmentId>,
) -> anyhow::Result<Option<CommitmentId>> {
    let Some(loan) = store::find(&mut *conn, campaign).await? else {
        return Ok(None);
    };
    let proposal = plan::store::newest(&mut *conn, campaign).await?;
    let lenders = all(conn, campaign, after).await?;
    let (kind, event) = match news {
        News::Late(_) => ("loan_late_lender", format!("{campaign} {}", ctx.now().date())),
        News::State(state) => ("loan_state", format!("{campaign} {state} {}", ctx.now().date())),
        News::Proposed(plan) => ("loan_plan_proposed", format!("{campaign} {plan}")),
        News::Decided(plan) => ("loan_plan_result", format!("{campaign} {plan}")),
    };
    let mut messages = Vec::with_capacity(lenders.len());
    for lender in &lenders {
        let Some(told) = told(&loan, news, proposal.as_ref()) else {
            return Ok(None);
        };
        let page = format!("{}/my/loans/{}", ctx.config.public_url, lender.share);
        let link = match news {
            News::Proposed(_) => format!("{page}/vote"),
            _ => page,
        };
        let told = LenderTold {
            title: loan.title.clone(),
            news: told,
            link,
        };
        messages.push(NewMessage {
            kind,
            event: format!("{event} {}", lender.share),
            recipient: &lender.email,
            mail: told.mail(Lang::En),
            sender: None,
            list: None,
        });
    }
    queue(conn, ctx, messages).await?;
    let is_full = i64::try_from(lenders.len()).unwrap_or(0) == PAGE;
    Ok(lenders.last().map(|one| one.share).filter(|_| is_full))
}

async fn all(
    conn: &mut PgConnection,
    campaign: CampaignId,
    after: Option<CommitmentId>,
) -> sqlx::Result<Vec<Lender>> {
    sqlx::query_as!(
        Lender,
        r#"select commitment_id as "share: CommitmentId", email
           from loan_share join commitment using (campaign_id, commitment_id) join person using (person_id)
           where loan_share.campaign_id = $1 and ($2::uuid is null or commitment_id > $2) and taken_over_at is null
           order by commitment_id limit $3"#,
        campaign as _,
        after.map(CommitmentId::as_uuid),
        PAGE,
    )
    .fetch_all(conn)
    .await
}

/// What a lender is told; nothing where it is no news to them.
fn told(loan: &Running, news: &News, proposal: Option<&Proposal>) -> Option<LenderNews> {
    match news {
        News::Late(days) => Some(LenderNews::Late { days: *days }),
        News::State(state) => match state.parse::<LoanState>().ok()? {
            LoanState::Defaulted => Some(LenderNews::Defaulted),
            LoanState::Recovering => Some(LenderNews::Recovering),
            LoanState::WrittenOff => Some(LenderNews::WrittenOff),
            LoanState::Ended => Some(LenderNews::Ended),
            // A new plan is told of with the count of its votes.
            _ => None,
        },
        News::Proposed(plan) => {
            let open = proposal.filter(|one| one.plan == *plan && one.state == ProposalState::Open)?;
            Some(LenderNews::PlanProposed {
                reason: open.reason.clone(),
                until: open.closes_at,
            })
        }
        News::Decided(plan) => {
            let one = proposal.filter(|one| one.plan == *plan)?;
            Some(LenderNews::PlanDecided {
                passed: one.state == ProposalState::Passed,
                counted: counted(loan, one.result?),
            })
        }
    }
}

/// A lender's bank did not take their money.
pub async fn not_sent(conn: &mut PgConnection, ctx: &Ctx, transfer: &Transfer) -> anyhow::Result<()> {
    let Some(loan) = store::find(&mut *conn, transfer.campaign).await? else {
        return Ok(());
    };
    let told = LenderTold {
        title: loan.title,
        news: LenderNews::NotSent(transfer.amount),
        link: format!("{}/my/loans/account", ctx.config.public_url),
    };
    let event = transfer.id.to_string();
    to_lender(conn, ctx, transfer.person, ("loan_not_sent", event), told).await
}

/// A lender gave of what came back: they get the entry it stands in, the project hears how much.
pub async fn given(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    gift: &Gift,
    place: Option<Place>,
) -> anyhow::Result<()> {
    let news = LenderNews::Gave {
        amount: gift.amount,
        entry: place.map(|place| (place.number, place.hash.to_string())),
    };
    let told = of_share(ctx, loan, gift, news);
    let event = gift.id.to_string();
    to_lender(conn, ctx, gift.person, ("lender_gave", event.clone()), told).await?;
    to_project(
        conn,
        ctx,
        loan,
        "loan_given",
        event,
        ProjectNews::Given(gift.amount),
    )
    .await
}

/// What a lender gave is theirs again.
pub async fn gift_came_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    gift: &Gift,
) -> anyhow::Result<()> {
    let told = of_share(ctx, loan, gift, LenderNews::GiftCameBack(gift.amount));
    let event = gift.id.to_string();
    to_lender(conn, ctx, gift.person, ("lender_gift_returned", event), told).await
}

fn of_share(ctx: &Ctx, loan: &Running, gift: &Gift, news: LenderNews) -> LenderTold {
    LenderTold {
        title: loan.title.clone(),
        news,
        link: format!("{}/my/loans/{}", ctx.config.public_url, gift.share),
    }
}

async fn to_lender(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: PersonId,
    (kind, event): (&'static str, String),
    told: LenderTold,
) -> anyhow::Result<()> {
    let email = sqlx::query_scalar!("select email from person where person_id = $1", person as _)
        .fetch_one(&mut *conn)
        .await?;
    let message = NewMessage {
        kind,
        event,
        recipient: &email,
        mail: told.mail(Lang::En),
        sender: None,
        list: None,
    };
    Ok(queue(conn, ctx, vec![message]).await?)
}
