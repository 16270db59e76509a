//! What moves a campaign from one state to the next: one function per event, every state decided.

use super::{
    CampaignEvent as E, CampaignState,
    CampaignState::{
        Cancelled, ChangesAsked, Closed, Collecting, Draft, Failed, Funded, InReview, Open, Scheduled, Short,
        Suspended, Unpayable, Unwound,
    },
    NotAllowed,
};

/// Where `event` takes a campaign that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing, so a worker that
/// stopped half-way may begin again.
///
/// # Errors
/// [`NotAllowed`].
pub fn next(from: CampaignState, event: E) -> Result<CampaignState, NotAllowed> {
    let to = match event {
        E::Submitted => submitted(from),
        E::ChangesAsked => changes_asked(from),
        E::Approved => approved(from),
        E::Opened => opened(from),
        E::MinimumPromised => minimum_promised(from),
        E::MinimumMissed => minimum_missed(from),
        E::DeadlineKept => deadline_kept(from),
        E::NothingCame => nothing_came(from),
        E::WindowFunded => window_funded(from),
        E::WindowShort => window_short(from),
        E::WentOn => went_on(from),
        E::Unwound => unwound(from),
        E::PaidOut => paid_out(from),
        E::Cancelled => cancelled(from),
        E::Suspended => suspended(from),
        E::ResumedOpen => resumed_open(from),
        E::ResumedCollecting => resumed_collecting(from),
        E::PayoutLost => payout_lost(from),
        E::PayoutRestored => payout_restored(from),
    };
    to.ok_or(NotAllowed { from, event })
}

fn submitted(from: CampaignState) -> Option<CampaignState> {
    match from {
        Draft | ChangesAsked | InReview => Some(InReview),
        Scheduled | Open | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled
        | Suspended | Unpayable => None,
    }
}

fn changes_asked(from: CampaignState) -> Option<CampaignState> {
    match from {
        InReview | ChangesAsked => Some(ChangesAsked),
        Draft | Scheduled | Open | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled
        | Suspended | Unpayable => None,
    }
}

fn approved(from: CampaignState) -> Option<CampaignState> {
    match from {
        InReview | Scheduled => Some(Scheduled),
        Open => Some(Open),
        Draft | ChangesAsked | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled
        | Suspended | Unpayable => None,
    }
}

fn opened(from: CampaignState) -> Option<CampaignState> {
    match from {
        Scheduled | Open => Some(Open),
        Collecting | Funded | Closed | Failed | Short | Unwound | Suspended | Unpayable => Some(from),
        Draft | InReview | ChangesAsked | Cancelled => None,
    }
}

fn minimum_promised(from: CampaignState) -> Option<CampaignState> {
    match from {
        Open | Collecting => Some(Collecting),
        Funded | Closed | Short | Unwound | Unpayable => Some(from),
        Draft | InReview | ChangesAsked | Scheduled | Failed | Cancelled | Suspended => None,
    }
}

fn minimum_missed(from: CampaignState) -> Option<CampaignState> {
    match from {
        Open | Failed => Some(Failed),
        Draft | InReview | ChangesAsked | Scheduled | Collecting | Funded | Closed | Short | Unwound
        | Cancelled | Suspended | Unpayable => None,
    }
}

fn deadline_kept(from: CampaignState) -> Option<CampaignState> {
    match from {
        Open | Collecting => Some(Collecting),
        Funded | Closed | Unpayable => Some(from),
        Draft | InReview | ChangesAsked | Scheduled | Failed | Short | Unwound | Cancelled | Suspended => {
            None
        }
    }
}

fn nothing_came(from: CampaignState) -> Option<CampaignState> {
    match from {
        Collecting | Closed => Some(Closed),
        Draft | InReview | ChangesAsked | Scheduled | Open | Funded | Failed | Short | Unwound
        | Cancelled | Suspended | Unpayable => None,
    }
}

fn window_funded(from: CampaignState) -> Option<CampaignState> {
    match from {
        Collecting | Funded => Some(Funded),
        Closed | Unpayable => Some(from),
        Draft | InReview | ChangesAsked | Scheduled | Open | Failed | Short | Unwound | Cancelled
        | Suspended => None,
    }
}

fn window_short(from: CampaignState) -> Option<CampaignState> {
    match from {
        Collecting | Short => Some(Short),
        Unwound => Some(Unwound),
        Draft | InReview | ChangesAsked | Scheduled | Open | Funded | Closed | Failed | Cancelled
        | Suspended | Unpayable => None,
    }
}

fn went_on(from: CampaignState) -> Option<CampaignState> {
    match from {
        Short | Funded => Some(Funded),
        Closed | Unpayable => Some(from),
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Failed | Unwound | Cancelled
        | Suspended => None,
    }
}

fn unwound(from: CampaignState) -> Option<CampaignState> {
    match from {
        Short | Unpayable | Unwound => Some(Unwound),
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Funded | Closed | Failed
        | Cancelled | Suspended => None,
    }
}

fn paid_out(from: CampaignState) -> Option<CampaignState> {
    match from {
        Funded | Closed => Some(Closed),
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Failed | Short | Unwound
        | Cancelled | Suspended | Unpayable => None,
    }
}

