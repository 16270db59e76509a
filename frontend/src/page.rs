//! What every page needs besides its own content: language, title, who is signed in, notices.

use std::ops::Deref;

use time::OffsetDateTime;

use crate::form::ErrorLine;
use crate::format::Read;
use crate::words::Lang;

/// The frame of a page. Fill it once per request and give it to the page's own struct as `page`.
#[derive(Debug, Clone)]
pub struct Page {
    pub lang: Lang,
    /// In words, without the platform's name.
    pub title: String,
    /// One sentence for search engines and previews; empty for pages nobody should find.
    pub description: String,
    /// The page's whole public address; empty for pages nobody should find.
    pub canonical: String,
    pub person: Option<SignedIn>,
    /// Goes into every form that changes something, as `csrf`.
    pub csrf: String,
    pub notice: Option<Notice>,
    /// What has to be put right, in the order of the fields. Shown on top; the title says "Error:".
    pub errors: Vec<ErrorLine>,
    /// The payment provider is the sandbox: a banner says that no real money moves.
    pub sandbox: bool,
    /// The demo data is still being played: a banner says that forms do not work yet.
    pub demo_loading: bool,
    pub now: OffsetDateTime,
    pub here: Here,
}

/// Who is looking, as far as the navigation needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub name: String,
    pub owns_projects: bool,
    pub steward: bool,
}

/// Something that just happened, said once on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// How a notice looks. The words carry the meaning; the colour only helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Done,
    Late,
}

impl Tone {
    /// The class of the notice in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Done => "done",
            Tone::Late => "late",
        }
    }
}

/// Which entry of the navigation is this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Search,
    Start,
    Gifts,
    Projects,
    Reviews,
    SignIn,
    Elsewhere,
}

impl Page {
    /// A page with a title, for somebody not signed in.
    pub fn new(lang: Lang, title: impl Into<String>, now: OffsetDateTime) -> Page {
        Page {
            lang,
            title: title.into(),
            description: String::new(),
            canonical: String::new(),
            person: None,
            csrf: String::new(),
            notice: None,
            errors: Vec::new(),
            sandbox: false,
            demo_loading: false,
            now,
            here: Here::Elsewhere,
        }
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &'static str) -> &'static str {
        crate::assets::url(name)
    }

    /// `aria-current` for the navigation.
    pub fn is(&self, here: impl Read<Here>) -> bool {
        self.here == here.read()
    }
}

/// A page speaks its language: `page.t("…")` and `page.money(…)` are those of [`Lang`].
impl Deref for Page {
    type Target = Lang;

    fn deref(&self) -> &Lang {
        &self.lang
    }
}
