//! Writing a campaign: every step checks, locks, looks at the version, and saves, in one transaction.

use felag_domain::amount;
use felag_domain::campaign::{Basics, BudgetKind, IfShort, NewBudgetLine, NewReward, Way};
use felag_domain::ids::{BudgetLineId, CampaignId, CommonsReturnId, ProjectId, RewardId};
use felag_domain::licence::{CommonsReturnKind, NewCommonsReturn};
use felag_domain::money::{Currency, Money};
use felag_domain::project::{ProjectRefusal, limits};
use felag_domain::text;
use felag_domain::words::{FieldRefusal, Refusals};
use sqlx::PgConnection;
use time::Date;
use time::macros::format_description;

use super::draft_store::{self, NewDraft};
use super::lists;
use super::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::{NotSaved, Say};

/// What somebody typed, by the names of the form's fields.
pub type Typed<'a> = &'a crate::web::fields::Fields;

/// Begins a draft in a project.
pub async fn begin(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    draft: &NewDraft<'_>,
) -> Result<(CampaignId, String), NotSaved> {
    if draft_store::count(conn, project).await? >= limits::CAMPAIGNS_MAX {
        return Err(NotSaved::on_top(&ProjectRefusal::TooMany(limits::CAMPAIGNS_MAX)));
    }
    let id = ctx.id::<CampaignId>();
    let slug = draft_store::insert(conn, id, project, draft, ctx.now()).await?;
    Ok((id, slug))
}

/// The campaign, held and still to be written. With a `version`, nobody saved since that was read.
pub(super) async fn hold(
    conn: &mut PgConnection,
    id: CampaignId,
    version: Option<i32>,
) -> Result<Campaign, NotSaved> {
    let campaign = store::lock(conn, id).await?.ok_or(Error::NotFound)?;
    if !campaign.state.is_editable() {
        return Err(NotSaved::on_top(&Say("edit-fixed")));
    }
    if version.is_some_and(|version| version != campaign.version) {
        return Err(NotSaved::on_top(&Say("edit-stale")));
    }
    Ok(campaign)
}

/// The version a form was made from; a form without one is older than any.
pub(super) fn version(typed: Typed<'_>) -> Option<i32> {
    Some(typed.parse("version").unwrap_or(0))
}

/// Title, ask, length and time zone.
pub async fn save_basics(
    ctx: &Ctx,
    id: CampaignId,
    zones: &[&str],
    typed: Typed<'_>,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id, version(typed)).await?;
    let mut refusals = Refusals::new();
    let currency = offered(typed.get("currency"), &mut refusals).unwrap_or(campaign.currency);
    let counts = lists::counts(&mut *tx, id).await?;
    if currency != campaign.currency && counts.budget_lines + counts.rewards > 0 {
        refusals.note("currency", &Say("basics-currency-fixed"));
    }
    let minimum = refusals.keep("minimum", amount::parse(typed.get("minimum"), currency));
    let full_plan = refusals.keep("full_plan", amount::parse(typed.get("full_plan"), currency));
    let days = typed
        .parse("duration_days")
        .ok_or(Say("basics-duration-not-a-number"));
    let days = refusals.keep("duration_days", days);
    let zone = zones.iter().find(|zone| **zone == typed.get("time_zone"));
    let zone = refusals.keep("time_zone", zone.ok_or(Say("basics-zone-unknown")));
    let if_short = refusals.keep("if_short", if_short(typed.get("if_short")));
    let way = refusals.keep("way", way(typed.get("way")));
    if let Some(loan) = draft_store::asked_to_borrow(&mut tx, id).await? {
        with_loan(&campaign, (loan, currency, full_plan, way), &mut refusals);
    }
    // What could not be read is stood in for, so that the rest is checked too.
    let one = Money::from_minor(1, currency);
    let (low, high) = (
        minimum.or(full_plan).unwrap_or(one),
        full_plan.or(minimum).unwrap_or(one),
    );
    let basics = Basics::decide(
        typed.get("title"),
        typed.get("summary"),
        low,
        high,
        days.unwrap_or(30),
    );
    let (basics, ((zone, if_short), way)) = both(refusals, basics, zone.zip(if_short).zip(way))?;
    draft_store::update_basics(&mut tx, &campaign, &basics, zone).await?;
    draft_store::update_rules(&mut tx, id, way, if_short).await?;
    saved(tx, ctx, id).await
}

