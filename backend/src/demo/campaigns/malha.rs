//! Open since yesterday: a network between roofs.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::script::{
    Act, Campaign, Course, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "joana@lupa.example",
    project: Project {
        name: "Malha",
        summary: "A network between our roofs that belongs to the people who use it.",
        story: "Malha links houses by radio, roof to roof. It carries the internet of those who share theirs, and it \
goes on working between the houses when the street's cable is cut.\n\n\
There are six roofs so far. Everybody who joins learns to mend it.",
        place: "Porto, Portugal",
        homepage: "https://malha.example",
        repository: "https://malha.example/git",
        licences: "GPL-2.0-only\nCC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Malha, Cooperativa de Vizinhos",
            form: "cooperative",
            country: "PT",
            address: "Rua da Escada 7\n4000 Porto",
            register: "",
            tax_number: "",
            signatory: "Joana Pires",
        },
    },
    campaign: Campaign {
        title: "Malha, a network of fourteen roofs",
        summary: "Eight more roofs, so that no house hangs on a single link. Plans and guides for every other street.",
        currency: "EUR",
        minimum: 2_800,
        full_plan: 5_200,
        days: 42,
        zone: "Europe/Lisbon",
        if_short: "unwind",
        way: "keep_what_comes",
        story: "Six roofs make a line, and a line breaks when one house moves out. Fourteen make a net.\n\n\
With the first 2,800 euros we buy radios for eight more roofs and put them up together, two Saturdays in spring. With \
the full plan every roof gets a battery, so that the net stays up when the power fails.\n\n\
The co-operative costs its members two euros a month, which pays for spare parts.",
        risks: "Two owners have not signed for their roofs yet. If one of them says no, the link goes round by the \
church tower, which needs a taller mast; there is room for one in the budget.\n\n\
Radio is slower in heavy rain. We publish how much slower, every day.",
        budget: &[
            Line("infrastructure", "Radios and antennas", 1_480, 2_700),
            Line(
                "infrastructure",
                "Masts, cable and lightning protection",
                560,
                1_050,
            ),
            Line("task", "Surveys, and two Saturdays of putting them up", 460, 850),
            Line("task", "Plans, guides and the map", 300, 600),
        ],
        rewards: &[
            Reward {
                title: "A walk over the roofs",
                description: "An afternoon from mast to mast, with a view and a glass of wine.",
                price: 15,
                limit: Some(30),
                months: 5,
                is_sale: false,
            },
            Reward {
                title: "An evening of building antennas",
                description: "You build one and take it home. It receives weather satellites.",
                price: 45,
                limit: Some(16),
                months: 4,
                is_sale: true,
            },
        ],
        returns: &[
            Return {
                kind: "code",
                title: "The radios' set-up, ready to copy",
                licence: "GPL-2.0-only",
                months: 4,
                place: "https://malha.example/git/setup",
            },
            Return {
                kind: "manual",
                title: "From one roof to fourteen: a guide for another street",
                licence: "CC-BY-SA-4.0",
                months: 7,
                place: "https://malha.example/guide",
            },
        ],
    },
    course: Course::Opened { days_ago: 1 },
    updates: &[Update {
        day: 0,
        title: "We are open",
        body: "Thank you for looking in on the first day. The map of the roofs is on our page; ask us anything by \
answering this mail.",
    }],
    follows: &[(0, "paula")],
    gifts: &[
        gift(0, "bruno", 25),
        gift(0, "ines", 45).reward(1),
        gift(0, "tomas", 15).reward(0),
        gift(1, "rosa", 60),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
