//! Who acts on money: signed in, with a proven address, and with a code given in this sign-in in the last quarter of
//! an hour. A handler that takes [`Proven`] or [`ProvenPosted`] cannot forget to ask.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use felag_domain::person::factor;
use felag_frontend::Here;
use felag_frontend::second_factor::{Proof, ProofNeededPage};

use super::{CONFIRMATION, SETTINGS, address_with_next, store};
use crate::clock::wall;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Person, Posted, Visitor, next};
use crate::web::fields::Fields;
use crate::web::{page_with, see_other};

/// Somebody who may act on money. In a handler of a form that is not read by [`ProvenPosted`], such as one with
/// files, check its token with [`Visitor::check`].
#[derive(Debug, Clone)]
pub struct Proven {
    pub person: Person,
    pub visitor: Visitor,
}

/// A form of somebody who may act on money: [`Posted`] and [`Proven`] at once.
#[derive(Debug, Clone)]
pub struct ProvenPosted {
    pub person: Person,
    pub visitor: Visitor,
    pub fields: Fields,
}

/// The answer to somebody who may not act on money yet: where to go first.
#[derive(Debug)]
pub struct Unproven(Box<Response>);

impl IntoResponse for Unproven {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Error> for Unproven {
    fn from(error: Error) -> Self {
        Self(Box::new(error.into_response()))
    }
}

impl From<sqlx::Error> for Unproven {
    fn from(cause: sqlx::Error) -> Self {
        Error::from(cause).into()
    }
}

impl Proven {
    /// The same person as a steward.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they are none.
    pub fn steward(&self) -> Result<&Person, Error> {
        steward(&self.person)
    }
}

impl ProvenPosted {
    /// The same person as a steward.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they are none.
    pub fn steward(&self) -> Result<&Person, Error> {
        steward(&self.person)
    }
}

fn steward(person: &Person) -> Result<&Person, Error> {
    person.is_steward.then_some(person).ok_or(Error::Forbidden)
}

impl FromRequestParts<Ctx> for Proven {
    type Rejection = Unproven;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Unproven> {
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        let person = prove(ctx, &visitor, &Wanted::of(parts)).await?;
        Ok(Self { person, visitor })
    }
}

impl FromRequest<Ctx> for ProvenPosted {
    type Rejection = Unproven;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Unproven> {
        let (parts, body) = request.into_parts();
        let wanted = Wanted::of(&parts);
        let posted = Posted::from_request(Request::from_parts(parts, body), ctx).await?;
        let person = prove(ctx, &posted.visitor, &wanted).await?;
        Ok(Self {
            person,
            visitor: posted.visitor,
            fields: posted.fields,
        })
    }
}

/// What [`Proven`] asks for, on a page that touches money only in some cases. `path` is its own.
///
/// # Errors
/// Where to go first.
pub async fn require_for_page(ctx: &Ctx, visitor: &Visitor, path: &str) -> Result<(), Unproven> {
    let wanted = Wanted {
        is_form: false,
        path: path.to_string(),
    };
    prove(ctx, visitor, &wanted).await.map(drop)
}

/// What [`ProvenPosted`] asks for, for a form that touches money only with some answers. `path` is that of the page it
/// stands on.
///
/// # Errors
/// Where to go first.
pub async fn require_for_form(ctx: &Ctx, visitor: &Visitor, path: &str) -> Result<(), Unproven> {
    let wanted = Wanted {
        is_form: true,
        path: path.to_string(),
    };
    prove(ctx, visitor, &wanted).await.map(drop)
}

/// Where to come back to.
struct Wanted {
    is_form: bool,
    path: String,
}

impl Wanted {
    /// A page is come back to itself; a form to the page it stood on.
    fn of(parts: &Parts) -> Self {
        let is_form = !matches!(parts.method, Method::GET | Method::HEAD);
        let path = if is_form {
            let referer = parts
                .headers
                .get(header::REFERER)
                .and_then(|value| value.to_str().ok());
            referer.and_then(path_of).unwrap_or_default()
        } else {
            parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        Self {
            is_form,
            path: next::safe(&path).unwrap_or("/").to_string(),
        }
    }
}

/// The path of an address. Which host it names does not matter: only the path is taken.
fn path_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    Some(format!("{}{query}", url.path()))
}

async fn prove(ctx: &Ctx, visitor: &Visitor, wanted: &Wanted) -> Result<Person, Unproven> {
    let person = visitor.person()?;
    if !person.email_is_confirmed {
        return Err(needed(ctx, visitor, Proof::Address, "/my/account".into()));
    }
    let hash = visitor.sign_in_hash().ok_or(Error::SignedOut)?;
    let proof = store::proof(&ctx.db, person.id, &hash).await?;
    if !proof.has_factor {
        return Err(Unproven(Box::new(see_other(&address_with_next(
            SETTINGS,
            &wanted.path,
        )))));
    }
    if proof
        .given_at
        .is_some_and(|given| factor::is_fresh(given, wall()))
    {
        return Ok(person.clone());
    }
    let confirmation = address_with_next(CONFIRMATION, &wanted.path);
    if wanted.is_form {
        return Err(needed(ctx, visitor, Proof::Code, confirmation));
    }
    Err(Unproven(Box::new(see_other(&confirmation))))
}

/// 403 in words, with where to go. Nothing was changed.
fn needed(ctx: &Ctx, visitor: &Visitor, proof: Proof, link: String) -> Unproven {
    let mut frame = visitor.page(ctx, "", Here::Elsewhere);
    frame.title = frame.t(proof.title()).to_string();
    let page = ProofNeededPage {
        page: frame,
        proof,
        link,
    };
    let answer = page_with(StatusCode::FORBIDDEN, &page).unwrap_or_else(Error::into_response);
    Unproven(Box::new(answer))
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn only_the_path_of_an_address_is_come_back_to() {
        assert_eq!(
            path_of("https://felag.example/campaigns/vindur/payouts/1?step=2#x").as_deref(),
            Some("/campaigns/vindur/payouts/1?step=2")
        );
        assert_eq!(
            path_of("https://evil.example//elsewhere").as_deref(),
            Some("//elsewhere")
        );
        assert_eq!(path_of("not an address"), None);
    }
}
