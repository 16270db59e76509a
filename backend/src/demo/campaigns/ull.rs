//! Funded, with a loan that is late: a spinning machine for small flocks.

use felag_domain::pledge::Visibility::{Named, ToProject};
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{LENDER, OWNER, TREASURER};
use crate::demo::script::{
    Act, Campaign, Course, Deed, Lender, Line, Loan, Money, Project, Return, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Ull",
        summary: "A spinning machine for flocks that are too small for a mill.",
        story: "Mills take wool by the tonne. Whoever keeps twelve sheep burns theirs. A machine with four spindles fits \
into a garage, and everything on it can be made in a workshop.",
        place: "Hvolsvöllur, Iceland",
        homepage: "https://ull.example",
        repository: "https://ull.example/source",
        licences: "CERN-OHL-S-2.0",
        holder: TypedHolder {
            name: "Ull, samvinnufélag",
            form: "cooperative",
            country: "IS",
            address: "Sunnubraut 8\n860 Hvolsvöllur",
            register: "000000-0053",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "Four spindles for small flocks",
        summary: "The second machine goes to the people who lend and give for it, one week each.",
        currency: "EUR",
        minimum: 800,
        full_plan: 1_400,
        days: 14,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The first machine spun ninety kilograms last winter. The second one is built for carrying: it goes to a \
farm for a week, and on to the next.\n\n\
Spinning brings eleven euros a kilogram. The loan comes back from that.",
        risks: "If a bearing fails, the machine stands still until the part comes by ship.",
        budget: &[
            Line("material", "Spindles, motor and frame", 550, 900),
            Line("task", "Building the second machine", 250, 500),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Drawings and the list of parts",
            licence: "CERN-OHL-S-2.0",
            months: 4,
            place: "https://ull.example/source/drawings",
        }],
    },
    course: Course::Opened { days_ago: 66 },
    updates: &[Update {
        day: 60,
        title: "Why we are late",
        body: "The motor burnt out in the second week, and the new one came two weeks late. Nothing was spun \
meanwhile, so nothing was earned. Two farms have paid since; the instalment follows as soon as the third has.",
    }],
    follows: &[(4, "dagny")],
    gifts: &[
        gift(1, "ivar", 90),
        gift(4, "stig", 140),
        gift(7, "lotte", 60),
        gift(10, "greta", 75).quietly(),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(11, Act::Loan(Deed::Sign)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(TREASURER)),
        Money(22, Act::Approve(OWNER)),
        Money(23, Act::Approve(TREASURER)),
    ],
    loan: Some(Loan {
        amount: 500,
        least: 500,
        rate: "5",
        instalments: "6",
        period: "monthly",
        purpose: "Spindles and a motor, bought in one order.",
        security: "",
        figures: "Ninety kilograms were spun last winter for €990. Costs were €310, most of it electricity and oil.",
        risks: "All of it hangs on one machine. While it stands still, nothing is earned.",
        counts: true,
        lenders: &[
            Lender(2, LENDER, 200, Named),
            Lender(5, "joana@lupa.example", 180, Named),
            Lender(6, "hanne@froe.example", 120, ToProject),
        ],
    }),
};
