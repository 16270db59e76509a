//! Open projects: their page, their members, and who answers for their money. A project outlives its
//! campaigns.

pub mod access;
pub mod jobs;
mod log;
pub mod members;
pub mod slug;
pub mod store;
pub mod supported;
pub mod web;

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person::Role;
use felag_domain::project::{Details, LegalHolder, ProjectRefusal, TypedDetails, TypedHolder, limits};
use felag_domain::words::{FieldRefusal, Refusal, Refusals, Words};
use serde_json::json;
use sqlx::PgConnection;

use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::error::Error;

/// Why nothing was saved.
#[derive(Debug)]
pub enum NotSaved {
    /// The person can put it right: the form comes back.
    Refused(Vec<FieldRefusal>),
    Failed(Error),
}

impl From<Vec<FieldRefusal>> for NotSaved {
    fn from(refusals: Vec<FieldRefusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<Error> for NotSaved {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<sqlx::Error> for NotSaved {
    fn from(cause: sqlx::Error) -> Self {
        Self::Failed(cause.into())
    }
}

impl NotSaved {
    /// One refusal that belongs to no field.
    pub fn on_top(refusal: &impl Refusal) -> Self {
        let mut refusals = Refusals::new();
        refusals.note("", refusal);
        Self::Refused(refusals.into_vec())
    }
}

/// A refusal of ours, by the id of its sentence.
#[derive(Debug, Clone, Copy)]
pub struct Say(pub &'static str);

impl Refusal for Say {
    fn words(&self) -> Words {
        Words::new(self.0)
    }
}

/// Starts a project. Who starts it becomes its owner.
pub async fn start(
    conn: &mut PgConnection,
    ctx: &Ctx,
    owner: PersonId,
    typed: TypedDetails<'_>,
) -> Result<(ProjectId, String), NotSaved> {
    let details = Details::decide(typed)?;
    // The person's row is held, so that two forms at once cannot pass the limit together.
    let owned = store::count_owned(conn, owner).await?;
    if owned >= limits::PROJECTS_MAX {
        return Err(NotSaved::on_top(&ProjectRefusal::TooMany(limits::PROJECTS_MAX)));
    }
    let id = ctx.id::<ProjectId>();
    let slug = store::insert(conn, id, &details, ctx.now()).await?;
    add_member(conn, ctx, id, owner, Role::Owner).await?;
    Ok((id, slug))
}

/// Gives `person` a role in a project, and tells nobody: for whoever starts it. Everybody else is asked in, see
/// [`members`]. Doing it again changes nothing; `false` says so.
pub async fn add_member(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    person: PersonId,
    role: Role,
) -> sqlx::Result<bool> {
    store::insert_member(conn, project, person, role, ctx.now()).await
}

/// Saves a project's page, unless somebody else did since `version` was read.
pub async fn save_details(
    ctx: &Ctx,
    project: ProjectId,
    version: i32,
    typed: TypedDetails<'_>,
) -> Result<(), NotSaved> {
    let details = Details::decide(typed)?;
    match store::update_details(&ctx.db, project, version, &details, ctx.now()).await? {
        true => Ok(()),
        false => Err(NotSaved::on_top(&Say("project-stale"))),
    }
}

/// Saves who answers for a project's money, unless somebody else changed the project since `version` was
/// read. The audit log says who did.
pub async fn save_holder(
    ctx: &Ctx,
    project: ProjectId,
    actor: PersonId,
    version: i32,
    typed: TypedHolder<'_>,
) -> Result<(), NotSaved> {
    let holder = LegalHolder::decide(typed)?;
    let mut tx = ctx.db.begin().await?;
    if !store::update_holder(&mut *tx, project, version, &holder, ctx.now()).await? {
        return Err(NotSaved::on_top(&Say("project-stale")));
    }
    let act = Act {
        actor: Some(actor),
        kind: "holder.saved",
        project: Some(project),
        campaign: None,
        subject: holder.name.clone(),
        reason: "",
        detail: json!({ "form": holder.form.as_str(), "country": holder.country }),
        refused: false,
    };
    audit::record(&mut tx, ctx, &act).await?;
    tx.commit().await?;
    Ok(())
}
