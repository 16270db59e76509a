//! Writing and reading updates, following, the mailbox of the sandbox, and leaving a list.

use felag_domain::update::NewUpdate;
use felag_frontend::campaigns::{Update, follow_field};
use felag_frontend::follows::{ConfirmFollowPage, FollowAskedPage, FollowPage, FollowingPage};
use felag_frontend::form::{Hidden, Refused};
use felag_frontend::mailbox::{LeavePage, LeftPage, MailLine, MailPage, MailboxPage};
use felag_frontend::parts::Pager;
use felag_frontend::updates::{Preview, UpdateForm, UpdatePage, WriteUpdatePage};
use felag_frontend::{Lang, markdown};

use crate::people::{NOW, page, signed_in};
use crate::{Shown, shown};

const BODY: &str = "The first rotor turned on Tuesday, **18 hours** without a stop.\n\n\
    ## What comes next\n\n- a guard\n- the second rotor";

pub fn pages() -> Vec<Shown> {
    let mut pages = updates();
    pages.extend(follows());
    pages.extend(mailbox());
    pages
}

fn write(title: &str, body: &str) -> WriteUpdatePage {
    WriteUpdatePage {
        page: signed_in("Write an update"),
        slug: "vindur".into(),
        campaign: "Vindur, a village wind turbine anyone can build".into(),
        form: UpdateForm::new(Lang::En, title, body, &Refused::none()),
        preview: None,
        carried: Hidden {
            pairs: vec![("request_key", "0192f0c1".into())],
        },
    }
}

fn updates() -> Vec<Shown> {
    let mut preview = write("The first rotor turns", BODY);
    preview.preview = Some(Preview {
        title: "The first rotor turns".into(),
        body: markdown::render(BODY),
        backers: 412,
        carried: Hidden {
            pairs: vec![("title", "The first rotor turns".into())],
        },
    });
    let refused = NewUpdate::decide("a", "").err().unwrap_or_default();
    let update = UpdatePage {
        page: page("The first rotor turns"),
        slug: "vindur".into(),
        campaign: "Vindur, a village wind turbine anyone can build".into(),
        project: "Ströndin energy co-op".into(),
        project_slug: "strondin".into(),
        update: Update {
            id: "1".into(),
            title: "The first rotor turns".into(),
            at: NOW,
            body: markdown::render(BODY),
        },
    };
    vec![
        shown("update-write", write("", "")),
        shown("update-refused", write("a", "").refused(&refused)),
        shown("update-preview", preview),
        shown("update", update),
    ]
}

fn follows() -> Vec<Shown> {
    let (slug, campaign) = (
        "vindur".to_owned(),
        "Vindur, a village wind turbine anyone can build".to_owned(),
    );
    let email = "ada@example.org".to_owned();
    let form = FollowPage {
        page: page("Follow this campaign"),
        slug: slug.clone(),
        campaign: campaign.clone(),
        email: Some(follow_field(Lang::En, "", &Refused::none())),
    };
    let asked = FollowAskedPage {
        page: page("Look into your mailbox"),
        slug: slug.clone(),
        campaign: campaign.clone(),
        email: email.clone(),
    };
    let confirm = ConfirmFollowPage {
        page: page("Follow Vindur?"),
        token: "0123".into(),
        campaign: campaign.clone(),
        email: email.clone(),
    };
    let following = FollowingPage {
        page: page("You follow Vindur"),
        slug,
        campaign,
        email,
    };
    vec![
        shown("follow", form),
        shown("follow-asked", asked),
        shown("follow-confirm", confirm),
        shown("following", following),
    ]
}

fn line(subject: &str, state: &str) -> MailLine {
    MailLine {
        id: "0192f0c1-2345-7000-8000-0000000000ff".into(),
        kind: "campaign_update".into(),
        to: "ada@example.org".into(),
        from: "\"Ströndin energy co-op via Felag\" <felag@localhost>".into(),
        reply_to: Some("hello@strondin.example".into()),
        list: Some("updates:0192f0c1-2345-7000-8000-0000000000aa".into()),
        subject: subject.into(),
        at: NOW,
        state: state.into(),
    }
}

fn mailbox() -> Vec<Shown> {
    let list = |mails: Vec<MailLine>| MailboxPage {
        page: page("Mailbox"),
        to: MailboxPage::filter(Lang::En, ""),
        count: mails.len() as u64,
        mails,
        pager: Pager::single(Lang::En),
    };
    let mail = MailPage {
        page: page("The first rotor turns"),
        mail: line("The first rotor turns (Ströndin energy co-op)", "sent"),
        text: MailPage::pieces("It turns.\n\nRead it:\nhttps://felag.example/campaigns/vindur/updates/1\n"),
    };
    let leave = |about: Option<&str>| LeavePage {
        page: page("Stop these e-mails?"),
        token: "a.b.c".into(),
        email: "ada@example.org".into(),
        about: about.map(str::to_owned),
    };
    let left = LeftPage {
        page: page("These e-mails have stopped"),
        email: "ada@example.org".into(),
        about: None,
    };
    vec![
        shown(
            "mailbox",
            list(vec![
                line("The first rotor turns", "sent"),
                line("", "suppressed"),
            ]),
        ),
        shown("mailbox-empty", list(Vec::new())),
        shown("mail", mail),
        shown("leave", leave(Some("Vindur"))),
        shown("leave-unnamed", leave(None)),
        shown("left", left),
    ]
}
