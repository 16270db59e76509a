//! The three lists of a draft: their addresses, words, forms and rows.

use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_domain::project::limits;
use felag_frontend::Lang;
use felag_frontend::campaign_edit;
use felag_frontend::form::Refused;
use felag_frontend::format::typed;
use felag_frontend::wizard::{Part, Row, Sum};
use time::{Date, Duration};
use uuid::Uuid;

use crate::campaigns::draft::{self, Item};
use crate::campaigns::store::{self, Campaign};
use crate::campaigns::{lists, ready};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::NotSaved;
use crate::web::fields::Fields;

/// A list of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    BudgetLine,
    Reward,
    Return,
}

/// One thing of a list, as its form and its row need it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: Uuid,
    pub title: String,
    /// As they would be typed.
    pub fields: Fields,
    pub facts: Vec<(String, String)>,
    /// At the minimum and at the full plan; budget lines only.
    pub amounts: Option<(Money, Money)>,
}

/// The words of a list.
pub struct KindWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub empty: &'static str,
    pub add: &'static str,
    pub added: &'static str,
    pub change: &'static str,
    pub remove: &'static str,
}

impl Kind {
    /// The step's part of the address.
    pub fn step(self) -> &'static str {
        match self {
            Self::BudgetLine => "budget",
            Self::Reward => "rewards",
            Self::Return => "returns",
        }
    }

    /// The things' part of the address.
    pub fn things(self) -> &'static str {
        match self {
            Self::BudgetLine => "budget-lines",
            Self::Reward => "rewards",
            Self::Return => "returns",
        }
    }

    /// The step after this one.
    pub fn next(self) -> &'static str {
        match self {
            Self::BudgetLine => "/rewards",
            Self::Reward => "/returns",
            Self::Return => "",
        }
    }

    pub fn next_words(self, lang: Lang) -> String {
        match self {
            Self::BudgetLine => lang.t1("wizard-next", "step", lang.t("tasks-rewards")),
            Self::Reward => lang.t1("wizard-next", "step", lang.t("tasks-returns")),
            Self::Return => lang.t("wizard-back").to_string(),
        }
    }

    pub fn most(self) -> usize {
        match self {
            Self::BudgetLine => limits::BUDGET_LINES_MAX,
            Self::Reward => limits::REWARDS_MAX,
            Self::Return => limits::COMMONS_RETURNS_MAX,
        }
    }

    pub fn words(self) -> KindWords {
        let lang = Lang::En;
        match self {
            Self::BudgetLine => KindWords {
                title: lang.t("step-budget"),
                lead: lang.t("step-budget-lead"),
                empty: lang.t("step-budget-empty"),
                add: lang.t("step-budget-add"),
                added: lang.t("step-budget-added"),
                change: lang.t("step-budget-change"),
                remove: lang.t("step-budget-remove"),
            },
            Self::Reward => KindWords {
                title: lang.t("step-rewards"),
                lead: lang.t("step-rewards-lead"),
                empty: lang.t("step-rewards-empty"),
                add: lang.t("step-rewards-add"),
                added: lang.t("step-rewards-added"),
                change: lang.t("step-rewards-change"),
                remove: lang.t("step-rewards-remove"),
            },
            Self::Return => KindWords {
                title: lang.t("step-returns"),
                lead: lang.t("step-returns-lead"),
                empty: lang.t("step-returns-empty"),
                add: lang.t("step-returns-add"),
                added: lang.t("step-returns-added"),
                change: lang.t("step-returns-change"),
                remove: lang.t("step-returns-remove"),
            },
        }
    }

    pub fn remove_lead(self, lang: Lang, title: &str) -> String {
        match self {
            Self::BudgetLine => lang.t1("step-budget-remove-lead", "title", title),
            Self::Reward => lang.t1("step-rewards-remove-lead", "title", title),
            Self::Return => lang.t1("step-returns-remove-lead", "title", title),
        }
    }

    /// The form when it is first shown.
    pub fn fresh(self) -> Fields {
        Fields::default()
    }

    pub fn parts(
        self,
        lang: Lang,
        campaign: &Campaign,
        today: Date,
        fields: &Fields,
        refused: &Refused,
    ) -> Vec<Part> {
        let was = |name: &str| fields.get(name).to_string();
        match self {
            Self::BudgetLine => campaign_edit::budget_line(lang, campaign.currency, &was, refused),
            Self::Reward => {
                let months = months(lang, today, fields.get("delivery"));
                campaign_edit::reward(lang, campaign.currency, months, &was, refused)
            }
            Self::Return => campaign_edit::commons_return(lang, &was, refused),
        }
    }

    pub async fn save(
        self,
        ctx: &Ctx,
        campaign: CampaignId,
        change: Option<Uuid>,
        fields: &Fields,
    ) -> Result<(), NotSaved> {
        match self {
            Self::BudgetLine => draft::save_budget_line(ctx, campaign, change.map(Into::into), fields).await,
            Self::Reward => draft::save_reward(ctx, campaign, change.map(Into::into), fields).await,
            Self::Return => draft::save_return(ctx, campaign, change.map(Into::into), fields).await,
        }
    }

    pub fn item(self, id: Uuid) -> Item {
        match self {
            Self::BudgetLine => Item::BudgetLine(id.into()),
            Self::Reward => Item::Reward(id.into()),
            Self::Return => Item::Return(id.into()),
        }
    }

    /// The campaign's list in its order.
    pub async fn read(self, ctx: &Ctx, campaign: &Campaign) -> Result<Vec<Listed>, Error> {
        let lang = Lang::En;
        Ok(match self {
            Self::BudgetLine => {
                let lines = lists::budget(&ctx.db, campaign.id, campaign.currency).await?;
                lines.into_iter().map(|line| budget_line(lang, line)).collect()
            }
            Self::Reward => {
                let rewards = store::rewards(&ctx.db, campaign.id).await?;
                rewards.into_iter().map(|one| reward(lang, one)).collect()
            }
            Self::Return => {
                let returns = lists::returns(&ctx.db, campaign.id).await?;
                returns.into_iter().map(|one| commons_return(lang, one)).collect()
            }
        })
    }

    pub fn row(self, _: Lang, campaign: &Campaign, one: &Listed) -> Row {
        Row {
            title: one.title.clone(),
            facts: one.facts.clone(),
            change: format!("/campaigns/{}/{}/{}", campaign.slug, self.things(), one.id),
        }
    }

    /// What the budget comes to, beside what it must.
    pub fn sums(self, lang: Lang, campaign: &Campaign, listed: &[Listed]) -> Result<Vec<Sum>, Error> {
        if self != Self::BudgetLine || listed.is_empty() {
            return Ok(Vec::new());
        }
        let amounts = listed.iter().filter_map(|one| one.amounts);
        let at_minimum = ready::sum(campaign.currency, amounts.clone().map(|(low, _)| low))?;
        let at_full_plan = ready::sum(campaign.currency, amounts.map(|(_, high)| high))?;
        let sum = |label: &str, is: Money, must_be: Money| Sum {
            label: label.to_string(),
            is: lang.money(is),
            must_be: lang.money(must_be),
            fits: is == must_be,
        };
        Ok(vec![
            sum(lang.t("budget-sum-minimum"), at_minimum, campaign.minimum),
            sum(lang.t("budget-sum-full-plan"), at_full_plan, campaign.full_plan),
        ])
    }
}

