//! A new plan, as the project proposes it: what it asks for, the plan beside the one it has, and how the vote ended.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::lending::{LoanEvent, next_loan};
use felag_domain::repaying::{Instalment, ProposalState};
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::mail::repayments::Counted;
use felag_frontend::repayments::{self as pages, LoanPage, Table};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Lang, Page};

use super::project::{access, heads, to_pay};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::NotSaved;
use crate::repayments::plan::{self, Proposal, Typed};
use crate::repayments::store::{self, Running};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    page(&plan_page(&ctx, &visitor, &slug, &Fields::default(), &[]).await?)
}

pub(super) async fn propose(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let loan = to_pay(&ctx, &posted, &slug).await?;
    let done = match posted.fields.is_ticked("checked") {
        true => plan::propose(&ctx, loan.campaign, posted.person.id, typed(&posted.fields))
            .await
            .map(|()| see_other(&format!("/campaigns/{slug}/loan/plan"))),
        false => review(&ctx, &posted, &slug, &loan).await,
    };
    match done {
        Ok(answer) => Ok(answer),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = plan_page(&ctx, &posted.visitor, &slug, &posted.fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn typed(fields: &Fields) -> Typed<'_> {
    Typed {
        first_due_on: fields.get("first_due_on"),
        instalments: fields.get("instalments"),
        reason: fields.get("reason"),
    }
}

/// Who is asked about what, before they are.
async fn review(ctx: &Ctx, posted: &ProvenPosted, slug: &str, loan: &Running) -> Result<Response, NotSaved> {
    let mut conn = ctx.db.acquire().await?;
    let (_, new) = plan::check(&mut conn, ctx, loan, typed(&posted.fields)).await?;
    let old = store::rows(&mut conn, loan.campaign, loan.plan).await?;
    let tally = plan::store::tally(&mut conn, (loan.campaign, loan.project), 0).await?;
    drop(conn);
    let mut page_ = posted.visitor.page(ctx, "", Here::Projects);
    let lang = page_.lang;
    page_.title = lang.t("plan-check").to_string();
    let form = ["first_due_on", "instalments", "reason"].into_iter().fold(
        Form::new(&page_, address(slug), Vec::new(), lang.t("plan-send")),
        |form, name| form.carrying(name, posted.fields.get(name)),
    );
    let day = lang.day(ctx.now().date().saturating_add(loan.policy.vote()));
    let lead = lang.t2("plan-check-means", "lenders", tally.all.lenders, "day", day);
    let shown = LoanPage {
        back: Some(Link::new(address(slug), lang.t("plan-see"))),
        state: None,
        lead: String::new(),
        notes: Vec::new(),
        facts: sums(lang, loan, &old, &new.rows),
        forms: vec![Second {
            title: lang.t("plan-send").to_string(),
            lead,
            form: form.carrying("checked", "yes"),
        }],
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: vec![both(lang, loan, &old, &new.rows)],
        links: Vec::new(),
        page: page_,
    };
    Ok(page(&shown)?)
}

fn address(slug: &str) -> String {
    format!("/campaigns/{slug}/loan/plan")
}

async fn plan_page(
    ctx: &Ctx,
    visitor: &Visitor,
    slug: &str,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let (loan, may) = access(ctx, visitor, slug).await?;
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = page.t1("plan-title", "campaign", &loan.title);
    let proposal = plan::store::newest(&ctx.db, loan.campaign).await?;
    let is_open = proposal
        .as_ref()
        .is_some_and(|one| one.state == ProposalState::Open);
    let refused = Refused::new(lang, refusals);
    let mut forms = Vec::new();
    if may.pay && !is_open && next_loan(loan.state, LoanEvent::NewPlan).is_ok() {
        forms.push(propose_form(ctx, &page, &loan, fields, &refused));
    }
    page.errors = forms
        .first()
        .map_or_else(|| refused.beyond(&[]), |one: &Second| one.form.errors(&refused));
    let (mut facts, mut tables) = (Vec::new(), Vec::new());
    if let Some(one) = &proposal {
        (facts, tables) = about(ctx, lang, &loan, one).await?;
    }
    Ok(LoanPage {
        back: Some(Link::new(
            format!("/campaigns/{slug}/loan/repayments"),
            loan.title.clone(),
        )),
        state: Some(pages::loan_word(loan.state)),
        lead: format!("{} {}", lang.t("plan-lead"), lang.t("plan-rule")),
        notes: vec![
            proposal
                .as_ref()
                .map_or_else(|| lang.t("plan-none").to_string(), |one| standing(lang, one)),
        ],
        facts,
        forms,
        months: Vec::new(),
        forms_below: Vec::new(),
        tables,
        links: Vec::new(),
        page,
    })
}

fn propose_form(ctx: &Ctx, page: &Page, loan: &Running, fields: &Fields, refused: &Refused) -> Second {
    let lang = page.lang;
    let (from, until) = plan::first_days(ctx, &loan.policy);
    let was = |name: &str| fields.get(name).to_string();
    let parts = pages::plan(lang, from, &was, refused);
    Second {
        title: lang.t("plan-propose").to_string(),
        lead: lang.t3(
            "plan-propose-means",
            "days",
            i64::from(loan.policy.vote_days),
            "from",
            lang.day(from),
            "until",
            lang.day(until),
        ),
        form: Form::new(page, address(&loan.slug), parts, lang.t("plan-look")),
    }
}

/// Where a proposal stands, in a sentence.
pub(super) fn standing(lang: Lang, one: &Proposal) -> String {
    let day = lang.date(one.decided_at.unwrap_or(one.closes_at));
    match one.state {
        ProposalState::Open => lang.t1("plan-is-open", "until", lang.date_time(one.closes_at, "UTC")),
        ProposalState::Passed => lang.t1("plan-is-passed", "day", day),
        ProposalState::Rejected => lang.t1("plan-is-rejected", "day", day),
    }
}

/// What a page says of a proposal.
pub(super) type About = (Vec<(String, String)>, Vec<Table>);

/// What a proposal asks for; while it is open both plans, afterwards how it ended.
pub(super) async fn about(ctx: &Ctx, lang: Lang, loan: &Running, one: &Proposal) -> Result<About, Error> {
    let mut facts = vec![
        (lang.t("plan-reason").to_string(), one.reason.clone()),
        (
            lang.t("plan-first-due").to_string(),
            lang.day(one.wish.first_due_on),
        ),
        (
            lang.t("plan-instalments").to_string(),
            one.wish.instalments.to_string(),
        ),
    ];
    if let Some(tally) = one.result {
        let side = |side: felag_domain::repaying::Side| (side.lenders, loan.money(side.outstanding));
        let counted = Counted {
            agree: side(tally.agree),
            against: side(tally.against),
            all: side(tally.all),
        };
        facts.extend(counted.facts(lang));
        return Ok((facts, Vec::new()));
    }
    let mut conn = ctx.db.acquire().await?;
    let old = store::rows(&mut conn, loan.campaign, loan.plan).await?;
    let new = plan::at_the_end(&mut conn, loan, one.wish, one.closes_at.date()).await?;
    drop(conn);
    let new = new.map(|new| new.rows).unwrap_or_default();
    facts.extend(sums(lang, loan, &old, &new));
    Ok((facts, vec![both(lang, loan, &old, &new)]))
}

/// What both plans come to.
fn sums(lang: Lang, loan: &Running, old: &[Instalment], new: &[Instalment]) -> Vec<(String, String)> {
    let sum = |rows: &[Instalment]| {
        let open = rows.iter().map(|row| row.open().total().unwrap_or(0)).sum();
        lang.money(loan.money(open))
    };
    vec![
        (lang.t("plan-column-now-amount").to_string(), sum(old)),
        (lang.t("plan-column-then-amount").to_string(), sum(new)),
    ]
}

/// Both plans side by side.
fn both(lang: Lang, loan: &Running, old: &[Instalment], new: &[Instalment]) -> Table {
    let day = |row: Option<Instalment>| row.map_or_else(String::new, |row| lang.day(row.due_on));
    let amount = |row: Option<Instalment>| {
        row.map_or_else(String::new, |row| {
            lang.money(loan.money(row.open().total().unwrap_or(0)))
        })
    };
    let pairs = plan::side_by_side(old, new);
    let line = |(number, (old, new)): (usize, (Option<Instalment>, Option<Instalment>))| {
        (
            None,
            vec![number.to_string(), day(old), day(new), amount(old), amount(new)],
        )
    };
    Table {
        id: "plans".into(),
        title: lang.t("plan-both").to_string(),
        heads: heads(
            lang,
            &[
                "plan-column-number",
                "plan-column-now",
                "plan-column-then",
                "plan-column-now-amount",
                "plan-column-then-amount",
            ],
        ),
        amounts_from: 3,
        rows: (1..).zip(pairs).map(line).collect(),
        empty: lang.t("repay-instalments-none").to_string(),
    }
}
