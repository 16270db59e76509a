//! A project asks for a loan: the terms of a draft, checked field by field against the policy in force.

use felag_domain::amount;
use felag_domain::campaign::Way;
use felag_domain::ids::CampaignId;
use felag_domain::lending::LoanState;
use felag_domain::lending::policy::Policy;
use felag_domain::money::Money;
use felag_domain::project::HolderForm;
use felag_domain::words::{Refusal, Refusals, Words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::PgConnection;

use super::{Loan, change, lender, papers, signing, store};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::{self, NotSaved, Say};
use crate::web::fields::Fields;

/// The kinds of repaying, periods and grace that a draft may choose, by their names.
pub const KINDS: [&str; 3] = ["equal_instalments", "equal_principal", "bullet"];
pub const PERIODS: [&str; 4] = ["monthly", "quarterly", "two_weekly", "weekly"];
pub const GRACES: [&str; 3] = ["none", "interest_only", "deferred_interest"];
/// A loan runs so many instalments at most.
pub const INSTALMENTS_MAX: u32 = 120;

/// Something of the terms that the policy does not allow.
#[derive(Debug, Clone, Copy)]
enum Beyond {
    Rate(u32),
    Amount(Money),
    Cap(Money),
}

impl Refusal for Beyond {
    fn words(&self) -> Words {
        match *self {
            Self::Rate(0) => Words::new("loan-interest-free-only"),
            Self::Rate(most) => Words::new("loan-rate-above").with("most", percent(most).as_str()),
            Self::Amount(most) => Words::new("loan-amount-above").with("most", most),
            Self::Cap(most) => Words::new("loan-cap-above").with("most", most),
        }
    }
}

/// Hundredths of a percent as people read them: `4.5`.
pub fn percent(bp: u32) -> String {
    Decimal::new(i64::from(bp), 2).normalize().to_string()
}

fn rate(typed: &str) -> Result<u32, Say> {
    let plain = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let bad = Say("loan-rate-not-a-number");
    let rate: Decimal = plain.parse().map_err(|_| bad)?;
    let bp = rate.checked_mul(Decimal::ONE_HUNDRED).ok_or(bad)?;
    if bp.is_sign_negative() || !bp.fract().is_zero() {
        return Err(bad);
    }
    bp.to_u32().ok_or(bad)
}

fn one_of(typed: &str, names: &[&'static str]) -> Result<String, Say> {
    let found = names.iter().find(|name| **name == typed);
    found.map(ToString::to_string).ok_or(Say("loan-choose"))
}

/// The campaign, held and still to be written.
async fn hold_draft(conn: &mut PgConnection, id: CampaignId) -> Result<Campaign, NotSaved> {
    let campaign = campaigns::lock(conn, id).await?.ok_or(Error::NotFound)?;
    if !campaign.state.is_editable() {
        return Err(NotSaved::on_top(&Say("edit-fixed")));
    }
    Ok(campaign)
}

/// Saves the loan's terms of a draft.
///
/// # Errors
/// What does not fit, beside its field.
pub async fn save(ctx: &Ctx, id: CampaignId, typed: &Fields) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let campaign = hold_draft(&mut tx, id).await?;
    if campaign.way == Way::KeepWhatComes {
        return Err(NotSaved::on_top(&Say("loan-keeps-what-comes")));
    }
    let before = store::lock(&mut tx, id).await?;
    let version = before.as_ref().map_or(0, |loan| loan.version);
    if typed.parse::<i32>("version").unwrap_or(0) != version {
        return Err(NotSaved::on_top(&Say("edit-stale")));
    }
    let policy = policy_of(ctx, &mut tx, &campaign).await?;
    let other = lender::asked_this_year(ctx, &mut tx, id).await?;
    let mut loan = read(typed, &campaign, &policy, other)?;
    loan.network_token = match before {
        Some(before) => before.network_token,
        None => ctx.random.token(),
    };
    let form = holder_form(&mut tx, &campaign).await?;
    if !signing::may_borrow(&loan, form) {
        let mut refusals = Refusals::new();
        let missing = form.map_or("loan-needs-holder", |_| "loan-needs-legal-person");
        refusals.note("rate", &Say(missing));
        return Err(NotSaved::Refused(refusals.into_vec()));
    }
    if !papers::fits(&mut tx, &campaign, &loan)
        .await
        .map_err(Error::Internal)?
    {
        return Err(NotSaved::on_top(&Say("loan-paper-too-long")));
    }
    store::put_terms(&mut tx, &loan, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The rules where the project's legal holder is at home.
///
/// # Errors
/// When the database fails.
pub async fn policy_of(ctx: &Ctx, conn: &mut PgConnection, campaign: &Campaign) -> sqlx::Result<Policy> {
    let project = projects::store::find(conn, campaign.project_id).await?;
    let holder = project.and_then(|project| project.holder);
    let country = holder.map(|holder| holder.country).unwrap_or_default();
    Ok(*ctx.config.lending.of(&country))
}

async fn holder_form(conn: &mut PgConnection, campaign: &Campaign) -> Result<Option<HolderForm>, NotSaved> {
    let project = projects::store::find(conn, campaign.project_id).await?;
    let holder = project.and_then(|project| project.holder);
    Ok(holder.and_then(|holder| holder.form.parse().ok()))
}

/// A draft asks for no loan any more.
///
/// # Errors
/// When it is not a draft.
pub async fn remove(ctx: &Ctx, id: CampaignId) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    hold_draft(&mut tx, id).await?;
    store::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads the form. What could not be read is stood in for, so that the rest is checked too.
fn read(typed: &Fields, campaign: &Campaign, policy: &Policy, other: i64) -> Result<Loan, NotSaved> {
    let mut refusals = Refusals::new();
    let amount = refusals.keep("amount", amount::parse(typed.get("amount"), campaign.currency));
    let amount = amount
        .and_then(|amount| refusals.keep("amount", within(amount, campaign, policy, other).map(|()| amount)));
    let least = match typed.get("least").trim() {
        "" => amount,
        least => refusals.keep("least", amount::parse(least, campaign.currency)),
    };
    if let (Some(amount), Some(least)) = (amount, least)
        && least.minor() > amount.minor()
    {
        refusals.note("least", &Beyond::Amount(amount));
    }
    let rate = refusals.keep("rate", rate(typed.get("rate")));
    if let Some(rate) = rate
        && rate > policy.rate_max_bp
    {
        refusals.note("rate", &Beyond::Rate(policy.rate_max_bp));
    }
    let (count, grace) = counts(typed, &mut refusals);
    let period = refusals.keep("period", one_of(typed.get("period"), &PERIODS));
    let kind = refusals.keep("kind", one_of(typed.get("kind"), &KINDS));
    let grace_kind = refusals.keep("grace_kind", one_of(typed.get("grace_kind"), &GRACES));
    let words = change::texts(typed, &mut refusals);
    let first = match typed.get("network_first").trim() {
        "" => Some(0),
        _ => typed.parse::<u32>("network_first").filter(|count| *count <= 100),
    };
    let first = refusals.keep("network_first", first.ok_or(Say("loan-network-between")));
    if !refusals.is_empty() {
        return Err(NotSaved::Refused(refusals.into_vec()));
    }
    let zero = Money::zero(campaign.currency);
    let [purpose, security, figures, risks] = words;
    Ok(Loan {
        campaign: campaign.id,
        amount: amount.unwrap_or(zero),
        least: least.unwrap_or(zero),
        rate_bp: rate.unwrap_or(0),
        instalments: count.unwrap_or(1),
        period: period.unwrap_or_default(),
        kind: kind.unwrap_or_default(),
        grace_kind: grace_kind.unwrap_or_default(),
        grace: grace.unwrap_or(0),
        day_count: "30/360".into(),
        purpose: purpose.unwrap_or_default(),
        security: security.unwrap_or_default(),
        figures: figures.unwrap_or_default(),
        risks: risks.unwrap_or_default(),
        counts_to_minimum: typed.is_ticked("counts"),
        network_first_lenders: first.unwrap_or(0),
        network_token: String::new(),
        policy: policy.to_string(),
        state: LoanState::Draft,
        sheet_version: 0,
        lending_ends_at: None,
        signed: None,
        collecting_ends_at: None,
        principal: None,
        collected_at: None,
        paid_out_at: None,
        first_due_on: None,
        ended_at: None,
        version: 0,
    })
}

/// How many instalments there are, and how many of them are grace.
fn counts(typed: &Fields, refusals: &mut Refusals) -> (Option<u32>, Option<u32>) {
    let count = typed
        .parse::<u32>("instalments")
        .filter(|count| (1..=INSTALMENTS_MAX).contains(count));
    let count = refusals.keep("instalments", count.ok_or(Say("loan-instalments-between")));
    let grace = match typed.get("grace").trim() {
        "" => Some(0),
        _ => typed.parse::<u32>("grace"),
    };
    let grace = grace.filter(|grace| *grace == 0 || count.is_none_or(|count| *grace < count));
    let grace = refusals.keep("grace", grace.ok_or(Say("loan-grace-too-long")));
    (count, grace)
}

/// A loan is a part of the full plan, and what a project borrows within a year has a cap.
fn within(amount: Money, campaign: &Campaign, policy: &Policy, other: i64) -> Result<(), Beyond> {
    if amount.minor() > campaign.full_plan.minor() {
        return Err(Beyond::Amount(campaign.full_plan));
    }
    let cap = policy.money(policy.project_cap_major, campaign.currency);
    let left = cap.minor().saturating_sub(other);
    if amount.minor() > left {
        return Err(Beyond::Cap(Money::from_minor(left.max(0), campaign.currency)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_typed_in_percent_with_two_decimals_at_most() {
        assert_eq!(rate("4.5").ok(), Some(450));
        assert_eq!(rate(" 4,25 % ").ok(), Some(425));
        assert_eq!(rate("0").ok(), Some(0));
        for bad in ["", "-1", "4.255", "much", "99999999999999999999999999999"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
        assert_eq!((percent(450), percent(0)), ("4.5".into(), "0".into()));
    }
}
