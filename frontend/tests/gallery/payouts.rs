//! Money on its way to projects: the account, a campaign's payouts, one of them, the stewards' list, the fees.

use felag_domain::fee::{CURRENT, PUBLISHED};
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{Breakdown, PayoutState};
use felag_domain::payout_account::AccountState;
use felag_frontend::Lang;
use felag_frontend::form::Refused;
use felag_frontend::payouts::{
    self as pages, AccountPage, BankShown, FeeRow, FeesPage, HeldLine, Line, PayoutPage, PayoutsPage,
    Planned, QueueLine, QueuePage, StatementLine, StatementShown,
};
use felag_frontend::wizard::{Form, Link};
use time::macros::datetime;

use crate::people::{NOW, euro, page, signed_in};
use crate::{Shown, shown};

const LANG: Lang = Lang::En;

/// Every page.
pub fn pages() -> Vec<Shown> {
    vec![
        shown("payout-account-new", account(None)),
        shown(
            "payout-account-restricted",
            account(Some(AccountState::Restricted)),
        ),
        shown("payout-account", account(Some(AccountState::Enabled))),
        shown("payouts", payouts()),
        shown("payout-asked", payout(PayoutState::Asked)),
        shown("payout-paid", payout(PayoutState::Paid)),
        shown("payout-queue", queue()),
        shown("fees", fees()),
    ]
}

fn account(state: Option<AccountState>) -> AccountPage {
    let is_there = state.is_some();
    AccountPage {
        page: signed_in(&LANG.t1("payout-account-title", "project", "Ströndin")),
        action: "/projects/strond/payout-account".to_owned(),
        name: "Ströndin".to_owned(),
        state,
        asked: usize::from(state == Some(AccountState::Restricted)) * 2,
        checked_at: is_there.then_some(NOW),
        bank: is_there.then(|| BankShown {
            last4: "3000".to_owned(),
            country: "DE".to_owned(),
        }),
        waits_until: (state == Some(AccountState::Enabled)).then_some(datetime!(2026-11-25 12:00 UTC)),
        has_holder: true,
        holder_link: "/projects/strond/holder".to_owned(),
        may_start: true,
    }
}

fn payouts() -> PayoutsPage {
    let frame = signed_in(&LANG.t1("payouts-title", "campaign", "Vindur"));
    let fields = pages::ask(
        LANG,
        Currency::EUR,
        euro(600_000),
        &|_| "6000".to_owned(),
        &Refused::none(),
    );
    let line = |number, state, minor| Line {
        number,
        state,
        amount: euro(minor),
        at: NOW,
    };
    PayoutsPage {
        ask: Some(Form::new(
            &frame,
            "/campaigns/vindur/payouts",
            fields,
            LANG.t("payout-ask"),
        )),
        page: frame,
        slug: "vindur".to_owned(),
        title: "Vindur".to_owned(),
        held: euro(1_000_000),
        released: euro(600_000),
        owed: euro(1_200),
        frozen: vec![LANG.t("payout-account-none-means").to_owned()],
        plan: vec![
            Planned {
                percent: 60,
                days: 0,
                due: Some(NOW),
                amount: Some(euro(600_000)),
            },
            Planned {
                percent: 40,
                days: 45,
                due: None,
                amount: None,
            },
        ],
        payouts: vec![
            line(3, PayoutState::Withdrawn, 10_000),
            line(2, PayoutState::Paid, 97_000),
            line(1, PayoutState::Returned, 97_000),
        ],
        account: Link::new(
            "/projects/strond/payout-account",
            LANG.t("payout-account-is-enabled"),
        ),
    }
}

fn payout(state: PayoutState) -> PayoutPage {
    let frame = signed_in(&LANG.t2("payout-of", "number", 2, "campaign", "Vindur"));
    let is_estimate = state == PayoutState::Asked;
    let parts = Breakdown {
        source: felag_domain::payout::PayoutSource::Gifts,
        gross: euro(110_000),
        repaid: euro(1_200),
        costs: euro(2_130),
        fee: euro(980),
        tax: euro(230),
        net: euro(105_460),
    };
    let form = |action: &str, parts, words| {
        let action = format!("/campaigns/vindur/payouts/2/{action}");
        Form::new(&frame, action, parts, words)
    };
    let reason = pages::withdraw(LANG, &|_| String::new(), &Refused::none());
    PayoutPage {
        approve: is_estimate.then(|| form("approval", Vec::new(), LANG.t("payout-approve"))),
        withdraw: is_estimate.then(|| form("withdrawal", reason, LANG.t("payout-withdraw"))),
        back: Link::new(
            "/campaigns/vindur/payouts",
            LANG.t1("payouts-title", "campaign", "Vindur"),
        ),
        slug: "vindur".to_owned(),
        number: 2,
        state,
        parts,
        is_estimate,
        history: vec![
            (LANG.t1("payout-happened-asked", "who", "Marta"), NOW),
            (LANG.t1("payout-happened-approved-steward", "who", "Teo"), NOW),
        ],
        to: Some(LANG.t2("payout-to", "holder", "Ströndin svf.", "last", "3000")),
        frozen: Vec::new(),
        next: LANG.t("payout-next-asked").to_owned(),
        statement: (!is_estimate).then(|| StatementShown {
            lines: vec![
                line("statement-gifts", 120_000, false),
                line("statement-left", -10_000, false),
                line("statement-taken", 110_000, true),
            ],
            bank_reference: Some("FELAG 0001".to_owned()),
            entry_number: 512,
            entry_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            csv: "/campaigns/vindur/payouts/2/statement.csv".to_owned(),
            pdf: "/campaigns/vindur/payouts/2/statement.pdf".to_owned(),
        }),
        page: frame,
    }
}

fn line(label: &'static str, minor: i64, is_sum: bool) -> StatementLine {
    StatementLine {
        label: LANG.t(label).to_owned(),
        amount: euro(minor),
        is_sum,
    }
}

fn queue() -> QueuePage {
    QueuePage {
        page: signed_in(LANG.t("payouts-queue-title")),
        under_way: vec![QueueLine {
            slug: "vindur".to_owned(),
            number: 2,
            campaign: "Vindur".to_owned(),
            project: "Ströndin".to_owned(),
            state: PayoutState::Asked,
            amount: euro(110_000),
            since: NOW,
        }],
        came_back: vec![QueueLine {
            slug: "moinho".to_owned(),
            number: 1,
            campaign: "Moinho".to_owned(),
            project: "Moinho".to_owned(),
            state: PayoutState::Returned,
            amount: euro(100_000),
            since: NOW,
        }],
        held_too_long: vec![HeldLine {
            slug: "froe".to_owned(),
            campaign: "A seed sorter".to_owned(),
            held: euro(4_300),
            collected_at: NOW,
        }],
    }
}

fn fees() -> FeesPage {
    let row = |currency: Currency| {
        let example = Money::from_minor(3_000, currency);
        FeeRow {
            currency,
            smallest: Money::from_minor(100, currency),
            fixed: CURRENT.provider_fixed(currency),
            example,
            net: CURRENT.net(example).net,
        }
    };
    FeesPage {
        page: page(LANG.t("fees-title")),
        schedules: PUBLISHED.iter().rev().collect(),
        rows: Currency::OFFERED.iter().copied().map(row).collect(),
    }
}
