//! The steps of projects and stewards, through the use cases that the forms call.

use anyhow::{Context, anyhow};
use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::project::TypedDetails;
use felag_frontend::Lang;
use felag_frontend::campaign_edit::TIME_ZONES;
use time::{Date, Month};

use super::script::{Campaign, Course, Member, Script};
use super::{PASSWORD, lending};
use crate::campaigns::draft_store::{FIRST_CURRENCY, NewDraft};
use crate::campaigns::{self, draft};
use crate::ctx::Ctx;
use crate::loans;
use crate::people::second_factor as factors;
use crate::people::visitor::token_hash;
use crate::people::{self, NewPerson};
use crate::projects::{self, NotSaved};
use crate::web::fields::Fields;

/// Opens an account and follows the link that confirms it.
pub async fn sign_up(ctx: &Ctx, member: &Member) -> anyhow::Result<PersonId> {
    let new = NewPerson {
        name: DisplayName::parse(member.name)?,
        email: EmailAddress::parse(member.email)?,
        password: PASSWORD.into(),
    };
    let opened = people::sign_up(ctx, &new)
        .await?
        .with_context(|| format!("{} is taken", member.email))?;
    people::confirm_email(ctx, &opened.confirm_token)
        .await?
        .context("the link does not work")?;
    Ok(opened.person)
}

/// Sets up the second factor of somebody who acts on money, with the code that the demo shows. Where it shows none,
/// because mails leave this machine, people do it themselves.
pub async fn second_factor(ctx: &Ctx, email: &str) -> anyhow::Result<()> {
    if !ctx.config.has_mailbox() {
        return Ok(());
    }
    let token = people::sign_in(ctx, &EmailAddress::parse(email)?, PASSWORD, None)
        .await?
        .with_context(|| format!("{email} cannot sign in"))?;
    let sign_in = token_hash(&token);
    let person = people::store::signed_in(&ctx.db, &sign_in, ctx.now())
        .await?
        .context("the sign-in is over")?;
    factors::begin(ctx, &person, &sign_in, PASSWORD)
        .await
        .map_err(|cause| anyhow!("{email}: {cause:?}"))?;
    let code = factors::demo_code(ctx, &person).await?.context("no code")?;
    factors::confirm(ctx, &person, &sign_in, &code)
        .await
        .map_err(|cause| anyhow!("{email}: {cause:?}"))?;
    people::sign_out(ctx, &sign_in).await?;
    Ok(())
}

/// Starts the project and writes the whole draft.
pub async fn draft(ctx: &Ctx, script: &Script, owner: PersonId) -> anyhow::Result<CampaignId> {
    let (project, ask) = (&script.project, &script.campaign);
    let details = TypedDetails {
        name: project.name,
        summary: project.summary,
        story: project.story,
        place: project.place,
        homepage: project.homepage,
        repository: project.repository,
        licences: project.licences,
        reply_to: script.owner,
    };
    let new = NewDraft {
        title: ask.title,
        summary: ask.summary,
        story: "",
        ask: Money::zero(FIRST_CURRENCY),
    };
    let mut tx = ctx.db.begin().await?;
    let (project_id, _) = projects::start(&mut tx, ctx, owner, details)
        .await
        .map_err(why(project.name))?;
    let (campaign, _) = draft::begin(&mut tx, ctx, project_id, &new)
        .await
        .map_err(why(ask.title))?;
    tx.commit().await?;
    let started = projects::store::find(&ctx.db, project_id)
        .await?
        .context("the project is gone")?;
    projects::save_holder(ctx, project_id, owner, started.version, project.holder)
        .await
        .map_err(why(project.name))?;
    write_basics(ctx, campaign, ask)
        .await
        .map_err(why("the basics"))?;
    let risks = match script.course {
        Course::InReview { risks_before, .. } => risks_before,
        _ => ask.risks,
    };
    write_texts(ctx, campaign, ask, risks).await?;
    write_lists(ctx, campaign, ask).await.map_err(why(ask.title))?;
    if let Some(loan) = &script.loan {
        let asked = loans::asking::save(ctx, campaign, &lending::terms(loan)).await;
        asked.map_err(why(ask.title))?;
    }
    Ok(campaign)
}

