//! The test cards: Stripe's public numbers, and what each of them does.

/// Why a card was declined, in the codes of the card networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decline {
    pub code: &'static str,
    pub decline_code: &'static str,
    /// What the network advises: `do_not_try_again` or `try_again_later`, `confirm_card_data`.
    pub advice_code: &'static str,
    pub message: &'static str,
}

const fn decline(
    code: &'static str,
    decline_code: &'static str,
    advice_code: &'static str,
    message: &'static str,
) -> Decline {
    Decline {
        code,
        decline_code,
        advice_code,
        message,
    }
}

pub(crate) const GENERIC: Decline = decline(
    "card_declined",
    "generic_decline",
    "try_again_later",
    "Your card was declined.",
);
pub(crate) const FUNDS: Decline = decline(
    "card_declined",
    "insufficient_funds",
    "try_again_later",
    "Your card has insufficient funds.",
);
const LOST: Decline = decline(
    "card_declined",
    "lost_card",
    "do_not_try_again",
    "Your card was declined.",
);
const STOLEN: Decline = decline(
    "card_declined",
    "stolen_card",
    "do_not_try_again",
    "Your card was declined.",
);
const EXPIRED: Decline = decline(
    "expired_card",
    "expired_card",
    "confirm_card_data",
    "Your card has expired.",
);
const CVC: Decline = decline(
    "incorrect_cvc",
    "incorrect_cvc",
    "confirm_card_data",
    "Your card's security code is incorrect.",
);
const PROCESSING: Decline = decline(
    "processing_error",
    "processing_error",
    "try_again_later",
    "An error occurred while processing your card. Try again in a little bit.",
);
/// The bank wants to see the person, who is not there.
pub(crate) const AUTHENTICATION: Decline = decline(
    "authentication_required",
    "authentication_required",
    "confirm_card_data",
    "Your card was declined. This transaction requires authentication.",
);

/// What a card does when it is saved and when it is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Works,
    /// Refused at once, when saved and when charged.
    Declines(Decline),
    /// Can be saved; every charge is refused.
    DeclinesCharges(Decline),
    /// The bank asks the person when the card is saved, or at the charge if it was not; then it works.
    AsksUnlessSetUp,
    /// The bank asks the person each time.
    AsksAlways,
    /// The bank asks when the card is saved; every charge is refused for lack of funds.
    AsksThenNoFunds,
    /// The charge's money is available at once.
    AvailableAtOnce,
    /// A refund looks well at first and fails an hour later.
    RefundFails,
    /// A refund waits for a day before it succeeds.
    RefundPends,
    /// The charge works, and is disputed an hour later.
    Disputed {
        reason: &'static str,
        /// The bank only asks at first: no money moves.
        inquiry: bool,
    },
    /// A charge is `processing` for an hour, and then works, or not.
    Slow {
        works: bool,
    },
    /// Not a card: a debit is `processing` for some days.
    Debits {
        days: i64,
        end: DebitEnd,
    },
}

/// What a SEPA debit comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DebitEnd {
    Pays,
    /// Not paid, for a reason with this code.
    Fails(&'static str),
    /// Paid, and called back by the payer an hour later.
    Disputed,
}

/// A test card.
#[derive(Debug)]
pub(crate) struct TestCard {
    pub number: &'static str,
    /// `pm_card_…`; `tok_…` with the same ending means the same card.
    pub token: &'static str,
    pub brand: &'static str,
    pub effect: Effect,
    /// What the hosted page says it does.
    pub label: &'static str,
}

impl TestCard {
    /// The number in groups of four, as it is read.
    pub(crate) fn spaced(&self) -> String {
        let groups: Vec<&str> = (0..self.number.len())
            .step_by(4)
            .filter_map(|at| self.number.get(at..at + 4))
            .collect();
        groups.join(" ")
    }
}

const fn test(
    number: &'static str,
    token: &'static str,
    brand: &'static str,
    effect: Effect,
    label: &'static str,
) -> TestCard {
    TestCard {
        number,
        token,
        brand,
        effect,
        label,
    }
}

