//! Pages for when something went wrong. Each says what happened to the money.

use askama::Template;

use crate::page::Page;

/// Answered with the status of its [`Failure`]. Set `page.title` from [`Failure::title`].
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub page: Page,
    pub failure: Failure,
    /// What exactly was refused, in words, where there is more to say.
    pub detail: Option<String>,
    /// The number under which the request stands in the log; empty where it would help nobody.
    pub request_id: String,
}

impl ErrorPage {
    /// What is over says so itself; the usual advice speaks of links.
    fn has_advice(&self) -> bool {
        self.failure != Failure::Gone || self.detail.is_none()
    }
}

/// What went wrong, as far as a person needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// 400: the request made no sense.
    Malformed,
    /// 403, not allowed.
    Forbidden,
    /// 403, the form was too old or came from another site.
    StaleForm,
    /// 404
    NotFound,
    /// 405
    WrongMethod,
    /// 410: a link that worked once, or a thing that is gone.
    Gone,
    /// 413
    TooLarge,
    /// 422: refused without a form to show again.
    Refused,
    /// 429
    TooMany,
    /// 500
    Broken,
    /// 503: overloaded or stopping.
    Unavailable,
    /// 503: the demo data is still being played.
    DemoLoading,
}

impl Failure {
    /// Every kind, for tests and the gallery.
    pub const ALL: [Failure; 12] = [
        Failure::Malformed,
        Failure::Forbidden,
        Failure::StaleForm,
        Failure::NotFound,
        Failure::WrongMethod,
        Failure::Gone,
        Failure::TooLarge,
        Failure::Refused,
        Failure::TooMany,
        Failure::Broken,
        Failure::Unavailable,
        Failure::DemoLoading,
    ];

    /// The status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Failure::Malformed => 400,
            Failure::Forbidden | Failure::StaleForm => 403,
            Failure::NotFound => 404,
            Failure::WrongMethod => 405,
            Failure::Gone => 410,
            Failure::TooLarge => 413,
            Failure::Refused => 422,
            Failure::TooMany => 429,
            Failure::Broken => 500,
            Failure::Unavailable | Failure::DemoLoading => 503,
        }
    }

    /// The message of the title.
    pub fn title(self) -> &'static str {
        match self {
            Failure::Malformed => "error-malformed",
            Failure::Forbidden => "error-forbidden",
            Failure::StaleForm => "error-stale-form",
            Failure::NotFound => "error-not-found",
            Failure::WrongMethod => "error-wrong-method",
            Failure::Gone => "error-gone",
            Failure::TooLarge => "error-too-large",
            Failure::Refused => "error-refused",
            Failure::TooMany => "error-too-many",
            Failure::Broken => "error-broken",
            Failure::Unavailable => "error-unavailable",
            Failure::DemoLoading => "error-demo-loading",
        }
    }

    /// What to do now.
    fn advice(self) -> &'static str {
        match self {
            Failure::Malformed => "error-malformed-advice",
            Failure::Forbidden => "error-forbidden-advice",
            Failure::StaleForm => "error-stale-form-advice",
            Failure::NotFound => "error-not-found-advice",
            Failure::WrongMethod => "error-wrong-method-advice",
            Failure::Gone => "error-gone-advice",
            Failure::TooLarge => "error-too-large-advice",
            Failure::Refused => "error-refused-advice",
            Failure::TooMany => "error-too-many-advice",
            Failure::Broken => "error-broken-advice",
            Failure::Unavailable => "error-unavailable-advice",
            Failure::DemoLoading => "error-demo-loading-advice",
        }
    }

    /// What happened to the money. After a fault of ours nobody can be sure that a form did nothing,
    /// but the same form can be sent again without paying twice.
    fn money(self) -> &'static str {
        match self {
            Failure::Broken => "error-money-broken",
            Failure::Malformed
            | Failure::Forbidden
            | Failure::StaleForm
            | Failure::NotFound
            | Failure::WrongMethod
            | Failure::Gone
            | Failure::TooLarge
            | Failure::Refused
            | Failure::TooMany
            | Failure::Unavailable
            | Failure::DemoLoading => "error-money-untouched",
        }
    }
}
