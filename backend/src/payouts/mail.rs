//! Mails about payouts: to owners and treasurers, and to stewards while an approval is wanted.

use felag_domain::ids::PersonId;
use felag_domain::money::Money;
use felag_domain::payout::{Breakdown, PayoutSource};
use felag_frontend::Lang;
use felag_frontend::mail::payouts::{PayoutNews, PayoutTold};
use sqlx::PgConnection;

use super::{Payout, store};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::mail::{NewMessage, queue};

/// A mail's recipients, by what it asks of them.
enum To {
    /// Owners and treasurers, and stewards: whoever may approve.
    Approvers,
    Project,
}

pub async fn proposed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
) -> sqlx::Result<()> {
    let what = (payout.parts.gross, PayoutNews::Proposed);
    tell(conn, ctx, campaign, payout, what, None, &To::Approvers).await
}

pub async fn asked(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
    by: PersonId,
) -> sqlx::Result<()> {
    let what = (payout.parts.gross, PayoutNews::Asked);
    tell(conn, ctx, campaign, payout, what, Some(by), &To::Approvers).await
}

pub async fn approved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
    parts: &Breakdown,
    by: PersonId,
) -> sqlx::Result<()> {
    let what = (parts.net, PayoutNews::Approved);
    tell(conn, ctx, campaign, payout, what, Some(by), &To::Project).await
}

pub async fn withdrawn(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
    reason: &str,
) -> sqlx::Result<()> {
    let what = (payout.amount(), PayoutNews::Withdrawn(reason.to_string()));
    tell(conn, ctx, campaign, payout, what, None, &To::Project).await
}

pub async fn paid(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout) -> anyhow::Result<()> {
    let campaign = of(conn, payout).await?;
    let what = (payout.parts.net, PayoutNews::Paid);
    Ok(tell(conn, ctx, &campaign, payout, what, None, &To::Project).await?)
}

pub async fn failed(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout, code: &str) -> anyhow::Result<()> {
    let campaign = of(conn, payout).await?;
    let reason = failure_words(Lang::En, code).to_string();
    let what = (payout.parts.net, PayoutNews::Failed(reason));
    // Lenders wait for what was lent, and no project can ask for it by itself: a steward looks after it.
    let to = match payout.parts.source {
        PayoutSource::Loan => To::Approvers,
        PayoutSource::Gifts => To::Project,
    };
    Ok(tell(conn, ctx, &campaign, payout, what, None, &to).await?)
}

async fn of(conn: &mut PgConnection, payout: &Payout) -> anyhow::Result<Campaign> {
    let campaign = campaigns::find(conn, payout.campaign).await?;
    campaign.ok_or_else(|| anyhow::anyhow!("payout {} has no campaign", payout.id))
}

/// Why a bank did not take money, in words, from the code we keep.
pub fn failure_words(lang: Lang, code: &str) -> &'static str {
    match code {
        "no_account" | "invalid_account_number" | "incorrect_account_holder_name" => {
            lang.t("payout-failed-no-account")
        }
        "account_closed" => lang.t("payout-failed-closed"),
        "account_frozen" | "bank_account_restricted" => lang.t("payout-failed-frozen"),
        _ => lang.t("payout-failed-other"),
    }
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    payout: &Payout,
    (amount, news): (Money, PayoutNews),
    by: Option<PersonId>,
    to: &To,
) -> sqlx::Result<()> {
    let who = match by {
        Some(by) => store::name(&mut *conn, by).await?,
        None => None,
    };
    let kind = kind(&news);
    let mut told = PayoutTold {
        title: campaign.title.clone(),
        number: payout.number,
        amount,
        news,
        who: who.unwrap_or_else(|| Lang::En.t("payout-somebody").to_string()),
        link: format!(
            "{}/campaigns/{}/payouts/{}",
            ctx.config.public_url, campaign.slug, payout.number
        ),
        to_steward: false,
    };
    let project = people(conn, campaign, by, false).await?;
    let stewards = match to {
        To::Approvers => people(conn, campaign, by, true).await?,
        To::Project => Vec::new(),
    };
    let to_project = told.mail(Lang::En);
    told.to_steward = true;
    let to_stewards = told.mail(Lang::En);
    let message = |recipient, mail: &felag_frontend::mail::Mail| NewMessage {
        kind,
        event: format!("{} {}", payout.id, payout.state),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    };
    let messages = project
        .iter()
        .map(|recipient| message(recipient.as_str(), &to_project))
        .chain(
            stewards
                .iter()
                .map(|recipient| message(recipient.as_str(), &to_stewards)),
        )
        .collect();
    queue(conn, ctx, messages).await
}

fn kind(news: &PayoutNews) -> &'static str {
    match news {
        PayoutNews::Proposed => "payout_proposed",
        PayoutNews::Asked => "payout_asked",
        PayoutNews::Approved => "payout_approved",
        PayoutNews::Paid => "payout_paid",
        PayoutNews::Failed(_) => "payout_failed",
        PayoutNews::Withdrawn(_) => "payout_withdrawn",
    }
}

/// Owners and treasurers, or stewards who are no members; without whoever did it.
async fn people(
    conn: &mut PgConnection,
    campaign: &Campaign,
    but: Option<PersonId>,
    stewards: bool,
) -> sqlx::Result<Vec<String>> {
    let project = campaign.project_id;
    if stewards {
        return sqlx::query_scalar!(
            "select email from person
             where is_steward and person_id is distinct from $2
               and not exists (select from member where member.person_id = person.person_id and project_id = $1)
             order by person_id limit 100",
            project as _,
            but as _,
        )
        .fetch_all(conn)
        .await;
    }
    sqlx::query_scalar!(
        "select distinct email from member join person using (person_id)
         where project_id = $1 and role in ('owner', 'treasurer') and person_id is distinct from $2 order by email",
        project as _,
        but as _,
    )
    .fetch_all(conn)
    .await
}
