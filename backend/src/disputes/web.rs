//! The pages of disputes: for owners and treasurers of the project, and for stewards.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::dispute::Evidence;
use felag_domain::ids::{BookId, CampaignId, DisputeId, PersonId};
use felag_domain::words::FieldRefusal;
use felag_frontend::acts::ActPage;
use felag_frontend::disputes::{DisputePage, DisputeRow, DisputesPage, evidence_form, reason_word};
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Notice, Page, Tone};
use serde::Deserialize;

use super::{Dispute, NotAnswered, Speaker, accept, send_evidence, store};
use crate::campaigns::access;
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::SubjectKind;
use crate::payments::payment;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::people::{Steward, Visitor};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// Disputes on the stewards' list.
const MOST: i64 = 200;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/disputes", get(of_all))
        .route("/campaigns/{slug}/disputes", get(of_campaign))
        .route("/campaigns/{slug}/disputes/{id}", get(show))
        .route("/campaigns/{slug}/disputes/{id}/evidence/check", post(check))
        .route("/campaigns/{slug}/disputes/{id}/evidence", post(send))
        .route(
            "/campaigns/{slug}/disputes/{id}/acceptance",
            get(ask_acceptance).post(do_accept),
        )
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

async fn of_all(State(ctx): State<Ctx>, steward: Steward) -> Result<Response, Error> {
    let mut frame = steward.visitor.page(&ctx, "", Here::Reviews);
    frame.title = frame.t("disputes-of-all").to_string();
    let mut list = Vec::new();
    for dispute in store::latest(&ctx.db, MOST).await? {
        let campaign = CampaignId::from_uuid(dispute.book.as_uuid());
        if let Some(campaign) = campaigns::find(&ctx.db, campaign).await? {
            list.push(row(&campaign, &dispute));
        }
    }
    page(&DisputesPage {
        page: frame,
        back: None,
        list,
    })
}

/// The campaign, for those who answer for its money, and for stewards who belong to no project of theirs.
async fn campaign(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Campaign, Error> {
    access::of_money(ctx, visitor, slug)
        .await
        .map(|(campaign, _)| campaign)
}

async fn of_campaign(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let campaign = campaign(&ctx, &visitor, &slug).await?;
    let list = store::of_book(&ctx.db, BookId::of_campaign(campaign.id)).await?;
    let mut frame = visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t("disputes-title").to_string();
    page(&DisputesPage {
        page: frame,
        back: Some(Link::new(
            format!("/campaigns/{slug}/owner"),
            campaign.title.clone(),
        )),
        list: list.iter().map(|dispute| row(&campaign, dispute)).collect(),
    })
}

fn row(campaign: &Campaign, dispute: &Dispute) -> DisputeRow {
    DisputeRow {
        link: format!("/campaigns/{}/disputes/{}", campaign.slug, dispute.id),
        campaign: campaign.title.clone(),
        amount: dispute.disputed,
        state: dispute.state,
        opened_at: dispute.opened_at,
        due_at: dispute.due_at.filter(|_| !dispute.state.is_decided()),
    }
}

async fn find(ctx: &Ctx, campaign: &Campaign, id: DisputeId) -> Result<Dispute, Error> {
    store::find(&ctx.db, BookId::of_campaign(campaign.id), id)
        .await?
        .ok_or(Error::NotFound)
}

async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, DisputeId)>,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let campaign = campaign(&ctx, &visitor, &slug).await?;
    let dispute = find(&ctx, &campaign, id).await?;
    let mut shown = dispute_page(&ctx, &visitor, &campaign, &dispute, &Fields::default(), &[]).await?;
    let notice = match query.done.as_deref() {
        Some("sent") => Some(shown.page.t("dispute-sent")),
        Some("accepted") => Some(shown.page.t("dispute-accept-done")),
        _ => None,
    };
    shown.page.notice = notice.map(|text| Notice {
        tone: Tone::Done,
        text: text.to_string(),
    });
    page(&shown)
}

async fn dispute_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    dispute: &Dispute,
    typed: &Fields,
    refusals: &[FieldRefusal],
) -> Result<DisputePage, Error> {
    let mut frame = visitor.page(ctx, "", Here::Projects);
    frame.title = frame.t1("dispute-title", "amount", dispute.disputed);
    let refused = Refused::new(frame.lang, refusals);
    let address = format!("/campaigns/{}/disputes/{}", campaign.slug, dispute.id);
    let hears = dispute.hears(ctx.now());
    let evidence = hears.then(|| {
        let was = |name: &str| typed.get(name).to_string();
        let parts = evidence_form(frame.lang, &was, &refused);
        let send = frame.t("dispute-check");
        Form::new(&frame, format!("{address}/evidence/check"), parts, send)
    });
    if let Some(form) = &evidence {
        frame.errors = form.errors(&refused);
    }
    let owed = dispute.gift.receivable.checked_add(dispute.fee.receivable);
    let mut conn = ctx.db.acquire().await?;
    let payment = payment::find(&mut conn, dispute.book, dispute.payment).await?;
    let payment = payment
        .filter(|payment| payment.of.kind == SubjectKind::Pledge)
        .map(|payment| format!("/campaigns/{}/backers/{}/refund", campaign.slug, payment.of.id));
    Ok(DisputePage {
        back: Link::new(
            format!("/campaigns/{}/disputes", campaign.slug),
            frame.t("disputes-title"),
        ),
        row: row(campaign, dispute),
        reason: frame.t(reason_word(&dispute.reason)),
        fee: dispute.fee.total().map_err(anyhow::Error::from)?,
        owed: owed.map_err(anyhow::Error::from)?,
        evidence_at: dispute.evidence_at,
        accepted_at: dispute.accepted_at,
        decided_at: dispute.decided_at,
        payment,
        zone: campaign.time_zone.clone(),
        evidence,
        accept: hears.then(|| format!("{address}/acceptance")),
        page: frame,
    })
}

