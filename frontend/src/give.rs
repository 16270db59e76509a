//! Giving in steps: amount, details, check. Then the provider's own page takes the card.
//!
//! Every step carries what the earlier ones asked, so going back loses nothing. Nothing is stored
//! before the last button.

use askama::Template;
use felag_domain::campaign::Way;
use felag_domain::money::Money;
use time::OffsetDateTime;

use crate::campaigns::Reward;
use crate::form::{Choice, Control, Field, Hidden, Problem, Radios, Refused, Select};
use crate::format::{Read, currency_sign, typed};
use crate::page::Page;
use crate::words::{Lang, Value};

/// The campaign a gift is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftFor {
    pub way: Way,
    pub slug: String,
    pub title: String,
    pub project: String,
    /// The legal holder's registered name: who gets the money.
    pub holder: String,
    pub minimum: Money,
    pub deadline: OffsetDateTime,
    /// The last moment at which the card may be charged.
    pub window_ends: OffsetDateTime,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
}

impl GiftFor {
    /// Whether gifts are charged at once.
    pub(crate) fn keeps(&self) -> bool {
        self.way == Way::KeepWhatComes
    }

    /// When a gift is charged, beside the first button.
    pub(crate) fn when_charged(&self) -> &'static str {
        when_charged(self.way)
    }

    /// What the person agrees to, for the check and once more above the provider's button.
    pub fn mandate(&self, lang: impl Read<Lang>, total: impl Read<Money>) -> String {
        let lang = lang.read();
        let when = |at| lang.date_time(at, &self.zone);
        if self.keeps() {
            return lang.t2("give-mandate-now", "total", total.read(), "campaign", &self.title);
        }
        lang.t_with(
            "give-mandate",
            [
                ("total", Value::from(total.read())),
                ("campaign", Value::from(&self.title)),
                ("from", when(self.deadline).into()),
                ("until", when(self.window_ends).into()),
            ],
        )
    }
}

/// When a gift is charged, in a line.
pub(crate) fn when_charged(way: Way) -> &'static str {
    match way {
        Way::AllOrNothing => "give-nothing-today",
        Way::KeepWhatComes => "give-charged-at-once",
    }
}

/// Step 1: `GET` or `POST /campaigns/<slug>/give`, with `amount`, `own`, `reward`.
#[derive(Debug, Template)]
#[template(path = "give/amount.html")]
pub struct GiveAmountPage {
    pub page: Page,
    pub campaign: GiftFor,
    pub form: AmountForm,
    /// What later steps asked already, when somebody comes back.
    pub carried: Hidden,
}

/// Step 2: `POST /campaigns/<slug>/give/details`, with `email`, `name`, `visibility`, `tip`.
#[derive(Debug, Template)]
#[template(path = "give/details.html")]
pub struct GiveDetailsPage {
    pub page: Page,
    pub campaign: GiftFor,
    pub gift: Money,
    /// The thank-you's title.
    pub reward: Option<String>,
    pub form: DetailsForm,
    /// `amount`, `reward`, `request_key`.
    pub carried: Hidden,
}

/// Step 3: `POST /campaigns/<slug>/give/check`. Its button posts to `/campaigns/<slug>/pledges`.
#[derive(Debug, Template)]
#[template(path = "give/check.html")]
pub struct GiveCheckPage {
    pub page: Page,
    pub campaign: GiftFor,
    pub gift: Money,
    pub tip: Money,
    /// What is charged: gift and tip.
    pub total: Money,
    /// What is left of the gift after the provider's cost.
    pub project_gets: Money,
    pub reward: Option<String>,
    pub email: String,
    /// In words: who sees the name.
    pub visibility: String,
    /// The version of the mandate shown here; it is stored with the pledge.
    pub mandate_version: String,
    /// Everything asked so far, and `request_key`.
    pub carried: Hidden,
}

/// The fields `amount` (one of some), `own` (which replaces it) and `reward`.
#[derive(Debug, Clone)]
pub struct AmountForm {
    pub amount: Radios,
    pub own: Field,
    /// Absent when a campaign has no thank-yous.
    pub reward: Option<Select>,
    pub least: Money,
}

/// What was typed or chosen in the first step.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedAmount<'a> {
    pub amount: &'a str,
    pub own: &'a str,
    pub reward: &'a str,
}

