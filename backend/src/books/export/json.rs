//! A document in JSON with everything the chain is recomputed from, one entry a line.

use std::fmt::Write;

use serde::Serialize;
use time::OffsetDateTime;

use super::{Line, Part, Style};
use crate::books::document::{ABOUT, Balance, Entry, Head, PublishedHead, SCHEMA, moment};

#[derive(Default)]
pub(super) struct Json {
    has_books: bool,
    has_entries: bool,
}

/// What stands before a book's entries: whoever reads on knows already what must come out.
#[derive(Serialize)]
struct Begin<'a> {
    book: String,
    of: &'a str,
    slug: &'a str,
    title: &'a str,
    head: Head,
    balances: Vec<Balance>,
    published_heads: Vec<PublishedHead>,
}

impl Style for Json {
    fn begin(&mut self, out: &mut String, now: OffsetDateTime) -> anyhow::Result<()> {
        write!(
            out,
            "{{\"schema\":\"{SCHEMA}\",\"made_at\":\"{}\",\n\"about\":{},\n\"books\":[",
            moment(now)?,
            ABOUT.trim_end()
        )?;
        Ok(())
    }

    fn book(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()> {
        let balances = part.balances.iter();
        let heads = part.stand.heads.iter().map(|(day, head)| PublishedHead {
            day: day.to_string(),
            number: head.number,
            hash: head.hash,
        });
        let begin = Begin {
            book: part.book.id.to_string(),
            of: part.book.kind(),
            slug: part.book.slug(),
            title: part.book.title(),
            head: Head {
                number: part.stand.head.number,
                hash: part.stand.head.hash,
            },
            balances: balances
                .map(|((account, currency), minor)| Balance::new(*account, *currency, *minor))
                .collect(),
            published_heads: heads.collect(),
        };
        let text = serde_json::to_string(&begin)?;
        out.push_str(if self.has_books { ",\n" } else { "\n" });
        // The closing brace comes after the entries.
        out.push_str(text.strip_suffix('}').unwrap_or(&text));
        out.push_str(",\"entries\":[");
        (self.has_books, self.has_entries) = (true, false);
        Ok(())
    }

    fn entry(&mut self, out: &mut String, _: &Part, line: &Line<'_>) -> anyhow::Result<()> {
        out.push_str(if self.has_entries { ",\n" } else { "\n" });
        out.push_str(&serde_json::to_string(&Entry::new(line.stored, line.name)?)?);
        self.has_entries = true;
        Ok(())
    }

    fn book_end(&mut self, out: &mut String, _: &Part) -> anyhow::Result<()> {
        out.push_str("\n]}");
        Ok(())
    }

    fn end(&mut self, out: &mut String) -> anyhow::Result<()> {
        out.push_str("\n]}\n");
        Ok(())
    }
}
