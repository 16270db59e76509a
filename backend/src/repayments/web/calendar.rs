//! A calendar of the instalments a lender waits for (RFC 5545), behind an address nobody can guess.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::ids::PersonId;
use felag_domain::repaying::Instalment;
use felag_frontend::Lang;
use time::{Date, OffsetDateTime};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Posted;
use crate::repayments::lender_store::{self, Share};
use crate::repayments::store;
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
    let mut calendar = Calendar::default();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Felag//Loans//EN",
        "CALSCALE:GREGORIAN",
    ] {
        calendar.line(line);
    }
    let shares = lender_store::of_person(&ctx.db, person).await?;
    for share in shares.into_iter().filter(|share| !share.is_taken_over()) {
        let mut conn = ctx.db.acquire().await?;
        let Some(loan) = store::find(&mut *conn, share.campaign).await? else {
            continue;
        };
        for row in store::rows(&mut conn, share.campaign, loan.plan).await? {
            if !row.is_paid() {
                calendar.instalment(&share, loan.plan, &row, ctx.now());
            }
        }
    }
    calendar.line("END:VCALENDAR");
    let text = calendar.0;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// A calendar being written, in lines as RFC 5545 wants them: ended by CR and LF, 75 octets long at most.
#[derive(Debug, Default)]
struct Calendar(String);

/// The most octets of a line, its end apart.
const OCTETS: usize = 75;

impl Calendar {
    /// A line of content; a longer one goes on in lines that begin with a space.
    fn line(&mut self, content: &str) {
        let mut octets = 0;
        for letter in content.chars() {
            if octets + letter.len_utf8() > OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A whole day. Its UID stays the same as long as the plan does, so that a program that reads the calendar again
    /// knows it.
    fn instalment(&mut self, share: &Share, plan: i32, row: &Instalment, now: OffsetDateTime) {
        let words = Lang::En.t2(
            "calendar-instalment",
            "campaign",
            &share.title,
            "number",
            i64::from(row.number),
        );
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}-{plan}-{}@felag", share.id, row.number));
        self.line(&format!("DTSTAMP:{}T{}Z", day(now.date()), time_of(now)));
        self.line(&format!("DTSTART;VALUE=DATE:{}", day(row.due_on)));
        self.line(&format!("SUMMARY:{}", escaped(&words)));
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }
}

fn day(date: Date) -> String {
    date.to_string().replace('-', "")
}

fn time_of(at: OffsetDateTime) -> String {
    format!("{:02}{:02}{:02}", at.hour(), at.minute(), at.second())
}

/// Text of RFC 5545: its separators are escaped, and it has no line breaks.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_at_75_octets_and_unfold_to_what_they_were() {
        let mut calendar = Calendar::default();
        let long = format!("SUMMARY:{}", "þórður ".repeat(40));
        calendar.line(&long);
        calendar.line("END:VEVENT");
        let lines: Vec<&str> = calendar.0.split("\r\n").collect();
        assert!(lines.len() > 4 && lines.iter().all(|line| line.len() <= 75));
        assert_eq!(
            calendar.0.replace("\r\n ", ""),
            format!("{long}\r\nEND:VEVENT\r\n")
        );
    }

    #[test]
    fn what_separates_is_escaped_and_no_line_can_be_forged() {
        assert_eq!(escaped("a,b;c\\d"), "a\\,b\\;c\\\\d");
        assert_eq!(escaped("a\r\nEND:VCALENDAR"), "a  END:VCALENDAR");
    }
}
