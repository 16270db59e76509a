//! The public page of a campaign's book: the same for everybody.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_frontend::campaigns::{AccountLine, BookLine, BooksPage};
use felag_frontend::{Here, Page, Template};

use crate::books::lines;
use crate::campaigns::books::account;
use crate::campaigns::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::people::Visitor;
use crate::people::visitor::public_page;
use crate::web::fields::Fields;
use crate::web::page;

/// Entries on one page.
const PAGE: i64 = 50;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    // The first entry is on a page of its own at least; anything unreadable asks for the newest.
    let before = query
        .parse::<i64>("before")
        .map_or(i64::MAX, |before| before.max(2));
    if visitor.person.is_none() {
        let path = format!("/campaigns/{slug}/books?before={before}");
        let html = async {
            let campaign = public(&ctx, &slug).await?;
            let frame = public_page(&ctx, "", Here::Elsewhere);
            fill(&ctx, frame, &campaign, before)
                .await?
                .render()
                .map_err(|cause| Error::Internal(cause.into()))
        };
        return ctx.pages.page(&path, html).await;
    }
    let campaign = public(&ctx, &slug).await?;
    page(&fill(&ctx, visitor.page(&ctx, "", Here::Elsewhere), &campaign, before).await?)
}

async fn public(ctx: &Ctx, slug: &str) -> Result<Campaign, Error> {
    store::find_by_slug(&ctx.db, slug)
        .await?
        .filter(Campaign::is_public)
        .ok_or(Error::NotFound)
}

async fn fill(ctx: &Ctx, mut frame: Page, campaign: &Campaign, before: i64) -> Result<BooksPage, Error> {
    let book = BookId::of_campaign(campaign.id);
    let total = store::total(&ctx.db, campaign).await?;
    let lines = lines::lines(ctx, campaign, before, PAGE).await?;
    let balances = ledger::balances(&ctx.db, book).await?;
    let head = ledger::head(&ctx.db, book).await?.filter(|head| head.number > 0);
    let entries = head.map_or(0, |head| u64::try_from(head.number).unwrap_or(0));
    frame.title = frame.t1("books-title", "campaign", &campaign.title);
    frame.description = frame.t("books-lead").to_string();
    frame.canonical = format!("{}/campaigns/{}/books", ctx.config.public_url, campaign.slug);
    let (newer, older) = neighbours(&campaign.slug, &lines, entries);
    // The promises are a pair that mirrors itself: one side says it all.
    let seen = balances
        .into_iter()
        .filter(|(account, _)| *account != AccountCode::Promised);
    let accounts = seen
        .map(|(code, balance)| AccountLine {
            name: account(frame.lang, code).to_string(),
            balance,
        })
        .collect();
    Ok(BooksPage {
        slug: campaign.slug.clone(),
        title: campaign.title.clone(),
        figures: total.figures,
        is_decided: campaign.decided_at.is_some(),
        own_gifts: total.own,
        accounts,
        lines,
        entries,
        head: head.map_or(String::new(), |head| head.hash.to_string()),
        newer,
        older,
        page: frame,
    })
}

/// Pages are named by entries, so an address shows the same entries however the book grows.
fn neighbours(slug: &str, lines: &[BookLine], entries: u64) -> (Option<String>, Option<String>) {
    let page = PAGE.unsigned_abs();
    let at = |before: u64| match before > entries {
        true => format!("/campaigns/{slug}/books"),
        false => format!("/campaigns/{slug}/books?before={before}"),
    };
    let newer = lines
        .first()
        .filter(|first| first.number < entries)
        .map(|first| at(first.number + 1 + page));
    let older = lines
        .last()
        .filter(|last| last.number > 1)
        .map(|last| at(last.number));
    (newer, older)
}

#[cfg(test)]
mod tests {
    use felag_domain::money::{Currency, Money};
    use felag_frontend::campaigns::Flow;
    use time::OffsetDateTime;

    use super::*;

    fn page_of(numbers: std::ops::RangeInclusive<u64>) -> Vec<BookLine> {
        let line = |number| BookLine {
            at: OffsetDateTime::UNIX_EPOCH,
            number,
            text: String::new(),
            who: None,
            amount: Money::zero(Currency::EUR),
            cost: None,
            flow: Flow::Noted,
            hash: String::new(),
        };
        numbers.rev().map(line).collect()
    }

    #[test]
    fn pages_lead_to_their_neighbours_and_no_further() {
        let at = |before: &str| Some(format!("/campaigns/oven/books{before}"));
        assert_eq!(neighbours("oven", &[], 0), (None, None));
        assert_eq!(neighbours("oven", &page_of(1..=7), 7), (None, None));
        assert_eq!(
            neighbours("oven", &page_of(71..=120), 120),
            (None, at("?before=71"))
        );
        assert_eq!(
            neighbours("oven", &page_of(21..=70), 120),
            (at(""), at("?before=21"))
        );
        assert_eq!(
            neighbours("oven", &page_of(1..=20), 120),
            (at("?before=71"), None)
        );
    }
}
