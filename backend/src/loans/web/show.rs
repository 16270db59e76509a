//! A loan as everybody sees it: its terms, what the project says, the risk, what was lent so far, and the record.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use felag_domain::lending::LoanState;
use felag_domain::money::Money;
use felag_frontend::loans::{LoanPage, Section, Table};
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Lang};

use super::{papers, shown};
use crate::campaigns::access;
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::store::Totals;
use crate::loans::{Loan, change, store};
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::page;

const LANG: Lang = Lang::En;

/// A loan that the visitor may see: everybody once its campaign is public, before that members and stewards.
pub async fn find(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Campaign, Loan), Error> {
    let campaign = campaigns::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let is_steward = visitor.person.as_ref().is_some_and(|person| person.is_steward);
    if !campaign.is_public() && !is_steward {
        match access::of_member(ctx, visitor, slug).await {
            Ok(_) => {}
            Err(Error::SignedOut) => return Err(Error::NotFound),
            Err(error) => return Err(error),
        }
    }
    let loan = store::find(&ctx.db, campaign.id).await?.ok_or(Error::NotFound)?;
    Ok((campaign, loan))
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, loan) = find(&ctx, &visitor, &slug).await?;
    let invited = Fields::read(query.unwrap_or_default().as_bytes())?.get("network") == loan.network_token;
    let totals = store::totals(&ctx.db, campaign.id).await?;
    let title = LANG.t1("loan-title", "campaign", &campaign.title);
    let mut sections = vec![shown::warnings(LANG, shown::risk(LANG))];
    sections.extend(lend_section(&ctx, &campaign, &loan, invited));
    sections.push(shown::terms(LANG, &campaign, &loan));
    let principal = loan.principal.unwrap_or(loan.amount);
    sections.extend(shown::schedule(LANG, &campaign, &loan, principal, true).map(|one| agreed(&loan, one)));
    sections.push(so_far(&loan, &totals));
    sections.extend(shown::words(LANG, &loan));
    sections.extend(papers::section(&ctx, &campaign, &loan).await?);
    sections.push(record(&ctx, &campaign, &loan).await?);
    let is_member = match access::of_member(&ctx, &visitor, &slug).await {
        Ok((_, member)) => Some(member.is_owner()),
        Err(_) => None,
    };
    if let Some(is_owner) = is_member {
        sections.push(own(&ctx, &campaign, &loan, is_owner));
    }
    if let Some(person) = &visitor.person
        && let Some(one) = store::latest_of(&ctx.db, campaign.id, person.id).await?
    {
        let words = LANG.t3(
            "commitment-line",
            "amount",
            LANG.money(one.amount),
            "campaign",
            &campaign.title,
            "state",
            shown::commitment_state(LANG, one.state).1,
        );
        let link = Link::new(format!("/my/commitments/{}", one.token), words);
        sections.push(Section::new("mine", LANG.t("commitments-title")).link(link));
    }
    if papers::may_read(&ctx, &visitor, &campaign).await? {
        sections.extend(papers::lenders(&ctx, &campaign).await?);
    }
    page(&LoanPage {
        page: visitor.page(&ctx, title, Here::Elsewhere),
        back: Some(Link::new(format!("/campaigns/{slug}"), campaign.title.clone())),
        state: Some(shown::loan_state(LANG, loan.state)),
        lead: String::new(),
        sections,
    })
}

fn lend_section(ctx: &Ctx, campaign: &Campaign, loan: &Loan, invited: bool) -> Option<Section> {
    let is_open = loan.state.takes_commitments()
        && campaign.takes_pledges(ctx.now())
        && loan.lending_ends_at.is_some_and(|ends| ctx.now() < ends);
    if !is_open {
        return None;
    }
    let section = Section::new("lend", LANG.t("loan-lend"));
    let address = format!("/campaigns/{}/loan/lend", campaign.slug);
    match loan.state {
        LoanState::NetworkFirst if !invited => Some(section.words(LANG.t1(
            "loan-network-waits",
            "count",
            i64::from(loan.network_first_lenders),
        ))),
        LoanState::NetworkFirst => Some(section.link(Link::new(
            format!("{address}?network={}", loan.network_token),
            LANG.t("loan-lend-now"),
        ))),
        _ => Some(section.link(Link::new(address, LANG.t("loan-lend-now")))),
    }
}

