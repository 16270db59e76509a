//! TOML. The parser takes brackets 80 deep, and in each of them keys of 80 parts, and builds every level:
//! more than the stack of a thread holds. The parts of a key are counted before it starts.

use toml::de::{DeTable, DeValue};

use super::{Budget, Fault, deeper, line_of};
use crate::tree::{Map, Node};

/// How many dots a key may have. Real manifests have keys with one.
const MAX_DOTS: usize = 4;

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if has_long_key(text) {
        return Err(Fault::TooDeep);
    }
    let table = DeTable::parse(text).map_err(|e| malformed(&e, text))?;
    table_node(table.get_ref(), 0, &mut Budget::new(text.len()))
}

fn malformed(error: &toml::de::Error, text: &str) -> Fault {
    let detail = error.message().to_owned();
    if detail.contains("recursion") {
        return Fault::TooDeep;
    }
    let line = error.span().map(|span| line_of(text, span.start));
    Fault::Malformed { line, detail }
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

/// Whether a key has more than [`MAX_DOTS`] dots. Words, strings and comments end where the parser's own
/// lexer ends them, in broken text too: it builds what it can before it reports what is wrong.
fn has_long_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut dots) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'.' => {
                dots += 1;
                at + 1
            }
            b'\n' | b'=' | b',' | b'[' | b']' | b'{' | b'}' => {
                dots = 0;
                at + 1
            }
            b' ' | b'\t' | b'\r' => at + 1,
            b'#' => until(bytes, at, b"\r\n"),
            b'"' | b'\'' => after_string(bytes, at, byte),
            _ => until(bytes, at, b".=,[]{} \t#\r\n"),
        };
        if dots > MAX_DOTS {
            return true;
        }
    }
    false
}

/// Where the first of `ends` stands at or after `from`.
fn until(bytes: &[u8], from: usize, ends: &[u8]) -> usize {
    let found = bytes[from..].iter().position(|byte| ends.contains(byte));
    found.map_or(bytes.len(), |n| from + n)
}

/// Where the string that opens at `from` has ended: after its closing quotes, or at the end of the line
/// or text that breaks it off.
fn after_string(bytes: &[u8], from: usize, quote: u8) -> usize {
    let long = bytes[from..].starts_with(&[quote; 3]);
    let mut at = if long { from + 3 } else { from + 1 };
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote == b'"' {
            let pair = matches!(bytes.get(at + 1), Some(b'\\' | b'"'));
            at += if pair { 2 } else { 1 };
        } else if long && bytes[at..].starts_with(&[quote; 3]) {
            // Up to two quotes may stand before the three that close the string.
            let quotes = bytes[at..].iter().take(5).take_while(|&&byte| byte == quote);
            return at + quotes.count();
        } else if !long && byte == quote {
            return at + 1;
        } else if !long && byte == b'\n' {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_count_in_keys_and_not_in_strings_words_or_comments() {
        let long = "a.".repeat(20);
        for text in [
            format!("{long}a = 1"),
            format!("[{long}a]"),
            format!("x = {{ {long}a = 1 }}"),
            format!("z\"\"\" = 1\n{long}a = 1"),
            format!("x = z\"{{{long}a = 1"),
            format!("x = \"\\\n{long}a = 1"),
            format!("x = \"\"\"y\"\"\"\" , {long}a = 1"),
            format!("x = '''y''''' , {long}a = 1"),
            format!("# c\r{long}a = 1"),
            "'.' . \".\\\".\" . ".repeat(20),
        ] {
            assert!(has_long_key(&text), "{text}");
        }
        for text in [
            format!("x = \"{long}\""),
            format!("x = '{long}'"),
            format!("x = \"\"\"\n{long}\n\\\"\"\"\"\""),
            format!("# {long}"),
            "x = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5]".to_owned(),
            "a.b.c = 1.5\n".repeat(20),
        ] {
            assert!(!has_long_key(&text), "{text}");
        }
    }

    #[test]
    fn the_deepest_text_the_parser_builds_fits_a_small_stack() {
        let key = ["a"; MAX_DOTS + 1].join(".");
        let inner = format!("{{{key}=").repeat(80);
        let text = format!("[{key}]\n{key}={inner}1{}", "}".repeat(80));
        let small = std::thread::Builder::new().stack_size(512 * 1024);
        let refused = small.spawn(move || parse(&text)).unwrap().join().unwrap();
        assert_eq!(refused, Err(Fault::TooDeep));
    }
}
