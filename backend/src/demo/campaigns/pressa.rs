//! Closed, with a loan that is repaid: a cider press that travels between orchards.

use felag_domain::pledge::Visibility::{Named, ToProject};
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{BACKER, LENDER, STEWARD};
use crate::demo::script::{
    Act, Campaign, Course, Deed, Lender, Line, Loan, Money, Project, Return, Script, Update, gift,
};

const OWNER: &str = "hanne@froe.example";

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Rullepressen",
        summary: "A press on a trailer that goes from orchard to orchard, and drawings so that yours can too.",
        story: "Every autumn tonnes of apples rot under trees because the nearest press is an hour away. We put one on \
a trailer. Whoever has apples brings jars and an hour of work.",
        place: "Svendborg, Denmark",
        homepage: "https://rullepressen.example",
        repository: "https://rullepressen.example/source",
        licences: "CERN-OHL-S-2.0",
        holder: TypedHolder {
            name: "Foreningen Rullepressen",
            form: "association",
            country: "DK",
            address: "Havnepladsen 2\n5700 Svendborg",
            register: "00 00 00 51",
            tax_number: "",
            signatory: "Hanne Bak",
        },
    },
    campaign: Campaign {
        title: "A cider press on wheels",
        summary: "Gifts pay for the drawings, a loan for the steel: the press earns it back in one autumn.",
        currency: "EUR",
        minimum: 700,
        full_plan: 1_100,
        days: 14,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The trailer stands in our yard. The press, the mill and a pump are what is missing.\n\n\
Forty orchards pay fifteen euros for a morning of pressing. That is how the loan comes back.",
        risks: "A bad year for apples means fewer mornings. Then we pay back from the association's dues.",
        budget: &[
            Line("material", "Press, mill and pump", 600, 800),
            Line("task", "Drawings and a list of parts", 100, 300),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Drawings of trailer, mill and press",
            licence: "CERN-OHL-S-2.0",
            months: 3,
            place: "https://rullepressen.example/source/drawings",
        }],
    },
    course: Course::Opened { days_ago: 82 },
    updates: &[Update {
        day: 70,
        title: "The loan is paid back",
        body: "Thirty-seven orchards pressed with us. The last instalment left this week, and the drawings are in the \
repository with the changes that the autumn taught us.",
    }],
    follows: &[],
    gifts: &[
        gift(1, "signe", 60),
        gift(3, "wim", 80),
        gift(5, "ulla", 40),
        gift(8, "otto", 120).tip(3),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(11, Act::Loan(Deed::Sign)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(STEWARD)),
        Money(22, Act::Approve(OWNER)),
        Money(23, Act::Approve(STEWARD)),
        Money(30, Act::Loan(Deed::Account(LENDER, "DE"))),
        Money(36, Act::Loan(Deed::PayNext)),
    ],
    loan: Some(Loan {
        amount: 600,
        least: 450,
        rate: "3",
        instalments: "3",
        period: "two_weekly",
        purpose: "Press, mill and pump, second hand from a school kitchen.",
        security: "",
        figures: "Forty orchards have said that they will come, at fifteen euros a morning. The association has ninety \
members who pay twenty euros a year, and no debts.",
        risks: "Frost in May may take the apples. The pump is second hand.",
        counts: true,
        lenders: &[
            Lender(2, LENDER, 250, Named),
            Lender(4, BACKER, 200, Named),
            Lender(7, "joana@lupa.example", 150, ToProject),
        ],
    }),
};
