//! The page of a project's members, the review before somebody goes, and what an invitation leads to.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use felag_domain::ids::{InvitationId, PersonId};
use felag_domain::person::Role;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::members::{
    self as pages, InvitationLine, InvitationPage, MemberLine, MembersPage, role_word,
};
use felag_frontend::wizard::{Form, FormPage, Link};
use felag_frontend::{Here, Lang, Notice, Tone};
use serde::Deserialize;

use super::store::{self, Listed, Open};
use super::{Invitation, may_invite};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::{Unproven, require_for_form, require_for_page};
use crate::people::{Posted, Visitor};
use crate::projects::access::{self, Member};
use crate::projects::store::{Project, find_by_slug};
use crate::projects::{NotSaved, members};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/projects/{slug}/members", get(list))
        .route("/projects/{slug}/invitations", post(invite))
        .route("/projects/{slug}/invitations/{id}/revocation", post(revoke))
        .route(
            "/projects/{slug}/members/{id}/{role}/removal",
            get(ask_removal).post(remove),
        )
        .route("/invitations/{token}", get(invitation).post(accept))
}

/// What was just done, said on the list.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn member_of(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Project, Member), Error> {
    visitor.person()?;
    let project = find_by_slug(&ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let member = access::member(ctx, visitor, project.id).await?;
    Ok((project, member))
}

async fn list(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let (project, member) = member_of(&ctx, &visitor, &slug).await?;
    let mut shown = members_page(&ctx, &visitor, &project, &member, &Fields::default(), &[]).await?;
    let text = match query.done.as_str() {
        "invited" => Some(shown.page.t("members-done-invited")),
        "revoked" => Some(shown.page.t("members-done-revoked")),
        "removed" => Some(shown.page.t("members-done-removed")),
        "joined" => Some(shown.page.t("members-done-joined")),
        _ => None,
    };
    shown.page.notice = text.map(|text| Notice {
        tone: Tone::Done,
        text: text.to_string(),
    });
    page(&shown)
}

async fn members_page(
    ctx: &Ctx,
    visitor: &Visitor,
    project: &Project,
    member: &Member,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> Result<MembersPage, Error> {
    let listed = store::list(&ctx.db, project.id).await?;
    let open = match member.is_owner() {
        true => store::open(&ctx.db, project.id, ctx.now()).await?,
        false => Vec::new(),
    };
    let has_room = may_invite(listed.len(), open.len()).is_ok();
    let mut frame = visitor.page(ctx, "", Here::Projects);
    let lang = frame.lang;
    frame.title = lang.t1("members-title", "project", &project.name);
    let refused = Refused::new(lang, refusals);
    let parts = pages::invite(lang, &|name| fields.get(name).to_string(), &refused);
    let action = format!("/projects/{}/invitations", project.slug);
    let form = Form::new(&frame, action, parts, lang.t("members-invite-do"));
    frame.errors = form.errors(&refused);
    Ok(MembersPage {
        project: Link::new(format!("/projects/{}", project.slug), project.name.clone()),
        members: listed
            .into_iter()
            .map(|one| line(lang, &project.slug, member, one))
            .collect(),
        invitations: open
            .into_iter()
            .map(|one| invitation_line(lang, &project.slug, one))
            .collect(),
        invite: (member.is_owner() && has_room).then_some(form),
        is_full: member.is_owner() && !has_room,
        page: frame,
    })
}

fn line(lang: Lang, slug: &str, reader: &Member, one: Listed) -> MemberLine {
    let is_own = one.person == reader.person.id;
    let may_end = reader.is_owner() || is_own;
    MemberLine {
        name: one.name,
        email: reader.is_owner().then_some(one.email),
        role: lang.t(role_word(one.role)),
        since: one.since,
        removal: may_end.then(|| format!("/projects/{slug}/members/{}/{}/removal", one.person, one.role)),
        is_own,
    }
}

fn invitation_line(lang: Lang, slug: &str, one: Open) -> InvitationLine {
    InvitationLine {
        email: one.email,
        role: lang.t(role_word(one.role)),
        ends: one.expires_at,
        revocation: format!("/projects/{slug}/invitations/{}/revocation", one.id),
    }
}

/// Asking in who may decide about money is an act on money itself.
async fn invite(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Unproven> {
    let Posted { visitor, fields } = posted;
    let (project, member) = member_of(&ctx, &visitor, &slug).await?;
    if !member.is_owner() {
        return Err(Error::Forbidden.into());
    }
    let (email, role) = (fields.get("email"), fields.get("role"));
    if role.parse().is_ok_and(Role::may_move_money) {
        require_for_form(&ctx, &visitor, &format!("/projects/{slug}/members")).await?;
    }
    match members::invite(&ctx, &project, &member.person, email, role).await {
        Ok(()) => Ok(see_other(&format!("/projects/{slug}/members?done=invited"))),
        Err(NotSaved::Failed(error)) => Err(error.into()),
        Err(NotSaved::Refused(refusals)) => {
            let shown = members_page(&ctx, &visitor, &project, &member, &fields, &refusals).await?;
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)?)
        }
    }
}

async fn revoke(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    let project = access::owner(&ctx, &posted.visitor, &slug).await?;
    let id: InvitationId = id.parse().map_err(|_| Error::NotFound)?;
    members::revoke(&ctx, project.id, posted.visitor.person()?.id, id).await?;
    Ok(see_other(&format!("/projects/{slug}/members?done=revoked")))
}

/// A place that the visitor may end: an owner anybody's, everybody their own.
struct Ending {
    project: Project,
    by: Member,
    person: PersonId,
    role: Role,
}