pub(crate) static CARDS: &[TestCard] = &[
    test("4242424242424242", "visa", "visa", Effect::Works, "works"),
    test(
        "5555555555554444",
        "mastercard",
        "mastercard",
        Effect::Works,
        "works (Mastercard)",
    ),
    test(
        "4000002500003155",
        "authenticationRequiredOnSetup",
        "visa",
        Effect::AsksUnlessSetUp,
        "the bank asks you once, now; later charges work",
    ),
    test(
        "4000002760003184",
        "authenticationRequired",
        "visa",
        Effect::AsksAlways,
        "the bank asks you each time",
    ),
    test(
        "4000000000000341",
        "chargeCustomerFail",
        "visa",
        Effect::DeclinesCharges(GENERIC),
        "can be saved, declined when charged",
    ),
    test(
        "4000008260003178",
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "visa",
        Effect::AsksThenNoFunds,
        "the bank asks you now; no funds when charged",
    ),
    test(
        "4000000000000002",
        "visa_chargeDeclined",
        "visa",
        Effect::Declines(GENERIC),
        "declined at once",
    ),
    test(
        "4000000000009995",
        "visa_chargeDeclinedInsufficientFunds",
        "visa",
        Effect::Declines(FUNDS),
        "declined at once: insufficient funds",
    ),
    test(
        "4000000000009987",
        "visa_chargeDeclinedLostCard",
        "visa",
        Effect::Declines(LOST),
        "declined at once: reported lost",
    ),
    test(
        "4000000000009979",
        "visa_chargeDeclinedStolenCard",
        "visa",
        Effect::Declines(STOLEN),
        "declined at once: reported stolen",
    ),
    test(
        "4000000000000069",
        "chargeDeclinedExpiredCard",
        "visa",
        Effect::Declines(EXPIRED),
        "declined at once: expired",
    ),
    test(
        "4000000000000127",
        "chargeDeclinedIncorrectCvc",
        "visa",
        Effect::Declines(CVC),
        "declined at once: wrong security code",
    ),
    test(
        "4000000000000119",
        "chargeDeclinedProcessingError",
        "visa",
        Effect::Declines(PROCESSING),
        "declined at once: error at the bank",
    ),
    test(
        "4000000000000077",
        "bypassPending",
        "visa",
        Effect::AvailableAtOnce,
        "works; the money is there at once",
    ),
    test(
        "4000000000005126",
        "refundFail",
        "visa",
        Effect::RefundFails,
        "works; a refund fails an hour later",
    ),
    test(
        "4000000000000259",
        "createDispute",
        "visa",
        Effect::Disputed {
            reason: "fraudulent",
            inquiry: false,
        },
        "works; disputed an hour later as fraudulent",
    ),
    test(
        "4000000000002685",
        "createDisputeProductNotReceived",
        "visa",
        Effect::Disputed {
            reason: "product_not_received",
            inquiry: false,
        },
        "works; disputed an hour later as not received",
    ),
    test(
        "4000000000001976",
        "createDisputeInquiry",
        "visa",
        Effect::Disputed {
            reason: "fraudulent",
            inquiry: true,
        },
        "works; the bank inquires an hour later",
    ),
    test(
        "4000000000007726",
        "pendingRefund",
        "visa",
        Effect::RefundPends,
        "works; a refund waits for a day",
    ),
    // Not among Stripe's numbers: the sandbox's own, for a state that cards rarely reach.
    test(
        "4000000000050015",
        "sbx_processing",
        "visa",
        Effect::Slow { works: true },
        "charges take an hour, then work",
    ),
    test(
        "4000000000050023",
        "sbx_processingFails",
        "visa",
        Effect::Slow { works: false },
        "charges take an hour, then are declined",
    ),
];

/// What the card of that number does. Numbers that are not on the list never get this far.
pub(crate) fn effect_of(number: &str) -> Effect {
    known(number).map_or(Effect::Declines(GENERIC), |card| card.effect)
}

/// The test card of that number.
pub(crate) fn known(number: &str) -> Option<&'static TestCard> {
    CARDS.iter().find(|card| card.number == number)
}
