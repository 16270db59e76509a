//! A lender's page over all their loans, and where they are paid.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::money::Money;
use felag_domain::payout_account::AccountState;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::repayments::{self as pages, LoanPage, Table};
use felag_frontend::wizard::{Form, Link, Second};
use felag_frontend::{Here, Lang, Notice, Page, Tone};
use serde::Deserialize;

use super::calendar;
use super::project::heads;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::ProvenPosted;
use crate::people::{Person, Visitor};
use crate::projects::NotSaved;
use crate::repayments::lender_account::{self, look, start as begin};
use crate::repayments::lender_store::{self as store, Share};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub(super) async fn show(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let person = visitor.person()?;
    let shares = store::of_person(&ctx.db, person.id).await?;
    let account = lender_account::of(&ctx.db, person.id).await?;
    let token = calendar::token(&ctx, person.id).await?;
    let mut page_ = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = page_.lang;
    page_.title = lang.t("lender-title").to_string();
    let is_payable = account.is_some_and(|account| account.state == AccountState::Enabled);
    let waits = shares.iter().any(|share| share.waiting.is_positive());
    let notes = (waits && !is_payable).then(|| lang.t("lender-account-none").to_string());
    let mut links = vec![Link::new("/my/loans/account", lang.t("lender-account"))];
    links.extend(token.as_ref().map(|token| {
        let address = format!("/calendars/{token}.ics");
        Link::new(address, lang.t("lender-calendar"))
    }));
    page(&LoanPage {
        back: None,
        state: None,
        lead: lang.t("lender-lead").to_string(),
        notes: notes.into_iter().collect(),
        facts: sums(lang, &shares),
        forms: vec![calendar_form(&page_, token.is_some())],
        picture: None,
        tables: vec![table(lang, &shares)],
        links,
        page: page_,
    })
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

/// What was lent, came back and was lost, currency by currency.
fn sums(lang: Lang, shares: &[Share]) -> Vec<(String, String)> {
    let mut by_currency: std::collections::BTreeMap<_, [i64; 5]> = std::collections::BTreeMap::new();
    for share in shares {
        let sums = by_currency.entry(share.lent.currency()).or_insert([0; 5]);
        for (sum, minor) in sums.iter_mut().zip(share.figures()) {
            *sum += minor;
        }
    }
    let ids = [
        "lender-out",
        "lender-back",
        "lender-interest",
        "lender-lost",
        "lender-waits",
    ];
    let mut facts = Vec::new();
    for (currency, sums) in by_currency {
        for (id, minor) in ids.iter().zip(sums) {
            facts.push((
                lang.t(id).to_string(),
                lang.money(Money::from_minor(minor, currency)),
            ));
        }
        let net = Money::from_minor(sums[2] - sums[3], currency);
        facts.push((lang.t("lender-net").to_string(), lang.money(net)));
    }
    facts
}

fn table(lang: Lang, shares: &[Share]) -> Table {
    let line = |share: &Share| {
        let cells = vec![
            share.title.clone(),
            lang.t(pages::loan_word(share.state).0).to_string(),
            share.next_on.map_or_else(String::new, |day| lang.day_short(day)),
            lang.money(share.lent),
            lang.money(share.back),
            lang.money(share.interest),
        ];
        (Some(format!("/my/loans/{}", share.id)), cells)
    };
    Table {
        id: "loans",
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
        picture: None,
        tables: Vec::new(),
        links: Vec::new(),
        page,
    })
}
