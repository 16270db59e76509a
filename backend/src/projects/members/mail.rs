//! The mails about members. All of them always arrive: they are about who decides.

use felag_domain::person::Role;
use felag_domain::project::members::INVITATION_LIFE;
use felag_frontend::Lang;
use felag_frontend::mail::Mail;
use felag_frontend::mail::members::{Changed, Invited};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store::{self, Gone, New};
use super::{Invitation, Project};
use crate::ctx::Ctx;
use crate::mail::{NewMessage, queue};
use crate::people::Person;

/// The link, to whoever is asked in.
pub async fn invited(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: &Project,
    by: &Person,
    new: &New<'_>,
    token: &str,
) -> sqlx::Result<()> {
    let words = Invited {
        project: project.name.clone(),
        by: by.name.clone(),
        role: new.role,
        ends: ctx.now() + INVITATION_LIFE,
        link: format!("{}/invitations/{token}", ctx.config.public_url),
    };
    let event = new.id.to_string();
    send(
        conn,
        ctx,
        "invitation",
        &event,
        &[new.email],
        &words.mail(Lang::En),
    )
    .await
}

/// To every member: somebody who may decide about money came in.
pub async fn added(
    conn: &mut PgConnection,
    ctx: &Ctx,
    invitation: &Invitation,
    person: &Person,
) -> sqlx::Result<()> {
    let words = Changed {
        project: invitation.project_name.clone(),
        name: person.name.clone(),
        role: invitation.role,
        by: invitation.by.clone(),
        link: members_page(ctx, &invitation.slug),
    };
    let everybody = store::addresses(conn, invitation.project).await?;
    let everybody: Vec<&str> = everybody.iter().map(String::as_str).collect();
    let event = invitation.id.to_string();
    send(
        conn,
        ctx,
        "member_added",
        &event,
        &everybody,
        &words.added(Lang::En),
    )
    .await
}

/// To whoever is gone; and to every member who stays, if it was somebody who may decide about money.
pub async fn removed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: &Project,
    by: &Person,
    gone: &Gone,
    role: Role,
) -> sqlx::Result<()> {
    let words = Changed {
        project: project.name.clone(),
        name: gone.name.clone(),
        role,
        by: by.name.clone(),
        link: members_page(ctx, &project.slug),
    };
    let event = ctx.id::<Uuid>().to_string();
    if role.may_move_money() {
        let others = store::addresses(conn, project.id).await?;
        let others: Vec<&str> = others
            .iter()
            .map(String::as_str)
            .filter(|address| *address != gone.email)
            .collect();
        send(
            conn,
            ctx,
            "member_removed",
            &event,
            &others,
            &words.removed(Lang::En),
        )
        .await?;
    }
    let alone = Changed {
        link: format!("{}/projects/{}", ctx.config.public_url, project.slug),
        ..words
    };
    let mail = alone.you_left(Lang::En);
    send(conn, ctx, "member_left", &event, &[&gone.email], &mail).await
}

fn members_page(ctx: &Ctx, slug: &str) -> String {
    format!("{}/projects/{slug}/members", ctx.config.public_url)
}

async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    event: &str,
    recipients: &[&str],
    mail: &Mail,
) -> sqlx::Result<()> {
    let messages = recipients.iter().map(|recipient| NewMessage {
        kind,
        event: event.to_string(),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    });
    queue(conn, ctx, messages.collect()).await
}
