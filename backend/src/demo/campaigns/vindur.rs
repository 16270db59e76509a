//! Open, past its minimum: a small wind turbine.

use felag_domain::pledge::Visibility;
use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::{BACKER, LENDER};
use crate::demo::script::{
    Act, Campaign, Course, Later, Lender, Line, Loan, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "owner@felag.example",
    project: Project {
        name: "Vindur",
        summary: "A one-kilowatt wind turbine that a village workshop can build, mend and understand.",
        story: "Vindur began in a boat shed in the Westfjords. The grid fails here four or five times each winter, \
and the diesel generators that stand in for it are loud, dear and old.\n\n\
We have built two turbines by hand. Everything we learn goes into drawings that anybody may use: blades carved \
from ash, a hub that can be cast or printed, and electronics made of parts you can buy one at a time.",
        place: "Ísafjörður, Iceland",
        homepage: "https://vindur.example",
        repository: "https://vindur.example/source",
        licences: "CERN-OHL-S-2.0\nCC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Ströndin samvinnufélag",
            form: "cooperative",
            country: "IS",
            address: "Hafnarbakki 4\n400 Ísafjörður",
            register: "000000-0010",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "Vindur, a little wind turbine any village can build",
        summary: "One kilowatt from carved blades and a hub you can cast or print. The plans stay open for good.",
        currency: "EUR",
        minimum: 5_400,
        full_plan: 9_600,
        days: 45,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Our village loses the grid four or five times each winter. One turbine on the harbour wall keeps the \
freezers and the radio mast alive, and costs less than a summer of diesel.\n\n\
We have built two by hand. This campaign turns them into something your village can build without us.\n\n\
## What we will do\n\n\
- **At the minimum** we finish and test one complete machine through a winter, and publish every drawing.\n\
- **With the full plan** we add the printed hub, a second mast height, and the manual in Icelandic, English and \
Spanish.\n\n\
## Who we are\n\n\
Eleven people of the energy co-operative: two boat builders, a teacher, an electrician, and others who hold the \
ladder. The co-operative answers for the money, and its books are open to its members and to you.",
        risks: "The foundry has moved our slot once already. If the hub is late, the winter test starts in January \
instead of November, and the drawings come two months later.\n\n\
A storm may break the machine. That is what the test is for: we would publish what broke and why, and mend it from \
the budget for testing.",
        budget: &[
            Line(
                "material",
                "Blades, hub and generator of one complete machine",
                1_850,
                3_100,
            ),
            Line("material", "Mast, guy wires and brake", 1_150, 1_900),
            Line(
                "task",
                "Building and testing, two months in the boat shed",
                1_400,
                2_400,
            ),
            Line("task", "Drawings and build manual", 600, 1_300),
            Line(
                "infrastructure",
                "Test stand, data logger and insurance",
                400,
                900,
            ),
        ],
        rewards: &[
            Reward {
                title: "Printed build manual",
                description: "Eighty pages with every drawing, posted to you when the winter test is over.",
                price: 35,
                limit: None,
                months: 7,
                is_sale: false,
            },
            Reward {
                title: "A weekend of blade carving",
                description: "Two days in the boat shed, tools and soup included. You take your blade home.",
                price: 180,
                limit: Some(12),
                months: 5,
                is_sale: true,
            },
        ],
        returns: &[
            Return {
                kind: "design",
                title: "All drawings, with part lists and tolerances",
                licence: "CERN-OHL-S-2.0",
                months: 8,
                place: "https://vindur.example/drawings",
            },
            Return {
                kind: "data",
                title: "A winter of wind, power and vibration, measured every second",
                licence: "CC0-1.0",
                months: 9,
                place: "https://vindur.example/data",
            },
            Return {
                kind: "manual",
                title: "The build manual",
                licence: "CC-BY-SA-4.0",
                months: 9,
                place: "https://vindur.example/manual",
            },
        ],
    },
    course: Course::Opened { days_ago: 33 },
    updates: &[
        Update {
            day: 6,
            title: "The first blade is carved",
            body: "It took nineteen hours and two good knives. The second one took eleven. The template is in the \
repository, revision 14, with the mistakes of the first blade marked in red.\n\n\
Thank you to everybody who gave in the first week.",
        },
        Update {
            day: 19,
            title: "The foundry moved our slot",
            body: "The hub will be cast three weeks later than planned. Nothing else changes: the mast and the \
electronics go on, and the winter test still starts before the dark months are over.\n\n\
We wrote down both dates in the plan, the old one and the new one.",
        },
        Update {
            day: 32,
            title: "The minimum is promised",
            body: "With what was promised until today, the whole machine can be built. Anything more goes into the \
printed hub and the Spanish manual, line by line as the budget says.\n\n\
Cards are charged at the deadline, not before.",
        },
    ],
    follows: &[
        (2, "kaja"),
        (8, "yusuf"),
        (15, "lender@felag.example"),
        (21, "olena"),
    ],
    gifts: &[
        gift(0, "dagny", 50),
        gift(0, "ivar", 120).tip(5),
        gift(0, "nils", 35).reward(0),
        gift(0, "ulla", 25),
        gift(0, "otto", 250),
        gift(1, "stig", 180).reward(1),
        gift(1, "signe", 40),
        gift(1, "bela", 20),
        gift(2, "greta", 100),
        gift(2, "backer@felag.example", 60)
            .reward(0)
            .then(9, Later::Change(85)),
        gift(2, "florin", 30),
        gift(3, "wim", 180).reward(1),
        gift(4, "lotte", 15).quietly(),
        gift(5, "tamsin", 75),
        gift(5, "joris", 500).tip(10),
        gift(6, "owner@felag.example", 100),
        gift(7, "ada", 35).reward(0),
        gift(7, "davor", 25),
        gift(9, "matteo", 180).reward(1),
        gift(10, "kofi", 40),
        gift(12, "rania", 60),
        gift(12, "enzo", 20),
        gift(14, "noor", 200),
        gift(14, "jana", 10).quietly(),
        gift(16, "piotr", 35).reward(0),
        gift(17, "hamza", 1_000).for_project(),
        gift(18, "zofia", 50),
        gift(18, "elif", 30),
        gift(20, "lender@felag.example", 150).tip(3),
        gift(21, "fenna", 180).reward(1),
        gift(22, "luka", 45).then(25, Later::Cancel),
        gift(24, "maeve", 250),
        gift(25, "carys", 35).reward(0).tip(3),
        gift(26, "chidi", 75),
        gift(27, "paula", 500),
        gift(27, "rosa", 60),
        gift(28, "tomas", 180).reward(1),
        gift(29, "vera", 40),
        gift(30, "ines", 120),
        gift(30, "amin", 25).quietly(),
        gift(31, "bruno", 350),
        gift(32, "anouk", 100),
        gift(32, "nadia", 400).for_project(),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: Some(Loan {
        amount: 2_000,
        least: 1_000,
        rate: "3.5",
        instalments: "24",
        period: "monthly",
        purpose: "The printed hub and a second mast, bought when the foundry has time for both. The co-operative sells \
the current that the village does not use.",
        security: "The first machine, once it stands.",
        figures: "Last year the co-operative took in €18,400 and spent €16,900. It owes a bank €6,200 until 2029.",
        risks: "A winter without storms earns less. If the winter test fails, selling begins a year later, and we pay \
back from the members' shares.",
        counts: false,
        lenders: &[
            Lender(18, LENDER, 300, Visibility::Named),
            Lender(22, BACKER, 250, Visibility::ToProject),
            Lender(26, "hanne@froe.example", 400, Visibility::Named),
            Lender(31, "mira@muehlenplatz.example", 150, Visibility::Named),
        ],
    }),
};
