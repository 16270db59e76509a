//! Where everything of a document stands: pages, lines of words, and which of them belong together.

use felag_frontend::Lang;

use super::measure::{width, wrapped, writable};
use super::{Block, Paper, Row, Table};

/// A4, in points.
pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 56.0;
/// What the foot keeps free.
const FOOT: f32 = 64.0;
const FOOT_SIZE: f32 = 7.5;
/// Between a column and the next.
const GAP: f32 = 8.0;
/// The part of the width that names of facts take.
const NAMES: f32 = 0.34;

/// Words on one line, at a place.
#[derive(Debug, Clone)]
pub struct Piece {
    pub page: usize,
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub words: String,
    /// The foot, and what is said again: not read to whoever listens.
    pub is_artifact: bool,
}

/// A line that is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    pub page: usize,
    pub from: (f32, f32),
    pub to: (f32, f32),
    pub width: f32,
}

/// What belongs together.
#[derive(Debug, Clone)]
pub enum Node {
    Title(String, Vec<usize>),
    Heading(String, Vec<usize>),
    Paragraph(Vec<usize>),
    /// Rows of cells; the first is the head if the flag says so. A row's first cell is what it is about.
    Table(bool, Vec<Vec<Vec<usize>>>),
}

/// A document on its pages.
#[derive(Debug, Default)]
pub struct LaidOut {
    pub pages: usize,
    pub pieces: Vec<Piece>,
    pub strokes: Vec<Stroke>,
    pub nodes: Vec<Node>,
}

/// Puts a document on pages, in letters of `size` points.
pub fn lay_out(lang: Lang, paper: &Paper, size: f32) -> LaidOut {
    let mut pen = Pen {
        out: LaidOut::default(),
        page: 0,
        y: MARGIN,
        size,
    };
    let title = pen.lines(&paper.title, size * 1.7, MARGIN, WIDTH - 2.0 * MARGIN);
    pen.out.nodes.push(Node::Title(writable(&paper.title), title));
    for block in &paper.blocks {
        match block {
            Block::Heading(words) => pen.heading(words),
            Block::Words(words) => pen.words(words),
            Block::Warning(words) => pen.warning(words),
            Block::Facts(facts) => pen.facts(facts),
            Block::Table(table) => pen.table(table),
        }
    }
    pen.out.pages = pen.page + 1;
    pen.feet(lang, &paper.foot);
    pen.out
}

/// What writes from the top down.
struct Pen {
    out: LaidOut,
    page: usize,
    /// Where the last line stands.
    y: f32,
    size: f32,
}

impl Pen {
    /// How far a line of letters of `size` is from the one before.
    fn leading(size: f32) -> f32 {
        size * 1.32
    }

    fn has_room(&self, height: f32) -> bool {
        self.y + height <= HEIGHT - FOOT
    }

    fn next_page(&mut self) {
        self.page += 1;
        self.y = MARGIN;
    }

    /// Free space before a block; none at the top of a page.
    fn space(&mut self, height: f32) {
        if self.y > MARGIN {
            self.y += height;
        }
    }

    fn piece(&mut self, x: f32, y: f32, size: f32, words: &str) -> usize {
        self.out.pieces.push(Piece {
            page: self.page,
            x,
            y,
            size,
            words: words.to_string(),
            is_artifact: false,
        });
        self.out.pieces.len() - 1
    }

    fn lines(&mut self, words: &str, size: f32, x: f32, most: f32) -> Vec<usize> {
        let mut ids = Vec::new();
        for line in wrapped(words, size, most) {
            if line.trim().is_empty() {
                continue;
            }
            if !self.has_room(Self::leading(size)) {
                self.next_page();
            }
            self.y += Self::leading(size);
            ids.push(self.piece(x, self.y, size, &line));
        }
        ids
    }

    fn heading(&mut self, words: &str) {
        let size = self.size * 1.25;
        self.space(self.size * 0.9);
        // A heading never stands alone at the foot of a page.
        if !self.has_room(Self::leading(size) + 3.0 * Self::leading(self.size)) {
            self.next_page();
        }
        let ids = self.lines(words, size, MARGIN, WIDTH - 2.0 * MARGIN);
        self.out.nodes.push(Node::Heading(writable(words), ids));
    }

    fn words(&mut self, words: &str) {
        for paragraph in words.split('\n').filter(|line| !line.trim().is_empty()) {
            self.space(self.size * 0.3);
            let ids = self.lines(paragraph, self.size, MARGIN, WIDTH - 2.0 * MARGIN);
            self.out.nodes.push(Node::Paragraph(ids));
        }
    }

