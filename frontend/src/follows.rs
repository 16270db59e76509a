//! Asking to be told about a campaign, without paying.

use askama::Template;

use crate::form::Field;
use crate::page::Page;

/// `GET /campaigns/<slug>/follow`, and again after a `POST` that was refused.
#[derive(Debug, Template)]
#[template(path = "follows/follow.html")]
pub struct FollowPage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    /// See `campaigns::follow_field`; absent for somebody whose address is known.
    pub email: Option<Field>,
}

/// The answer to a guest, the same whether the address follows already or not.
#[derive(Debug, Template)]
#[template(path = "follows/asked.html")]
pub struct FollowAskedPage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    pub email: String,
}

/// `GET /follows/<token>/confirmation`, from the link in the mail. Only its button confirms.
#[derive(Debug, Template)]
#[template(path = "follows/confirm.html")]
pub struct ConfirmFollowPage {
    pub page: Page,
    pub token: String,
    pub campaign: String,
    pub email: String,
}

/// Somebody follows now.
#[derive(Debug, Template)]
#[template(path = "follows/following.html")]
pub struct FollowingPage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    pub email: String,
}
