//! YAML, with references followed within a budget: a few lines can otherwise stand for billions of values.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{Budget, Fault, deeper};
use crate::tree::{Map, Node};

/// How many `[` and `{` a file may hold. The parser's time grows with how deep they nest, and quotes
/// make nesting costly to measure beforehand; their number is a bound for both. Real files have some 20.
const MAX_OPENING: usize = 600;

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if text.bytes().filter(|b| matches!(b, b'[' | b'{')).count() > MAX_OPENING {
        let detail = format!("it holds more than {MAX_OPENING} opening brackets");
        return Err(Fault::Malformed { line: None, detail });
    }
    let text = without_unknown_directives(text);
    let state = State {
        budget: RefCell::new(Budget::new(text.len())),
        fault: RefCell::new(None),
    };
    let parsed = Seed {
        state: &state,
        depth: 0,
    }
    .deserialize(serde_yaml_ng::Deserializer::from_str(&text));
    parsed.map_err(|error| state.fault.take().unwrap_or_else(|| malformed(&error)))
}

fn malformed(error: &serde_yaml_ng::Error) -> Fault {
    let detail = error.to_string();
    if detail.contains("recursion limit exceeded") {
        return Fault::TooDeep;
    }
    if detail.contains("repetition limit exceeded") {
        return Fault::TooMany;
    }
    Fault::Malformed {
        line: error.location().map(|at| at.line()),
        detail,
    }
}

/// Open Know-How 1.0 asks for a first line `%Open Know-How Manifest 1.0`, which no YAML parser knows:
/// lines of that kind become comments, so that the others keep their numbers.
fn without_unknown_directives(text: &str) -> String {
    let mut before_document = true;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        before_document &= line.is_empty() || line.starts_with(['%', '#', '\r', ' ']);
        let unknown = before_document && line.starts_with('%');
        lines.push(
            if unknown && !line.starts_with("%YAML ") && !line.starts_with("%TAG ") {
                format!("#{}", &line[1..])
            } else {
                line.to_owned()
            },
        );
    }
    lines.join("\n")
}

struct State {
    budget: RefCell<Budget>,
    fault: RefCell<Option<Fault>>,
}

#[derive(Clone, Copy)]
struct Seed<'s> {
    state: &'s State,
    depth: usize,
}

impl Seed<'_> {
    /// Keeps the fault for [`parse`]: an error of the parser carries only words.
    fn check<T, E: de::Error>(self, result: Result<T, Fault>) -> Result<T, E> {
        result.map_err(|fault| {
            let words = E::custom("a limit was reached");
            self.state.fault.replace(Some(fault));
            words
        })
    }

    fn leaf<E: de::Error>(self, node: Node, bytes: usize) -> Result<Node, E> {
        let taken = self.state.budget.borrow_mut().take(bytes);
        self.check(taken)?;
        Ok(node)
    }

    fn inner<E: de::Error>(self) -> Result<Self, E> {
        let taken = self.state.budget.borrow_mut().take(0);
        self.check(taken)?;
        let depth = self.check(deeper(self.depth))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        self.leaf(Node::Null, 0)
    }

    /// A document without a value: nothing but comments.
    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Node, E> {
        self.leaf(Node::Bool(yes), 0)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        self.leaf(Node::Number(number.to_string()), 0)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        self.leaf(Node::Number(number.to_string()), 0)
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Node, E> {
        self.leaf(Node::Number(number.to_string()), 0)
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Node, E> {
        self.leaf(Node::Number(number.to_string()), 0)
    }

    // Versions such as `0.4`. Amounts of money are only read from JSON.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Node, E> {
        self.leaf(Node::Number(number.to_string()), 0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        self.leaf(Node::Text(text.to_owned()), text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(node) = access.next_element_seed(inner)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::default();
        while let Some(key) = access.next_key_seed(inner)? {
            let node = access.next_value_seed(inner)?;
            // Lists and maps can be names in YAML; no manifest has such fields.
            if let Node::Text(key) | Node::Number(key) = key {
                map.insert(key, node);
            } else if let Node::Bool(yes) = key {
                map.insert(yes.to_string(), node);
            }
        }
        Ok(Node::Map(map))
    }

    /// A value with a tag (`!name value`): the tag is passed over.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Node, A::Error> {
        let (_tag, variant) = access.variant::<String>()?;
        variant.newtype_variant_seed(self.inner()?)
    }
}
