//! The project changes what its loan's sheet says: a form, a page that repeats what changes and who is told, and the
//! last button.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::loans::{LoanPage, Section};
use felag_frontend::wizard::{Form, FormPage, Link, Part, area};
use felag_frontend::{Here, Lang};

use super::signature::of_owner;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::change::{self, TEXTS};
use crate::loans::{self, Loan, store};
use crate::people::Visitor;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;
/// The names of the four texts, and what is said beside their fields.
const LABELS: [(&str, &str); 4] = [
    ("loan-purpose", "loan-purpose-hint"),
    ("loan-security", "loan-security-hint"),
    ("loan-figures", "loan-figures-hint"),
    ("loan-risks", "loan-risks-hint"),
];

fn of(loan: &Loan) -> [&String; 4] {
    [&loan.purpose, &loan.security, &loan.figures, &loan.risks]
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    proven: Proven,
) -> Result<Response, Error> {
    let (campaign, loan) = of_owner(&ctx, &proven.visitor, &slug).await?;
    if !change::may_change(&ctx, &loan) {
        return Ok(see_other(&format!("/campaigns/{slug}/loan")));
    }
    let mut fields = Fields::from([("sheet", loan.sheet_version.to_string())]);
    for ((name, _), text) in TEXTS.into_iter().zip(of(&loan)) {
        fields.set(name, text.clone());
    }
    page(&form_page(&ctx, &proven.visitor, &campaign, &fields, &[]))
}

fn form_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let frame = visitor.page(ctx, LANG.t("loan-change-title"), Here::Projects);
    let refused = Refused::new(LANG, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let parts = TEXTS.into_iter().zip(LABELS).map(|((name, _), (label, hint))| {
        Part::Field(area(name, LANG.t(label), 8, &was, &refused).hint(LANG.t(hint)))
    });
    let form = Form::new(
        &frame,
        format!("/campaigns/{}/loan/change/review", campaign.slug),
        parts.collect(),
        LANG.t("loan-change-review"),
    )
    .carrying("sheet", fields.get("sheet"));
    FormPage::new(frame, LANG.t("loan-change-lead"), form, &refused).back(Link::new(
        format!("/campaigns/{}/loan", campaign.slug),
        LANG.t("loan-back"),
    ))
}

pub async fn review(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, loan) = of_owner(&ctx, &posted.visitor, &slug).await?;
    let before = loan.clone();
    let mut conn = ctx.db.acquire().await?;
    let changed = change::with_texts(&mut conn, &ctx, &campaign, loan, &posted.fields).await;
    drop(conn);
    match changed {
        Ok(after) => {
            let shown = review_page(&ctx, &posted.visitor, &campaign, &before, &after).await?;
            page(&shown)
        }
        Err(refused) => again(&ctx, &posted, &campaign, refused),
    }
}

/// The form once more, with what was refused.
fn again(
    ctx: &Ctx,
    posted: &ProvenPosted,
    campaign: &Campaign,
    refused: NotSaved,
) -> Result<Response, Error> {
    match refused {
        NotSaved::Failed(error) => Err(error),
        NotSaved::Refused(refusals) => {
            let shown = form_page(ctx, &posted.visitor, campaign, &posted.fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// What changes, who is told, until when they may take theirs back, and the last button.
async fn review_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    before: &Loan,
    after: &Loan,
) -> Result<LoanPage, Error> {
    let frame = visitor.page(ctx, LANG.t("loan-change-title"), Here::Projects);
    let told = store::lenders_before_collecting(&ctx.db, campaign.id).await?;
    let until = loans::revocable_until(ctx, campaign, after);
    let mut sections = Vec::new();
    let texts = TEXTS
        .into_iter()
        .zip(LABELS)
        .zip(of(before).into_iter().zip(of(after)));
    let mut form = Form::new(
        &frame,
        format!("/campaigns/{}/loan/change", campaign.slug),
        Vec::new(),
        LANG.t("loan-change-publish"),
    )
    .carrying("sheet", after.sheet_version.to_string());
    for (((name, _), (label, _)), (was, is)) in texts {
        form = form.carrying(name, is);
        if was != is {
            let nothing = || LANG.t("loan-change-empty").to_string();
            let shown = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            let section = Section::new(name, LANG.t(label))
                .fact(LANG.t("loan-change-was"), shown(was).unwrap_or_else(nothing))
                .fact(LANG.t("loan-change-is"), shown(is).unwrap_or_else(nothing));
            sections.push(section);
        }
    }
    let what = Section::new("what", LANG.t("loan-change-what"))
        .words(LANG.t1(
            "loan-change-version",
            "version",
            i64::from(after.sheet_version) + 1,
        ))
        .words(LANG.t2(
            "loan-change-told",
            "count",
            told,
            "until",
            LANG.date_time(until, &campaign.time_zone),
        ))
        .form(form);
    sections.push(what);
    Ok(LoanPage {
        page: frame,
        back: Some(Link::new(
            format!("/campaigns/{}/loan/change", campaign.slug),
            LANG.t("loan-change-back"),
        )),
        state: None,
        lead: String::new(),
        sections,
    })
}

pub async fn publish(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, _) = of_owner(&ctx, &posted.visitor, &slug).await?;
    match change::publish(&ctx, campaign.id, &posted.person, &posted.fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/loan"))),
        Err(refused) => again(&ctx, &posted, &campaign, refused),
    }
}
