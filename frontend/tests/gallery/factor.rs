//! The second factor and the audit log.

use felag_domain::words::{FieldRefusal, Words};
use felag_frontend::audit::{Filters, Line, LogPage};
use felag_frontend::form::{Hidden, Problem, Refused, errors};
use felag_frontend::second_factor::{
    CodesPage, ConfirmationPage, Demo, LostPage, OffPage, Proof, ProofNeededPage, RenewPage, Reset,
    ResetPage, ResetsPage, SettingsPage, SetupPage, Square, Standing, Waiting, code_field, password_field,
    reason_field,
};
use felag_frontend::{Lang, Page};
use time::Duration;

use crate::people::{NOW, signed_in};
use crate::{Shown, shown};

pub fn pages() -> Vec<Shown> {
    let titled = |id| signed_in(Lang::En.t(id));
    vec![
        shown("factor-needed-code", needed(Proof::Code)),
        shown("factor-needed-address", needed(Proof::Address)),
        shown("factor-settings-off", settings(None, None)),
        shown(
            "factor-settings-on",
            settings(
                Some(Standing {
                    since: NOW - Duration::days(30),
                    codes_left: 1,
                }),
                Some(Waiting {
                    asked_at: NOW,
                    ready_at: NOW + Duration::days(3),
                }),
            ),
        ),
        shown("factor-setup", setup()),
        shown(
            "factor-codes",
            CodesPage {
                page: titled("recovery-title"),
                codes: (0..10)
                    .map(|digit| format!("{digit}B7K-0M3X-QZ8R-1VTA"))
                    .collect(),
                next: "/my/second-factor".to_owned(),
            },
        ),
        shown("factor-confirmation", confirmation()),
        shown(
            "factor-renew",
            RenewPage {
                page: titled("renew-title"),
            },
        ),
        shown(
            "factor-off",
            OffPage {
                page: titled("off-title"),
                password: password_field(Lang::En, &Refused::none()),
                code: code_field(Lang::En, true, &Refused::none()),
                demo: Demo::Wait,
            },
        ),
        shown(
            "factor-lost",
            LostPage {
                page: titled("lost-title"),
                password: password_field(Lang::En, &Refused::none()),
            },
        ),
        shown("factor-resets", resets(vec![reset(true), reset(false)])),
        shown("factor-resets-none", resets(Vec::new())),
        shown("factor-reset", one(true)),
        shown("factor-reset-waits", one(false)),
        shown("audit-steward", log(true)),
        shown("audit-project", log(false)),
    ]
}

fn needed(proof: Proof) -> ProofNeededPage {
    ProofNeededPage {
        page: signed_in(Lang::En.t(proof.title())),
        proof,
        link: "/my/second-factor/confirmation?next=%2F".to_owned(),
    }
}

fn settings(standing: Option<Standing>, waiting: Option<Waiting>) -> SettingsPage {
    SettingsPage {
        page: signed_in(Lang::En.t("factor-title")),
        is_needed: standing.is_none(),
        standing,
        password: password_field(Lang::En, &Refused::none()),
        carried: Hidden {
            pairs: vec![("next", "/my/projects".to_owned())],
        },
        waiting,
    }
}

fn setup() -> SetupPage {
    // Not a real code, but as busy as one.
    let dark: Vec<bool> = (0..37 * 37_usize).map(|at| (at * at / 7) % 3 == 0).collect();
    SetupPage {
        page: signed_in(Lang::En.t("setup-title")),
        square: Square::new(&dark, 37),
        address: "otpauth://totp/Felag:ada%40example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Felag".to_owned(),
        letters: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
        code: code_field(Lang::En, false, &Refused::none()),
        carried: Hidden::default(),
        demo: Demo::Code("012345".to_owned()),
    }
}

fn confirmation() -> ConfirmationPage {
    let wait = FieldRefusal {
        field: "code",
        words: Words::new("factor-code-wait").with("minutes", 12_u32),
    };
    let code = code_field(Lang::En, true, &Refused::new(Lang::En, &[wait]));
    ConfirmationPage {
        page: Page {
            errors: errors([&code as &dyn Problem]),
            ..signed_in(Lang::En.t("confirmation-title"))
        },
        code,
        carried: Hidden::default(),
        demo: Demo::None,
    }
}

fn reset(is_ready: bool) -> Reset {
    Reset {
        id: "0192f0c1-2345-7000-8000-0000000000ff".to_owned(),
        name: "Marta <b>".to_owned(),
        email: "marta.guðmundsdóttir-with-a-long-name@example.org".to_owned(),
        asked_at: NOW - Duration::days(2),
        ready_at: NOW + Duration::DAY,
        is_ready,
    }
}

fn resets(waiting: Vec<Reset>) -> ResetsPage {
    ResetsPage {
        page: signed_in(Lang::En.t("resets-title")),
        waiting,
    }
}

fn one(is_ready: bool) -> ResetPage {
    ResetPage {
        page: signed_in(Lang::En.t("reset-one-title")),
        reset: reset(is_ready),
        reason: reason_field(Lang::En, "", &Refused::none()),
    }
}

fn log(is_stewards: bool) -> LogPage {
    let line = |who: Option<&str>, kind: &str, is_refused| Line {
        at: NOW,
        who: who.map(str::to_owned),
        kind: kind.to_owned(),
        subject: "Ströndin <svf>".to_owned(),
        reason: if is_refused {
            String::new()
        } else {
            "They moved to another town.".to_owned()
        },
        detail: vec![("country".to_owned(), "IS".to_owned())],
        is_refused,
        project: is_stewards.then(|| ("Vindur".to_owned(), "/projects/vindur/audit".to_owned())),
    };
    LogPage {
        page: signed_in(Lang::En.t("audit-title")),
        project: (!is_stewards).then(|| ("Vindur".to_owned(), "/projects/vindur".to_owned())),
        filters: is_stewards.then(|| Filters::new(Lang::En, "holder.saved", "2026-11-01", "")),
        lines: vec![
            line(Some("Marta"), "holder.saved", false),
            line(None, "second_factor.reset", true),
        ],
        newer: None,
        older: Some("/audit?before=1".to_owned()),
    }
}
