//! Who belongs to a project: who may be asked in, who may accept, who may be let go.

use time::Duration;

use super::{ProjectRefusal, limits};
use crate::{
    ids::PersonId,
    person::{EmailAddress, Role},
    words::{Refusal, Words},
};

/// How long an invitation can be accepted.
pub const INVITATION_LIFE: Duration = Duration::days(7);
/// How many people a project may ask in within a day.
pub const INVITATIONS_A_DAY: u16 = 20;

/// A person's place in a project. One person may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub person: PersonId,
    /// What it allows.
    pub role: Role,
}

/// Why somebody cannot be asked in, cannot accept, or cannot go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefusal {
    /// Nobody would be left who may do everything.
    #[error("the last owner of a project stays")]
    LastOwner,
    /// The person has this place already.
    #[error("already a member with this role")]
    Already,
    /// The project asked too many people in today.
    #[error("more than {INVITATIONS_A_DAY} invitations in a day")]
    TooManyInvitations,
    /// Whoever answers has not proven to read the mailbox of their account.
    #[error("the address of the account is not confirmed")]
    NotConfirmed,
    /// The invitation was sent to somebody else.
    #[error("the invitation was sent to another address")]
    OtherAddress(EmailAddress),
}

impl Refusal for MemberRefusal {
    fn words(&self) -> Words {
        match self {
            Self::LastOwner => Words::new("member-last-owner"),
            Self::Already => Words::new("member-already"),
            Self::TooManyInvitations => Words::new("invitation-too-many").with("max", INVITATIONS_A_DAY),
            Self::NotConfirmed => Words::new("invitation-not-confirmed"),
            Self::OtherAddress(invited) => {
                Words::new("invitation-other-address").with("invited", invited.as_str())
            }
        }
    }
}

/// Whether one more person may be asked into a project with so many places and open invitations.
///
/// # Errors
/// [`ProjectRefusal::TooMany`].
pub const fn may_invite(places: usize, invitations: usize) -> Result<(), ProjectRefusal> {
    if places + invitations < limits::PLACES_MAX {
        Ok(())
    } else {
        Err(ProjectRefusal::TooMany(limits::PLACES_MAX))
    }
}

/// Whether somebody whose account has the address `confirmed` may accept an invitation sent to `invited`.
///
/// # Errors
/// [`MemberRefusal::NotConfirmed`], [`MemberRefusal::OtherAddress`].
pub fn may_accept(invited: &EmailAddress, confirmed: Option<&EmailAddress>) -> Result<(), MemberRefusal> {
    match confirmed {
        None => Err(MemberRefusal::NotConfirmed),
        Some(own) if own == invited => Ok(()),
        Some(_) => Err(MemberRefusal::OtherAddress(invited.clone())),
    }
}

/// Whether a project can go on without this place. To go from where one is not is to change nothing.
///
/// # Errors
/// [`MemberRefusal::LastOwner`].
pub fn may_leave(places: &[Place], leaving: Place) -> Result<(), MemberRefusal> {
    let is_owner = |place: &&Place| place.role == Role::Owner;
    let stays = places.iter().filter(is_owner).any(|place| *place != leaving);
    if leaving.role == Role::Owner && places.contains(&leaving) && !stays {
        Err(MemberRefusal::LastOwner)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        (0..4_u128, prop::sample::select(Role::ALL)).prop_map(|(person, role)| Place {
            person: PersonId::from_uuid(Uuid::from_u128(person)),
            role,
        })
    }

    #[test]
    fn only_the_mailbox_that_was_invited_may_accept() {
        let address = |text| EmailAddress::parse(text).unwrap();
        let (ada, eve) = (address("ada@example.org"), address("eve@example.org"));
        assert_eq!(may_accept(&ada, Some(&address("Ada@Example.org"))), Ok(()));
        assert_eq!(may_accept(&ada, None), Err(MemberRefusal::NotConfirmed));
        assert_eq!(
            may_accept(&ada, Some(&eve)),
            Err(MemberRefusal::OtherAddress(ada.clone()))
        );
    }

    #[test]
    fn a_project_does_not_grow_without_end() {
        assert_eq!(may_invite(limits::PLACES_MAX - 1, 0), Ok(()));
        assert!(may_invite(limits::PLACES_MAX - 1, 1).is_err());
    }

    proptest! {
        #[test]
        fn whoever_goes_an_owner_stays(mut places in prop::collection::vec(place(), 1..8),
                                       leaving in prop::collection::vec(place(), 0..12)) {
            places.dedup();
            let had_owner = places.iter().any(|place| place.role == Role::Owner);
            for one in leaving {
                if may_leave(&places, one).is_ok() {
                    places.retain(|place| *place != one);
                }
            }
            prop_assert_eq!(places.iter().any(|place| place.role == Role::Owner), had_owner);
        }
    }
}
