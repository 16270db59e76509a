//! A campaign being written: the list of steps, and the form of each step.

use askama::Template;
use felag_domain::campaign::{BudgetKind, CampaignState, IfShort, Way};
use felag_domain::licence::CommonsReturnKind;
use felag_domain::money::{Currency, Money};
use felag_domain::payout::TRANCHE_FIELDS;

use crate::form::{Control, Field, Refused, Select, Tick};
use crate::page::Page;
use crate::wizard::{Link, Part, Typed, area, select, text};
use crate::words::Lang;

/// `GET /campaigns/<slug>/edit`
#[derive(Debug, Template)]
#[template(path = "wizard/tasks.html")]
pub struct TasksPage {
    pub page: Page,
    pub slug: String,
    pub project: Link,
    pub state: CampaignState,
    /// The steward's words, when changes were asked.
    pub review_words: Option<String>,
    pub tasks: Vec<Task>,
    /// Whether this person may send it to be read, and nothing is missing.
    pub can_submit: bool,
    /// Only the commons return is missing: how to ask for an exception.
    pub may_ask_exception: bool,
    /// The steps can be changed.
    pub editable: bool,
    /// This person may cancel the campaign.
    pub may_cancel: bool,
}

/// One step and what it lacks.
#[derive(Debug, Clone)]
pub struct Task {
    pub link: Link,
    /// What is missing, in words; nothing when it is done.
    pub missing: Vec<String>,
    /// It may stay empty, and is.
    pub optional: bool,
}

impl TasksPage {
    fn word(&self) -> &'static str {
        self.page.t(crate::states::campaign_word(self.state))
    }

    fn review_address(&self) -> String {
        format!("/reviews/{}", self.slug)
    }
}

/// Time zones to choose from. The deadline is the same instant everywhere; this is how it is written.
pub const TIME_ZONES: &[&str] = &[
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Kuwait",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Atlantic/Reykjavik",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Auckland",
];

/// The fields `title`, `summary`, `currency`, `minimum`, `full_plan`, `duration_days`, `time_zone`,
/// `way`, `if_short` (`unwind`, or a percentage).
pub fn basics(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let currencies = Currency::OFFERED.iter().map(|currency| {
        let code = currency.code();
        let symbol = currency.symbol();
        let label = if symbol == code {
            code.to_owned()
        } else {
            format!("{code} ({symbol})")
        };
        (code.to_owned(), label)
    });
    let zones = TIME_ZONES
        .iter()
        .map(|zone| ((*zone).to_owned(), zone.replace('_', " ")));
    let mut currency = select("currency", lang.t("basics-currency"), currencies, typed, refused);
    currency.hint = Some(lang.t("basics-currency-hint").to_owned());
    let mut zone = select("time_zone", lang.t("basics-zone"), zones, typed, refused);
    zone.hint = Some(lang.t("basics-zone-hint").to_owned());
    let number = |name, label, hint| {
        Part::Field(
            text(name, lang.t(label), typed, refused)
                .typed_in(Control::Number)
                .hint(lang.t(hint)),
        )
    };
    vec![
        Part::Field(text("title", lang.t("basics-title"), typed, refused)),
        Part::Field(
            text("summary", lang.t("basics-summary"), typed, refused).hint(lang.t("basics-summary-hint")),
        ),
        Part::Select(currency),
        number("minimum", "basics-minimum", "basics-minimum-hint"),
        number("full_plan", "basics-full-plan", "basics-full-plan-hint"),
        number("duration_days", "basics-duration", "basics-duration-hint"),
        Part::Select(zone),
        Part::Select(way(lang, typed, refused)),
        Part::Select(if_short(lang, typed, refused)),
    ]
}

/// The fields `percent1`, `days1` and so on: a line for each part there is or was typed, and two more.
pub fn plan(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let is_used = |(percent, days): &(&'static str, &'static str)| {
        [percent, days]
            .iter()
            .any(|name| !typed(name).trim().is_empty() || refused.of(name).is_some())
    };
    let used = TRANCHE_FIELDS
        .iter()
        .rposition(is_used)
        .map_or(0, |last| last + 1);
    let lines = (1_u32..).zip(TRANCHE_FIELDS).take(used + 2);
    let field = |name, label: String| text(name, &label, typed, refused).typed_in(Control::Number);
    lines
        .flat_map(|(number, (percent, days))| {
            let days = field(days, lang.t1("plan-days-label", "number", number));
            let days = if number == 1 {
                days.hint(lang.t("plan-days-hint"))
            } else {
                days
            };
            let percent = field(percent, lang.t1("plan-percent-label", "number", number));
            [Part::Field(percent), Part::Field(days)]
        })
        .collect()
}

/// The percentages of the minimum a campaign may go on from.
const GO_ON_FROM: [u8; 6] = [50, 60, 70, 75, 80, 90];

fn way(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Select {
    let options = Way::ALL
        .iter()
        .map(|way| (way.to_string(), lang.t(way_word(*way)).to_owned()));
    let mut field = select("way", lang.t("basics-way"), options, typed, refused);
    field.hint = Some(lang.t("basics-way-hint").to_owned());
    field
}

/// The words for when gifts are charged.
pub fn way_word(way: Way) -> &'static str {
    match way {
        Way::AllOrNothing => "way-all-or-nothing",
        Way::KeepWhatComes => "way-keep-what-comes",
    }
}

