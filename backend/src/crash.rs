//! Crash points: every step between a database commit and a call that leaves the building has a name here.
//!
//! `FELAG_CRASH=name:2` ends the process the second time it comes by, as `kill -9` would. The tests run the
//! server with each of them and look whether anything was lost or charged twice. A simulation, which runs many
//! "processes" in one, lets them unwind instead.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

macro_rules! crash_points {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A named step. The list is the whole list: `CrashPoint::ALL`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CrashPoint { $($(#[$doc])* $variant,)* }

        impl CrashPoint {
            pub const ALL: &[CrashPoint] = &[$(CrashPoint::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(CrashPoint::$variant => $name,)* }
            }
        }
    };
}

crash_points! {
    /// The operation is committed, nothing was sent.
    OperationWritten = "operation.written",
    /// The request was answered, the answer is not stored.
    OperationAnswered = "operation.answered",
    /// The answer is stored, nobody acted on it. (Both happen in one transaction; this is after its commit.)
    OperationApplied = "operation.applied",
    /// A webhook's event is stored, the provider has no 200 yet.
    EventStored = "event.stored",
    /// Events were looked at and asked about, and are not applied.
    EventsLookedUp = "events.looked-up",
    EventsApplied = "events.applied",
    /// A pledge's draft is committed, its checkout is not made.
    PledgeDrafted = "pledge.drafted",
    /// The decision at the deadline is committed, no card was charged.
    SettlementDecided = "settlement.decided",
    /// The window is over, cancelling at the provider has not begun.
    WindowEnded = "settlement.window-ended",
    /// An approved payout is in transit in the books, its transfer is not sent.
    PayoutSending = "payout.sending",
    /// A refund is asked for and booked, nothing was sent.
    RefundAsked = "refund.asked",
    /// A campaign was cancelled, nothing was let go at the provider.
    CampaignCancelled = "campaign.cancelled",
    /// A campaign was unwound, nothing was sent back.
    CampaignUnwound = "campaign.unwound",
    /// Evidence for a dispute is written down and not sent.
    EvidenceWritten = "dispute.evidence-written",
    /// A job was claimed and not run.
    JobClaimed = "job.claimed",
    /// A job has run, its row still stands.
    JobRun = "job.run",
    /// A message is marked as being sent, the mail server has not heard of it.
    MessageClaimed = "message.claimed",
    /// The mail server has taken it, the row does not know.
    MessageSent = "message.sent",
}

/// Where to die, and at which hit (from 1).
#[derive(Debug)]
pub struct CrashAt {
    point: CrashPoint,
    hit: u32,
    hits: AtomicU32,
    unwinds: bool,
}

/// What a simulated process unwinds with.
#[derive(Debug)]
pub struct Died(pub CrashPoint);

impl CrashAt {
    /// Unwinds with [`Died`] instead of ending this process: for simulations.
    pub fn unwinding(point: CrashPoint, hit: u32) -> Self {
        Self {
            point,
            hit,
            hits: AtomicU32::new(0),
            unwinds: true,
        }
    }

    pub fn point(&self) -> CrashPoint {
        self.point
    }

    /// Whether it has happened.
    pub fn is_over(&self) -> bool {
        self.hits.load(Ordering::SeqCst) >= self.hit
    }
}

impl FromStr for CrashAt {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (name, hit) = text.split_once(':').unwrap_or((text, "1"));
        let point = CrashPoint::ALL
            .iter()
            .find(|point| point.name() == name)
            .ok_or_else(|| anyhow::anyhow!("there is no crash point called {name}"))?;
        Ok(Self {
            point: *point,
            hit: hit.parse()?,
            hits: AtomicU32::new(0),
            unwinds: false,
        })
    }
}

impl std::fmt::Display for CrashAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.point.name(), self.hit)
    }
}

/// Ends the process if `at` names this point and this hit.
pub fn reached(point: CrashPoint, at: Option<&CrashAt>) {
    let Some(at) = at.filter(|at| at.point == point) else {
        return;
    };
    if at.hits.fetch_add(1, Ordering::SeqCst) + 1 == at.hit {
        if at.unwinds {
            std::panic::resume_unwind(Box::new(Died(point)));
        }
        tracing::error!("crash point {} reached, as asked", point.name());
        // No destructors, no flushing: as close to kill -9 as a process can do to itself.
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crash_point_can_be_asked_for_by_its_name() {
        for point in CrashPoint::ALL {
            let at: CrashAt = format!("{}:3", point.name()).parse().unwrap();
            assert_eq!((at.point, at.hit), (*point, 3));
        }
        assert!("no.such.point".parse::<CrashAt>().is_err());
    }
}
