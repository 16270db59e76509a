//! One loan as its lender sees it: what came in, month by month and year by year, what comes next, what was sent.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use felag_domain::ids::CommitmentId;
use felag_domain::money::Money;
use felag_domain::repaying::{Instalment, ProposalState, parts_of};
use felag_frontend::parts::Months;
use felag_frontend::repayments::{self as pages, LoanPage, Table};
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Lang};
use time::Date;
use uuid::Uuid;

use super::history::days_states_amounts;
use super::months::ByMonth;
use super::project::{heads, instalment_word};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::repayments::lender_store::{self, Credit, Given, LentAgain, Sent, Share, Whose};
use crate::repayments::plan;
use crate::repayments::store::{self, Running};
use crate::web::page;

/// A share that belongs to the visitor. To others it does not exist.
pub(super) async fn own(ctx: &Ctx, visitor: &Visitor, id: Uuid) -> Result<Share, Error> {
    let person = visitor.person()?;
    let shares = lender_store::of_person(&ctx.db, person.id).await?;
    let id = CommitmentId::from_uuid(id);
    shares
        .into_iter()
        .find(|share| share.id == id)
        .ok_or(Error::NotFound)
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let share = own(&ctx, &visitor, id).await?;
    let mut conn = ctx.db.acquire().await?;
    let loan = store::find(&mut *conn, share.campaign)
        .await?
        .ok_or(Error::NotFound)?;
    let rows = store::rows(&mut conn, share.campaign, loan.plan).await?;
    let credits = lender_store::credits(&mut conn, &share).await?;
    let sent = lender_store::sent(&mut conn, &share).await?;
    let given = lender_store::given(&mut conn, &share).await?;
    let again = lender_store::lent_again(&mut conn, &share).await?;
    let proposal = plan::store::newest(&mut *conn, share.campaign).await?;
    drop(conn);
    let today = ctx.now().date();
    let mut page_ = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = page_.lang;
    page_.title = share.title.clone();
    let months = months(lang, &share, &credits, &rows, today);
    let file = |ending: &str| format!("/my/loans/{}/statement.{ending}", share.id);
    let mut links = vec![
        Link::new(file("pdf"), lang.t("lender-statement-pdf")),
        Link::new(file("csv"), lang.t("lender-statement")),
    ];
    links.extend(proposal.iter().map(|_| {
        let address = format!("/my/loans/{}/vote", share.id);
        Link::new(address, lang.t("plan-see"))
    }));
    links.extend(share.kept.is_positive().then(|| {
        let address = format!("/my/loans/{}/gift", share.id);
        Link::new(address, lang.t("lender-gift"))
    }));
    let open = proposal.filter(|one| one.state == ProposalState::Open);
    let vote = open.map(|one| lang.t1("plan-is-open", "until", lang.date_time(one.closes_at, "UTC")));
    let notes = bank_has_it(lang, &share, false).into_iter().chain(vote).collect();
    let mut tables = vec![
        received(lang, &credits),
        years(lang, &share, &credits),
        sent_table(lang, &sent),
    ];
    if !share.is_taken_over() {
        tables.insert(0, tally(lang, &share, &loan, &rows, today));
    }
    tables.extend((!given.is_empty()).then(|| given_table(lang, &given)));
    tables.extend((!again.is_empty()).then(|| again_table(lang, &again)));
    page(&LoanPage {
        back: Some(Link::new("/my/loans", lang.t("lender-title"))),
        state: Some(state(&share)),
        lead: String::new(),
        notes,
        facts: facts(lang, &share),
        forms: Vec::new(),
        months: months.into_iter().collect(),
        forms_below: Vec::new(),
        tables,
        links,
        page: page_,
    })
}

/// What the lender's bank did with their charge, and what that means. Among several shares it says of which it speaks.
pub(super) fn bank_has_it(lang: Lang, share: &Share, is_among_several: bool) -> Option<String> {
    let words = match share.whose {
        Whose::Lender => return None,
        Whose::Frozen(at) => lang.t1("lender-bank-decides", "day", lang.date(at)),
        Whose::TakenOver(at) => lang.t1("lender-bank-gave-back", "day", lang.date(at)),
        Whose::MakesUp(bank, left) if left.is_positive() => {
            lang.t2("lender-bank-gave-part", "amount", bank, "left", left)
        }
        Whose::MakesUp(bank, _) => lang.t1("lender-bank-made-up", "amount", bank),
    };
    Some(match is_among_several {
        true => lang.t2("lender-bank-of", "campaign", &share.title, "words", words),
        false => words,
    })
}

/// Where a share stands: as its loan, unless the lender's bank has their charge.
pub(super) fn state(share: &Share) -> (&'static str, &'static str) {
    match share.whose {
        Whose::Lender | Whose::MakesUp(..) => pages::loan_word(share.state),
        Whose::Frozen(_) => ("lender-is-frozen", "late"),
        Whose::TakenOver(_) => ("lender-is-taken-over", "lost"),
    }
}

pub(super) fn facts(lang: Lang, share: &Share) -> Vec<(String, String)> {
    if share.is_taken_over() {
        let facts = [("lender-out", share.lent), ("lender-sent", share.sent)];
        return facts
            .map(|(id, amount)| (lang.t(id).to_string(), lang.money(amount)))
            .into();
    }
    let net = Money::from_minor(share.interest.minor() - share.lost.minor(), share.lent.currency());
    let mut lines = vec![
        ("lender-out", share.lent),
        ("lender-back", share.back),
        ("lender-interest", share.interest),
        ("lender-lost", share.lost),
        ("lender-net", net),
    ];
    lines.push(match share.is_kept {
        true => ("lender-kept", share.kept),
        false => ("lender-waits", share.waiting),
    });
    lines.extend(share.given.is_positive().then_some(("lender-given", share.given)));
    let again = share.lent_again;
    lines.extend(again.is_positive().then_some(("lender-lent-again", again)));
    lines
        .into_iter()
        .map(|(id, amount)| (lang.t(id).to_string(), lang.money(amount)))
        .collect()
}

