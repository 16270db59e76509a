//! How often one may try. Keys are the same for addresses with and without an account, so that a limit tells
//! nobody which is which.
//!
//! A limit on one account cannot shut its owner out: a link for a new password signs in without it.

use felag_domain::person::EmailAddress;
use sha2::{Digest, Sha256};
use time::Duration;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::web::limits::Limit;

/// Guesses at one account, from anywhere.
pub const SIGN_INS_OF_ACCOUNT: Limit = Limit::new("sign_in.account", 10, Duration::minutes(15));
/// Guesses from one place, at any account.
pub const SIGN_INS_FROM: Limit = Limit::new("sign_in.address", 30, Duration::minutes(15));
/// Accounts opened from one place.
pub const SIGN_UPS_FROM: Limit = Limit::new("sign_up.address", 10, Duration::HOUR);
/// Links for a new password to one mailbox.
pub const RESETS_TO: Limit = Limit::new("password_reset.recipient", 3, Duration::HOUR);
/// Links for a new password asked for from one place.
pub const RESETS_FROM: Limit = Limit::new("password_reset.address", 10, Duration::HOUR);
/// Mails about opening an account to one mailbox.
pub const CONFIRMATIONS_TO: Limit = Limit::new("email_confirmation.recipient", 3, Duration::HOUR);

/// Tries of an address that refused mail for good.
pub const MAIL_AGAIN: Limit = Limit::new("mail_again.account", 1, Duration::DAY);

/// What an account is counted by: not the address itself, which has no business in a table of attempts.
pub fn account(email: &EmailAddress) -> String {
    hex::encode(Sha256::digest(email.as_str().as_bytes()))
}

/// Counts one attempt.
///
/// # Errors
/// [`Error::TooMany`] when it was one too many.
pub async fn count(ctx: &Ctx, limit: Limit, key: &str) -> Result<(), Error> {
    if limit.take(ctx, key).await? {
        return Ok(());
    }
    tracing::warn!(limit = limit.kind, "too many attempts");
    Err(Error::TooMany)
}