impl Ending {
    /// Whether it takes a say about money from somebody else: that is an act on money. Everybody may leave.
    fn touches_money(&self) -> bool {
        self.role.may_move_money() && self.by.person.id != self.person
    }

    fn path(&self) -> String {
        let (slug, person, role) = (&self.project.slug, self.person, self.role);
        format!("/projects/{slug}/members/{person}/{role}/removal")
    }
}

type Named = Path<(String, String, String)>;

async fn ending(ctx: &Ctx, visitor: &Visitor, Path((slug, id, role)): Named) -> Result<Ending, Error> {
    let (project, by) = member_of(ctx, visitor, &slug).await?;
    let person: PersonId = id.parse().map_err(|_| Error::NotFound)?;
    let role: Role = role.parse().map_err(|_| Error::NotFound)?;
    if !by.is_owner() && by.person.id != person {
        return Err(Error::Forbidden);
    }
    Ok(Ending {
        project,
        by,
        person,
        role,
    })
}

async fn ask_removal(State(ctx): State<Ctx>, visitor: Visitor, named: Named) -> Result<Response, Unproven> {
    let ending = ending(&ctx, &visitor, named).await?;
    if ending.touches_money() {
        require_for_page(&ctx, &visitor, &ending.path()).await?;
    }
    Ok(page(&removal_page(&ctx, &visitor, &ending, &[]).await?)?)
}

async fn remove(State(ctx): State<Ctx>, named: Named, posted: Posted) -> Result<Response, Unproven> {
    let ending = ending(&ctx, &posted.visitor, named).await?;
    if ending.touches_money() {
        require_for_form(&ctx, &posted.visitor, &ending.path()).await?;
    }
    let Ending {
        project,
        by,
        person,
        role,
    } = &ending;
    match members::remove(&ctx, project, &by.person, *person, *role).await {
        // Whoever left sees the page no more.
        Ok(()) if by.person.id == *person => Ok(see_other("/my/projects")),
        Ok(()) => Ok(see_other(&format!(
            "/projects/{}/members?done=removed",
            project.slug
        ))),
        Err(NotSaved::Failed(error)) => Err(error.into()),
        Err(NotSaved::Refused(refusals)) => {
            let shown = removal_page(&ctx, &posted.visitor, &ending, &refusals).await?;
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)?)
        }
    }
}

/// Repeats who goes, from where, and who will be told.
async fn removal_page(
    ctx: &Ctx,
    visitor: &Visitor,
    ending: &Ending,
    refusals: &[FieldRefusal],
) -> Result<FormPage, Error> {
    let Ending {
        project,
        by,
        person,
        role,
    } = ending;
    let listed = store::list(&ctx.db, project.id).await?;
    let found = listed
        .into_iter()
        .find(|one| one.person == *person && one.role == *role);
    let name = found.ok_or(Error::NotFound)?.name;
    let mut frame = visitor.page(ctx, "", Here::Projects);
    let lang = frame.lang;
    let word = lang.t(role_word(*role));
    let is_own = by.person.id == *person;
    let told = match role.may_move_money() {
        true => lang.t1("removal-told", "name", &name),
        false => lang.t1("removal-told-alone", "name", &name),
    };
    let (title, means, button) = match is_own {
        true => (
            lang.t1("removal-leave-title", "project", &project.name),
            lang.t2("removal-leave-means", "role", word, "project", &project.name),
            lang.t("removal-leave-do"),
        ),
        false => (
            lang.t1("removal-title", "name", &name),
            lang.t3(
                "removal-means",
                "name",
                &name,
                "role",
                word,
                "project",
                &project.name,
            ),
            lang.t("removal-do"),
        ),
    };
    frame.title = title;
    let form = Form::new(&frame, ending.path(), Vec::new(), button);
    let back = Link::new(
        format!("/projects/{}/members", project.slug),
        lang.t1("members-title", "project", &project.name),
    );
    let refused = Refused::new(lang, refusals);
    Ok(FormPage::new(frame, format!("{means} {told}"), form, &refused).back(back))
}

async fn invitation(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let invitation = members::look_up(&ctx, &token).await?;
    let refusals = match visitor.person.as_ref().map(|person| invitation.is_for(person)) {
        Some(Err(NotSaved::Failed(error))) => return Err(error),
        Some(Err(NotSaved::Refused(refusals))) => refusals,
        Some(Ok(())) | None => Vec::new(),
    };
    page(&invitation_page(&ctx, &visitor, token, invitation, &refusals))
}

fn invitation_page(
    ctx: &Ctx,
    visitor: &Visitor,
    token: String,
    invitation: Invitation,
    refusals: &[FieldRefusal],
) -> InvitationPage {
    let mut frame = visitor.page(ctx, "", Here::Elsewhere);
    frame.title = frame.t1("invitation-title", "project", &invitation.project_name);
    frame.errors = Refused::new(frame.lang, refusals).beyond(&[]);
    let signed_in = visitor.person.is_some();
    InvitationPage {
        page: frame,
        token,
        project: invitation.project_name,
        by: invitation.by,
        role: invitation.role,
        email: invitation.email,
        ends: invitation.expires_at,
        signed_in,
        may_accept: signed_in && refusals.is_empty(),
    }
}

async fn accept(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let visitor = posted.visitor;
    let person = visitor.person()?;
    match members::accept(&ctx, &token, person).await {
        Ok(slug) => Ok(see_other(&format!("/projects/{slug}/members?done=joined"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let invitation = members::look_up(&ctx, &token).await?;
            let shown = invitation_page(&ctx, &visitor, token, invitation, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
