//! Starting a project, by hand or from a manifest; editing it; the list of one's own.

use askama::Template;
use felag_domain::campaign::CampaignState;
use felag_domain::project::HolderForm;

use crate::form::{Control, Field, Refused};
use crate::page::Page;
use crate::wizard::{Form, Part, Typed, area, select, text};
use crate::words::Lang;

mod countries;

pub use countries::country;

/// `GET /start`
#[derive(Debug, Template)]
#[template(path = "projects/start.html")]
pub struct StartPage {
    pub page: Page,
    /// Somebody who may start a project: signed in, with a confirmed address.
    pub may_start: bool,
    pub signed_in: bool,
    pub by_hand: Form,
    pub from_file: Form,
}

/// The fields `name` and `summary`.
pub fn new_project(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![
        Part::Field(text("name", lang.t("project-name"), typed, refused)),
        Part::Field(
            text("summary", lang.t("project-summary"), typed, refused).hint(lang.t("project-summary-hint")),
        ),
    ]
}

/// The fields `file` and `manifest`, of which one is filled in.
pub fn manifest(lang: Lang, pasted: &str, refused: &Refused) -> Vec<Part> {
    let accept = ".json,.yml,.yaml,.toml";
    let file = Field::new("file", lang.t("import-file"), "").typed_in(Control::File { accept });
    let paste = Field::new("manifest", lang.t("import-paste"), pasted).typed_in(Control::Area { rows: 8 });
    vec![
        Part::Field(file.hint(lang.t("import-file-hint")).error(refused.of("file"))),
        Part::Field(paste.error(refused.of("manifest"))),
    ]
}

/// `POST /projects/import`, when a file describes several projects: which one?
#[derive(Debug, Template)]
#[template(path = "projects/choose.html")]
pub struct ChoosePage {
    pub page: Page,
    /// The names, in the order of the file.
    pub names: Vec<String>,
    /// What was read, carried along.
    pub manifest: String,
    pub file_name: String,
}

/// `POST /projects/import`: field by field, what was read and what was not.
#[derive(Debug, Template)]
#[template(path = "projects/imported.html")]
pub struct ImportedPage {
    pub page: Page,
    /// Which manifest it is: `funding.json`.
    pub kind: String,
    /// What was read and can still be changed.
    pub form: Form,
    /// What was read and is not kept, to be looked at: label and words.
    pub facts: Vec<(String, String)>,
    pub unread: Vec<UnreadLine>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadLine {
    /// Where it stands in the file.
    pub field: String,
    pub value: String,
    pub why: String,
}

/// A project's public page: `name`, `summary`, `story`, `place`, `homepage`, `repository`, `licences`,
/// `reply_to`.
pub fn details(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let licences = area("licences", lang.t("project-edit-licences"), 3, typed, refused);
    let reply_to = text("reply_to", lang.t("project-reply-to"), typed, refused).typed_in(Control::Email);
    let mut parts = new_project(lang, typed, refused);
    let story = area("story", lang.t("project-edit-story"), 12, typed, refused);
    parts.extend([
        Part::Field(story.hint(lang.t("project-edit-story-hint"))),
        Part::Field(
            text("place", lang.t("project-place"), typed, refused).hint(lang.t("project-place-hint")),
        ),
        Part::Field(text("homepage", lang.t("project-edit-homepage"), typed, refused).typed_in(Control::Url)),
        Part::Field(
            text("repository", lang.t("project-edit-repository"), typed, refused).typed_in(Control::Url),
        ),
        Part::Field(licences.hint(lang.t("project-edit-licences-hint"))),
        Part::Field(
            reply_to
                .hint(lang.t("project-reply-to-hint"))
                .autocomplete("email"),
        ),
    ]);
    parts
}

/// Who answers for the money: the fields of `felag_domain::project::TypedHolder`, with `holder_` before
/// their names.
pub fn holder(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let choose = || (String::new(), lang.t("holder-choose").to_owned());
    let forms = HolderForm::ALL
        .iter()
        .map(|form| (form.to_string(), lang.t(holder_form(*form)).to_owned()));
    let countries = felag_domain::project::COUNTRIES.iter();
    let mut countries: Vec<(String, String)> = countries
        .map(|code| ((*code).to_owned(), country(lang, code).to_owned()))
        .collect();
    countries.sort_by(|one, other| one.1.cmp(&other.1));
    let countries = std::iter::once(choose()).chain(countries);
    let line = |name, label| text(name, lang.t(label), typed, refused);
    vec![
        Part::Field(line("holder_name", "holder-name")),
        Part::Select(select(
            "holder_form",
            lang.t("holder-form"),
            std::iter::once(choose()).chain(forms),
            typed,
            refused,
        )),
        Part::Select(select(
            "holder_country",
            lang.t("holder-country"),
            countries,
            typed,
            refused,
        )),
        Part::Field(area(
            "holder_address",
            lang.t("holder-address"),
            3,
            typed,
            refused,
        )),
        Part::Field(line("holder_register", "holder-register").hint(lang.t("holder-optional"))),
        Part::Field(line("holder_tax_number", "holder-tax-number").hint(lang.t("holder-optional"))),
        Part::Field(line("holder_signatory", "holder-signatory").hint(lang.t("holder-signatory-hint"))),
    ]
}

/// The word for a legal form.
pub fn holder_form(form: HolderForm) -> &'static str {
    match form {
        HolderForm::Association => "holder-form-association",
        HolderForm::Foundation => "holder-form-foundation",
        HolderForm::Cooperative => "holder-form-cooperative",
        HolderForm::Company => "holder-form-company",
        HolderForm::PublicBody => "holder-form-public-body",
        HolderForm::Person => "holder-form-person",
    }
}

/// `GET /my/projects`
#[derive(Debug, Template)]
#[template(path = "projects/mine.html")]
pub struct MyProjectsPage {
    pub page: Page,
    pub projects: Vec<MyProject>,
}

/// A project one is a member of.
#[derive(Debug, Clone)]
pub struct MyProject {
    pub slug: String,
    pub name: String,
    pub summary: String,
    /// In words: owner, editor, treasurer.
    pub role: String,
    /// May edit it and start campaigns.
    pub may_edit: bool,
    pub is_owner: bool,
    pub has_holder: bool,
    /// The newest first.
    pub campaigns: Vec<MyCampaign>,
}

/// A campaign in that list.
#[derive(Debug, Clone)]
pub struct MyCampaign {
    pub slug: String,
    pub title: String,
    pub state: CampaignState,
}

impl MyCampaign {
    /// What is being written is opened for writing; what is more than that has a page for its owners.
    fn address(&self) -> String {
        let page = if self.state.is_editable() { "edit" } else { "owner" };
        format!("/campaigns/{}/{page}", self.slug)
    }

    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(crate::states::campaign_word(self.state))
    }
}
