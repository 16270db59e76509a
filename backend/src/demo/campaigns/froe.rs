//! Failed: a seed sorter. Nobody was charged.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::script::{
    Act, Campaign, Course, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "hanne@froe.example",
    project: Project {
        name: "Frø",
        summary: "Tools for people who grow, clean and share their own seed.",
        story: "Whoever saves seed by hand knows the evenings with sieves. Frø makes tools for small growers: a \
thresher from a bicycle, a sieve tower, and a sorter that tells good seed from empty husks.",
        place: "Svendborg, Denmark",
        homepage: "https://froe.example",
        repository: "https://froe.example/git",
        licences: "CERN-OHL-S-2.0",
        holder: TypedHolder {
            name: "Foreningen Frø",
            form: "association",
            country: "DK",
            address: "Havnevej 8\n5700 Svendborg",
            register: "00 00 00 10",
            tax_number: "",
            signatory: "Hanne Bak",
        },
    },
    campaign: Campaign {
        title: "A seed sorter for small growers",
        summary: "A camera and a puff of air take out what will not sprout. Two hundred seeds a minute.",
        currency: "DKK",
        minimum: 34_000,
        full_plan: 58_000,
        days: 30,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Machines that sort seed by eye cost as much as a tractor. Ours is slower, and costs as much as a \
bicycle.\n\n\
A prototype sorts beans. This campaign would bring it to peas, grain and the small seeds of herbs, with three \
growers who test it through a harvest.",
        risks: "Small seeds may need a better camera than we planned. Then the sorter is finished for large seeds \
first.\n\n\
Harvest does not wait: if we are late by a month, the test moves by a year.",
        budget: &[
            Line(
                "material",
                "Cameras, valves and frames of three machines",
                12_500,
                21_000,
            ),
            Line("task", "Teaching it peas, grain and herbs", 11_000, 19_000),
            Line(
                "infrastructure",
                "A season of tests with three growers",
                6_500,
                11_000,
            ),
            Line("task", "Plans and manual", 4_000, 7_000),
        ],
        rewards: &[Reward {
            title: "A bag of sorted beans",
            description: "Two hundred of them, and all will sprout.",
            price: 75,
            limit: None,
            months: 8,
            is_sale: false,
        }],
        returns: &[Return {
            kind: "design",
            title: "The sorter",
            licence: "CERN-OHL-S-2.0",
            months: 9,
            place: "https://froe.example/git/sorter",
        }],
    },
    course: Course::Opened { days_ago: 46 },
    updates: &[
        Update {
            day: 10,
            title: "Peas are harder than beans",
            body: "They roll. A brush holds them for a tenth of a second now, and that is enough.",
        },
        Update {
            day: 30,
            title: "It did not come together this time",
            body: "Too little was promised, so nobody is charged and all cards are let go. The bean sorter's plans \
are published as they are.\n\n\
We asked for three machines when one would have told us enough. If we ask again, it will be for one.",
        },
    ],
    follows: &[(4, "dagny"), (12, "lotte")],
    gifts: &[
        gift(0, "signe", 250),
        gift(0, "stig", 100).reward(0),
        gift(2, "nils", 500),
        gift(5, "wim", 150).reward(0),
        gift(9, "ivar", 1_000),
        gift(13, "ulla", 75).reward(0),
        gift(16, "backer@felag.example", 200).reward(0),
        gift(20, "greta", 300),
        gift(24, "fenna", 100).quietly(),
        gift(28, "otto", 2_000),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
