//! The oracle: what must be true of the tables and of the provider's own book, said in SQL of its own. It uses nothing
//! of the application's code, so that both would have to be wrong in the same way.
//!
//! One file a subject, each with a list `RULES`; a new subject is a file and a line in [`all`]. A rule returns a line
//! for everything that breaks it.

pub mod chain;
pub mod end;
pub mod figures;
pub mod ledger;
pub mod loans;
pub mod mails;
pub mod payouts;
pub mod pledges;
pub mod provider;
pub mod rare;
pub mod support;

use std::collections::HashMap;

use anyhow::Context;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::model::Model;
use super::run::Sim;

/// When a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Between any two steps.
    Always,
    /// When nothing is due.
    AtRest,
    /// After all trouble, when everything had time to end.
    AtTheEnd,
    /// At the end of a seed in which nothing went wrong.
    AtACalmEnd,
}

/// Something that must be true.
pub struct Rule {
    /// A sentence.
    pub name: &'static str,
    pub when: When,
    pub broken: Broken,
}

/// How a rule is looked after.
pub enum Broken {
    /// A query of one text column: a row for everything that breaks the rule.
    Sql(&'static str),
    /// What one query cannot say.
    Code(for<'a> fn(&'a View<'a>) -> LocalBoxFuture<'a, anyhow::Result<Vec<String>>>),
}

/// What the oracle sees.
pub struct View<'a> {
    pub db: &'a PgPool,
    pub model: &'a Model,
    pub memory: &'a Memory,
}

/// What the oracle saw before.
#[derive(Default)]
pub struct Memory {
    /// The state of each pledge.
    pub pledges: HashMap<Uuid, String>,
    /// The state of each campaign.
    pub campaigns: HashMap<Uuid, String>,
}

const fn sql(name: &'static str, when: When, query: &'static str) -> Rule {
    Rule {
        name,
        when,
        broken: Broken::Sql(query),
    }
}

/// Every rule there is.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        ledger::RULES,
        chain::RULES,
        provider::RULES,
        figures::RULES,
        pledges::RULES,
        mails::RULES,
        payouts::RULES,
        loans::RULES,
        support::RULES,
        end::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Everything that is broken now, of the rules that hold `when`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn look(sim: &mut Sim, when: When) -> anyhow::Result<Vec<String>> {
    let mut problems: Vec<String> = std::mem::take(&mut sim.errors)
        .into_iter()
        .map(|error| format!("a worker's round ended in an error: {error}"))
        .collect();
    let view = View {
        db: &sim.world.owner,
        model: &sim.model,
        memory: &sim.memory,
    };
    problems.extend(broken(&view, when).await?);
    if when == When::Always {
        pledges::remember(&sim.world.owner, &mut sim.memory).await?;
    }
    Ok(problems)
}

/// As [`look`], for a database that no simulation made.
///
/// # Errors
/// When the database cannot be asked.
pub async fn broken(view: &View<'_>, when: When) -> anyhow::Result<Vec<String>> {
    let mut problems = together(view.db, when).await?;
    for rule in all().filter(|rule| rule.when == when) {
        if let Broken::Code(look) = rule.broken {
            let found = look(view).await?;
            problems.extend(found.into_iter().map(|what| format!("{}: {what}", rule.name)));
        }
    }
    Ok(problems)
}

/// All rules in SQL with one question.
async fn together(db: &PgPool, when: When) -> anyhow::Result<Vec<String>> {
    let parts: Vec<String> = all()
        .filter(|rule| rule.when == when)
        .filter_map(|rule| match rule.broken {
            Broken::Sql(query) => Some(format!(
                "select '{}: ' || what from ({query}) as found (what)",
                rule.name.replace('\'', "''")
            )),
            Broken::Code(_) => None,
        })
        .collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let query = parts.join("\nunion all\n");
    match sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(db).await {
        Ok(problems) => Ok(problems),
        Err(together) => {
            // One by one, to say which of them cannot be asked.
            for part in parts {
                let name = part.lines().next().unwrap_or_default().to_string();
                let alone: sqlx::Result<Vec<String>> =
                    sqlx::query_scalar(AssertSqlSafe(part)).fetch_all(db).await;
                alone.with_context(|| format!("asking {name}"))?;
            }
            Err(together.into())
        }
    }
}

/// A rule that is code.
const fn code(
    name: &'static str,
    when: When,
    look: for<'a> fn(&'a View<'a>) -> LocalBoxFuture<'a, anyhow::Result<Vec<String>>>,
) -> Rule {
    Rule {
        name,
        when,
        broken: Broken::Code(look),
    }
}

/// Boxes what [`code`] takes.
fn boxed<'a>(
    look: impl Future<Output = anyhow::Result<Vec<String>>> + 'a,
) -> LocalBoxFuture<'a, anyhow::Result<Vec<String>>> {
    look.boxed_local()
}
