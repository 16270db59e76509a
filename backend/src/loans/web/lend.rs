//! Lending, step by step: the amount, a page that repeats who, what and how much, and the signature. Nothing is stored
//! before the last button.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use felag_domain::amount;
use felag_domain::money::Money;
use felag_domain::pledge::Visibility;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::{Choice, Control, Radios, Refused, Tick};
use felag_frontend::format::currency_sign;
use felag_frontend::loans::{LoanPage, Section};
use felag_frontend::wizard::{Form, FormPage, Link, Part, text};
use felag_frontend::{Here, Lang};
use uuid::Uuid;

use super::papers;
use super::show::find;
use super::shown::{self, risk};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::lend::{fits, within};
use crate::loans::{self, Loan, Wish, kept, lender};
use crate::people::second_factor::require_for_form;
use crate::people::{self, Person, Posted, Visitor};
use crate::projects::{NotSaved, Say};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;

/// A refusal where there is no form to show again.
pub fn in_words(refused: NotSaved) -> Error {
    match refused {
        NotSaved::Failed(error) => error,
        NotSaved::Refused(refusals) => {
            let words: Vec<String> = refusals
                .iter()
                .map(|refusal| LANG.words(&refusal.words))
                .collect();
            Error::Refused(words.join(" "))
        }
    }
}

/// Somebody who may lend: signed in, with an address that is proven to be theirs.
fn lender(visitor: &Visitor) -> Result<Person, Error> {
    let person = visitor.person()?.clone();
    if !person.email_is_confirmed {
        return Err(Error::Refused(LANG.t("loan-confirm-address").to_string()));
    }
    Ok(person)
}

pub async fn amount(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, loan) = find(&ctx, &visitor, &slug).await?;
    let person = lender(&visitor)?;
    let standing = lender::standing(&ctx.db, person.id, ctx.now()).await?;
    if loan.policy().has_tests && !standing.is_whole() {
        let to = if standing.passed_test.is_none() {
            "test"
        } else {
            "means"
        };
        return Ok(see_other(&format!(
            "/my/lending/{to}?next=/campaigns/{slug}/loan/lend"
        )));
    }
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    page(&amount_page(&ctx, &visitor, &campaign, &loan, &fields, &[]))
}

fn amount_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    loan: &Loan,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let page = visitor.page(
        ctx,
        LANG.t1("loan-lend-title", "campaign", &campaign.title),
        Here::Elsewhere,
    );
    let refused = Refused::new(LANG, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let visibility = match fields.get("visibility") {
        "" => "to_project",
        chosen => chosen,
    };
    let parts = vec![
        Part::Field(
            text("amount", LANG.t("loan-lend-amount"), &was, &refused)
                .typed_in(Control::Money(currency_sign(&loan.amount)))
                .hint(LANG.t1("loan-lend-amount-hint", "most", LANG.money(loan.amount))),
        ),
        Part::Radios(Radios {
            name: "visibility",
            legend: LANG.t("loan-lend-visibility").to_string(),
            hint: None,
            error: refused.of("visibility"),
            options: vec![
                Choice::new("to_project", LANG.t("loan-visible-to-project"), visibility),
                Choice::new("named", LANG.t("loan-visible-named"), visibility),
            ],
            as_buttons: false,
        }),
    ];
    let form = Form::new(
        &page,
        format!("/campaigns/{}/loan/lend/review", campaign.slug),
        parts,
        LANG.t("loan-lend-review"),
    )
    .carrying("network", fields.get("network"));
    let lead = format!("{} {}", LANG.t("loan-risk-warning"), LANG.t("loan-lend-lead"));
    FormPage::new(page, lead, form, &refused).back(Link::new(
        format!("/campaigns/{}/loan", campaign.slug),
        LANG.t("loan-back"),
    ))
}

pub async fn review(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, mut fields } = posted;
    let (campaign, loan) = find(&ctx, &visitor, &slug).await?;
    let person = lender(&visitor)?;
    let limit = lender::limit(&mut *ctx.db.acquire().await?, &ctx, &loan, person.id).await?;
    let amount = match typed_amount(&loan, limit, &fields) {
        Ok(amount) => amount,
        Err(refusals) => {
            let again = amount_page(&ctx, &visitor, &campaign, &loan, &fields, &refusals);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    fields.set("request", ctx.id::<Uuid>().to_string());
    fields.set("sheet", loan.sheet_version.to_string());
    let shown = review_page(&ctx, &visitor, &campaign, &loan, (&person, amount), &fields, &[]).await?;
    page(&shown)
}

fn typed_amount(loan: &Loan, limit: Option<Money>, fields: &Fields) -> Result<Money, Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let amount = refusals.keep("amount", amount::parse(fields.get("amount"), loan.currency()));
    let amount = amount.and_then(|amount| refusals.keep("amount", fits(loan, amount).map(|()| amount)));
    let amount = amount.and_then(|amount| refusals.keep("amount", within(limit, amount).map(|()| amount)));
    amount.ok_or_else(|| refusals.into_vec())
}

