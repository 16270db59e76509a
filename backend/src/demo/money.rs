//! What the people of the demo do about a project's money: its account, asking, approving.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use felag_domain::expense::TypedExpense;
use felag_domain::ids::{PersonId, PledgeId};
use felag_domain::money::Money;
use felag_domain::payout::Voice;
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::pledge::Visibility;
use felag_domain::refund::{RefundWhy, Wish};
use felag_domain::support::Period;
use felag_frontend::format::typed;

use super::card::{Browser, WORKS};
use super::cast::{self, STEWARD};
use super::making::{money, why};
use super::script::{Act, Script};
use super::{bill, lending};
use crate::campaigns::lists;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::expenses::{self, Entering};
use crate::payments::provider::Request;
use crate::payouts::{self, Asked};
use crate::pledges::endings::{self, Decided, What};
use crate::pledges::{self, Ask};
use crate::{payout_accounts, projects, support};

/// Does it, through the use cases that the forms call and the provider's own page.
pub async fn act(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    script: &Script,
    act: Act,
    people: &HashMap<&'static str, PersonId>,
) -> anyhow::Result<()> {
    let asked = |who: &str| -> anyhow::Result<Asked> {
        let person = people.get(who).copied();
        Ok(Asked {
            person: person.with_context(|| format!("{who} has no account"))?,
            voice: if who == STEWARD {
                Voice::Steward
            } else {
                Voice::Project
            },
        })
    };
    match act {
        Act::Spend(who, line, amount, payee, purpose) => {
            let amount = money(campaign.currency, amount);
            spend(ctx, campaign, asked(who)?.person, line, amount, [payee, purpose]).await
        }
        Act::Explain(who, line, words) => {
            let line = line_of(ctx, campaign, line).await?;
            let done = expenses::explain(ctx, campaign, asked(who)?.person, &line, words).await;
            done.map_err(why("explaining"))
        }
        Act::Bank(number) => {
            let owner = asked(script.owner)?.person;
            let holder = script.project.holder.name;
            open_account(ctx, browser, campaign, owner, (number, holder)).await
        }
        Act::Ask(who) => {
            let facts = payouts::facts(
                &mut *ctx.db.acquire().await?,
                ctx,
                campaign,
                felag_domain::payout::PayoutSource::Gifts,
            )
            .await?;
            let amount = typed(&facts.released);
            let done = payouts::ask(ctx, campaign.id, asked(who)?, &amount, ctx.id()).await;
            done.map(drop).map_err(why("asking"))
        }
        Act::Approve(who) => {
            let latest = payouts::store::of_campaign(&ctx.db, campaign.id).await?;
            let number = latest.first().context("no payout")?.number;
            payouts::approve(ctx, campaign.id, number, asked(who)?)
                .await
                .map_err(why("approving"))
        }
        Act::Decide(what, words) => decide(ctx, campaign, asked(STEWARD)?.person, what, words).await,
        Act::CallOff => pledges::cancel_campaign(ctx, campaign.id, asked(script.owner)?.person)
            .await
            .map_err(why("calling it off")),
        Act::AccountRefused => refuse_account(ctx, campaign).await,
        Act::Loan(deed) => lending::act(ctx, browser, campaign, script, deed, people).await,
        Act::Support(who, amount, period) => {
            let who = (who, people.get(who).copied());
            support_it(ctx, browser, campaign, who, amount, period).await
        }
        Act::GiveBack(who, backer, amount, words) => {
            let by = asked(who)?.person;
            let part = money(campaign.currency, amount);
            give_back(ctx, campaign, by, backer, part, words).await
        }
    }
}

/// The project opens its account at the provider, with a number of a bank in the name of a holder.
async fn open_account(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    owner: PersonId,
    (number, holder): (&str, &str),
) -> anyhow::Result<()> {
    let found = projects::store::find(&ctx.db, campaign.project_id).await?;
    let project = found.context("no project")?;
    let link = payout_accounts::start(ctx, &project, owner)
        .await
        .map_err(why("the account"))?;
    browser
        .onboard(&link, number, holder, campaign.currency.code())
        .await?;
    payout_accounts::look(ctx, project.id).await
}

