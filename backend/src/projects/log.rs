//! The audit log of a project, for its members and for stewards, who come from the log of everything.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use felag_frontend::Here;
use felag_frontend::audit::LogPage;

use super::{access, store};
use crate::audit::log::{self, Wanted};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::page;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let is_steward = visitor.person()?.is_steward;
    let project = store::find_by_slug(&ctx.db, &slug)
        .await?
        .ok_or(Error::NotFound)?;
    if !is_steward {
        access::member(&ctx, &visitor, project.id).await?;
    }
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let wanted = Wanted {
        project: Some(project.id),
        before: query.parse("before"),
        ..Wanted::default()
    };
    let found = log::read(&ctx.db, &wanted).await?;
    let mut frame = visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t1("audit-of-project", "project", &project.name);
    page(&LogPage {
        project: Some((project.name, format!("/projects/{slug}"))),
        filters: None,
        newer: wanted.before.map(|_| format!("/projects/{slug}/audit")),
        older: found
            .older
            .map(|row| format!("/projects/{slug}/audit?before={row}")),
        lines: found.lines,
        page: frame,
    })
}
