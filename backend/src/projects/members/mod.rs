//! The members of a project: asking people in by mail, letting them go. Only owners change who belongs to it, and
//! everybody hears when somebody who may decide about money comes or goes.

mod mail;
pub mod store;
pub mod web;

use felag_domain::ids::{InvitationId, PersonId, ProjectId};
use felag_domain::person::{EmailAddress, Role};
use felag_domain::project::members::{
    INVITATION_LIFE, INVITATIONS_A_DAY, MemberRefusal, Place, may_accept, may_invite, may_leave,
};
use felag_domain::words::Refusals;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::Duration;

use super::store::Project;
use super::{NotSaved, Say, add_member};
use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Person;
use crate::web::limits::Limit;

/// People asked into one project.
const OF_PROJECT: Limit = Limit::new("invitation.project", INVITATIONS_A_DAY as i32, Duration::DAY);
/// Invitations to one mailbox, whatever the project.
const TO_MAILBOX: Limit = Limit::new("invitation.recipient", 5, Duration::DAY);

/// An invitation that can still be accepted, as its link finds it.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: InvitationId,
    pub project: ProjectId,
    pub slug: String,
    pub project_name: String,
    pub email: String,
    pub role: Role,
    /// The name of who asks.
    pub by: String,
    pub expires_at: time::OffsetDateTime,
}

impl Invitation {
    /// Whether this person may accept it.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn is_for(&self, person: &Person) -> Result<(), NotSaved> {
        let unreadable = |cause: felag_domain::person::EmailError| Error::Internal(cause.into());
        let invited = EmailAddress::parse(&self.email).map_err(unreadable)?;
        let own = person.confirmed_email().map(EmailAddress::parse).transpose();
        let own = own.map_err(unreadable)?;
        may_accept(&invited, own.as_ref()).map_err(|refusal| NotSaved::on_top(&refusal))
    }
}

