//! A project's page with its campaigns, and the list of one's own projects.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use felag_domain::person::Role;
use felag_domain::project::HolderForm;
use felag_frontend::members::role_word;
use felag_frontend::project_edit::{MyCampaign, MyProject, MyProjectsPage, country, holder_form};
use felag_frontend::projects::{LegalHolder, Member, ProjectPage};
use felag_frontend::{Here, Lang, Page, Template, markdown};

use crate::campaigns::{cards, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::visitor::public_page;
use crate::people::{Person, Visitor};
use crate::projects::store::{self as projects, Holder, Project};
use crate::projects::supported;
use crate::web::page;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/projects/{slug}", get(show))
        .route("/my/projects", get(mine))
}

async fn show(State(ctx): State<Ctx>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Error> {
    let Some(person) = visitor.person.clone() else {
        let path = format!("/projects/{slug}");
        return ctx.pages.page(&path, render_public(&ctx, &slug)).await;
    };
    let project = projects::find_by_slug(&ctx.db, &slug)
        .await?
        .ok_or(Error::NotFound)?;
    let roles = projects::roles(&ctx.db, project.id, person.id).await?;
    let frame = visitor.page(&ctx, project.name.clone(), Here::Elsewhere);
    let shown = fill(&ctx, frame, project).await?;
    let may_edit = roles
        .iter()
        .any(|role| matches!(role, Role::Owner | Role::Editor));
    page(&ProjectPage {
        manage: may_edit.then(|| format!("/projects/{slug}/edit")),
        ..shown
    })
}

async fn render_public(ctx: &Ctx, slug: &str) -> Result<String, Error> {
    let project = projects::find_by_slug(&ctx.db, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let frame = public_page(ctx, project.name.clone(), Here::Elsewhere);
    fill(ctx, frame, project)
        .await?
        .render()
        .map_err(|cause| Error::Internal(cause.into()))
}

async fn fill(ctx: &Ctx, mut page: Page, project: Project) -> Result<ProjectPage, Error> {
    let campaigns = cards::of_project(&ctx.db, project.id).await?;
    let members = projects::members(&ctx.db, project.id).await?;
    let supported = supported::of(&ctx.db, project.id).await?;
    let lang = page.lang;
    // Before a steward has approved something of it, search engines are not led to a project's page.
    if !campaigns.is_empty() {
        page.description = project.summary.clone();
        page.canonical = format!("{}/projects/{}", ctx.config.public_url, project.slug);
    }
    Ok(ProjectPage {
        page,
        name: project.name,
        summary: project.summary,
        story: markdown::render(&project.story),
        homepage: project.homepage,
        repository: project.repository,
        licences: project.licences,
        holder: holder(lang, project.holder),
        members: members
            .into_iter()
            .map(|member| Member {
                name: member.name,
                role: lang.t(role_word(member.role)).to_string(),
            })
            .collect(),
        campaigns,
        supported: supported.standing,
        support: supported.is_taken.then_some(project.slug),
        manage: None,
    })
}

fn holder(lang: Lang, holder: Option<Holder>) -> LegalHolder {
    let Some(holder) = holder else {
        return LegalHolder {
            name: lang.t("holder-none").into(),
            form: String::new(),
            lines: Vec::new(),
        };
    };
    let form = holder
        .form
        .parse::<HolderForm>()
        .map(|form| lang.t(holder_form(form)).to_string());
    let mut lines: Vec<String> = holder.address.lines().map(str::to_string).collect();
    lines.push(country(lang, &holder.country).to_string());
    if !holder.register.is_empty() {
        lines.push(lang.t1("holder-register-line", "number", &holder.register));
    }
    if !holder.tax_number.is_empty() {
        lines.push(lang.t1("holder-tax-line", "number", &holder.tax_number));
    }
    LegalHolder {
        name: holder.name,
        form: form.unwrap_or(holder.form),
        lines,
    }
}

async fn mine(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let person = visitor.person()?.clone();
    let frame = visitor.page(&ctx, Lang::En.t("mine-title"), Here::Projects);
    let projects = my_projects(&ctx, &person, frame.lang).await?;
    page(&MyProjectsPage {
        page: frame,
        projects,
    })
}

/// Twenty projects of one's own at most, and those one was asked into.
async fn my_projects(ctx: &Ctx, person: &Person, lang: Lang) -> Result<Vec<MyProject>, Error> {
    let mut mine = Vec::new();
    for (id, roles) in projects::of_person(&ctx.db, person.id).await? {
        let Some(project) = projects::find(&ctx.db, id).await? else {
            continue;
        };
        let campaigns = store::of_project(&ctx.db, id).await?.into_iter();
        let words: Vec<&str> = roles.iter().map(|one| lang.t(role_word(*one))).collect();
        mine.push(MyProject {
            slug: project.slug,
            name: project.name,
            summary: project.summary,
            role: words.join(", "),
            may_edit: roles
                .iter()
                .any(|role| matches!(role, Role::Owner | Role::Editor)),
            is_owner: roles.contains(&Role::Owner),
            has_holder: project.holder.is_some(),
            campaigns: campaigns
                .map(|one| MyCampaign {
                    slug: one.slug,
                    title: one.title,
                    state: one.state,
                })
                .collect(),
        });
    }
    Ok(mine)
}
