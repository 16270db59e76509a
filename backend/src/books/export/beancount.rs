//! The format of beancount 3. Amounts are exact: the file asks for no tolerance.

use std::fmt::Write;

use felag_domain::money::Money;
use time::OffsetDateTime;

use super::{Line, Part, Style, day};
use crate::books::document::{moment, plain};

pub(super) struct Beancount;

impl Style for Beancount {
    fn begin(&mut self, out: &mut String, now: OffsetDateTime) -> anyhow::Result<()> {
        writeln!(out, "; Open books of Felag, written at {}.", moment(now)?)?;
        writeln!(out, "option \"title\" \"Open books of Felag\"")?;
        // Without it, a cent too much or too little would pass.
        writeln!(out, "option \"tolerance_multiplier\" \"0\"")?;
        Ok(())
    }

    fn book(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()> {
        writeln!(
            out,
            "\n; {}: {}, book {}",
            part.book.word(),
            one_line(part.book.title()),
            part.book.id
        )?;
        let Some((first, _)) = part.days() else {
            return Ok(());
        };
        for (code, currencies) in part.accounts() {
            let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
            writeln!(out, "{first} open {} {}", part.account(code), codes.join(","))?;
        }
        Ok(())
    }

    fn entry(&mut self, out: &mut String, part: &Part, line: &Line<'_>) -> anyhow::Result<()> {
        let (stored, entry) = (line.stored, &line.stored.entry);
        let payee = line
            .name
            .map_or(String::new(), |name| format!("{} ", quoted(name)));
        writeln!(
            out,
            "\n{} * {payee}{} ^{}/{}",
            day(entry.at()),
            quoted(line.text),
            part.book.word(),
            stored.number
        )?;
        writeln!(out, "  at: \"{}\"", moment(entry.at())?)?;
        writeln!(out, "  kind: \"{}\"", entry.cause().kind)?;
        writeln!(out, "  cause: {}", quoted(&entry.cause().id))?;
        writeln!(out, "  hash: \"{}\"", stored.hash)?;
        for movement in entry.movements() {
            let (amount, code) = (plain(movement.amount()), movement.amount().currency().code());
            writeln!(out, "  {}  {amount} {code}", part.account(movement.debit()))?;
            writeln!(out, "  {}  -{amount} {code}", part.account(movement.credit()))?;
        }
        Ok(())
    }

    fn book_end(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()> {
        let Some((_, last)) = part.days() else {
            return Ok(());
        };
        writeln!(
            out,
            "\n; What stands on the accounts after entry {}, {}.",
            part.stand.head.number, part.stand.head.hash
        )?;
        // A balance is looked at when its day begins.
        let after = last.next_day().unwrap_or(last);
        for ((code, currency), minor) in &part.balances {
            let balance = Money::from_minor(*minor, *currency);
            writeln!(out, "{after} balance {}  {balance}", part.account(*code))?;
        }
        for (day, head) in &part.stand.heads {
            writeln!(out, "; published {day}: entry {} {}", head.number, head.hash)?;
        }
        Ok(())
    }

    fn end(&mut self, _: &mut String) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A text between quotation marks, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in one_line(text).chars() {
        if matches!(sign, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(sign);
    }
    quoted.push('"');
    quoted
}

/// A text without line ends and other signs that nobody sees.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_string_or_its_line() {
        assert_eq!(quoted(r#"Ada "\" Baker"#), r#""Ada \"\\\" Baker""#);
        assert_eq!(quoted("Ada\n2026-01-01 open"), "\"Ada 2026-01-01 open\"");
    }
}
