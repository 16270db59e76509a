//! The form for complaints, and the register in which stewards answer them.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::{Control, Refused};
use felag_frontend::repayments::{LoanPage, Table};
use felag_frontend::wizard::{Form, FormPage, Link, Part, Second, area, text};
use felag_frontend::{Here, Notice, Page, Tone};
use serde::Deserialize;
use time::Duration;
use uuid::Uuid;

use super::project::heads;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Posted, Steward, Visitor};
use crate::projects::NotSaved;
use crate::repayments::complaints::{self, Complaint, Typed};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// A complaint is answered within so long.
const ANSWERED_WITHIN: Duration = Duration::days(30);

/// After a complaint was sent.
#[derive(Debug, Deserialize)]
pub(super) struct Came {
    number: Option<Uuid>,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let mut shown = form_page(&ctx, &visitor, &Fields::default(), &[]);
    shown.page.notice = came.number.map(|number| Notice {
        tone: Tone::Done,
        text: shown.page.t1("complaint-sent", "number", number.to_string()),
    });
    page(&shown)
}

pub(super) async fn send(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let (visitor, fields) = (&posted.visitor, &posted.fields);
    let id: Uuid = fields.parse("request").unwrap_or_else(|| ctx.id());
    let typed = Typed {
        id,
        person: visitor.person.as_ref().map(|person| person.id),
        email: fields.get("email"),
        about: fields.get("about"),
        words: fields.get("words"),
        address: &visitor.address,
    };
    match complaints::complain(&ctx, typed).await {
        Ok(()) => Ok(see_other(&format!("/complaints?number={id}"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = form_page(&ctx, visitor, fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn form_page(ctx: &Ctx, visitor: &Visitor, fields: &Fields, refusals: &[FieldRefusal]) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = lang.t("complaint-title").to_string();
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| match (&visitor.person, name) {
        (Some(person), "email") if !fields.has("email") => person.email.clone(),
        _ => fields.get(name).to_string(),
    };
    let email = text("email", lang.t("complaint-email"), &was, &refused)
        .typed_in(Control::Email)
        .autocomplete("email")
        .hint(lang.t("complaint-email-hint"));
    let about = text("about", lang.t("complaint-about"), &was, &refused).hint(lang.t("complaint-about-hint"));
    let words =
        area("words", lang.t("complaint-words"), 8, &was, &refused).hint(lang.t("complaint-words-hint"));
    let parts = vec![Part::Field(email), Part::Field(about), Part::Field(words)];
    let form = Form::new(&page, "/complaints", parts, lang.t("complaint-send"));
    let lead = lang.t("complaint-lead");
    FormPage::new(page, lead, form.carrying("request", ctx.id::<Uuid>()), &refused)
}

pub(super) async fn register(State(ctx): State<Ctx>, steward: Steward) -> Result<Response, Error> {
    let all = complaints::register(&ctx.db).await?;
    let mut page_ = steward.visitor.page(&ctx, "", Here::Reviews);
    let lang = page_.lang;
    page_.title = lang.t("complaint-register").to_string();
    let line = |one: &Complaint| {
        let cells = vec![
            one.about.clone(),
            lang.date(one.created_at),
            standing(&page_, one),
        ];
        (Some(format!("/complaints/{}", one.id)), cells)
    };
    let table = Table {
        id: "complaints".into(),
        title: lang.t("complaint-title").to_string(),
        heads: heads(
            lang,
            &["complaint-about", "complaint-received", "complaint-answered"],
        ),
        amounts_from: 3,
        rows: all.iter().map(line).collect(),
        empty: lang.t("complaint-register-none").to_string(),
    };
    page(&LoanPage {
        back: Some(Link::new("/reviews", lang.t("nav-reviews"))),
        state: None,
        lead: lang.t("complaint-register-lead").to_string(),
        notes: Vec::new(),
        facts: Vec::new(),
        forms: Vec::new(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: vec![table],
        links: Vec::new(),
        page: page_,
    })
}

/// When it was answered, or has to be.
fn standing(page: &Page, one: &Complaint) -> String {
    match one.answered_at {
        Some(at) => page.date(at),
        None => page.t1(
            "complaint-waits",
            "day",
            page.date(one.created_at + ANSWERED_WITHIN),
        ),
    }
}

pub(super) async fn look(
    State(ctx): State<Ctx>,
    steward: Steward,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    page(&one_page(&ctx, &steward.visitor, id, &Fields::default(), &[]).await?)
}

pub(super) async fn answer(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    let steward = steward(&posted.visitor)?;
    complaints::find(&ctx.db, id).await?.ok_or(Error::NotFound)?;
    match complaints::answer(&ctx, id, steward.id, posted.fields.get("answer")).await {
        Ok(()) => Ok(see_other(&format!("/complaints/{id}"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = one_page(&ctx, &posted.visitor, id, &posted.fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn steward(visitor: &Visitor) -> Result<&Person, Error> {
    let person = visitor.person()?;
    person.is_steward.then_some(person).ok_or(Error::Forbidden)
}

async fn one_page(
    ctx: &Ctx,
    visitor: &Visitor,
    id: Uuid,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let one = complaints::find(&ctx.db, id).await?.ok_or(Error::NotFound)?;
    let mut page = visitor.page(ctx, "", Here::Reviews);
    let lang = page.lang;
    page.title = one.about.clone();
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let form = one.answered_at.is_none().then(|| {
        let field = area("answer", lang.t("complaint-answer"), 8, &was, &refused)
            .hint(lang.t("complaint-answer-hint"));
        Second {
            title: lang.t("complaint-answer").to_string(),
            lead: String::new(),
            form: Form::new(
                &page,
                format!("/complaints/{id}"),
                vec![Part::Field(field)],
                lang.t("complaint-answer-send"),
            ),
        }
    });
    page.errors = form
        .as_ref()
        .map_or_else(|| refused.beyond(&[]), |one| one.form.errors(&refused));
    let mut facts = vec![
        (lang.t("complaint-number").to_string(), one.id.to_string()),
        (lang.t("complaint-from").to_string(), one.email.clone()),
        (
            lang.t("complaint-received").to_string(),
            lang.date(one.created_at),
        ),
        (lang.t("complaint-answered").to_string(), standing(&page, &one)),
        (lang.t("complaint-words").to_string(), one.words.clone()),
    ];
    facts.extend(
        one.answer
            .clone()
            .map(|answer| (lang.t("complaint-answer").to_string(), answer)),
    );
    Ok(LoanPage {
        back: Some(Link::new("/complaints/register", lang.t("complaint-register"))),
        state: None,
        lead: String::new(),
        notes: Vec::new(),
        facts,
        forms: form.into_iter().collect(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: Vec::new(),
        links: Vec::new(),
        page,
    })
}