/// What came in and what is to come, month by month.
fn months(lang: Lang, share: &Share, credits: &[Credit], rows: &[Instalment], today: Date) -> Option<Months> {
    let mut by_month = ByMonth::new(share.lent.currency(), today);
    for credit in credits {
        by_month.got(credit.at.date(), credit.principal, credit.interest);
    }
    share
        .expected(rows)
        .iter()
        .for_each(|one| by_month.waits_for(one));
    by_month.draw(lang, lang.t("lender-months").to_string())
}

/// The instalments of the whole loan, with the part of each that falls to this share.
fn tally(lang: Lang, share: &Share, loan: &Running, rows: &[Instalment], today: Date) -> Table {
    let rows: Vec<_> = rows.iter().filter(|row| !row.owed.is_nothing()).collect();
    let (weight, whole) = (share.lent.minor(), share.whole.minor());
    let principal: Vec<i64> = rows.iter().map(|row| row.owed.principal).collect();
    let interest: Vec<i64> = rows
        .iter()
        .map(|row| row.owed.interest.saturating_add(row.owed.late))
        .collect();
    let money = |minor| lang.money(Money::from_minor(minor, share.lent.currency()));
    let parts = parts_of(&principal, weight, whole)
        .into_iter()
        .zip(parts_of(&interest, weight, whole));
    let lines = rows.iter().zip(parts).map(|(row, (principal, interest))| {
        let cells = vec![
            lang.day(row.due_on),
            lang.t(instalment_word(row, loan, today)).to_string(),
            money(principal),
            money(interest),
        ];
        (None, cells)
    });
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
            ],
        ),
        amounts_from: 2,
        rows: lines.collect(),
        empty: lang.t("repay-instalments-none").to_string(),
    }
}

fn received(lang: Lang, credits: &[Credit]) -> Table {
    let line = |credit: &Credit| {
        let cells = vec![
            lang.date(credit.at),
            lang.money(credit.principal),
            lang.money(credit.interest),
        ];
        (None, cells)
    };
    Table {
        id: "received".into(),
        title: lang.t("lender-received").to_string(),
        heads: heads(
            lang,
            &[
                "repay-column-day",
                "repay-column-principal",
                "repay-column-interest",
            ],
        ),
        amounts_from: 1,
        rows: credits.iter().map(line).collect(),
        empty: lang.t("lender-received-none").to_string(),
    }
}

/// What a tax return asks for.
fn years(lang: Lang, share: &Share, credits: &[Credit]) -> Table {
    let mut years: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    for credit in credits {
        let year = years.entry(credit.at.year()).or_default();
        year.0 += credit.principal.minor();
        year.1 += credit.interest.minor();
    }
    let money = |minor| lang.money(Money::from_minor(minor, share.lent.currency()));
    let rows = years.into_iter().map(|(year, (principal, interest))| {
        (None, vec![year.to_string(), money(principal), money(interest)])
    });
    Table {
        id: "years".into(),
        title: lang.t("lender-years").to_string(),
        heads: heads(
            lang,
            &["lender-year", "repay-column-principal", "repay-column-interest"],
        ),
        amounts_from: 1,
        rows: rows.collect(),
        empty: lang.t("lender-received-none").to_string(),
    }
}

fn sent_table(lang: Lang, sent: &[Sent]) -> Table {
    let line = |one: &Sent| {
        let state = lang.t(pages::transfer_word(one.state)).to_string();
        (one.at, state, one.amount)
    };
    let words = ("lender-sent", "lender-sent-none");
    days_states_amounts(lang, "sent", words, sent.iter().map(line))
}

/// What its lender gave of it.
fn given_table(lang: Lang, given: &[Given]) -> Table {
    let line = |one: &Given| {
        let cells = vec![
            lang.date(one.at),
            lang.t(given_word(one)).to_string(),
            lang.money(one.amount),
        ];
        (None, cells)
    };
    Table {
        id: "given".into(),
        title: lang.t("lender-gifts").to_string(),
        heads: heads(
            lang,
            &["repay-column-day", "repay-column-state", "repay-column-amount"],
        ),
        amounts_from: 2,
        rows: given.iter().map(line).collect(),
        empty: String::new(),
    }
}

/// What became of a gift.
pub(super) const fn given_word(one: &Given) -> &'static str {
    match one.is_returned {
        false => "lender-gift-stands",
        true => "lender-gift-returned",
    }
}

/// What its lender lent again of it, and to whom.
fn again_table(lang: Lang, again: &[LentAgain]) -> Table {
    let line = |one: &LentAgain| {
        let cells = vec![
            lang.date(one.at),
            one.title.clone(),
            lang.t(again_word(one)).to_string(),
            lang.money(one.amount),
        ];
        (None, cells)
    };
    Table {
        id: "lent-again".into(),
        title: lang.t("lender-lent-again").to_string(),
        heads: heads(
            lang,
            &[
                "repay-column-day",
                "lender-loan",
                "repay-column-state",
                "repay-column-amount",
            ],
        ),
        amounts_from: 3,
        rows: again.iter().map(line).collect(),
        empty: String::new(),
    }
}

/// What became of what was lent again.
pub(super) const fn again_word(one: &LentAgain) -> &'static str {
    match one.is_returned {
        false => "lender-again-stands",
        true => "lender-gift-returned",
    }
}
