//! What a lender is asked before the first loan: the entry knowledge test and the simulation of a loss.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount;
use felag_domain::money::{Currency, Money};
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::{Choice, Control, Radios, Refused, Tick};
use felag_frontend::loans::{LoanPage, Section};
use felag_frontend::wizard::{Form, FormPage, Link, Part, text};
use felag_frontend::{Here, Lang};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::lender::{self, Means, QUESTIONS};
use crate::people::{Posted, Visitor, next};
use crate::projects::Say;
use crate::web::fields::Fields;
use crate::web::{page, page_with};

const LANG: Lang = Lang::En;
/// The names of the fields, in the order of the questions.
const NAMES: [&str; 5] = ["q1", "q2", "q3", "q4", "q5"];

/// Where a lender goes on to.
fn goes_on(fields: &Fields) -> String {
    next::safe(fields.get("next"))
        .unwrap_or("/my/commitments")
        .to_string()
}

pub async fn test(
    State(ctx): State<Ctx>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    visitor.person()?;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    page(&test_page(&ctx, &visitor, &fields, &[]))
}

/// The question, and its three answers.
fn question(id: &str) -> [&'static str; 4] {
    match id {
        "loan-test-1" => ["loan-test-1", "loan-test-1-a", "loan-test-1-b", "loan-test-1-c"],
        "loan-test-2" => ["loan-test-2", "loan-test-2-a", "loan-test-2-b", "loan-test-2-c"],
        "loan-test-3" => ["loan-test-3", "loan-test-3-a", "loan-test-3-b", "loan-test-3-c"],
        "loan-test-4" => ["loan-test-4", "loan-test-4-a", "loan-test-4-b", "loan-test-4-c"],
        _ => ["loan-test-5", "loan-test-5-a", "loan-test-5-b", "loan-test-5-c"],
    }
    .map(|id| LANG.t(id))
}

fn test_page(ctx: &Ctx, visitor: &Visitor, fields: &Fields, refusals: &[FieldRefusal]) -> FormPage {
    let page = visitor.page(ctx, LANG.t("loan-test-title"), Here::Gifts);
    let refused = Refused::new(LANG, refusals);
    let mut parts: Vec<Part> = NAMES
        .iter()
        .zip(&QUESTIONS)
        .map(|(name, (id, _))| {
            let [legend, a, b, c] = question(id);
            let chosen = fields.get(name);
            Part::Radios(Radios {
                name,
                legend: legend.to_string(),
                hint: None,
                error: refused.of(name),
                options: vec![
                    Choice::new("a", a, chosen),
                    Choice::new("b", b, chosen),
                    Choice::new("c", c, chosen),
                ],
                as_buttons: false,
            })
        })
        .collect();
    parts.push(Part::Tick(Tick {
        name: "acknowledged",
        label: LANG.t("loan-test-acknowledged").to_string(),
        hint: Some(LANG.t("loan-risk-warning").to_string()),
        error: refused.of("acknowledged"),
        ticked: fields.is_ticked("acknowledged"),
    }));
    let form = Form::new(&page, "/my/lending/test", parts, LANG.t("loan-test-send"))
        .carrying("next", fields.get("next"));
    FormPage::new(page, LANG.t("loan-test-lead"), form, &refused)
}

pub async fn keep_test(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let person = posted.visitor.person()?.id;
    let fields = &posted.fields;
    let mut refusals = Refusals::new();
    for name in NAMES {
        if !matches!(fields.get(name), "a" | "b" | "c") {
            refusals.note(name, &Say("loan-test-answer"));
        }
    }
    if !fields.is_ticked("acknowledged") {
        refusals.note("acknowledged", &Say("loan-test-acknowledge"));
    }
    if !refusals.is_empty() {
        let again = test_page(&ctx, &posted.visitor, fields, &refusals.into_vec());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let answers: Vec<String> = NAMES.iter().map(|name| fields.get(name).to_string()).collect();
    let passed = lender::keep_test(&ctx, person, &answers).await?;
    let goes_on = format!("/my/lending/means?next={}", goes_on(fields));
    let section = Section::new("result", LANG.t("loan-test-result"));
    let section = if passed {
        section.words(LANG.t("loan-test-passed"))
    } else {
        section
            .warning(LANG.t("loan-test-failed"))
            .warning(LANG.t("loan-risk-warning"))
    };
    page(&LoanPage {
        page: posted.visitor.page(&ctx, LANG.t("loan-test-title"), Here::Gifts),
        back: None,
        state: None,
        lead: String::new(),
        sections: vec![section.link(Link::new(goes_on, LANG.t("loan-test-go-on")))],
    })
}

pub async fn means(
    State(ctx): State<Ctx>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    visitor.person()?;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    page(&means_page(&ctx, &visitor, &fields, &[]))
}

fn means_page(ctx: &Ctx, visitor: &Visitor, fields: &Fields, refusals: &[FieldRefusal]) -> FormPage {
    let page = visitor.page(ctx, LANG.t("loan-means-title"), Here::Gifts);
    let refused = Refused::new(LANG, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let sign = Currency::EUR.symbol().to_string();
    let money = |name: &'static str, label: &'static str| {
        Part::Field(text(name, LANG.t(label), &was, &refused).typed_in(Control::Money(sign.clone())))
    };
    let parts = vec![
        money("income", "loan-means-income"),
        money("assets", "loan-means-assets"),
        money("obligations", "loan-means-obligations"),
    ];
    let form = Form::new(&page, "/my/lending/means", parts, LANG.t("loan-means-send"))
        .carrying("next", fields.get("next"));
    FormPage::new(page, LANG.t("loan-means-lead"), form, &refused)
}

pub async fn keep_means(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let person = posted.visitor.person()?.id;
    let fields = &posted.fields;
    let mut refusals = Refusals::new();
    let mut amount = |name: &'static str| match fields.get(name).trim() {
        "" | "0" => Some(Money::zero(Currency::EUR)),
        typed => refusals.keep(name, amount::parse(typed, Currency::EUR)),
    };
    let typed = (amount("income"), amount("assets"), amount("obligations"));
    let (Some(income), Some(assets), Some(obligations)) = typed else {
        let again = means_page(&ctx, &posted.visitor, fields, &refusals.into_vec());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let means = Means {
        income,
        assets,
        obligations,
    };
    lender::keep_simulation(&ctx, person, &means).await?;
    let section = Section::new("result", LANG.t("loan-means-result"))
        .fact(LANG.t("loan-means-worth"), LANG.money(means.net_worth()))
        .fact(LANG.t("loan-means-loss"), LANG.money(means.loss()))
        .words(LANG.t("loan-means-say"))
        .link(Link::new(goes_on(fields), LANG.t("loan-test-go-on")));
    page(&LoanPage {
        page: posted.visitor.page(&ctx, LANG.t("loan-means-title"), Here::Gifts),
        back: None,
        state: None,
        lead: String::new(),
        sections: vec![section],
    })
}
