//! Forms that come back: each field keeps what was typed and says what to put right.
//!
//! A field renders itself: `{{ form.email }}` in a template writes label, hint, error and control,
//! tied together for screen readers. Errors stand at the field and, linked, on top of the page.

use std::borrow::Cow;

use askama::Template;
use felag_domain::words::FieldRefusal;

use crate::html::part;
use crate::words::Lang;

part!(Field, Radios, Select, Tick, Hidden);

/// One line of the summary on top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorLine {
    /// The id of the control to go to; empty if the problem belongs to none.
    pub target: String,
    pub text: String,
}

/// Something in a form that may have to be put right.
pub trait Problem {
    /// The line for the summary, if there is a problem.
    fn problem(&self) -> Option<ErrorLine>;
}

/// The summary of a form, in the order of its fields: `page.errors = errors([&form.email, …])`.
pub fn errors<'a>(fields: impl IntoIterator<Item = &'a dyn Problem>) -> Vec<ErrorLine> {
    fields.into_iter().filter_map(Problem::problem).collect()
}

/// What the rules refused in a form, ready to be asked for field by field.
#[derive(Debug, Clone, Default)]
pub struct Refused(Vec<(&'static str, String)>);

impl Refused {
    /// Nothing is refused yet: the form is shown for the first time.
    pub fn none() -> Refused {
        Refused::default()
    }

    /// What the domain noted, in the reader's language.
    pub fn new(lang: Lang, refusals: &[FieldRefusal]) -> Refused {
        Refused(
            refusals
                .iter()
                .map(|refusal| (refusal.field, lang.words(&refusal.words)))
                .collect(),
        )
    }

    /// What to say beside this field.
    pub fn of(&self, field: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, text)| text.clone())
    }

    /// The lines of the summary that belong to none of these fields: they stand on top alone.
    pub fn beyond(&self, fields: &[&str]) -> Vec<ErrorLine> {
        let beyond = self.0.iter().filter(|(name, _)| !fields.contains(name));
        beyond
            .map(|(_, text)| ErrorLine {
                target: String::new(),
                text: text.clone(),
            })
            .collect()
    }
}

/// A control in which something is typed.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    /// The name in the form, and the id of the control.
    pub name: Cow<'static, str>,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub error: Option<String>,
    pub control: Control,
    /// A token of the HTML standard's autofill list, or `off`.
    pub autocomplete: &'static str,
}

/// What a [`Field`] is typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    Text,
    Email,
    Password,
    Search,
    Url,
    Date,
    Number,
    /// An amount, after this sign or code.
    Money(String),
    /// Several lines of text.
    Area {
        rows: u8,
    },
    /// A file to upload, with the endings accepted. Never shows a value.
    File {
        accept: &'static str,
    },
}

impl Field {
    /// A single line of text, which is what most fields are.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Field {
        Field {
            name: name.into(),
            label: label.into(),
            hint: None,
            value: value.into(),
            error: None,
            control: Control::Text,
            autocomplete: "off",
        }
    }

    /// Another kind of control.
    pub fn typed_in(mut self, control: Control) -> Field {
        self.control = control;
        self
    }

    /// What a browser may fill in: a token of the HTML standard's autofill list.
    pub fn autocomplete(mut self, token: &'static str) -> Field {
        self.autocomplete = token;
        self
    }

    /// A sentence under the label that helps before anything went wrong.
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = Some(hint.into());
        self
    }

    /// What has to be put right, if anything.
    pub fn error(mut self, error: Option<String>) -> Field {
        self.error = error;
        self
    }

    fn input_type(&self) -> &'static str {
        match self.control {
            Control::Email => "email",
            Control::Password => "password",
            Control::Search => "search",
            Control::Url => "url",
            Control::Date => "date",
            Control::File { .. } => "file",
            // A number is text with digits: browsers change what is typed into type=number.
            Control::Text | Control::Number | Control::Money(_) | Control::Area { .. } => "text",
        }
    }
}

