//! Funded, with a loan on a new plan that its lenders agreed to: a cargo bicycle that can be welded anywhere.

use felag_domain::pledge::Visibility::{Named, ToProject};
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{BACKER, LENDER, STEWARD};
use crate::demo::script::{
    Act, Campaign, Course, Deed, Lender, Line, Loan, Money, Project, Return, Script, Update, gift,
};

const OWNER: &str = "mira@muehlenplatz.example";

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Lastkarre",
        summary: "A cargo bicycle made of straight tube, welded in a weekend.",
        story: "Most cargo bicycles cost as much as a small car. Ours is made of straight tube from any metal shop. Six \
of them carry bread, books and children through the quarter.",
        place: "Leipzig, Germany",
        homepage: "https://lastkarre.example",
        repository: "https://lastkarre.example/source",
        licences: "CERN-OHL-S-2.0\nCC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Lastkarre eG",
            form: "cooperative",
            country: "DE",
            address: "Werkstattweg 17\n04000 Leipzig",
            register: "GnR 00054",
            tax_number: "",
            signatory: "Mira Hartwig",
        },
    },
    campaign: Campaign {
        title: "Ten cargo bicycles, and the jig to weld them",
        summary: "A loan buys tube for ten, gifts pay for the jig that everybody may copy.",
        currency: "EUR",
        minimum: 1_200,
        full_plan: 1_800,
        days: 14,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Ten households have ordered a bicycle and pay when it is ready. Between the tube and the last weld \
lie three months: the loan bridges them.",
        risks: "If a household steps back, we sell that bicycle to somebody else, later.",
        budget: &[
            Line("material", "Tube, wheels and brakes for ten", 950, 1_300),
            Line("task", "The jig, and drawings of it", 250, 500),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Drawings of the bicycle and of the jig",
            licence: "CERN-OHL-S-2.0",
            months: 3,
            place: "https://lastkarre.example/source/jig",
        }],
    },
    course: Course::Opened { days_ago: 92 },
    updates: &[Update {
        day: 62,
        title: "The workshop moves, and we ask for time",
        body: "The house where we weld was sold. Until the new workshop has current, no bicycle is finished and none \
is paid for. We have asked our lenders to agree to a new plan; it costs us the interest of the longer time, and them \
nothing.",
    }],
    follows: &[(3, "jana")],
    gifts: &[
        gift(0, "piotr", 100),
        gift(3, "zofia", 120),
        gift(6, "hamza", 90),
        gift(9, "noor", 70).tip(2),
        gift(11, "elif", 60),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(11, Act::Loan(Deed::Sign)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(STEWARD)),
        Money(22, Act::Approve(OWNER)),
        Money(23, Act::Approve(STEWARD)),
        Money(
            62,
            Act::Loan(Deed::NewPlan(
                44,
                "8",
                "The workshop moves, and no bicycle can be finished before January. Eight smaller instalments from then \
on are what the orders that we have can carry.",
            )),
        ),
        Money(64, Act::Loan(Deed::Vote(BACKER, false))),
        Money(66, Act::Loan(Deed::Vote(LENDER, true))),
        Money(67, Act::Loan(Deed::Vote("hanne@froe.example", true))),
    ],
    loan: Some(Loan {
        amount: 1_000,
        least: 800,
        rate: "4",
        instalments: "5",
        period: "monthly",
        purpose: "Tube, wheels and brakes for ten bicycles that are ordered.",
        security: "The bicycles, until they are paid for.",
        figures: "Six bicycles were sold for €3,900; parts cost €2,150. Ten are ordered at €690 each.",
        risks: "We rent the workshop month by month. If we lose it, everything takes longer.",
        counts: true,
        lenders: &[
            Lender(1, LENDER, 450, Named),
            Lender(4, "hanne@froe.example", 350, Named),
            Lender(6, BACKER, 200, ToProject),
        ],
    }),
};
