//! The review before a campaign is cancelled.

use askama::Template;
use felag_domain::campaign::Way;
use felag_domain::money::Money;

use crate::page::Page;

/// `GET /campaigns/<slug>/cancellation`
#[derive(Debug, Template)]
#[template(path = "owner/cancellation.html")]
pub struct CancellationPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    /// It takes pledges.
    pub is_open: bool,
    pub way: Way,
    /// Everybody may see its page.
    pub is_public: bool,
    /// It can still be done.
    pub may_cancel: bool,
    pub backers: u64,
    /// By all of them together, the project's own members among them.
    pub promised: Money,
    pub followers: u64,
}

impl CancellationPage {
    /// Whether backers were charged already.
    fn keeps(&self) -> bool {
        self.way == Way::KeepWhatComes
    }
}