impl AmountForm {
    /// The form with `picks` to choose from and what was typed. An amount that is not among the
    /// picks stands in the field for one's own.
    pub fn new(
        lang: Lang,
        picks: &[Money],
        least: Money,
        rewards: &[Reward],
        was: TypedAmount<'_>,
        refused: &Refused,
    ) -> AmountForm {
        let picked = picks.iter().any(|pick| typed(pick) == was.amount) || was.amount.is_empty();
        let own = if picked || !was.own.is_empty() {
            was.own
        } else {
            was.amount
        };
        let options = picks
            .iter()
            .map(|pick| Choice::new(typed(pick), lang.money_short(pick), was.amount));
        let amount = Radios {
            name: "amount",
            legend: lang.t("give-how-much").to_owned(),
            hint: None,
            error: None,
            options: options.collect(),
            as_buttons: true,
        };
        let own = Field::new("own", lang.t("give-own"), own)
            .typed_in(Control::Money(currency_sign(&least)))
            .autocomplete("transaction-amount")
            .hint(lang.t1("give-own-hint", "least", lang.money_short(least)))
            .error(refused.of("own").or_else(|| refused.of("amount")));
        let reward = (!rewards.is_empty()).then(|| reward_choice(lang, rewards, was.reward, refused));
        AmountForm {
            amount,
            own,
            reward,
            least,
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        let mut fields: Vec<&dyn Problem> = vec![&self.amount, &self.own];
        fields.extend(self.reward.as_ref().map(|reward| reward as &dyn Problem));
        fields
    }
}

/// "None, just the commons" is always first. What is gone is not offered.
fn reward_choice(lang: Lang, rewards: &[Reward], chosen: &str, refused: &Refused) -> Select {
    let mut options = vec![Choice::new("", lang.t("reward-none"), chosen)];
    for reward in rewards
        .iter()
        .filter(|reward| reward.stock.is_none_or(|stock| stock.left > 0))
    {
        let price = lang.money_short(reward.price);
        let label = match reward.stock {
            Some(stock) => lang.t3(
                "give-reward-left",
                "title",
                &reward.title,
                "price",
                price,
                "left",
                stock.left,
            ),
            None => lang.t2("give-reward", "title", &reward.title, "price", price),
        };
        options.push(Choice::new(reward.id.clone(), label, chosen));
    }
    let label = lang.t("give-thank-you").to_owned();
    Select {
        name: "reward",
        label,
        hint: None,
        error: refused.of("reward"),
        options,
    }
}

/// The fields `email` (guests only), `name`, `visibility` and `tip`.
#[derive(Debug, Clone)]
pub struct DetailsForm {
    /// Absent for somebody signed in.
    pub email: Option<Field>,
    pub name: Field,
    pub visibility: Radios,
    pub tip: Field,
}

/// What was typed or chosen in the second step. `visibility` is `named`, `to_project` or `anonymous`.
#[derive(Debug, Clone, Copy)]
pub struct TypedDetails<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub visibility: &'a str,
    pub tip: &'a str,
}

impl DetailsForm {
    /// `signed_in`: no e-mail address is asked. `gift` gives the currency and the cap of the tip.
    pub fn new(
        lang: Lang,
        signed_in: bool,
        gift: Money,
        was: TypedDetails<'_>,
        refused: &Refused,
    ) -> DetailsForm {
        let email = Field::new("email", lang.t("give-email"), was.email)
            .typed_in(Control::Email)
            .autocomplete("email")
            .hint(lang.t("give-email-hint"))
            .error(refused.of("email"));
        let name = Field::new("name", lang.t("give-name"), was.name)
            .autocomplete("name")
            .hint(lang.t("give-name-hint"))
            .error(refused.of("name"));
        DetailsForm {
            email: (!signed_in).then_some(email),
            name,
            visibility: visibility(lang, was.visibility, refused),
            tip: tip(lang, gift, was.tip, refused),
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        let mut fields: Vec<&dyn Problem> = self.email.iter().map(|email| email as &dyn Problem).collect();
        fields.extend([&self.name as &dyn Problem, &self.visibility, &self.tip]);
        fields
    }
}

/// Who may see a backer's name.
pub(crate) fn visibility(lang: Lang, chosen: &str, refused: &Refused) -> Radios {
    Radios {
        name: "visibility",
        legend: lang.t("give-visibility").to_owned(),
        hint: None,
        error: refused.of("visibility"),
        options: vec![
            Choice::new("named", lang.t("visibility-named"), chosen).hint(lang.t("visibility-named-hint")),
            Choice::new("to_project", lang.t("visibility-to-project"), chosen)
                .hint(lang.t("visibility-to-project-hint")),
            Choice::new("anonymous", lang.t("visibility-anonymous"), chosen)
                .hint(lang.t("visibility-anonymous-hint")),
        ],
        as_buttons: false,
    }
}

/// A tip is a line of its own, nothing by default and never preselected.
pub(crate) fn tip(lang: Lang, gift: Money, typed: &str, refused: &Refused) -> Field {
    Field::new(
        "tip",
        lang.t("give-tip"),
        if typed.is_empty() { "0" } else { typed },
    )
    .typed_in(Control::Money(currency_sign(&gift)))
    .hint(lang.t("give-tip-hint"))
    .error(refused.of("tip"))
}
