//! Funded, with a loan that was given up: a dryer for seaweed whose association is no more.

use felag_domain::pledge::Visibility::{Named, ToProject};
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{LENDER, STEWARD};
use crate::demo::script::{
    Act, Campaign, Course, Deed, Lender, Line, Loan, Money, Project, Return, Script, Update, gift,
};

const OWNER: &str = "runar@tang.example";

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Tång",
        summary: "Seaweed from the shore, dried with the heat that a bakery does not need.",
        story: "Storms throw tonnes of bladderwrack onto our beach. Dried, it feeds gardens. The bakery's oven gives the \
heat away for nothing.",
        place: "Varberg, Sweden",
        homepage: "https://tang.example",
        repository: "",
        licences: "CC-BY-4.0",
        holder: TypedHolder {
            name: "Föreningen Tång",
            form: "association",
            country: "SE",
            address: "Strandvägen 5\n432 00 Varberg",
            register: "800000-0055",
            tax_number: "",
            signatory: "Runar Falk",
        },
    },
    campaign: Campaign {
        title: "A dryer for seaweed behind the bakery",
        summary: "Racks, a fan and a hood: two hundred kilograms a week for gardens along the coast.",
        currency: "EUR",
        minimum: 750,
        full_plan: 1_000,
        days: 14,
        zone: "Europe/Stockholm",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The bakery has offered us its yard and its warm air. Racks and a fan are what is missing. Garden shops \
along the coast have asked for samples.",
        risks: "We depend on the bakery. If it closes, we have no heat.",
        budget: &[
            Line("material", "Racks, fan and hood", 500, 650),
            Line("task", "Building and a summer of measuring", 250, 350),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "data",
            title: "How much heat a kilogram takes",
            licence: "CC-BY-4.0",
            months: 4,
            place: "https://tang.example/data",
        }],
    },
    course: Course::Opened { days_ago: 98 },
    updates: &[
        Update {
            day: 58,
            title: "The bakery has closed",
            body: "It closed at the end of the month, and with it our heat. The dryer stands in the yard, cold. We \
cannot pay the first instalment, and will tell you here what becomes of the rest.",
        },
        Update {
            day: 85,
            title: "What is left",
            body: "The members have dissolved the association. Racks and fan were sold for sixty euros, and all of it \
went to the lenders. What we measured until then is published. We are sorry; it did not work.",
        },
    ],
    follows: &[],
    gifts: &[
        gift(2, "nils", 80),
        gift(3, "kaja", 110),
        gift(5, "signe", 50),
        gift(9, "carys", 70),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(11, Act::Loan(Deed::Sign)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(STEWARD)),
        Money(22, Act::Approve(OWNER)),
        Money(23, Act::Approve(STEWARD)),
        Money(
            64,
            Act::Loan(Deed::Default(
                "The bakery that gave the heat has closed, and the association has decided to dissolve.",
            )),
        ),
        // The card of this payment would be asked for the rest the next morning: what is left is given up before.
        Money(83, Act::Loan(Deed::Pay(60))),
        Money(
            83,
            Act::Loan(Deed::WriteOff(
                "The association was dissolved. Everything it owned was sold, and the lenders got all of it.",
            )),
        ),
    ],
    loan: Some(Loan {
        amount: 450,
        least: 450,
        rate: "6",
        instalments: "6",
        period: "monthly",
        purpose: "Racks, a fan and a hood.",
        security: "",
        figures: "Nothing was sold yet. Five garden shops have asked for samples. The association has thirty members \
and no debts.",
        risks: "Everything depends on one bakery. Nobody knows yet what the shops will pay.",
        counts: true,
        lenders: &[
            Lender(1, LENDER, 150, Named),
            Lender(3, "mira@muehlenplatz.example", 200, ToProject),
            Lender(6, "joana@lupa.example", 100, Named),
        ],
    }),
};
