//! The first page: what Felag is, what is in the books today, which campaigns are open.

use askama::Template;
use felag_domain::money::Money;

use crate::campaigns::BookLine;
use crate::page::Page;
use crate::parts::Card;

/// `GET /`
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    pub page: Page,
    /// Open campaigns, the one closing first in front. A handful; the rest stands in the search.
    pub campaigns: Vec<Card>,
    /// How many campaigns are open in all.
    pub open: u64,
    /// Promised in open campaigns, one amount per currency.
    pub promised: Vec<Money>,
    /// Collected by campaigns that reached their minimum, one amount per currency.
    pub collected: Vec<Money>,
    /// The latest lines of all books.
    pub latest: Vec<BookLine>,
}
