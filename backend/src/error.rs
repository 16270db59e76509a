//! What can go wrong with a request, in one type, and the one place that logs it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Every refusal a handler can give. Forms that come back (422) are pages, not errors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing here")]
    NotFound,
    /// It was here and is over: an ended checkout, a used link.
    #[error("this is over")]
    Gone,
    /// As [`Error::Gone`], with words that say what is over; they are shown as they stand.
    #[error("{0}")]
    Over(String),
    #[error("please sign in")]
    SignedOut,
    #[error("you may not do that")]
    Forbidden,
    #[error("the request cannot be read")]
    BadRequest,
    /// The person can put this right; the text is shown as it stands.
    #[error("{0}")]
    Refused(String),
    /// The form's token is not this browser's: it stood open too long, or came from somewhere else.
    #[error("the form is out of date")]
    StaleForm,
    #[error("too much was sent")]
    TooLarge,
    #[error("too many attempts")]
    TooMany,
    #[error("the demo is still loading")]
    DemoLoading,
    /// The payment provider did not answer in time: nothing is lost, it can be tried again.
    #[error("the payment provider does not answer")]
    ProviderAway,
    /// A bug or an outage. Logged once, here; the person sees no detail.
    #[error("something went wrong on our side")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Gone | Error::Over(_) => StatusCode::GONE,
            Error::SignedOut => StatusCode::UNAUTHORIZED,
            Error::Forbidden | Error::StaleForm => StatusCode::FORBIDDEN,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::BadRequest => StatusCode::BAD_REQUEST,
            Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Error::DemoLoading | Error::ProviderAway => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The same refusal once more, for everybody who waited for one page. Only the first is logged.
    pub fn again(self: Arc<Self>) -> Error {
        match &*self {
            Error::NotFound => Error::NotFound,
            Error::Gone => Error::Gone,
            Error::Over(words) => Error::Over(words.clone()),
            Error::SignedOut => Error::SignedOut,
            Error::Forbidden => Error::Forbidden,
            Error::BadRequest => Error::BadRequest,
            Error::Refused(words) => Error::Refused(words.clone()),
            Error::StaleForm => Error::StaleForm,
            Error::TooLarge => Error::TooLarge,
            Error::TooMany => Error::TooMany,
            Error::DemoLoading => Error::DemoLoading,
            Error::ProviderAway => Error::ProviderAway,
            Error::Internal(cause) => Error::Internal(anyhow::anyhow!("{cause:#}")),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Internal(cause) = &self {
            tracing::error!("request failed: {cause:#}");
        }
        crate::web::error_page(&self)
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Error::Internal(cause.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        // What an inner layer refused in words stays a refusal.
        match cause.downcast::<Error>() {
            Ok(refused) => refused,
            Err(cause) => Error::Internal(cause),
        }
    }
}
