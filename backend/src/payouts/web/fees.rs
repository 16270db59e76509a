//! What the platform takes, for everybody: every schedule that was published, and what it means in each currency.

use axum::extract::State;
use axum::response::Response;
use felag_domain::fee::{CURRENT, PUBLISHED};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::smallest;
use felag_frontend::payouts::{FeeRow, FeesPage};
use felag_frontend::{Here, Lang};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::page;

pub async fn show(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let mut frame = visitor.page(&ctx, Lang::En.t("fees-title"), Here::Elsewhere);
    frame.description = frame.t("fees-lead").to_string();
    frame.canonical = format!("{}/fees", ctx.config.public_url);
    page(&FeesPage {
        page: frame,
        schedules: PUBLISHED.iter().rev().collect(),
        rows: Currency::OFFERED.iter().copied().map(row).collect(),
    })
}

/// Thirty whole units, or as many of a small currency as make a similar gift.
fn row(currency: Currency) -> FeeRow {
    let smallest = smallest(currency);
    let example = Money::from_minor(smallest.minor().saturating_mul(30), currency);
    FeeRow {
        currency,
        smallest,
        fixed: CURRENT.provider_fixed(currency),
        example,
        net: CURRENT.net(example).net,
    }
}
