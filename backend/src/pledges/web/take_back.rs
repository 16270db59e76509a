//! The step that takes a backer's money back from a campaign that goes on below its minimum.

use axum::extract::{Path, State};
use axum::response::Response;
use felag_frontend::Here;
use felag_frontend::acts::ActPage;
use felag_frontend::wizard::{Form, Link};
use uuid::Uuid;

use super::manage::find;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::pledges::{self, NotTaken};
use crate::web::{page, see_other};

pub async fn ask(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, pledge) = find(&ctx, &token).await?;
    let mut frame = visitor.page(&ctx, "", Here::Gifts);
    let mut conn = ctx.db.acquire().await?;
    let until = pledges::may_take_back(&mut conn, &ctx, &campaign, &pledge).await?;
    drop(conn);
    let until = until.ok_or_else(|| Error::Refused(frame.t("take-back-over").to_string()))?;
    frame.title = frame.t("take-back-title").to_string();
    let total = pledge.total()?;
    let fact = |name, value| (frame.t(name).to_string(), value);
    let facts = vec![
        fact("take-back-campaign", campaign.title.clone()),
        fact("take-back-amount", frame.money(total)),
        fact("take-back-until", frame.date_time(until, &campaign.time_zone)),
    ];
    let form = Form::new(
        &frame,
        format!("/pledges/{token}/take-back"),
        Vec::new(),
        frame.t("take-back-do"),
    )
    .carrying("key", ctx.id::<Uuid>());
    page(&ActPage {
        back: Link::new(format!("/pledges/{token}"), frame.t("take-back-keep")),
        lead: frame.t1("take-back-lead", "total", total),
        facts,
        words: None,
        form,
        page: frame,
    })
}

pub async fn take_back(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (_, pledge) = find(&ctx, &token).await?;
    let Some(key) = posted.fields.parse::<Uuid>("key") else {
        return Err(Error::BadRequest);
    };
    let frame = posted.visitor.page(&ctx, "", Here::Gifts);
    match pledges::take_back(&ctx, &pledge, key).await {
        Ok(()) => Ok(see_other(&format!("/pledges/{token}"))),
        Err(NotTaken::NotNow) => Err(Error::Refused(frame.t("take-back-over").to_string())),
        Err(NotTaken::Refused(refusal)) => {
            use felag_domain::words::Refusal;
            Err(Error::Refused(frame.lang.words(&refusal.words())))
        }
        Err(NotTaken::Failed(cause)) => Err(Error::Internal(cause)),
    }
}
