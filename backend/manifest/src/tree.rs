//! What JSON, YAML and TOML have in common: values, lists and fields. Numbers keep the digits of the
//! file, so that no amount of money passes through a float.

use std::collections::BTreeMap;

/// How deep fields may stand inside each other. Real manifests reach 7.
pub(crate) const MAX_DEPTH: usize = 32;
/// How many values a file may hold, references followed. Real manifests reach some 300.
pub(crate) const MAX_NODES: usize = 50_000;

/// A value in a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, in the digits of the file (YAML's numbers with a decimal point: as rounded by its parser).
    Number(String),
    /// A text; also dates and times.
    Text(String),
    /// Values in a row.
    List(Vec<Node>),
    /// Values with names.
    Map(Map),
}

/// Values with names. A name that stands twice keeps its last value; the earlier ones are remembered.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Map {
    entries: Vec<(String, Node)>,
    index: BTreeMap<String, usize>,
    repeated: Vec<(String, Node)>,
}

impl Map {
    pub(crate) fn insert(&mut self, key: String, node: Node) {
        if let Some(&at) = self.index.get(&key) {
            let earlier = std::mem::replace(&mut self.entries[at].1, node);
            self.repeated.push((key, earlier));
        } else {
            self.index.insert(key.clone(), self.entries.len());
            self.entries.push((key, node));
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.index.get(key).map(|&at| &self.entries[at].1)
    }

    /// Names and values in the order of the file.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries.iter().map(|(key, node)| (key.as_str(), node))
    }
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(map) => map.get(key),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// Whether nothing was said: no value, or a value without content.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(_) | Self::Number(_) => false,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.entries.is_empty(),
        }
    }

    /// The value as somebody would write it on one line, for a message.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(yes) => yes.to_string(),
            Self::Number(text) | Self::Text(text) => text.clone(),
            Self::List(list) => list
                .iter()
                .take(5)
                .map(Self::shown)
                .collect::<Vec<_>>()
                .join(", "),
            Self::Map(map) => {
                let fields = map
                    .entries()
                    .take(5)
                    .map(|(key, node)| format!("{key}: {}", node.shown()));
                fields.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Tells `report` each value that was given up because its name stood again further down.
    pub(crate) fn repeated(&self, report: &mut impl FnMut(&str, &str)) {
        self.repeated_below("", report);
    }

    fn repeated_below(&self, path: &str, report: &mut impl FnMut(&str, &str)) {
        match self {
            Self::Map(map) => {
                for (key, earlier) in &map.repeated {
                    report(&joined(path, key), &earlier.shown());
                }
                for (key, node) in map.entries() {
                    node.repeated_below(&joined(path, key), report);
                }
            }
            Self::List(list) => {
                for (at, node) in list.iter().enumerate() {
                    node.repeated_below(&format!("{path}[{at}]"), report);
                }
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
        }
    }
}

/// The path of a field: `legal` and `license` make `legal.license`.
pub(crate) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
