//! A statement as a document to file: tagged, so that a screen reader finds its headings and its table, with the font
//! in it. Checked against PDF/UA-1 as it is written; one that fails is an error, not a file.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use anyhow::{Context, anyhow};
use felag_frontend::Lang;
use felag_frontend::payouts::StatementLine;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};
use time::OffsetDateTime;

/// Liberation Sans 2.1.5, under the SIL Open Font License: see the text beside it.
static FONT: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");

static FACE: LazyLock<Option<ttf_parser::Face<'static>>> =
    LazyLock::new(|| ttf_parser::Face::parse(FONT, 0).ok());

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 64.0;
const TITLE: f32 = 19.0;
const TEXT: f32 = 10.5;
const LEADING: f32 = 15.0;
/// What the amounts keep free beside the labels.
const AMOUNTS: f32 = 120.0;

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
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|cause| anyhow!("{cause:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let font = Font::new(FONT.into(), 0).context("the font cannot be read")?;
    let size = PageSettings::from_wh(WIDTH, HEIGHT).context("A4 is no size")?;
    let tags = {
        let mut page = document.start_page_with(size);
        let mut sheet = Sheet {
            surface: page.surface(),
            font,
            y: MARGIN + TITLE,
        };
        sheet.fill(lang, paper)
    };
    document.set_tag_tree(tags.with_lang(Some(lang.tag().into())));
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(paper.title.clone(), top));
    document.set_outline(outline);
    document.set_metadata(metadata(lang, paper));
    document.finish().map_err(|cause| anyhow!("{cause:?}"))
}

fn metadata(lang: Lang, paper: &Paper) -> Metadata {
    let at = paper.at;
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(u8::from(at.month()))
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(0);
    Metadata::new()
        .title(paper.title.clone())
        .language(lang.tag().into())
        .creator("Felag".into())
        .creation_date(date)
}

/// The page being written, from the top down.
struct Sheet<'a> {
    surface: Surface<'a>,
    font: Font,
    y: f32,
}

impl Sheet<'_> {
    fn fill(&mut self, lang: Lang, paper: &Paper) -> TagTree {
        let mut tree = TagTree::new();
        tree.push(self.heading(NonZeroU16::MIN, &paper.title, TITLE));
        for (name, value) in &paper.facts {
            let mut group = TagGroup::new(Tag::P);
            for line in wrapped(&format!("{name}: {value}"), WIDTH - 2.0 * MARGIN) {
                self.y += LEADING;
                group.push(self.text(MARGIN, TEXT, &line));
            }
            tree.push(group);
        }
        self.y += LEADING;
        let second = NonZeroU16::MIN.saturating_add(1);
        tree.push(self.heading(second, &paper.heading, TEXT + 3.0));
        let mut body = TagGroup::new(Tag::TBody);
        for line in &paper.lines {
            body.push(self.row(&line.label, &lang.money(line.amount), line.is_sum));
        }
        let mut table = TagGroup::new(Tag::Table);
        table.push(body);
        tree.push(table);
        tree
    }

    fn heading(&mut self, level: NonZeroU16, words: &str, size: f32) -> TagGroup {
        let mut group = TagGroup::new(Tag::Hn(level, Some(words.into())));
        // Wider letters wrap earlier: the measure is that of the text.
        for line in wrapped(words, (WIDTH - 2.0 * MARGIN) * TEXT / size) {
            self.y += size * 0.3;
            group.push(self.text(MARGIN, size, &line));
            self.y += size;
        }
        group
    }

    fn row(&mut self, label: &str, amount: &str, is_sum: bool) -> TagGroup {
        if is_sum {
            self.y += 6.0;
            self.rule();
        }
        let mut head = TagGroup::new(Tag::TH(TableHeaderScope::Row));
        for line in wrapped(label, WIDTH - 2.0 * MARGIN - AMOUNTS) {
            self.y += LEADING;
            head.push(self.text(MARGIN, TEXT, &line));
        }
        let amount = writable(amount);
        let right = WIDTH - MARGIN - width(&amount) * TEXT;
        let mut cell = TagGroup::new(Tag::TD);
        cell.push(self.text(right, TEXT, &amount));
        let mut row = TagGroup::new(Tag::TR);
        row.push(head);
        row.push(cell);
        row
    }

    fn text(&mut self, x: f32, size: f32, words: &str) -> krilla::tagging::Identifier {
        let id = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.draw_text(
            Point::from_xy(x, self.y),
            self.font.clone(),
            size,
            words,
            false,
            TextDirection::Auto,
        );
        self.surface.end_tagged();
        id
    }

    /// A line across the page, which says nothing to whoever listens.
    fn rule(&mut self) {
        let mut path = PathBuilder::new();
        path.move_to(MARGIN, self.y);
        path.line_to(WIDTH - MARGIN, self.y);
        let artifact = Artifact::with_kind(ArtifactType::Layout);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        if let Some(path) = path.finish() {
            let fill = self.surface.get_fill().cloned();
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(Stroke {
                width: 0.5,
                ..Stroke::default()
            }));
            self.surface.draw_path(&path);
            self.surface.set_stroke(None);
            self.surface.set_fill(fill);
        }
        self.surface.end_tagged();
    }
}

