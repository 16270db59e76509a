//! A lender's page over all their loans: what came back, what is to come, and where they are paid.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::money::{Currency, Money};
use felag_domain::payout_account::AccountState;
use felag_domain::repaying::Expected;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::parts::Months;
use felag_frontend::repayments::{self as pages, LoanPage, Table};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Lang, Notice, Page, Tone};
use serde::Deserialize;
use time::Date;

use super::months::ByMonth;
use super::project::heads;
use super::share::{bank_has_it, state};
use super::{calendar, keeping, sums};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::ProvenPosted;
use crate::people::{Person, Visitor};
use crate::projects::NotSaved;
use crate::repayments::lender_account::{self, look, start as begin};
use crate::repayments::lender_store::{self as store, MonthOf, Share};
use crate::repayments::{store as loans, tax};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// How many instalments to come are listed.
const UPCOMING: usize = 12;

pub(super) async fn show(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let person = visitor.person()?;
    let shares = store::of_person(&ctx.db, person.id).await?;
    let account = lender_account::of(&ctx.db, person.id).await?;
    let token = calendar::token(&ctx, person.id).await?;
    let today = ctx.now().date();
    let expected = expected(&ctx, &shares).await?;
    let months = store::months(&ctx.db, person.id).await?;
    let mut page_ = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = page_.lang;
    page_.title = lang.t("lender-title").to_string();
    let is_payable = account.is_some_and(|account| account.state == AccountState::Enabled);
    let waits = shares.iter().any(|share| share.waiting.is_positive());
    let no_account = (waits && !is_payable).then(|| lang.t("lender-account-none").to_string());
    let banks = shares.iter().filter_map(|share| bank_has_it(lang, share, true));
    let notes = no_account.into_iter().chain(banks).collect();
    let mut links = vec![
        Link::new("/my/commitments", lang.t("lender-commitments")),
        Link::new("/my/loans/account", lang.t("lender-account")),
    ];
    links.extend(token.as_ref().map(|token| {
        let address = format!("/calendars/{token}.ics");
        Link::new(address, lang.t("lender-calendar"))
    }));
    let years = tax::years(&ctx.db, person.id, today).await?;
    links.extend(years.into_iter().map(|year| {
        let words = lang.t1("tax-title", "year", year.to_string());
        Link::new(format!("/my/loans/tax/{year}"), words)
    }));
    let (facts, mut tables) = sums::shown(lang, &shares);
    tables.extend([
        upcoming(lang, &expected, today),
        table(lang, &shares, &expected, today),
    ]);
    page(&LoanPage {
        back: None,
        state: None,
        lead: lang.t("lender-lead").to_string(),
        notes,
        facts,
        forms: keeping::section(&page_, &shares).into_iter().collect(),
        months: drawings(lang, &months, &expected, today),
        tables,
        forms_below: vec![calendar_form(&page_, token.is_some())],
        links,
        page: page_,
    })
}

/// What each share may expect, in the order of the shares.
async fn expected<'a>(ctx: &Ctx, shares: &'a [Share]) -> Result<Vec<(&'a Share, Vec<Expected>)>, Error> {
    let mut conn = ctx.db.acquire().await?;
    let mut all = Vec::new();
    for share in shares.iter().filter(|share| share.has_a_plan()) {
        if let Some(loan) = loans::find(&mut *conn, share.campaign).await? {
            let rows = loans::rows(&mut conn, share.campaign, loan.plan).await?;
            all.push((share, share.expected(&rows)));
        }
    }
    Ok(all)
}

/// A drawing for each currency.
fn drawings(
    lang: Lang,
    months: &[MonthOf],
    expected: &[(&Share, Vec<Expected>)],
    today: Date,
) -> Vec<Months> {
    let mut all: BTreeMap<Currency, ByMonth> = BTreeMap::new();
    let mut of = |currency: Currency, add: &dyn Fn(&mut ByMonth)| {
        add(all
            .entry(currency)
            .or_insert_with(|| ByMonth::new(currency, today)));
    };
    for one in months {
        of(one.principal.currency(), &|all| {
            all.got(one.month, one.principal, one.interest);
        });
    }
    for (share, rows) in expected {
        of(share.lent.currency(), &|all| {
            rows.iter().for_each(|one| all.waits_for(one));
        });
    }
    let is_alone = all.len() == 1;
    let drawn = all.iter().filter_map(|(currency, by_month)| {
        let title = match is_alone {
            true => lang.t("lender-months").to_string(),
            false => lang.t1("lender-months-in", "currency", currency.code()),
        };
        by_month.draw(lang, title)
    });
    drawn.collect()
}

/// What comes next, the oldest first. The calendar has all of it.
fn upcoming(lang: Lang, expected: &[(&Share, Vec<Expected>)], today: Date) -> Table {
    let mut all: Vec<(&Share, &Expected)> = expected
        .iter()
        .flat_map(|(share, rows)| rows.iter().map(move |one| (*share, one)))
        .collect();
    all.sort_by_key(|(share, one)| (one.due_on, share.id));
    let line = |(share, one): &(&Share, &Expected)| {
        let is_late = one.due_on < today;
        let money = |minor| lang.money(Money::from_minor(minor, share.lent.currency()));
        let cells = vec![
            share.title.clone(),
            lang.day(one.due_on),
            lang.t(if is_late {
                "instalment-late"
            } else {
                "instalment-scheduled"
            })
            .to_string(),
            money(one.principal),
            money(one.interest),
        ];
        (Some(format!("/my/loans/{}", share.id)), cells)
    };
    Table {
        id: "upcoming".into(),
        title: lang.t("lender-upcoming-title").to_string(),
        heads: heads(
            lang,
            &[
                "lender-loan",
                "repay-column-due",
                "repay-column-state",
                "repay-column-principal",
                "repay-column-interest",
            ],
        ),
        amounts_from: 3,
        rows: all.iter().take(UPCOMING).map(line).collect(),
        empty: lang.t("lender-upcoming-none").to_string(),
    }
}

