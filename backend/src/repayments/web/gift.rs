//! Giving of what is kept of a share to the project that paid it back: the amount, a page that repeats everything, and
//! the gift.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount;
use felag_domain::money::Money;
use felag_domain::repaying::GiftRefusal;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::form::Refused;
use felag_frontend::repayments::{self as pages, LoanPage};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Lang, Page};
use uuid::Uuid;

use super::keeping::in_words;
use super::share::own;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::people::{Person, Visitor};
use crate::projects::NotSaved;
use crate::repayments::keeping;
use crate::repayments::lender_store::Share;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// A share of the visitor's of which something may be kept. Where the rules say no, nothing is said of giving.
async fn find(ctx: &Ctx, visitor: &Visitor, id: Uuid) -> Result<Share, Error> {
    let share = own(ctx, visitor, id).await?;
    match share.may_keep {
        true => Ok(share),
        false => Err(in_words(NotSaved::on_top(&GiftRefusal::NotHeld))),
    }
}

fn address(share: &Share) -> String {
    format!("/my/loans/{}/gift", share.id)
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    proven: Proven,
) -> Result<Response, Error> {
    let share = find(&ctx, &proven.visitor, id).await?;
    page(&amount_page(
        &ctx,
        &proven.visitor,
        &share,
        &Fields::default(),
        &[],
    ))
}

fn amount_page(
    ctx: &Ctx,
    visitor: &Visitor,
    share: &Share,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> LoanPage {
    let mut page = visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = lang.t1("lender-gift-title", "campaign", &share.title);
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let parts = pages::gift(lang, share.kept, &was, &refused);
    let action = format!("{}/review", address(share));
    let form = Form::new(&page, action, parts, lang.t("lender-gift-review"));
    page.errors = form.errors(&refused);
    let lead = lang.t1("lender-gift-lead", "amount", share.kept);
    with_form(page, share, lead, lang.t("lender-gift"), form)
}

fn with_form(page: Page, share: &Share, lead: String, title: &str, form: Form) -> LoanPage {
    LoanPage {
        page,
        back: Some(Link::new(format!("/my/loans/{}", share.id), share.title.clone())),
        state: None,
        lead,
        notes: Vec::new(),
        facts: Vec::new(),
        forms: vec![Second {
            title: title.to_string(),
            lead: String::new(),
            form,
        }],
        months: Vec::new(),
        tables: Vec::new(),
        forms_below: Vec::new(),
        links: Vec::new(),
    }
}

fn typed_amount(share: &Share, fields: &Fields) -> Result<Money, Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let amount = amount::parse(fields.get("amount"), share.kept.currency());
    refusals.keep("amount", amount).ok_or_else(|| refusals.into_vec())
}

pub(super) async fn review(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let share = find(&ctx, &posted.visitor, id).await?;
    let amount = match typed_amount(&share, &posted.fields) {
        Ok(amount) => amount,
        Err(refusals) => return again(&ctx, &posted, &share, &refusals),
    };
    match keeping::may_give(&ctx, &posted.person, (share.campaign, share.id), amount).await {
        Ok(()) => page(&review_page(&ctx, &posted, &share, amount)),
        Err(NotSaved::Refused(refusals)) => again(&ctx, &posted, &share, &refusals),
        Err(NotSaved::Failed(error)) => Err(error),
    }
}

fn again(
    ctx: &Ctx,
    posted: &ProvenPosted,
    share: &Share,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let shown = amount_page(ctx, &posted.visitor, share, &posted.fields, refusals);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Who gives what, to whom, and when; nothing is stored before its button.
fn review_page(ctx: &Ctx, posted: &ProvenPosted, share: &Share, amount: Money) -> LoanPage {
    let mut page = posted.visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = lang.t1("lender-gift-review-title", "amount", amount);
    let form = Form::new(&page, address(share), Vec::new(), lang.t("lender-gift-send"))
        .carrying("amount", posted.fields.get("amount"))
        .carrying("request", ctx.id::<Uuid>());
    let means = lang.t("lender-gift-means").to_string();
    LoanPage {
        facts: facts(lang, &posted.person, share, amount),
        ..with_form(page, share, means, lang.t("lender-gift"), form)
    }
}

fn facts(lang: Lang, person: &Person, share: &Share, amount: Money) -> Vec<(String, String)> {
    let left = Money::from_minor(share.kept.minor() - amount.minor(), amount.currency());
    let lines = [
        ("lender-gift-who", person.name.clone()),
        ("lender-gift-whom", share.title.clone()),
        ("lender-gift-how-much", lang.money(amount)),
        ("lender-gift-when", lang.t("lender-gift-now").to_string()),
        ("lender-gift-left", lang.money(left)),
    ];
    lines
        .into_iter()
        .map(|(id, words)| (lang.t(id).to_string(), words))
        .collect()
}

pub(super) async fn give(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let share = find(&ctx, &posted.visitor, id).await?;
    let amount = match typed_amount(&share, &posted.fields) {
        Ok(amount) => amount,
        Err(refusals) => return again(&ctx, &posted, &share, &refusals),
    };
    let request = posted.fields.parse("request").ok_or(Error::BadRequest)?;
    let of = (share.campaign, share.id);
    match keeping::give(&ctx, &posted.person, of, amount, request).await {
        Ok(()) => Ok(see_other(&format!("/my/loans/{}", share.id))),
        Err(NotSaved::Refused(refusals)) => again(&ctx, &posted, &share, &refusals),
        Err(NotSaved::Failed(error)) => Err(error),
    }
}