fn cancelled(from: CampaignState) -> Option<CampaignState> {
    match from {
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Suspended | Cancelled => {
            Some(Cancelled)
        }
        // A short campaign holds money: it goes on or is unwound, by the rule it published.
        Funded | Closed | Failed | Short | Unwound | Unpayable => None,
    }
}

fn suspended(from: CampaignState) -> Option<CampaignState> {
    match from {
        Open | Collecting | Suspended => Some(Suspended),
        Draft | InReview | ChangesAsked | Scheduled | Funded | Closed | Failed | Short | Unwound
        | Cancelled | Unpayable => None,
    }
}

fn resumed_open(from: CampaignState) -> Option<CampaignState> {
    match from {
        Suspended | Open => Some(Open),
        Draft | InReview | ChangesAsked | Scheduled | Collecting | Funded | Closed | Failed | Short
        | Unwound | Cancelled | Unpayable => None,
    }
}

fn resumed_collecting(from: CampaignState) -> Option<CampaignState> {
    match from {
        Suspended | Collecting => Some(Collecting),
        Draft | InReview | ChangesAsked | Scheduled | Open | Funded | Closed | Failed | Short | Unwound
        | Cancelled | Unpayable => None,
    }
}

fn payout_lost(from: CampaignState) -> Option<CampaignState> {
    match from {
        Funded | Unpayable => Some(Unpayable),
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Closed | Failed | Short
        | Unwound | Cancelled | Suspended => None,
    }
}

fn payout_restored(from: CampaignState) -> Option<CampaignState> {
    match from {
        Unpayable | Funded => Some(Funded),
        Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Closed | Failed | Short
        | Unwound | Cancelled | Suspended => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{CampaignState as S, *};

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
        let to_open = [
            E::Submitted,
            E::ChangesAsked,
            E::Submitted,
            E::Approved,
            E::Opened,
        ];
        assert_eq!(walk(S::Draft, &to_open), Ok(S::Open));
        assert_eq!(
            walk(S::Open, &[E::MinimumPromised, E::WindowFunded, E::PaidOut]),
            Ok(S::Closed)
        );
        assert_eq!(walk(S::Open, &[E::MinimumMissed]), Ok(S::Failed));
        assert_eq!(walk(S::Collecting, &[E::WindowShort, E::WentOn]), Ok(S::Funded));
        assert_eq!(walk(S::Collecting, &[E::WindowShort, E::Unwound]), Ok(S::Unwound));
        assert_eq!(walk(S::Open, &[E::Suspended, E::ResumedOpen]), Ok(S::Open));
        assert_eq!(
            walk(S::Collecting, &[E::Suspended, E::ResumedCollecting]),
            Ok(S::Collecting)
        );
        assert_eq!(walk(S::Open, &[E::Suspended, E::Cancelled]), Ok(S::Cancelled));
        assert_eq!(
            walk(S::Funded, &[E::PayoutLost, E::PayoutRestored]),
            Ok(S::Funded)
        );
        assert_eq!(walk(S::Funded, &[E::PayoutLost, E::Unwound]), Ok(S::Unwound));
    }

    #[test]
    fn a_campaign_that_keeps_what_comes_never_fails() {
        assert_eq!(walk(S::Open, &[E::DeadlineKept, E::WindowFunded]), Ok(S::Funded));
        assert_eq!(walk(S::Open, &[E::DeadlineKept, E::NothingCame]), Ok(S::Closed));
        assert_eq!(
            walk(S::Open, &[E::Suspended, E::ResumedOpen, E::DeadlineKept]),
            Ok(S::Collecting)
        );
        // What was collected is never closed away.
        assert!(next(S::Funded, E::NothingCame).is_err());
        assert!(next(S::Open, E::NothingCame).is_err());
    }

    #[test]
    fn every_state_can_be_reached_from_a_draft() {
        let mut reached = vec![S::Draft];
        let mut seen = 0;
        while let Some(&from) = reached.get(seen) {
            seen += 1;
            for &event in E::ALL {
                if let Ok(to) = next(from, event)
                    && !reached.contains(&to)
                {
                    reached.push(to);
                }
            }
        }
        assert_eq!(reached.len(), S::ALL.len());
    }

    #[test]
    fn any_time_before_funded_a_campaign_can_be_cancelled_and_never_after() {
        for from in [
            S::Draft,
            S::InReview,
            S::ChangesAsked,
            S::Scheduled,
            S::Open,
            S::Collecting,
            S::Suspended,
        ] {
            assert_eq!(next(from, E::Cancelled), Ok(S::Cancelled));
        }
        for from in [S::Funded, S::Closed, S::Failed, S::Unwound, S::Unpayable] {
            assert!(next(from, E::Cancelled).is_err());
        }
    }

    #[test]
    fn nothing_leaves_an_ended_campaign() {
        for from in [S::Closed, S::Failed, S::Unwound, S::Cancelled] {
            for &event in E::ALL {
                assert!(
                    next(from, event).is_err() || next(from, event) == Ok(from),
                    "{from} {event}"
                );
            }
        }
    }

    #[test]
    fn a_suspended_campaign_is_not_decided() {
        for event in [
            E::MinimumPromised,
            E::MinimumMissed,
            E::WindowFunded,
            E::WindowShort,
        ] {
            assert!(next(S::Suspended, event).is_err());
        }
    }
}
