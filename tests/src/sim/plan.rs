//! What a seed decides before its first step: how much trouble there is, and which actions are likely. Some seeds lack
//! some kinds of both ("swarms"), because trouble of one kind hides what another would show.

use super::actions::{self, Action, Phase};
use super::dice::Dice;

/// Kinds of trouble that a seed may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The provider answers wrongly, late or not at all.
    Faults,
    /// News comes late, twice, in disorder or never.
    Webhooks,
    /// Processes die.
    Kills,
    /// Processes stand still for longer than their leases last.
    Freezes,
    /// Nobody works for hours.
    Outages,
    /// The database cuts connections.
    Cuts,
}

impl Trouble {
    const ALL: [Trouble; 6] = [
        Trouble::Faults,
        Trouble::Webhooks,
        Trouble::Kills,
        Trouble::Freezes,
        Trouble::Outages,
        Trouble::Cuts,
    ];
}

/// What a seed is like.
pub struct Knobs {
    pub steps: u64,
    pub trouble: Vec<Trouble>,
    /// Whether processes die at crash points.
    pub crash_points: bool,
    pub campaigns: usize,
    /// Whether the first campaign asks for a loan.
    pub lends: bool,
    actions: Vec<(&'static Action, u32)>,
}

impl Knobs {
    pub fn draw(dice: &mut Dice) -> Self {
        let calm = dice.percent(20);
        let trouble: Vec<Trouble> = Trouble::ALL
            .into_iter()
            .filter(|_| dice.percent(60) && !calm)
            .collect();
        let crash_points = trouble.contains(&Trouble::Kills);
        let lends = dice.percent(40);
        let steps = if lends { (110, 190) } else { (70, 140) };
        let steps = u64::try_from(dice.between(steps.0, steps.1)).unwrap_or(60);
        // A loan lasts for weeks: what happens beside it takes the more time.
        let campaigns = dice.below(if lends { 2 } else { 3 }) + 1;
        let mut actions = Vec::new();
        for action in actions::all() {
            let times = if action.always {
                dice.between(1, 2)
            } else {
                *dice.pick(&[0, 1, 1, 1, 2, 3])
            };
            if action.trouble.is_none_or(|kind| trouble.contains(&kind)) {
                actions.push((action, action.weight * u32::try_from(times).unwrap_or(1)));
            }
        }
        Self {
            steps,
            trouble,
            crash_points,
            campaigns,
            lends,
            actions,
        }
    }

    /// What happens in a step, of what is likely in these phases.
    pub fn next(&self, dice: &mut Dice, phases: &[Phase]) -> &'static Action {
        let now: Vec<(&'static Action, u32)> = self
            .actions
            .iter()
            .map(|(action, weight)| {
                let is_likely = action.phase == Phase::Any || phases.contains(&action.phase);
                let weight = match action.phase {
                    _ if is_likely => weight * 10,
                    // Without a loan there is nothing to refuse.
                    Phase::Lending | Phase::Signing | Phase::LoanWaits | Phase::Repaying => 0,
                    _ => *weight,
                };
                (*action, weight)
            })
            .collect();
        let next: &&'static Action = dice.weighted(&now);
        next
    }

    /// Nothing goes wrong, so nothing needs to be done twice.
    pub fn is_calm(&self) -> bool {
        self.trouble.is_empty()
    }

    pub fn has(&self, trouble: Trouble) -> bool {
        self.trouble.contains(&trouble)
    }
}
