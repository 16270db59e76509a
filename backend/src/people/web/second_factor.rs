//! The second factor: setting it up, giving a code, switching it off, a lost phone.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::factor::{self, CodeError};
use felag_domain::words::{FieldRefusal, Refusal, Words};
use felag_frontend::form::{Hidden, Problem, Refused, errors};
use felag_frontend::second_factor::{
    self as pages, ConfirmationPage, Demo, LostPage, OffPage, SettingsPage, SetupPage, Square,
};
use felag_frontend::{Here, Notice, Page, Tone};
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;

use super::{frame, recovery};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::{self as factors, NotDone, SETTINGS, Setup, address_with_next, reset};
use crate::people::{Person, Posted, Visitor, next};
use crate::web::{page_with, see_other};

/// Where a secret is shown and its first code asked for.
const SETUP: &str = "/my/second-factor/setup";

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
    left: Option<u8>,
}

/// The person, and what the database knows this browser's sign-in by.
fn signed_in(visitor: &Visitor) -> Result<(Person, Vec<u8>), Error> {
    let person = visitor.person()?.clone();
    Ok((person, visitor.sign_in_hash().ok_or(Error::SignedOut)?))
}

pub async fn settings(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    settings_page(&ctx, &visitor, &asked, &[]).await
}

async fn settings_page(
    ctx: &Ctx,
    visitor: &Visitor,
    asked: &Asked,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let person = visitor.person()?;
    let standing = factors::standing(ctx, person).await?;
    let waiting = reset::of(ctx, person.id).await?;
    let mut frame = frame(ctx, visitor, "factor-title", Here::Elsewhere);
    frame.notice = notice(&frame, asked);
    let password = pages::password_field(frame.lang, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&password as &dyn Problem]);
    let carried = carried(&asked.next);
    let template = SettingsPage {
        is_needed: !carried.pairs.is_empty(),
        standing: standing.map(|standing| pages::Standing {
            since: standing.since,
            codes_left: standing.codes_left,
        }),
        password,
        carried,
        waiting: waiting.map(|open| pages::Waiting {
            asked_at: open.asked_at,
            ready_at: open.ready_at,
        }),
        page: frame,
    };
    page_with(status(refusals), &template)
}

/// What was just done, out of the few things it can be: the words never come from the address.
fn notice(page: &Page, asked: &Asked) -> Option<Notice> {
    let text = match (asked.done.as_str(), asked.left) {
        ("off", _) => page.t("factor-done-off").to_string(),
        ("lost", _) => page.t("factor-done-lost").to_string(),
        ("cancelled", _) => page.t("factor-done-cancelled").to_string(),
        ("code", Some(left)) => page.t1("factor-done-recovery", "left", i64::from(left)),
        ("code", None) => page.t("factor-done-code").to_string(),
        _ => return None,
    };
    Some(Notice {
        tone: Tone::Done,
        text,
    })
}

fn carried(path: &str) -> Hidden {
    let path = next::safe(path).map(|path| ("next", path.to_string()));
    Hidden {
        pairs: path.into_iter().collect(),
    }
}

fn status(refusals: &[FieldRefusal]) -> StatusCode {
    if refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// What is wrong with a form, its field beside it. `None` when there is nothing more to do here.
fn refusals(not_done: NotDone) -> Result<Option<Vec<FieldRefusal>>, Error> {
    let refusal = match not_done {
        NotDone::Failed(error) => return Err(error),
        NotDone::Over => return Ok(None),
        NotDone::Password => FieldRefusal {
            field: "password",
            words: Words::new("factor-password-wrong"),
        },
        NotDone::Code(error) => FieldRefusal {
            field: "code",
            words: error.words(),
        },
    };
    Ok(Some(vec![refusal]))
}

/// 429 instead of 422 when the answer is to wait.
fn waiting(refusals: &[FieldRefusal], mut response: Response) -> Response {
    let wait = CodeError::Wait { minutes: 0 }.words().id;
    if refusals.iter().any(|refusal| refusal.words.id == wait) {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    }
    response
}

pub async fn begin(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (person, sign_in) = signed_in(&visitor)?;
    let onward = next::safe(fields.get("next")).unwrap_or_default();
    let refused = match factors::begin(&ctx, &person, &sign_in, fields.get("password")).await {
        Ok(()) => return Ok(see_other(&address_with_next(SETUP, onward))),
        Err(not_done) => refusals(not_done)?,
    };
    let Some(refused) = refused else {
        return Ok(see_other(SETTINGS));
    };
    let asked = Asked {
        next: onward.to_string(),
        ..Asked::default()
    };
    settings_page(&ctx, &visitor, &asked, &refused).await
}

pub async fn setup(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    setup_page(&ctx, &visitor, &asked.next, &[]).await
}

async fn setup_page(
    ctx: &Ctx,
    visitor: &Visitor,
    onward: &str,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let (person, sign_in) = signed_in(visitor)?;
    let carried = carried(onward);
    let Some(setup) = factors::setup(ctx, &person, &sign_in).await? else {
        let onward = next::safe(onward).unwrap_or_default();
        return Ok(see_other(&address_with_next(SETTINGS, onward)));
    };
    let mut frame = frame(ctx, visitor, "setup-title", Here::Elsewhere);
    let code = pages::code_field(frame.lang, false, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&code as &dyn Problem]);
    let Setup { address, letters } = setup;
    let template = SetupPage {
        square: square(&address)?,
        address,
        letters: factor::in_fours(&letters, " "),
        code,
        carried,
        demo: demo(ctx, &person).await?,
        page: frame,
    };
    Ok(waiting(refusals, page_with(status(refusals), &template)?))
}