/// The step before evidence is sent: it is shown as it will be read.
async fn check(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, DisputeId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let ProvenPosted { visitor, fields, .. } = posted;
    let campaign = campaign(&ctx, &visitor, &slug).await?;
    let dispute = find(&ctx, &campaign, id).await?;
    if !dispute.hears(ctx.now()) {
        return Err(too_late(&visitor.page(&ctx, "", Here::Projects)));
    }
    let evidence = match read(&fields) {
        Ok(evidence) => evidence,
        Err(refusals) => {
            let shown = dispute_page(&ctx, &visitor, &campaign, &dispute, &fields, &refusals).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
    };
    let mut frame = visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t("dispute-check-title").to_string();
    let address = format!("/campaigns/{slug}/disputes/{id}");
    let facts = [
        ("dispute-product", &evidence.product),
        ("dispute-communication", &evidence.communication),
        ("dispute-other", &evidence.other),
    ];
    let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
    let facts = facts.map(|(name, text)| (frame.t(name).to_string(), text.clone()));
    let facts = facts.collect();
    let form = Form::new(
        &frame,
        format!("{address}/evidence"),
        Vec::new(),
        frame.t("dispute-send"),
    )
    .carrying("product", &evidence.product)
    .carrying("communication", &evidence.communication)
    .carrying("other", &evidence.other);
    page(&ActPage {
        back: Link::new(address, frame.t("dispute-back")),
        lead: frame.t("dispute-check-lead").to_string(),
        facts,
        words: None,
        form,
        page: frame,
    })
}

fn read(fields: &Fields) -> Result<Evidence, Vec<FieldRefusal>> {
    Evidence::decide(
        fields.get("product"),
        fields.get("communication"),
        fields.get("other"),
    )
}

async fn send(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, DisputeId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let campaign = campaign(&ctx, &posted.visitor, &slug).await?;
    let dispute = find(&ctx, &campaign, id).await?;
    let Ok(evidence) = read(&posted.fields) else {
        return Err(Error::BadRequest);
    };
    let by = speaker(&campaign, posted.person.id);
    let said = send_evidence(&ctx, &dispute, by, &evidence).await;
    answered(
        &ctx,
        &posted.visitor,
        said,
        &format!("/campaigns/{slug}/disputes/{id}?done=sent"),
    )
}

fn speaker(campaign: &Campaign, person: PersonId) -> Speaker {
    Speaker {
        person,
        project: campaign.project_id,
        campaign: campaign.id,
    }
}

async fn ask_acceptance(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, DisputeId)>,
    proven: Proven,
) -> Result<Response, Error> {
    let campaign = campaign(&ctx, &proven.visitor, &slug).await?;
    let dispute = find(&ctx, &campaign, id).await?;
    let mut frame = proven.visitor.page(&ctx, "", Here::Projects);
    if !dispute.hears(ctx.now()) {
        return Err(too_late(&frame));
    }
    frame.title = frame.t1("dispute-accept-title", "amount", dispute.disputed);
    let address = format!("/campaigns/{slug}/disputes/{id}");
    let form = Form::new(
        &frame,
        format!("{address}/acceptance"),
        Vec::new(),
        frame.t("dispute-accept-do"),
    );
    let facts = vec![
        (frame.t("dispute-campaign").to_string(), campaign.title),
        (
            frame.t("dispute-amount").to_string(),
            frame.money(dispute.disputed),
        ),
    ];
    page(&ActPage {
        back: Link::new(address, frame.t("dispute-back")),
        lead: frame.t("dispute-accept-lead").to_string(),
        facts,
        words: None,
        form,
        page: frame,
    })
}

async fn do_accept(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, DisputeId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let campaign = campaign(&ctx, &posted.visitor, &slug).await?;
    let dispute = find(&ctx, &campaign, id).await?;
    let said = accept(&ctx, &dispute, speaker(&campaign, posted.person.id)).await;
    let next = format!("/campaigns/{slug}/disputes/{id}?done=accepted");
    answered(&ctx, &posted.visitor, said, &next)
}

fn answered(
    ctx: &Ctx,
    visitor: &Visitor,
    said: Result<(), NotAnswered>,
    next: &str,
) -> Result<Response, Error> {
    match said {
        Ok(()) => Ok(see_other(next)),
        Err(NotAnswered::TooLate) => Err(too_late(&visitor.page(ctx, "", Here::Projects))),
        Err(NotAnswered::Failed(cause)) => Err(Error::Internal(cause)),
    }
}

fn too_late(frame: &Page) -> Error {
    Error::Refused(frame.t("dispute-too-late").to_string())
}
