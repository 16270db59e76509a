//! When everything in the demo happens: the campaigns' own days, laid over the last weeks up to now.

use felag_domain::campaign::{COLLECTION_WINDOW, DURATION_DAYS};
use time::{Date, Duration, OffsetDateTime, Time};

use super::campaigns::ALL;
use super::script::{Act, Course, Gift, Later, Lender, Money, Script, Update};
use crate::campaigns::lifecycle;

/// Something that happens to one of the campaigns.
#[derive(Clone, Copy)]
pub enum Step {
    /// Only the work that is due then.
    Nothing,
    /// Everybody with an account opens it.
    SignUps,
    /// The project is started and its campaign drafted.
    Draft,
    Submit,
    /// The steward asks for changes, in these words.
    AskChanges(&'static str),
    /// The project makes them, and sends the campaign in again.
    Amend,
    /// The steward approves; it opens then.
    Approve(OffsetDateTime),
    Publish(&'static Update),
    Follow(&'static str),
    Give(&'static Gift),
    Lend(&'static Lender),
    /// Something about the project's money.
    Money(Act),
    /// What the backer of a gift does later.
    Later(&'static Gift, Later),
}

/// A step, when it is, and of which campaign of [`ALL`].
pub struct Event {
    pub at: OffsetDateTime,
    pub which: usize,
    pub step: Step,
}

/// What is too close to the end is left out: the clock goes on while the demo is played.
const MARGIN: Duration = Duration::minutes(10);
/// How long before it opens a project is started and its campaign drafted.
const DRAFTED_BEFORE: i16 = 6;
const SUBMITTED_BEFORE: i16 = 3;

/// Everything that happens before `now`, in order.
pub fn of(now: OffsetDateTime) -> anyhow::Result<Vec<Event>> {
    let mut events = Vec::new();
    for (which, script) in ALL.iter().enumerate() {
        let mut put = |at: OffsetDateTime, step: Step| events.push(Event { at, which, step });
        match script.course {
            Course::InReview { days_ago, words, .. } => {
                let day = |ahead: i16| in_the_evening(now.date(), ahead - days_ago);
                put(day(-2), Step::Draft);
                put(day(0), Step::Submit);
                put(day(1), Step::AskChanges(words));
                put(day(3), Step::Amend);
            }
            Course::Opened { days_ago } => {
                let first = now.date().saturating_sub(Duration::days(days_ago.into()));
                let opens = lifecycle::morning(first, script.campaign.zone)
                    .ok_or_else(|| anyhow::anyhow!("no morning on {first}"))?;
                put(in_the_evening(first, -1), Step::Approve(opens));
                running(script, opens, &mut put);
            }
            Course::OpenedInTheEvening { days_ago } => {
                let opens = moment(now.date(), -days_ago, 20, 0);
                put(opens, Step::Approve(opens));
                running(script, opens, &mut put);
            }
        }
    }
    let first = events.iter().map(|event| event.at).min().unwrap_or(now);
    events.push(Event {
        at: first - Duration::DAY,
        which: 0,
        step: Step::SignUps,
    });
    // Owners get their daily mail at eight.
    let mut morning = moment(first.date(), 0, 8, 0);
    while morning < now {
        events.push(Event {
            at: morning,
            which: 0,
            step: Step::Nothing,
        });
        morning += Duration::DAY;
    }
    events.retain(|event| event.at < now - MARGIN);
    events.sort_by_key(|event| event.at);
    Ok(events)
}

/// From the draft to the last gift of a campaign that opens at `opens`.
fn running(script: &'static Script, opens: OffsetDateTime, put: &mut impl FnMut(OffsetDateTime, Step)) {
    debug_assert!(DURATION_DAYS.contains(&script.campaign.days));
    let first = opens.date();
    let deadline = opens + Duration::days(script.campaign.days.into());
    let window_ends = deadline + COLLECTION_WINDOW;
    for at in [opens, deadline, window_ends, window_ends + Duration::HOUR] {
        put(at, Step::Nothing);
    }
    put(in_the_morning(first, -DRAFTED_BEFORE), Step::Draft);
    put(in_the_evening(first, -SUBMITTED_BEFORE), Step::Submit);
    for update in script.updates {
        put(in_the_evening(first, update.day), Step::Publish(update));
    }
    // In the morning: the deadline's own day has decided by then, and the next morning knows what came of it.
    for Money(day, act) in script.money {
        put(in_the_morning(first, *day), Step::Money(*act));
    }
    for lender in script.loan.iter().flat_map(|loan| loan.lenders) {
        put(in_the_evening(first, lender.0), Step::Lend(lender));
    }
    for (day, who) in script.follows {
        put(in_the_evening(first, *day), Step::Follow(who));
    }
    for (nth, gift) in script.gifts.iter().enumerate() {
        let at = if nth % 2 == 0 {
            in_the_morning
        } else {
            in_the_evening
        };
        put(
            at(first, gift.day).max(opens + Duration::minutes(40)),
            Step::Give(gift),
        );
        if let Some((day, later)) = gift.later {
            put(in_the_evening(first, day), Step::Later(gift, later));
        }
    }
}

/// What people do, they do in the morning or in the evening. Everything in one half of a day shares a moment, so that
/// it can be played together; from day to day the moments differ.
fn in_the_morning(first: Date, day: i16) -> OffsetDateTime {
    moment(first, day, 10, minute(first, day))
}

fn in_the_evening(first: Date, day: i16) -> OffsetDateTime {
    moment(first, day, 20, minute(first, day + 17))
}

fn minute(first: Date, day: i16) -> u8 {
    let date = first.saturating_add(Duration::days(day.into()));
    u8::try_from((date.to_julian_day() * 23).rem_euclid(53)).unwrap_or(0)
}

fn moment(first: Date, day: i16, hour: u8, minute: u8) -> OffsetDateTime {
    let date = first.saturating_add(Duration::days(day.into()));
    date.with_time(Time::from_hms(hour, minute, 0).unwrap_or(Time::MIDNIGHT))
        .assume_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn whatever_the_hour_everything_is_in_order_and_before_now() {
        for now in [
            datetime!(2026-11-22 00:03 UTC),
            datetime!(2026-11-22 13:00 UTC),
            datetime!(2027-03-01 23:58 UTC),
        ] {
            let events = of(now).unwrap();
            assert!(events.is_sorted_by_key(|event| event.at));
            assert!(matches!(events[0].step, Step::SignUps));
            assert!(events.iter().all(|event| event.at < now));
            assert!(
                now - events[0].at < Duration::days(125),
                "the play is short enough"
            );
        }
    }
}
