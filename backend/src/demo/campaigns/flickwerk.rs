//! In review, for the second time: a repair café.

use felag_domain::project::TypedHolder;

use crate::demo::script::{Campaign, Course, Line, Project, Return, Reward, Script};

pub const SCRIPT: Script = Script {
    owner: "mira@muehlenplatz.example",
    project: Project {
        name: "Flickwerk",
        summary: "A repair café with workbenches, spare parts and people who like old radios.",
        story: "Every second Saturday people bring what is broken, and others help them to mend it. Two of three \
things go home working. What we learn about each of them, we write down.",
        place: "Leipzig, Germany",
        homepage: "https://flickwerk.example",
        repository: "",
        licences: "CC-BY-SA-4.0",
        holder: TypedHolder {
            name: "Flickwerk e. V.",
            form: "association",
            country: "DE",
            address: "Gerberstraße 20\n04000 Leipzig",
            register: "VR 00002",
            tax_number: "",
            signatory: "Mira Hartwig",
        },
    },
    campaign: Campaign {
        title: "A workshop of its own for the repair café",
        summary: "Six workbenches, good light, and repair guides with photographs for everybody.",
        currency: "EUR",
        minimum: 2_400,
        full_plan: 4_100,
        days: 35,
        zone: "Europe/Berlin",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "For three years we have repaired on folding tables in the parish hall, and carried everything down \
again at five o'clock. Now we can rent the old shoemaker's shop.\n\n\
The rent is paid by those who use it. What is missing are benches, light, extraction for soldering, and a first \
stock of spare parts.\n\n\
Each repair becomes a page with photographs: what was broken, how it opens, what the part costs.",
        risks: "The lease is signed for two years. If it is not renewed, the benches are made to be taken apart and \
move with us.\n\n\
Repairing mains voltage is dangerous. Two of us are electricians, and nothing leaves the shop without being tested \
by one of them.",
        budget: &[
            Line("infrastructure", "Workbenches, light and extraction", 980, 1_500),
            Line("material", "Tools and spare parts", 720, 1_150),
            Line("task", "Training for twelve repairers", 400, 750),
            Line("task", "Repair guides with photographs", 300, 700),
        ],
        rewards: &[Reward {
            title: "A radio evening",
            description: "We open one together, and it plays when you leave.",
            price: 30,
            limit: Some(20),
            months: 5,
            is_sale: false,
        }],
        returns: &[Return {
            kind: "manual",
            title: "Two hundred repair guides",
            licence: "CC-BY-SA-4.0",
            months: 10,
            place: "https://flickwerk.example/guides",
        }],
    },
    course: Course::InReview {
        days_ago: 5,
        words: "Thank you, this is nearly ready. Please say under risks how you keep people safe at mains voltage, \
and what becomes of the benches if the lease ends.",
        risks_before: "The lease is signed for two years.",
    },
    updates: &[],
    follows: &[],
    gifts: &[],
    money: &[],
    loan: None,
};
