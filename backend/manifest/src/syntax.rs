//! From text to a tree: which of JSON, YAML and TOML a file is written in, and parsing it within limits.

mod json;
mod toml;
mod yaml;

use crate::error::{ManifestError, shown_file_name};
use crate::text::{clean_line, shortened};
use crate::tree::{MAX_DEPTH, MAX_NODES, Node};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Yaml,
    Toml,
}

impl Syntax {
    fn as_str(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        }
    }

    /// What the first line that says something looks like.
    fn of_content(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let first = lines
            .into_iter()
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default();
        match (first.find('='), first.find(':')) {
            _ if first.starts_with('{') => Self::Json,
            _ if first.starts_with('[') => Self::Toml,
            (Some(equals), colon) if colon.is_none_or(|colon| equals < colon) => Self::Toml,
            (Some(_) | None, _) => Self::Yaml,
        }
    }

    fn of_name(file_name: &str) -> Option<Self> {
        let (_, ending) = file_name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "yml" | "yaml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    fn parse(self, text: &str) -> Result<Node, Fault> {
        match self {
            Self::Json => json::parse(text),
            Self::Yaml => yaml::parse(text),
            Self::Toml => toml::parse(text),
        }
    }
}

/// Why a text could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    TooDeep,
    TooMany,
    Malformed { line: Option<usize>, detail: String },
}

/// What a file may still hold while it is being parsed.
#[derive(Debug)]
struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    fn new(bytes: usize) -> Self {
        Self {
            nodes: MAX_NODES,
            bytes,
        }
    }

    /// One value more, with a text of `bytes` bytes.
    fn take(&mut self, bytes: usize) -> Result<(), Fault> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Fault::TooMany)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Fault::TooMany)?;
        Ok(())
    }
}

/// One level further down.
fn deeper(depth: usize) -> Result<usize, Fault> {
    if depth >= MAX_DEPTH {
        Err(Fault::TooDeep)
    } else {
        Ok(depth + 1)
    }
}

/// Parses a text as what it looks like; where that fails, as what its name says.
pub(crate) fn parse(file_name: Option<&str>, text: &str) -> Result<(Node, Syntax), ManifestError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let looks = Syntax::of_content(text);
    let named = file_name.and_then(Syntax::of_name).unwrap_or(looks);
    let (parsed, syntax) = match looks.parse(text) {
        Err(Fault::Malformed { .. }) if named != looks => (named.parse(text), named),
        parsed => (parsed, looks),
    };
    let file = shown_file_name(file_name);
    match parsed {
        Ok(node) => Ok((node, syntax)),
        Err(Fault::TooDeep) => Err(ManifestError::TooDeep { file }),
        Err(Fault::TooMany) => Err(ManifestError::TooMany { file }),
        Err(Fault::Malformed { line, detail }) => {
            let detail = shortened(&clean_line(&detail), 160);
            Err(ManifestError::Syntax {
                file,
                syntax: syntax.as_str(),
                line,
                detail,
            })
        }
    }
}

