//! A lender's vote about a new plan.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::repaying::ProposalState;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::repayments::{self as pages, LoanPage};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Page};
use uuid::Uuid;

use super::plan::{about, standing};
use super::share::own;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::projects::NotSaved;
use crate::repayments::lender_store::Share;
use crate::repayments::plan::{self, Proposal, store::Voter};
use crate::repayments::store;
use crate::web::{page, page_with, see_other};

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let share = own(&ctx, &visitor, id).await?;
    page(&vote_page(&ctx, &visitor, &share, "", &[]).await?)
}

pub(super) async fn cast(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    let share = own(&ctx, &posted.visitor, id).await?;
    let vote = posted.fields.get("vote");
    match plan::cast(&ctx, share.campaign, share.id, vote).await {
        Ok(()) => Ok(see_other(&address(&share))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = vote_page(&ctx, &posted.visitor, &share, vote, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn address(share: &Share) -> String {
    format!("/my/loans/{}/vote", share.id)
}

async fn vote_page(
    ctx: &Ctx,
    visitor: &Visitor,
    share: &Share,
    typed: &str,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let mut conn = ctx.db.acquire().await?;
    let loan = store::find(&mut *conn, share.campaign)
        .await?
        .ok_or(Error::NotFound)?;
    let proposal = plan::store::newest(&mut *conn, share.campaign)
        .await?
        .ok_or(Error::NotFound)?;
    let of = (share.campaign, loan.project);
    let voter = plan::store::voter(&mut conn, of, share.id, proposal.plan).await?;
    drop(conn);
    let mut page = visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = page.t1("vote-title", "campaign", &loan.title);
    let refused = Refused::new(lang, refusals);
    let is_open = proposal.state == ProposalState::Open && proposal.closes_at > ctx.now();
    let voter = voter.filter(|_| is_open);
    let form = voter.and_then(|voter| vote_form(&page, share, voter, typed, &refused));
    page.errors = form
        .as_ref()
        .map_or_else(|| refused.beyond(&[]), |one| one.form.errors(&refused));
    let (facts, tables) = about(ctx, lang, &loan, &proposal).await?;
    Ok(LoanPage {
        back: Some(Link::new(format!("/my/loans/{}", share.id), loan.title.clone())),
        state: Some(pages::loan_word(loan.state)),
        lead: format!("{} {}", lang.t("plan-lead"), lang.t("plan-rule")),
        notes: notes(&page, &proposal, voter),
        facts,
        forms: form.into_iter().collect(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables,
        links: Vec::new(),
        page,
    })
}

/// Where the vote stands, and whether this lender has one.
fn notes(page: &Page, proposal: &Proposal, voter: Option<Voter>) -> Vec<String> {
    let mut notes = vec![standing(page.lang, proposal)];
    notes.extend(voter.and_then(|voter| {
        if voter.is_own {
            Some(page.t("vote-own").to_string())
        } else if voter.outstanding <= 0 {
            Some(page.t("vote-nothing-owed").to_string())
        } else {
            voter.agrees.map(|agrees| {
                page.t(if agrees { "vote-was-yes" } else { "vote-was-no" })
                    .to_string()
            })
        }
    }));
    notes
}

fn vote_form(page: &Page, share: &Share, voter: Voter, typed: &str, refused: &Refused) -> Option<Second> {
    if voter.is_own || voter.outstanding <= 0 {
        return None;
    }
    let lang = page.lang;
    let was = match voter.agrees {
        Some(true) => "agree",
        Some(false) => "refuse",
        None => typed,
    };
    let parts = pages::vote(lang, was, refused);
    let weight = felag_domain::money::Money::from_minor(voter.outstanding, share.lent.currency());
    Some(Second {
        title: lang.t("vote-send").to_string(),
        lead: lang.t1("vote-weight", "amount", weight),
        form: Form::new(page, address(share), parts, lang.t("vote-send")),
    })
}