async fn decide(
    ctx: &Ctx,
    campaign: &Campaign,
    steward: PersonId,
    what: What,
    words: &str,
) -> anyhow::Result<()> {
    let done = endings::decide(ctx, campaign.id, what, Decided::Steward, steward, words).await;
    done.map(drop).map_err(|cause| anyhow!("deciding: {cause:?}"))
}

/// The provider makes up its mind about the project, and tells us.
async fn refuse_account(ctx: &Ctx, campaign: &Campaign) -> anyhow::Result<()> {
    let account = payout_accounts::of_project(&ctx.db, campaign.project_id).await?;
    let account = account.and_then(|account| account.account_ref);
    let request = Request {
        path: format!("v1/accounts/{}/reject", account.context("no account")?),
        body: "reason=other".into(),
        account: None,
    };
    let key = format!("demo:{}", campaign.id);
    let answer = ctx.provider.post(&request, &key).await?;
    anyhow::ensure!(
        answer.status == 200,
        "the account was not refused: {}",
        answer.body
    );
    payout_accounts::look(ctx, campaign.project_id).await
}

/// The id of a line of the budget.
async fn line_of(ctx: &Ctx, campaign: &Campaign, which: usize) -> anyhow::Result<String> {
    let lines = lists::budget(&ctx.db, campaign.id, campaign.currency).await?;
    Ok(lines.get(which).context("no such line")?.id.to_string())
}

async fn spend(
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    line: usize,
    amount: Money,
    [payee, purpose]: [&str; 2],
) -> anyhow::Result<()> {
    let (line, amount) = (line_of(ctx, campaign, line).await?, typed(&amount));
    let day = ctx.now().date().to_string();
    let expense = TypedExpense {
        line: &line,
        amount: &amount,
        spent_on: &day,
        payee,
        purpose,
        is_closed: false,
        closed_reason: "",
    };
    let bill = bill::of(payee, purpose, &amount, campaign.currency.code(), &day);
    let entering = Entering {
        by,
        request: ctx.id(),
    };
    let done = expenses::enter(ctx, campaign, entering, &expense, bill.into()).await;
    done.map(drop).map_err(why("entering an expense"))
}

/// Form, the provider's page, and back again: the first charge is made with the person there.
async fn support_it(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    (who, person): (&str, Option<PersonId>),
    amount: u32,
    period: Period,
) -> anyhow::Result<()> {
    let amount = money(campaign.currency, amount);
    let backer = cast::backer(who)?;
    let about = support::About::of(&ctx.db, campaign.project_id).await?;
    let gift = support::Gift {
        amount,
        tip: Money::zero(amount.currency()),
        period,
        person,
        email: EmailAddress::parse(&backer.email)?,
        name: Some(DisplayName::parse(backer.name)?),
        visibility: Visibility::Named,
        request_key: ctx.id(),
        address: backer.from,
    };
    let token = support::begin(ctx, &about, &gift).await?;
    let page = support::checkout(ctx, &token).await?;
    browser.save_card(&page, WORKS, backer.name).await?;
    let begun = support::store::by_token(&ctx.db, &token).await?;
    support::look_up(ctx, &begun.context("no support")?).await?;
    Ok(())
}

async fn give_back(
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    backer: &str,
    part: Money,
    words: &str,
) -> anyhow::Result<()> {
    let email = cast::backer(backer)?.email;
    let pledge = sqlx::query_scalar!(
        r#"select pledge_id as "id: PledgeId" from pledge where campaign_id = $1 and email = $2 and state = 'paid'"#,
        campaign.id as _,
        email,
    )
    .fetch_one(&ctx.db)
    .await?;
    let pledge = pledges::store::by_id(&ctx.db, campaign.id, pledge).await?;
    let request = pledges::Request {
        wish: Wish::Part(part),
        why: RefundWhy::Project,
        by,
        words,
        key: ctx.id(),
    };
    let ask = Ask::of(&ctx.db, campaign.id).await?;
    let done = pledges::give_back(ctx, &ask, &pledge.context("no pledge")?, &request).await;
    done.map(drop).map_err(|cause| anyhow!("giving back: {cause:?}"))
}
