//! Pages and mails of Felag, rendered from plain data.
//!
//! A page is a struct with a `page: Page` and its own fields, and an askama template of the same
//! name. A handler fills it and calls `render()`. Every sentence stands in `locales/`, every amount
//! and date goes through `format`.

pub mod assets;
pub mod form;
pub mod format;
pub mod html;
pub mod markdown;
pub mod page;
pub mod parts;
pub mod states;
pub mod words;

pub mod acts;
pub mod audit;
pub mod books;
pub mod campaign_edit;
pub mod campaigns;
pub mod cancellation;
pub mod decisions;
pub mod disputes;
pub mod errors;
pub mod expenses;
pub mod follows;
pub mod give;
pub mod home;
pub mod loans;
pub mod mail;
pub mod mailbox;
pub mod members;
pub mod owner;
pub mod payouts;
pub mod people;
pub mod pledges;
pub mod project_edit;
pub mod projects;
pub mod quotes;
pub mod reconciliation;
pub mod refunds;
pub mod repayments;
pub mod reviews;
pub mod search;
pub mod second_factor;
pub mod support;
pub mod updates;
pub mod wizard;

#[cfg(test)]
pub(crate) mod sources;

pub use askama::Template;
pub use html::SafeHtml;
pub use page::{Here, Notice, Page, SignedIn, Tone};
pub use words::{Lang, Value};
