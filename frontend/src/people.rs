//! Accounts: sign up, confirm the address, sign in, set a new password, one's own account.
//!
//! Sign up and password reset show the same page whether the address has an account or not.

use askama::Template;
use time::OffsetDateTime;

use crate::form::{Control, Field, Hidden, Problem, Refused};
use crate::page::Page;
use crate::words::Lang;

/// `GET /sign-up`, and again after a `POST` that was refused.
#[derive(Debug, Template)]
#[template(path = "people/sign_up.html")]
pub struct SignUpPage {
    pub page: Page,
    pub form: SignUpForm,
}

/// The fields `name`, `email` and `password`.
#[derive(Debug, Clone)]
pub struct SignUpForm {
    pub name: Field,
    pub email: Field,
    pub password: Field,
}

impl SignUpForm {
    pub fn new(lang: Lang, name: &str, email: &str, refused: &Refused) -> SignUpForm {
        SignUpForm {
            name: name_field(lang, name, refused),
            email: email_field(lang, email, refused).hint(lang.t("people-email-hint")),
            password: new_password(lang, refused),
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        vec![&self.name, &self.email, &self.password]
    }
}

/// The answer to `POST /sign-up`, the same whether the address had an account or not.
#[derive(Debug, Template)]
#[template(path = "people/signed_up.html")]
pub struct SignedUpPage {
    pub page: Page,
    /// As it was typed, in small letters.
    pub email: String,
}

/// `GET /sign-in`, and again after a `POST` that was refused.
#[derive(Debug, Template)]
#[template(path = "people/sign_in.html")]
pub struct SignInPage {
    pub page: Page,
    pub form: SignInForm,
    /// `next`: where to go afterwards.
    pub carried: Hidden,
    /// Who can be tried out; empty unless this is the demo.
    pub demo: Vec<DemoLogIn>,
    /// The one password of all of them.
    pub demo_password: &'static str,
}

/// Somebody of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLogIn {
    pub email: &'static str,
    /// In words: what this person shows.
    pub what: &'static str,
}

/// The fields `email` and `password`.
#[derive(Debug, Clone)]
pub struct SignInForm {
    pub email: Field,
    pub password: Field,
}

impl SignInForm {
    pub fn new(lang: Lang, email: &str, refused: &Refused) -> SignInForm {
        SignInForm {
            email: email_field(lang, email, refused),
            password: Field::new("password", lang.t("people-password"), "")
                .typed_in(Control::Password)
                .autocomplete("current-password")
                .error(refused.of("password")),
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        vec![&self.email, &self.password]
    }
}

/// `GET /password-reset`: asks where to send the link.
#[derive(Debug, Template)]
#[template(path = "people/reset_ask.html")]
pub struct ResetAskPage {
    pub page: Page,
    pub email: Field,
}

/// The answer to `POST /password-reset`, the same whether the address has an account or not.
#[derive(Debug, Template)]
#[template(path = "people/reset_asked.html")]
pub struct ResetAskedPage {
    pub page: Page,
    pub email: String,
}

/// `GET /password-reset/<token>`, from the link in the mail.
#[derive(Debug, Template)]
#[template(path = "people/reset.html")]
pub struct ResetPage {
    pub page: Page,
    pub token: String,
    /// Shown, and for the password manager.
    pub email: String,
    pub password: Field,
}

/// `GET /email-confirmation/<token>`, from the link in the mail. Only its button confirms.
#[derive(Debug, Template)]
#[template(path = "people/confirm.html")]
pub struct ConfirmPage {
    pub page: Page,
    pub token: String,
    pub email: String,
    /// The name the account was opened with, so that a stranger's account is not confirmed by mistake.
    pub name: String,
}

/// The answer to confirming.
#[derive(Debug, Template)]
#[template(path = "people/confirmed.html")]
pub struct ConfirmedPage {
    pub page: Page,
    pub email: String,
}

/// 410: a link of ours that was used, has run out, or was never one.
#[derive(Debug, Template)]
#[template(path = "people/link_over.html")]
pub struct LinkOverPage {
    pub page: Page,
    pub link: MailedLink,
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailedLink {
    ConfirmEmail,
    ResetPassword,
}

impl LinkOverPage {
    fn is_reset(&self) -> bool {
        self.link == MailedLink::ResetPassword
    }
}

/// `GET /my/account`, and again after a `POST` that was refused.
#[derive(Debug, Template)]
#[template(path = "people/account.html")]
pub struct AccountPage {
    pub page: Page,
    pub email: String,
    pub email_is_confirmed: bool,
    /// The address takes no mail from us. `POST /my/account/mail` tries again, once it is confirmed.
    pub refused: Option<MailRefused>,
    /// `POST /my/account/name`
    pub name: Field,
    /// `POST /my/account/password`, with `current` and `password`.
    pub password: ChangePasswordForm,
    /// The newest first. `POST /my/account/sign-ins` ends all but this one.
    pub sign_ins: Vec<SignInLine>,
}

impl AccountPage {
    fn has_others(&self) -> bool {
        self.sign_ins.iter().any(|line| !line.is_this_one)
    }
}

/// When a mail server refused an address for good, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRefused {
    pub at: OffsetDateTime,
    /// The server's own words.
    pub reason: String,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInLine {
    pub since: OffsetDateTime,
    /// To the hour: it is not written down more often.
    pub last_used: OffsetDateTime,
    pub is_this_one: bool,
}

/// The fields `current` and `password`.
#[derive(Debug, Clone)]
pub struct ChangePasswordForm {
    pub current: Field,
    pub password: Field,
}

impl ChangePasswordForm {
    pub fn new(lang: Lang, refused: &Refused) -> ChangePasswordForm {
        ChangePasswordForm {
            current: Field::new("current", lang.t("people-password-current"), "")
                .typed_in(Control::Password)
                .autocomplete("current-password")
                .error(refused.of("current")),
            password: new_password(lang, refused),
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        vec![&self.current, &self.password]
    }
}

/// The address an account is known by. Password managers call it the user name.
pub fn email_field(lang: Lang, email: &str, refused: &Refused) -> Field {
    Field::new("email", lang.t("people-email"), email)
        .typed_in(Control::Email)
        .autocomplete("username")
        .error(refused.of("email"))
}

/// A password to be set.
pub fn new_password(lang: Lang, refused: &Refused) -> Field {
    Field::new("password", lang.t("people-password-new"), "")
        .typed_in(Control::Password)
        .autocomplete("new-password")
        .hint(lang.t1("people-password-hint", "min", felag_domain::person::PASSWORD_MIN))
        .error(refused.of("password"))
}

/// The name an account shows.
pub fn name_field(lang: Lang, name: &str, refused: &Refused) -> Field {
    Field::new("name", lang.t("people-name"), name)
        .autocomplete("name")
        .hint(lang.t("people-name-hint"))
        .error(refused.of("name"))
}
