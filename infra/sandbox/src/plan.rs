//! Planned faults: which calls go wrong, how, how often. Chances come from a seed, so that a run can be
//! repeated.

use std::{collections::VecDeque, time::Duration};

use serde::Deserialize;

/// What a planned fault does to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// Done and committed, but the answer is held for 35 s.
    TimeoutAfter,
    /// Done and committed; the connection closes instead of an answer.
    ResetAfter,
    /// Done and committed; this answer is a 500, a replay under the same key tells the truth.
    #[serde(rename = "error_500_after")]
    Error500After,
    /// Done and committed; the 500 is what stays under the key.
    #[serde(rename = "error_500_stored")]
    Error500Stored,
    /// 500 before anything is done.
    #[serde(rename = "error_500_before")]
    Error500Before,
    /// 429 before anything is done.
    RateLimit,
    /// 409 before anything is done, as if the key were in use.
    Conflict,
    /// The connection closes before anything is done.
    ResetBefore,
    /// Nothing is done, and no answer comes for 35 s.
    TimeoutBefore,
    /// Done as usual, two seconds late.
    Slow,
}

impl Effect {
    /// How long it holds a call, if nothing else was said.
    fn usual(self) -> Duration {
        match self {
            // Longer than any client waits.
            Self::TimeoutAfter | Self::TimeoutBefore => Duration::from_secs(35),
            Self::Slow => Duration::from_secs(2),
            _ => Duration::ZERO,
        }
    }
}

/// A fault as a test plans it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planned {
    /// Method and path; `*` stands for one part or any method, a last `**` for whatever follows.
    r#match: String,
    effect: Effect,
    /// How many calls it hits; none: one, or without end if there is a chance.
    times: Option<u32>,
    /// How many matching calls it lets pass first.
    #[serde(default)]
    skip: u32,
    /// The chance of each matching call, in thousandths.
    per_mille: Option<u64>,
    #[serde(default)]
    seed: u64,
    /// How long a call is held, in real milliseconds.
    millis: Option<u64>,
    #[serde(skip)]
    seen: u64,
}

/// A fault that hits a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub effect: Effect,
    pub hold: Duration,
}

impl Planned {
    /// What is wrong with the plan, in words.
    pub(crate) fn check(&self) -> Option<&'static str> {
        if !self.r#match.contains(" /") {
            return Some("match is a method and a path, such as \"POST /v1/refunds\" or \"* /v1/**\"\n");
        }
        if self.times == Some(0) {
            return Some("times is at least 1\n");
        }
        match self.per_mille {
            Some(chance) if !(1..=1000).contains(&chance) => Some("per_mille is from 1 to 1000\n"),
            _ => None,
        }
    }

    /// Whether it hits this call, which matches.
    fn draw(&mut self) -> bool {
        self.seen += 1;
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.per_mille
            .is_none_or(|chance| draw(self.seed, self.seen) % 1000 < chance)
    }

    /// Counts a hit. False when the plan is used up.
    fn count(&mut self) -> bool {
        let left = match (self.times, self.per_mille) {
            (None, Some(_)) => return true,
            (times, _) => times.unwrap_or(1) - 1,
        };
        self.times = Some(left);
        left > 0
    }
}

/// The first plan that hits the call; each is used up in its turn.
pub(crate) fn hit(plans: &mut VecDeque<Planned>, method: &str, path: &str) -> Option<Hit> {
    let mut place = 0;
    while let Some(plan) = plans.get_mut(place) {
        if matches(&plan.r#match, method, path) && plan.draw() {
            let (effect, millis) = (plan.effect, plan.millis);
            if !plan.count() {
                plans.remove(place);
            }
            let hold = millis.map_or(effect.usual(), Duration::from_millis);
            return Some(Hit { effect, hold });
        }
        place += 1;
    }
    None
}

fn matches(pattern: &str, method: &str, path: &str) -> bool {
    let Some((wanted, pattern)) = pattern.split_once(' ') else {
        return false;
    };
    let (mut left, mut right) = (pattern.split('/'), path.split('/'));
    if wanted != method && wanted != "*" {
        return false;
    }
    loop {
        match (left.next(), right.next()) {
            (None, None) | (Some("**"), _) => return true,
            (Some(one), Some(other)) if one == other || one == "*" => {}
            _ => return false,
        }
    }
}

/// The `n`th number of a seed (splitmix64): the same for ever.
pub(crate) fn draw(seed: u64, n: u64) -> u64 {
    let mut z = seed
        .wrapping_mul(0x2545_f491_4f6c_dd1d)
        .wrapping_add(n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> VecDeque<Planned> {
        VecDeque::from([serde_json::from_str(text).unwrap()])
    }

    #[test]
    fn a_pattern_names_calls_by_method_and_parts_of_the_path() {
        let confirm = "/v1/payment_intents/pi_1/confirm";
        assert!(matches("POST /v1/payment_intents/*/confirm", "POST", confirm));
        assert!(matches("* /v1/payment_intents/**", "POST", confirm));
        assert!(matches("POST /v1/**", "POST", confirm));
        assert!(!matches("GET /v1/**", "POST", confirm));
        assert!(!matches("POST /v1/payment_intents/*", "POST", confirm));
        assert!(!matches(
            "POST /v1/payment_intents/*/confirm/**",
            "POST",
            "/v1/payment_intents"
        ));
    }

    #[test]
    fn a_plan_hits_as_often_as_it_says_after_what_it_skips() {
        let mut plans = plan(r#"{"match": "POST /v1/**", "effect": "conflict", "times": 2, "skip": 1}"#);
        let hits: Vec<bool> = (0..5)
            .map(|_| hit(&mut plans, "POST", "/v1/refunds").is_some())
            .collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert!(plans.is_empty());
    }

    #[test]
    fn a_chance_is_the_same_for_the_same_seed_and_near_what_it_says() {
        let run = |seed: u64| -> Vec<bool> {
            let mut plans = plan(&format!(
                r#"{{"match": "* /v1/**", "effect": "slow", "per_mille": 200, "seed": {seed}}}"#
            ));
            (0..2000)
                .map(|_| hit(&mut plans, "GET", "/v1/x").is_some())
                .collect()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let hits = run(7).iter().filter(|hit| **hit).count();
        assert!((320..480).contains(&hits), "{hits} of 2000 at 200 ‰");
    }
}
