//! Finding a campaign: a form that is part of the address, so a search can be kept and shared.

use askama::Template;

use crate::form::{Field, Select};
use crate::page::Page;
use crate::parts::{Card, Pager};

/// `GET /search?q=&state=&page=`
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    pub page: Page,
    pub form: SearchForm,
    pub results: Vec<Card>,
    pub found: u64,
    pub pager: Pager,
}

/// The fields `q` and `state`.
#[derive(Debug, Clone)]
pub struct SearchForm {
    pub q: Field,
    pub state: Select,
}

impl SearchForm {
    /// The form as it was sent; `state` is one of `open`, `ended`, `all`.
    pub fn new(lang: crate::Lang, q: &str, state: &str) -> SearchForm {
        use crate::form::{Choice, Control};
        let q = Field::new("q", lang.t("search-words"), q).typed_in(Control::Search);
        let options = vec![
            Choice::new("open", lang.t("search-open"), state),
            Choice::new("ended", lang.t("search-ended"), state),
            Choice::new("all", lang.t("search-all"), state),
        ];
        let label = lang.t("search-state").to_owned();
        SearchForm {
            q,
            state: Select {
                name: "state",
                label,
                hint: None,
                error: None,
                options,
            },
        }
    }
}
