//! Closed: rain gauges for schools. Its payout came back once, because the bank account was mistyped, and was paid then.

use felag_domain::project::TypedHolder;

use crate::demo::card::{BANK, NO_BANK};
use crate::demo::cast::{OWNER, TREASURER};
use crate::demo::script::{Act, Campaign, Course, Line, Money, Project, Return, Script, Update, gift};

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Regn",
        summary: "Rain gauges that pupils build, and one map of what they measure.",
        story: "A rain gauge is a funnel, a tipping bucket and patience. Forty schools along the coast build their \
own, and read each other's rain.",
        place: "Reykjanesbær, Iceland",
        homepage: "https://regn.example",
        repository: "https://regn.example/source",
        licences: "CERN-OHL-P-2.0\nCC-BY-4.0",
        holder: TypedHolder {
            name: "Regn, félag um veður",
            form: "association",
            country: "IS",
            address: "Hafnargata 11\n230 Reykjanesbær",
            register: "000000-0030",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "Forty rain gauges for schools",
        summary: "Kits to build in two lessons, and a map that shows the rain as it falls.",
        currency: "EUR",
        minimum: 700,
        full_plan: 1_200,
        days: 14,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The bucket is printed, the funnel is a bottle, and the counter costs less than a bus ticket. What is \
missing are forty kits and a server for three years.\n\n\
Everything that is measured is open from the first minute.",
        risks: "Gauges in playgrounds are used as goalposts. We send ten spare buckets.",
        budget: &[
            Line("material", "Forty kits", 480, 820),
            Line("infrastructure", "Server for three years", 220, 380),
        ],
        rewards: &[],
        returns: &[
            Return {
                kind: "design",
                title: "The gauge",
                licence: "CERN-OHL-P-2.0",
                months: 2,
                place: "https://regn.example/source/gauge",
            },
            Return {
                kind: "data",
                title: "All measurements",
                licence: "CC-BY-4.0",
                months: 3,
                place: "https://regn.example/data",
            },
        ],
    },
    course: Course::Opened { days_ago: 44 },
    updates: &[Update {
        day: 28,
        title: "The money is here",
        body: "The first payout came back: we had mistyped our account number. The second one arrived, and the \
statement is in the books. The kits are ordered.",
    }],
    follows: &[],
    gifts: &[
        gift(0, "dagny", 120),
        gift(1, "backer@felag.example", 60).tip(3),
        gift(3, "ivar", 200),
        gift(5, "stig", 80),
        gift(8, "carys", 150).quietly(),
        gift(12, "ulla", 240),
    ],
    money: &[
        Money(-2, Act::Bank(NO_BANK)),
        Money(16, Act::Approve(OWNER)),
        Money(17, Act::Approve(TREASURER)),
        Money(20, Act::Bank(BANK)),
        Money(24, Act::Ask(TREASURER)),
        Money(25, Act::Approve(OWNER)),
        Money(
            30,
            Act::Spend(TREASURER, 0, 520, "Rafhlutir ehf.", "Parts for forty kits"),
        ),
        Money(
            33,
            Act::Spend(
                TREASURER,
                0,
                98,
                "Prentstofan",
                "Printed buckets, with ten spare ones",
            ),
        ),
        Money(36, Act::Spend(OWNER, 1, 180, "Netbú", "Server for two years")),
        Money(
            37,
            Act::Explain(
                OWNER,
                0,
                "Printing cost more than planned, because we had ten spare buckets made for the playgrounds.",
            ),
        ),
    ],
    loan: None,
};
