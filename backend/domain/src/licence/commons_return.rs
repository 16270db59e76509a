//! What everybody gets from a campaign.

use time::Date;

use super::Licence;
use crate::{
    named::named,
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

named! {
    /// What kind of thing a campaign gives to everybody.
    pub enum CommonsReturnKind {
        /// Drawings, models, circuit boards.
        Design => "design",
        /// Software.
        Code => "code",
        /// Instructions, a course, a book.
        Manual => "manual",
        /// Measurements, maps, collections.
        Data => "data",
        /// Something that runs and is open to all.
        Service => "service",
    }
}

/// What everybody will get from a campaign: checked, not yet kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommonsReturn {
    kind: CommonsReturnKind,
    title: String,
    licence: Licence,
    due: Date,
    place: String,
}

/// Why something cannot be a commons return.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommonsReturnRefusal {
    /// The licence keeps something from somebody.
    #[error("{licence} is not an open licence")]
    NotOpen {
        /// The licence, in the list's spelling.
        licence: String,
    },
    /// The date has passed.
    #[error("the date has passed")]
    DueInThePast,
}

impl Refusal for CommonsReturnRefusal {
    fn words(&self) -> Words {
        match self {
            Self::NotOpen { licence } => Words::new("licence-not-open").with("licence", licence.as_str()),
            Self::DueInThePast => Words::new("commons-return-due-in-the-past"),
        }
    }
}

impl NewCommonsReturn {
    /// Checks a commons return. `place` is where it will be found, usually an address on the web.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title`, `licence`, `due` and `place`.
    pub fn decide(
        kind: CommonsReturnKind,
        title: &str,
        licence: &str,
        due: Date,
        place: &str,
        today: Date,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 120));
        let licence = refusals
            .keep("licence", Licence::parse(licence))
            .and_then(|licence| {
                let not_open = || CommonsReturnRefusal::NotOpen {
                    licence: licence.expression().to_owned(),
                };
                let open = if licence.is_open() {
                    Ok(())
                } else {
                    Err(not_open())
                };
                refusals.keep("licence", open).map(|()| licence)
            });
        if due < today {
            refusals.note("due", &CommonsReturnRefusal::DueInThePast);
        }
        let place = refusals.keep("place", text::line(place, 3, 300));
        match (title, licence, place) {
            (Some(title), Some(licence), Some(place)) if refusals.is_empty() => Ok(Self {
                kind,
                title,
                licence,
                due,
                place,
            }),
            (_, _, _) => Err(refusals.into_vec()),
        }
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> CommonsReturnKind {
        self.kind
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The open licence it will be under.
    #[must_use]
    pub fn licence(&self) -> &Licence {
        &self.licence
    }

    /// The day by which it is promised.
    #[must_use]
    pub fn due(&self) -> Date {
        self.due
    }

    /// Where it will be found.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_commons_return_needs_an_open_licence_and_a_day_to_come() {
        let decide = |licence: &str, due: Date| {
            let today = date!(2026 - 11 - 22);
            NewCommonsReturn::decide(
                CommonsReturnKind::Design,
                "Oven plans",
                licence,
                due,
                "example.org",
                today,
            )
        };
        assert_eq!(
            decide("cern-ohl-s-2.0", date!(2027 - 05 - 01))
                .unwrap()
                .licence()
                .as_str(),
            "CERN-OHL-S-2.0"
        );
        let refused = decide("CC-BY-NC-4.0", date!(2026 - 11 - 21)).unwrap_err();
        let ids: Vec<_> = refused
            .iter()
            .map(|refusal| (refusal.field, refusal.words.id))
            .collect();
        assert_eq!(
            ids,
            [
                ("licence", "licence-not-open"),
                ("due", "commons-return-due-in-the-past")
            ]
        );
    }
}
