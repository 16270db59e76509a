//! What lenders and the project that borrows are told, written into the outbox with its cause.

use felag_domain::ids::{CampaignId, ProjectId};
use felag_domain::lending::CommitmentState;
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::mail::loans::{AboutLoan, BorrowerNews, BorrowerTold, LenderNews, LenderTold};
use felag_frontend::states::declined_word;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Commitment, Loan};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::mail::{self, NewMessage};

const LANG: Lang = Lang::En;

fn about(ctx: &Ctx, campaign: &Campaign) -> AboutLoan {
    AboutLoan {
        title: campaign.title.clone(),
        zone: campaign.time_zone.clone(),
        link: format!("{}/campaigns/{}/loan", ctx.config.public_url, campaign.slug),
    }
}

/// One mail to each of these lenders. `nth` tells mails of one kind about one commitment apart.
async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    lenders: &[Commitment],
    nth: &str,
    news: impl Fn(&Commitment) -> LenderNews,
) -> anyhow::Result<()> {
    let mut messages = Vec::with_capacity(lenders.len());
    for one in lenders {
        let news = news(one);
        let kind = news.kind();
        let told = LenderTold {
            about: about(ctx, campaign),
            amount: one.share.unwrap_or(one.amount),
            link: format!("{}/my/commitments/{}", ctx.config.public_url, one.token),
            from_kept: one.is_from_kept(),
            news,
        };
        messages.push(NewMessage {
            kind,
            event: format!("{}{nth}", one.id),
            recipient: &one.email,
            mail: told.mail(LANG),
            sender: None,
            list: None,
        });
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}

/// To those who answer for the project's money.
async fn tell_project(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    news: BorrowerNews,
) -> anyhow::Result<()> {
    let kind = news.kind();
    let event = match news {
        BorrowerNews::PaidOut | BorrowerNews::CameBack | BorrowerNews::Shrank { .. } => {
            format!("{} {}", campaign.id, ctx.now().unix_timestamp())
        }
        _ => campaign.id.to_string(),
    };
    let page = match news {
        BorrowerNews::ToSign { .. } => "/loan/signature",
        BorrowerNews::Collected { .. } | BorrowerNews::CameBack | BorrowerNews::Shrank { .. } => "/payouts",
        _ => "/loan",
    };
    let told = BorrowerTold {
        about: about(ctx, campaign),
        amount: loan.principal.unwrap_or(loan.amount),
        link: format!("{}/campaigns/{}{page}", ctx.config.public_url, campaign.slug),
        news,
    };
    let people = money_people(conn, campaign.project_id).await?;
    let messages = people
        .iter()
        .map(|email| NewMessage {
            kind,
            event: event.clone(),
            recipient: email,
            mail: told.mail(LANG),
            sender: None,
            list: None,
        })
        .collect();
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}

async fn money_people(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct email from member join person using (person_id)
         where project_id = $1 and role in ('owner', 'treasurer') order by email",
        project as _,
    )
    .fetch_all(conn)
    .await
}

fn days(one: &Commitment) -> OffsetDateTime {
    one.revocable_until.unwrap_or(one.signed_at)
}

pub async fn committed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    one: &Commitment,
) -> anyhow::Result<()> {
    let all = std::slice::from_ref(one);
    tell(conn, ctx, campaign, all, "", |one| {
        let until = days(one);
        if one.state == CommitmentState::Waiting {
            LenderNews::Waiting { until }
        } else {
            LenderNews::Committed { until }
        }
    })
    .await
}

pub async fn moved_up(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    moved: &[Commitment],
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, moved, "", |one| LenderNews::MovedUp {
        until: days(one),
    })
    .await
}

pub async fn revoked(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    one: &Commitment,
) -> anyhow::Result<()> {
    let all = std::slice::from_ref(one);
    tell(conn, ctx, campaign, all, "", |_| LenderNews::Revoked).await
}

pub async fn firm(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    firm: &[Commitment],
) -> anyhow::Result<()> {
    let nth = format!(" {}", loan.sheet_version);
    tell(conn, ctx, campaign, firm, &nth, |_| LenderNews::Firm).await
}

/// The sheet changed: everybody's days begin again.
pub async fn sheet_changed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    told: &[Commitment],
) -> anyhow::Result<()> {
    let nth = format!(" {}", loan.sheet_version);
    tell(conn, ctx, campaign, told, &nth, |one| LenderNews::SheetChanged {
        until: days(one),
    })
    .await
}

/// The sheet changed while their card was still to be saved: their signature is over.
pub async fn signature_over(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    unsigned: &[Commitment],
) -> anyhow::Result<()> {
    let nth = format!(" {}", loan.sheet_version);
    tell(conn, ctx, campaign, unsigned, &nth, |_| LenderNews::SignatureOver).await
}

