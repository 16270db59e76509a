//! Campaign pages in every state, and the books.

use felag_domain::campaign::{CampaignState, Way};
use felag_frontend::campaigns::{
    BookLine, BudgetLine, CampaignPage, CommonsReturn, Figures, Flow, ProjectLine, Reward, Stock, Update,
    follow_field,
};
use felag_frontend::form::Refused;
use felag_frontend::give::{AmountForm, TypedAmount};
use felag_frontend::parts::{Curve, CurveDay};
use felag_frontend::{Lang, markdown};
use time::macros::{date, datetime};
use time::{Date, Duration};

use crate::people::{NOW, cents, euro, page, signed_in};
use crate::{Shown, shown};

pub fn pages() -> Vec<Shown> {
    use CampaignState as S;
    let states = [
        ("campaign-draft", S::Draft),
        ("campaign-in-review", S::InReview),
        ("campaign-changes-asked", S::ChangesAsked),
        ("campaign-scheduled", S::Scheduled),
        ("campaign-collecting", S::Collecting),
        ("campaign-funded", S::Funded),
        ("campaign-closed", S::Closed),
        ("campaign-failed", S::Failed),
        ("campaign-short", S::Short),
        ("campaign-unwound", S::Unwound),
        ("campaign-cancelled", S::Cancelled),
        ("campaign-suspended", S::Suspended),
        ("campaign-unpayable", S::Unpayable),
    ];
    let mut pages: Vec<Shown> = states.map(|(name, state)| shown(name, ended(state))).into();
    pages.push(shown("campaign", campaign(CampaignState::Open)));
    let mut deciding = campaign(CampaignState::Open);
    deciding.page.now = datetime!(2026-12-14 20:01 UTC);
    pages.push(shown(
        "campaign-deciding",
        CampaignPage {
            give: None,
            follow: None,
            ..deciding
        },
    ));
    pages.push(shown("campaign-new", new_campaign()));
    pages
}

pub fn amount_form(was: TypedAmount<'_>, refused: &Refused) -> AmountForm {
    let picks = [euro(5), euro(20), euro(50), euro(120)];
    AmountForm::new(Lang::En, &picks, euro(1), &rewards(), was, refused)
}

fn loan() -> felag_frontend::loans::LoanBeside {
    felag_frontend::loans::LoanBeside {
        amount: euro(14_000),
        committed: euro(6_200),
        lenders: 31,
        terms: "3 % a year, 36 instalments, every month, in equal instalments.".to_owned(),
        mark: "good",
        state: "Open".to_owned(),
        counts: false,
        lends: true,
    }
}

fn campaign(state: CampaignState) -> CampaignPage {
    let mut page = page("Vindur, a village wind turbine anyone can build");
    page.description = "One kilowatt from carved ash blades. Give from €5.".to_owned();
    page.canonical = "https://felag.example/campaigns/vindur".to_owned();
    CampaignPage {
        page,
        slug: "vindur".to_owned(),
        title: "Vindur, a village wind turbine anyone can build".to_owned(),
        summary:
            "One kilowatt from carved ash blades and a hub you can cast or print. Published to the last bolt."
                .to_owned(),
        project: ProjectLine {
            slug: "strondin".to_owned(),
            name: "Ströndin".to_owned(),
            holder: "Ströndin energy co-op".to_owned(),
            place: "Ísafjörður".to_owned(),
        },
        state,
        way: Way::AllOrNothing,
        if_short: felag_frontend::campaign_edit::rule_words(Lang::En, Way::AllOrNothing, Default::default()),
        go_on_until: None,
        loan: (state == CampaignState::Open).then(loan),
        decide: None,
        review_words: None,
        manage: None,
        minimum: euro(18_000),
        full_plan: euro(32_000),
        figures: Figures {
            promised: euro(14_260),
            collected: euro(0),
            at_risk: euro(0),
            lost: euro(0),
        },
        own_gifts: euro(500),
        backers: 412,
        opens_at: Some(datetime!(2026-10-14 20:00 UTC)),
        deadline: Some(datetime!(2026-12-14 20:00 UTC)),
        window_ends: Some(datetime!(2026-12-21 20:00 UTC)),
        zone: "Atlantic/Reykjavik".to_owned(),
        story: markdown::render(STORY),
        risks: markdown::render(
            "The foundry has moved our slot once already.\n\nIf the hub is late, tests slip to May.",
        ),
        budget: budget(),
        accounts: (state == CampaignState::Funded).then(crate::expenses::accounts),
        plan: vec![(60, 0), (40, 45)],
        rewards: rewards(),
        curve: Some(curve()),
        books: book(),
        entries: 487,
        updates: updates(),
        returns: returns(),
        exception: None,
        licences: vec!["CERN-OHL-S-2.0".to_owned(), "AGPL-3.0-or-later".to_owned()],
        give: Some(amount_form(
            TypedAmount {
                amount: "50",
                ..TypedAmount::default()
            },
            &Refused::none(),
        )),
        follow: Some(follow_field(Lang::En, "", &Refused::none())),
    }
}

