//! The second factor: setting it up, giving a code, recovery codes, a lost phone.

use askama::Template;
use time::OffsetDateTime;

use crate::form::{Control, Field, Hidden, Refused};
use crate::page::Page;
use crate::words::Lang;

/// 403: what is missing before money can be moved. Nothing was changed.
#[derive(Debug, Template)]
#[template(path = "second_factor/needed.html")]
pub struct ProofNeededPage {
    pub page: Page,
    pub proof: Proof,
    /// Where to give it.
    pub link: String,
}

/// What somebody has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// That the e-mail address is theirs.
    Address,
    /// That the phone is theirs, once more.
    Code,
}

impl Proof {
    /// The message of the title.
    pub fn title(self) -> &'static str {
        match self {
            Proof::Address => "proof-address",
            Proof::Code => "proof-code",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Proof::Address => "proof-address-why",
            Proof::Code => "proof-code-why",
        }
    }

    fn go(self) -> &'static str {
        match self {
            Proof::Address => "proof-address-do",
            Proof::Code => "proof-code-do",
        }
    }
}

/// `GET /my/second-factor`, and again after a `POST` that was refused.
#[derive(Debug, Template)]
#[template(path = "second_factor/settings.html")]
pub struct SettingsPage {
    pub page: Page,
    /// Somebody was led here on the way to an act on money.
    pub is_needed: bool,
    pub standing: Option<Standing>,
    /// The password, to begin with.
    pub password: Field,
    /// `next`: where to go afterwards.
    pub carried: Hidden,
    pub waiting: Option<Waiting>,
}

/// A factor in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub since: OffsetDateTime,
    pub codes_left: i64,
}

/// A request to switch the factor off because everything is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub asked_at: OffsetDateTime,
    /// When a steward may do it.
    pub ready_at: OffsetDateTime,
}

/// `GET /my/second-factor/setup`: the secret, shown to the browser that began.
#[derive(Debug, Template)]
#[template(path = "second_factor/setup.html")]
pub struct SetupPage {
    pub page: Page,
    pub square: Square,
    /// The same for a program on this device.
    pub address: String,
    /// The secret in groups of four.
    pub letters: String,
    pub code: Field,
    pub carried: Hidden,
    pub demo: Demo,
}

/// A square code as one path, so that no image has to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    /// Modules on a side, the quiet zone included.
    pub side: usize,
    /// The `d` of an SVG path: the dark modules.
    pub path: String,
}

impl Square {
    /// Around the code, in modules (ISO/IEC 18004).
    const QUIET: usize = 4;

    /// The square of these modules, row by row, `width` in each.
    pub fn new(dark: &[bool], width: usize) -> Square {
        let mut path = String::new();
        for (y, row) in dark.chunks(width.max(1)).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&true) {
                    let (left, top, length) = (x + Self::QUIET, y + Self::QUIET, run.len());
                    path.push_str(&format!("M{left} {top}h{length}v1h-{length}z"));
                }
                x += run.len();
            }
        }
        Square {
            side: width + 2 * Self::QUIET,
            path,
        }
    }
}

/// What the phone would show, where there is no money and every mail can be read as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demo {
    /// No demo: a phone is needed.
    None,
    Code(String),
    /// The code of this moment was used; the next one comes soon.
    Wait,
}

impl Demo {
    /// In two groups of three.
    fn shown(code: &str) -> String {
        let (one, other) = code.split_at_checked(code.len() / 2).unwrap_or((code, ""));
        format!("{one} {other}")
    }
}

/// Recovery codes, shown once: right after they were made.
#[derive(Debug, Template)]
#[template(path = "second_factor/codes.html")]
pub struct CodesPage {
    pub page: Page,
    pub codes: Vec<String>,
    /// Where to go on.
    pub next: String,
}

/// `GET /my/second-factor/confirmation`: asks for a code.
#[derive(Debug, Template)]
#[template(path = "second_factor/confirmation.html")]
pub struct ConfirmationPage {
    pub page: Page,
    pub code: Field,
    pub carried: Hidden,
    pub demo: Demo,
}

/// `GET /my/second-factor/recovery-codes`: asks before the old codes stop working.
#[derive(Debug, Template)]
#[template(path = "second_factor/renew.html")]
pub struct RenewPage {
    pub page: Page,
}

/// `GET /my/second-factor/off`
#[derive(Debug, Template)]
#[template(path = "second_factor/off.html")]
pub struct OffPage {
    pub page: Page,
    pub password: Field,
    pub code: Field,
    pub demo: Demo,
}

/// `GET /my/second-factor/lost`: phone and recovery codes are lost.
#[derive(Debug, Template)]
#[template(path = "second_factor/lost.html")]
pub struct LostPage {
    pub page: Page,
    pub password: Field,
}

/// `GET /factor-resets`: who waits, for stewards.
#[derive(Debug, Template)]
#[template(path = "second_factor/resets.html")]
pub struct ResetsPage {
    pub page: Page,
    pub waiting: Vec<Reset>,
}

/// Somebody who has lost phone and recovery codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// The last part of its address.
    pub id: String,
    pub name: String,
    pub email: String,
    pub asked_at: OffsetDateTime,
    pub ready_at: OffsetDateTime,
    pub is_ready: bool,
}

/// `GET /factor-resets/<id>`
#[derive(Debug, Template)]
#[template(path = "second_factor/reset.html")]
pub struct ResetPage {
    pub page: Page,
    pub reset: Reset,
    pub reason: Field,
}

/// A code from the phone, or a recovery code where one may be given.
pub fn code_field(lang: Lang, with_recovery: bool, refused: &Refused) -> Field {
    let hint = if with_recovery {
        "factor-code-hint"
    } else {
        "factor-code-phone-hint"
    };
    Field::new("code", lang.t("factor-code"), "")
        .autocomplete("one-time-code")
        .hint(lang.t(hint))
        .error(refused.of("code"))
}

/// The password once more.
pub fn password_field(lang: Lang, refused: &Refused) -> Field {
    Field::new("password", lang.t("people-password"), "")
        .typed_in(Control::Password)
        .autocomplete("current-password")
        .error(refused.of("password"))
}

/// Why a steward switches a factor off.
pub fn reason_field(lang: Lang, was: &str, refused: &Refused) -> Field {
    Field::new("reason", lang.t("factor-reset-reason"), was)
        .typed_in(Control::Area { rows: 4 })
        .hint(lang.t("factor-reset-reason-hint"))
        .error(refused.of("reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_modules_of_a_row_become_one_piece_inside_the_quiet_zone() {
        let square = Square::new(&[true, true, false, true, false, false, false, false, true], 3);
        assert_eq!(square.side, 11);
        assert_eq!(square.path, "M4 4h2v1h-2zM4 5h1v1h-1zM6 6h1v1h-1z");
    }

    #[test]
    fn a_code_is_shown_in_two_groups() {
        assert_eq!(Demo::shown("012345"), "012 345");
    }
}