/// What a campaign that asks for a loan cannot become: the loan is a part of the full plan, and collected after a
/// deadline that decides.
fn with_loan(
    campaign: &Campaign,
    (loan, currency, full_plan, way): (i64, Currency, Option<Money>, Option<Way>),
    refusals: &mut Refusals,
) {
    if currency != campaign.currency {
        refusals.note("currency", &Say("basics-currency-with-loan"));
    }
    if full_plan.is_some_and(|plan| plan.minor() < loan) {
        refusals.note("full_plan", &Say("basics-plan-below-loan"));
    }
    if way == Some(Way::KeepWhatComes) {
        refusals.note("way", &Say("basics-way-with-loan"));
    }
}

/// By its name. Nothing chosen is the usual way.
fn way(typed: &str) -> Result<Way, Say> {
    match typed {
        "" => Ok(Way::AllOrNothing),
        name => name.parse().map_err(|_| Say("basics-way-unknown")),
    }
}

/// `unwind`, or the percentage from which the campaign goes on. Nothing chosen is the usual rule.
fn if_short(typed: &str) -> Result<IfShort, Say> {
    match typed {
        "" | "unwind" => Ok(IfShort::Unwind),
        percent => percent
            .parse()
            .ok()
            .and_then(|percent| IfShort::of_percent(Some(percent)).ok())
            .ok_or(Say("basics-if-short-unknown")),
    }
}

fn offered(code: &str, refusals: &mut Refusals) -> Option<Currency> {
    let currency = Currency::OFFERED
        .iter()
        .copied()
        .find(|currency| currency.code() == code);
    refusals.keep("currency", currency.ok_or(Say("basics-currency-unknown")))
}

/// Both, or everything that was refused: what could not be read, and what the rules say of the rest.
fn both<A, B>(
    refusals: Refusals,
    decided: Result<A, Vec<FieldRefusal>>,
    read: Option<B>,
) -> Result<(A, B), NotSaved> {
    let mut all = refusals.into_vec();
    match (decided, read) {
        (Ok(decided), Some(read)) if all.is_empty() => Ok((decided, read)),
        (decided, _) => {
            for refusal in decided.err().unwrap_or_default() {
                if all.iter().all(|other| other.field != refusal.field) {
                    all.push(refusal);
                }
            }
            Err(NotSaved::Refused(all))
        }
    }
}

