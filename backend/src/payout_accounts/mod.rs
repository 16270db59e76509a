//! Projects' accounts at the payment provider: where their money is sent. Made by an operation, filled in on the
//! provider's own pages, and believed only by what the provider says of it: heard, asked for on return, and looked
//! after once a day.

mod hear;
pub mod jobs;
mod mail;
pub mod store;
pub mod web;

pub use hear::{answers, look, news};
pub use store::{Account, of_project};

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::money::Currency;
use felag_domain::payout_account::AccountRefusal;
use felag_frontend::Lang;
use serde_json::json;

use crate::audit;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::connect::{self, NewAccount};
use crate::payments::{Kind, Outcome, Subject, operations};
use crate::projects::store::Project;
use crate::projects::{NotSaved, Say};

/// Where somebody answers the provider's questions: the account is made first, if there is none, or if it is gone.
///
/// # Errors
/// What is missing, in words; [`Error::ProviderAway`] when the provider does not answer, and nothing is lost.
pub async fn start(ctx: &Ctx, project: &Project, person: PersonId) -> Result<String, NotSaved> {
    let Some(holder) = &project.holder else {
        let act = act(
            project.id,
            Some(person),
            "payout_account.started",
            project.name.clone(),
        );
        audit::record_refused(ctx, &act).await?;
        return Err(NotSaved::on_top(&AccountRefusal::NoHolder));
    };
    let of = Subject::payout_account(project.id);
    let new = NewAccount {
        country: &holder.country,
        email: &project.reply_to,
        name: &holder.name,
        url: project.homepage.as_deref().unwrap_or(""),
    };
    let mut tx = ctx.db.begin().await?;
    let account = store::begin(&mut tx, project.id, &holder.country, person, ctx.now()).await?;
    let account_ref = match account.account_ref {
        Some(account_ref) if !account.state.is_gone() => account_ref,
        _ => {
            store::begin_anew(&mut tx, project.id, &holder.country, person, ctx.now()).await?;
            let request = |tag| connect::create_account(tag, &new);
            let operation =
                operations::write_to_perform(&mut tx, ctx, of, Kind::CreateAccount, request).await?;
            let act = act(
                project.id,
                Some(person),
                "payout_account.started",
                project.name.clone(),
            );
            audit::record(&mut tx, ctx, &act).await?;
            tx.commit().await?;
            made(ctx, project.id, operation).await?
        }
    };
    link(ctx, project, &account_ref).await
}

/// Carries the operation out, and reads what it made.
async fn made(ctx: &Ctx, project: ProjectId, operation: operations::ToPerform) -> Result<String, NotSaved> {
    if let Some(Outcome::Refused(trouble)) = operations::perform(ctx, operation).await? {
        tracing::error!(project.id = %project, code = trouble.short(), "alarm: a payout account was refused");
        return Err(NotSaved::on_top(&AccountRefusal::Country));
    }
    let account = of_project(&ctx.db, project).await?;
    let account_ref = account.and_then(|account| account.account_ref);
    account_ref.ok_or(NotSaved::Failed(Error::ProviderAway))
}

/// An address of the provider's, fresh for this click.
async fn link(ctx: &Ctx, project: &Project, account: &str) -> Result<String, NotSaved> {
    let page = format!(
        "{}/projects/{}/payout-account",
        ctx.config.public_url, project.slug
    );
    let (over, back) = (format!("{page}?link=over"), format!("{page}?back=yes"));
    match connect::onboarding_link(ctx, account, &over, &back).await {
        Ok(Ok(url)) => Ok(url),
        Ok(Err(trouble)) => {
            tracing::warn!(project.id = %project.id, code = trouble.short(), "no page to fill in was made");
            // It may be gone: then the page says so from now on.
            look(ctx, project.id).await.map_err(Error::from)?;
            Err(NotSaved::on_top(&Say("payout-account-no-link")))
        }
        Err(no_answer) => {
            tracing::warn!("{no_answer}");
            Err(NotSaved::Failed(Error::ProviderAway))
        }
    }
}

/// A line of the audit log about a project's account.
fn act<'a>(project: ProjectId, actor: Option<PersonId>, kind: &'a str, subject: String) -> audit::Act<'a> {
    audit::Act {
        actor,
        kind,
        project: Some(project),
        campaign: None,
        subject,
        reason: "",
        detail: json!({}),
        refused: false,
    }
}

/// What an account lacks before it can be paid, in words for a checklist; nothing when it is enabled.
pub fn lacks(lang: Lang, account: Option<&Account>, currency: Currency) -> Option<String> {
    use felag_domain::payout_account::AccountState as S;
    if account.is_some_and(|account| !account.takes(currency)) {
        return Some(lang.t1("payout-account-lacks-currency", "currency", currency.code()));
    }
    let words = match account.map(|account| account.state) {
        Some(S::Enabled) => return None,
        None => lang.t("payout-account-lacks"),
        Some(S::Pending) => lang.t("payout-account-lacks-answers"),
        Some(S::Restricted) => lang.t("payout-account-lacks-more"),
        Some(S::Rejected | S::Lost) => lang.t("payout-account-lacks-gone"),
    };
    Some(words.to_string())
}
