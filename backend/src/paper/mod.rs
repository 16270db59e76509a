//! Documents to keep: headings, paragraphs and tables on A4, as PDF, tagged so that a screen reader finds them, with the
//! font in it. Checked against PDF/UA-1 as it is written; one that fails is an error, not a file. The same document is
//! the same bytes.
//!
//! `measure` knows how wide letters are, `layout` puts a document on pages, `draw` writes them.

mod draw;
mod layout;
mod measure;

use felag_frontend::Lang;
use time::OffsetDateTime;

/// A document.
#[derive(Debug, Clone)]
pub struct Paper {
    pub title: String,
    /// Stands small at the foot of every page, before the number of the page.
    pub foot: String,
    pub blocks: Vec<Block>,
    /// When it was made: written into the file, so a document that is made again says what it was made of.
    pub at: OffsetDateTime,
}

/// A part of a document, from the top down.
#[derive(Debug, Clone)]
pub enum Block {
    Heading(String),
    /// What people wrote keeps its paragraphs.
    Words(String),
    /// A warning: set apart by a line beside it.
    Warning(String),
    /// Names and what they are.
    Facts(Vec<(String, String)>),
    Table(Table),
}

/// A table whose first column is words and whose other columns are numbers.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Empty for none.
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row of a table. A sum stands under a line.
#[derive(Debug, Clone)]
pub struct Row {
    pub cells: Vec<String>,
    pub is_sum: bool,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// It does not fit on the pages that were allowed, at the smallest letters.
    #[error("it would be longer than {0} pages")]
    TooLong(usize),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// The sizes of the letters that are tried, in points, until a document fits. Below 8 points nobody likes to read.
const SIZES: [f32; 5] = [10.5, 9.5, 9.0, 8.5, 8.0];

/// The bytes of a document, as long as it comes.
///
/// # Errors
/// When it would not be one that everybody can read.
pub fn write(lang: Lang, paper: &Paper) -> anyhow::Result<Vec<u8>> {
    draw::draw(lang, paper, &layout::lay_out(lang, paper, SIZES[0]))
}

/// The bytes of a document that may be so many pages long: its letters become smaller until it fits.
///
/// # Errors
/// [`NotWritten`].
pub fn write_within(lang: Lang, paper: &Paper, pages_max: usize) -> Result<Vec<u8>, NotWritten> {
    let fitting = SIZES
        .iter()
        .map(|&size| layout::lay_out(lang, paper, size))
        .find(|laid_out| laid_out.pages <= pages_max)
        .ok_or(NotWritten::TooLong(pages_max))?;
    Ok(draw::draw(lang, paper, &fitting)?)
}

/// Whether it fits on so many pages, without writing it.
pub fn fits(lang: Lang, paper: &Paper, pages_max: usize) -> bool {
    let smallest = SIZES[SIZES.len() - 1];
    layout::lay_out(lang, paper, smallest).pages <= pages_max
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn paper(blocks: Vec<Block>) -> Paper {
        Paper {
            title: "A document of Þórður".into(),
            foot: "Felag".into(),
            blocks,
            at: datetime!(2027-03-01 12:00 UTC),
        }
    }

    fn rows(many: usize) -> Block {
        let row = |number: usize| Row {
            cells: vec![format!("Row {number}"), "€1.00".into(), "€2.00".into()],
            is_sum: number == many,
        };
        Block::Table(Table {
            head: vec!["Row".into(), "One".into(), "Two".into()],
            rows: (1..=many).map(row).collect(),
        })
    }

    fn text(bytes: &[u8]) -> (usize, String) {
        let document = lopdf::Document::load_mem(bytes).unwrap();
        let pages: Vec<u32> = document.get_pages().into_keys().collect();
        let text = document.extract_text(&pages).unwrap();
        (pages.len(), text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_document_is_tagged_has_its_font_in_it_and_is_the_same_bytes_again() {
        let paper = paper(vec![
            Block::Heading("Terms".into()),
            Block::Words("First.\n\nSecond.".into()),
            Block::Warning("You may lose all of it.".into()),
            Block::Facts(vec![("Rate".into(), "5 % a year".into())]),
            rows(3),
        ]);
        let bytes = write(Lang::En, &paper).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let raw = String::from_utf8_lossy(&bytes);
        for part in ["/StructTreeRoot", "/MarkInfo", "/FontFile", "/Lang", "pdfuaid"] {
            assert!(raw.contains(part), "{part}");
        }
        assert_eq!(bytes, write(Lang::En, &paper).unwrap());
        let (pages, text) = text(&bytes);
        assert_eq!(pages, 1);
        for words in [
            "A document of Þórður",
            "You may lose all of it.",
            "5 % a year",
            "Row 3",
            "€2.00",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn a_long_table_goes_over_pages_with_every_row_on_one_of_them() {
        let bytes = write(Lang::En, &paper(vec![rows(150)])).unwrap();
        let (pages, text) = text(&bytes);
        assert!(pages > 2, "{pages}");
        assert!(
            text.contains("Row 150") && text.contains(&format!("Page {pages} of {pages}")),
            "{text}"
        );
    }

    #[test]
    fn letters_shrink_until_a_document_fits_and_never_below_what_can_be_read() {
        let long = paper(vec![Block::Words("Many words of one text. ".repeat(600))]);
        let pages = |bytes: &[u8]| text(bytes).0;
        assert_eq!(pages(&write(Lang::En, &long).unwrap()), 3);
        assert_eq!(pages(&write_within(Lang::En, &long, 2).unwrap()), 2);
        assert!(matches!(
            write_within(Lang::En, &long, 1),
            Err(NotWritten::TooLong(1))
        ));
        assert!(!fits(Lang::En, &long, 1) && fits(Lang::En, &long, 2));
    }

    #[test]
    fn letters_that_the_font_lacks_do_no_harm() {
        assert!(write(Lang::En, &paper(vec![Block::Words("漢字\u{202f}\u{7}".into())])).is_ok());
    }
}
