//! Cancelled by its owner before the deadline: a box that lends tools.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::cast::OWNER;
use crate::demo::script::{Act, Campaign, Course, Line, Money, Project, Return, Script, gift};

pub const SCRIPT: Script = Script {
    owner: OWNER,
    project: Project {
        name: "Skrín",
        summary: "A box at the harbour that lends tools by the hour.",
        story: "Everybody at the harbour owns the same drill. One good one in a box with a list is enough for all.",
        place: "Siglufjörður, Iceland",
        homepage: "https://skrin.example",
        repository: "https://skrin.example/source",
        licences: "CC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Skrín, félagasamtök",
            form: "association",
            country: "IS",
            address: "Hafnargata 2\n580 Siglufjörður",
            register: "000000-0061",
            tax_number: "",
            signatory: "Sunna Birgisdóttir",
        },
    },
    campaign: Campaign {
        title: "Tools in a box at the harbour",
        summary: "Nine tools, a lock and a list, for everybody who ties up here.",
        currency: "EUR",
        minimum: 700,
        full_plan: 1000,
        days: 30,
        zone: "Atlantic/Reykjavik",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "The harbour gives the place. The box is built from the old fish crates.",
        risks: "If tools do not come back, the list gets shorter.",
        budget: &[
            Line("material", "Tools and a lock", 520, 760),
            Line("task", "Building the box", 180, 240),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "manual",
            title: "How to run such a box",
            licence: "CC-BY-SA-4.0",
            months: 5,
            place: "https://skrin.example/source",
        }],
    },
    course: Course::Opened { days_ago: 40 },
    updates: &[],
    follows: &[],
    gifts: &[gift(1, "signe", 40), gift(3, "otto", 25)],
    money: &[Money(-2, Act::Bank(BANK)), Money(12, Act::CallOff)],
    loan: None,
};
