//! Two different people let a payout go: two of the project, or one of it and a steward.

use crate::{
    ids::PersonId,
    words::{Refusal, Words},
};

/// For whom somebody speaks when they approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// An owner or treasurer of the project.
    Project,
    /// A steward who is no member of it.
    Steward,
}

/// Somebody's approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub person: PersonId,
    /// For whom they speak.
    pub voice: Voice,
}

/// Which of the two approvals a new one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One more is needed.
    First,
    /// Now it may go.
    Second,
}

/// Why an approval does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefusal {
    /// Nobody approves twice.
    #[error("the same person approved it before")]
    SamePerson,
    /// One of the two must be of the project.
    #[error("a steward approved it before")]
    SecondSteward,
}

impl Refusal for ApprovalRefusal {
    fn words(&self) -> Words {
        match self {
            Self::SamePerson => Words::new("payout-same-person"),
            Self::SecondSteward => Words::new("payout-second-steward"),
        }
    }
}

/// What `new` is beside the approval that is there.
///
/// # Errors
/// [`ApprovalRefusal`].
pub fn approve(first: Option<Approval>, new: Approval) -> Result<Step, ApprovalRefusal> {
    match first {
        None => Ok(Step::First),
        Some(first) if first.person == new.person => Err(ApprovalRefusal::SamePerson),
        Some(first) if first.voice == Voice::Steward && new.voice == Voice::Steward => {
            Err(ApprovalRefusal::SecondSteward)
        }
        Some(_) => Ok(Step::Second),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn by(person: u128, voice: Voice) -> Approval {
        Approval {
            person: PersonId::from_uuid(Uuid::from_u128(person)),
            voice,
        }
    }

    #[test]
    fn two_of_the_project_or_one_and_a_steward_let_a_payout_go() {
        use Voice::{Project, Steward};
        assert_eq!(approve(None, by(1, Project)), Ok(Step::First));
        assert_eq!(approve(Some(by(1, Project)), by(2, Project)), Ok(Step::Second));
        assert_eq!(approve(Some(by(1, Project)), by(2, Steward)), Ok(Step::Second));
        assert_eq!(approve(Some(by(2, Steward)), by(1, Project)), Ok(Step::Second));
        assert_eq!(
            approve(Some(by(1, Steward)), by(2, Steward)),
            Err(ApprovalRefusal::SecondSteward)
        );
    }

    #[test]
    fn nobody_approves_twice_whoever_they_speak_for() {
        use Voice::{Project, Steward};
        for (first, second) in [(Project, Project), (Project, Steward), (Steward, Project)] {
            assert_eq!(
                approve(Some(by(1, first)), by(1, second)),
                Err(ApprovalRefusal::SamePerson)
            );
        }
    }
}
