//! The campaigns of the demo, one a file. Projects, people and places are made up.

mod bico;
mod flettir;
mod flickwerk;
mod froe;
mod hlust;
mod kiln;
mod lastkarre;
mod lerbund;
mod lupa;
mod malha;
mod moinho;
mod oven;
mod pressa;
mod regn;
mod secador;
mod skrin;
mod tang;
mod ull;
mod vindur;

use super::script::Script;

/// All of them: four open, one in each further state of a campaign, and one in each state of a loan.
pub static ALL: [Script; 19] = [
    vindur::SCRIPT,
    oven::SCRIPT,
    lupa::SCRIPT,
    malha::SCRIPT,
    flickwerk::SCRIPT,
    flettir::SCRIPT,
    hlust::SCRIPT,
    froe::SCRIPT,
    kiln::SCRIPT,
    regn::SCRIPT,
    moinho::SCRIPT,
    pressa::SCRIPT,
    secador::SCRIPT,
    ull::SCRIPT,
    lastkarre::SCRIPT,
    tang::SCRIPT,
    bico::SCRIPT,
    skrin::SCRIPT,
    lerbund::SCRIPT,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::demo::cast::{MEMBERS, backer};

    #[test]
    fn every_budget_adds_up_and_every_name_is_in_the_cast() {
        for script in &ALL {
            let (ask, name) = (&script.campaign, script.project.name);
            let at = |which: fn(&crate::demo::script::Line) -> u32| ask.budget.iter().map(which).sum::<u32>();
            assert_eq!(
                (at(|line| line.2), at(|line| line.3)),
                (ask.minimum, ask.full_plan),
                "{name}"
            );
            assert!(
                MEMBERS.iter().any(|member| member.email == script.owner),
                "{name}"
            );
            for gift in script.gifts {
                let price = gift.reward.map_or(0, |nth| ask.rewards[nth].price);
                assert!(gift.amount >= price, "{name}: {} gives {}", gift.who, gift.amount);
                assert!(
                    backer(gift.who).is_ok() && gift.day < i16::try_from(ask.days).unwrap(),
                    "{name}: {}",
                    gift.who
                );
            }
            let once: HashSet<_> = script.gifts.iter().map(|gift| gift.who).collect();
            assert_eq!(once.len(), script.gifts.len(), "{name}: everybody gives once");
        }
    }

    #[test]
    fn names_and_titles_are_not_used_twice() {
        let titles: HashSet<_> = ALL.iter().map(|script| script.campaign.title).collect();
        let names: HashSet<_> = ALL.iter().map(|script| script.project.name).collect();
        assert_eq!((titles.len(), names.len()), (ALL.len(), ALL.len()));
    }
}
