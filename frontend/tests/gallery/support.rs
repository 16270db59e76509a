//! Standing gifts to a project: the support, one's own list, the project's list.

use felag_domain::pledge::PledgeState;
use felag_domain::support::{Period, SupportState};
use felag_frontend::Lang;
use felag_frontend::form::Refused;
use felag_frontend::support::{
    ContributionRow, MyRow, MySupportPage, SupportPage, Supported, SupporterRow, SupportersPage, Waiting,
    change_parts,
};
use felag_frontend::wizard::Form;

use crate::people::{NOW, euro, signed_in};
use crate::{Shown, shown};

const LANG: Lang = Lang::En;

/// Every page.
pub fn pages() -> Vec<Shown> {
    vec![
        shown("support-active", support(SupportState::Active)),
        shown("support-past-due", support(SupportState::PastDue)),
        shown("support-paused", support(SupportState::Paused)),
        shown("support-ended", support(SupportState::Ended)),
        shown("support-draft", support(SupportState::Draft)),
        shown("support-starting", support(SupportState::Starting)),
        shown("support-expired", support(SupportState::Expired)),
        shown("my-support", mine()),
        shown("supporters", supporters()),
    ]
}

fn rows(state: PledgeState) -> Vec<ContributionRow> {
    let row = |state, entry| ContributionRow {
        at: NOW,
        total: euro(6),
        state,
        entry,
        refund: None,
    };
    vec![row(state, None), row(PledgeState::Paid, Some(12))]
}

fn support(state: SupportState) -> SupportPage {
    let frame = signed_in(LANG.t("support-page-title"));
    let waits = (state == SupportState::PastDue).then(|| Waiting {
        declined: Some("not enough money on the card.".to_owned()),
        until: NOW,
    });
    let change = state.goes_on().then(|| {
        let typed = |name: &str| {
            if name == "amount" {
                "5".to_owned()
            } else {
                String::new()
            }
        };
        let currency = euro(5).currency();
        let parts = change_parts(LANG, currency, euro(1), &typed, &Refused::none());
        Form::new(
            &frame,
            "/supports/abc/change",
            parts,
            LANG.t("support-change-save"),
        )
    });
    SupportPage {
        token: "abc".to_owned(),
        project: "Ströndin energy co-op".to_owned(),
        slug: "strondin".to_owned(),
        state,
        period: Period::Monthly,
        gift: euro(5),
        tip: euro(1),
        total: euro(6),
        email: "sue@felag.example".to_owned(),
        visibility: LANG.t("visibility-named").to_owned(),
        next_due: state.goes_on().then_some(NOW),
        contributions: rows(if waits.is_some() {
            PledgeState::NeedsYou
        } else {
            PledgeState::Paid
        }),
        waits,
        refunds: Vec::new(),
        change,
        page: frame,
    }
}

fn mine() -> MySupportPage {
    let row = |period, state| MyRow {
        token: "abc".to_owned(),
        project: "Ströndin energy co-op".to_owned(),
        slug: "strondin".to_owned(),
        total: euro(6),
        period,
        state,
        next_due: Some(NOW),
    };
    MySupportPage {
        page: signed_in(LANG.t("my-support-title")),
        rows: vec![
            row(Period::Weekly, SupportState::Active),
            row(Period::Yearly, SupportState::Paused),
        ],
    }
}

fn supporters() -> SupportersPage {
    let mut contributions = rows(PledgeState::Paid);
    for one in &mut contributions {
        one.refund = Some("/projects/strondin/contributions/1/refund".to_owned());
    }
    SupportersPage {
        page: signed_in(LANG.t("supporters-title")),
        project: "Ströndin energy co-op".to_owned(),
        slug: "strondin".to_owned(),
        standing: Some(Supported {
            supporters: 2,
            monthly: euro(9),
        }),
        rows: vec![
            SupporterRow {
                name: Some("Sue Porter".to_owned()),
                email: Some("sue@felag.example".to_owned()),
                gift: euro(5),
                period: Period::Monthly,
                state: SupportState::Active,
                contributions,
            },
            SupporterRow {
                name: None,
                email: None,
                gift: euro(48),
                period: Period::Yearly,
                state: SupportState::PastDue,
                contributions: Vec::new(),
            },
        ],
    }
}
