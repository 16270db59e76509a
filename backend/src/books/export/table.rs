//! A table: one row for each movement. No cell is taken for a formula.

use time::OffsetDateTime;

use super::{Line, Part, Style};
use crate::books::document::{moment, plain};
use crate::books::safe::cell;

pub(super) struct Table;

const COLUMNS: [&str; 15] = [
    "book", "of", "number", "at", "kind", "cause", "position", "debit", "credit", "amount", "currency",
    "minor", "name", "previous", "hash",
];

impl Style for Table {
    fn begin(&mut self, out: &mut String, _: OffsetDateTime) -> anyhow::Result<()> {
        row(out, COLUMNS.map(str::to_string))
    }

    fn book(&mut self, _: &mut String, _: &Part) -> anyhow::Result<()> {
        Ok(())
    }

    fn entry(&mut self, out: &mut String, part: &Part, line: &Line<'_>) -> anyhow::Result<()> {
        let (stored, entry) = (line.stored, &line.stored.entry);
        for (position, movement) in (1..).zip(entry.movements()) {
            let position: i32 = position;
            let cells = [
                part.book.id.to_string(),
                part.book.word(),
                stored.number.to_string(),
                moment(entry.at())?,
                entry.cause().kind.to_string(),
                entry.cause().id.clone(),
                position.to_string(),
                movement.debit().to_string(),
                movement.credit().to_string(),
                plain(movement.amount()),
                movement.amount().currency().to_string(),
                movement.amount().minor().to_string(),
                line.name.unwrap_or_default().to_string(),
                stored.previous.to_string(),
                stored.hash.to_string(),
            ];
            row(out, cells)?;
        }
        Ok(())
    }

    fn book_end(&mut self, _: &mut String, _: &Part) -> anyhow::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &mut String) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Every cell is quoted, so that no separator of any program splits one.
fn row(out: &mut String, cells: [String; 15]) -> anyhow::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    csv.write_record(cells.iter().map(|text| cell(text).into_owned()))?;
    let bytes = csv
        .into_inner()
        .map_err(|cause| anyhow::anyhow!("{}", cause.error()))?;
    out.push_str(std::str::from_utf8(&bytes)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_be_a_formula_nor_end_its_cell() {
        let mut out = String::new();
        let mut cells = [(); 15].map(|()| String::new());
        cells[0] = "=1+1".into();
        cells[1] = "x\",\"=2".into();
        row(&mut out, cells).unwrap();
        assert!(out.starts_with("\"'=1+1\",\"x\"\",\"\"=2\",\"\","), "{out}");
        assert!(out.ends_with("\"\"\r\n"));
    }
}
