//! The whole audit log, for stewards: by kind and day.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use felag_frontend::Here;
use felag_frontend::audit::{Filters, LogPage};
use time::{Date, Duration};

use crate::audit::log::{self, Wanted};
use crate::campaigns::draft::read_day;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Steward;
use crate::web::fields::Fields;
use crate::web::page;

pub fn routes() -> Router<Ctx> {
    Router::new().route("/audit", get(show))
}

async fn show(
    State(ctx): State<Ctx>,
    steward: Steward,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let midnight = |day: Date| day.midnight().assume_utc();
    let wanted = Wanted {
        project: None,
        kind: Some(query.get("kind").to_string()).filter(|kind| !kind.is_empty()),
        from: read_day(query.get("from")).map(midnight),
        until: read_day(query.get("until")).map(|day| midnight(day).saturating_add(Duration::DAY)),
        before: query.parse("before"),
    };
    let found = log::read(&ctx.db, &wanted).await?;
    let mut frame = steward.visitor.page(&ctx, "", Here::Reviews);
    frame.title = frame.t("audit-title").to_string();
    let filters = Filters::new(
        frame.lang,
        query.get("kind"),
        query.get("from"),
        query.get("until"),
    );
    let address = |row: Option<String>| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for name in ["kind", "from", "until"] {
            pairs.append_pair(name, query.get(name));
        }
        if let Some(row) = row {
            pairs.append_pair("before", &row);
        }
        format!("/audit?{}", pairs.finish())
    };
    page(&LogPage {
        project: None,
        filters: Some(filters),
        newer: wanted.before.map(|_| address(None)),
        older: found.older.map(|row| address(Some(row.to_string()))),
        lines: found.lines,
        page: frame,
    })
}
