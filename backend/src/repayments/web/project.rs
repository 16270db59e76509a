//! The project's page of its loan: what is due, paying, what was paid; and what stewards decide.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::ids::RepaymentId;
use felag_domain::lending::LoanState;
use felag_domain::money::Money;
use felag_domain::repaying::{Instalment, RepaymentState};
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::format::typed;
use felag_frontend::repayments::{self as pages, LoanPage, Table};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Lang, Page};
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::history::history;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::unit;
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::{self, NotSaved};
use crate::repayments::repayment_store::{self, Repayment};
use crate::repayments::store::{self, Running};
use crate::repayments::{Next, ask, default_by_steward, look_up, pay_now, write_off as give_up};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// What somebody may do here.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub pay: bool,
    pub decide: bool,
}

/// Back from the provider's page.
#[derive(Debug, Deserialize)]
pub(super) struct Came {
    back: Option<Uuid>,
}

pub(super) async fn access(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Running, May), Error> {
    let person = visitor.person()?;
    let campaign = crate::campaigns::store::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let roles = projects::store::roles(&ctx.db, campaign.project_id, person.id).await?;
    if roles.is_empty() && !person.is_steward {
        return Err(Error::NotFound);
    }
    let loan = store::find(&ctx.db, campaign.id).await?.ok_or(Error::NotFound)?;
    let member = projects::access::Member {
        person: person.clone(),
        roles,
    };
    let may = May {
        pay: member.may_move_money(),
        // Nobody decides as a steward about a project of their own.
        decide: person.is_steward && member.roles.is_empty(),
    };
    Ok((loan, may))
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let (loan, _) = access(&ctx, &visitor, &slug).await?;
    if let Some(id) = came.back
        && let Err(cause) = look_up(&ctx, loan.campaign, RepaymentId::from_uuid(id)).await
    {
        tracing::warn!("the provider could not be asked about a repayment: {cause:#}");
    }
    page(&loan_page(&ctx, &visitor, &slug, &Fields::default(), &[]).await?)
}

pub(super) async fn pay(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let loan = to_pay(&ctx, &posted, &slug).await?;
    let request: Uuid = posted.fields.parse("request").ok_or(Error::BadRequest)?;
    let typed = (posted.fields.get("amount"), posted.fields.is_ticked("other_card"));
    let request = request.to_string();
    match pay_now(&ctx, loan.campaign, &posted.person, typed, &request).await {
        Ok(next) => Ok(to(&slug, next)),
        Err(refused) => answer(&ctx, &posted, &slug, refused).await,
    }
}

pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, Uuid)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let loan = to_pay(&ctx, &posted, &slug).await?;
    let next = ask::confirm_present(&ctx, &loan, RepaymentId::from_uuid(id)).await?;
    Ok(to(&slug, next))
}

pub(super) async fn default(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let loan = to_decide(&ctx, &posted, &slug).await?;
    let reason = posted.fields.get("reason");
    let done = default_by_steward(&ctx, loan.campaign, posted.person.id, reason).await;
    decided(&ctx, &posted, &slug, done).await
}

pub(super) async fn write_off(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let loan = to_decide(&ctx, &posted, &slug).await?;
    let done = give_up(&ctx, loan.campaign, posted.person.id, posted.fields.get("reason")).await;
    decided(&ctx, &posted, &slug, done).await
}

/// The loan for which somebody may move its project's money.
pub(super) async fn to_pay(ctx: &Ctx, posted: &ProvenPosted, slug: &str) -> Result<Running, Error> {
    let (loan, may) = access(ctx, &posted.visitor, slug).await?;
    if may.pay { Ok(loan) } else { Err(Error::Forbidden) }
}

/// The loan that a steward decides about.
async fn to_decide(ctx: &Ctx, posted: &ProvenPosted, slug: &str) -> Result<Running, Error> {
    let (loan, may) = access(ctx, &posted.visitor, slug).await?;
    if may.decide {
        Ok(loan)
    } else {
        Err(Error::Forbidden)
    }
}

