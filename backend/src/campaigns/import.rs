//! Starting a project and a draft of its campaign from a manifest. Nothing is fetched from any address in it.

use felag_domain::amount;
use felag_domain::campaign::{BudgetKind, NewBudgetLine};
use felag_domain::ids::{BudgetLineId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_domain::project::{TypedDetails, limits};
use felag_manifest::{Draft, Manifest, Plan};

use super::draft_store::{FIRST_CURRENCY, NewDraft};
use super::{draft, draft_store, lists};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::projects::{self, NotSaved};

/// What a project and its draft begin with, as a form would carry it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    pub name: String,
    pub summary: String,
    pub story: String,
    pub homepage: String,
    pub repository: String,
    /// SPDX expressions, one a line.
    pub licences: String,
    pub ask: Option<Ask>,
}

/// The first plan of a manifest that asks for an amount once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub title: String,
    pub amount: Money,
}

impl Ask {
    /// The ask a form carried; nothing if it makes no sense.
    pub fn read(title: &str, currency: &str, amount: &str) -> Option<Ask> {
        let currency = Currency::OFFERED
            .iter()
            .copied()
            .find(|one| one.code() == currency)?;
        let amount = amount::parse(amount, currency).ok()?;
        Some(Ask {
            title: title.to_string(),
            amount,
        })
    }
}

/// Where the new project and its draft are: the last parts of their addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    pub project: String,
    pub campaign: String,
}

/// A draft of a manifest, cut to what a project's fields take.
pub fn fit(draft: &Draft) -> Imported {
    let name = shortened(&draft.name, 80);
    let summary = [draft.summary.as_str(), draft.story.as_str()];
    let summary = summary
        .into_iter()
        .map(|text| shortened(text, 200))
        .find(|text| text.chars().count() >= 10);
    let mut licences: Vec<&str> = Vec::new();
    for found in &draft.licences {
        if !licences.contains(&found.expression.as_str()) && licences.len() < limits::LICENCES_MAX {
            licences.push(&found.expression);
        }
    }
    Imported {
        summary: summary.unwrap_or_else(|| draft.summary.clone()),
        story: draft.story.clone(),
        homepage: draft.homepage.clone().unwrap_or_default(),
        repository: draft.repository.clone().unwrap_or_default(),
        licences: licences.join("\n"),
        ask: draft.plans.iter().find_map(ask),
        name,
    }
}

fn ask(plan: &Plan) -> Option<Ask> {
    let is_once = plan.frequency.as_deref() == Some("one-time") && plan.status.as_deref() != Some("inactive");
    let currency = plan.currency.as_deref()?;
    let currency = Currency::OFFERED
        .iter()
        .copied()
        .find(|one| one.code() == currency)?;
    let minor = plan.amount_minor.filter(|minor| *minor > 0 && is_once)?;
    let title = plan
        .name
        .as_deref()
        .map(|name| shortened(name, 120))
        .unwrap_or_default();
    Some(Ask {
        title,
        amount: Money::from_minor(minor, currency),
    })
}

/// The text on one line, cut on a word.
fn shortened(text: &str, max: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count() + usize::from(count > 0);
        if count + length > max {
            break;
        }
        if count > 0 {
            line.push(' ');
        }
        line.push_str(word);
        count += length;
    }
    if line.is_empty() {
        text.trim().chars().take(max).collect()
    } else {
        line
    }
}

/// Starts the project, and the draft of a campaign, that a manifest describes: number `which` of them,
/// counted from zero.
///
/// # Errors
/// [`NotSaved::Refused`] names the fields that have to be put right; [`Error::NotFound`] when there is no
/// such number.
pub async fn create(
    ctx: &Ctx,
    owner: PersonId,
    manifest: &Manifest,
    which: Option<usize>,
) -> Result<Created, NotSaved> {
    let draft = manifest.drafts.get(which.unwrap_or(0)).ok_or(Error::NotFound)?;
    create_from(ctx, owner, &fit(draft)).await
}

/// Starts a project and a draft in one transaction.
pub async fn create_from(ctx: &Ctx, owner: PersonId, new: &Imported) -> Result<Created, NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let reply_to = sqlx::query_scalar!("select email from person where person_id = $1", owner.as_uuid())
        .fetch_one(&mut *tx)
        .await?;
    let typed = TypedDetails {
        name: &new.name,
        summary: &new.summary,
        story: &new.story,
        place: "",
        homepage: &new.homepage,
        repository: &new.repository,
        licences: &new.licences,
        reply_to: &reply_to,
    };
    let (project, slug) = projects::start(&mut tx, ctx, owner, typed).await?;
    let kept = projects::store::find(&mut *tx, project)
        .await?
        .ok_or(Error::NotFound)?;
    let nothing = Money::zero(FIRST_CURRENCY);
    let draft = NewDraft {
        title: &kept.name,
        summary: &kept.summary,
        story: &kept.story,
        ask: new.ask.as_ref().map_or(nothing, |ask| ask.amount),
    };
    let (campaign, campaign_slug) = draft::begin(&mut tx, ctx, project, &draft).await?;
    if let Some(ask) = &new.ask {
        let title = if ask.title.chars().count() < 3 {
            &kept.name
        } else {
            &ask.title
        };
        let (currency, amount) = (ask.amount.currency(), ask.amount);
        // A plan that makes no budget line leaves the budget to be written.
        if let Ok(line) = NewBudgetLine::decide(currency, BudgetKind::Task, title, amount, amount) {
            lists::put_budget_line(&mut tx, campaign, ctx.id::<BudgetLineId>(), &line).await?;
        }
    }
    draft_store::touch(&mut tx, campaign, ctx.now()).await?;
    tx.commit().await?;
    Ok(Created {
        project: slug,
        campaign: campaign_slug,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str) -> Draft {
        felag_manifest::read(Some("okh.yml"), text)
            .unwrap()
            .drafts
            .remove(0)
    }

    #[test]
    fn a_draft_is_cut_to_what_the_fields_take() {
        let long = "word ".repeat(60);
        let okh =
            format!("title: {long}\ndescription: Hi\nproject-link: https://example.org\nlicensor: Ada\n");
        let imported = fit(&draft(&okh));
        assert!(
            imported.name.chars().count() <= 80 && !imported.name.ends_with(' '),
            "{}",
            imported.name
        );
        assert_eq!(imported.ask, None);
    }

    #[test]
    fn an_ask_that_was_tampered_with_is_no_ask() {
        assert!(Ask::read("Plan", "EUR", "5000").is_some());
        assert_eq!(Ask::read("Plan", "XXX", "5000"), None);
        assert_eq!(Ask::read("Plan", "EUR", "-5"), None);
    }

    #[test]
    fn a_word_longer_than_the_field_is_cut_in_the_middle() {
        assert_eq!(shortened(&"x".repeat(100), 80).len(), 80);
        assert_eq!(shortened("a sentence to cut", 10), "a sentence");
    }
}
