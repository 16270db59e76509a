//! The formats in which books are written.

use super::{Style, beancount, hledger, json, table};

/// A format that other programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Plain text for beancount 3.
    Beancount,
    /// Plain text for hledger.
    Hledger,
    /// A table for spreadsheets, one row for each movement.
    Csv,
    /// Everything, to check the chain with.
    Json,
}

impl Format {
    /// Every format, in the order a page lists them.
    pub const ALL: [Self; 4] = [Self::Beancount, Self::Hledger, Self::Csv, Self::Json];

    /// What the name of such a file ends in.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Beancount => "beancount",
            Self::Hledger => "journal",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What such a file is, for a browser.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Beancount | Self::Hledger => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    pub(super) fn style(self) -> Box<dyn Style> {
        match self {
            Self::Beancount => Box::new(beancount::Beancount),
            Self::Hledger => Box::new(hledger::Hledger::default()),
            Self::Csv => Box::new(table::Table),
            Self::Json => Box::new(json::Json::default()),
        }
    }
}
