//! The members of a project, and an invitation.

use felag_domain::person::Role;
use felag_frontend::Lang;
use felag_frontend::form::{ErrorLine, Refused};
use felag_frontend::members::{InvitationLine, InvitationPage, MemberLine, MembersPage, invite};
use felag_frontend::wizard::{Form, Link};
use time::macros::datetime;

use crate::people::{NOW, page, signed_in};
use crate::{Shown, shown};

const LANG: Lang = Lang::En;

/// Every page.
pub fn pages() -> Vec<Shown> {
    let title = LANG.t1("members-title", "project", "Ströndin");
    let frame = signed_in(&title);
    let form = Form::new(
        &frame,
        "/projects/strond/invitations",
        invite(LANG, &|_| String::new(), &Refused::none()),
        LANG.t("members-invite-do"),
    );
    let members = MembersPage {
        page: frame,
        project: Link::new("/projects/strond", "Ströndin"),
        members: vec![
            member("Marta", Role::Owner, true),
            member("Jón", Role::Treasurer, false),
        ],
        invitations: vec![InvitationLine {
            email: "sigga@example.org".to_owned(),
            role: LANG.t("role-editor"),
            ends: datetime!(2026-11-29 12:00 UTC),
            revocation: "/projects/strond/invitations/1/revocation".to_owned(),
        }],
        invite: Some(form),
        is_full: false,
    };
    let mut wrong = invitation(true, false);
    wrong.page.errors = vec![ErrorLine {
        target: String::new(),
        text: LANG.t1("invitation-other-address", "invited", "sigga@example.org"),
    }];
    vec![
        shown("members", members),
        shown("invitation", invitation(true, true)),
        shown("invitation-guest", invitation(false, false)),
        shown("invitation-other", wrong),
    ]
}

fn member(name: &str, role: Role, is_own: bool) -> MemberLine {
    MemberLine {
        name: name.to_owned(),
        email: Some("somebody@example.org".to_owned()),
        role: LANG.t(felag_frontend::members::role_word(role)),
        since: NOW,
        removal: Some("/projects/strond/members/1/owner/removal".to_owned()),
        is_own,
    }
}

fn invitation(is_signed_in: bool, may_accept: bool) -> InvitationPage {
    let title = LANG.t1("invitation-title", "project", "Ströndin");
    InvitationPage {
        page: if is_signed_in {
            signed_in(&title)
        } else {
            page(&title)
        },
        token: "0".repeat(32),
        project: "Ströndin".to_owned(),
        by: "Marta".to_owned(),
        role: Role::Treasurer,
        email: "sigga@example.org".to_owned(),
        ends: datetime!(2026-11-29 12:00 UTC),
        signed_in: is_signed_in,
        may_accept,
    }
}
