//! Who may do what in a project. To strangers what is not public does not exist.

use felag_domain::ids::ProjectId;
use felag_domain::person::Role;

use super::store::{self, Project};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Visitor};

/// A member of a project, and what they may do.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: Person,
    pub roles: Vec<Role>,
}

impl Member {
    /// May change the project's words and its drafts.
    pub fn may_edit(&self) -> bool {
        self.roles
            .iter()
            .any(|role| matches!(role, Role::Owner | Role::Editor))
    }

    /// Answers for the project's money: may ask for it, approve that it leaves, say where it goes, give it back, and
    /// speak to banks.
    pub fn may_move_money(&self) -> bool {
        self.roles
            .iter()
            .any(|role| matches!(role, Role::Owner | Role::Treasurer))
    }

    /// May say who answers for the money, and send a campaign to be read.
    pub fn is_owner(&self) -> bool {
        self.roles.contains(&Role::Owner)
    }
}

/// The visitor as a member of the project.
///
/// # Errors
/// [`Error::SignedOut`] for guests, [`Error::NotFound`] for strangers.
pub async fn member(ctx: &Ctx, visitor: &Visitor, project: ProjectId) -> Result<Member, Error> {
    let person = visitor.person()?.clone();
    let roles = store::roles(&ctx.db, project, person.id).await?;
    if roles.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Member { person, roles })
}

/// A project that the visitor may edit.
///
/// # Errors
/// As [`member`], and [`Error::Forbidden`] for members of another role.
pub async fn editor(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Project, Member), Error> {
    visitor.person()?;
    let project = store::find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let member = member(ctx, visitor, project.id).await?;
    if !member.may_edit() {
        return Err(Error::Forbidden);
    }
    Ok((project, member))
}

/// A project that the visitor owns.
///
/// # Errors
/// As [`member`], and [`Error::Forbidden`] for members of another role.
pub async fn owner(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Project, Error> {
    visitor.person()?;
    let project = store::find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    if !member(ctx, visitor, project.id).await?.is_owner() {
        return Err(Error::Forbidden);
    }
    Ok(project)
}
