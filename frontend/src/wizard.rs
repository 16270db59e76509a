//! One thing per page: a page with a form, and a page with a list that grows, shared by the wizard of a
//! campaign, the pages of a project and the steward's review.

use std::fmt;

use askama::Template;

use crate::form::{Choice, Control, ErrorLine, Field, Hidden, Problem, Radios, Refused, Select, Tick};
use crate::html::{SafeHtml, part};
use crate::page::Page;
use crate::words::Lang;

part!(Form, Part);

/// What was typed under a name, or what is stored when the form is first shown.
pub type Typed<'a> = &'a dyn Fn(&str) -> String;

/// One control of a form.
#[derive(Debug, Clone)]
pub enum Part {
    Field(Field),
    Select(Select),
    Radios(Radios),
    Tick(Tick),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Field(field) => field.fmt(f),
            Part::Select(select) => select.fmt(f),
            Part::Radios(radios) => radios.fmt(f),
            Part::Tick(tick) => tick.fmt(f),
        }
    }
}

impl Problem for Part {
    fn problem(&self) -> Option<ErrorLine> {
        match self {
            Part::Field(field) => field.problem(),
            Part::Select(select) => select.problem(),
            Part::Radios(radios) => radios.problem(),
            Part::Tick(tick) => tick.problem(),
        }
    }
}

impl Part {
    fn name(&self) -> &str {
        match self {
            Part::Field(field) => field.name.as_ref(),
            Part::Select(select) => select.name,
            Part::Radios(radios) => radios.name,
            Part::Tick(tick) => tick.name,
        }
    }
}

/// A form that is posted.
#[derive(Debug, Clone, Template)]
#[template(path = "wizard/form.html")]
pub struct Form {
    pub action: String,
    pub csrf: String,
    pub parts: Vec<Part>,
    /// What the form carries unseen: the version it was made from, ids.
    pub hidden: Hidden,
    /// The words on its button.
    pub send: String,
    /// The words on a second button, which shows the text as it will look and saves nothing.
    pub preview: Option<String>,
    /// It carries a file.
    pub upload: bool,
}

impl Form {
    /// A form with one button.
    pub fn new(page: &Page, action: impl Into<String>, parts: Vec<Part>, send: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            csrf: page.csrf.clone(),
            parts,
            hidden: Hidden::default(),
            send: send.into(),
            preview: None,
            upload: false,
        }
    }

    /// Carries `value` along unseen.
    pub fn carrying(mut self, name: &'static str, value: impl ToString) -> Form {
        self.hidden.pairs.push((name, value.to_string()));
        self
    }

    /// What has to be put right: the fields in their order, then what belongs to none of them.
    pub fn errors(&self, refused: &Refused) -> Vec<ErrorLine> {
        let names: Vec<&str> = self.parts.iter().map(Part::name).collect();
        let mut errors = crate::form::errors(self.parts.iter().map(|part| part as &dyn Problem));
        errors.extend(refused.beyond(&names));
        errors
    }
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub address: String,
    pub text: String,
}

impl Link {
    pub fn new(address: impl Into<String>, text: impl Into<String>) -> Link {
        Link {
            address: address.into(),
            text: text.into(),
        }
    }
}

/// A page with one form.
#[derive(Debug, Template)]
#[template(path = "wizard/form_page.html")]
pub struct FormPage {
    pub page: Page,
    pub back: Option<Link>,
    /// What the page asks for, in a sentence or two.
    pub lead: String,
    pub form: Form,
    /// The texts as they will look, each under its heading.
    pub previews: Vec<(String, SafeHtml)>,
    /// Another form below, such as the one that removes what is changed above.
    pub second: Option<Second>,
    /// What may help with the form, on other pages.
    pub links: Vec<Link>,
}

/// A second, smaller form of a page, under its own heading.
#[derive(Debug)]
pub struct Second {
    pub title: String,
    pub lead: String,
    pub form: Form,
}

impl FormPage {
    /// The page, with what has to be put right on top.
    pub fn new(mut page: Page, lead: impl Into<String>, form: Form, refused: &Refused) -> FormPage {
        page.errors = form.errors(refused);
        FormPage {
            page,
            back: None,
            lead: lead.into(),
            form,
            previews: Vec::new(),
            second: None,
            links: Vec::new(),
        }
    }

    /// Something that may help with the form.
    pub fn link(mut self, link: Link) -> FormPage {
        self.links.push(link);
        self
    }

    /// Where this page belongs.
    pub fn back(mut self, link: Link) -> FormPage {
        self.back = Some(link);
        self
    }
}

/// A page with a list, and the form that adds to it.
#[derive(Debug, Template)]
#[template(path = "wizard/list_page.html")]
pub struct ListPage {
    pub page: Page,
    pub back: Link,
    pub lead: String,
    /// Says that there is nothing yet.
    pub empty: String,
    pub rows: Vec<Row>,
    /// What all rows come to, beside what they must come to.
    pub sums: Vec<Sum>,
    pub add_title: String,
    /// Absent when there are as many as there may be.
    pub add: Option<Form>,
    pub on: Link,
}

/// One thing of a list.
#[derive(Debug, Clone)]
pub struct Row {
    pub title: String,
    pub facts: Vec<(String, String)>,
    /// Where it is changed or removed.
    pub change: String,
}

/// A sum and what it must be.
#[derive(Debug, Clone)]
pub struct Sum {
    pub label: String,
    pub is: String,
    pub must_be: String,
    pub fits: bool,
}

/// A line of text with its label, what was typed, and what is wrong with it.
pub fn text(name: &'static str, label: &str, typed: Typed<'_>, refused: &Refused) -> Field {
    Field::new(name, label, typed(name)).error(refused.of(name))
}

/// Several lines of text.
pub fn area(name: &'static str, label: &str, rows: u8, typed: Typed<'_>, refused: &Refused) -> Field {
    text(name, label, typed, refused).typed_in(Control::Area { rows })
}

/// A drop-down list of values and their labels.
pub fn select(
    name: &'static str,
    label: &str,
    options: impl IntoIterator<Item = (String, String)>,
    typed: Typed<'_>,
    refused: &Refused,
) -> Select {
    let chosen = typed(name);
    let options = options
        .into_iter()
        .map(|(value, label)| Choice::new(value, label, &chosen))
        .collect();
    Select {
        name,
        label: label.to_owned(),
        hint: None,
        error: refused.of(name),
        options,
    }
}

/// The words that lead back to the task list.
pub fn back_to_tasks(lang: Lang, slug: &str) -> Link {
    Link::new(format!("/campaigns/{slug}/edit"), lang.t("wizard-back"))
}
