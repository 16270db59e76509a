//! Who backs a campaign, for the project's members: a list, and the same as a file.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use felag_domain::ids::PledgeId;
use felag_frontend::Here;
use felag_frontend::owner::{self, BackersPage, Wanted};

use crate::books::backers_csv::{self, Export};
use crate::books::store::{self, Backer};
use crate::campaigns::store::Campaign;
use crate::campaigns::{self, access};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::page;

/// Backers on one page.
const PAGE: usize = 50;

pub async fn list(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (campaign, member) = access::of_member(&ctx, &visitor, &slug).await?;
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let wanted = Wanted::named(query.get("state"));
    let (found, newer, older) = read(&ctx, &campaign, wanted, &query).await?;
    let total = campaigns::store::total(&ctx.db, &campaign).await?;
    let mut frame = visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t("backers-title").to_string();
    page(&BackersPage {
        wanted,
        backers: u64::try_from(total.backers).unwrap_or(0),
        list: found.into_iter().map(shown).collect(),
        may_refund: member.may_move_money(),
        newer,
        older,
        slug: campaign.slug,
        title: campaign.title,
        page: frame,
    })
}

type Found = (Vec<Backer>, Option<String>, Option<String>);

/// One page of the list, the newest first, and the addresses of its neighbours. One pledge more than a page
/// holds says whether there is another page on that side.
async fn read(ctx: &Ctx, campaign: &Campaign, wanted: Wanted, query: &Fields) -> Result<Found, Error> {
    let states = wanted.states();
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let before = query.parse::<PledgeId>("before");
    let after = query.parse::<PledgeId>("after").filter(|_| before.is_none());
    let (found, has_newer, has_older) = match after {
        Some(_) => {
            let mut found = store::backers_after(&ctx.db, campaign.id, states, after, most).await?;
            let has_newer = found.len() > PAGE;
            found.truncate(PAGE);
            found.reverse();
            (found, has_newer, true)
        }
        None => {
            let mut found = store::backers_before(&ctx.db, campaign.id, states, before, most).await?;
            let has_older = found.len() > PAGE;
            found.truncate(PAGE);
            (found, before.is_some(), has_older)
        }
    };
    let address = |edge: &str, id: PledgeId| {
        format!(
            "/campaigns/{}/backers?state={}&{edge}={id}",
            campaign.slug,
            wanted.name()
        )
    };
    let newer = found
        .first()
        .filter(|_| has_newer)
        .map(|first| address("after", first.id));
    let older = found
        .last()
        .filter(|_| has_older)
        .map(|last| address("before", last.id));
    Ok((found, newer, older))
}

fn shown(backer: Backer) -> owner::Backer {
    owner::Backer {
        id: backer.id.to_string(),
        name: backer.name,
        email: backer.email,
        reward: backer.reward,
        amount: backer.amount,
        refunded: backer.refunded,
        state: backer.state,
        is_own: !backer.counts,
        promised_at: backer.promised_at,
    }
}

pub async fn export(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (campaign, member) = access::of_member(&ctx, &visitor, &slug).await?;
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let export = Export {
        campaign: campaign.id,
        person: member.person.id,
        wanted: Wanted::named(query.get("state")),
        has_mark: query.get("bom") == "1",
    };
    // A slug has small letters, digits and hyphens only.
    let name = format!("attachment; filename=\"backers-{}.csv\"", campaign.slug);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).map_err(|_| Error::NotFound)?,
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(backers_csv::stream(ctx, export))).into_response())
}
