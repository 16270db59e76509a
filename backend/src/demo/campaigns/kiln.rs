//! Unwound: the minimum was promised, one large card was declined until the window ended, and everything went back.

use felag_domain::project::TypedHolder;

use crate::demo::card::{BANK, DECLINES};
use crate::demo::script::{
    Act, Campaign, Course, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "mira@muehlenplatz.example",
    project: Project {
        name: "Brennofen Muldental",
        summary: "One kiln for the potters of three villages, and its plans for everybody.",
        story: "Nine potters in three villages have no kiln, or one that eats electricity like a bakery. Together we \
build one that burns waste wood, and fire it every second Sunday.",
        place: "Grimma, Germany",
        homepage: "https://brennofen.example",
        repository: "",
        licences: "CC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Brennofen Muldental eG",
            form: "cooperative",
            country: "DE",
            address: "Dorfstraße 31\n04600 Grimma",
            register: "GnR 0003",
            tax_number: "",
            signatory: "Mira Hartwig",
        },
    },
    campaign: Campaign {
        title: "A kiln shared by three villages",
        summary: "It burns waste wood, reaches 1,280 degrees, and can be built from a list of parts.",
        currency: "EUR",
        minimum: 1_900,
        full_plan: 3_000,
        days: 26,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The kiln stands on wheels. It spends a month in each village, and whoever fires it teaches somebody \
else.\n\n\
At the minimum we build it. With the full plan it gets a second chamber, which uses the heat of the first one again.",
        risks: "Bricks for this heat have become dear. If they rise again before we buy, the second chamber waits.\n\n\
We have little room in the minimum: if much less than promised is paid, we cannot build.",
        budget: &[
            Line("material", "Insulating bricks and fibre", 900, 1_300),
            Line("task", "Welding the frame, and the first firings", 550, 900),
            Line("infrastructure", "Trailer and chimney", 450, 800),
        ],
        rewards: &[Reward {
            title: "A cup from the first firing",
            description: "Each one is different, and some lean.",
            price: 40,
            limit: Some(40),
            months: 4,
            is_sale: false,
        }],
        returns: &[Return {
            kind: "design",
            title: "Plans of the kiln",
            licence: "CC-BY-SA-4.0",
            months: 5,
            place: "https://brennofen.example/plans",
        }],
    },
    course: Course::Opened { days_ago: 42 },
    updates: &[
        Update {
            day: 33,
            title: "Less was paid than promised",
            body: "One large gift could not be charged, and without it the kiln cannot be built as planned. We said \
before we began what happens then: everything goes back.",
        },
        Update {
            day: 36,
            title: "Your money is on its way back",
            body: "Every gift has been given back in full. Some banks take ten days. We are looking for a second-hand \
trailer, and will ask again in spring.",
        },
    ],
    follows: &[(5, "noor")],
    gifts: &[
        gift(0, "lotte", 60).reward(0),
        gift(0, "zofia", 40).reward(0),
        gift(2, "greta", 100),
        gift(4, "bela", 25),
        gift(8, "amin", 150),
        gift(11, "hamza", 80).reward(0),
        gift(14, "rania", 600).card(DECLINES),
        gift(18, "piotr", 50).reward(0),
        gift(20, "vera", 200),
        gift(23, "jana", 75),
        gift(25, "luka", 540).for_project(),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
