//! What people of the demo do about loans: asking, lending, signing, paying back, voting, giving up.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::money::{Currency, Money};
use time::Duration;

use super::card::{BANK, Browser, WORKS};
use super::cast::{self, STEWARD};
use super::making::{money, why};
use super::script::{Deed, Lender, Loan, Script};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::loans;
use crate::loans::lender::{self, Means, QUESTIONS};
use crate::people::Person;
use crate::repayments::{self, Next, TypedPlan};
use crate::web::fields::Fields;

type People = HashMap<&'static str, PersonId>;

/// The form that asks for a loan.
pub fn terms(loan: &Loan) -> Fields {
    let mut fields = Fields::from([
        ("amount", loan.amount.to_string()),
        ("least", loan.least.to_string()),
        ("rate", loan.rate.into()),
        ("instalments", loan.instalments.into()),
        ("period", loan.period.into()),
        ("kind", "equal_instalments".into()),
        ("grace_kind", "none".into()),
        ("grace", "0".into()),
        ("purpose", loan.purpose.into()),
        ("security", loan.security.into()),
        ("figures", loan.figures.into()),
        ("risks", loan.risks.into()),
        ("network_first", "0".into()),
        ("version", "0".into()),
    ]);
    if loan.counts {
        fields.set("counts", "yes");
    }
    fields
}

/// Somebody with an account, as signed in.
fn signed_in(people: &People, who: &str) -> anyhow::Result<Person> {
    let id = people.get(who).with_context(|| format!("{who} has no account"))?;
    let known = cast::backer(who)?;
    Ok(Person {
        id: *id,
        email: known.email,
        name: known.name.into(),
        email_is_confirmed: true,
        is_steward: false,
        has_projects: false,
    })
}

/// Questions, signature, and the card on the provider's page.
pub async fn lend(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    Lender(_, who, amount, visibility): &Lender,
    people: &People,
) -> anyhow::Result<()> {
    let person = signed_in(people, who)?;
    if !lender::standing(&ctx.db, person.id, ctx.now()).await?.is_whole() {
        answer_questions(ctx, person.id).await?;
    }
    let loan = loans::store::find(&ctx.db, campaign.id).await?;
    let wish = loans::Wish {
        lender: &person,
        amount: money(campaign.currency, *amount),
        visibility: *visibility,
        signed_name: &person.name,
        sheet_version: loan.context("it asks for no loan")?.sheet_version,
        warned: false,
        network_token: "",
        from_kept: false,
        request_key: ctx.id(),
    };
    let token = loans::commit(ctx, campaign, &wish)
        .await
        .map_err(why("lending"))?;
    let page = loans::checkout(ctx, &token).await?;
    browser.save_card(&page, WORKS, &person.name).await
}

async fn answer_questions(ctx: &Ctx, person: PersonId) -> anyhow::Result<()> {
    let right: Vec<String> = QUESTIONS.iter().map(|(_, right)| (*right).to_string()).collect();
    lender::keep_test(ctx, person, &right).await?;
    let eur = |major: i64| Money::from_minor(major * Currency::EUR.minor_per_major(), Currency::EUR);
    let means = Means {
        income: eur(28_000),
        assets: eur(15_000),
        obligations: eur(13_000),
    };
    Ok(lender::keep_simulation(ctx, person, &means).await?)
}

/// Does it, through the use cases that the forms call and the provider's own pages.
pub async fn act(
    ctx: &Ctx,
    browser: &Browser,
    campaign: &Campaign,
    script: &Script,
    deed: Deed,
    people: &People,
) -> anyhow::Result<()> {
    let id = campaign.id;
    let owner = signed_in(people, script.owner)?;
    let done = match deed {
        Deed::Sign => loans::sign(ctx, id, &owner, &owner.name).await,
        Deed::PayNext => return pay(ctx, browser, id, &owner, next_instalment(ctx, id).await?).await,
        Deed::Pay(amount) => {
            return pay(ctx, browser, id, &owner, money(campaign.currency, amount)).await;
        }
        Deed::NewPlan(days, instalments, reason) => {
            let first = ctx.now().date() + Duration::days(days.into());
            let typed = TypedPlan {
                first_due_on: &first.to_string(),
                instalments,
                reason,
            };
            repayments::propose(ctx, id, owner.id, typed).await
        }
        Deed::Vote(who, agrees) => {
            let share = share_of(ctx, id, signed_in(people, who)?.id).await?;
            repayments::cast(ctx, id, share, if agrees { "agree" } else { "refuse" }).await
        }
        Deed::Default(reason) => {
            let steward = signed_in(people, STEWARD)?.id;
            repayments::default_by_steward(ctx, id, steward, reason).await
        }
        Deed::WriteOff(reason) => {
            repayments::write_off(ctx, id, signed_in(people, STEWARD)?.id, reason).await
        }
        Deed::Account(who, country) => {
            return open_account(ctx, browser, &signed_in(people, who)?, country, campaign.currency).await;
        }
    };
    done.map_err(why("the loan"))
}

/// What the first instalment that is not paid still takes.
async fn next_instalment(ctx: &Ctx, id: CampaignId) -> anyhow::Result<Money> {
    let mut conn = ctx.db.acquire().await?;
    let loan = repayments::store::find(&mut *conn, id)
        .await?
        .context("nothing was paid out")?;
    let rows = repayments::store::rows(&mut conn, id, loan.plan).await?;
    let next = rows.iter().find(|row| !row.is_paid()).context("all is paid")?;
    let open = next.open().total().context("too much is owed")?;
    Ok(Money::from_minor(open, loan.currency))
}

async fn pay(
    ctx: &Ctx,
    browser: &Browser,
    id: CampaignId,
    owner: &Person,
    amount: Money,
) -> anyhow::Result<()> {
    let typed = felag_frontend::format::typed(&amount);
    let request = ctx.id::<uuid::Uuid>().to_string();
    let next = repayments::pay_now(ctx, id, owner, (&typed, false), &request).await;
    match next.map_err(why("paying back"))? {
        Next::Elsewhere(page) => browser.save_card(&page, WORKS, &owner.name).await,
        Next::Back => Ok(()),
    }
}

async fn share_of(ctx: &Ctx, id: CampaignId, person: PersonId) -> anyhow::Result<CommitmentId> {
    let found = sqlx::query_scalar!(
        r#"select commitment_id as "id: CommitmentId" from commitment
           where campaign_id = $1 and person_id = $2 and state = 'active'"#,
        id as _,
        person as _,
    );
    found
        .fetch_optional(&ctx.db)
        .await?
        .ok_or_else(|| anyhow!("this person lent nothing"))
}

async fn open_account(
    ctx: &Ctx,
    browser: &Browser,
    lender: &Person,
    country: &str,
    currency: Currency,
) -> anyhow::Result<()> {
    let link = repayments::start_lender_account(ctx, lender, country)
        .await
        .map_err(why("the lender's account"))?;
    browser
        .onboard(&link, BANK, &lender.name, currency.code())
        .await?;
    repayments::look_at_lender_account(ctx, lender.id).await
}
