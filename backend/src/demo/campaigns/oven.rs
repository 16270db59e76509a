//! Open, and close to its deadline: a bread oven for a square.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::script::{
    Act, Campaign, Course, Later, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "mira@muehlenplatz.example",
    project: Project {
        name: "Ofen am Mühlenplatz",
        summary: "A wood oven that forty households fire by rota, and plans for the next square.",
        story: "Forty households around Mühlenplatz want to bake together. A bread oven holds its heat for two days: \
pizza on the first evening, bread in the morning, then cakes, and at last it dries herbs.\n\n\
The town gave us the ground under the old pump house. What is missing is the oven.",
        place: "Leipzig, Germany",
        homepage: "https://muehlenplatz.example/ofen",
        repository: "",
        licences: "CC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Nachbarschaft Mühlenplatz e. V.",
            form: "association",
            country: "DE",
            address: "Mühlenplatz 3\n04000 Leipzig",
            register: "VR 00001",
            tax_number: "",
            signatory: "Mira Hartwig",
        },
    },
    campaign: Campaign {
        title: "A wood oven for Mühlenplatz",
        summary: "Built by the neighbours in eight days, fired by rota, drawn so that the next street can copy it.",
        currency: "EUR",
        minimum: 3_200,
        full_plan: 5_000,
        days: 30,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "An oven needs somebody who lights it at five in the morning. We have eleven of them.\n\n\
What we do not have are two tonnes of fire bricks, an iron door, and a mason who shows us how to build a vault that \
stands for fifty years. That is what this campaign pays for.\n\n\
## How it will run\n\n\
Whoever bakes brings wood. The rota is open to everybody in the quarter, members or not. Twice a month the school \
has the oven for a morning.\n\n\
## What others get\n\n\
The plans, the list of parts with prices, the rota, and a list of everything we would do differently.",
        risks: "We may not build in frost. If the money comes late, the vault waits until March.\n\n\
The chimney sweep has approved the drawing, not yet the chimney. If he asks for a taller one, it costs about €300 \
more; the full plan holds that, the minimum does not, and we would ask the association.",
        budget: &[
            Line("material", "Fire bricks, clay and lime", 1_150, 1_500),
            Line("material", "Iron door, grate and chimney", 620, 900),
            Line("task", "A mason for eight days", 1_030, 1_600),
            Line("infrastructure", "Foundation and roof", 400, 650),
            Line("task", "Plans and a booklet in three languages", 0, 350),
        ],
        rewards: &[
            Reward {
                title: "A loaf from the first firing",
                description: "Rye and wheat, two pounds. To be fetched at the square.",
                price: 20,
                limit: Some(60),
                months: 4,
                is_sale: false,
            },
            Reward {
                title: "A morning of baking for two",
                description: "From lighting the fire to the last loaf. Bring an apron.",
                price: 90,
                limit: Some(10),
                months: 5,
                is_sale: true,
            },
            Reward {
                title: "Your name on a brick",
                description: "Scratched into the back of a brick, where only the mason and you know it.",
                price: 50,
                limit: None,
                months: 3,
                is_sale: false,
            },
        ],
        returns: &[
            Return {
                kind: "design",
                title: "Plans of the oven, with every part and its price",
                licence: "CC-BY-SA-4.0",
                months: 5,
                place: "https://muehlenplatz.example/ofen/plaene",
            },
            Return {
                kind: "manual",
                title: "How forty households share one oven: rota, rules, mistakes",
                licence: "CC-BY-SA-4.0",
                months: 8,
                place: "https://muehlenplatz.example/ofen/heft",
            },
        ],
    },
    course: Course::OpenedInTheEvening { days_ago: 29 },
    updates: &[
        Update {
            day: 11,
            title: "The mason has time in spring",
            body: "She can come in the second week of March, for eight days, and brings the wooden form for the \
vault. If the minimum is promised, we order the bricks the day after.",
        },
        Update {
            day: 27,
            title: "Three days left",
            body: "More than a third of the minimum is still missing. If it does not come together, nobody is charged and \
nothing is built this spring; we would try again in a smaller way.\n\n\
The fastest help is to tell a neighbour who bakes.",
        },
    ],
    follows: &[
        (1, "kofi"),
        (6, "backer@felag.example"),
        (13, "florin"),
        (25, "signe"),
    ],
    gifts: &[
        gift(0, "lotte", 50).reward(2),
        gift(0, "greta", 90).reward(1),
        gift(1, "jana", 20).reward(0),
        gift(1, "zofia", 25),
        gift(2, "piotr", 40),
        gift(2, "hamza", 90).reward(1),
        gift(4, "noor", 100).tip(2),
        gift(5, "elif", 20).reward(0),
        gift(7, "otto", 15),
        gift(9, "backer@felag.example", 30).then(20, Later::Cancel),
        gift(10, "fenna", 250),
        gift(12, "bela", 50).reward(2),
        gift(14, "vera", 20).reward(0),
        gift(15, "kaja", 90).reward(1),
        gift(17, "davor", 60),
        gift(19, "enzo", 35).quietly(),
        gift(21, "rania", 500).for_project(),
        gift(22, "nils", 20).reward(0),
        gift(24, "luka", 150),
        gift(25, "wim", 90).reward(1),
        gift(26, "amin", 75),
        gift(26, "olena", 20).reward(0),
        gift(27, "anouk", 300),
        gift(28, "joris", 50).reward(2),
        gift(28, "ada", 200).tip(5),
        gift(28, "yusuf", 40),
        gift(29, "matteo", 25),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