/// The words with only what the font has: the rest of the world's letters become question marks.
fn writable(words: &str) -> String {
    let has = |letter: char| {
        FACE.as_ref()
            .is_some_and(|face| face.glyph_index(letter).is_some())
    };
    let shown = |letter: char| match letter {
        letter if has(letter) => letter,
        letter if letter.is_whitespace() => ' ',
        _ => '?',
    };
    words.chars().map(shown).collect()
}

/// How wide the words are, of a font that is one point tall.
fn width(words: &str) -> f32 {
    let Some(face) = FACE.as_ref() else { return 0.0 };
    let advance = |letter| {
        let glyph = face.glyph_index(letter)?;
        face.glyph_hor_advance(glyph)
    };
    let units: u32 = words.chars().filter_map(advance).map(u32::from).sum();
    // A page has a few thousand units across: no digit is lost.
    units as f32 / f32::from(face.units_per_em())
}

/// The words as lines of at most this many points, at the size of the text; a word longer than a line is cut.
fn wrapped(words: &str, most: f32) -> Vec<String> {
    let fits = |line: &str| width(line) * TEXT <= most;
    let mut lines = vec![String::new()];
    for word in writable(words).split(' ') {
        for piece in pieces(word, &fits) {
            let line = lines.last().map_or("", String::as_str);
            let longer = if line.is_empty() {
                piece.clone()
            } else {
                format!("{line} {piece}")
            };
            match lines.last_mut() {
                Some(last) if fits(&longer) => *last = longer,
                _ => lines.push(piece),
            }
        }
    }
    lines
}

fn pieces(word: &str, fits: &impl Fn(&str) -> bool) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let longer = format!("{}{letter}", pieces.last().map_or("", String::as_str));
        match pieces.last_mut() {
            Some(last) if last.is_empty() || fits(&longer) => *last = longer,
            _ => pieces.push(letter.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use felag_domain::money::{Currency, Money};
    use time::macros::datetime;

    use super::*;

    fn paper(title: &str) -> Paper {
        let line = |label: &str, minor, is_sum| StatementLine {
            label: label.into(),
            amount: Money::from_minor(minor, Currency::EUR),
            is_sum,
        };
        Paper {
            title: title.into(),
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
        }
    }

    #[test]
    fn a_statement_is_a_tagged_document_with_its_font_in_it() {
        let bytes = write(Lang::En, &paper("Statement of payout 1")).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let text = String::from_utf8_lossy(&bytes);
        for part in ["/StructTreeRoot", "/MarkInfo", "/FontFile", "/Lang", "pdfuaid"] {
            assert!(text.contains(part), "{part}");
        }
        let again = write(Lang::En, &paper("Statement of payout 1")).unwrap();
        assert_eq!(bytes, again, "the same statement is the same file");
    }

    #[test]
    fn letters_that_the_font_lacks_do_no_harm() {
        assert_eq!(writable("Þór 漢字 Ελ"), "Þór ?? Ελ");
        assert!(write(Lang::En, &paper("漢字\u{202f}\u{7}")).is_ok());
    }

    #[test]
    fn long_words_are_cut_and_nothing_is_lost() {
        let lines = wrapped(&"x".repeat(300), 200.0);
        assert!(lines.len() > 5 && lines.iter().all(|line| width(line) * TEXT <= 200.0));
        assert_eq!(lines.concat().len(), 300);
    }
}
