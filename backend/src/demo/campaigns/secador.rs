//! Funded, with a loan that is repaid on time: a solar dryer for fruit.

use felag_domain::pledge::Visibility::{Named, ToProject};
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{BACKER, LENDER, STEWARD};
use crate::demo::script::{
    Act, Campaign, Course, Deed, Lender, Line, Loan, Money, Project, Return, Script, Update, gift,
};

const OWNER: &str = "joana@lupa.example";

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Secador",
        summary: "A dryer for figs and tomatoes that needs sun, and nothing else.",
        story: "Figs ripen in three weeks and spoil in two days. A dryer of glass, sheet metal and a chimney keeps them \
for a winter. We have run a small one for two summers, and measured it.",
        place: "Mértola, Portugal",
        homepage: "https://secador.example",
        repository: "https://secador.example/source",
        licences: "CERN-OHL-W-2.0\nCC-BY-4.0",
        holder: TypedHolder {
            name: "Cooperativa Secador, CRL",
            form: "cooperative",
            country: "PT",
            address: "Rua da Ribeira 9\n7750 Mértola",
            register: "000 000 052",
            tax_number: "",
            signatory: "Joana Pires",
        },
    },
    campaign: Campaign {
        title: "A solar dryer for a whole village",
        summary: "Six square metres of glass on the roof of the co-operative, and plans for one half the size.",
        currency: "EUR",
        minimum: 1_300,
        full_plan: 2_000,
        days: 14,
        zone: "Europe/Lisbon",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The co-operative sells what is dried. A kilogram of figs brings twice as much in December as in \
August: that pays back a loan in a year.\n\n\
The gifts pay for measuring, drawing and writing down.",
        risks: "A wet September halves the harvest. Hail breaks glass; two spare panes are in the budget.",
        budget: &[
            Line("material", "Glass, sheet metal and fans", 900, 1_300),
            Line("task", "Building on the roof", 400, 500),
            Line("task", "Plans in three languages", 0, 200),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Plans of the dryer in two sizes",
            licence: "CERN-OHL-W-2.0",
            months: 4,
            place: "https://secador.example/source/plans",
        }],
    },
    course: Course::Opened { days_ago: 68 },
    updates: &[Update {
        day: 40,
        title: "The glass is on the roof",
        body: "It took two mornings. The first figs were dry on the third day, a day sooner than we had hoped.",
    }],
    follows: &[(6, "kofi")],
    gifts: &[
        gift(0, "ines", 100),
        gift(2, "bruno", 150),
        gift(6, "rosa", 80),
        gift(9, "enzo", 60).tip(2),
        gift(12, "paula", 120),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(11, Act::Loan(Deed::Sign)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(STEWARD)),
        Money(22, Act::Approve(OWNER)),
        Money(23, Act::Approve(STEWARD)),
        Money(46, Act::Loan(Deed::PayNext)),
    ],
    loan: Some(Loan {
        amount: 1_200,
        least: 900,
        rate: "4.5",
        instalments: "12",
        period: "monthly",
        purpose: "Glass, sheet metal and fans. The co-operative sells what is dried, and pays back from that.",
        security: "The dryer itself: it can be taken down and sold.",
        figures: "Last year 310 kilograms were sold for €4,030; costs were €2,480. The co-operative has no other debts.",
        risks: "Prices fall when the harvest is large. The first instalments fall into months with little to sell.",
        counts: true,
        lenders: &[
            Lender(1, LENDER, 400, Named),
            Lender(3, BACKER, 300, ToProject),
            Lender(5, "hanne@froe.example", 250, Named),
            Lender(8, "mira@muehlenplatz.example", 250, Named),
        ],
    }),
};
