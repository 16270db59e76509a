//! Opening an account. The answer is the same whether the address has one already.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::EmailAddress;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::Here;
use felag_frontend::form::{Refused, errors};
use felag_frontend::people::{SignUpForm, SignUpPage, SignedUpPage};

use super::{frame, name, new_password};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{self, NewPerson, Posted, Visitor, limits};
use crate::web::fields::Fields;
use crate::web::{page, page_with};

pub async fn show(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    form(&ctx, &visitor, &Fields::default(), &[])
}

pub async fn submit(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let new = match read(&fields) {
        Ok(new) => new,
        Err(refusals) => return form(&ctx, &visitor, &fields, &refusals),
    };
    limits::count(&ctx, limits::SIGN_UPS_FROM, &visitor.address).await?;
    people::sign_up(&ctx, &new).await?;
    let email = new.email.to_string();
    page(&SignedUpPage {
        page: frame(&ctx, &visitor, "signed-up-title", Here::SignIn),
        email,
    })
}

/// Takes the three fields there are, and nothing else that was sent along.
fn read(fields: &Fields) -> Result<NewPerson, Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let name = name(&mut refusals, fields);
    let email = refusals.keep("email", EmailAddress::parse(fields.get("email")));
    let password = new_password(&mut refusals, fields, email.as_ref());
    match (name, email, password) {
        (Some(name), Some(email), Some(password)) => Ok(NewPerson {
            name,
            email,
            password,
        }),
        _ => Err(refusals.into_vec()),
    }
}

fn form(ctx: &Ctx, visitor: &Visitor, was: &Fields, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let mut frame = frame(ctx, visitor, "sign-up-title", Here::SignIn);
    let refused = Refused::new(frame.lang, refusals);
    let form = SignUpForm::new(frame.lang, was.get("name"), was.get("email"), &refused);
    frame.errors = errors(form.problems());
    let status = if refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(status, &SignUpPage { page: frame, form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let fields = Fields::from([
            ("name", " ".to_string()),
            ("email", "x".into()),
            ("password", "short".into()),
        ]);
        let refusals = read(&fields).err().unwrap();
        let named: Vec<_> = refusals.iter().map(|refusal| refusal.field).collect();
        assert_eq!(named, ["name", "email", "password"]);
    }

    #[test]
    fn line_breaks_in_a_name_or_an_address_never_reach_a_mail() {
        let typed = |name: &str, email: &str| {
            read(&Fields::from([
                ("name", name.to_string()),
                ("email", email.to_string()),
                ("password", "þrír hestar á túni".to_string()),
            ]))
        };
        let name = typed("Ada\r\nBcc: eve@example.org", "ada@example.org")
            .ok()
            .unwrap()
            .name;
        assert_eq!(name.as_str(), "Ada Bcc: eve@example.org");
        for email in [
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@example.org,eve@example.org",
            "Ada <a@b.org>",
        ] {
            assert!(typed("Ada", email).is_err(), "{email:?}");
        }
    }
}
