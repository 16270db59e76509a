//! Pieces that several pages share: the tally, the card of a campaign, the pager, the drawings.

use askama::Template;
use felag_domain::money::Money;
use time::OffsetDateTime;

use crate::html::part;
use crate::words::Lang;

mod curve;
mod months;

pub use curve::{Curve, CurveDay};
pub use months::{MonthRow, Months};

part!(Tally, Drawing, Pager);

/// A funding bar in the shape of a split tally stick, with a notch at the minimum.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/tally.html")]
pub struct Tally {
    label: String,
    filled: String,
    /// Where the notch is; none where minimum and full plan are the same.
    notch: Option<String>,
    big: bool,
}

impl Tally {
    /// `raised` is what counts towards the minimum: promised before the deadline, collected after it.
    pub fn new(lang: Lang, raised: Money, minimum: Money, full_plan: Money, big: bool) -> Tally {
        let longest = if raised.minor() > full_plan.minor() {
            raised
        } else {
            full_plan
        };
        let label = lang.t3(
            "tally-label",
            "raised",
            lang.money_short(raised),
            "full",
            lang.money_short(full_plan),
            "minimum",
            lang.money_short(minimum),
        );
        let notch = (minimum.minor() < longest.minor()).then(|| width(minimum, longest));
        Tally {
            label,
            filled: width(raised, longest),
            notch,
            big,
        }
    }
}

/// A share as a length of an SVG: `44.31%`, never beyond 0 to 100, nor visible when there is nothing.
pub fn width(part: Money, whole: Money) -> String {
    let whole = i128::from(whole.minor()).max(1);
    let share = (i128::from(part.minor()) * 10_000 / whole).clamp(0, 10_000);
    format!("{}.{:02}%", share / 100, share % 100)
}

/// A campaign as it stands in a list: the template is `parts/card.html`, with `card` in scope.
#[derive(Debug, Clone)]
pub struct Card {
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub project: String,
    /// What counts towards the minimum: promised before the deadline, collected after it.
    pub raised: Money,
    pub minimum: Money,
    pub full_plan: Money,
    pub backers: u64,
    pub state: felag_domain::campaign::CampaignState,
    pub deadline: Option<OffsetDateTime>,
    /// SPDX expressions of what the campaign gives back.
    pub licences: Vec<String>,
}

impl Card {
    pub(crate) fn tally(&self, lang: &Lang) -> Tally {
        Tally::new(*lang, self.raised, self.minimum, self.full_plan, false)
    }

    pub(crate) fn drawing(&self) -> Drawing {
        Drawing::of(&self.slug)
    }

    /// How long it still runs, or what became of it.
    pub(crate) fn standing(&self, lang: &Lang, now: &OffsetDateTime) -> String {
        match (self.state, self.deadline) {
            (felag_domain::campaign::CampaignState::Open, Some(deadline)) => lang.left(now, &deadline),
            (state, _) => lang.t(crate::states::campaign_word(state)).to_owned(),
        }
    }
}

/// A line drawing that stands where a picture would. The same name always gets the same drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/drawing.html")]
pub struct Drawing {
    motif: u8,
}

impl Drawing {
    const MOTIFS: u32 = 6;

    /// Chosen from the letters of a slug.
    pub fn of(slug: &str) -> Drawing {
        let sum = slug.bytes().fold(7_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u32::from(byte))
        });
        Drawing {
            motif: u8::try_from(sum % Self::MOTIFS).unwrap_or(0),
        }
    }

    /// The class of the ground it stands on.
    pub fn wash(self) -> &'static str {
        ["w-match", "w-loan", "w-gift"][usize::from(self.motif) % 3]
    }
}

/// Links to the neighbouring pages of a list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/pager.html")]
pub struct Pager {
    pub lang: Lang,
    /// Counted from 1.
    pub page: u64,
    pub pages: u64,
    /// The list's address with everything but the page: `/search?q=oven&page=`.
    pub address: String,
}

impl Pager {
    /// A list shown whole.
    pub fn single(lang: Lang) -> Pager {
        Pager {
            lang,
            page: 1,
            pages: 1,
            address: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use felag_domain::currency::Currency;

    use super::*;

    fn euro(major: i64) -> Money {
        Money::from_minor(major * 100, Currency::EUR)
    }

    #[test]
    fn a_length_stays_between_nothing_and_all() {
        assert_eq!(width(euro(14_260), euro(32_000)), "44.56%");
        assert_eq!(width(euro(0), euro(32_000)), "0.00%");
        assert_eq!(width(euro(40_000), euro(32_000)), "100.00%");
        assert_eq!(width(euro(-5), euro(0)), "0.00%");
    }

    #[test]
    fn a_tally_beyond_the_full_plan_moves_the_notch() {
        let tally = Tally::new(Lang::En, euro(200), euro(50), euro(100), true);
        assert_eq!(
            (tally.filled.as_str(), tally.notch.as_deref()),
            ("100.00%", Some("25.00%"))
        );
        assert!(
            tally
                .to_string()
                .contains("aria-label=\"€200 of €100. The minimum is €50.\""),
            "{tally}"
        );
    }

    #[test]
    fn a_slug_keeps_its_drawing() {
        assert_eq!(Drawing::of("vindur"), Drawing::of("vindur"));
        for slug in ["a", "b", "c", "vindur", "horno-comun", ""] {
            assert!(Drawing::of(slug).to_string().contains("<svg"));
        }
    }
}
