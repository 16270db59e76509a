//! What a project says about itself, and who answers for its money: checked, not yet kept.

mod holder;
pub mod members;

pub use holder::{COUNTRIES, HolderForm, LegalHolder, TypedHolder};

use crate::{
    licence::{Licence, LicenceError},
    person::{EmailAddress, EmailError},
    text::{self, TextError},
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// How many projects a person may start, how long a campaign's lists may get, and how many licences a
/// project may name.
pub mod limits {
    /// Projects of one person.
    pub const PROJECTS_MAX: usize = 20;
    /// Campaigns of one project.
    pub const CAMPAIGNS_MAX: usize = 20;
    /// Budget lines of one campaign.
    pub const BUDGET_LINES_MAX: usize = 30;
    /// Rewards of one campaign.
    pub const REWARDS_MAX: usize = 30;
    /// Commons returns of one campaign.
    pub const COMMONS_RETURNS_MAX: usize = 10;
    /// Places of members, and invitations to them, of one project.
    pub const PLACES_MAX: usize = 50;
    /// Licences of one project.
    pub const LICENCES_MAX: usize = 10;
    /// Characters of a story, in Markdown.
    pub const STORY_MAX: usize = 20_000;
    /// Characters of what could go wrong, in Markdown.
    pub const RISKS_MAX: usize = 5_000;
}

/// Why something a project says was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectRefusal {
    /// Not an address of the web.
    #[error("not a web address")]
    NotAWebAddress,
    /// More licences than a project may name.
    #[error("more than {} licences", limits::LICENCES_MAX)]
    TooManyLicences,
    /// A country Felag is not open in, or none.
    #[error("not a country that can be chosen")]
    UnknownCountry,
    /// A legal form that is not on the list, or none.
    #[error("not a legal form that can be chosen")]
    UnknownForm,
    /// There are as many as there may be.
    #[error("there can be {0} at most")]
    TooMany(usize),
}

impl Refusal for ProjectRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::NotAWebAddress => Words::new("web-address-unreadable"),
            Self::TooManyLicences => {
                Words::new("project-too-many-licences").with("max", limits::LICENCES_MAX)
            }
            Self::UnknownCountry => Words::new("holder-country-unknown"),
            Self::UnknownForm => Words::new("holder-form-unknown"),
            Self::TooMany(max) => Words::new("too-many-of-these").with("max", max),
        }
    }
}

/// A project's name and one line about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    name: String,
    summary: String,
}

impl NewProject {
    /// Checks what a project is started with.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `name` and `summary`.
    pub fn decide(name: &str, summary: &str) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let name = refusals.keep("name", text::line(name, 2, 80));
        let summary = refusals.keep("summary", text::line(summary, 10, 200));
        match (name, summary) {
            (Some(name), Some(summary)) => Ok(Self { name, summary }),
            (_, _) => Err(refusals.into_vec()),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line about it.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }
}

/// What somebody typed about a project.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedDetails<'a> {
    /// The name.
    pub name: &'a str,
    /// One line about it.
    pub summary: &'a str,
    /// The story, in Markdown.
    pub story: &'a str,
    /// Town or country.
    pub place: &'a str,
    /// The project's page.
    pub homepage: &'a str,
    /// Where its source is kept.
    pub repository: &'a str,
    /// SPDX expressions, one a line.
    pub licences: &'a str,
    /// Where answers to its mails go.
    pub reply_to: &'a str,
}

/// A project's public page, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Name and summary.
    pub project: NewProject,
    /// The story, in Markdown; may be empty.
    pub story: String,
    /// Town or country; may be empty.
    pub place: String,
    /// The project's page.
    pub homepage: Option<String>,
    /// Where its source is kept.
    pub repository: Option<String>,
    /// The licences it is published under.
    pub licences: Vec<Licence>,
    /// Where answers to its mails go.
    pub reply_to: EmailAddress,
}

