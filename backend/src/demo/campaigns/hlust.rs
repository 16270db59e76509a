//! Funded: firmware for hearing aids. A part of one gift was given back.

use felag_domain::project::TypedHolder;

use crate::demo::card::{ASKS_ALWAYS, BANK, DECLINES};
use crate::demo::cast::OWNER;
use crate::demo::script::{
    Act, Campaign, Course, Later, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "owner@felag.example",
    project: Project {
        name: "Hlust",
        summary: "Firmware for hearing aids that its wearers may read, tune and repair.",
        story: "A hearing aid is a small computer that somebody wears sixteen hours a day. Hlust is firmware for one \
that its wearer may open: every filter is documented, every setting can be changed, nothing is locked to a shop.",
        place: "Akureyri, Iceland",
        homepage: "https://hlust.example",
        repository: "https://hlust.example/source",
        licences: "AGPL-3.0-or-later\nCERN-OHL-S-2.0",
        holder: TypedHolder {
            name: "Hlust sjálfseignarstofnun",
            form: "foundation",
            country: "IS",
            address: "Brekkugata 9\n600 Akureyri",
            register: "000000-0030",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "Hlust 1.0, hearing-aid firmware you may read",
        summary: "A quieter filter, fitting curves you can change at home, and tests with twenty wearers.",
        currency: "EUR",
        minimum: 2_500,
        full_plan: 5_000,
        days: 30,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Hlust runs on a board the size of a matchbox. It is no medical device, and we do not call it one: it \
is for people who want to understand and change what they hear.\n\n\
Version 1.0 needs a filter that does not whistle, curves that can be set at home, and tests by people who know what \
good sound is because they have missed it.",
        risks: "The new filter may need more power than a small battery gives. Then 1.0 keeps the old one for small \
batteries, and says so.\n\n\
Listening tests depend on volunteers; with fewer than twenty the results say less, and we would publish them as \
they are.",
        budget: &[
            Line("task", "Noise filter and fitting curves", 1_200, 2_200),
            Line("material", "Boards and microphones", 500, 900),
            Line("task", "Listening tests with twenty wearers", 450, 1_000),
            Line("infrastructure", "Measuring box and calibration", 350, 900),
        ],
        rewards: &[
            Reward {
                title: "A board to try, assembled",
                description: "With the firmware on it, and headphones that do it justice.",
                price: 110,
                limit: Some(8),
                months: 3,
                is_sale: true,
            },
            Reward {
                title: "A line in the release notes",
                description: "Your name, or the name of somebody who hears better since.",
                price: 20,
                limit: None,
                months: 3,
                is_sale: false,
            },
        ],
        returns: &[
            Return {
                kind: "code",
                title: "The firmware, version 1.0",
                licence: "AGPL-3.0-or-later",
                months: 4,
                place: "https://hlust.example/source",
            },
            Return {
                kind: "data",
                title: "Results of the listening tests, without names",
                licence: "CC-BY-4.0",
                months: 6,
                place: "https://hlust.example/tests",
            },
        ],
    },
    course: Course::Opened { days_ago: 52 },
    updates: &[
        Update {
            day: 8,
            title: "The whistle is gone, in the laboratory",
            body: "The new filter finds the whistle before an ear does. What is left is to make it fast enough for \
the small board.",
        },
        Update {
            day: 31,
            title: "Funded, and what happens now",
            body: "The minimum was promised, and the cards have been charged. The microphones are ordered. Every \
payment stands in the public books with its fee.",
        },
        Update {
            day: 45,
            title: "The first five wearers",
            body: "Five people have worn Hlust for a week. Two of them heard birds. All five asked for a louder \
setting for the kitchen, which is now in the plan.",
        },
    ],
    follows: &[(2, "maeve"), (20, "vera"), (26, "wim")],
    gifts: &[
        gift(0, "signe", 110).reward(0),
        gift(0, "elif", 20).reward(1),
        gift(0, "otto", 50),
        gift(1, "backer@felag.example", 80)
            .card(ASKS_ALWAYS)
            .tip(4)
            .then(31, Later::Confirm),
        gift(2, "kaja", 20).reward(1),
        gift(3, "chidi", 150),
        gift(5, "tamsin", 110).reward(0),
        gift(7, "luka", 45).card(DECLINES),
        gift(9, "joris", 300),
        gift(11, "enzo", 20).reward(1),
        gift(13, "ada", 75),
        gift(15, "nadia", 250).for_project(),
        gift(17, "yusuf", 30),
        gift(19, "ines", 110).reward(0).tip(5),
        gift(21, "piotr", 500),
        gift(23, "lotte", 40).quietly(),
        gift(25, "matteo", 200),
        gift(27, "hamza", 60),
        gift(28, "zofia", 120),
        gift(28, "fenna", 350),
        gift(29, "olena", 100),
        gift(29, "davor", 20).reward(1),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(
            32,
            Act::GiveBack(
                OWNER,
                "joris",
                50,
                "You paid for two kits, and we can make you one.",
            ),
        ),
        Money(45, Act::Approve(OWNER)),
    ],
    loan: None,
};