async fn decided(
    ctx: &Ctx,
    posted: &ProvenPosted,
    slug: &str,
    done: Result<(), NotSaved>,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(to(slug, Next::Back)),
        Err(refused) => answer(ctx, posted, slug, refused).await,
    }
}

fn to(slug: &str, next: Next) -> Response {
    match next {
        Next::Elsewhere(url) => see_other(&url),
        Next::Back => see_other(&format!("/campaigns/{slug}/loan/repayments")),
    }
}

async fn answer(ctx: &Ctx, posted: &ProvenPosted, slug: &str, refused: NotSaved) -> Result<Response, Error> {
    match refused {
        NotSaved::Failed(error) => Err(error),
        NotSaved::Refused(refusals) => {
            let shown = loan_page(ctx, &posted.visitor, slug, &posted.fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn loan_page(
    ctx: &Ctx,
    visitor: &Visitor,
    slug: &str,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let (loan, may) = access(ctx, visitor, slug).await?;
    let mut conn = ctx.db.acquire().await?;
    let rows = store::rows(&mut conn, loan.campaign, loan.plan).await?;
    let payments = repayment_store::all(&mut conn, loan.campaign).await?;
    let (due, all) = ask::pay_off(&mut conn, ctx, &loan).await?;
    let has_card = store::mandate(&mut conn, loan.campaign).await?.is_some();
    drop(conn);
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = page.t1("repay-title", "campaign", &loan.title);
    let refused = Refused::new(lang, refusals);
    let mut forms = Vec::new();
    if may.pay && all.is_positive() {
        let sums = (due, all, has_card);
        forms.push(pay_form(ctx, &page, &loan, sums, fields, &refused));
        forms.extend(payments.iter().filter_map(|one| confirm_form(&page, &loan, one)));
    }
    if may.decide {
        forms.extend(decide_form(&page, slug, &loan, fields, &refused));
    }
    page.errors = forms
        .first()
        .map_or_else(|| refused.beyond(&[]), |one| one.form.errors(&refused));
    Ok(LoanPage {
        back: Some(Link::new(format!("/campaigns/{slug}"), loan.title.clone())),
        state: Some(pages::loan_word(loan.state)),
        lead: lang.t("repay-lead").to_string(),
        notes: Vec::new(),
        facts: facts(lang, &loan, due, all),
        forms,
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: vec![
            instalments(lang, &loan, &rows, ctx.now().date()),
            history(lang, &loan.policy, &payments),
        ],
        links: vec![Link::new(
            format!("/campaigns/{slug}/loan/plan"),
            lang.t("plan-see"),
        )],
        page,
    })
}

fn facts(lang: Lang, loan: &Running, due: Money, all: Money) -> Vec<(String, String)> {
    let facts = [
        ("repay-due-now", due),
        ("repay-pay-off", all),
        ("repay-lent", loan.principal),
        ("repay-paid-back", loan.principal_paid),
        ("repay-interest-paid", loan.interest_paid),
        ("repay-outstanding", loan.outstanding()),
        ("repay-lost", loan.lost),
    ];
    facts
        .into_iter()
        .filter(|(id, amount)| *id != "repay-lost" || amount.is_positive())
        .map(|(id, amount)| (lang.t(id).to_string(), lang.money(amount)))
        .collect()
}

fn pay_form(
    ctx: &Ctx,
    page: &Page,
    loan: &Running,
    (due, all, has_card): (Money, Money, bool),
    fields: &Fields,
    refused: &Refused,
) -> Second {
    let lang = page.lang;
    let was = |name: &str| match name != "amount" || fields.has(name) {
        true => fields.get(name).to_string(),
        false => typed(&unit::chargeable(if due.is_positive() { due } else { all })),
    };
    let action = format!("/campaigns/{}/loan/repayments", loan.slug);
    let most = unit::chargeable(all);
    let lead = match most == all {
        true => lang.t1("repay-pay-means", "days", i64::from(loan.policy.notice_days)),
        false => lang.t1("repay-too-little", "least", most),
    };
    let parts = pages::pay(lang, most, has_card, &was, refused);
    let form = Form::new(page, action, parts, lang.t("repay-pay")).carrying("request", ctx.id::<Uuid>());
    Second {
        title: lang.t("repay-pay").to_string(),
        lead,
        form,
    }
}

fn confirm_form(page: &Page, loan: &Running, one: &Repayment) -> Option<Second> {
    if one.state != RepaymentState::NeedsYou {
        return None;
    }
    let lang = page.lang;
    let action = format!("/campaigns/{}/loan/repayments/{}/confirmation", loan.slug, one.id);
    Some(Second {
        title: lang.t("repay-confirm").to_string(),
        lead: lang.t2(
            "repay-confirm-means",
            "amount",
            one.amount,
            "days",
            i64::from(loan.policy.confirm_days),
        ),
        form: Form::new(page, action, Vec::new(), lang.t("repay-confirm")),
    })
}

fn decide_form(
    page: &Page,
    slug: &str,
    loan: &Running,
    fields: &Fields,
    refused: &Refused,
) -> Option<Second> {
    let lang = page.lang;
    let was = |name: &str| fields.get(name).to_string();
    let (path, title, lead) = match loan.state {
        LoanState::Repaying | LoanState::Late | LoanState::Rescheduled => {
            ("default", "repay-default", "repay-default-means")
        }
        LoanState::Defaulted | LoanState::Recovering => {
            ("write-off", "repay-write-off", "repay-write-off-means")
        }
        _ => return None,
    };
    let action = format!("/campaigns/{slug}/loan/{path}");
    Some(Second {
        title: lang.t(title).to_string(),
        lead: lang.t(lead).to_string(),
        form: Form::new(page, action, pages::reason(lang, &was, refused), lang.t(title)),
    })
}

/// The message that names where an instalment stands. Of a loan that was given up none is waited for.
pub(super) fn instalment_word(row: &Instalment, loan: &Running, today: Date) -> &'static str {
    if row.is_paid() {
        "instalment-paid"
    } else if loan.state == LoanState::WrittenOff {
        "instalment-given-up"
    } else if row.due_on < today {
        "instalment-late"
    } else if !row.paid.is_nothing() {
        "instalment-partly"
    } else if row.is_due(today, loan.policy.notice()) {
        "instalment-due"
    } else {
        "instalment-scheduled"
    }
}

fn instalments(lang: Lang, loan: &Running, rows: &[Instalment], today: Date) -> Table {
    let line = |row: &Instalment| {
        let cells = vec![
            lang.day(row.due_on),
            lang.t(instalment_word(row, loan, today)).to_string(),
            lang.money(loan.money(row.owed.principal)),
            lang.money(loan.money(row.owed.interest + row.owed.late)),
            lang.money(loan.money(row.open().total().unwrap_or(0))),
        ];
        (None, cells)
    };
    // What an early payment made fall away is not shown.
    let rows = rows.iter().filter(|row| !row.owed.is_nothing());
    Table {
        id: "instalments".into(),
        title: lang.t("repay-instalments").to_string(),
        heads: heads(
            lang,
            &[
                "repay-column-due",
                "repay-column-state",
                "repay-column-principal",
                "repay-column-interest",
                "repay-column-open",
            ],
        ),
        amounts_from: 2,
        rows: rows.map(line).collect(),
        empty: lang.t("repay-instalments-none").to_string(),
    }
}

pub(super) fn heads(lang: Lang, ids: &[&'static str]) -> Vec<String> {
    ids.iter().map(|id| lang.t(id).to_string()).collect()
}