/// One of several possibilities, of [`Radios`] or a [`Select`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

impl Choice {
    /// A possibility; `chosen` is the value the form holds now.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: &str) -> Choice {
        let value = value.into();
        Choice {
            chosen: value == chosen,
            value,
            label: label.into(),
            hint: None,
        }
    }

    /// A sentence under the possibility.
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = Some(hint.into());
        self
    }
}

/// A group of radio buttons with its question.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/radios.html")]
pub struct Radios {
    /// The name in the form; the controls are `<name>-1`, `<name>-2` …
    pub name: &'static str,
    pub legend: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub options: Vec<Choice>,
    /// Shown side by side as buttons, for short labels such as amounts.
    pub as_buttons: bool,
}

/// A drop-down list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/select.html")]
pub struct Select {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub options: Vec<Choice>,
}

/// A single box to tick; sends `yes`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/tick.html")]
pub struct Tick {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub ticked: bool,
}

/// What earlier steps asked already, carried along unseen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "parts/hidden.html")]
pub struct Hidden {
    pub pairs: Vec<(&'static str, String)>,
}

impl Problem for Field {
    fn problem(&self) -> Option<ErrorLine> {
        line(self.name.as_ref(), &self.error)
    }
}

impl Problem for Radios {
    fn problem(&self) -> Option<ErrorLine> {
        line(&format!("{}-1", self.name), &self.error)
    }
}

impl Problem for Select {
    fn problem(&self) -> Option<ErrorLine> {
        line(self.name, &self.error)
    }
}

impl Problem for Tick {
    fn problem(&self) -> Option<ErrorLine> {
        line(self.name, &self.error)
    }
}

impl Problem for ErrorLine {
    fn problem(&self) -> Option<ErrorLine> {
        Some(self.clone())
    }
}

fn line(target: &str, error: &Option<String>) -> Option<ErrorLine> {
    error.clone().map(|text| ErrorLine {
        target: target.to_owned(),
        text,
    })
}

/// The ids that describe a control, for `aria-describedby`.
fn described_by(name: &str, hint: bool, error: bool) -> String {
    match (hint, error) {
        (true, true) => format!("{name}-hint {name}-error"),
        (true, false) => format!("{name}-hint"),
        (false, true) => format!("{name}-error"),
        (false, false) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_what_was_typed_and_escapes_it() {
        let html = Field::new("title", "Title", "<b>\"x\"").to_string();
        assert!(html.contains("&#60;b&#62;&#34;x&#34;"), "{html}");
        assert!(html.contains("<label for=\"title\">Title</label>"), "{html}");
    }

    #[test]
    fn an_error_stands_at_the_field_and_in_the_summary_linked_to_it() {
        let email = Field::new("email", "E-mail", "me")
            .hint("For the receipt")
            .error(Some("No @".into()));
        let name = Field::new("name", "Name", "");
        assert_eq!(
            errors([&email as &dyn Problem, &name]),
            vec![ErrorLine {
                target: "email".into(),
                text: "No @".into()
            }]
        );
        let html = email.to_string();
        assert!(
            html.contains("aria-describedby=\"email-hint email-error\""),
            "{html}"
        );
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        assert!(html.contains("id=\"email-error\""), "{html}");
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let html = Field::new("password", "Password", "secret")
            .typed_in(Control::Password)
            .to_string();
        assert!(!html.contains("secret"), "{html}");
    }

    #[test]
    fn a_group_of_radios_has_its_question_as_legend() {
        let html = Radios {
            name: "visibility",
            legend: "Who may see your name?".into(),
            hint: None,
            error: None,
            options: vec![
                Choice::new("public", "Everybody", "public"),
                Choice::new("hidden", "Nobody", "public"),
            ],
            as_buttons: false,
        }
        .to_string();
        assert!(html.contains("<legend>Who may see your name?</legend>"), "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
    }
}
