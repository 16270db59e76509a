//! Everything a seed decides. Each step has dice of its own, so that a step that draws once more than before does not
//! change all that follow.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

/// The dice of one step.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// The dice of step `step` of a seed; the same two numbers give the same throws.
    pub fn of(seed: u64, step: u64) -> Self {
        let mut of_seed = StdRng::seed_from_u64(seed);
        Self(StdRng::seed_from_u64(
            of_seed.next_u64() ^ step.wrapping_mul(0x9E37_79B9_7F4A_7C15),
        ))
    }

    /// From `low` to `high`, both possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// One of the numbers below `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count.max(1))
    }

    /// True in so many of a hundred throws.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of them.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// One of them, or none when there is none.
    pub fn maybe<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        (!among.is_empty()).then(|| self.pick(among))
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// One of them, by its weight; the first when all weigh nothing.
    pub fn weighted<'a, T>(&mut self, among: &'a [(T, u32)]) -> &'a T {
        let all: u32 = among.iter().map(|(_, weight)| weight).sum();
        let mut left = self.0.random_range(0..all.max(1));
        for (one, weight) in among {
            if left < *weight {
                return one;
            }
            left -= weight;
        }
        &among[0].0
    }

    /// A number for somebody else's generator.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// An id that only the driver knows.
    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_step_of_the_same_seed_throws_the_same() {
        let throw = |seed, step| {
            let mut dice = Dice::of(seed, step);
            (0..20).map(|_| dice.between(-5, 99)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7, 3), throw(7, 3));
        assert_ne!(throw(7, 3), throw(7, 4));
        assert_ne!(throw(7, 3), throw(8, 3));
    }

    #[test]
    fn what_weighs_nothing_is_never_drawn() {
        let mut dice = Dice::of(1, 1);
        assert!((0..200).all(|_| *dice.weighted(&[("a", 3), ("b", 0), ("c", 1)]) != "b"));
    }
}
