//! The project signs: an owner with a second factor, by name and password.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::lending::LoanState;
use felag_domain::text;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::{Control, Refused};
use felag_frontend::loans::{LoanPage, Section};
use felag_frontend::wizard::{Form, Link, Part, text as field};
use felag_frontend::{Here, Lang};

use super::shown;
use crate::campaigns::access;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::{self, Loan, store};
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::people::{self, Visitor};
use crate::projects::{NotSaved, Say};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;

pub(super) async fn of_owner(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Loan), Error> {
    let (campaign, member) = access::of_member(ctx, visitor, slug).await?;
    if !member.is_owner() {
        return Err(Error::Forbidden);
    }
    let loan = store::find(&ctx.db, campaign.id).await?.ok_or(Error::NotFound)?;
    Ok((campaign, loan))
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    proven: Proven,
) -> Result<Response, Error> {
    let (campaign, loan) = of_owner(&ctx, &proven.visitor, &slug).await?;
    if loan.state != LoanState::Closed {
        return Ok(see_other(&format!("/campaigns/{slug}/loan")));
    }
    let shown = sign_page(&ctx, &proven.visitor, &campaign, &loan, &Fields::default(), &[]).await?;
    page(&shown)
}

async fn sign_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    loan: &Loan,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let totals = store::totals(&ctx.db, campaign.id).await?;
    let mut frame = visitor.page(ctx, LANG.t("loan-sign-title"), Here::Projects);
    let refused = Refused::new(LANG, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let parts = vec![
        Part::Field(
            field("signed_name", LANG.t("loan-signed-name"), &was, &refused)
                .hint(LANG.t("loan-sign-name-hint"))
                .autocomplete("name"),
        ),
        Part::Field(
            field("password", LANG.t("loan-password"), &|_| String::new(), &refused)
                .typed_in(Control::Password)
                .hint(LANG.t("loan-password-hint"))
                .autocomplete("current-password"),
        ),
    ];
    let action = format!("/campaigns/{}/loan/signature", campaign.slug);
    let form = Form::new(&frame, action, parts, LANG.t("loan-sign"));
    frame.errors = form.errors(&refused);
    let money = |minor| LANG.money(felag_domain::money::Money::from_minor(minor, loan.currency()));
    let what = Section::new("what", LANG.t("loan-review-what"))
        .fact(LANG.t("loan-sign-most"), LANG.money(loan.amount))
        .fact(LANG.t("loan-committed"), money(totals.committed_minor))
        .fact(LANG.t("loan-firm"), money(totals.firm_minor))
        .fact(LANG.t("loan-lenders"), totals.lenders.to_string())
        .words(LANG.t("loan-sign-means"));
    let mut sections = vec![what, shown::terms(LANG, campaign, loan)];
    sections.extend(super::papers::section(ctx, campaign, loan).await?);
    let sign = Section::new("sign", LANG.t("loan-sign-heading"))
        .words(LANG.t("loan-not-qualified"))
        .form(form);
    sections.push(sign);
    Ok(LoanPage {
        page: frame,
        back: Some(Link::new(
            format!("/campaigns/{}/loan", campaign.slug),
            LANG.t("loan-back"),
        )),
        state: None,
        lead: String::new(),
        sections,
    })
}

pub async fn sign(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, loan) = of_owner(&ctx, &posted.visitor, &slug).await?;
    let fields = &posted.fields;
    let mut refusals = Refusals::new();
    let name = refusals.keep("signed_name", text::line(fields.get("signed_name"), 2, 120));
    if !people::is_password_of(&ctx, &posted.person, fields.get("password")).await? {
        refusals.note("password", &Say("loan-password-wrong"));
    }
    let done = match name.filter(|_| refusals.is_empty()) {
        Some(name) => loans::sign(&ctx, campaign.id, &posted.person, &name).await,
        None => Err(NotSaved::Refused(refusals.into_vec())),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/loan"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = sign_page(&ctx, &posted.visitor, &campaign, &loan, fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
