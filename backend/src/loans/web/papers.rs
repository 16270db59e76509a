//! The documents of a loan as files: the key information sheet and the agreement of every version for whoever may see
//! the loan, and a lender's own copy for that lender, the project's owners and stewards.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::ids::CommitmentId;
use felag_frontend::Lang;
use felag_frontend::loans::Section;
use felag_frontend::wizard::Link;

use super::show::find;
use crate::campaigns::access;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::papers::{self, PaperKind};
use crate::loans::{Loan, store};
use crate::people::Visitor;

const LANG: Lang = Lang::En;

/// `3.pdf` is version 3.
fn version(file: &str) -> Option<u32> {
    let number = file.strip_suffix(".pdf")?;
    number
        .parse()
        .ok()
        .filter(|version: &u32| version.to_string() == number)
}

/// The documents of the version in force, with their hashes.
pub async fn section(ctx: &Ctx, campaign: &Campaign, loan: &Loan) -> Result<Option<Section>, Error> {
    let version = loan.sheet_version;
    if version == 0 {
        let section = Section::new("papers", LANG.t("papers-title")).link(Link::new(
            format!("/campaigns/{}/loan/sheet/draft.pdf", campaign.slug),
            LANG.t("papers-sheet-draft"),
        ));
        return Ok(Some(section));
    }
    let mut section = Section::new("papers", LANG.t("papers-title")).words(LANG.t("papers-lead"));
    let mut conn = ctx.db.acquire().await?;
    for kind in PaperKind::ALL {
        let hash = papers::hash(&mut conn, ctx, campaign.id, version, kind).await?;
        let (words, name) = match kind {
            PaperKind::Sheet => ("papers-sheet", "papers-sheet-hash"),
            PaperKind::Agreement => ("papers-agreement", "papers-agreement-hash"),
        };
        section = section.fact(LANG.t(name), hex::encode(hash)).link(Link::new(
            format!(
                "/campaigns/{}/loan/{}/{version}.pdf",
                campaign.slug,
                kind.as_str()
            ),
            LANG.t1(words, "version", i64::from(version)),
        ));
    }
    for version in (1..version).rev() {
        section = section.link(Link::new(
            format!("/campaigns/{}/loan/sheet/{version}.pdf", campaign.slug),
            LANG.t1("papers-sheet-earlier", "version", i64::from(version)),
        ));
    }
    Ok(Some(section))
}

/// The copies of all who signed, for the project's owners and stewards.
pub async fn lenders(ctx: &Ctx, campaign: &Campaign) -> Result<Option<Section>, Error> {
    let mut section = Section::new("lenders", LANG.t("papers-lenders")).words(LANG.t("papers-lenders-lead"));
    for one in store::lenders(&ctx.db, campaign.id, 1_000).await? {
        section = section.link(Link::new(
            format!(
                "/campaigns/{}/loan/commitments/{}/agreement.pdf",
                campaign.slug, one.id
            ),
            LANG.t2(
                "papers-lender",
                "name",
                one.name,
                "amount",
                LANG.money(one.amount),
            ),
        ));
    }
    Ok(Some(section).filter(|section| !section.links.is_empty()))
}

fn file(name: &str, content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.pdf\""),
        ),
    ];
    (headers, content).into_response()
}

async fn of_version(
    ctx: &Ctx,
    visitor: &Visitor,
    (slug, name): (String, String),
    kind: PaperKind,
) -> Result<Response, Error> {
    let (campaign, loan) = find(ctx, visitor, &slug).await?;
    if name == "draft.pdf" && loan.sheet_version == 0 {
        let content = papers::of_draft(ctx, &campaign, &loan, kind).await?;
        return Ok(file(
            &format!("{}-{}-draft", campaign.slug, kind.as_str()),
            content,
        ));
    }
    let version = version(&name).filter(|version| (1..=loan.sheet_version).contains(version));
    let version = version.ok_or(Error::NotFound)?;
    let mut conn = ctx.db.acquire().await?;
    let kept = papers::read(&mut conn, ctx, campaign.id, version, kind).await?;
    let kept = kept.ok_or(Error::NotFound)?;
    let name = format!("{}-{}-{version}", campaign.slug, kind.as_str());
    Ok(file(&name, kept.content))
}

pub async fn sheet(
    State(ctx): State<Ctx>,
    Path(path): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Error> {
    of_version(&ctx, &visitor, path, PaperKind::Sheet).await
}

pub async fn agreement(
    State(ctx): State<Ctx>,
    Path(path): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Error> {
    of_version(&ctx, &visitor, path, PaperKind::Agreement).await
}

pub async fn own(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, loan, one) = super::mine::find(&ctx, &visitor, &token).await?;
    let content = papers::own(&ctx, &campaign, &loan, &one).await?;
    Ok(file(&format!("{}-agreement", campaign.slug), content))
}

/// The copy of one lender, for the project's owners and for stewards. Others are told that there is none.
pub async fn of_commitment(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, CommitmentId)>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, loan) = find(&ctx, &visitor, &slug).await?;
    if !may_read(&ctx, &visitor, &campaign).await? {
        return Err(Error::NotFound);
    }
    let one = store::by_id(&ctx.db, campaign.id, id)
        .await?
        .ok_or(Error::NotFound)?;
    let content = papers::own(&ctx, &campaign, &loan, &one).await?;
    Ok(file(&format!("{slug}-agreement-{id}"), content))
}

pub async fn may_read(ctx: &Ctx, visitor: &Visitor, campaign: &Campaign) -> Result<bool, Error> {
    let Some(person) = &visitor.person else {
        return Ok(false);
    };
    if person.is_steward {
        return Ok(true);
    }
    match access::of_member(ctx, visitor, &campaign.slug).await {
        Ok((_, member)) => Ok(member.is_owner()),
        Err(Error::NotFound | Error::Forbidden) => Ok(false),
        Err(error) => Err(error),
    }
}
