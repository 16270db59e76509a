//! A request's parameters. Each is taken out once; whatever is left over at the end is refused by name, as
//! Stripe refuses what it does not know.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fault::{Fault, Outcome};

/// The parameters not yet taken, by full name: `amount`, `metadata[pledge]`, `expand[0]`.
#[derive(Debug, Default)]
pub(crate) struct Params {
    rest: BTreeMap<String, String>,
}

impl Params {
    pub(crate) fn parse(text: &str) -> Self {
        let mut rest = BTreeMap::new();
        for (place, (name, value)) in form_urlencoded::parse(text.as_bytes()).enumerate() {
            // `expand[]=a&expand[]=b` is a list too; numbering keeps both.
            let name = match name.strip_suffix("[]") {
                Some(list) => format!("{list}[{place:06}]"),
                None => name.into_owned(),
            };
            rest.insert(name, value.into_owned());
        }
        Self { rest }
    }

    /// The text under `name`; an empty one counts as absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.rest.remove(name).filter(|text| !text.is_empty())
    }

    /// As [`Params::text`], but tells "set to nothing" (`Some(None)`) from "not mentioned" (`None`).
    pub(crate) fn change(&mut self, name: &str) -> Option<Option<String>> {
        self.rest
            .remove(name)
            .map(|text| Some(text).filter(|text| !text.is_empty()))
    }

    pub(crate) fn required(&mut self, name: &str) -> Outcome<String> {
        self.text(name).ok_or_else(|| Fault::missing_param(name))
    }

    /// A whole number, in digits only.
    pub(crate) fn integer(&mut self, name: &str) -> Outcome<Option<i64>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = text.parse().map_err(|_| {
            Fault::bad_param(name, format!("Invalid integer: {text}")).code("parameter_invalid_integer")
        })?;
        Ok(Some(number))
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Outcome<bool> {
        match self.text(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Fault::bad_param(name, format!("Invalid boolean: {other}"))),
        }
    }

    /// A text that must be one of `allowed`.
    pub(crate) fn choice(&mut self, name: &str, allowed: &[&'static str]) -> Outcome<Option<&'static str>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let known = allowed.iter().find(|one| **one == text);
        known.copied().map(Some).ok_or_else(|| {
            Fault::bad_param(
                name,
                format!("Invalid {name}: must be one of {}", allowed.join(", ")),
            )
        })
    }

    /// The values of a list `name[0]`, `name[1]` …, in order.
    pub(crate) fn list(&mut self, name: &str) -> Vec<String> {
        self.take_inside(name)
            .into_iter()
            .map(|(_, value)| value)
            .collect()
    }

    /// New metadata: what `old` held, changed as asked. An empty value removes its key.
    pub(crate) fn metadata(&mut self, name: &str, old: Option<&Value>) -> Outcome<Value> {
        let mut map: Map<String, Value> = old.and_then(Value::as_object).cloned().unwrap_or_default();
        if self.rest.remove(name).is_some_and(|text| text.is_empty()) {
            map.clear();
        }
        for (key, value) in self.take_inside(name) {
            if key.len() > 40 || value.chars().count() > 500 {
                let words = "Metadata keys have at most 40 characters and values at most 500";
                return Err(Fault::bad_param(format!("{name}[{key}]"), words));
            }
            if value.is_empty() {
                map.remove(&key);
            } else {
                map.insert(key, value.into());
            }
        }
        if map.len() > 50 {
            return Err(Fault::bad_param(name, "Metadata has at most 50 keys"));
        }
        Ok(Value::Object(map))
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(&self) -> Outcome<()> {
        match self.rest.keys().next() {
            None => Ok(()),
            Some(name) => Err(Fault::invalid(format!("Received unknown parameter: {name}"))
                .code("parameter_unknown")
                .param(name)),
        }
    }

    fn take_inside(&mut self, name: &str) -> Vec<(String, String)> {
        let start = format!("{name}[");
        let keys: Vec<String> = self
            .rest
            .keys()
            .filter(|key| key.starts_with(&start))
            .cloned()
            .collect();
        let mut taken = Vec::with_capacity(keys.len());
        for key in keys {
            let inner = key[start.len()..]
                .strip_suffix(']')
                .filter(|inner| !inner.contains(['[', ']']));
            let Some(inner) = inner.map(str::to_owned) else {
                continue;
            };
            if let Some(value) = self.rest.remove(&key) {
                taken.push((inner, value));
            }
        }
        taken
    }
}
