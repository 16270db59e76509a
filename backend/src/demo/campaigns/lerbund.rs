//! Unpayable: it came to its minimum, and the payment provider has refused its account since. Measuring a lagoon.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::script::{Act, Campaign, Course, Line, Money, Project, Return, Script, gift};

pub const SCRIPT: Script = Script {
    owner: "hanne@froe.example",
    project: Project {
        name: "Lerbund",
        summary: "Floats that measure what a lagoon breathes.",
        story: "A float with a sensor and a solar cell tells every hour how much oxygen is in the water. \
Fishers and schools read it on the same page.",
        place: "Rudkøbing, Denmark",
        homepage: "https://lerbund.example",
        repository: "https://lerbund.example/source",
        licences: "CERN-OHL-S-2.0",
        holder: TypedHolder {
            name: "Foreningen Lerbund",
            form: "association",
            country: "DK",
            address: "Strandgade 5\n5900 Rudkøbing",
            register: "00000083",
            tax_number: "",
            signatory: "Hanne Bak",
        },
    },
    campaign: Campaign {
        title: "Six floats for a shallow lagoon",
        summary: "Six floats, each with a sensor, and a page that shows them.",
        currency: "EUR",
        minimum: 300,
        full_plan: 600,
        days: 14,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Two floats have been out since spring. They need no service but a brush once a month.",
        risks: "Ice may take a float. We bring them in before it comes.",
        budget: &[
            Line("material", "Sensors and solar cells", 240, 480),
            Line("task", "Casting the floats", 60, 120),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Drawings of the float and the board",
            licence: "CERN-OHL-S-2.0",
            months: 5,
            place: "https://lerbund.example/source",
        }],
    },
    course: Course::Opened { days_ago: 34 },
    updates: &[],
    follows: &[],
    gifts: &[gift(1, "ulla", 90), gift(4, "yusuf", 130), gift(9, "wim", 120)],
    money: &[Money(-2, Act::Bank(BANK)), Money(23, Act::AccountRefused)],
    loan: None,
};
