//! Pages to sign up, confirm an address, sign in and out, set a new password, and of one's own account.

mod account;
mod links;
mod recovery;
mod second_factor;
mod sign_in;
mod sign_up;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::person::{DisplayName, EmailAddress, check_password};
use felag_domain::text::TextError;
use felag_domain::words::{Refusal, Refusals, Words};
use felag_frontend::{Here, Page};

use super::store::LIFE;
use super::visitor::{Visitor, set_cookie};
use crate::ctx::Ctx;
use crate::web::fields::Fields;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route(
            "/password-reset",
            get(links::ask_for_reset).post(links::send_reset),
        )
        .route(
            "/password-reset/{token}",
            get(links::show_reset).post(links::reset),
        )
        .route("/email-confirmation", post(links::send_confirmation))
        .route(
            "/email-confirmation/{token}",
            get(links::show_confirmation).post(links::confirm),
        )
        .route("/my/account", get(account::show))
        .route("/my/account/name", post(account::change_name))
        .route("/my/account/password", post(account::change_password))
        .route("/my/account/sign-ins", post(account::end_others))
        .route("/my/account/mail", post(account::try_mail_again))
        .merge(second_factor_routes())
}

fn second_factor_routes() -> Router<Ctx> {
    use second_factor as factor;
    Router::new()
        .route("/my/second-factor", get(factor::settings).post(factor::begin))
        .route(
            "/my/second-factor/setup",
            get(factor::setup).post(factor::confirm_setup),
        )
        .route(
            "/my/second-factor/confirmation",
            get(factor::confirmation).post(factor::give),
        )
        .route(
            "/my/second-factor/recovery-codes",
            get(recovery::renew).post(recovery::make_new_codes),
        )
        .route(
            "/my/second-factor/recovery-codes/file",
            post(recovery::codes_file),
        )
        .route("/my/second-factor/off", get(factor::off).post(factor::switch_off))
        .route(
            "/my/second-factor/lost",
            get(factor::lost).post(factor::ask_for_reset),
        )
        .route("/my/second-factor/lost/cancellation", post(factor::take_back))
}

/// The frame of a page of this slice, with the message `title` as its title.
fn frame(ctx: &Ctx, visitor: &Visitor, title: &'static str, here: Here) -> Page {
    let mut page = visitor.page(ctx, "", here);
    page.title = page.t(title).to_string();
    page
}

/// Gives the browser its sign-in.
fn with_sign_in(ctx: &Ctx, token: &str, mut response: Response) -> Response {
    let seconds = u32::try_from(LIFE.whole_seconds()).unwrap_or(u32::MAX);
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(ctx, false, token, seconds));
    response
}

/// Takes the sign-in away from the browser, with whatever else it kept of this site.
fn without_sign_in(ctx: &Ctx, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, set_cookie(ctx, false, "", 0));
    headers.insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""),
    );
    response
}

/// The new password of a form, checked against the address it is for. Where that cannot be read either, only
/// the password itself is looked at, so that a person hears of everything at once.
fn new_password(refusals: &mut Refusals, fields: &Fields, email: Option<&EmailAddress>) -> Option<String> {
    let password = fields.get("password");
    let nobody = EmailAddress::parse("nobody@felag.invalid").ok();
    let email = email.or(nobody.as_ref())?;
    refusals.keep(
        "password",
        check_password(password, email).map(|()| password.to_string()),
    )
}

/// The name of a form.
fn name(refusals: &mut Refusals, fields: &Fields) -> Option<DisplayName> {
    refusals.keep(
        "name",
        DisplayName::parse(fields.get("name")).map_err(NameRefusal),
    )
}

/// An empty name is asked for by what it is: "write something" would not say where.
struct NameRefusal(TextError);

impl Refusal for NameRefusal {
    fn words(&self) -> Words {
        match self.0 {
            TextError::Empty => Words::new("people-name-empty"),
            other => other.words(),
        }
    }
}
