//! What a project tells the people who follow or back its campaign.

use crate::text;
use crate::words::{FieldRefusal, Refusals};

/// A checked update: a title of one line, and a body in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpdate {
    title: String,
    body: String,
}

impl NewUpdate {
    /// Checks an update.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title` and `body`.
    pub fn decide(title: &str, body: &str) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 120));
        let body = refusals.keep("body", text::block(body, 1, 20_000));
        match (title, body) {
            (Some(title), Some(body)) => Ok(Self { title, body }),
            (_, _) => Err(refusals.into_vec()),
        }
    }

    /// One line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Markdown.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_needs_a_title_of_one_line_and_something_to_say() {
        let update = NewUpdate::decide(" The first\r\noven ", "It **works**.\r\n").unwrap();
        assert_eq!(
            (update.title(), update.body()),
            ("The first oven", "It **works**.")
        );
        let refused = NewUpdate::decide("a", " \n").unwrap_err();
        let fields: Vec<_> = refused
            .iter()
            .map(|refusal| (refusal.field, refusal.words.id))
            .collect();
        assert_eq!(fields, [("title", "text-too-short"), ("body", "text-empty")]);
        assert!(NewUpdate::decide("News", &"x".repeat(20_001)).is_err());
    }
}
