//! Pages about loans: what is asked, what a lender reads before signing, what became of it. One shape for all of them:
//! sections of sentences, facts, tables and forms, in that order.

use askama::Template;
use felag_domain::money::Money;

use crate::html::SafeHtml;
use crate::page::Page;
use crate::wizard::{Form, Link};

/// A page about a loan or a commitment.
#[derive(Debug, Template)]
#[template(path = "loans/page.html")]
pub struct LoanPage {
    pub page: Page,
    pub back: Option<Link>,
    /// Where it stands, in a word, and the mark of that.
    pub state: Option<(&'static str, String)>,
    pub lead: String,
    pub sections: Vec<Section>,
}

/// A part of it under a heading.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The heading's id in the page.
    pub id: &'static str,
    pub title: String,
    /// Said with weight: warnings.
    pub warnings: Vec<String>,
    pub words: Vec<String>,
    /// Texts that people wrote, cleaned.
    pub texts: Vec<SafeHtml>,
    pub facts: Vec<(String, String)>,
    pub table: Option<Table>,
    pub forms: Vec<Form>,
    pub links: Vec<Link>,
}

/// A table whose first column is words and whose other columns are numbers.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A campaign's loan, as its campaign's page shows it beside the gifts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanBeside {
    pub amount: Money,
    pub committed: Money,
    pub lenders: i64,
    /// Interest and instalments, in a sentence.
    pub terms: String,
    /// The mark of the state, and its word.
    pub mark: &'static str,
    pub state: String,
    /// Firm commitments count towards the minimum.
    pub counts: bool,
    /// Everybody may lend now.
    pub lends: bool,
}

impl LoanBeside {
    /// What the minimum and the full plan are made of.
    pub fn plan_words(&self) -> &'static str {
        if self.counts {
            "campaign-loan-counts"
        } else {
            "campaign-loan-gifts"
        }
    }
}

impl Section {
    /// An empty section under a heading.
    pub fn new(id: &'static str, title: impl Into<String>) -> Section {
        Section {
            id,
            title: title.into(),
            ..Section::default()
        }
    }

    /// With a warning.
    #[must_use]
    pub fn warning(mut self, words: impl Into<String>) -> Section {
        self.warnings.push(words.into());
        self
    }

    /// With a sentence.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Section {
        self.words.push(words.into());
        self
    }

    /// With a name and what it is.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Section {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// With a text that somebody wrote, in Markdown; nothing when it is empty.
    #[must_use]
    pub fn text(mut self, markdown: &str) -> Section {
        if !markdown.trim().is_empty() {
            self.texts.push(crate::markdown::render(markdown));
        }
        self
    }

    /// With a form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Section {
        self.forms.push(form);
        self
    }

    /// With a link.
    #[must_use]
    pub fn link(mut self, link: Link) -> Section {
        self.links.push(link);
        self
    }
}

impl Table {
    /// The label of a column, for narrow screens.
    fn label(&self, column: &usize) -> &str {
        self.head.get(*column).map_or("", String::as_str)
    }
}