/// The page that repeats everything, with the signature under it.
async fn review_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    loan: &Loan,
    (person, amount): (&Person, Money),
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let mut page = visitor.page(ctx, LANG.t("loan-review-title"), Here::Elsewhere);
    let refused = Refused::new(LANG, refusals);
    let mut conn = ctx.db.acquire().await?;
    let is_large = lender::warning(&mut conn, ctx, loan, person.id, amount).await?;
    let kept = kept::available(&mut conn, loan, person.id).await?;
    drop(conn);
    let until = crate::loans::revocable_until(ctx, campaign, loan);
    let until = LANG.date_time(until, &campaign.time_zone);
    let what = Section::new("what", LANG.t("loan-review-what"))
        .fact(LANG.t("loan-review-who"), person.name.clone())
        .fact(LANG.t("loan-review-amount"), LANG.money(amount))
        .fact(LANG.t("loan-review-to"), campaign.title.clone())
        .words(LANG.t("loan-review-charged"))
        .words(LANG.t1("loan-review-days", "until", until));
    let form = sign_form(&page, campaign, person, (is_large, kept), fields, &refused);
    page.errors = form.errors(&refused);
    let mut warned = shown::warnings(LANG, risk(LANG));
    if is_large {
        warned = warned.warning(LANG.t("loan-large-warning"));
    }
    let mut sections = vec![warned, what, shown::terms(LANG, campaign, loan)];
    sections.extend(shown::schedule(LANG, campaign, loan, amount, false));
    sections.extend(papers::section(ctx, campaign, loan).await?);
    sections.push(
        Section::new("sign", LANG.t("loan-sign-heading"))
            .words(LANG.t("loan-not-qualified"))
            .form(form),
    );
    Ok(LoanPage {
        page,
        back: Some(Link::new(
            format!("/campaigns/{}/loan", campaign.slug),
            LANG.t("loan-back"),
        )),
        state: None,
        lead: LANG.t("loan-review-lead").to_string(),
        sections,
    })
}

fn sign_form(
    page: &felag_frontend::Page,
    campaign: &Campaign,
    person: &Person,
    (is_large, kept): (bool, Option<Money>),
    fields: &Fields,
    refused: &Refused,
) -> Form {
    let was = |name: &str| fields.get(name).to_string();
    let mut parts: Vec<Part> = kept.map(|kept| pays(kept, fields, refused)).into_iter().collect();
    if is_large {
        parts.push(Part::Tick(Tick {
            name: "understood",
            label: LANG.t("loan-large-understood").to_string(),
            hint: None,
            error: refused.of("understood"),
            ticked: fields.is_ticked("understood"),
        }));
    }
    parts.extend([
        Part::Field(
            text("signed_name", LANG.t("loan-signed-name"), &was, refused)
                .hint(LANG.t1("loan-signed-name-hint", "name", &person.name))
                .autocomplete("name"),
        ),
        Part::Field(
            text("password", LANG.t("loan-password"), &|_| String::new(), refused)
                .typed_in(Control::Password)
                .hint(LANG.t("loan-password-hint"))
                .autocomplete("current-password"),
        ),
    ]);
    let mut form = Form::new(
        page,
        format!("/campaigns/{}/loan/commitments", campaign.slug),
        parts,
        LANG.t(match kept {
            Some(_) => "loan-sign-and-pay",
            None => "loan-sign-and-go-on",
        }),
    );
    for name in ["amount", "visibility", "network", "request", "sheet"] {
        form = form.carrying(name, fields.get(name));
    }
    form
}

/// By a card, or from what is kept: asked where the rules offer it and something is kept.
fn pays(kept: Money, fields: &Fields, refused: &Refused) -> Part {
    let chosen = match fields.get("pays") {
        "kept" => "kept",
        _ => "card",
    };
    Part::Radios(Radios {
        name: "pays",
        legend: LANG.t("loan-pays").to_string(),
        hint: Some(LANG.t("loan-pays-means").to_string()),
        error: refused.of("pays"),
        options: vec![
            Choice::new("card", LANG.t("loan-pays-card"), chosen),
            Choice::new("kept", LANG.t1("loan-pays-kept", "amount", kept), chosen),
        ],
        as_buttons: false,
    })
}

/// The last button: signed, written down, and on to the page that saves the card.
pub async fn sign(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, loan) = find(&ctx, &visitor, &slug).await?;
    let person = lender(&visitor)?;
    // What is kept moves by this form, as it does where it is given or sent on.
    if fields.get("pays") == "kept"
        && let Err(first) = require_for_form(&ctx, &visitor, &format!("/campaigns/{slug}/loan/lend")).await
    {
        return Ok(first.into_response());
    }
    let limit = lender::limit(&mut *ctx.db.acquire().await?, &ctx, &loan, person.id).await?;
    let amount = match typed_amount(&loan, limit, &fields) {
        Ok(amount) => amount,
        Err(refusals) => {
            let again = amount_page(&ctx, &visitor, &campaign, &loan, &fields, &refusals);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let wish = Wish {
        lender: &person,
        amount,
        visibility: fields
            .parse::<Visibility>("visibility")
            .unwrap_or(Visibility::ToProject),
        signed_name: fields.get("signed_name"),
        sheet_version: fields.parse("sheet").unwrap_or(0),
        warned: fields.is_ticked("understood"),
        network_token: fields.get("network"),
        from_kept: fields.get("pays") == "kept",
        request_key: fields.parse("request").ok_or(Error::BadRequest)?,
    };
    let done = if people::is_password_of(&ctx, &person, fields.get("password")).await? {
        loans::commit(&ctx, &campaign, &wish).await
    } else {
        let mut refusals = Refusals::new();
        refusals.note("password", &Say("loan-password-wrong"));
        Err(NotSaved::Refused(refusals.into_vec()))
    };
    match done {
        Ok(token) => match loans::checkout(&ctx, &token).await {
            Ok(url) => Ok(see_other(&url)),
            // It is signed; its page says how to go on.
            Err(Error::ProviderAway | Error::Gone) => Ok(see_other(&format!("/my/commitments/{token}"))),
            Err(error) => Err(error),
        },
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let lends = (&person, amount);
            let again = review_page(&ctx, &visitor, &campaign, &loan, lends, &fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
