//! The format of hledger. The last transaction of a book moves nothing and asserts every balance.

use std::collections::BTreeSet;
use std::fmt::Write;

use felag_domain::ledger::AccountKind;
use felag_domain::money::{Currency, Money};
use time::OffsetDateTime;

use super::beancount::one_line;
use super::{Line, Part, Style, day};
use crate::books::document::{moment, plain};

#[derive(Default)]
pub(super) struct Hledger {
    declared: BTreeSet<Currency>,
}

impl Style for Hledger {
    fn begin(&mut self, out: &mut String, now: OffsetDateTime) -> anyhow::Result<()> {
        writeln!(out, "; Open books of Felag, written at {}.", moment(now)?)?;
        writeln!(out, "decimal-mark .")?;
        Ok(())
    }

    fn book(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()> {
        let title = one_line(part.book.title());
        writeln!(out, "\n; {}: {title}, book {}", part.book.word(), part.book.id)?;
        for (code, currencies) in part.accounts() {
            for currency in currencies {
                if self.declared.insert(currency) {
                    writeln!(out, "commodity {}", example(currency))?;
                }
            }
            let kind = match code.code().kind() {
                AccountKind::Asset => 'A',
                AccountKind::Liability => 'L',
                AccountKind::Income => 'R',
                AccountKind::Expense => 'X',
                AccountKind::Memo | AccountKind::Clearing => 'E',
            };
            writeln!(out, "account {}  ; type:{kind}", account(part, code))?;
        }
        Ok(())
    }

    fn entry(&mut self, out: &mut String, part: &Part, line: &Line<'_>) -> anyhow::Result<()> {
        let (stored, entry) = (line.stored, &line.stored.entry);
        let payee = line
            .name
            .map_or(String::new(), |name| format!("{} | ", description(name)));
        writeln!(
            out,
            "\n{} * ({}/{}) {payee}{}",
            day(entry.at()),
            part.book.word(),
            stored.number,
            description(line.text)
        )?;
        writeln!(out, "    ; at {}", moment(entry.at())?)?;
        writeln!(out, "    ; kind:{}", entry.cause().kind)?;
        writeln!(out, "    ; cause:{}", entry.cause().id)?;
        writeln!(out, "    ; hash:{}", stored.hash)?;
        for movement in entry.movements() {
            let (amount, code) = (plain(movement.amount()), movement.amount().currency().code());
            writeln!(out, "    {}  {amount} {code}", account(part, movement.debit()))?;
            writeln!(out, "    {}  -{amount} {code}", account(part, movement.credit()))?;
        }
        Ok(())
    }

    fn book_end(&mut self, out: &mut String, part: &Part) -> anyhow::Result<()> {
        let Some((_, last)) = part.days() else {
            return Ok(());
        };
        writeln!(
            out,
            "\n{last} * ({}) What stands on the accounts after entry {}",
            part.book.word(),
            part.stand.head.number
        )?;
        writeln!(out, "    ; hash:{}", part.stand.head.hash)?;
        for ((code, currency), minor) in &part.balances {
            let (nothing, balance) = (Money::zero(*currency), Money::from_minor(*minor, *currency));
            writeln!(out, "    {}  {nothing} = {balance}", account(part, *code))?;
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

fn account(part: &Part, code: felag_domain::ledger::Account) -> String {
    part.account(code).to_lowercase()
}

/// How amounts of a currency are written: `1000.00 EUR`, `1000. JPY`. The sign of the decimals must stand there.
fn example(currency: Currency) -> String {
    let decimals = usize::try_from(currency.exponent()).unwrap_or(0);
    format!("1000.{} {currency}", "0".repeat(decimals))
}

/// A text in the description of a transaction. A semicolon would begin a comment and a bar would end the payee: their
/// wide forms look nearly the same and mean nothing.
fn description(text: &str) -> String {
    one_line(text).replace(';', "；").replace('|', "｜")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_begin_a_comment_or_end_the_payee() {
        assert_eq!(
            description("Ada; date:2020-01-01 | x\n y"),
            "Ada； date:2020-01-01 ｜ x  y"
        );
    }

    #[test]
    fn each_currency_shows_its_own_decimals() {
        let shown: Vec<String> = [Currency::EUR, Currency::JPY, Currency::KWD].map(example).into();
        assert_eq!(shown, ["1000.00 EUR", "1000. JPY", "1000.000 KWD"]);
    }
}
