//! A posted form that may carry a file (`multipart/form-data`), checked as every other form.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::fields::Fields;

/// More than the longest manifest, so that one a little too long is refused in words.
pub const UPLOAD_MAX: usize = felag_manifest::MAX_BYTES + 128 * 1024;

/// A form that came from one of our pages, and its file.
#[derive(Debug)]
pub struct Uploaded {
    pub visitor: Visitor,
    pub fields: Fields,
    pub file: Option<File>,
}

/// A file as it was sent.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub bytes: Bytes,
}

impl FromRequest<Ctx> for Uploaded {
    type Rejection = Error;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(&mut parts, ctx).await?;
        let form = Multipart::from_request(Request::from_parts(parts, body), ctx).await;
        let mut form = form.map_err(|_| Error::BadRequest)?;
        let mut fields = Fields::default();
        let mut file = None;
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_string();
            let file_name = field.file_name().map(str::to_string);
            let bytes = field.bytes().await.map_err(unreadable)?;
            match file_name {
                // A browser sends an empty file where none was chosen.
                Some(file_name) if !bytes.is_empty() => {
                    file = Some(File {
                        name: file_name,
                        bytes,
                    })
                }
                Some(_) => {}
                None => fields.set(
                    &name,
                    String::from_utf8(bytes.to_vec()).map_err(|_| Error::BadRequest)?,
                ),
            }
        }
        visitor.check(fields.get("csrf"))?;
        Ok(Self {
            visitor,
            fields,
            file,
        })
    }
}

fn unreadable(cause: MultipartError) -> Error {
    match cause.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadRequest,
    }
}
