//! What a request to the provider, or its news, is about.

use felag_domain::ids::{
    BookId, CampaignId, CommitmentId, ContributionId, LenderTransferId, PayoutId, PersonId, PledgeId,
    ProjectId, RefundId, RepaymentId, SupportId,
};
use uuid::Uuid;

/// The kinds of things the provider is asked for. Stored as text, and part of the metadata's names: never rename one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    Pledge,
    Payout,
    PayoutAccount,
    Refund,
    /// A dispute is found through the payment it is about: its id is the payment's.
    Dispute,
    /// Money a project pays back on its loan: its checkout and its payment.
    Repayment,
    /// A lender's own account goes by the person's id.
    LenderAccount,
    LenderTransfer,
    /// A standing gift: its card.
    Support,
    /// One charge of a support.
    Contribution,
    /// A lender's promise.
    Commitment,
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 11] = [
        SubjectKind::Pledge,
        SubjectKind::Payout,
        SubjectKind::PayoutAccount,
        SubjectKind::Refund,
        SubjectKind::Dispute,
        SubjectKind::Repayment,
        SubjectKind::LenderAccount,
        SubjectKind::LenderTransfer,
        SubjectKind::Support,
        SubjectKind::Contribution,
        SubjectKind::Commitment,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            SubjectKind::Pledge => "pledge",
            SubjectKind::Payout => "payout",
            SubjectKind::PayoutAccount => "payout_account",
            SubjectKind::Refund => "refund",
            SubjectKind::Dispute => "dispute",
            SubjectKind::Repayment => "repayment",
            SubjectKind::LenderAccount => "lender_account",
            SubjectKind::LenderTransfer => "lender_transfer",
            SubjectKind::Support => "support",
            SubjectKind::Contribution => "contribution",
            SubjectKind::Commitment => "commitment",
        }
    }

    /// The metadata that names a subject of this kind at the provider.
    pub fn metadata_name(self) -> String {
        format!("felag_{}", self.as_str())
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One thing, and the book its money belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub book: BookId,
    pub kind: SubjectKind,
    pub id: Uuid,
}

impl Subject {
    pub const fn pledge(campaign: CampaignId, pledge: PledgeId) -> Self {
        Self {
            book: BookId::of_campaign(campaign),
            kind: SubjectKind::Pledge,
            id: pledge.as_uuid(),
        }
    }

    pub const fn commitment(campaign: CampaignId, commitment: CommitmentId) -> Self {
        Self {
            book: BookId::of_campaign(campaign),
            kind: SubjectKind::Commitment,
            id: commitment.as_uuid(),
        }
    }

    pub const fn payout(campaign: CampaignId, payout: PayoutId) -> Self {
        Self {
            book: BookId::of_campaign(campaign),
            kind: SubjectKind::Payout,
            id: payout.as_uuid(),
        }
    }

    /// A project has one payout account, so it goes by the project's id.
    pub const fn payout_account(project: ProjectId) -> Self {
        Self {
            book: BookId::of_project(project),
            kind: SubjectKind::PayoutAccount,
            id: project.as_uuid(),
        }
    }

    pub const fn support(project: ProjectId, support: SupportId) -> Self {
        Self {
            book: BookId::of_project(project),
            kind: SubjectKind::Support,
            id: support.as_uuid(),
        }
    }

    pub const fn contribution(project: ProjectId, contribution: ContributionId) -> Self {
        Self {
            book: BookId::of_project(project),
            kind: SubjectKind::Contribution,
            id: contribution.as_uuid(),
        }
    }

    pub const fn refund(book: BookId, refund: RefundId) -> Self {
        Self {
            book,
            kind: SubjectKind::Refund,
            id: refund.as_uuid(),
        }
    }

    /// The dispute of a payment.
    pub const fn dispute(book: BookId, payment: Uuid) -> Self {
        Self {
            book,
            kind: SubjectKind::Dispute,
            id: payment,
        }
    }

    pub const fn repayment(campaign: CampaignId, repayment: RepaymentId) -> Self {
        Self {
            book: BookId::of_campaign(campaign),
            kind: SubjectKind::Repayment,
            id: repayment.as_uuid(),
        }
    }

    /// A person has one account as a lender, in a book of their own.
    pub const fn lender_account(person: PersonId) -> Self {
        Self {
            book: BookId::from_uuid(person.as_uuid()),
            kind: SubjectKind::LenderAccount,
            id: person.as_uuid(),
        }
    }

    pub const fn lender_transfer(campaign: CampaignId, transfer: LenderTransferId) -> Self {
        Self {
            book: BookId::of_campaign(campaign),
            kind: SubjectKind::LenderTransfer,
            id: transfer.as_uuid(),
        }
    }

    /// The campaign whose book it is; only for subjects that live in a campaign.
    pub const fn campaign(self) -> CampaignId {
        CampaignId::from_uuid(self.book.as_uuid())
    }

    /// The id of a [`SubjectKind::Pledge`].
    pub const fn pledge_id(self) -> PledgeId {
        PledgeId::from_uuid(self.id)
    }

    /// The id of a [`SubjectKind::Commitment`].
    pub const fn commitment_id(self) -> CommitmentId {
        CommitmentId::from_uuid(self.id)
    }
}
