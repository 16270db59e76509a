//! A statement as a document to file: see [`crate::paper`].

use felag_frontend::Lang;
use felag_frontend::payouts::StatementLine;
use time::OffsetDateTime;

use crate::paper::{self, Block, Row, Table};

/// What a statement's document says.
pub struct Paper {
    pub title: String,
    /// Names and what they are: where it was paid to, when, where it stands in the books.
    pub facts: Vec<(String, String)>,
    pub heading: String,
    pub lines: Vec<StatementLine>,
    pub at: OffsetDateTime,
}

/// The document's bytes.
///
/// # Errors
/// When it would not be one that everybody can read.
pub fn write(lang: Lang, paper: &Paper) -> anyhow::Result<Vec<u8>> {
    let row = |line: &StatementLine| Row {
        cells: vec![line.label.clone(), lang.money(line.amount)],
        is_sum: line.is_sum,
    };
    let table = Table {
        head: Vec::new(),
        rows: paper.lines.iter().map(row).collect(),
    };
    let document = paper::Paper {
        title: paper.title.clone(),
        foot: paper.title.clone(),
        blocks: vec![
            Block::Facts(paper.facts.clone()),
            Block::Heading(paper.heading.clone()),
            Block::Table(table),
        ],
        at: paper.at,
    };
    paper::write(lang, &document)
}

#[cfg(test)]
mod tests {
    use felag_domain::money::{Currency, Money};
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_statement_is_a_document_with_its_facts_and_its_lines() {
        let line = |label: &str, minor, is_sum| StatementLine {
            label: label.into(),
            amount: Money::from_minor(minor, Currency::EUR),
            is_sum,
        };
        let paper = Paper {
            title: "Statement of payout 1".into(),
            facts: vec![
                ("Paid to".into(), "Þórður Łukasz Çelik, Ελένη".into()),
                ("Entry".into(), "ab".repeat(64)),
            ],
            heading: "Statement".into(),
            lines: vec![
                line("Gifts", 11_000, false),
                line("Fee", -98, false),
                line("Sent", 10_902, true),
            ],
            at: datetime!(2027-03-01 12:00 UTC),
        };
        let bytes = write(Lang::En, &paper).unwrap();
        let document = lopdf::Document::load_mem(&bytes).unwrap();
        let text = document.extract_text(&[1]).unwrap();
        for words in [
            "Statement of payout 1",
            "Þórður Łukasz Çelik, Ελένη",
            "€110.00",
            "€109.02",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(
            bytes,
            write(Lang::En, &paper).unwrap(),
            "the same statement is the same file"
        );
    }
}
