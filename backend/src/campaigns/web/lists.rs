//! The steps of a draft that are a list: budget lines, rewards, commons returns. Each thing is added
//! below its list, and changed or removed on a page of its own.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::words::FieldRefusal;
use felag_frontend::Here;
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, FormPage, Link, ListPage, Second, back_to_tasks};
use uuid::Uuid;

use self::kind::{Kind, Listed};
use super::steps::versioned;
use super::tasks::in_words;
use crate::campaigns::store::Campaign;
use crate::campaigns::{access, draft};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::projects::NotSaved;
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

mod kind;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .merge(of(Kind::BudgetLine))
        .merge(of(Kind::Reward))
        .merge(of(Kind::Return))
}

/// The routes of one list.
fn of(kind: Kind) -> Router<Ctx> {
    let things = format!("/campaigns/{{slug}}/{}", kind.things());
    Router::new()
        .route(
            &format!("/campaigns/{{slug}}/edit/{}", kind.step()),
            get(
                move |State(ctx): State<Ctx>, visitor: Visitor, Path(slug): Path<String>| async move {
                    list(&ctx, &visitor, &slug, kind).await
                },
            ),
        )
        .route(
            &things,
            post(
                move |State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted| async move {
                    add(&ctx, posted, &slug, kind).await
                },
            ),
        )
        .route(
            &format!("{things}/{{id}}"),
            get(
                move |State(ctx): State<Ctx>, visitor: Visitor, Path(at): Path<(String, String)>| async move {
                    show(&ctx, &visitor, &at.0, kind, &at.1).await
                },
            )
            .post(
                move |State(ctx): State<Ctx>, Path(at): Path<(String, String)>, posted: Posted| async move {
                    change(&ctx, posted, &at.0, kind, &at.1).await
                },
            ),
        )
        .route(
            &format!("{things}/{{id}}/removal"),
            post(
                move |State(ctx): State<Ctx>, Path(at): Path<(String, String)>, posted: Posted| async move {
                    remove(&ctx, posted, &at.0, kind, &at.1).await
                },
            ),
        )
}

async fn list(ctx: &Ctx, visitor: &Visitor, slug: &str, kind: Kind) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(ctx, visitor, slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    page(&list_page(ctx, visitor, &campaign, kind, &kind.fresh(), &[]).await?)
}

async fn add(ctx: &Ctx, posted: Posted, slug: &str, kind: Kind) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(ctx, &visitor, slug).await?;
    match kind.save(ctx, campaign.id, None, &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit/{}", kind.step()))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = list_page(ctx, &visitor, &campaign, kind, &fields, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// One thing of the campaign's own list.
async fn find(ctx: &Ctx, campaign: &Campaign, kind: Kind, id: &str) -> Result<Listed, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let mut listed = kind.read(ctx, campaign).await?.into_iter();
    listed.find(|one| one.id == id).ok_or(Error::NotFound)
}

async fn show(ctx: &Ctx, visitor: &Visitor, slug: &str, kind: Kind, id: &str) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(ctx, visitor, slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    let one = find(ctx, &campaign, kind, id).await?;
    let mut fields = one.fields.clone();
    fields.set("version", campaign.version.to_string());
    page(&change_page(ctx, visitor, &campaign, kind, &one, &fields, &[]))
}

async fn change(ctx: &Ctx, posted: Posted, slug: &str, kind: Kind, id: &str) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(ctx, &visitor, slug).await?;
    let one = find(ctx, &campaign, kind, id).await?;
    match kind.save(ctx, campaign.id, Some(one.id), &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit/{}", kind.step()))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let fields = versioned(fields, &campaign, &refusals);
            let shown = change_page(ctx, &visitor, &campaign, kind, &one, &fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn remove(ctx: &Ctx, posted: Posted, slug: &str, kind: Kind, id: &str) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(ctx, &posted.visitor, slug).await?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    draft::remove(ctx, campaign.id, kind.item(id))
        .await
        .map_err(in_words)?;
    Ok(see_other(&format!("/campaigns/{slug}/edit/{}", kind.step())))
}

async fn list_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    kind: Kind,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<ListPage, Error> {
    let listed = kind.read(ctx, campaign).await?;
    let words = kind.words();
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = words.title.to_string();
    let refused = Refused::new(lang, refusals);
    let parts = kind.parts(lang, campaign, ctx.clock.today(), fields, &refused);
    let form = Form::new(
        &page,
        format!("/campaigns/{}/{}", campaign.slug, kind.things()),
        parts,
        words.added,
    );
    page.errors = form.errors(&refused);
    let is_full = listed.len() >= kind.most() && refusals.is_empty();
    Ok(ListPage {
        back: back_to_tasks(lang, &campaign.slug),
        lead: words.lead.to_string(),
        empty: words.empty.to_string(),
        sums: kind.sums(lang, campaign, &listed)?,
        rows: listed.iter().map(|one| kind.row(lang, campaign, one)).collect(),
        add_title: words.add.to_string(),
        add: (!is_full).then_some(form),
        on: Link::new(
            format!("/campaigns/{}/edit{}", campaign.slug, kind.next()),
            kind.next_words(lang),
        ),
        page,
    })
}

fn change_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    kind: Kind,
    one: &Listed,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let words = kind.words();
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = words.change.to_string();
    let refused = Refused::new(lang, refusals);
    let action = format!("/campaigns/{}/{}/{}", campaign.slug, kind.things(), one.id);
    let parts = kind.parts(lang, campaign, ctx.clock.today(), fields, &refused);
    let form = Form::new(&page, action.clone(), parts, lang.t("project-edit-save"));
    let form = form.carrying("version", fields.get("version"));
    let removal = Form::new(
        &page,
        format!("{action}/removal"),
        Vec::new(),
        lang.t("wizard-remove"),
    );
    let back = Link::new(
        format!("/campaigns/{}/edit/{}", campaign.slug, kind.step()),
        words.title,
    );
    let mut shown = FormPage::new(page, "", form, &refused).back(back);
    shown.second = Some(Second {
        title: words.remove.to_string(),
        lead: kind.remove_lead(lang, &one.title),
        form: removal,
    });
    shown
}
