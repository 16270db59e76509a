//! What pages of other slices show of a campaign's loan: the campaign's page, its owner's page, a steward's checklist.

use felag_domain::lending::LoanState;
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::loans::LoanBeside;
use felag_frontend::wizard::Link;

use super::web::shown;
use super::{Loan, asking, store};
use crate::campaigns::shows;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;

/// For `wiring`: a campaign's loan beside its gifts; nothing when it asks for none.
pub fn beside<'a>(ctx: &'a Ctx, campaign: &'a Campaign) -> shows::Loan<'a> {
    Box::pin(async move {
        let Some(loan) = store::find(&ctx.db, campaign.id).await? else {
            return Ok(None);
        };
        let totals = store::totals(&ctx.db, campaign.id).await?;
        let lang = Lang::En;
        let committed =
            totals.committed_minor + totals.firm_minor + totals.at_risk_minor + totals.collected_minor;
        let (mark, state) = shown::loan_state(lang, loan.state);
        Ok(Some(LoanBeside {
            amount: loan.amount,
            committed: Money::from_minor(committed, loan.currency()),
            lenders: i64::from(totals.lenders),
            terms: terms(lang, &loan),
            mark,
            state,
            counts: loan.counts_to_minimum,
            lends: loan.state == LoanState::Open
                && campaign.takes_pledges(ctx.now())
                && loan.lending_ends_at.is_some_and(|ends| ctx.now() < ends),
        }))
    })
}

/// Interest and instalments in a sentence.
fn terms(lang: Lang, loan: &Loan) -> String {
    lang.t_with(
        "campaign-loan-terms",
        [
            ("percent", asking::percent(loan.rate_bp).into()),
            ("count", i64::from(loan.instalments).into()),
            ("period", shown::period(lang, &loan.period).into()),
            ("kind", shown::kind(lang, &loan.kind).into()),
        ],
    )
}

/// What a steward looks at: the terms, and the words the project stands for. Empty when no loan is asked for.
///
/// # Errors
/// When the database cannot be reached.
pub async fn to_review(ctx: &Ctx, campaign: &Campaign) -> sqlx::Result<Vec<String>> {
    let Some(loan) = store::find(&ctx.db, campaign.id).await? else {
        return Ok(Vec::new());
    };
    let lang = Lang::En;
    let mut lines = vec![
        lang.t2("review-loan-amount", "amount", loan.amount, "least", loan.least),
        terms(lang, &loan),
        lang.t(if loan.counts_to_minimum {
            "review-loan-counts"
        } else {
            "review-loan-counts-not"
        })
        .to_string(),
    ];
    for (name, words) in [
        ("loan-purpose", &loan.purpose),
        ("loan-security", &loan.security),
        ("loan-figures", &loan.figures),
        ("loan-risks", &loan.risks),
    ] {
        if !words.is_empty() {
            lines.push(format!("{}: {words}", lang.t(name)));
        }
    }
    Ok(lines)
}

/// Where the project goes on with its loan: terms, signature, repayments. Empty when it asks for none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn links(ctx: &Ctx, campaign: &Campaign) -> sqlx::Result<Vec<Link>> {
    let Some(loan) = store::find(&ctx.db, campaign.id).await? else {
        return Ok(Vec::new());
    };
    let lang = Lang::En;
    let link = |path: &str, words: &'static str| {
        Link::new(format!("/campaigns/{}/loan{path}", campaign.slug), lang.t(words))
    };
    let mut links = vec![link("", "loan-of-yours")];
    if campaign.state.is_editable() {
        links.push(link("/terms", "loan-change-terms"));
    }
    if loan.state == LoanState::Closed {
        links.push(link("/signature", "loan-sign"));
    }
    if loan.state.was_paid_out() {
        links.push(link("/repayments", "loan-repayments"));
    }
    Ok(links)
}
