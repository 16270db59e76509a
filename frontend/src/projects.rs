//! A project's own page. It outlives its campaigns.

use askama::Template;

use crate::html::SafeHtml;
use crate::page::Page;
use crate::parts::Card;
use crate::support::Supported;

/// `GET /projects/<slug>`
#[derive(Debug, Template)]
#[template(path = "project.html")]
pub struct ProjectPage {
    pub page: Page,
    pub name: String,
    pub summary: String,
    pub story: SafeHtml,
    pub homepage: Option<String>,
    pub repository: Option<String>,
    /// SPDX expressions.
    pub licences: Vec<String>,
    pub holder: LegalHolder,
    pub members: Vec<Member>,
    /// The newest first.
    pub campaigns: Vec<Card>,
    /// Who supports it by standing gifts; absent where nobody does.
    pub supported: Option<Supported>,
    /// Its address in addresses, where support is taken.
    pub support: Option<String>,
    /// The address of the owner's page, for members.
    pub manage: Option<String>,
}

/// Whether an address given by people may be linked.
pub(crate) fn is_web_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Who answers for a project's money. Receipts show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalHolder {
    pub name: String,
    /// In words: association, limited company, a person …
    pub form: String,
    /// Address, country, register and tax numbers: a line each, as far as they are given.
    pub lines: Vec<String>,
}

/// Somebody of the project who is named in public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    /// In words: owner, editor, treasurer.
    pub role: String,
}
