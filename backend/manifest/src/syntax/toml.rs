//! TOML. Dotted keys nest without brackets, and the parser builds every level of them: how deep a text
//! goes is measured before it is parsed.

use toml::de::{DeTable, DeValue};

use super::{Budget, Fault, deeper, line_of};
use crate::tree::{MAX_DEPTH, Map, Node};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if goes_too_deep(text) {
        return Err(Fault::TooDeep);
    }
    let table = DeTable::parse(text).map_err(|e| Fault::Malformed {
        line: e.span().map(|span| line_of(text, span.start)),
        detail: e.message().to_owned(),
    })?;
    table_node(table.get_ref(), 0, &mut Budget::new(text.len()))
}

fn table_node(table: &DeTable<'_>, depth: usize, budget: &mut Budget) -> Result<Node, Fault> {
    let inner = deeper(depth)?;
    let mut map = Map::default();
    for (key, value) in table {
        map.insert(key.get_ref().to_string(), node(value.get_ref(), inner, budget)?);
    }
    Ok(Node::Map(map))
}

fn node(value: &DeValue<'_>, depth: usize, budget: &mut Budget) -> Result<Node, Fault> {
    budget.take(0)?;
    Ok(match value {
        DeValue::Table(table) => table_node(table, depth, budget)?,
        DeValue::Array(array) => {
            let inner = deeper(depth)?;
            let items = array.iter().map(|item| node(item.get_ref(), inner, budget));
            Node::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => Node::Number(number.to_string()),
        DeValue::Float(number) => Node::Number(number.to_string()),
        DeValue::Boolean(yes) => Node::Bool(*yes),
        DeValue::Datetime(date) => Node::Text(date.to_string()),
    })
}

/// Whether brackets or the dots of one key go deeper than [`MAX_DEPTH`]. Strings and comments are
/// passed over as TOML 1.1 defines them.
fn goes_too_deep(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut brackets, mut dots) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => at = end_of_line(bytes, at),
            b'"' | b'\'' => at = end_of_string(bytes, at, byte),
            b'[' | b'{' => (brackets, dots) = (brackets + 1, 0),
            b']' | b'}' => (brackets, dots) = (brackets.saturating_sub(1), 0),
            b'\n' | b'=' | b',' => dots = 0,
            b'.' => dots += 1,
            _ => {}
        }
        if brackets > MAX_DEPTH || dots > MAX_DEPTH {
            return true;
        }
        at += 1;
    }
    false
}

/// The last byte before the line's end.
fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|&b| b == b'\n')
        .map_or(bytes.len(), |n| (from + n).saturating_sub(1))
}

/// The closing quote of the string that opens at `from`, or the end of the line or file it is broken off at.
fn end_of_string(bytes: &[u8], from: usize, quote: u8) -> usize {
    let long = bytes[from..].starts_with(&[quote; 3]);
    let mut at = if long { from + 3 } else { from + 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at - 1,
            _ if long && bytes[at..].starts_with(&[quote; 3]) => return at + 2,
            _ if !long && byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    at
}
