//! Ids, one type per noun, so that a campaign's id cannot be given where a pledge's is meant.
//!
//! There is no way to make a fresh id here: the backend's context does that, because ids follow the
//! clock (UUIDv7) and must be replayable in tests.

use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this value.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The value of the id.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id! { /// Somebody with an account to sign in with.
PersonId }
id! { /// An open project.
ProjectId }
id! { /// Somebody asked into a project.
InvitationId }
id! { /// One ask of a project.
CampaignId }
id! { /// A backer's promise to give.
PledgeId }
id! { /// A standing gift to a project.
SupportId }
id! { /// One charge of a support.
ContributionId }
id! { /// A lender's promise to lend; once collected, that lender's share of the loan.
CommitmentId }
id! { /// A thank-you for a pledge.
RewardId }
id! { /// One line of a campaign's budget.
BudgetLineId }
id! { /// What everybody gets from a campaign.
CommonsReturnId }
id! { /// What a project tells its followers.
UpdateId }
id! { /// A book of the ledger: one per campaign, one per project, one for the platform.
BookId }
id! { /// Money on its way back to a backer.
RefundId }
id! { /// A backer's bank asking for a payment back.
DisputeId }
id! { /// An entry of the ledger.
EntryId }
id! { /// One request to the payment provider.
OperationId }
id! { /// One e-mail in the outbox.
MessageId }
id! { /// A row of the job queue.
JobId }
id! { /// Somebody asking to be told about a campaign.
FollowId }
id! { /// One signed-in browser.
SignInId }
id! { /// Money that a project spent, with its voucher.
ExpenseId }
id! { /// Money on its way from a campaign to its project.
PayoutId }
id! { /// Money that really came in against a loan.
RepaymentId }
id! { /// Money on its way from a share of a loan to its lender.
LenderTransferId }
id! { /// What a lender gave of what came back to them.
LenderGiftId }
id! { /// Something a person complained about.
ComplaintId }
id! { /// One event the payment provider sent.
ProviderEventId }

impl BookId {
    /// The platform's own book. The same on every installation.
    pub const PLATFORM: Self = Self(Uuid::from_u128(0x0000_0000_0000_8000_8000_0000_0000_0001));

    /// The book of a campaign: it has the campaign's own id.
    #[must_use]
    pub const fn of_campaign(campaign: CampaignId) -> Self {
        Self(campaign.as_uuid())
    }

    /// The book of a project's standing support: it has the project's own id.
    #[must_use]
    pub const fn of_project(project: ProjectId) -> Self {
        Self(project.as_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_from_json() {
        let id = PledgeId::from_uuid(Uuid::from_u128(0x0192_f0c1_2345_7000_8000_0000_0000_00ff));
        assert_eq!(id.to_string().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<PledgeId>(&json).unwrap(), id);
        assert!("pledge".parse::<PledgeId>().is_err());
    }

    #[test]
    fn a_campaigns_book_has_the_campaigns_id() {
        let campaign = CampaignId::from_uuid(Uuid::from_u128(7));
        assert_eq!(BookId::of_campaign(campaign).as_uuid(), campaign.as_uuid());
        assert_ne!(BookId::PLATFORM, BookId::of_campaign(campaign));
    }
}
