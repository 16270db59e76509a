//! The frame with its notices, the first page, search, a project, and what went wrong.

use felag_domain::campaign::CampaignState;
use felag_domain::currency::Currency;
use felag_domain::money::Money;
use felag_frontend::errors::{ErrorPage, Failure};
use felag_frontend::home::HomePage;
use felag_frontend::parts::{Card, Pager};
use felag_frontend::projects::{LegalHolder, Member, ProjectPage};
use felag_frontend::search::{SearchForm, SearchPage};
use felag_frontend::{Here, Lang, Notice, Page, SignedIn, Tone, markdown};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::{Shown, campaigns, shown};

pub const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

pub fn euro(major: i64) -> Money {
    cents(major * 100)
}

pub fn cents(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

/// A page for somebody not signed in, on the sandbox.
pub fn page(title: &str) -> Page {
    let mut page = Page::new(Lang::En, title, NOW);
    page.csrf = "a-token".to_owned();
    page.sandbox = true;
    page
}

/// The same for somebody signed in.
pub fn signed_in(title: &str) -> Page {
    let person = SignedIn {
        name: "Marta".to_owned(),
        owns_projects: true,
        steward: true,
    };
    Page {
        person: Some(person),
        ..page(title)
    }
}

pub fn card(slug: &str, title: &str, raised: i64, state: CampaignState) -> Card {
    Card {
        slug: slug.to_owned(),
        title: title.to_owned(),
        summary: "One kilowatt, carved blades, a hub you can cast or print. Plans stay open for good."
            .to_owned(),
        project: "Ströndin energy co-op · Ísafjörður".to_owned(),
        raised: euro(raised),
        minimum: euro(18_000),
        full_plan: euro(32_000),
        backers: 412,
        state,
        deadline: Some(datetime!(2026-12-14 20:00 UTC)),
        licences: vec!["CERN-OHL-S-2.0".to_owned(), "AGPL-3.0-or-later".to_owned()],
    }
}

pub fn cards() -> Vec<Card> {
    use CampaignState::{Failed, Funded, Open};
    vec![
        card(
            "vindur",
            "Vindur, a village wind turbine anyone can build",
            26_160,
            Open,
        ),
        card("horno-comun", "Horno Común, a shared oven for Lavapiés", 0, Open),
        card("leid", "Leið, walking maps that work offline", 5_380, Open),
        card("vefur", "Vefur, an eight-shaft loom from plywood", 40_000, Funded),
        card("saltkrakan", "Saltkråkan tool library", 2_040, Failed),
    ]
}

pub fn pages() -> Vec<Shown> {
    let mut pages = vec![
        shown("home", home(cards())),
        shown(
            "home-empty",
            HomePage {
                promised: Vec::new(),
                latest: Vec::new(),
                open: 0,
                ..home(Vec::new())
            },
        ),
        shown("search", search("wind", cards())),
        shown("search-nothing", search("<zeppelin>", Vec::new())),
        shown("project", project()),
    ];
    pages.extend(failures());
    pages
}

fn home(campaigns: Vec<Card>) -> HomePage {
    let mut page = page("Lay your money together");
    page.description = "Fund open hardware, free software and shared workshops.".to_owned();
    page.canonical = "https://felag.example/".to_owned();
    HomePage {
        page,
        open: 38,
        promised: vec![euro(412_380), Money::from_minor(1_250_000, Currency::ISK)],
        collected: vec![euro(241_900)],
        latest: campaigns::book(),
        campaigns,
    }
}

fn search(words: &str, results: Vec<Card>) -> SearchPage {
    let mut page = signed_in("Campaigns");
    page.here = Here::Search;
    page.notice = Some(Notice {
        tone: Tone::Done,
        text: "You are signed in.".to_owned(),
    });
    SearchPage {
        page,
        form: SearchForm::new(Lang::En, words, "open"),
        found: results.len() as u64,
        results,
        pager: Pager {
            lang: Lang::En,
            page: 2,
            pages: 4,
            address: "/search?q=wind&page=".to_owned(),
        },
    }
}

fn project() -> ProjectPage {
    ProjectPage {
        page: page("Ströndin energy co-op"),
        supported: Some(felag_frontend::support::Supported {
            supporters: 12,
            monthly: euro(86),
        }),
        support: Some("strondin".to_owned()),
        name: "Ströndin energy co-op".to_owned(),
        summary: "Small machines for villages that lose the grid in winter.".to_owned(),
        story: markdown::render(
            "We build **two machines** a year.\n\n## Where\n\n- a boat shed\n- the harbour\n",
        ),
        homepage: Some("https://strondin.example".to_owned()),
        repository: Some("https://git.strondin.example/vindur".to_owned()),
        licences: vec!["CERN-OHL-S-2.0".to_owned(), "CC-BY-SA-4.0".to_owned()],
        holder: holder(),
        members: vec![Member {
            name: "Aðalheiður".to_owned(),
            role: "owner".to_owned(),
        }],
        campaigns: cards().into_iter().take(2).collect(),
        manage: Some("/my/projects/strondin".to_owned()),
    }
}

pub fn holder() -> LegalHolder {
    LegalHolder {
        name: "Ströndin svf.".to_owned(),
        form: "Co-operative".to_owned(),
        lines: vec![
            "Hafnargata 3, 400 Ísafjörður".to_owned(),
            "Register number 650123-0420".to_owned(),
        ],
    }
}

fn failures() -> Vec<Shown> {
    let names = [
        "error-400",
        "error-403",
        "error-403-form",
        "error-404",
        "error-405",
        "error-410",
        "error-413",
        "error-422",
        "error-429",
        "error-500",
        "error-503",
        "demo-loading",
    ];
    let failures = names.into_iter().zip(Failure::ALL);
    failures
        .map(|(name, failure)| {
            let mut page = page(Lang::En.t(failure.title()));
            page.demo_loading = failure == Failure::DemoLoading;
            let request_id = if failure == Failure::Broken {
                "01935f1a-7c2e".to_owned()
            } else {
                String::new()
            };
            shown(
                name,
                ErrorPage {
                    page,
                    failure,
                    detail: None,
                    request_id,
                },
            )
        })
        .collect()
}