fn ended(state: CampaignState) -> CampaignPage {
    let mut page = campaign(state);
    page.give = None;
    page.follow = None;
    if !matches!(
        state,
        CampaignState::Draft | CampaignState::InReview | CampaignState::ChangesAsked
    ) {
        page.page.now = datetime!(2026-12-15 09:00 UTC);
        page.figures = Figures {
            promised: euro(19_260),
            collected: cents(1_845_950),
            at_risk: euro(520),
            lost: cents(28_050),
        };
    } else {
        page.page = signed_in("Vindur");
        page.manage = Some("/my/projects/strondin".to_owned());
        page.review_words = Some("Please say who casts the hub.".to_owned());
    }
    page
}

/// Nothing promised, no rewards, an exception instead of a return.
fn new_campaign() -> CampaignPage {
    CampaignPage {
        figures: Figures {
            promised: euro(0),
            collected: euro(0),
            at_risk: euro(0),
            lost: euro(0),
        },
        own_gifts: euro(0),
        backers: 0,
        rewards: Vec::new(),
        curve: None,
        books: Vec::new(),
        entries: 0,
        updates: Vec::new(),
        returns: Vec::new(),
        licences: Vec::new(),
        exception: Some("The workshop’s rent serves everybody in the street.".to_owned()),
        ..campaign(CampaignState::Open)
    }
}

pub fn book() -> Vec<BookLine> {
    let line = |number, text: &str, who: Option<&str>, amount, flow| BookLine {
        at: NOW,
        number,
        text: text.to_owned(),
        who: who.map(str::to_owned),
        amount,
        cost: (flow == Flow::In).then(|| cents(325)),
        flow,
        hash: String::new(),
        after: Vec::new(),
    };
    vec![
        line(
            487,
            "Gift promised",
            Some("Aðalheiður"),
            cents(4_000),
            Flow::Noted,
        ),
        line(486, "Gift collected", None, cents(20_000), Flow::In),
        line(485, "Paid back", None, cents(2_500), Flow::Out),
        line(484, "Promise raised", None, cents(1_000), Flow::Noted),
    ]
}

pub fn rewards() -> Vec<Reward> {
    let reward = |id: &str, title: &str, price, stock, delivery: Date| Reward {
        id: id.to_owned(),
        title: title.to_owned(),
        description: "Sewn by hand, with every drawing in it.".to_owned(),
        price,
        stock,
        delivery,
    };
    vec![
        reward(
            "r1",
            "Printed build manual",
            euro(20),
            Some(Stock { left: 61, limit: 100 }),
            date!(2027 - 03 - 01),
        ),
        reward(
            "r2",
            "Blade-carving weekend",
            euro(120),
            Some(Stock { left: 0, limit: 8 }),
            date!(2027 - 06 - 01),
        ),
        reward(
            "r3",
            "Your name on the mast",
            euro(50),
            None,
            date!(2027 - 09 - 01),
        ),
    ]
}

fn budget() -> Vec<BudgetLine> {
    [
        ("Generator and hub castings", 5_600, 9_400),
        ("Rotor, blades and moulds", 4_200, 6_800),
        ("Mast, footing and field tests", 3_300, 5_900),
        ("Open controller board", 2_900, 4_600),
        ("Build manual in four languages", 1_200, 3_300),
        ("Card fees and 6% reserve", 800, 2_000),
    ]
    .map(|(title, least, full)| BudgetLine {
        title: title.to_owned(),
        at_minimum: euro(least),
        at_full_plan: euro(full),
    })
    .into()
}

pub fn curve() -> Curve {
    let opened = date!(2026 - 10 - 14);
    let days = (0..40).map(|n| CurveDay {
        day: opened + Duration::days(n),
        total: euro(n * 300 + n * n + if n > 22 { 1_000 } else { 0 }),
        backers: n.unsigned_abs() * 9,
    });
    let (minimum, full_plan, deadline) = (euro(18_000), euro(32_000), date!(2026 - 12 - 14));
    Curve {
        lang: Lang::En,
        days: days.collect(),
        minimum,
        full_plan,
        opened,
        deadline,
    }
}

fn updates() -> Vec<Update> {
    vec![Update {
        id: "1".to_owned(),
        title: "Blade 3 survived 41 metres a second".to_owned(),
        at: datetime!(2026-11-18 10:00 UTC),
        body: markdown::render("The third profile ran through last week’s storm with the strain gauges on."),
    }]
}

fn returns() -> Vec<CommonsReturn> {
    let item = |kind: &str, title: &str, licence: &str, place: &str| CommonsReturn {
        kind: kind.to_owned(),
        title: title.to_owned(),
        licence: licence.to_owned(),
        due: date!(2027 - 05 - 31),
        place: place.to_owned(),
    };
    vec![
        item(
            "Design",
            "Hardware drawings",
            "CERN-OHL-S-2.0",
            "https://git.strondin.example/vindur",
        ),
        item(
            "Code",
            "Controller code",
            "AGPL-3.0-or-later",
            "https://git.strondin.example/controller",
        ),
        item("Manual", "Build manual", "CC-BY-SA-4.0", "Library of Ísafjörður"),
    ]
}

const STORY: &str = "Our village loses the grid four or five times each winter. A single turbine on the \
harbour wall keeps the freezers and the radio mast alive.\n\n\
- At the **minimum**, we finish and test one complete machine.\n\
- With the **full plan**, we add the printed hub and a second mast height.\n\n\
# What comes next\n\nTests in March.\n\n> A machine nobody can repair is a loan.\n\n\
| Part | Weight |\n|---|---|\n| Hub | 12 kg |\n";
