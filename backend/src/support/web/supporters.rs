//! The supporters of a project, for those who answer for its money, and giving one charge back.

use axum::extract::{Path, State};
use axum::response::Response;
use felag_domain::ids::ContributionId;
use felag_domain::pledge::{PledgeState, Visibility};
use felag_domain::refund::{RefundWhy, Wish};
use felag_domain::text;
use felag_frontend::acts::ActPage;
use felag_frontend::form::Refused;
use felag_frontend::support::{ContributionRow, SupporterRow, SupportersPage};
use felag_frontend::wizard::{Form, Link, Part, area};
use felag_frontend::{Here, Lang};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::payment;
use crate::people::Visitor;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::projects::store::Project;
use crate::projects::{access, store as projects, supported};
use crate::refunds::NotAsked;
use crate::support::{self, Contribution, Support, store};
use crate::web::{page, see_other};

const LANG: Lang = Lang::En;
/// The shortest and longest reason, in characters.
const WORDS: (usize, usize) = (5, 500);

/// A project whose money the visitor answers for, or which they look at as a steward.
async fn of_money(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Project, RefundWhy), Error> {
    let person = visitor.person()?;
    let found = projects::find_by_slug(&ctx.db, slug).await?;
    let project = found.ok_or(Error::NotFound)?;
    match access::member(ctx, visitor, project.id).await {
        Ok(member) if member.may_move_money() => Ok((project, RefundWhy::Project)),
        Ok(_) => Err(Error::Forbidden),
        Err(_) if person.is_steward => Ok((project, RefundWhy::Steward)),
        Err(other) => Err(other),
    }
}

fn shown_name(support: &Support) -> Option<String> {
    let is_shown = support.visibility != Visibility::Anonymous && !support.name.is_empty();
    is_shown.then(|| support.name.clone())
}

pub async fn list(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (project, _) = of_money(&ctx, &visitor, &slug).await?;
    let mut rows = Vec::new();
    for support in store::of_project(&ctx.db, project.id).await? {
        let mut contributions = Vec::new();
        for one in store::contributions_of(&ctx.db, project.id, support.id).await? {
            let is_paid = one.state == PledgeState::Paid;
            contributions.push(ContributionRow {
                at: one.paid_at.unwrap_or(one.due_at),
                total: one.total()?,
                state: one.state,
                entry: None,
                refund: is_paid.then(|| format!("/projects/{slug}/contributions/{}/refund", one.id)),
            });
        }
        let is_shown = support.visibility != Visibility::Anonymous && !support.state.is_over();
        rows.push(SupporterRow {
            name: shown_name(&support),
            email: is_shown.then(|| support.email.clone()),
            gift: support.amount,
            period: support.period,
            state: support.state,
            contributions,
        });
    }
    let standing = supported::of(&ctx.db, project.id).await?.standing;
    page(&SupportersPage {
        page: visitor.page(&ctx, LANG.t("supporters-title"), Here::Projects),
        project: project.name,
        slug: project.slug,
        standing,
        rows,
    })
}

/// A paid contribution of this project.
async fn find(
    ctx: &Ctx,
    visitor: &Visitor,
    slug: &str,
    id: ContributionId,
) -> Result<(Project, RefundWhy, Support, Contribution), Error> {
    let (project, why) = of_money(ctx, visitor, slug).await?;
    let one = store::contribution(&ctx.db, project.id, id).await?;
    let one = one.filter(|one| one.charge.is_some()).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.acquire().await?;
    let support = store::lock(&mut conn, project.id, one.support).await?;
    Ok((project, why, support.ok_or(Error::NotFound)?, one))
}

/// Repeats who, what, how much and when, and asks why.
pub async fn ask_refund(
    State(ctx): State<Ctx>,
    proven: Proven,
    Path((slug, id)): Path<(String, ContributionId)>,
) -> Result<Response, Error> {
    let (project, _, support, one) = find(&ctx, &proven.visitor, &slug, id).await?;
    let mut conn = ctx.db.acquire().await?;
    let payment = payment::last_of(&mut conn, one.subject())
        .await?
        .ok_or(Error::NotFound)?;
    drop(conn);
    let Ok(left) = payment.paid().give_back(Wish::Whole) else {
        return Err(Error::Refused(LANG.t("contribution-refund-gone").to_string()));
    };
    let total = left.gift.checked_add(left.tip).map_err(anyhow::Error::from)?;
    let mut frame = proven.visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t1("contribution-refund-title", "amount", total);
    let words = area(
        "words",
        LANG.t("refund-words"),
        3,
        &|_| String::new(),
        &Refused::none(),
    );
    let form = Form::new(
        &frame,
        format!("/projects/{slug}/contributions/{id}/refund"),
        vec![Part::Field(words)],
        LANG.t1("contribution-refund-do", "amount", total),
    )
    .carrying("key", ctx.id::<Uuid>());
    let who = shown_name(&support).unwrap_or_else(|| LANG.t("backers-no-name").to_string());
    let facts = vec![
        (LANG.t("contribution-refund-who").to_string(), who),
        (LANG.t("refund-check-amount").to_string(), LANG.money(total)),
        (
            LANG.t("contribution-refund-when").to_string(),
            LANG.date(payment.paid_at),
        ),
        (project.name.clone(), LANG.t("refund-check-now").to_string()),
    ];
    page(&ActPage {
        page: frame,
        back: Link::new(format!("/projects/{slug}/supporters"), LANG.t("supporters-title")),
        lead: LANG.t("contribution-refund-lead").to_string(),
        facts,
        words: None,
        form,
    })
}

/// Does it. The same form sent twice gives back once.
pub async fn refund(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, ContributionId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (_, why, _, one) = find(&ctx, &posted.visitor, &slug, id).await?;
    let words = text::block(posted.fields.get("words"), WORDS.0, WORDS.1);
    let (Some(key), Ok(words)) = (posted.fields.parse::<Uuid>("key"), words) else {
        return Err(Error::BadRequest);
    };
    match support::give_back(&ctx, &one, (posted.person.id, why), &words, key).await {
        Ok(_) => Ok(see_other(&format!("/projects/{slug}/supporters"))),
        Err(NotAsked::Refused(_)) => Err(Error::Refused(LANG.t("contribution-refund-gone").to_string())),
        Err(NotAsked::OtherForm) => Err(Error::Refused(LANG.t("refund-other-form").to_string())),
        Err(NotAsked::Failed(cause)) => Err(Error::Internal(cause)),
    }
}