/// Asks somebody in: the link is mailed, and one that was sent before for the same place ends.
///
/// # Errors
/// In words, beside the fields `email` and `role` or on top.
pub async fn invite(
    ctx: &Ctx,
    project: &Project,
    by: &Person,
    email: &str,
    role: &str,
) -> Result<(), NotSaved> {
    let mut refusals = Refusals::new();
    let email = refusals.keep("email", EmailAddress::parse(email));
    let role = refusals.keep("role", role.parse::<Role>().map_err(|_| Say("member-role-empty")));
    let (Some(email), Some(role)) = (email, role) else {
        return Err(refusals.into_vec().into());
    };
    let mut tx = ctx.db.begin().await?;
    store::hold(&mut tx, project.id).await?;
    let places = store::places(&mut tx, project.id).await?;
    if store::has_place(&mut tx, project.id, email.as_str(), role).await? {
        refusals.note("email", &MemberRefusal::Already);
        return Err(refusals.into_vec().into());
    }
    store::revoke_same(&mut tx, project.id, email.as_str(), role, ctx.now()).await?;
    let open = store::count_open(&mut tx, project.id, ctx.now()).await?;
    may_invite(places.len(), open).map_err(|refusal| NotSaved::on_top(&refusal))?;
    let mailbox = hex::encode(Sha256::digest(email.as_str()));
    let is_within = OF_PROJECT
        .take_in(&mut tx, ctx.now(), &project.id.to_string())
        .await?
        && TO_MAILBOX.take_in(&mut tx, ctx.now(), &mailbox).await?;
    if !is_within {
        return Err(NotSaved::on_top(&MemberRefusal::TooManyInvitations));
    }
    let token = ctx.random.token();
    let new = store::New {
        id: ctx.id(),
        project: project.id,
        email: email.as_str(),
        role,
        token_hash: &hash(&token),
        by: by.id,
    };
    store::insert(&mut tx, &new, (ctx.now(), ctx.now() + INVITATION_LIFE)).await?;
    mail::invited(&mut tx, ctx, project, by, &new, &token).await?;
    // The address stands on the page of the members, for owners: it may be forgotten there.
    note(&mut tx, ctx, project.id, (by.id, "member.invited", ""), role).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// What the database keeps of an invitation's link.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The invitation behind a link. Changes nothing: mail programs open links on their own.
///
/// # Errors
/// [`Error::Gone`] when it ran out, was taken back or used, or was never one.
pub async fn look_up(ctx: &Ctx, token: &str) -> Result<Invitation, Error> {
    store::find(&ctx.db, &hash(token), ctx.now())
        .await?
        .ok_or(Error::Gone)
}

/// Accepts an invitation; the slug of the project. Again, by the same person, it changes nothing.
///
/// # Errors
/// [`Error::Gone`] as [`look_up`]; in words when it was sent to somebody else.
pub async fn accept(ctx: &Ctx, token: &str, person: &Person) -> Result<String, NotSaved> {
    let mut tx = ctx.db.begin().await?;
    if let Some(slug) = store::accepted(&mut tx, &hash(token), person.id).await? {
        return Ok(slug);
    }
    let found = store::lock(&mut tx, &hash(token), ctx.now()).await?;
    let invitation = found.ok_or(Error::Gone)?;
    invitation.is_for(person)?;
    store::set_accepted(&mut tx, &invitation, person.id, ctx.now()).await?;
    let role = invitation.role;
    let is_new = add_member(&mut tx, ctx, invitation.project, person.id, role).await?;
    if is_new && role.may_move_money() {
        mail::added(&mut tx, ctx, &invitation, person).await?;
    }
    let joined = (person.id, "member.joined", person.name.as_str());
    note(&mut tx, ctx, invitation.project, joined, role).await?;
    tx.commit().await?;
    tracing::info!(project = %invitation.project, role = %role, "a member came in");
    ctx.wake_workers();
    Ok(invitation.slug)
}

/// Takes an invitation back. Twice is as good as once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke(
    ctx: &Ctx,
    project: ProjectId,
    by: PersonId,
    invitation: InvitationId,
) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    if let Some(role) = store::revoke(&mut tx, project, invitation, ctx.now()).await? {
        note(&mut tx, ctx, project, (by, "member.uninvited", ""), role).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Who came and went, for the audit log: by whom, which kind, and the name if there is one yet.
async fn note(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    (by, kind, name): (PersonId, &str, &str),
    role: Role,
) -> sqlx::Result<()> {
    let act = Act {
        actor: Some(by),
        kind,
        project: Some(project),
        campaign: None,
        subject: format!("{name} ({role})").trim_start().to_string(),
        reason: "",
        detail: json!({}),
        refused: false,
    };
    audit::record(conn, ctx, &act).await
}

/// Ends somebody's place in a project. Where it is ended already nothing changes.
///
/// # Errors
/// In words, when it is the last owner's.
pub async fn remove(
    ctx: &Ctx,
    project: &Project,
    by: &Person,
    person: PersonId,
    role: Role,
) -> Result<(), NotSaved> {
    let place = Place { person, role };
    let mut tx = ctx.db.begin().await?;
    // Two owners who let one another go at once wait for each other here.
    store::hold(&mut tx, project.id).await?;
    let places = store::places(&mut tx, project.id).await?;
    if !places.contains(&place) {
        return Ok(());
    }
    may_leave(&places, place).map_err(|refusal| NotSaved::on_top(&refusal))?;
    let gone = store::delete(&mut tx, project.id, place).await?;
    mail::removed(&mut tx, ctx, project, by, &gone, role).await?;
    note(
        &mut tx,
        ctx,
        project.id,
        (by.id, "member.removed", &gone.name),
        role,
    )
    .await?;
    tx.commit().await?;
    tracing::info!(project = %project.id, role = %role, "a member's place ended");
    ctx.wake_workers();
    Ok(())
}