pub async fn released(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    gone: &[Commitment],
) -> anyhow::Result<()> {
    let told: Vec<Commitment> = gone
        .iter()
        .filter(|one| one.state == CommitmentState::Released)
        .cloned()
        .collect();
    tell(conn, ctx, campaign, &told, "", |_| LenderNews::Released).await
}

pub async fn charged(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    charged: &[Commitment],
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, charged, "", |_| LenderNews::Charged).await
}

pub async fn needs_you(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    asked: &[Commitment],
) -> anyhow::Result<()> {
    remind(conn, ctx, campaign, loan, asked, 0).await
}

pub async fn remind(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    asked: &[Commitment],
    nth: u32,
) -> anyhow::Result<()> {
    let until = loan.collecting_ends_at.unwrap_or(ctx.now());
    tell(conn, ctx, campaign, asked, &format!(" {nth}"), |one| {
        LenderNews::NeedsYou {
            reason: declined(one),
            until,
        }
    })
    .await
}

/// What the bank said, in words, from the code we keep.
pub fn declined(one: &Commitment) -> String {
    let code = one.decline_code.as_deref().unwrap_or_default();
    let id = match code {
        super::kept::TOO_LITTLE => "declined-kept-too-little",
        bank => declined_word(bank),
    };
    LANG.t(id).to_string()
}

pub async fn dropped(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    _loan: &Loan,
    dropped: &[Commitment],
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, dropped, "", |_| LenderNews::Dropped).await
}

pub async fn goes_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    paid: &[Commitment],
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, paid, "", |_| LenderNews::GoesBack).await?;
    tell_project(conn, ctx, campaign, loan, BorrowerNews::GoesBack).await
}

pub async fn refunded(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    paid_back: &[Commitment],
) -> anyhow::Result<()> {
    let Some(campaign) = campaigns::find(&mut *conn, campaign).await? else {
        return Ok(());
    };
    tell(conn, ctx, &campaign, paid_back, "", |_| LenderNews::Refunded).await
}

pub async fn collected(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    shares: &[Commitment],
) -> anyhow::Result<()> {
    let principal = loan.principal.unwrap_or(loan.amount);
    tell(conn, ctx, campaign, shares, "", |_| LenderNews::Collected {
        principal,
    })
    .await?;
    tell_project(conn, ctx, campaign, loan, BorrowerNews::Collected { principal }).await
}

pub async fn to_sign(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    let deadline = campaign.deadline_at.unwrap_or(ctx.now());
    tell_project(conn, ctx, campaign, loan, BorrowerNews::ToSign { deadline }).await
}

pub async fn signed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    tell_project(conn, ctx, campaign, loan, BorrowerNews::Signed).await
}

pub async fn collecting(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    tell_project(conn, ctx, campaign, loan, BorrowerNews::Collecting).await
}

pub async fn failed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    tell_project(conn, ctx, campaign, loan, BorrowerNews::Failed).await
}

/// The money is at the project's bank. A loan that came back may be paid out again: each time is told.
pub async fn paid_out(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    let shares = super::store_batch::lock_in_states(conn, campaign.id, &[CommitmentState::Active]).await?;
    let nth = format!(" {}", ctx.now().unix_timestamp());
    tell(conn, ctx, campaign, &shares, &nth, |_| LenderNews::PaidOut).await?;
    tell_project(conn, ctx, campaign, loan, BorrowerNews::PaidOut).await
}

/// The project's bank sent it back.
pub async fn came_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    let shares = super::store_batch::lock_in_states(conn, campaign.id, &[CommitmentState::Active]).await?;
    let nth = format!(" {}", ctx.now().unix_timestamp());
    tell(conn, ctx, campaign, &shares, &nth, |_| LenderNews::CameBack).await?;
    tell_project(conn, ctx, campaign, loan, BorrowerNews::CameBack).await
}

/// Their bank took the money back: they lend no more. If it was a part, they lend the rest, or that goes back, too.
pub async fn bank_took_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    lender: &Commitment,
    part: Option<(Money, bool)>,
) -> anyhow::Result<()> {
    let lenders = std::slice::from_ref(lender);
    tell(conn, ctx, campaign, lenders, "", |_| match part {
        Some((part, lends_on)) => LenderNews::BankTookPart { part, lends_on },
        None => LenderNews::BankTookBack,
    })
    .await
}

/// A bank took a lender's money back before the payout: the loan is less than was collected.
pub async fn shrank(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    principal: Money,
) -> anyhow::Result<()> {
    tell_project(conn, ctx, campaign, loan, BorrowerNews::Shrank { principal }).await
}
