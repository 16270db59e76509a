//! Whose book an address names: a campaign's, a project's, or the platform's.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use felag_frontend::Template;
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Page};

use crate::books::open_book::{OpenBook, Owner};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::visitor::public_page;
use crate::projects;
use crate::web::page;

/// The part of the address, before anything is looked up.
#[derive(Debug, Clone)]
pub struct Whose {
    slug: Option<String>,
    /// The slug is a project's: the book of its support.
    is_project: bool,
    /// What stands after the book: an entry's number.
    pub number: String,
}

impl FromRequestParts<Ctx> for Whose {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let found = RawPathParams::from_request_parts(parts, ctx)
            .await
            .map_err(|_| Error::NotFound)?;
        let of = |name: &str| {
            let found = found.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.to_string())
        };
        Ok(Self {
            slug: of("slug"),
            is_project: parts.uri.path().starts_with("/projects/"),
            number: of("number").unwrap_or_default(),
        })
    }
}

impl Whose {
    /// The book, if everybody may see it.
    pub async fn find(&self, ctx: &Ctx) -> Result<OpenBook, Error> {
        let Some(slug) = &self.slug else {
            return Ok(OpenBook::of_platform());
        };
        if self.is_project {
            let found = projects::store::find_by_slug(&ctx.db, slug).await?;
            return found.map(OpenBook::of_project).ok_or(Error::NotFound);
        }
        let found = store::find_by_slug(&ctx.db, slug).await?;
        found
            .map(OpenBook::of_campaign)
            .filter(OpenBook::is_public)
            .ok_or(Error::NotFound)
    }

    /// The address of the book's page, whether or not there is such a book.
    pub fn path(&self) -> String {
        match &self.slug {
            None => "/books".to_string(),
            Some(slug) if self.is_project => format!("/projects/{slug}/books"),
            Some(slug) => format!("/campaigns/{slug}/books"),
        }
    }
}

/// The way back from a page of a book to its owner, and from a page below the book to the book.
pub fn above(page: &Page, book: &OpenBook, is_below: bool) -> Vec<Link> {
    let owner = match &book.owner {
        Owner::Platform => Link::new("/", "Felag"),
        Owner::Campaign(campaign) => Link::new(format!("/campaigns/{}", campaign.slug), &campaign.title),
        Owner::Project { slug, name } => Link::new(format!("/projects/{slug}"), name),
    };
    let own = is_below.then(|| Link::new(book.path(), page.t("campaign-books-title")));
    std::iter::once(owner).chain(own).collect()
}

/// Answers with a page that is the same for everybody: from the cache for who is not signed in, with the visitor's own
/// frame for who is. `key` is the address, made the same for every way to write it.
pub async fn answer<T: Template>(
    ctx: &Ctx,
    visitor: &Visitor,
    key: &str,
    fill: impl AsyncFnOnce(Page) -> Result<T, Error>,
) -> Result<axum::response::Response, Error> {
    if visitor.person.is_some() {
        return page(&fill(visitor.page(ctx, "", Here::Elsewhere)).await?);
    }
    let html = async {
        let filled = fill(public_page(ctx, "", Here::Elsewhere)).await?;
        filled.render().map_err(|cause| Error::Internal(cause.into()))
    };
    ctx.pages.page(key, html).await
}