fn fact(label: &str, words: impl Into<String>) -> (String, String) {
    (label.to_string(), words.into())
}

fn budget_line(lang: Lang, line: lists::BudgetLine) -> Listed {
    Listed {
        id: line.id.as_uuid(),
        fields: Fields::from([
            ("title", line.title.clone()),
            ("kind", line.kind.to_string()),
            ("at_minimum", typed(&line.at_minimum)),
            ("at_full_plan", typed(&line.at_full_plan)),
        ]),
        facts: vec![
            fact(
                lang.t("budget-line-kind"),
                lang.t(campaign_edit::budget_kind(line.kind)),
            ),
            fact(lang.t("budget-line-at-minimum"), lang.money(line.at_minimum)),
            fact(lang.t("budget-line-at-full-plan"), lang.money(line.at_full_plan)),
        ],
        amounts: Some((line.at_minimum, line.at_full_plan)),
        title: line.title,
    }
}

fn reward(lang: Lang, reward: store::Reward) -> Listed {
    let limit = reward.limit.map(|limit| limit.to_string());
    let many = limit
        .clone()
        .unwrap_or_else(|| lang.t("reward-fact-unlimited").to_string());
    Listed {
        id: reward.id.as_uuid(),
        fields: Fields::from([
            ("title", reward.title.clone()),
            ("description", reward.description),
            ("price", typed(&reward.price)),
            ("limit", limit.unwrap_or_default()),
            ("delivery", reward.delivery.to_string()),
            (
                "is_sale",
                if reward.is_sale {
                    "yes".to_string()
                } else {
                    String::new()
                },
            ),
        ]),
        facts: vec![
            fact(lang.t("reward-fact-price"), lang.money(reward.price)),
            fact(lang.t("reward-fact-limit"), many),
            fact(lang.t("reward-fact-delivery"), lang.month(reward.delivery)),
        ],
        amounts: None,
        title: reward.title,
    }
}

fn commons_return(lang: Lang, one: lists::CommonsReturn) -> Listed {
    Listed {
        id: one.id.as_uuid(),
        fields: Fields::from([
            ("kind", one.kind.to_string()),
            ("title", one.title.clone()),
            ("licence", one.licence.clone()),
            ("due", one.due.to_string()),
            ("place", one.place.clone()),
        ]),
        facts: vec![
            fact(
                lang.t("return-kind"),
                lang.t(campaign_edit::return_kind(one.kind)),
            ),
            fact(lang.t("return-licence"), one.licence),
            fact(lang.t("return-due"), lang.day(one.due)),
            fact(lang.t("return-place"), one.place),
        ],
        amounts: None,
        title: one.title,
    }
}

/// The months in which a reward can arrive: three years from now, and the one chosen before.
fn months(lang: Lang, today: Date, chosen: &str) -> Vec<(String, String)> {
    let mut months = Vec::with_capacity(37);
    let mut month = today.replace_day(1).unwrap_or(today);
    for _ in 0..36 {
        months.push((month.to_string(), lang.month(month)));
        let later = month.saturating_add(Duration::days(31));
        month = later.replace_day(1).unwrap_or(later);
    }
    if let Some(day) = draft::read_day(chosen).filter(|_| months.iter().all(|(value, _)| value != chosen)) {
        months.insert(0, (day.to_string(), lang.month(day)));
    }
    months
}
