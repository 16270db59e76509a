//! Short, and going on: less than the minimum was collected, and whoever paid may take the money back for a week.

use felag_domain::project::TypedHolder;

use crate::demo::card::{BANK, DECLINES};
use crate::demo::script::{
    Act, Campaign, Course, Line, Money, Project, Return, Reward, Script, Update, gift,
};

pub const SCRIPT: Script = Script {
    owner: "joana@lupa.example",
    project: Project {
        name: "Moinho de Maré",
        summary: "A tide mill turns again, and everybody may measure what it gives.",
        story: "The mill in the mouth of the river ground salt and corn for three hundred years. We repair one of its \
six wheels, put a small generator on it, and publish what it yields with every tide.",
        place: "Seixal, Portugal",
        homepage: "https://moinho.example",
        repository: "",
        licences: "CERN-OHL-S-2.0\nCC-BY-4.0",
        holder: TypedHolder {
            name: "Associação Moinho de Maré",
            form: "association",
            country: "PT",
            address: "Rua do Moinho 2\n2840-479 Seixal",
            register: "",
            tax_number: "",
            signatory: "Joana Pires",
        },
    },
    campaign: Campaign {
        title: "One wheel of the tide mill turns again",
        summary: "A wheel, a generator, and open readings of every tide.",
        currency: "EUR",
        minimum: 1_200,
        full_plan: 2_000,
        days: 26,
        zone: "Europe/Lisbon",
        if_short: "60",
        way: "all_or_nothing",
        story: "At the minimum one wheel turns and gives what a house needs. With the full plan there is a sluice that \
opens by itself.",
        risks: "Wood under water surprises everybody. If a beam has to be replaced, the sluice waits.",
        budget: &[
            Line("material", "Oak, iron and a bearing", 700, 1_100),
            Line("task", "A millwright for two weeks", 500, 900),
        ],
        rewards: &[Reward {
            title: "A morning at the mill, at low tide",
            description: "We show you the wheels from below. Rubber boots are there.",
            price: 45,
            limit: Some(24),
            months: 5,
            is_sale: false,
        }],
        returns: &[Return {
            kind: "data",
            title: "What the wheel gives, tide by tide",
            licence: "CC-BY-4.0",
            months: 6,
            place: "https://moinho.example/tides",
        }],
    },
    course: Course::Opened { days_ago: 36 },
    updates: &[Update {
        day: 34,
        title: "A little less, and we go on",
        body: "Two cards could not be charged, so we have less than the minimum. As we wrote before we began, we go on \
with it: the wheel turns, the readings come a month later. Whoever would rather have the money back can take it back \
this week; the link is in your mail.",
    }],
    follows: &[(3, "noor")],
    gifts: &[
        gift(0, "lotte", 90).reward(0),
        gift(1, "zofia", 120),
        gift(2, "greta", 45).reward(0),
        gift(6, "amin", 200),
        gift(9, "hamza", 45).reward(0),
        gift(12, "rania", 180).card(DECLINES),
        gift(15, "piotr", 300).tip(6),
        gift(19, "vera", 130).card(DECLINES),
        gift(22, "jana", 110).quietly(),
    ],
    money: &[Money(-2, Act::Bank(BANK))],
    loan: None,
};
