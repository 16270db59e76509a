//! Where a repayment stands, and what is on its way to a lender.

use crate::named::named;

named! {
    /// Where a repayment stands.
    pub enum RepaymentState {
        /// Begun: a card is to be saved, or the provider is asked.
        Asked => "asked",
        /// The provider works on it.
        Processing => "processing",
        /// The bank wants to see the person, or another card is needed.
        NeedsYou => "needs_you",
        /// Declined for now; tried again by itself.
        RetryLater => "retry_later",
        /// It came in and may still come back.
        Pending => "pending",
        /// Split over the lenders.
        Credited => "credited",
        /// It did not come in.
        Failed => "failed",
        /// It came in and was taken back.
        Returned => "returned",
    }
}

impl RepaymentState {
    /// Whether the provider, or the person, has yet to say something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Asked | Self::Processing | Self::NeedsYou | Self::RetryLater => true,
            Self::Pending | Self::Credited | Self::Failed | Self::Returned => false,
        }
    }
}

named! {
    /// Where money on its way to a lender stands.
    pub enum TransferState {
        /// The provider is asked to move it.
        Sending => "sending",
        /// With the lender's account at the provider, on its way to a bank.
        OnItsWay => "on_its_way",
        /// At the bank.
        Paid => "paid",
        /// The bank did not take it; it is taken back.
        Failed => "failed",
        /// It stands to the lender's credit again.
        Returned => "returned",
    }
}