/// The line that byte `at` of `text` stands on, counted from one.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&b| b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Node {
        parse(None, text).unwrap().0
    }

    #[test]
    fn the_same_fields_read_the_same_in_all_three_syntaxes() {
        let json = parsed(r#"{"name": "Loom", "size": {"w": 400}, "tags": ["a", "b"]}"#);
        let yaml = parsed("# a comment\nname: Loom\nsize:\n  w: 400\ntags: [a, b]\n");
        let toml = parsed("# a comment\nname = \"Loom\"\ntags = [\"a\", \"b\"]\nsize = { w = 400 }\n");
        assert_eq!(json, yaml);
        assert_eq!(json, toml);
    }

    #[test]
    fn a_number_in_json_keeps_its_digits() {
        let node = parsed(r#"{"amount": 90071992547409.93, "other": 1e2}"#);
        assert_eq!(
            node.get("amount"),
            Some(&Node::Number("90071992547409.93".to_owned()))
        );
        assert_eq!(node.get("other"), Some(&Node::Number("1e2".to_owned())));
    }

    #[test]
    fn a_field_that_stands_twice_keeps_its_last_value_and_reports_the_first() {
        for text in [r#"{"a": {"b": 1, "b": 2}}"#, "a:\n  b: 1\n  b: 2\n"] {
            let node = parsed(text);
            assert_eq!(
                node.get("a").and_then(|a| a.get("b")),
                Some(&Node::Number("2".to_owned()))
            );
            let mut found = Vec::new();
            node.repeated(&mut |path, value| found.push((path.to_owned(), value.to_owned())));
            assert_eq!(found, [("a.b".to_owned(), "1".to_owned())]);
        }
    }

    #[test]
    fn a_syntax_error_names_its_line() {
        for (text, line) in [
            ("{\n\"a\": 1,\n}", 3),
            ("{\n\"a\": \"\\ud800\"\n}", 2),
            ("a: 1\nb: [1, 2\n", 3),
            ("a = 1\nb = \n", 2),
        ] {
            let error = parse(Some("x/some.file"), text).unwrap_err();
            let ManifestError::Syntax {
                line: found, file, ..
            } = &error
            else {
                panic!("{error:?}")
            };
            assert_eq!(*found, Some(line), "{text:?}: {error}");
            assert_eq!(file, "some.file");
        }
    }

    #[test]
    fn the_name_decides_where_the_content_misleads() {
        let (node, syntax) = parse(Some("okh.yml"), "{a: 1, b: two}").unwrap();
        assert_eq!(syntax, Syntax::Yaml);
        assert_eq!(node.get("b"), Some(&Node::Text("two".to_owned())));
    }

    #[test]
    fn a_directive_no_parser_knows_and_a_tag_are_passed_over() {
        let node = parsed("%Open Know-How Manifest 1.0\n---\ntitle: !thing Loom\nlist: !x [1]\n");
        assert_eq!(node.get("title"), Some(&Node::Text("Loom".to_owned())));
        assert_eq!(
            node.get("list"),
            Some(&Node::List(vec![Node::Number("1".to_owned())]))
        );
    }

    #[test]
    fn deep_nesting_is_refused_in_every_syntax_and_notation() {
        let n = 100_000;
        for text in [
            format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n)),
            format!("{}1{}", "{\"a\":".repeat(80_000), "}".repeat(80_000)),
            format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40)),
            format!("a: {}", "[".repeat(n)),
            format!("a: {}", "[\"]\",".repeat(80_000)),
            format!("a: {}", "{a: ".repeat(n)),
            format!("a:\n  {}x", "- ".repeat(n)),
            (0..900).map(|i| format!("{}a:\n", " ".repeat(i))).collect(),
            format!("a = {}", "[".repeat(n)),
            format!("a = {}1{}", "[".repeat(40), "]".repeat(40)),
            format!("a = {}", "{a=".repeat(n)),
            format!("{}a = 1", "a.".repeat(n)),
            format!("[{}a]", "a.".repeat(n)),
            format!("{}a = 1", "\"=\\\"\".".repeat(60_000)),
            format!("{}a = 1", "'.'. ".repeat(60_000)),
            format!("x = {{ {}a = 1 }}", "a.".repeat(n)),
        ] {
            let error = parse(None, &text).unwrap_err();
            let refused = matches!(
                error,
                ManifestError::TooDeep { .. } | ManifestError::TooMany { .. }
            );
            let counted = error
                .to_string()
                .ends_with("it holds more than 600 opening brackets");
            assert!(refused || counted, "{}…: {error}", &text[..20]);
        }
    }

    #[test]
    fn references_that_multiply_each_other_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        let long = format!(
            "a: &a {}\nb: [{}]\n",
            "x".repeat(100_000),
            vec!["*a"; 100].join(", ")
        );
        for text in [bomb, long] {
            assert!(matches!(parse(None, &text), Err(ManifestError::TooMany { .. })));
        }
        let circle = parse(None, "a: &a [*a]\n");
        assert!(
            matches!(
                circle,
                Err(ManifestError::TooDeep { .. } | ManifestError::Syntax { .. })
            ),
            "{circle:?}"
        );
    }

    #[test]
    fn a_reference_or_two_is_read() {
        let node = parsed("a: &a {x: 1}\nb: *a\n");
        assert_eq!(
            node.get("b").and_then(|b| b.get("x")),
            Some(&Node::Number("1".to_owned()))
        );
    }
}
