//! What a project tells its followers: writing it, and its own page.

use askama::Template;
use felag_domain::words::FieldRefusal;

use crate::campaigns::Update;
use crate::form::{Control, Field, Hidden, Problem, Refused, errors};
use crate::html::SafeHtml;
use crate::page::Page;
use crate::words::Lang;

/// `GET /campaigns/<slug>/updates/new`, and after `POST …/updates/preview` with the preview on top.
#[derive(Debug, Template)]
#[template(path = "updates/write.html")]
pub struct WriteUpdatePage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    pub form: UpdateForm,
    /// Absent before there is anything to show.
    pub preview: Option<Preview>,
    /// `request_key`.
    pub carried: Hidden,
}

/// The fields `title` and `body`.
#[derive(Debug, Clone)]
pub struct UpdateForm {
    pub title: Field,
    pub body: Field,
}

impl UpdateForm {
    /// The form as it was typed.
    pub fn new(lang: Lang, title: &str, body: &str, refused: &Refused) -> UpdateForm {
        let area = Control::Area { rows: 12 };
        UpdateForm {
            title: Field::new("title", lang.t("update-title"), title).error(refused.of("title")),
            body: Field::new("body", lang.t("update-body"), body)
                .typed_in(area)
                .hint(lang.t("update-body-hint"))
                .error(refused.of("body")),
        }
    }

    fn problems(&self) -> [&dyn Problem; 2] {
        [&self.title, &self.body]
    }
}

/// An update as it will stand there, before anybody gets it.
#[derive(Debug, Clone)]
pub struct Preview {
    pub title: String,
    pub body: SafeHtml,
    /// How many backers get it by e-mail, beside the followers.
    pub backers: u64,
    /// `title`, `body` and `request_key`, for the button that publishes.
    pub carried: Hidden,
}

impl WriteUpdatePage {
    /// The form comes back with what is to be put right.
    pub fn refused(mut self, refusals: &[FieldRefusal]) -> WriteUpdatePage {
        let (title, body) = (self.form.title.value, self.form.body.value);
        self.form = UpdateForm::new(
            self.page.lang,
            &title,
            &body,
            &Refused::new(self.page.lang, refusals),
        );
        self.page.errors = errors(self.form.problems());
        self.preview = None;
        self
    }
}

/// `GET /campaigns/<slug>/updates/<id>`
#[derive(Debug, Template)]
#[template(path = "updates/update.html")]
pub struct UpdatePage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    pub project: String,
    pub project_slug: String,
    pub update: Update,
}
