//! A calendar of the instalments a lender waits for (RFC 5545), behind an address nobody can guess.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::ids::PersonId;
use felag_frontend::Lang;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Posted;
use crate::repayments::{lender_store, store};
use crate::web::see_other;

/// The secret of a person's calendar, if they have one.
pub(super) async fn token(ctx: &Ctx, person: PersonId) -> Result<Option<String>, Error> {
    let token = sqlx::query_scalar!(
        "select token from calendar_feed where person_id = $1",
        person as _
    )
    .fetch_optional(&ctx.db)
    .await?;
    Ok(token)
}

/// Makes an address, or a new one that ends the old.
pub(super) async fn make(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let person = posted.visitor.person()?;
    sqlx::query!(
        "insert into calendar_feed (person_id, token, created_at) values ($1, $2, $3)
         on conflict (person_id) do update set token = excluded.token, created_at = excluded.created_at",
        person.id as _,
        ctx.random.token(),
        ctx.now(),
    )
    .execute(&ctx.db)
    .await?;
    Ok(see_other("/my/loans"))
}

pub(super) async fn feed(State(ctx): State<Ctx>, Path(token): Path<String>) -> Result<Response, Error> {
    let token = token.trim_end_matches(".ics");
    let person = sqlx::query_scalar!(
        r#"select person_id as "person: PersonId" from calendar_feed where token = $1"#,
        token
    )
    .fetch_optional(&ctx.db)
    .await?
    .ok_or(Error::NotFound)?;
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Felag//Loans//EN\r\n");
    let stamp = ctx.now().date().to_string().replace('-', "");
    for share in lender_store::of_person(&ctx.db, person).await? {
        let mut conn = ctx.db.acquire().await?;
        let Some(loan) = store::find(&mut *conn, share.campaign).await? else {
            continue;
        };
        for row in store::rows(&mut conn, share.campaign, loan.plan).await? {
            if row.is_paid() {
                continue;
            }
            let title = escaped(&share.title);
            let words = Lang::En.t2(
                "calendar-instalment",
                "campaign",
                title,
                "number",
                i64::from(row.number),
            );
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "BEGIN:VEVENT\r\nUID:{}-{}-{}@felag\r\nDTSTAMP:{stamp}T000000Z\r\nDTSTART;VALUE=DATE:{}\r\n\
                 SUMMARY:{words}\r\nEND:VEVENT\r\n",
                share.id,
                loan.plan,
                row.number,
                row.due_on.to_string().replace('-', "")
            );
        }
    }
    text.push_str("END:VCALENDAR\r\n");
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// Text of RFC 5545: its separators are escaped, and it has no line breaks.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace(char::is_control, " ")
}
