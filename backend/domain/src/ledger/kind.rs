//! The kinds of events that entries book.

use crate::named::named;

named! {
    /// What kind of event an entry books.
    pub enum EntryKind {
        /// A card was saved: a promise was made.
        CardSaved => "card_saved",
        /// A promise was changed.
        PledgeChanged => "pledge_changed",
        /// A promise ended without a charge.
        PledgeEnded => "pledge_ended",
        /// A card was charged.
        Charge => "charge",
        /// A lender's card was charged.
        LoanCharge => "loan_charge",
        /// Money is to go back to a backer, or to many: it left what is held.
        RefundAsked => "refund_asked",
        /// Money went back to a backer.
        Refund => "refund",
        /// Two people approved a payout: its money is no longer held.
        PayoutApproved => "payout_approved",
        /// A payout of another campaign of the project repaid what was owed here.
        PayoutRepaid => "payout_repaid",
        /// Its transfer is about to be sent.
        PayoutSending => "payout_sending",
        /// The provider transferred it to the project's account.
        PayoutSent => "payout_sent",
        /// It was called off before it was sent.
        PayoutWithdrawn => "payout_withdrawn",
        /// The provider refused to transfer it.
        PayoutRefused => "payout_refused",
        /// The bank did not take it, and it came back.
        PayoutReturned => "payout_returned",
        /// Money that was to go back did not arrive: it is held again.
        RefundFailed => "refund_failed",
        /// A backer's bank took money back.
        DisputeOpened => "dispute_opened",
        /// The bank decided for the project, and the money came back.
        DisputeWon => "dispute_won",
        /// A loan was paid out: the project owes each share.
        LoanBegun => "loan_begun",
        /// The bank sent a loan's payout back before anything was repaid: the project owes nothing yet.
        LoanUnbegun => "loan_unbegun",
        /// A repayment came in; it may still come back.
        RepaymentReceived => "repayment_received",
        /// It can be trusted, and was split over the shares.
        RepaymentCredited => "repayment_credited",
        /// It came back.
        RepaymentReturned => "repayment_returned",
        /// What a share has is about to be sent to its lender.
        LenderSending => "lender_sending",
        /// The provider transferred it.
        LenderSent => "lender_sent",
        /// It did not arrive, and stands to the share's credit again.
        LenderReturned => "lender_returned",
        /// A lender gave the project of what came back to them and was kept.
        LenderGave => "lender_gave",
        /// A lender lent what came back to them, and was kept, to another loan.
        LenderLentAgain => "lender_lent_again",
        /// That loan did not come about: it stands to the share's credit again.
        LenderHasAgain => "lender_has_again",
        /// A lender paid from what they keep of other loans.
        LoanFromKept => "loan_from_kept",
        /// It goes back to what they keep.
        LoanToKept => "loan_to_kept",
        /// The campaign came to nothing after all: what a lender gave is theirs again.
        LenderGiftReturned => "lender_gift_returned",
        /// A lender's bank took their charge back: what their share has is whose who bore that.
        ShareTakenOver => "share_taken_over",
        /// The bank decided otherwise: what was taken over is the lender's again.
        ShareGivenBack => "share_given_back",
        /// What shares were owed was given up.
        LoanWrittenOff => "loan_written_off",
        /// The project entered an expense with its voucher.
        ExpenseVouched => "expense_vouched",
        /// It withdrew one that was wrong.
        ExpenseWithdrawn => "expense_withdrawn",
    }
}
