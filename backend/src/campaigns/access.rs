//! Who may see and change a campaign. To strangers a draft does not exist.

use super::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::projects::access::{Member, member};

/// A campaign of a project that the visitor is a member of.
///
/// # Errors
/// [`Error::SignedOut`] for guests, [`Error::NotFound`] for strangers.
pub async fn of_member(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Member), Error> {
    visitor.person()?;
    let campaign = store::find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let member = member(ctx, visitor, campaign.project_id).await?;
    Ok((campaign, member))
}

/// In whose name somebody acts on a campaign's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyRole {
    /// Owner or treasurer of the project.
    Project,
    /// A steward who belongs to another project, or to none.
    Steward,
}

/// A campaign whose money the visitor may act on: an owner or treasurer of its project, or a steward who is no
/// member of it.
///
/// # Errors
/// As [`of_member`], and [`Error::Forbidden`] for members of another role.
pub async fn of_money(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, MoneyRole), Error> {
    let person = visitor.person()?;
    let campaign = store::find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    match member(ctx, visitor, campaign.project_id).await {
        Ok(member) if member.may_move_money() => Ok((campaign, MoneyRole::Project)),
        Ok(_) => Err(Error::Forbidden),
        Err(Error::NotFound) if person.is_steward => Ok((campaign, MoneyRole::Steward)),
        Err(other) => Err(other),
    }
}

/// A campaign that the visitor may write.
///
/// # Errors
/// As [`of_member`], and [`Error::Forbidden`] for members of another role.
pub async fn of_editor(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Member), Error> {
    let (campaign, member) = of_member(ctx, visitor, slug).await?;
    if !member.may_edit() {
        return Err(Error::Forbidden);
    }
    Ok((campaign, member))
}