    fn warning(&mut self, words: &str) {
        self.space(self.size * 0.4);
        let ids = self.lines(words, self.size, MARGIN + 10.0, WIDTH - 2.0 * MARGIN - 10.0);
        for &id in &ids {
            if let Some(line) = self.out.pieces.get(id) {
                self.out.strokes.push(Stroke {
                    page: line.page,
                    from: (MARGIN + 3.0, line.y - Self::leading(line.size) * 0.76),
                    to: (MARGIN + 3.0, line.y + line.size * 0.3),
                    width: 1.5,
                });
            }
        }
        self.out.nodes.push(Node::Paragraph(ids));
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        self.space(self.size * 0.3);
        let names = (WIDTH - 2.0 * MARGIN) * NAMES;
        let mut rows = Vec::new();
        for (name, value) in facts {
            let cells = [
                (MARGIN, wrapped(name, self.size, names - GAP)),
                (
                    MARGIN + names,
                    wrapped(value, self.size, WIDTH - 2.0 * MARGIN - names),
                ),
            ];
            rows.push(self.row(&cells));
        }
        self.out.nodes.push(Node::Table(false, rows));
    }

    /// The cells of one row, which stays together if a page can hold it.
    fn row(&mut self, cells: &[(f32, Vec<String>)]) -> Vec<Vec<usize>> {
        let leading = Self::leading(self.size);
        let most = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        // A document's rows have few lines.
        let height = leading * most as f32;
        if !self.has_room(height) {
            self.next_page();
        }
        let top = self.y;
        let mut ids = Vec::new();
        for (x, lines) in cells {
            let mut y = top;
            let mut cell = Vec::new();
            for line in lines {
                y += leading;
                cell.push(self.piece(*x, y, self.size, line));
            }
            ids.push(cell);
        }
        self.y = top + height;
        ids
    }

    fn table(&mut self, table: &Table) {
        self.space(self.size * 0.3);
        let columns = columns(table, self.size);
        let mut rows = Vec::new();
        if !table.head.is_empty() {
            rows.push(self.table_row(&table.head, &columns));
            self.across();
        }
        for Row { cells, is_sum } in &table.rows {
            if !self.has_room(Self::leading(self.size)) {
                self.next_page();
                self.head_again(&table.head, &columns);
            }
            if *is_sum {
                self.across();
            }
            rows.push(self.table_row(cells, &columns));
        }
        self.out.nodes.push(Node::Table(!table.head.is_empty(), rows));
    }

    fn table_row(&mut self, cells: &[String], columns: &[f32]) -> Vec<Vec<usize>> {
        let first = WIDTH - 2.0 * MARGIN - columns.iter().sum::<f32>();
        let mut right = MARGIN + first;
        let mut placed = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if index == 0 {
                placed.push((MARGIN, wrapped(cell, self.size, first - GAP)));
                continue;
            }
            right += columns.get(index - 1).copied().unwrap_or(0.0);
            let words = writable(cell);
            placed.push((right - width(&words) * self.size, vec![words]));
        }
        self.row(&placed)
    }

    /// The head of a table that goes on: for the eye only, it was read before.
    fn head_again(&mut self, head: &[String], columns: &[f32]) {
        if head.is_empty() {
            return;
        }
        for id in self.table_row(head, columns).into_iter().flatten() {
            if let Some(piece) = self.out.pieces.get_mut(id) {
                piece.is_artifact = true;
            }
        }
        self.across();
    }

    /// A line across the page.
    fn across(&mut self) {
        self.y += self.size * 0.35;
        self.out.strokes.push(Stroke {
            page: self.page,
            from: (MARGIN, self.y),
            to: (WIDTH - MARGIN, self.y),
            width: 0.5,
        });
    }

    fn feet(&mut self, lang: Lang, foot: &str) {
        let pages = self.out.pages;
        for page in 0..pages {
            self.page = page;
            let number = lang.t2(
                "paper-page",
                "number",
                (page + 1).to_string(),
                "of",
                pages.to_string(),
            );
            let number = writable(&number);
            let wide = width(&number) * FOOT_SIZE;
            let y = HEIGHT - FOOT / 2.0;
            let room = WIDTH - 2.0 * MARGIN - wide - GAP;
            let foot = wrapped(foot, FOOT_SIZE, room)
                .into_iter()
                .next()
                .unwrap_or_default();
            for (x, words) in [(MARGIN, foot), (WIDTH - MARGIN - wide, number)] {
                let id = self.piece(x, y, FOOT_SIZE, &words);
                if let Some(piece) = self.out.pieces.get_mut(id) {
                    piece.is_artifact = true;
                }
            }
        }
    }
}

/// How wide the columns of numbers are: as their widest cell.
fn columns(table: &Table, size: f32) -> Vec<f32> {
    let rows = table.rows.iter().map(|row| &row.cells).chain([&table.head]);
    let mut columns: Vec<f32> = Vec::new();
    for cells in rows {
        for (index, cell) in cells.iter().skip(1).enumerate() {
            let wide = width(&writable(cell)) * size + GAP;
            match columns.get_mut(index) {
                Some(column) => *column = column.max(wide),
                None => columns.push(wide),
            }
        }
    }
    columns
}
