//! A document that was laid out, written as PDF with its tags.

use std::num::NonZeroU16;

use anyhow::{Context, anyhow};
use felag_frontend::Lang;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

use super::Paper;
use super::layout::{HEIGHT, LaidOut, Node, Piece, Stroke, WIDTH};
use super::measure::FONT;

/// The bytes of the document.
///
/// # Errors
/// When it would not be one that everybody can read.
pub fn draw(lang: Lang, paper: &Paper, laid_out: &LaidOut) -> anyhow::Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|cause| anyhow!("{cause:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let font = Font::new(FONT.into(), 0).context("the font cannot be read")?;
    let mut ids: Vec<Option<Identifier>> = vec![None; laid_out.pieces.len()];
    for number in 0..laid_out.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).context("A4 is no size")?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for stroke in laid_out.strokes.iter().filter(|stroke| stroke.page == number) {
            line(&mut surface, stroke);
        }
        let pieces = laid_out.pieces.iter().zip(&mut ids);
        for (piece, id) in pieces.filter(|(piece, _)| piece.page == number) {
            *id = Some(words(&mut surface, &font, piece));
        }
    }
    document.set_tag_tree(tags(&laid_out.nodes, &ids).with_lang(Some(lang.tag().into())));
    document.set_outline(outline(paper, laid_out));
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

/// The title and every heading, where they stand.
fn outline(paper: &Paper, laid_out: &LaidOut) -> Outline {
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(paper.title.clone(), top));
    for node in &laid_out.nodes {
        let Node::Heading(words, ids) = node else { continue };
        if let Some(first) = ids.first().and_then(|id| laid_out.pieces.get(*id)) {
            let place = XyzDestination::new(first.page, Point::from_xy(0.0, first.y - first.size));
            outline.push_child(OutlineNode::new(words.clone(), place));
        }
    }
    outline
}

fn words(surface: &mut Surface<'_>, font: &Font, piece: &Piece) -> Identifier {
    let tag = if piece.is_artifact {
        ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
    } else {
        ContentTag::Span(SpanTag::empty())
    };
    let id = surface.start_tagged(tag);
    surface.draw_text(
        Point::from_xy(piece.x, piece.y),
        font.clone(),
        piece.size,
        &piece.words,
        false,
        TextDirection::Auto,
    );
    surface.end_tagged();
    id
}

/// A line, which says nothing to whoever listens.
fn line(surface: &mut Surface<'_>, stroke: &Stroke) {
    let mut path = PathBuilder::new();
    path.move_to(stroke.from.0, stroke.from.1);
    path.line_to(stroke.to.0, stroke.to.1);
    let artifact = Artifact::with_kind(ArtifactType::Layout);
    surface.start_tagged(ContentTag::Artifact(artifact));
    if let Some(path) = path.finish() {
        let fill = surface.get_fill().cloned();
        surface.set_fill(None);
        surface.set_stroke(Some(paint::Stroke {
            width: stroke.width,
            ..paint::Stroke::default()
        }));
        surface.draw_path(&path);
        surface.set_stroke(None);
        surface.set_fill(fill);
    }
    surface.end_tagged();
}

fn tags(nodes: &[Node], ids: &[Option<Identifier>]) -> TagTree {
    let mut tree = TagTree::new();
    let second = NonZeroU16::MIN.saturating_add(1);
    for node in nodes {
        tree.push(match node {
            Node::Title(words, pieces) => {
                let title = TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(words.clone())));
                filled(title, pieces, ids)
            }
            Node::Heading(words, pieces) => {
                let heading = TagGroup::new(Tag::Hn(second, Some(words.clone())));
                filled(heading, pieces, ids)
            }
            Node::Paragraph(pieces) => filled(TagGroup::new(Tag::P), pieces, ids),
            Node::Table(has_head, rows) => table(*has_head, rows, ids),
        });
    }
    tree
}

fn filled(mut group: TagGroup, pieces: &[usize], ids: &[Option<Identifier>]) -> TagGroup {
    for id in pieces
        .iter()
        .filter_map(|piece| ids.get(*piece).copied().flatten())
    {
        group.push(id);
    }
    group
}

fn table(has_head: bool, rows: &[Vec<Vec<usize>>], ids: &[Option<Identifier>]) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    let split = usize::from(has_head).min(rows.len());
    let (head, body) = rows.split_at(split);
    let row = |cells: &[Vec<usize>], is_head: bool| {
        let mut row = TagGroup::new(Tag::TR);
        for (column, pieces) in cells.iter().enumerate() {
            let cell = match (is_head, column) {
                (true, _) => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                (false, 0) => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                (false, _) => TagGroup::new(Tag::TD),
            };
            row.push(filled(cell, pieces, ids));
        }
        row
    };
    if let Some(cells) = head.first() {
        let mut group = TagGroup::new(Tag::THead);
        group.push(row(cells, true));
        table.push(group);
    }
    let mut group = TagGroup::new(Tag::TBody);
    for cells in body {
        group.push(row(cells, false));
    }
    table.push(group);
    table
}
