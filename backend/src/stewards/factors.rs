//! Lost second factors: who waits, and switching one off after 72 hours.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use felag_domain::words::{FieldRefusal, Refusal};
use felag_frontend::form::{Problem, Refused, errors};
use felag_frontend::second_factor::{Reset, ResetPage, ResetsPage, reason_field};
use felag_frontend::{Here, Notice, Tone};
use serde::Deserialize;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::ProvenPosted;
use crate::people::second_factor::reset::{self, NotReset, Open};
use crate::people::{Steward, Visitor};
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/factor-resets", get(list))
        .route("/factor-resets/{id}", get(one).post(carry_out))
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

async fn list(
    State(ctx): State<Ctx>,
    steward: Steward,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let mut frame = steward.visitor.page(&ctx, "", Here::Reviews);
    frame.title = frame.t("resets-title").to_string();
    frame.notice = query.done.map(|_| Notice {
        tone: Tone::Done,
        text: frame.t("resets-done").to_string(),
    });
    let waiting = reset::waiting(&ctx).await?;
    page(&ResetsPage {
        waiting: waiting.into_iter().map(|open| shown(&ctx, open)).collect(),
        page: frame,
    })
}

fn shown(ctx: &Ctx, open: Open) -> Reset {
    Reset {
        id: open.id.to_string(),
        name: open.name,
        email: open.email,
        asked_at: open.asked_at,
        ready_at: open.ready_at,
        is_ready: open.ready_at <= ctx.now(),
    }
}

async fn one(State(ctx): State<Ctx>, steward: Steward, Path(id): Path<Uuid>) -> Result<Response, Error> {
    form(&ctx, &steward.visitor, id, "", &[]).await
}

async fn form(
    ctx: &Ctx,
    visitor: &Visitor,
    id: Uuid,
    was: &str,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let open = reset::find(ctx, id).await?.ok_or(Error::NotFound)?;
    let mut frame = visitor.page(ctx, "", Here::Reviews);
    frame.title = frame.t("reset-one-title").to_string();
    let reason = reason_field(frame.lang, was, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&reason as &dyn Problem]);
    let status = if refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(
        status,
        &ResetPage {
            page: frame,
            reset: shown(ctx, open),
            reason,
        },
    )
}

async fn carry_out(
    State(ctx): State<Ctx>,
    Path(id): Path<Uuid>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let reason = posted.fields.get("reason");
    let lang = felag_frontend::Lang::En;
    match reset::carry_out(&ctx, posted.steward()?, id, reason).await {
        Ok(()) => Ok(see_other("/factor-resets?done=yes")),
        Err(NotReset::Failed(error)) => Err(error),
        Err(NotReset::Own) => Err(Error::Refused(lang.t("reset-one-own").into())),
        Err(NotReset::Over) => Err(Error::Refused(lang.t("reset-one-over").into())),
        Err(NotReset::TooEarly(_)) => Err(Error::Refused(lang.t("reset-one-wait").into())),
        Err(NotReset::Reason(refused)) => {
            let refusal = FieldRefusal {
                field: "reason",
                words: refused.words(),
            };
            form(&ctx, &posted.visitor, id, reason, &[refusal]).await
        }
    }
}