fn if_short(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Select {
    let unwind = ("unwind".to_owned(), lang.t("basics-if-short-unwind").to_owned());
    let go_on = GO_ON_FROM.into_iter().map(|percent| {
        let label = lang.t1("basics-if-short-go-on", "percent", u32::from(percent));
        (percent.to_string(), label)
    });
    let options = std::iter::once(unwind).chain(go_on);
    let mut field = select("if_short", lang.t("basics-if-short"), options, typed, refused);
    field.hint = Some(lang.t("basics-if-short-hint").to_owned());
    field
}

/// When a campaign charges, and what it published about being short, in a sentence or two.
pub fn rule_words(lang: Lang, way: Way, rule: IfShort) -> String {
    match rule {
        _ if way == Way::KeepWhatComes => lang.t("campaign-keeps-what-comes").to_owned(),
        IfShort::Unwind => lang.t("campaign-if-short-unwind").to_owned(),
        IfShort::GoOnFrom(percent) => lang.t1("campaign-if-short-go-on", "percent", u32::from(percent.get())),
    }
}

/// The fields `story` and `risks`.
pub fn story(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let story = area("story", lang.t("story-story"), 18, typed, refused).hint(lang.t("story-story-hint"));
    let risks = area("risks", lang.t("story-risks"), 8, typed, refused).hint(lang.t("story-risks-hint"));
    vec![Part::Field(story), Part::Field(risks)]
}

fn amount(name: &'static str, label: &str, currency: Currency, typed: Typed<'_>, refused: &Refused) -> Field {
    let sign = crate::format::currency_sign(&Money::zero(currency));
    text(name, label, typed, refused).typed_in(Control::Money(sign))
}

/// The fields `kind`, `title`, `at_minimum`, `at_full_plan`.
pub fn budget_line(lang: Lang, currency: Currency, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let kinds = BudgetKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), lang.t(budget_kind(*kind)).to_owned()));
    let at_minimum = amount(
        "at_minimum",
        lang.t("budget-line-at-minimum"),
        currency,
        typed,
        refused,
    );
    let at_full_plan = amount(
        "at_full_plan",
        lang.t("budget-line-at-full-plan"),
        currency,
        typed,
        refused,
    );
    vec![
        Part::Field(text("title", lang.t("budget-line-title"), typed, refused)),
        Part::Select(select("kind", lang.t("budget-line-kind"), kinds, typed, refused)),
        Part::Field(at_minimum.hint(lang.t("budget-line-at-minimum-hint"))),
        Part::Field(at_full_plan),
    ]
}

/// The word for what a budget line pays for.
pub fn budget_kind(kind: BudgetKind) -> &'static str {
    match kind {
        BudgetKind::Task => "budget-kind-task",
        BudgetKind::Material => "budget-kind-material",
        BudgetKind::Infrastructure => "budget-kind-infrastructure",
    }
}

/// The fields `title`, `description`, `price`, `limit`, `delivery` and `is_sale`. `months` are the months
/// to choose from, each by its first day and in words.
pub fn reward(
    lang: Lang,
    currency: Currency,
    months: Vec<(String, String)>,
    typed: Typed<'_>,
    refused: &Refused,
) -> Vec<Part> {
    let limit = text("limit", lang.t("reward-limit-label"), typed, refused).typed_in(Control::Number);
    let mut delivery = select(
        "delivery",
        lang.t("reward-delivery-label"),
        months,
        typed,
        refused,
    );
    delivery.hint = Some(lang.t("reward-delivery-hint").to_owned());
    vec![
        Part::Field(text("title", lang.t("reward-title"), typed, refused)),
        Part::Field(area(
            "description",
            lang.t("reward-description"),
            4,
            typed,
            refused,
        )),
        Part::Field(amount("price", lang.t("reward-price"), currency, typed, refused)),
        Part::Field(limit.hint(lang.t("reward-limit-hint"))),
        Part::Select(delivery),
        Part::Tick(Tick {
            name: "is_sale",
            label: lang.t("reward-sale").to_owned(),
            hint: Some(lang.t("reward-sale-hint").to_owned()),
            error: None,
            ticked: typed("is_sale") == "yes",
        }),
    ]
}

/// The fields `kind`, `title`, `licence`, `due`, `place`.
pub fn commons_return(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let kinds = CommonsReturnKind::ALL;
    let kinds = kinds
        .iter()
        .map(|kind| (kind.to_string(), lang.t(return_kind(*kind)).to_owned()));
    let due = text("due", lang.t("return-due"), typed, refused).typed_in(Control::Date);
    vec![
        Part::Select(select("kind", lang.t("return-kind"), kinds, typed, refused)),
        Part::Field(text("title", lang.t("return-title"), typed, refused).hint(lang.t("return-title-hint"))),
        Part::Field(
            text("licence", lang.t("return-licence"), typed, refused).hint(lang.t("return-licence-hint")),
        ),
        Part::Field(due.hint(lang.t("return-due-hint"))),
        Part::Field(text("place", lang.t("return-place"), typed, refused).hint(lang.t("return-place-hint"))),
    ]
}

/// The word for what everybody gets.
pub fn return_kind(kind: CommonsReturnKind) -> &'static str {
    match kind {
        CommonsReturnKind::Design => "return-kind-design",
        CommonsReturnKind::Code => "return-kind-code",
        CommonsReturnKind::Manual => "return-kind-manual",
        CommonsReturnKind::Data => "return-kind-data",
        CommonsReturnKind::Service => "return-kind-service",
    }
}