fn square(address: &str) -> Result<Square, Error> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|cause| Error::Internal(anyhow::anyhow!("no square code: {cause}")))?;
    let dark: Vec<bool> = code
        .to_colors()
        .into_iter()
        .map(|colour| colour == qrcode::Color::Dark)
        .collect();
    Ok(Square::new(&dark, code.width()))
}

async fn demo(ctx: &Ctx, person: &Person) -> Result<Demo, Error> {
    Ok(match factors::demo_code(ctx, person).await? {
        Some(code) => Demo::Code(code),
        None if ctx.config.has_mailbox() => Demo::Wait,
        None => Demo::None,
    })
}

pub async fn confirm_setup(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (person, sign_in) = signed_in(&visitor)?;
    let onward = fields.get("next");
    match factors::confirm(&ctx, &person, &sign_in, fields.get("code")).await {
        Ok(codes) => recovery::codes_page(&ctx, &visitor, &codes, onward),
        Err(not_done) => match refusals(not_done)? {
            Some(refused) => setup_page(&ctx, &visitor, onward, &refused).await,
            None => Ok(see_other(SETTINGS)),
        },
    }
}

pub async fn confirmation(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    confirmation_page(&ctx, &visitor, &asked.next, &[]).await
}

async fn confirmation_page(
    ctx: &Ctx,
    visitor: &Visitor,
    onward: &str,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let person = visitor.person()?;
    let carried = carried(onward);
    if factors::standing(ctx, person).await?.is_none() {
        let onward = next::safe(onward).unwrap_or_default();
        return Ok(see_other(&address_with_next(SETTINGS, onward)));
    }
    let mut frame = frame(ctx, visitor, "confirmation-title", Here::Elsewhere);
    let code = pages::code_field(frame.lang, true, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&code as &dyn Problem]);
    let template = ConfirmationPage {
        code,
        carried,
        demo: demo(ctx, person).await?,
        page: frame,
    };
    Ok(waiting(refusals, page_with(status(refusals), &template)?))
}

pub async fn give(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (person, sign_in) = signed_in(&visitor)?;
    let onward = next::safe(fields.get("next"));
    match factors::give(&ctx, &person, &sign_in, fields.get("code")).await {
        Ok(left) => {
            let left = left.map_or(String::new(), |left| format!("&left={left}"));
            let settings = format!("{SETTINGS}?done=code{left}");
            Ok(see_other(onward.unwrap_or(&settings)))
        }
        Err(not_done) => match refusals(not_done)? {
            Some(refused) => confirmation_page(&ctx, &visitor, fields.get("next"), &refused).await,
            None => Ok(see_other(&address_with_next(
                SETTINGS,
                onward.unwrap_or_default(),
            ))),
        },
    }
}

pub async fn off(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    off_page(&ctx, &visitor, &[]).await
}

async fn off_page(ctx: &Ctx, visitor: &Visitor, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let person = visitor.person()?;
    if factors::standing(ctx, person).await?.is_none() {
        return Ok(see_other(SETTINGS));
    }
    let mut frame = frame(ctx, visitor, "off-title", Here::Elsewhere);
    let refused = Refused::new(frame.lang, refusals);
    let password = pages::password_field(frame.lang, &refused);
    let code = pages::code_field(frame.lang, true, &refused);
    frame.errors = errors([&password as &dyn Problem, &code]);
    let template = OffPage {
        password,
        code,
        demo: demo(ctx, person).await?,
        page: frame,
    };
    Ok(waiting(refusals, page_with(status(refusals), &template)?))
}

pub async fn switch_off(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = visitor.person()?;
    match factors::switch_off(&ctx, person, fields.get("password"), fields.get("code")).await {
        Ok(()) => Ok(see_other("/my/second-factor?done=off")),
        Err(not_done) => match refusals(not_done)? {
            Some(refused) => off_page(&ctx, &visitor, &refused).await,
            None => Ok(see_other(SETTINGS)),
        },
    }
}

pub async fn lost(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    lost_page(&ctx, &visitor, &[]).await
}

async fn lost_page(ctx: &Ctx, visitor: &Visitor, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let person = visitor.person()?;
    if factors::standing(ctx, person).await?.is_none() || reset::of(ctx, person.id).await?.is_some() {
        return Ok(see_other(SETTINGS));
    }
    let mut frame = frame(ctx, visitor, "lost-title", Here::Elsewhere);
    let password = pages::password_field(frame.lang, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&password as &dyn Problem]);
    page_with(
        status(refusals),
        &LostPage {
            page: frame,
            password,
        },
    )
}

pub async fn ask_for_reset(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    match reset::ask(&ctx, visitor.person()?, fields.get("password")).await {
        Ok(()) => Ok(see_other("/my/second-factor?done=lost")),
        Err(not_done) => match refusals(not_done)? {
            Some(refused) => lost_page(&ctx, &visitor, &refused).await,
            None => Ok(see_other(SETTINGS)),
        },
    }
}

pub async fn take_back(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    reset::cancel(&ctx, posted.visitor.person()?).await?;
    Ok(see_other("/my/second-factor?done=cancelled"))
}
