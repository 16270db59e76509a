//! Suspended by a steward: a nozzle for printing clay.

use felag_domain::project::TypedHolder;

use crate::demo::card::BANK;
use crate::demo::script::{Act, Campaign, Course, Line, Money, Project, Return, Script, gift};
use crate::pledges::endings::What;

pub const SCRIPT: Script = Script {
    owner: "joana@lupa.example",
    project: Project {
        name: "Bico",
        summary: "A nozzle that prints clay without clogging.",
        story: "Printers for clay stop when a grain is too large. This nozzle opens for a moment and lets the \
grain through.",
        place: "Aveiro, Portugal",
        homepage: "https://bico.example",
        repository: "https://bico.example/source",
        licences: "CERN-OHL-W-2.0",
        holder: TypedHolder {
            name: "Bico, associação",
            form: "association",
            country: "PT",
            address: "Rua do Canal 12\n3800-100 Aveiro",
            register: "500000018",
            tax_number: "",
            signatory: "Joana Pires",
        },
    },
    campaign: Campaign {
        title: "A nozzle that lets the grain through",
        summary: "Fifty nozzles for workshops that print with the clay they dig.",
        currency: "EUR",
        minimum: 900,
        full_plan: 1400,
        days: 30,
        zone: "Europe/Lisbon",
        if_short: "unwind",
        way: "all_or_nothing",
        story: "Twelve workshops tried the first nozzle for a winter. It clogged four times in three hundred \
hours.\n\n\
With the minimum we make fifty. With the full plan we also print the manual.",
        risks: "The spring comes from one maker. If they stop, the drawing has to change.",
        budget: &[
            Line("material", "Brass and springs", 620, 800),
            Line("task", "Turning fifty nozzles", 280, 600),
        ],
        rewards: &[],
        returns: &[Return {
            kind: "design",
            title: "Drawings of the nozzle",
            licence: "CERN-OHL-W-2.0",
            months: 5,
            place: "https://bico.example/source",
        }],
    },
    course: Course::Opened { days_ago: 14 },
    updates: &[],
    follows: &[(2, "maeve")],
    gifts: &[
        gift(1, "davor", 60),
        gift(2, "elif", 45),
        gift(5, "nils", 120),
        gift(8, "paula", 30).quietly(),
    ],
    money: &[
        Money(-2, Act::Bank(BANK)),
        Money(
            10,
            Act::Decide(
                What::Suspend,
                "A workshop says that the drawings are theirs. We asked both for papers and go on when we have read them.",
            ),
        ),
    ],
    loan: None,
};
