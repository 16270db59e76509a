//! A form as it was typed. Slices check each field with the domain and show the form again, everything kept.

use std::collections::HashMap;

use crate::error::Error;

/// The fields of a posted form. A name sent twice keeps its first value.
#[derive(Debug, Clone, Default)]
pub struct Fields(HashMap<String, String>);

impl Fields {
    /// Reads an `application/x-www-form-urlencoded` body.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is not UTF-8 or carries a NUL, which no browser sends.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if value.contains('\0') || value.contains('\u{fffd}') {
                return Err(Error::BadRequest);
            }
            fields
                .entry(name.into_owned())
                .or_insert_with(|| value.into_owned());
        }
        Ok(Self(fields))
    }

    /// What was typed under `name`; empty when nothing was sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether anything was sent under `name`, if only nothing.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.get(name) == "yes"
    }

    /// A field of another kind, such as an id; `None` when it does not read as one.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).trim().parse().ok()
    }

    /// Adds or replaces a field: for forms prefilled by the program.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_string(), value.into());
    }
}

impl<const N: usize> From<[(&str, String); N]> for Fields {
    fn from(pairs: [(&str, String); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn the_first_of_two_values_counts_and_a_missing_one_is_empty() {
        let fields = Fields::read(b"amount=5&amount=500&box=yes").unwrap();
        assert_eq!((fields.get("amount"), fields.get("none")), ("5", ""));
        assert!(fields.is_ticked("box"));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(Fields::read(b"name=%ff").is_err());
        assert!(Fields::read(b"name=%00").is_err());
    }
}