/// Says of a schedule that it is the one agreed at first, once the loan was paid out.
pub(super) fn agreed(loan: &Loan, schedule: Section) -> Section {
    if loan.state.was_paid_out() {
        schedule.words(LANG.t("loan-schedule-agreed"))
    } else {
        schedule
    }
}

/// What was lent so far, with what the project's own members lend apart.
fn so_far(loan: &Loan, totals: &Totals) -> Section {
    let money = |minor| LANG.money(Money::from_minor(minor, loan.currency()));
    let mut section = Section::new("so-far", LANG.t("loan-so-far"))
        .fact(LANG.t("loan-committed"), money(totals.committed_minor))
        .fact(LANG.t("loan-firm"), money(totals.firm_minor))
        .fact(
            LANG.t("loan-collected"),
            money(totals.collected_minor + totals.at_risk_minor),
        )
        .fact(LANG.t("loan-waiting"), money(totals.waiting_minor))
        .fact(LANG.t("loan-lenders"), totals.lenders.to_string());
    let own = totals.own_firm_minor + totals.own_collected_minor;
    if own > 0 {
        section = section.fact(LANG.t("loan-own"), money(own));
    }
    section
}

/// The record of the project's past loans, losses included.
async fn record(ctx: &Ctx, campaign: &Campaign, loan: &Loan) -> Result<Section, Error> {
    let past = store::record(&mut *ctx.db.acquire().await?, campaign.id).await?;
    let section = Section::new("record", LANG.t("loan-record"));
    if past.is_empty() {
        let none = match loan.state.was_paid_out() {
            // Whoever reads of this one must not read that there was none.
            true => "loan-record-no-other",
            false => "loan-record-none",
        };
        return Ok(section.words(LANG.t(none)));
    }
    let rows = past
        .iter()
        .map(|one| {
            let principal = one.loan.principal.unwrap_or(one.loan.amount);
            vec![
                one.title.clone(),
                LANG.money(principal),
                one.loan
                    .paid_out_at
                    .map_or_else(String::new, |at| LANG.date_short(at)),
                shown::loan_state(LANG, one.loan.state).1,
                LANG.money(one.lost),
            ]
        })
        .collect();
    let mut section = section;
    section.table = Some(Table {
        caption: LANG.t("loan-record-caption").to_string(),
        head: [
            "loan-campaign",
            "loan-amount",
            "loan-paid-out",
            "loan-state",
            "loan-lost",
        ]
        .map(|id| LANG.t(id).to_string())
        .to_vec(),
        rows,
    });
    Ok(section)
}

/// What the project's own members find here.
fn own(ctx: &Ctx, campaign: &Campaign, loan: &Loan, is_owner: bool) -> Section {
    let slug = &campaign.slug;
    let mut section = Section::new("own", LANG.t("loan-of-yours"));
    if campaign.state.is_editable() {
        section = section.link(Link::new(
            format!("/campaigns/{slug}/loan/terms"),
            LANG.t("loan-change-terms"),
        ));
    }
    if loan.network_first_lenders > 0 && loan.state == LoanState::NetworkFirst {
        section = section.words(LANG.t("loan-network-link")).words(format!(
            "{}/campaigns/{slug}/loan?network={}",
            ctx.config.public_url, loan.network_token
        ));
    }
    if is_owner && change::may_change(ctx, loan) {
        section = section.link(Link::new(
            format!("/campaigns/{slug}/loan/change"),
            LANG.t("loan-change-title"),
        ));
    }
    if loan.state.was_paid_out() {
        section = section.link(Link::new(
            format!("/campaigns/{slug}/loan/repayments"),
            LANG.t("loan-repayments"),
        ));
    }
    if is_owner && loan.state == LoanState::Closed {
        section = section.link(Link::new(
            format!("/campaigns/{slug}/loan/signature"),
            LANG.t("loan-sign"),
        ));
    }
    section
}
