//! Entering an expense with its voucher, and explaining a line of the budget.

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use felag_domain::expense::TypedExpense;
use felag_domain::money::Money;
use felag_domain::words::FieldRefusal;
use felag_frontend::expenses as pages;
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, FormPage, Link, Second};
use felag_frontend::{Here, Lang};
use uuid::Uuid;

use super::money;
use crate::campaigns::lists;
use crate::campaigns::store::Campaign;
use crate::campaigns::web::upload::Uploaded;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::expenses::{self, Entering, store};
use crate::people::Visitor;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub async fn show(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    proven: Proven,
) -> Result<Response, Error> {
    let (campaign, _) = money(&ctx, &proven.visitor, &slug).await?;
    page(&form_page(&ctx, &proven.visitor, &campaign, &Fields::default(), &[]).await?)
}

/// Somebody who is signed in. A guest is refused before a file of theirs is read, whatever token came with it.
pub struct NoGuest;

impl FromRequestParts<Ctx> for NoGuest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        visitor.person.map(|_| Self).ok_or(Error::Forbidden)
    }
}

pub async fn enter(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    _: NoGuest,
    proven: Proven,
    uploaded: Result<Uploaded, Error>,
) -> Result<Response, Error> {
    let (campaign, by) = money(&ctx, &proven.visitor, &slug).await?;
    let Uploaded {
        visitor,
        fields,
        file,
    } = match uploaded {
        Ok(uploaded) => uploaded,
        Err(Error::TooLarge) => {
            expenses::too_large(&ctx, &campaign, by).await?;
            return Err(Error::TooLarge);
        }
        Err(other) => return Err(other),
    };
    let request: Uuid = fields.parse("request").ok_or(Error::BadRequest)?;
    let typed = TypedExpense {
        line: fields.get("line"),
        amount: fields.get("amount"),
        spent_on: fields.get("spent_on"),
        payee: fields.get("payee"),
        purpose: fields.get("purpose"),
        is_closed: fields.get("is_closed") == "yes",
        closed_reason: fields.get("closed_reason"),
    };
    let bytes = file.map_or(Bytes::new(), |file| file.bytes);
    match expenses::enter(&ctx, &campaign, Entering { by, request }, &typed, bytes).await {
        Ok(number) => Ok(see_other(&format!("/campaigns/{slug}/expenses/{number}"))),
        Err(refused) => again(&ctx, &visitor, &campaign, &fields, refused).await,
    }
}

pub async fn explain(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, by) = money(&ctx, &posted.visitor, &slug).await?;
    let (line, words) = (
        posted.fields.get("explained_line"),
        posted.fields.get("explanation"),
    );
    match expenses::explain(&ctx, &campaign, by, line, words).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/expenses"))),
        Err(refused) => again(&ctx, &posted.visitor, &campaign, &posted.fields, refused).await,
    }
}

/// The page with what was refused.
async fn again(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refused: NotSaved,
) -> Result<Response, Error> {
    match refused {
        NotSaved::Failed(error) => Err(error),
        NotSaved::Refused(refusals) => {
            let shown = form_page(ctx, visitor, campaign, fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn form_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<FormPage, Error> {
    let lines = lists::budget(&ctx.db, campaign.id, campaign.currency).await?;
    let lines: pages::Lines = lines
        .into_iter()
        .map(|line| (line.id.to_string(), line.title))
        .collect();
    let total = store::total(&ctx.db, campaign.id, campaign.currency).await?;
    let left = total.paid_out.minor().saturating_sub(total.spent.minor()).max(0);
    let left = Money::from_minor(left, campaign.currency);
    let frame = visitor.page(ctx, Lang::En.t("expense-new"), Here::Projects);
    let lang = frame.lang;
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let base = format!("/campaigns/{}/expenses", campaign.slug);
    let parts = pages::enter(lang, lines.clone(), campaign.currency, &was, &refused);
    let request = fields.parse::<Uuid>("request").unwrap_or_else(|| ctx.id());
    let mut form =
        Form::new(&frame, base.as_str(), parts, lang.t("expense-enter")).carrying("request", request);
    form.upload = true;
    let second = Form::new(
        &frame,
        format!("{base}/explanations"),
        pages::explain(lang, lines, &was, &refused),
        lang.t("explanation-send"),
    );
    let lead = lang.t1("expense-new-lead", "left", left);
    let shown = FormPage::new(frame, lead, form, &refused);
    let title = lang.t1("expenses-title", "campaign", &campaign.title);
    let mut shown = shown.back(Link::new(base, title));
    shown.second = Some(Second {
        title: lang.t("explanation-title").to_owned(),
        lead: lang.t("explanation-lead").to_owned(),
        form: second,
    });
    Ok(shown)
}
