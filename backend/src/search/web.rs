//! `GET /` and `GET /search`.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use felag_domain::campaign::CampaignState;
use felag_frontend::home::HomePage;
use felag_frontend::parts::Pager;
use felag_frontend::search::{SearchForm, SearchPage};
use felag_frontend::{Here, Lang, Page, Template};
use serde::Deserialize;

use super::store;
use crate::campaigns::books;
use crate::campaigns::cards::{self, Wanted};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::visitor::public_page;
use crate::web::page;

/// Campaigns on the first page, and on one page of results.
const ON_HOME: i64 = 6;
const ON_A_PAGE: u32 = 12;
/// The last page that is served: whoever looks further should search for something.
const PAGES_MAX: u32 = 50;

pub fn routes() -> Router<Ctx> {
    Router::new().route("/", get(home)).route("/search", get(search))
}

async fn home(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    if visitor.person.is_some() {
        let frame = visitor.page(&ctx, Lang::En.t("home-title"), Here::Elsewhere);
        return page(&home_page(&ctx, frame).await?);
    }
    let make = async {
        let frame = public_page(&ctx, Lang::En.t("home-title"), Here::Elsewhere);
        home_page(&ctx, frame)
            .await?
            .render()
            .map_err(|cause| Error::Internal(cause.into()))
    };
    ctx.pages.page("/", make).await
}

async fn home_page(ctx: &Ctx, mut page: Page) -> Result<HomePage, Error> {
    let wanted = Wanted {
        states: vec![CampaignState::Open],
        soonest_first: true,
        most: ON_HOME,
        ..Wanted::default()
    };
    let (campaigns, open) = cards::find(&ctx.db, &wanted).await?;
    let totals = store::totals(&ctx.db).await?;
    let latest = store::latest(&ctx.db).await?;
    page.description = page.t("home-lead").to_string();
    page.canonical = format!("{}/", ctx.config.public_url);
    let latest = latest.iter().map(|entry| books::line(page.lang, entry)).collect();
    Ok(HomePage {
        page,
        campaigns,
        open,
        promised: totals.promised,
        collected: totals.collected,
        latest,
    })
}

/// What is searched for. Anything that makes no sense is left out, so that an old address still works.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
}

async fn search(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Error> {
    let Query(asked) = asked.map_err(|_| Error::BadRequest)?;
    let q: String = asked
        .q
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    let state = if matches!(asked.state.as_str(), "ended" | "all") {
        asked.state.as_str()
    } else {
        "open"
    };
    let mut number = asked.page.parse().unwrap_or(1_u32).clamp(1, PAGES_MAX);
    let mut wanted = Wanted {
        states: states(state),
        words: query(&q),
        soonest_first: state == "open",
        most: i64::from(ON_A_PAGE),
        skip: i64::from((number - 1) * ON_A_PAGE),
    };
    let (mut results, mut found) = cards::find(&ctx.db, &wanted).await?;
    if results.is_empty() && number > 1 {
        // Beyond the last page: the list got shorter, or somebody typed a number.
        (number, wanted.skip) = (1, 0);
        (results, found) = cards::find(&ctx.db, &wanted).await?;
    }
    let mut frame = visitor.page(&ctx, Lang::En.t("search-title"), Here::Search);
    frame.canonical = format!("{}/search", ctx.config.public_url);
    frame.description = frame.t("home-lead").to_string();
    let lang = frame.lang;
    let pages = found
        .div_ceil(u64::from(ON_A_PAGE))
        .clamp(1, u64::from(PAGES_MAX));
    let encoded: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let address = format!("/search?q={encoded}&state={state}&page=");
    let pager = Pager {
        lang,
        page: u64::from(number),
        pages,
        address,
    };
    page(&SearchPage {
        page: frame,
        form: SearchForm::new(lang, &q, state),
        results,
        found,
        pager,
    })
}

fn states(asked: &str) -> Vec<CampaignState> {
    use CampaignState::{
        Cancelled, Closed, Collecting, Failed, Funded, Open, Scheduled, Short, Suspended, Unpayable, Unwound,
    };
    let ended = [
        Collecting, Funded, Closed, Failed, Short, Unwound, Unpayable, Cancelled,
    ];
    match asked {
        "ended" => ended.to_vec(),
        "all" => ended.into_iter().chain([Open, Scheduled, Suspended]).collect(),
        _ => vec![Open],
    }
}

/// Every word of the search, or a word it begins, must stand in the campaign's or the project's name or
/// summary.
fn query(typed: &str) -> Option<String> {
    let words = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(8);
    let words: Vec<String> = words.map(|word| format!("'{}':*", word.to_lowercase())).collect();
    (!words.is_empty()).then(|| words.join(" & "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_becomes_words_and_nothing_else() {
        assert_eq!(query("solar  OVEN"), Some("'solar':* & 'oven':*".to_string()));
        assert_eq!(query("' | ! ( <-> \\"), None);
        assert_eq!(query("o'ven:*"), Some("'o':* & 'ven':*".to_string()));
        assert_eq!(query("Þórr"), Some("'þórr':*".to_string()));
    }
}
