//! One expense, for everybody; and withdrawing it, for owners and treasurers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::words::FieldRefusal;
use felag_frontend::Here;
use felag_frontend::expenses::{self as pages, ExpensePage};
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, Link};

use super::{Access, access, list, money};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::expenses::store;
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &visitor, &slug).await?;
    page(&expense_page(&ctx, &visitor, &campaign, (may, number), &Fields::default(), &[]).await?)
}

pub async fn withdraw(
    State(ctx): State<Ctx>,
    Path((slug, number)): Path<(String, u32)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (campaign, by) = money(&ctx, &posted.visitor, &slug).await?;
    let done = crate::expenses::withdraw(&ctx, &campaign, number, by, posted.fields.get("reason")).await;
    match done {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/expenses/{number}"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let (_, may) = access(&ctx, &posted.visitor, &slug).await?;
            let (visitor, fields) = (&posted.visitor, &posted.fields);
            let shown = expense_page(&ctx, visitor, &campaign, (may, number), fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn expense_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    (may, number): (Access, u32),
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<ExpensePage, Error> {
    let expense = store::find(&ctx.db, campaign, number)
        .await?
        .ok_or(Error::NotFound)?;
    let mut page = visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = page.t1("expense-title", "number", number);
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let withdraw = (may.may_enter && expense.withdrawn.is_none()).then(|| {
        let action = format!("/campaigns/{}/expenses/{number}/withdrawal", campaign.slug);
        Form::new(
            &page,
            action,
            pages::withdraw(lang, &was, &refused),
            lang.t("expense-withdraw"),
        )
    });
    if let Some(form) = &withdraw {
        page.errors = form.errors(&refused);
    }
    let back = Link::new(
        format!("/campaigns/{}/expenses", campaign.slug),
        lang.t1("expenses-title", "campaign", &campaign.title),
    );
    Ok(ExpensePage {
        slug: campaign.slug.clone(),
        back,
        entered_at: expense.created_at,
        voucher: expense.voucher,
        voucher_bytes: expense.voucher_bytes.unsigned_abs(),
        voucher_hash: hex::encode(&expense.voucher_sha256),
        closed: expense.closed.clone(),
        withdrawn: expense.withdrawn.clone().map(|one| (one.at, one.reason)),
        withdraw,
        expense: list::line(&expense, may),
        page,
    })
}
