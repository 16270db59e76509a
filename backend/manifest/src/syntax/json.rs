//! JSON, read level by level from the raw text: a number is its digits, never a float.

use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Budget, Fault, deeper, line_of};
use crate::tree::{Map, Node};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    // Once through the whole text, so that a mistake is reported where it stands.
    let raw: &RawValue = serde_json::from_str(text).map_err(|e| malformed(&e, e.line()))?;
    Reader {
        text,
        budget: Budget::new(text.len()),
    }
    .node(raw, 0)
}

fn malformed(error: &serde_json::Error, line: usize) -> Fault {
    let words = error.to_string();
    if words.starts_with("recursion limit exceeded") {
        return Fault::TooDeep;
    }
    let detail = words.split(" at line ").next().unwrap_or_default().to_owned();
    Fault::Malformed {
        line: Some(line),
        detail,
    }
}

struct Reader<'t> {
    text: &'t str,
    budget: Budget,
}

impl<'t> Reader<'t> {
    fn node(&mut self, raw: &'t RawValue, depth: usize) -> Result<Node, Fault> {
        let json = raw.get();
        self.budget.take(0)?;
        match json.bytes().next() {
            Some(b'{') => {
                let inner = deeper(depth)?;
                let mut map = Map::default();
                for (key, value) in self.read::<Fields>(json)?.0 {
                    map.insert(key, self.node(value, inner)?);
                }
                Ok(Node::Map(map))
            }
            Some(b'[') => {
                let inner = deeper(depth)?;
                let items = self.read::<Items>(json)?.0;
                items
                    .into_iter()
                    .map(|item| self.node(item, inner))
                    .collect::<Result<_, _>>()
                    .map(Node::List)
            }
            Some(b'"') => self.read::<String>(json).map(Node::Text),
            Some(b't') => Ok(Node::Bool(true)),
            Some(b'f') => Ok(Node::Bool(false)),
            Some(b'n') | None => Ok(Node::Null),
            Some(_) => Ok(Node::Number(json.to_owned())),
        }
    }

    /// Reads one level. `json` is a part of the whole text, which tells the line of a mistake in it.
    fn read<T: Deserialize<'t>>(&self, json: &'t str) -> Result<T, Fault> {
        serde_json::from_str(json).map_err(|e| {
            let before = (json.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
            malformed(&e, line_of(self.text, before) + e.line().saturating_sub(1))
        })
    }
}

/// The fields of one object in the order of the file, doubles included.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

/// The values of one array.
struct Items<'t>(Vec<&'t RawValue>);

impl<'de: 't, 't> Deserialize<'de> for Fields<'t> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = access.next_entry()? {
                    fields.push(field);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(FieldsVisitor).map(Fields)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Items<'t> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;
        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(ItemsVisitor).map(Items)
    }
}
