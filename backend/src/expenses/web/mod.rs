//! Pages of expenses: the public list with the budget's accounts, one expense, its voucher, the list as a file; and for
//! owners and treasurers entering, withdrawing and explaining.

mod enter;
mod list;
mod one;
mod voucher;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use felag_domain::expense::VOUCHER_MAX;
use felag_domain::ids::PersonId;

use super::Expense;
use crate::campaigns::access::{MoneyRole, of_money};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::projects;

/// More than the largest voucher, so that one a little too large is refused in words.
const UPLOAD_MAX: usize = VOUCHER_MAX + 2 * 1024 * 1024;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route(
            "/campaigns/{slug}/expenses",
            get(list::show).merge(post(enter::enter).layer(DefaultBodyLimit::max(UPLOAD_MAX))),
        )
        .route("/campaigns/{slug}/expenses.csv", get(list::csv))
        .route("/campaigns/{slug}/expenses/new", get(enter::show))
        .route("/campaigns/{slug}/expenses/explanations", post(enter::explain))
        .route("/campaigns/{slug}/expenses/{number}", get(one::show))
        .route(
            "/campaigns/{slug}/expenses/{number}/withdrawal",
            post(one::withdraw),
        )
        .route("/campaigns/{slug}/expenses/{number}/voucher", get(voucher::open))
}

/// What somebody may see and do of a campaign's expenses.
#[derive(Debug, Clone, Copy)]
struct Access {
    /// Sees every voucher: members and stewards.
    sees_all: bool,
    /// Enters and withdraws: owners and treasurers.
    may_enter: bool,
}

impl Access {
    fn may_open(self, expense: &Expense) -> bool {
        self.sees_all || expense.is_open()
    }
}

/// A campaign and what the visitor may do. To strangers one that is not public does not exist.
async fn access(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Access), Error> {
    let campaign = campaigns::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let Some(person) = &visitor.person else {
        let may = Access {
            sees_all: false,
            may_enter: false,
        };
        return campaign
            .is_public()
            .then_some((campaign, may))
            .ok_or(Error::NotFound);
    };
    let roles = projects::store::roles(&ctx.db, campaign.project_id, person.id).await?;
    let sees_all = person.is_steward || !roles.is_empty();
    if !sees_all && !campaign.is_public() {
        return Err(Error::NotFound);
    }
    let member = projects::access::Member {
        person: person.clone(),
        roles,
    };
    let may_enter = member.may_move_money();
    Ok((campaign, Access { sees_all, may_enter }))
}

/// A campaign whose expenses the visitor may enter.
async fn money(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, PersonId), Error> {
    let (campaign, role) = of_money(ctx, visitor, slug).await?;
    match role {
        MoneyRole::Project => Ok((campaign, visitor.person()?.id)),
        // Stewards read what a project spent; they do not spend it.
        MoneyRole::Steward => Err(Error::Forbidden),
    }
}
