//! What a steward looks at in a campaign: each point with whether it holds, and the facts.

use felag_domain::campaign::Missing;
use felag_domain::payout::Tranche;
use felag_domain::project::HolderForm;
use felag_frontend::Lang;
use felag_frontend::campaign_edit::rule_words;
use felag_frontend::project_edit::{country, holder_form};
use felag_frontend::reviews::Check;
use felag_frontend::wizard::Link;

use crate::campaigns::ready::{self, Draft};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::{loans, payout_accounts};

pub fn of(lang: Lang, campaign: &Campaign, draft: &Draft) -> Result<Vec<Check>, Error> {
    let lacks = |belongs: fn(&Missing) -> bool| draft.missing.iter().any(belongs);
    let check = |label: &str, holds: bool, lines: Vec<String>| Check {
        label: label.to_string(),
        holds,
        lines,
        file: None,
    };
    let ask = lang.t3(
        "review-check-ask-line",
        "minimum",
        campaign.minimum,
        "full",
        campaign.full_plan,
        "days",
        campaign.duration_days,
    );
    let has_texts = !lacks(|one| matches!(one, Missing::Story | Missing::Risks));
    let adds_up = !lacks(|one| {
        matches!(
            one,
            Missing::BudgetAtMinimum { .. } | Missing::BudgetAtFullPlan { .. }
        )
    });
    Ok(vec![
        check(lang.t("review-check-story"), has_texts, Vec::new()),
        check(
            lang.t("review-check-ask"),
            draft.has_basics,
            vec![ask, rule_words(lang, campaign.way, campaign.if_short)],
        ),
        check(
            lang.t("review-check-budget"),
            adds_up,
            budget(lang, campaign, draft)?,
        ),
        check(
            lang.t("review-check-returns"),
            !draft.returns.is_empty(),
            returns(lang, draft),
        ),
        check(
            lang.t("review-check-holder"),
            draft.project.holder.is_some(),
            holder(lang, draft),
        ),
        check(lang.t("review-check-rewards"), true, rewards(lang, draft)),
        check(lang.t("review-check-plan"), true, plan(lang, draft)),
        account(lang, campaign, draft),
    ])
}

/// The loan it asks for beside gifts, if it does.
pub async fn loan(ctx: &Ctx, lang: Lang, campaign: &Campaign) -> Result<Option<Check>, Error> {
    let lines = loans::beside::to_review(ctx, campaign).await?;
    let file = (!lines.is_empty()).then(|| {
        Link::new(
            format!("/campaigns/{}/loan/sheet/draft.pdf", campaign.slug),
            lang.t("papers-sheet-draft"),
        )
    });
    Ok((!lines.is_empty()).then(|| Check {
        label: lang.t("review-check-loan").to_string(),
        holds: true,
        lines,
        file,
    }))
}

fn budget(lang: Lang, campaign: &Campaign, draft: &Draft) -> Result<Vec<String>, Error> {
    let low = ready::sum(campaign.currency, draft.budget.iter().map(|line| line.at_minimum))?;
    let high = ready::sum(
        campaign.currency,
        draft.budget.iter().map(|line| line.at_full_plan),
    )?;
    Ok(vec![
        lang.t2(
            "review-check-budget-line",
            "budget",
            low,
            "minimum",
            campaign.minimum,
        ),
        lang.t2(
            "review-check-budget-full-line",
            "budget",
            high,
            "full",
            campaign.full_plan,
        ),
    ])
}

fn returns(lang: Lang, draft: &Draft) -> Vec<String> {
    let line = |one: &crate::campaigns::lists::CommonsReturn| {
        lang.t_with(
            "review-check-return-line",
            [
                ("title", one.title.as_str().into()),
                ("licence", one.licence.as_str().into()),
                ("day", lang.day(one.due).into()),
                ("place", one.place.as_str().into()),
            ],
        )
    };
    let mut lines: Vec<String> = draft.returns.iter().map(line).collect();
    lines.extend(
        draft
            .exception
            .iter()
            .map(|reason| lang.t1("review-check-exception-line", "reason", reason)),
    );
    or_none(lang, lines)
}

fn holder(lang: Lang, draft: &Draft) -> Vec<String> {
    let Some(holder) = &draft.project.holder else {
        return or_none(lang, Vec::new());
    };
    let form = holder
        .form
        .parse::<HolderForm>()
        .map_or(holder.form.as_str(), |form| lang.t(holder_form(form)));
    let mut lines = vec![holder.name.clone(), form.to_string()];
    lines.extend(holder.address.lines().map(str::to_string));
    lines.push(country(lang, &holder.country).to_string());
    lines.push(format!("{}: {}", lang.t("holder-signatory"), holder.signatory));
    lines
}

fn rewards(lang: Lang, draft: &Draft) -> Vec<String> {
    let line = |reward: &crate::campaigns::store::Reward| {
        lang.t2(
            "review-check-reward-line",
            "title",
            &reward.title,
            "price",
            reward.price,
        )
    };
    or_none(lang, draft.rewards.iter().map(line).collect())
}

fn plan(lang: Lang, draft: &Draft) -> Vec<String> {
    let line = |tranche: &Tranche| {
        lang.t2(
            "plan-line",
            "percent",
            i64::from(tranche.percent),
            "days",
            i64::from(tranche.days),
        )
    };
    draft.plan.tranches().iter().map(line).collect()
}

fn account(lang: Lang, campaign: &Campaign, draft: &Draft) -> Check {
    let lacks = payout_accounts::lacks(lang, draft.account.as_ref(), campaign.currency);
    Check {
        label: lang.t("review-check-account").to_string(),
        holds: lacks.is_none(),
        lines: vec![lacks.unwrap_or_else(|| lang.t("payout-account-is-enabled").to_string())],
        file: None,
    }
}

fn or_none(lang: Lang, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        vec![lang.t("review-none").to_string()]
    } else {
        lines
    }
}
