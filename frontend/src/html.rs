//! Text that is HTML already, so that templates do not escape it again.

use std::fmt;

/// HTML that this crate wrote or cleaned itself. Nothing typed by people becomes one unescaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Only for HTML made by this crate: `markdown` cleans, `format` writes `<time>`.
    pub(crate) fn trusted(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    /// The HTML as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for SafeHtml {}

/// Lets a template struct stand in another template: `{{ field }}` renders the part, unescaped.
macro_rules! part {
    ($($part:ty),+ $(,)?) => {$(
        impl askama::filters::HtmlSafe for $part {}
    )+};
}
pub(crate) use part;