async fn saved(
    mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
    ctx: &Ctx,
    id: CampaignId,
) -> Result<(), NotSaved> {
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Story and risks; both may still be empty.
pub async fn save_texts(ctx: &Ctx, id: CampaignId, typed: Typed<'_>) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    hold(&mut tx, id, version(typed)).await?;
    let mut refusals = Refusals::new();
    let story = refusals.keep("story", text::block(typed.get("story"), 0, limits::STORY_MAX));
    let risks = refusals.keep("risks", text::block(typed.get("risks"), 0, limits::RISKS_MAX));
    let (Some(story), Some(risks)) = (story, risks) else {
        return Err(refusals.into_vec().into());
    };
    draft_store::update_texts(&mut tx, id, &story, &risks).await?;
    saved(tx, ctx, id).await
}

/// Adds a budget line, or changes line `change`.
pub async fn save_budget_line(
    ctx: &Ctx,
    id: CampaignId,
    change: Option<BudgetLineId>,
    typed: Typed<'_>,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id, change.and(version(typed))).await?;
    let lines = lists::budget(&mut *tx, id, campaign.currency).await?;
    let line = place(
        change,
        lines.iter().map(|line| line.id),
        limits::BUDGET_LINES_MAX,
        || ctx.id(),
    )?;
    let new = read_budget_line(campaign.currency, typed)?;
    lists::put_budget_line(&mut tx, id, line, &new).await?;
    saved(tx, ctx, id).await
}

fn read_budget_line(currency: Currency, typed: Typed<'_>) -> Result<NewBudgetLine, NotSaved> {
    let mut refusals = Refusals::new();
    let at_minimum = refusals.keep(
        "at_minimum",
        amount::parse_with_zero(typed.get("at_minimum"), currency),
    );
    let at_full_plan = refusals.keep("at_full_plan", amount::parse(typed.get("at_full_plan"), currency));
    let kind = refusals.keep(
        "kind",
        typed.parse::<BudgetKind>("kind").ok_or(Say("kind-unknown")),
    );
    let one = Money::from_minor(1, currency);
    let (low, high) = (
        at_minimum.unwrap_or(Money::zero(currency)),
        at_full_plan.or(at_minimum).unwrap_or(one),
    );
    let line = NewBudgetLine::decide(
        currency,
        kind.unwrap_or(BudgetKind::Task),
        typed.get("title"),
        low,
        high,
    );
    Ok(both(refusals, line, Some(()))?.0)
}

/// The place of something in a list: where it stands, or a new one as long as there may be more.
fn place<Id: PartialEq>(
    change: Option<Id>,
    mut there: impl ExactSizeIterator<Item = Id>,
    most: usize,
    fresh: impl FnOnce() -> Id,
) -> Result<Id, NotSaved> {
    match change {
        Some(id) if there.any(|other| other == id) => Ok(id),
        Some(_) => Err(Error::NotFound.into()),
        None if there.len() >= most => Err(NotSaved::on_top(&ProjectRefusal::TooMany(most))),
        None => Ok(fresh()),
    }
}

/// Adds a reward, or changes reward `change`.
pub async fn save_reward(
    ctx: &Ctx,
    id: CampaignId,
    change: Option<RewardId>,
    typed: Typed<'_>,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold(&mut tx, id, change.and(version(typed))).await?;
    let rewards = store::rewards(&mut *tx, id).await?;
    let reward = place(
        change,
        rewards.iter().map(|reward| reward.id),
        limits::REWARDS_MAX,
        || ctx.id(),
    )?;
    let new = read_reward(campaign.currency, typed)?;
    lists::put_reward(&mut tx, id, reward, &new).await?;
    saved(tx, ctx, id).await
}

fn read_reward(currency: Currency, typed: Typed<'_>) -> Result<NewReward, NotSaved> {
    let mut refusals = Refusals::new();
    let price = refusals.keep("price", amount::parse(typed.get("price"), currency));
    let limit = match typed.get("limit").trim() {
        "" => Some(None),
        number => refusals.keep(
            "limit",
            number
                .parse()
                .map(Some)
                .map_err(|_| Say("reward-limit-not-a-number")),
        ),
    };
    // A month that cannot be read is refused by the rules, as a day that begins none.
    let delivery = read_day(typed.get("delivery")).unwrap_or(Date::MIN.saturating_add(time::Duration::DAY));
    let price = price.unwrap_or(felag_domain::pledge::largest(currency));
    let reward = NewReward::decide(
        currency,
        typed.get("title"),
        typed.get("description"),
        price,
        limit.flatten(),
        delivery,
        typed.is_ticked("is_sale"),
    );
    Ok(both(refusals, reward, Some(()))?.0)
}

/// Adds something for everybody, or changes `change`.
pub async fn save_return(
    ctx: &Ctx,
    id: CampaignId,
    change: Option<CommonsReturnId>,
    typed: Typed<'_>,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    hold(&mut tx, id, change.and(version(typed))).await?;
    let returns = lists::returns(&mut *tx, id).await?;
    let place = place(
        change,
        returns.iter().map(|one| one.id),
        limits::COMMONS_RETURNS_MAX,
        || ctx.id(),
    )?;
    let today = ctx.clock.today();
    let mut refusals = Refusals::new();
    let due = refusals.keep(
        "due",
        read_day(typed.get("due")).ok_or(Say("return-due-unreadable")),
    );
    let kind = refusals.keep(
        "kind",
        typed
            .parse::<CommonsReturnKind>("kind")
            .ok_or(Say("kind-unknown")),
    );
    let new = NewCommonsReturn::decide(
        kind.unwrap_or(CommonsReturnKind::Design),
        typed.get("title"),
        typed.get("licence"),
        due.unwrap_or(today),
        typed.get("place"),
        today,
    );
    let (new, _) = both(refusals, new, Some(()))?;
    lists::put_return(&mut tx, id, place, &new).await?;
    saved(tx, ctx, id).await
}

/// A day as a browser's date field sends it, and as the hint asks for it.
pub fn read_day(text: &str) -> Option<Date> {
    let day = Date::parse(text.trim(), format_description!("[year]-[month]-[day]")).ok()?;
    (2000..=2200).contains(&day.year()).then_some(day)
}

/// What is taken out of a draft. Taking it out again changes nothing.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    BudgetLine(BudgetLineId),
    Reward(RewardId),
    Return(CommonsReturnId),
}

pub async fn remove(ctx: &Ctx, id: CampaignId, item: Item) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    hold(&mut tx, id, None).await?;
    match item {
        Item::BudgetLine(line) => lists::remove_budget_line(&mut tx, id, line).await?,
        Item::Reward(reward) => lists::remove_reward(&mut tx, id, reward).await?,
        Item::Return(one) => lists::remove_return(&mut tx, id, one).await?,
    }
    saved(tx, ctx, id).await
}
