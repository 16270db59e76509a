//! The step before something that cannot be undone: who, what, how much and when, and one button.

use askama::Template;

use crate::page::Page;
use crate::wizard::{Form, Link};

/// A page that repeats what is about to be done.
#[derive(Debug, Template)]
#[template(path = "acts/act.html")]
pub struct ActPage {
    pub page: Page,
    pub back: Link,
    /// What happens when the button is pressed, in a sentence or two.
    pub lead: String,
    /// Names and what they are: who, how much, when.
    pub facts: Vec<(String, String)>,
    /// What whoever acts wrote; shown as it will be read.
    pub words: Option<String>,
    pub form: Form,
}