/// Story and risks.
pub async fn write_texts(ctx: &Ctx, id: CampaignId, ask: &Campaign, risks: &str) -> anyhow::Result<()> {
    let version = version(ctx, id).await.map_err(why("the texts"))?;
    let fields = [
        ("story", ask.story.into()),
        ("risks", risks.into()),
        ("version", version),
    ];
    draft::save_texts(ctx, id, &fields.into())
        .await
        .map_err(why("the texts"))
}

async fn write_basics(ctx: &Ctx, id: CampaignId, ask: &Campaign) -> Result<(), NotSaved> {
    let fields = [
        ("title", ask.title.to_string()),
        ("summary", ask.summary.into()),
        ("currency", ask.currency.into()),
        ("minimum", ask.minimum.to_string()),
        ("full_plan", ask.full_plan.to_string()),
        ("duration_days", ask.days.to_string()),
        ("time_zone", ask.zone.into()),
        ("if_short", ask.if_short.into()),
        ("way", ask.way.into()),
        ("version", version(ctx, id).await?),
    ];
    draft::save_basics(ctx, id, TIME_ZONES, &fields.into()).await
}

async fn version(ctx: &Ctx, id: CampaignId) -> Result<String, NotSaved> {
    let campaign = campaigns::store::find(&ctx.db, id)
        .await?
        .ok_or(crate::error::Error::NotFound)?;
    Ok(campaign.version.to_string())
}

async fn write_lists(ctx: &Ctx, id: CampaignId, ask: &Campaign) -> Result<(), NotSaved> {
    for line in ask.budget {
        let fields = [
            ("kind", line.0.to_string()),
            ("title", line.1.into()),
            ("at_minimum", line.2.to_string()),
            ("at_full_plan", line.3.to_string()),
        ];
        draft::save_budget_line(ctx, id, None, &fields.into()).await?;
    }
    for reward in ask.rewards {
        let mut fields = Fields::from([
            ("title", reward.title.to_string()),
            ("description", reward.description.into()),
            ("price", reward.price.to_string()),
            (
                "limit",
                reward.limit.map(|limit| limit.to_string()).unwrap_or_default(),
            ),
            ("delivery", later(ctx.clock.today(), reward.months).to_string()),
        ]);
        if reward.is_sale {
            fields.set("is_sale", "yes");
        }
        draft::save_reward(ctx, id, None, &fields).await?;
    }
    for one in ask.returns {
        let fields = [
            ("kind", one.kind.to_string()),
            ("title", one.title.into()),
            ("licence", one.licence.into()),
            ("due", later(ctx.clock.today(), one.months).to_string()),
            ("place", one.place.into()),
        ];
        draft::save_return(ctx, id, None, &fields.into()).await?;
    }
    Ok(())
}

/// The first day of a month to come.
fn later(today: Date, months: u8) -> Date {
    let count = u8::from(today.month()) - 1 + months;
    let month = Month::try_from(count % 12 + 1).unwrap_or(Month::January);
    Date::from_calendar_date(today.year() + i32::from(count / 12), month, 1).unwrap_or(today)
}

/// So many whole units of a currency.
pub fn money(currency: Currency, major: u32) -> Money {
    Money::from_minor(i64::from(major) * currency.minor_per_major(), currency)
}

/// Why something of the demo was refused: a mistake in its script.
pub fn why(what: &str) -> impl FnOnce(NotSaved) -> anyhow::Error + '_ {
    move |refused| match refused {
        NotSaved::Failed(error) => anyhow!(error),
        NotSaved::Refused(refusals) => {
            let words: Vec<String> = refusals
                .iter()
                .map(|one| format!("{} {}", one.field, Lang::En.words(&one.words)))
                .collect();
            anyhow!("{what}: {}", words.join(" "))
        }
    }
}
