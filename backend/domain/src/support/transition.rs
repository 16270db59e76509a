//! What moves a support from one state to the next: one function per event, every state decided.

use super::{
    SupportEvent as E, SupportState,
    SupportState::{Active, Draft, Ended, Expired, PastDue, Paused, Starting},
};
use crate::words::{Refusal, Words};

/// An event that makes no sense where the support stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a support that is {from} cannot take {event}")]
pub struct NotAllowed {
    /// Where the support stands.
    pub from: SupportState,
    /// What was asked of it.
    pub event: E,
}

impl Refusal for NotAllowed {
    fn words(&self) -> Words {
        Words::new("support-cannot-do-that")
    }
}

/// Where `event` takes a support that stands at `from`. Asking twice is safe, and news that comes late or in another
/// order never takes an ended support back.
///
/// # Errors
/// [`NotAllowed`].
pub fn next(from: SupportState, event: E) -> Result<SupportState, NotAllowed> {
    let to = match event {
        E::CardSaved => match from {
            Draft | Starting => Some(Starting),
            // Another card.
            Active | PastDue | Paused | Ended => Some(from),
            Expired => None,
        },
        E::CheckoutExpired => match from {
            Draft | Expired => Some(Expired),
            Starting | Active | PastDue | Paused | Ended => Some(from),
        },
        E::Paid => match from {
            Starting | Active | PastDue => Some(Active),
            Paused | Ended => Some(from),
            Draft | Expired => None,
        },
        E::Declined => match from {
            Active | PastDue => Some(PastDue),
            // Nothing has ever come through.
            Starting => Some(Starting),
            Paused | Ended => Some(from),
            Draft | Expired => None,
        },
        E::GaveUp => match from {
            Starting | Active | PastDue | Paused | Ended => Some(Ended),
            Draft | Expired => None,
        },
        E::Paused => match from {
            Active | Paused => Some(Paused),
            Draft | Expired | Starting | PastDue | Ended => None,
        },
        E::Resumed => match from {
            Paused | Active => Some(Active),
            PastDue => Some(PastDue),
            Draft | Expired | Starting | Ended => None,
        },
        E::BackerEnded => match from {
            Starting | Active | PastDue | Paused | Ended => Some(Ended),
            Draft | Expired => None,
        },
    };
    to.ok_or(NotAllowed { from, event })
}

#[cfg(test)]
mod tests {
    use super::{SupportState as S, *};

    fn walk(from: S, events: &[E]) -> Result<S, NotAllowed> {
        events.iter().try_fold(from, |state, &event| next(state, event))
    }

    #[test]
    fn every_event_is_safe_to_repeat() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next(from, event) {
                    assert_eq!(next(to, event), Ok(to), "{from} {event}");
                }
            }
        }
    }

    #[test]
    fn every_documented_way_can_be_walked() {
        assert_eq!(walk(S::Draft, &[E::CardSaved, E::Paid]), Ok(S::Active));
        assert_eq!(walk(S::Active, &[E::Declined, E::Paid]), Ok(S::Active));
        assert_eq!(walk(S::Active, &[E::Declined, E::GaveUp]), Ok(S::Ended));
        assert_eq!(walk(S::Active, &[E::Paused, E::Resumed]), Ok(S::Active));
        assert_eq!(walk(S::Paused, &[E::BackerEnded]), Ok(S::Ended));
        assert_eq!(
            walk(S::Draft, &[E::CardSaved, E::Declined, E::GaveUp]),
            Ok(S::Ended)
        );
    }

    #[test]
    fn it_can_be_ended_at_any_time_and_never_begins_again() {
        for from in [S::Starting, S::Active, S::PastDue, S::Paused] {
            assert_eq!(next(from, E::BackerEnded), Ok(S::Ended));
        }
        for from in [S::Ended, S::Expired] {
            for &event in E::ALL {
                assert!(
                    next(from, event).is_err() || next(from, event) == Ok(from),
                    "{from} {event}"
                );
            }
        }
    }

    #[test]
    fn somebody_whose_first_charge_never_came_is_no_supporter() {
        for &state in S::ALL {
            assert!(!state.counts() || state.goes_on(), "{state}");
        }
        assert!(!S::Starting.counts());
        assert!(!S::Paused.goes_on());
    }
}
