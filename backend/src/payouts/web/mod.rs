//! Pages of payouts: a campaign's, one payout with its statement, the stewards' list, and the published fees.

mod campaign;
mod fees;
mod one;
mod queue;
mod statement;

use axum::Router;
use axum::routing::{get, post};
use felag_domain::payout::Voice;

pub use queue::held_too_long;

use super::Asked;
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Visitor};
use crate::projects;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route(
            "/campaigns/{slug}/payouts",
            get(campaign::show).post(campaign::ask),
        )
        .route("/campaigns/{slug}/payouts/{number}", get(one::show))
        .route("/campaigns/{slug}/payouts/{number}/approval", post(one::approve))
        .route(
            "/campaigns/{slug}/payouts/{number}/withdrawal",
            post(one::withdraw),
        )
        .route(
            "/campaigns/{slug}/payouts/{number}/statement.csv",
            get(statement::csv),
        )
        .route(
            "/campaigns/{slug}/payouts/{number}/statement.pdf",
            get(statement::pdf),
        )
        .route("/payouts", get(queue::show))
        .route("/fees", get(fees::show))
}

/// What somebody may do with the payouts of a campaign.
#[derive(Debug, Clone, Copy)]
struct Access {
    is_member: bool,
    /// For whom they may approve, if they may.
    voice: Option<Voice>,
}

impl Access {
    fn asked(self, person: &Person) -> Result<Asked, Error> {
        let voice = self.voice.ok_or(Error::Forbidden)?;
        Ok(Asked {
            person: person.id,
            voice,
        })
    }
}

/// A campaign, for its project's members and for stewards. To others its payouts do not exist.
async fn access(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Access), Error> {
    let person = visitor.person()?;
    let campaign = campaigns::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let roles = projects::store::roles(&ctx.db, campaign.project_id, person.id).await?;
    if roles.is_empty() && !person.is_steward {
        return Err(Error::NotFound);
    }
    let member = projects::access::Member {
        person: person.clone(),
        roles,
    };
    let is_member = !member.roles.is_empty();
    let voice = match (member.may_move_money(), is_member) {
        (true, _) => Some(Voice::Project),
        // Nobody speaks for the stewards about a project of their own.
        (false, true) => None,
        (false, false) => Some(Voice::Steward),
    };
    Ok((campaign, Access { is_member, voice }))
}
