//! The list of a draft's steps, beginning a draft, and sending it to be read.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::campaign::{CampaignState, Missing};
use felag_domain::money::Money;
use felag_domain::payout::Plan;
use felag_domain::words::{FieldRefusal, Refusal};
use felag_frontend::campaign_edit::{Task, TasksPage};
use felag_frontend::form::Refused;
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Lang, Notice, Tone};

use crate::campaigns::access;
use crate::campaigns::draft_store::{FIRST_CURRENCY, NewDraft};
use crate::campaigns::ready::{self, Draft};
use crate::campaigns::store::Campaign;
use crate::campaigns::{draft, lifecycle};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payout_accounts;
use crate::people::{Posted, Visitor};
use crate::projects::access::Member;
use crate::projects::{self, NotSaved};
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/projects/{slug}/campaigns", post(begin))
        .route("/campaigns/{slug}/edit", get(tasks))
        .route("/campaigns/{slug}/submission", post(submit))
}

async fn begin(State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted) -> Result<Response, Error> {
    let (project, _) = projects::access::editor(&ctx, &posted.visitor, &slug).await?;
    let ask = Money::zero(FIRST_CURRENCY);
    let new = NewDraft {
        title: &project.name,
        summary: &project.summary,
        story: "",
        ask,
    };
    let mut tx = ctx.db.begin().await?;
    let begun = draft::begin(&mut tx, &ctx, project.id, &new).await;
    match begun {
        Ok((_, slug)) => {
            tx.commit().await?;
            Ok(see_other(&format!("/campaigns/{slug}/edit")))
        }
        Err(refused) => Err(in_words(refused)),
    }
}

/// A refusal where there is no form to show again.
pub fn in_words(refused: NotSaved) -> Error {
    match refused {
        NotSaved::Failed(error) => error,
        NotSaved::Refused(refusals) => {
            let words: Vec<String> = refusals
                .iter()
                .map(|refusal| Lang::En.words(&refusal.words))
                .collect();
            Error::Refused(words.join(" "))
        }
    }
}

async fn tasks(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, member) = access::of_member(&ctx, &visitor, &slug).await?;
    page(&tasks_page(&ctx, &visitor, campaign, &member, &[]).await?)
}

async fn submit(State(ctx): State<Ctx>, Path(slug): Path<String>, posted: Posted) -> Result<Response, Error> {
    let (campaign, member) = access::of_member(&ctx, &posted.visitor, &slug).await?;
    if !member.is_owner() {
        return Err(Error::Forbidden);
    }
    match lifecycle::submit(&ctx, campaign.id).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = tasks_page(&ctx, &posted.visitor, campaign, &member, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn tasks_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: Campaign,
    member: &Member,
    refusals: &[FieldRefusal],
) -> Result<TasksPage, Error> {
    let mut conn = ctx.db.acquire().await?;
    let draft = ready::look(&mut conn, &campaign).await?;
    let asked = campaign.state == CampaignState::ChangesAsked;
    let review_words = if asked {
        ready::changes_asked(&mut *conn, campaign.id).await?
    } else {
        None
    };
    let mut page = visitor.page(ctx, "", Here::Projects);
    page.title = page.t1("tasks-title", "title", &campaign.title);
    page.errors = Refused::new(page.lang, refusals).beyond(&[]);
    if campaign.state == CampaignState::InReview {
        page.notice = Some(Notice {
            tone: Tone::Done,
            text: page.t("tasks-sent").to_string(),
        });
    }
    let editable = campaign.state.is_editable() && member.may_edit();
    Ok(TasksPage {
        tasks: steps(page.lang, &campaign, &draft),
        can_submit: editable && member.is_owner() && draft.is_ready(),
        may_ask_exception: editable && draft.has_basics && draft.missing == [Missing::CommonsReturn],
        project: Link::new("/my/projects", page.t("project-edit-back")),
        state: campaign.state,
        review_words,
        editable,
        may_cancel: member.is_owner() && campaign.state.owners_may_cancel(),
        slug: campaign.slug,
        page,
    })
}

/// A loan beside the gifts; most campaigns ask for none.
fn loan(lang: Lang, campaign: &Campaign) -> Task {
    Task {
        link: Link::new(
            format!("/campaigns/{}/loan/terms", campaign.slug),
            lang.t("tasks-loan"),
        ),
        missing: Vec::new(),
        optional: true,
    }
}

/// Each step with what it lacks.
fn steps(lang: Lang, campaign: &Campaign, draft: &Draft) -> Vec<Task> {
    let base = format!("/campaigns/{}/edit", campaign.slug);
    let lacks = |belongs: fn(&Missing) -> bool| -> Vec<String> {
        draft
            .missing
            .iter()
            .filter(|one| belongs(one))
            .map(|one| lang.words(&one.words()))
            .collect()
    };
    let step = |path: &str, words: &str, missing: Vec<String>| Task {
        link: Link::new(format!("{base}/{path}"), words),
        missing,
        optional: false,
    };
    let basics = match draft.has_basics {
        true => Vec::new(),
        false => vec![lang.t("tasks-basics-missing").to_string()],
    };
    let holder = format!("/projects/{}/holder", draft.project.slug);
    let account = format!("/projects/{}/payout-account", draft.project.slug);
    vec![
        step("basics", lang.t("tasks-basics"), basics),
        step(
            "story",
            lang.t("tasks-story"),
            lacks(|one| matches!(one, Missing::Story | Missing::Risks)),
        ),
        step(
            "budget",
            lang.t("tasks-budget"),
            lacks(|one| {
                matches!(
                    one,
                    Missing::BudgetAtMinimum { .. } | Missing::BudgetAtFullPlan { .. }
                )
            }),
        ),
        Task {
            optional: draft.rewards.is_empty(),
            ..step("rewards", lang.t("tasks-rewards"), Vec::new())
        },
        step(
            "returns",
            lang.t("tasks-returns"),
            lacks(|one| matches!(one, Missing::CommonsReturn)),
        ),
        Task {
            link: Link::new(holder, lang.t("tasks-holder")),
            missing: lacks(|one| matches!(one, Missing::LegalHolder)),
            optional: false,
        },
        Task {
            optional: draft.plan == Plan::default(),
            ..step("payouts", lang.t("tasks-payouts"), Vec::new())
        },
        loan(lang, campaign),
        Task {
            link: Link::new(account, lang.t("tasks-account")),
            missing: payout_accounts::lacks(lang, draft.account.as_ref(), campaign.currency)
                .into_iter()
                .collect(),
            optional: false,
        },
    ]
}
