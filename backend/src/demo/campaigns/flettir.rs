//! Collecting: the minimum was promised two days ago, and some cards wait for their people or for another try. One
//! payment is disputed.

use felag_domain::project::TypedHolder;

use crate::demo::card::{ASKS_ALWAYS, ASKS_ONCE, BANK, DECLINES, DISPUTES, NO_FUNDS};
use crate::demo::script::{
    Act, Campaign, Course, Later, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "owner@felag.example",
    project: Project {
        name: "Flettir",
        summary: "A book scanner that small libraries can build, and that is kind to old bindings.",
        story: "Parish registers, fishing logs, a newspaper that printed ninety copies: much of what small libraries \
keep exists once. Flettir scans a book at an angle of ninety degrees, so that its spine is never pressed flat.",
        place: "Ísafjörður, Iceland",
        homepage: "https://flettir.example",
        repository: "https://flettir.example/source",
        licences: "CERN-OHL-P-2.0\nMIT",
        holder: TypedHolder {
            name: "Flettir, félag um opin söfn",
            form: "association",
            country: "IS",
            address: "Safnatröð 2\n400 Ísafjörður",
            register: "000000-0020",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "A book scanner for small libraries",
        summary: "Two cameras, a glass wedge and a foot pedal: six hundred pages an hour, and no bent spine.",
        currency: "EUR",
        minimum: 2_200,
        full_plan: 3_800,
        days: 28,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Sending a rare book away to be scanned costs more than most libraries have, and the book travels. \
Flettir stays in the reading room.\n\n\
We have a working machine made of planks. This campaign builds a proper one, tries it in four libraries, and \
publishes a list of parts that can be ordered anywhere.",
        risks: "The glass must be cut to half a millimetre. If the glazier cannot do it, we order from further away, \
which costs three weeks.\n\n\
Scans of books that are still in copyright may not be published. Each library decides for its own.",
        budget: &[
            Line("material", "Frame, glass and two cameras", 820, 1_250),
            Line("task", "Software for the cameras and the pedal", 600, 1_100),
            Line("task", "Manual and list of parts", 380, 750),
            Line("infrastructure", "Test months in four libraries", 400, 700),
        ],
        rewards: &[
            Reward {
                title: "A day of scanning for your local history",
                description: "Bring what your village keeps. You get the pictures, and so does the library.",
                price: 60,
                limit: Some(8),
                months: 4,
                is_sale: false,
            },
            Reward {
                title: "Printed manual",
                description: "Forty pages, thread-bound, as is fitting.",
                price: 30,
                limit: None,
                months: 5,
                is_sale: false,
            },
        ],
        returns: &[
            Return {
                kind: "design",
                title: "The scanner",
                licence: "CERN-OHL-P-2.0",
                months: 5,
                place: "https://flettir.example/source/frame",
            },
            Return {
                kind: "code",
                title: "Camera software",
                licence: "MIT",
                months: 5,
                place: "https://flettir.example/source/camera",
            },
        ],
    },
    course: Course::Opened { days_ago: 30 },
    updates: &[
        Update {
            day: 9,
            title: "Six hundred pages an hour",
            body: "Measured with a stop watch and a very patient volunteer. The pedal makes the difference: both \
hands stay on the book.",
        },
        Update {
            day: 28,
            title: "The minimum was promised",
            body: "Thank you. Cards are being charged now. If yours was declined, you have a mail with a link: \
there is a week to put it right, and nobody will ask you why.",
        },
    ],
    follows: &[(3, "tamsin"), (11, "piotr")],
    gifts: &[
        gift(0, "dagny", 60).reward(0),
        gift(0, "nils", 100),
        gift(1, "ulla", 30).reward(1),
        gift(2, "backer@felag.example", 60).reward(0).card(ASKS_ALWAYS),
        gift(3, "otto", 40),
        gift(5, "ivar", 200).card(DISPUTES),
        gift(8, "greta", 30).reward(1),
        gift(10, "jana", 25).quietly(),
        gift(12, "stig", 60).reward(0).card(NO_FUNDS),
        gift(14, "maeve", 250).tip(5),
        gift(16, "amin", 75).card(ASKS_ONCE),
        gift(18, "bela", 300),
        gift(20, "florin", 50),
        gift(22, "vera", 35).card(DECLINES),
        gift(24, "wim", 500).for_project(),
        gift(25, "carys", 120),
        gift(26, "noor", 400),
        gift(27, "kofi", 90).card(ASKS_ALWAYS).then(29, Later::Confirm),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