/// Makes the address of a calendar, or another one.
fn calendar_form(page: &Page, has_one: bool) -> Second {
    let (lead, send) = match has_one {
        true => ("lender-calendar-has", "lender-calendar-again"),
        false => ("lender-calendar-means", "lender-calendar-make"),
    };
    Second {
        title: page.t("lender-calendar").to_string(),
        lead: page.t(lead).to_string(),
        form: Form::new(page, "/my/loans/calendar", Vec::new(), page.t(send)),
    }
}

fn table(lang: Lang, shares: &[Share], expected: &[(&Share, Vec<Expected>)], today: Date) -> Table {
    // What is past due is in the list above; of a loan in default no day can be named.
    let next = |share: &Share| {
        let (_, rows) = expected.iter().find(|(one, _)| one.id == share.id)?;
        rows.iter().map(|one| one.due_on).find(|day| *day >= today)
    };
    let line = |share: &Share| {
        let cells = vec![
            share.title.clone(),
            lang.t(state(share).0).to_string(),
            next(share).map_or_else(|| "–".to_string(), |day| lang.day_short(day)),
            lang.money(share.lent),
            lang.money(share.back),
            lang.money(share.interest),
        ];
        (Some(format!("/my/loans/{}", share.id)), cells)
    };
    Table {
        id: "loans".into(),
        title: lang.t("lender-loans").to_string(),
        heads: heads(
            lang,
            &[
                "lender-loan",
                "repay-column-state",
                "lender-upcoming",
                "lender-out",
                "lender-back",
                "lender-interest",
            ],
        ),
        amounts_from: 3,
        rows: shares.iter().map(line).collect(),
        empty: lang.t("lender-none").to_string(),
    }
}

/// How somebody came here.
#[derive(Debug, Deserialize)]
pub(super) struct Came {
    back: Option<String>,
    link: Option<String>,
}

pub(super) async fn account(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let person = visitor.person()?.clone();
    if came.back.is_some()
        && let Err(cause) = look(&ctx, person.id).await
    {
        tracing::warn!("the provider could not be asked about an account: {cause:#}");
    }
    let mut shown = account_page(&ctx, &visitor, &person, &Fields::default(), &[]).await?;
    if came.link.is_some() {
        shown.page.notice = Some(Notice {
            tone: Tone::Plain,
            text: shown.page.t("lender-account-link-over").to_string(),
        });
    }
    page(&shown)
}

pub(super) async fn start(State(ctx): State<Ctx>, posted: ProvenPosted) -> Result<Response, Error> {
    match begin(&ctx, &posted.person, posted.fields.get("country")).await {
        Ok(url) => Ok(see_other(&url)),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let (visitor, fields) = (&posted.visitor, &posted.fields);
            let shown = account_page(&ctx, visitor, &posted.person, fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn account_page(
    ctx: &Ctx,
    visitor: &Visitor,
    person: &Person,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<LoanPage, Error> {
    let account = lender_account::of(&ctx.db, person.id).await?;
    let shares = store::of_person(&ctx.db, person.id).await?;
    let mut page = visitor.page(ctx, "", Here::Elsewhere);
    let lang = page.lang;
    page.title = lang.t("lender-account-title").to_string();
    let refused = Refused::new(lang, refusals);
    let was = |name: &str| fields.get(name).to_string();
    let is_begun = account
        .as_ref()
        .is_some_and(|one| one.account_ref.is_some() && !one.state.is_gone());
    let parts = if is_begun {
        Vec::new()
    } else {
        pages::country(lang, &was, &refused)
    };
    let form = Form::new(&page, "/my/loans/account", parts, lang.t("lender-account-go"));
    page.errors = form.errors(&refused);
    let state = match account.as_ref().map(|one| one.state) {
        None => "lender-account-none",
        Some(AccountState::Pending) => "lender-account-pending",
        Some(AccountState::Enabled) => "lender-account-enabled",
        Some(AccountState::Restricted) => "lender-account-restricted",
        Some(AccountState::Rejected | AccountState::Lost) => "lender-account-gone",
    };
    let last = account.and_then(|one| one.bank_last4);
    let facts = last.map(|last| {
        let words = lang.t1("lender-account-bank-is", "last", last);
        (lang.t("lender-account-bank").to_string(), words)
    });
    Ok(LoanPage {
        back: Some(Link::new("/my/loans", lang.t("lender-title"))),
        state: None,
        lead: lang.t("lender-account-lead").to_string(),
        notes: vec![lang.t(state).to_string()],
        facts: facts.into_iter().collect(),
        forms: vec![Second {
            title: lang.t("lender-account").to_string(),
            lead: String::new(),
            form,
        }],
        months: Vec::new(),
        forms_below: keeping::section(&page, &shares).into_iter().collect(),
        tables: Vec::new(),
        links: Vec::new(),
        page,
    })
}
