//! Open, with rewards nearly gone: a microscope for schools.

use felag_domain::project::TypedHolder;
use felag_domain::support::Period;

use crate::demo::card::BANK;
use crate::demo::script::{
    Act, Campaign, Course, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "joana@lupa.example",
    project: Project {
        name: "Lupa",
        summary: "A microscope that fits in a school bag, built from printed parts and a camera module.",
        story: "Lupa is a microscope for classrooms. A child can build it in two hours, drop it, and mend it. It shows \
pollen, pond water and the cells of an onion on any screen.\n\n\
Sixty of them are in use in schools around Porto. Each one was built by the class that uses it.",
        place: "Porto, Portugal",
        homepage: "https://lupa.example",
        repository: "https://lupa.example/git",
        licences: "CERN-OHL-W-2.0\nGPL-3.0-or-later\nCC-BY-4.0",
        holder: TypedHolder {
            name: "Lupa Aberta, Associação",
            form: "association",
            country: "PT",
            address: "Travessa do Moinho 12\n4000 Porto",
            register: "",
            tax_number: "",
            signatory: "Joana Pires",
        },
    },
    campaign: Campaign {
        title: "A microscope that fits in a school bag",
        summary: "Forty kits, a brighter lamp, and lessons in four languages. Everything may be copied.",
        currency: "EUR",
        minimum: 3_600,
        full_plan: 6_400,
        days: 40,
        zone: "Europe/Lisbon",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Most school microscopes stand in a cupboard, because they are dear and nobody may touch them. Lupa \
costs as much as a pair of shoes and is made to be taken apart.\n\n\
Teachers ask us for three things: more light, fewer loose screws, and lessons that work with thirty children at \
once. This campaign pays for them.\n\n\
## What we will do\n\n\
1. A lamp with twice the light that still runs from a telephone charger.\n\
2. Forty kits, packed by hand, at the price of their parts.\n\
3. Twelve lessons, tried in six schools, in Portuguese, English, French and Arabic.",
        risks: "The camera module may be discontinued, as it was last year. We keep sixty in stock, which is enough \
for this campaign, and would publish a frame for its successor.\n\n\
Lessons depend on teachers who have little time. If two schools drop out, the lessons come a term later.",
        budget: &[
            Line(
                "material",
                "Lenses, cameras and printed parts of the kits",
                1_500,
                2_400,
            ),
            Line("task", "The new lamp", 700, 1_100),
            Line("task", "Twelve lessons in four languages", 650, 1_300),
            Line("infrastructure", "A second printer, tools and packing", 450, 900),
            Line("task", "Trying it out with six schools", 300, 700),
        ],
        rewards: &[
            Reward {
                title: "A kit to build yourself",
                description: "All parts in a box, with the build manual. You need a screwdriver and two hours.",
                price: 85,
                limit: Some(12),
                months: 4,
                is_sale: true,
            },
            Reward {
                title: "Built and calibrated for a school",
                description: "We build one with a class near you, or send it ready to use. You choose the school.",
                price: 220,
                limit: Some(4),
                months: 5,
                is_sale: false,
            },
            Reward {
                title: "A postcard of pond water",
                description: "The first good picture with the new lamp, printed and posted.",
                price: 10,
                limit: None,
                months: 3,
                is_sale: false,
            },
        ],
        returns: &[
            Return {
                kind: "design",
                title: "The microscope, its lamp and its circuit board",
                licence: "CERN-OHL-W-2.0",
                months: 4,
                place: "https://lupa.example/git/hardware",
            },
            Return {
                kind: "code",
                title: "The viewer, for any browser",
                licence: "GPL-3.0-or-later",
                months: 3,
                place: "https://lupa.example/git/viewer",
            },
            Return {
                kind: "manual",
                title: "Twelve lessons",
                licence: "CC-BY-4.0",
                months: 7,
                place: "https://lupa.example/lessons",
            },
        ],
    },
    course: Course::Opened { days_ago: 18 },
    updates: &[
        Update {
            day: 4,
            title: "The lamp works on the bench",
            body: "Twice the light, and warm to the touch but not hot. The measurements are on the project's page.\n\n\
Next week a class of eleven-year-olds tries to break it.",
        },
        Update {
            day: 13,
            title: "It broke, and we know where",
            body: "A child stepped on it. The clip of the stage snapped, everything else held. The new clip is two \
millimetres thicker and printed lying down. One kit is left at this price.",
        },
    ],
    follows: &[(1, "otto"), (3, "backer@felag.example"), (9, "vera")],
    gifts: &[
        gift(0, "ines", 85).reward(0),
        gift(0, "tomas", 85).reward(0),
        gift(0, "carys", 85).reward(0).tip(2),
        gift(0, "paula", 220).reward(1),
        gift(1, "signe", 85).reward(0),
        gift(1, "kofi", 85).reward(0),
        gift(1, "bruno", 25),
        gift(2, "wim", 85).reward(0),
        gift(2, "tamsin", 85).reward(0),
        gift(3, "maeve", 85).reward(0),
        gift(3, "enzo", 10).reward(2),
        gift(4, "rosa", 220).reward(1),
        gift(5, "anouk", 40),
        gift(6, "chidi", 85).reward(0),
        gift(7, "elif", 15).quietly(),
        gift(8, "nadia", 300).reward(1).tip(10),
        gift(9, "ulla", 85).reward(0),
        gift(10, "stig", 100),
        gift(11, "hamza", 10).reward(2),
        gift(12, "florin", 220).reward(1),
        gift(13, "ivar", 85).reward(0),
        gift(14, "greta", 60),
        gift(15, "olena", 25),
        gift(16, "dagny", 120).for_project(),
        gift(17, "yusuf", 35),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(1, Act::Support("vera", 2, Period::Weekly)),
        Money(4, Act::Support("wim", 10, Period::Monthly)),
        Money(9, Act::Support("zofia", 60, Period::Yearly)),
    ],
    loan: None,
};