impl Details {
    /// Checks what was typed.
    ///
    /// # Errors
    /// All that is wrong, beside the fields of [`TypedDetails`].
    pub fn decide(typed: TypedDetails<'_>) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let project = NewProject::decide(typed.name, typed.summary);
        let story = refusals.keep("story", text::block(typed.story, 0, limits::STORY_MAX));
        let place = refusals.keep("place", text::line(typed.place, 0, 80));
        let homepage = refusals.keep("homepage", web_address(typed.homepage));
        let repository = refusals.keep("repository", web_address(typed.repository));
        let licences = licences(typed.licences, &mut refusals);
        let reply_to: Option<EmailAddress> =
            refusals.keep::<_, EmailError>("reply_to", EmailAddress::parse(typed.reply_to));
        let mut refused = project.as_ref().err().cloned().unwrap_or_default();
        refused.extend(refusals.into_vec());
        match (project, story, place, homepage, repository, reply_to) {
            (Ok(project), Some(story), Some(place), Some(homepage), Some(repository), Some(reply_to))
                if refused.is_empty() =>
            {
                Ok(Self {
                    project,
                    story,
                    place,
                    homepage,
                    repository,
                    licences,
                    reply_to,
                })
            }
            (_, _, _, _, _, _) => Err(refused),
        }
    }
}

/// The licences that can be read, each once; the first that cannot is noted.
fn licences(typed: &str, refusals: &mut Refusals) -> Vec<Licence> {
    let mut licences: Vec<Licence> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let read: Result<Licence, LicenceError> = Licence::parse(line);
        match read {
            Ok(licence) if licences.contains(&licence) => {}
            Ok(licence) => licences.push(licence),
            Err(refusal) => {
                refusals.note("licences", &refusal);
                return licences;
            }
        }
    }
    if licences.len() > limits::LICENCES_MAX {
        refusals.note("licences", &ProjectRefusal::TooManyLicences);
    }
    licences
}

/// An address that begins with `https://` or `http://` and names a host, or nothing.
fn web_address(typed: &str) -> Result<Option<String>, WebAddressError> {
    let address = text::line(typed, 0, 300).map_err(WebAddressError::Text)?;
    if address.is_empty() {
        return Ok(None);
    }
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}');
    if host.is_empty() || host.contains('@') || !address.chars().all(is_plain) {
        return Err(WebAddressError::NotAnAddress);
    }
    Ok(Some(address))
}

/// Why a web address was refused.
enum WebAddressError {
    Text(TextError),
    NotAnAddress,
}

impl Refusal for WebAddressError {
    fn words(&self) -> Words {
        match self {
            Self::Text(refusal) => refusal.words(),
            Self::NotAnAddress => ProjectRefusal::NotAWebAddress.words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(refused: Vec<FieldRefusal>) -> Vec<(&'static str, &'static str)> {
        refused
            .into_iter()
            .map(|refusal| (refusal.field, refusal.words.id))
            .collect()
    }

    const OVEN: TypedDetails<'static> = TypedDetails {
        name: "Solar oven",
        summary: "An oven anybody can build.",
        story: "",
        place: "",
        homepage: "",
        repository: "",
        licences: "",
        reply_to: "oven@example.org",
    };

    #[test]
    fn little_is_needed_and_licences_are_read_each_once() {
        let details = Details::decide(TypedDetails {
            licences: " mit\n\nMIT\ncern-ohl-s-2.0",
            ..OVEN
        })
        .unwrap();
        let licences: Vec<_> = details.licences.iter().map(Licence::expression).collect();
        assert_eq!(licences, ["MIT", "CERN-OHL-S-2.0"]);
        assert_eq!((details.homepage, details.place.as_str()), (None, ""));
    }

    #[test]
    fn only_addresses_of_the_web_are_linked() {
        for address in [
            "https://example.org",
            "http://example.org/a?b=c#d",
            "https://xn--bcher-kva.example/",
        ] {
            assert_eq!(web_address(address).ok().flatten().as_deref(), Some(address));
        }
        for address in [
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "ftp://example.org",
            "example.org",
            "https://a b.example",
            "https://user:word@example.org",
            "https://example.org/\"onclick=",
        ] {
            let refused = Details::decide(TypedDetails {
                homepage: address,
                ..OVEN
            })
            .map(|_| ())
            .map_err(fields);
            assert_eq!(
                refused,
                Err(vec![("homepage", "web-address-unreadable")]),
                "{address}"
            );
        }
    }

    #[test]
    fn everything_wrong_with_a_project_is_said_at_once() {
        let typed = TypedDetails {
            name: "",
            summary: "short",
            licences: "ours",
            reply_to: "me",
            ..OVEN
        };
        assert_eq!(
            fields(Details::decide(typed).unwrap_err()),
            [
                ("name", "text-empty"),
                ("summary", "text-too-short"),
                ("licences", "licence-unreadable"),
                ("reply_to", "email-not-an-address"),
            ]
        );
    }
}
