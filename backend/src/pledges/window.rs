//! The window of a charge that is made by itself, not with all others of a campaign: a gift that is charged at once, a
//! contribution of a support.

use felag_domain::campaign::COLLECTION_WINDOW;
use time::Duration;

/// What is still to come of the window of one charge, counted from the moment it came due: the tries of
/// [`felag_domain::pledge::TRY_AFTER`] and the mails of [`felag_domain::pledge::MAIL_AFTER`], in one order.
pub const STEPS: [(Duration, Step); 6] = [
    (Duration::hours(24), Step::Try),
    (Duration::hours(48), Step::Remind(1)),
    (Duration::hours(72), Step::Try),
    (Duration::hours(96), Step::Remind(2)),
    (Duration::hours(144), Step::Remind(3)),
    (COLLECTION_WINDOW, Step::End),
];

/// What is done when its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The card is tried once more.
    Try,
    /// The backer is reminded, the so manieth time.
    Remind(u32),
    /// One last try, then it is stopped.
    End,
}

#[cfg(test)]
mod tests {
    use felag_domain::pledge::{MAIL_AFTER, TRY_AFTER};

    use super::*;

    #[test]
    fn a_window_of_its_own_has_the_tries_and_the_mails_of_any_other() {
        let tries: Vec<Duration> = STEPS
            .iter()
            .filter(|(_, step)| *step == Step::Try)
            .map(|(after, _)| *after)
            .collect();
        let between = TRY_AFTER
            .into_iter()
            .filter(|after| !after.is_zero() && *after < COLLECTION_WINDOW);
        assert_eq!(tries, between.collect::<Vec<_>>());
        let mails: Vec<Duration> = STEPS
            .iter()
            .filter(|(_, step)| matches!(step, Step::Remind(_)))
            .map(|(after, _)| *after)
            .collect();
        assert_eq!(mails, MAIL_AFTER.into_iter().skip(1).collect::<Vec<_>>());
        assert!(STEPS.is_sorted_by_key(|(after, _)| *after));
        assert_eq!(STEPS[5], (COLLECTION_WINDOW, Step::End));
    }
}
