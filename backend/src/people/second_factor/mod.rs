//! A second factor: a code from a phone, asked for before anything is done to money.

mod proven;
mod store;

pub use proven::{Proven, ProvenPosted, Unproven};

/// Where the factor is set up and switched off.
const SETTINGS: &str = "/my/second-factor";
/// Where a code is given.
const CONFIRMATION: &str = "/my/second-factor/confirmation";

/// `page`, with where to go afterwards.
fn address_with_next(page: &str, next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    format!("{page}?{query}")
}
