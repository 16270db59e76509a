//! Signing up and in, links from mails, one's own account.

use felag_domain::words::{FieldRefusal, Words};
use felag_frontend::form::{Hidden, Refused, errors};
use felag_frontend::people::{
    AccountPage, ChangePasswordForm, ConfirmPage, ConfirmedPage, DemoLogIn, LinkOverPage, MailRefused,
    MailedLink, ResetAskPage, ResetAskedPage, ResetPage, SignInForm, SignInLine, SignInPage, SignUpForm,
    SignUpPage, SignedUpPage, email_field, name_field, new_password,
};
use felag_frontend::{Lang, Page};
use time::Duration;
use time::macros::datetime;

use crate::people::{NOW, page, signed_in};
use crate::{Shown, shown};

const EMAIL: &str = "marta.guðmundsdóttir-with-a-long-name@example.org";
const TOKEN: &str = "00112233445566778899aabbccddeeff";

pub fn pages() -> Vec<Shown> {
    let email = || EMAIL.to_owned();
    let titled = |id| page(Lang::En.t(id));
    vec![
        shown("sign-up", sign_up(&Refused::none())),
        shown("sign-up-refused", sign_up(&refused())),
        shown(
            "signed-up",
            SignedUpPage {
                page: titled("signed-up-title"),
                email: email(),
            },
        ),
        shown("sign-in", sign_in(&Refused::none())),
        shown(
            "sign-in-refused",
            sign_in(&Refused::new(Lang::En, &[refusal("password", "sign-in-wrong")])),
        ),
        shown(
            "reset-ask",
            ResetAskPage {
                page: titled("reset-ask-title"),
                email: email_field(Lang::En, "", &Refused::none()),
            },
        ),
        shown(
            "reset-asked",
            ResetAskedPage {
                page: titled("reset-asked-title"),
                email: email(),
            },
        ),
        shown(
            "reset",
            ResetPage {
                page: titled("reset-title"),
                token: TOKEN.to_owned(),
                email: email(),
                password: new_password(Lang::En, &Refused::none()),
            },
        ),
        shown(
            "confirm",
            ConfirmPage {
                page: titled("confirm-title"),
                token: TOKEN.to_owned(),
                email: email(),
                name: "Marta <b>".to_owned(),
            },
        ),
        shown(
            "confirmed",
            ConfirmedPage {
                page: titled("confirmed-title"),
                email: email(),
            },
        ),
        shown("link-over-confirm", link_over(MailedLink::ConfirmEmail)),
        shown("link-over-reset", link_over(MailedLink::ResetPassword)),
        shown("account", account(&Refused::none(), false)),
        shown("account-mail-refused", account(&Refused::none(), true)),
        shown("account-refused", account(&refused(), false)),
    ]
}

fn refusal(field: &'static str, id: &'static str) -> FieldRefusal {
    FieldRefusal {
        field,
        words: Words::new(id),
    }
}

fn refused() -> Refused {
    let too_short = FieldRefusal {
        field: "password",
        words: Words::new("password-too-short").with("min", 10_u32),
    };
    let list = [
        refusal("name", "text-empty"),
        refusal("email", "email-not-an-address"),
        refusal("current", "account-password-wrong"),
        too_short,
    ];
    Refused::new(Lang::En, &list)
}

fn sign_up(refused: &Refused) -> SignUpPage {
    let form = SignUpForm::new(Lang::En, "", "marta@", refused);
    let page = Page {
        errors: errors(form.problems()),
        ..page(Lang::En.t("sign-up-title"))
    };
    SignUpPage { page, form }
}

fn sign_in(refused: &Refused) -> SignInPage {
    let form = SignInForm::new(Lang::En, "", refused);
    let page = Page {
        errors: errors(form.problems()),
        ..page(Lang::En.t("sign-in-title"))
    };
    SignInPage {
        page,
        form,
        carried: Hidden {
            pairs: vec![("next", "/my/gifts".to_owned())],
        },
        demo: vec![
            DemoLogIn {
                email: "owner@felag.example",
                what: Lang::En.t("sign-in-demo-owner"),
            },
            DemoLogIn {
                email: "steward@felag.example",
                what: Lang::En.t("sign-in-demo-steward"),
            },
        ],
        demo_password: "felag-demo-2026",
    }
}

fn link_over(link: MailedLink) -> LinkOverPage {
    LinkOverPage {
        page: page(Lang::En.t("link-over-title")),
        link,
    }
}

fn account(refused: &Refused, is_confirmed: bool) -> AccountPage {
    let line = |days, is_this_one| SignInLine {
        since: NOW - Duration::days(days),
        last_used: NOW - Duration::days(days / 2),
        is_this_one,
    };
    let name = name_field(Lang::En, "Marta", refused);
    let password = ChangePasswordForm::new(Lang::En, refused);
    let mut page = signed_in(Lang::En.t("account-title"));
    page.errors = errors(password.problems());
    AccountPage {
        page,
        email: EMAIL.to_owned(),
        email_is_confirmed: is_confirmed,
        refused: is_confirmed.then(|| MailRefused {
            at: datetime!(2026-11-20 08:00 UTC),
            reason: "550 5.1.1 <marta@example.org>: user unknown".to_owned(),
        }),
        name,
        password,
        sign_ins: vec![line(0, true), line(12, false)],
    }
}
