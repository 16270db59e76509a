//! What a decline means, and when a pledge is tried again within the collection window.

use time::{Duration, OffsetDateTime};

use crate::named::named;

named! {
    /// What a decline asks for.
    pub enum DeclineKind {
        /// The bank wants the person to confirm.
        NeedsPerson => "needs_person",
        /// It may pass: try again later.
        Soft => "soft",
        /// Never with this card again.
        Hard => "hard",
    }
}

/// Reads a decline of the provider: its error code, the card network's reason and its advice.
///
/// An unknown reason is soft unless the advice says otherwise: four tries in a week harm nobody.
/// Source: <https://docs.stripe.com/declines/codes>, column "next steps", and
/// <https://docs.stripe.com/declines/card#advice-codes>.
#[must_use]
pub fn classify(code: &str, decline_code: Option<&str>, advice: Option<&str>) -> DeclineKind {
    let reasons = [decline_code.unwrap_or_default(), code];
    let is_any_of = |list: &[&str]| reasons.iter().any(|reason| list.contains(reason));
    // Confirming is asked for first: the same answer may carry an advice meant for machines.
    if is_any_of(NEEDS_PERSON) {
        return DeclineKind::NeedsPerson;
    }
    if advice == Some("do_not_try_again") || is_any_of(HARD) {
        return DeclineKind::Hard;
    }
    DeclineKind::Soft
}

const NEEDS_PERSON: &[&str] = &[
    "authentication_required",
    "authentication_not_handled",
    "mobile_device_authentication_required",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "payment_intent_authentication_failure",
    "setup_intent_authentication_failure",
];

const HARD: &[&str] = &[
    // Never again after stolen, lost or fraud, or when the bank says so.
    "do_not_try_again",
    "fraudulent",
    "lost_card",
    "merchant_blacklist",
    "pickup_card",
    "restricted_card",
    "security_violation",
    "stolen_card",
    // This card cannot do it, however often it is asked.
    "card_not_supported",
    "currency_not_supported",
    "expired_card",
    "incorrect_address",
    "incorrect_cvc",
    "incorrect_number",
    "incorrect_pin",
    "incorrect_zip",
    "invalid_account",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "invalid_pin",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "payment_method_not_available",
    "pin_try_exceeded",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "service_not_allowed",
    "stop_payment_order",
    "testmode_decline",
    "transaction_not_allowed",
];

/// When a pledge is charged, counted from when it came due. The last try is the window's end.
pub const TRY_AFTER: [Duration; 4] = [
    Duration::ZERO,
    Duration::hours(24),
    Duration::hours(72),
    Duration::days(7),
];

/// When the backer is written to about a charge that did not go through, counted the same way.
pub const MAIL_AFTER: [Duration; 4] = [
    Duration::ZERO,
    Duration::hours(48),
    Duration::hours(96),
    Duration::hours(144),
];

/// When the next try by itself is, seen from `now`; `None` when the last one is over. What was tried late, or not at
/// all because nobody worked, is not made up for.
#[must_use]
pub fn next_try(due_at: OffsetDateTime, now: OffsetDateTime) -> Option<OffsetDateTime> {
    TRY_AFTER
        .into_iter()
        .filter_map(|after| due_at.checked_add(after))
        .find(|at| *at > now)
}

/// When the next mail about a charge is, after `mails_sent` of them; `None` after the last.
#[must_use]
pub fn next_mail(mails_sent: u32, due_at: OffsetDateTime) -> Option<OffsetDateTime> {
    after(&MAIL_AFTER, mails_sent, due_at)
}

fn after(steps: &[Duration], done: u32, due_at: OffsetDateTime) -> Option<OffsetDateTime> {
    let step = steps.get(usize::try_from(done).ok()?)?;
    due_at.checked_add(*step)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::{DeclineKind::*, *};

    #[test]
    fn the_bank_wanting_the_person_is_neither_soft_nor_hard() {
        assert_eq!(
            classify("authentication_required", Some("authentication_required"), None),
            NeedsPerson
        );
        assert_eq!(
            classify("card_declined", Some("authentication_required"), None),
            NeedsPerson
        );
        let advice = Some("confirm_card_data");
        assert_eq!(classify("authentication_required", None, advice), NeedsPerson);
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for reason in [
            "insufficient_funds",
            "generic_decline",
            "processing_error",
            "issuer_not_available",
            "try_again_later",
            "do_not_honor",
            "card_velocity_exceeded",
            "something_new",
        ] {
            assert_eq!(classify("card_declined", Some(reason), None), Soft, "{reason}");
        }
        assert_eq!(classify("card_declined", None, None), Soft);
        assert_eq!(classify("processing_error", None, Some("try_again_later")), Soft);
    }

    #[test]
    fn stolen_lost_fraud_and_do_not_try_again_are_never_tried_again() {
        for reason in [
            "stolen_card",
            "lost_card",
            "fraudulent",
            "pickup_card",
            "expired_card",
            "incorrect_number",
        ] {
            assert_eq!(classify("card_declined", Some(reason), None), Hard, "{reason}");
        }
        assert_eq!(classify("expired_card", None, None), Hard);
        assert_eq!(classify("card_declined", Some("do_not_try_again"), None), Hard);
        assert_eq!(
            classify(
                "card_declined",
                Some("insufficient_funds"),
                Some("do_not_try_again")
            ),
            Hard
        );
    }

    #[test]
    fn four_tries_fit_the_window_of_seven_days() {
        let due_at = datetime!(2026-11-22 12:00 UTC);
        let tries: Vec<_> = std::iter::successors(Some(due_at), |tried| next_try(due_at, *tried)).collect();
        assert_eq!(
            tries,
            [
                due_at,
                datetime!(2026-11-23 12:00 UTC),
                datetime!(2026-11-25 12:00 UTC),
                datetime!(2026-11-29 12:00 UTC),
            ]
        );
        assert_eq!(TRY_AFTER[3], crate::campaign::COLLECTION_WINDOW);
        assert_eq!(next_mail(3, due_at), Some(datetime!(2026-11-28 12:00 UTC)));
        assert_eq!(next_mail(4, due_at), None);
    }

    #[test]
    fn a_try_that_came_late_does_not_bring_back_those_before_it() {
        let due_at = datetime!(2026-11-22 12:00 UTC);
        let late = datetime!(2026-11-25 09:00 UTC);
        assert_eq!(next_try(due_at, late), Some(datetime!(2026-11-25 12:00 UTC)));
        let after_the_window = datetime!(2026-11-29 13:00 UTC);
        assert_eq!(next_try(due_at, after_the_window), None);
    }
}
