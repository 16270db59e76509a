//! The public page of a book: the same for everybody.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::ledger::{AccountCode, EntryKind};
use felag_domain::words::FieldRefusal;
use felag_frontend::books::{BooksPage, FilterForm, Standing};
use felag_frontend::campaigns::AccountLine;
use felag_frontend::form::{self, Refused};
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Lang, Page};

use super::whose::{self, Whose};
use crate::books::export::Format;
use crate::books::open_book::{OpenBook, Owner};
use crate::books::register::{self, Filter, Leaf, Turn};
use crate::campaigns::books::{account, words};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::page_with;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    whose: Whose,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let filter = match Filter::read(&query) {
        Ok(filter) => filter,
        Err(refused) => return refuse(&ctx, &visitor, &whose, &query, &refused).await,
    };
    // Anything unreadable asks for the newest.
    let turn = Turn {
        before: query.parse("before"),
        after: query.parse("after").filter(|_| filter.is_on()),
    };
    let key = match (filter.is_on(), turn == Turn::default()) {
        (false, true) => whose.path(),
        _ => format!("{}?{}&{turn:?}", whose.path(), filter.query()),
    };
    whose::answer(&ctx, &visitor, &key, async |frame| {
        fill(&ctx, frame, &whose, &filter, turn).await
    })
    .await
}

/// The form again, with what has to be put right, and no entries.
async fn refuse(
    ctx: &Ctx,
    visitor: &Visitor,
    whose: &Whose,
    query: &Fields,
    refused: &[FieldRefusal],
) -> Result<Response, Error> {
    let frame = visitor.page(ctx, "", Here::Elsewhere);
    let book = whose.find(ctx).await?;
    let nothing = Leaf {
        lines: Vec::new(),
        newer: None,
        older: None,
    };
    let refused = Refused::new(frame.lang, refused);
    let typed = ["kind", "from", "until"].map(|name| query.get(name));
    let form = filter_form(frame.lang, typed, &refused);
    let mut filled = page_of(ctx, frame, &book, form, nothing).await?;
    let form = &filled.filter;
    filled.page.errors = form::errors([&form.kind as &dyn form::Problem, &form.from, &form.until]);
    filled.is_filtered = true;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &filled)
}

async fn fill(
    ctx: &Ctx,
    frame: Page,
    whose: &Whose,
    filter: &Filter,
    turn: Turn,
) -> Result<BooksPage, Error> {
    let book = whose.find(ctx).await?;
    let leaf = if filter.is_on() {
        register::filtered(&ctx.db, &book, filter, turn).await?
    } else {
        let head = ledger::head(&ctx.db, book.id).await?;
        let entries = head.map_or(0, |head| head.number.unsigned_abs());
        register::whole(&ctx.db, &book, turn, entries).await?
    };
    let kind = filter.kind.map_or("", EntryKind::as_str);
    let [from, until] =
        [filter.from, filter.until].map(|day| day.map_or(String::new(), |day| day.to_string()));
    let form = filter_form(frame.lang, [kind, &from, &until], &Refused::none());
    let mut filled = page_of(ctx, frame, &book, form, leaf).await?;
    filled.is_filtered = filter.is_on();
    Ok(filled)
}

fn filter_form(lang: Lang, typed: [&str; 3], refused: &Refused) -> FilterForm {
    let kinds = EntryKind::ALL
        .iter()
        .map(|kind| (kind.as_str(), words(lang, *kind, None).0));
    FilterForm::new(lang, &kinds.collect::<Vec<_>>(), typed, refused)
}

async fn page_of(
    ctx: &Ctx,
    mut frame: Page,
    book: &OpenBook,
    filter: FilterForm,
    leaf: Leaf,
) -> Result<BooksPage, Error> {
    let balances = ledger::balances(&ctx.db, book.id).await?;
    let head = ledger::head(&ctx.db, book.id)
        .await?
        .filter(|head| head.number > 0);
    let standing = match book.campaign() {
        None => None,
        Some(campaign) => {
            let total = store::total(&ctx.db, campaign).await?;
            Some(Standing {
                figures: total.figures,
                is_decided: campaign.decided_at.is_some(),
                own_gifts: total.own,
            })
        }
    };
    (frame.title, frame.description) = match (book.campaign(), &book.owner) {
        (Some(campaign), _) => {
            let title = frame.t1("books-title", "campaign", &campaign.title);
            (title, frame.t("books-lead").to_string())
        }
        (None, Owner::Project { name, .. }) => {
            let title = frame.t1("books-title", "campaign", name);
            (title, frame.t("books-support-lead").to_string())
        }
        (None, _) => {
            let title = frame.t("books-platform-title").to_string();
            (title, frame.t("books-platform-lead").to_string())
        }
    };
    frame.canonical = format!("{}{}", ctx.config.public_url, book.path());
    // The promises are a pair that mirrors itself: one side says it all.
    let seen = balances.into_iter().filter(|(account, _)| {
        !matches!(
            account,
            AccountCode::Promised | AccountCode::Claim | AccountCode::Vouched
        )
    });
    let accounts = seen.map(|(code, balance)| AccountLine {
        name: account(frame.lang, code).to_string(),
        balance,
    });
    let (files, all_files) = files(book);
    Ok(BooksPage {
        path: book.path(),
        above: whose::above(&frame, book, false),
        standing,
        filter,
        is_filtered: false,
        accounts: accounts.collect(),
        lines: leaf.lines,
        entries: head.map_or(0, |head| head.number.unsigned_abs()),
        head: head.map_or(String::new(), |head| head.hash.to_string()),
        newer: leaf.newer,
        older: leaf.older,
        files,
        all_files,
        page: frame,
    })
}

/// This book in every format; on the platform's page all books together, too.
fn files(book: &OpenBook) -> (Vec<Link>, Vec<Link>) {
    let links = |query: &str| {
        let link = |format: Format| {
            let address = format!("{}.{}{query}", book.path(), format.ending());
            Link::new(address, format.ending())
        };
        Format::ALL.map(link).to_vec()
    };
    match &book.owner {
        Owner::Campaign(_) | Owner::Project { .. } => (links(""), Vec::new()),
        Owner::Platform => (links("?own=1"), links("")),
    }
}
