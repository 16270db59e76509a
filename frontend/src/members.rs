//! The members of a project: the list, asking somebody in, the invitation as its reader sees it.

use askama::Template;
use felag_domain::person::Role;
use time::OffsetDateTime;

use crate::form::{Control, Refused};
use crate::page::Page;
use crate::wizard::{Form, Link, Part, Typed, select, text};
use crate::words::Lang;

/// `GET /projects/<slug>/members`
#[derive(Debug, Template)]
#[template(path = "projects/members.html")]
pub struct MembersPage {
    pub page: Page,
    pub project: Link,
    pub members: Vec<MemberLine>,
    /// Shown to owners only.
    pub invitations: Vec<InvitationLine>,
    /// For owners, as long as there is room.
    pub invite: Option<Form>,
    /// An owner looks, and there is no room.
    pub is_full: bool,
}

/// Somebody's place. A person with two has two lines.
#[derive(Debug, Clone)]
pub struct MemberLine {
    pub name: String,
    /// Shown to owners only.
    pub email: Option<String>,
    /// In words: owner, editor, treasurer.
    pub role: &'static str,
    pub since: OffsetDateTime,
    /// Where the place is ended, by those who may.
    pub removal: Option<String>,
    /// It is the reader's own.
    pub is_own: bool,
}

/// An invitation that can still be accepted.
#[derive(Debug, Clone)]
pub struct InvitationLine {
    pub email: String,
    pub role: &'static str,
    pub ends: OffsetDateTime,
    /// Where the form is sent that takes it back.
    pub revocation: String,
}

/// The fields `email` and `role`.
pub fn invite(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let choose = (String::new(), lang.t("role-choose").to_owned());
    let roles = Role::ALL
        .iter()
        .map(|role| (role.to_string(), lang.t(role_may(*role)).to_owned()));
    let email = text("email", lang.t("people-email"), typed, refused).typed_in(Control::Email);
    vec![
        Part::Field(email.autocomplete("off")),
        Part::Select(select(
            "role",
            lang.t("members-role"),
            std::iter::once(choose).chain(roles),
            typed,
            refused,
        )),
    ]
}

/// The word for a place in a project.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Editor => "role-editor",
        Role::Treasurer => "role-treasurer",
    }
}

/// What a place allows, in words.
pub fn role_may(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner-may",
        Role::Editor => "role-editor-may",
        Role::Treasurer => "role-treasurer-may",
    }
}

/// `GET /invitations/<token>`
#[derive(Debug, Template)]
#[template(path = "projects/invitation.html")]
pub struct InvitationPage {
    pub page: Page,
    pub token: String,
    pub project: String,
    /// Who asks, by the name they show.
    pub by: String,
    pub role: Role,
    /// The address it was sent to.
    pub email: String,
    pub ends: OffsetDateTime,
    pub signed_in: bool,
    /// Whether the reader may accept. If not, the page says why on top.
    pub may_accept: bool,
}

impl InvitationPage {
    fn means(&self) -> String {
        let role = self.page.t(role_word(self.role));
        self.page.t3(
            "invitation-means",
            "by",
            &self.by,
            "role",
            role,
            "project",
            &self.project,
        )
    }

    fn until(&self) -> String {
        self.page.lang.date_time(self.ends, "UTC")
    }

    fn may(&self) -> &'static str {
        self.page.t(role_may(self.role))
    }
}
