//! The secret a phone makes codes from: what the phone is shown, which codes are right, and how it lies in the
//! database (AES-256-GCM, under a key of its own in `secret`, bound to its person).

use anyhow::{Context, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use felag_domain::ids::PersonId;
use felag_domain::person::factor::{CODE_DIGITS, STEP_SECONDS, STEPS_OFF};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use totp_rs::{Algorithm, Builder, Totp};

/// 160 bits, as long as the hash (RFC 4226, 4, R6).
pub const SECRET_BYTES: usize = 20;

/// What makes a person's codes.
pub struct Phone(Totp);

impl Phone {
    /// The phone with this secret, under the name that its program shows.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn new(secret: Vec<u8>, email: &str) -> anyhow::Result<Self> {
        let totp = Builder::new()
            // Many programs know this one only (RFC 6238 has it as the default).
            .with_algorithm(Algorithm::SHA1)
            .with_digits(u8::try_from(CODE_DIGITS)?)
            .with_step_duration(STEP_SECONDS)
            .with_skew(u16::try_from(STEPS_OFF)?)
            .with_secret(secret)
            .with_issuer(Some("Felag"))
            .with_account_name(email.replace(':', " "))
            .build();
        Ok(Self(
            totp.map_err(|cause| anyhow!("no secret of a phone: {cause}"))?,
        ))
    }

    /// The step whose code this is, of those that may be given at `now`.
    pub fn step_of(&self, code: &str, now: OffsetDateTime) -> Option<i64> {
        let step = self.0.check(code, u64::try_from(now.unix_timestamp()).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The code of a step.
    pub fn code_of(&self, step: i64) -> String {
        let seconds = u64::try_from(step).unwrap_or(0) * STEP_SECONDS;
        self.0.generate(seconds).to_string()
    }

    /// The secret in the letters that are typed into a phone.
    pub fn letters(&self) -> String {
        self.0.secret().to_base32()
    }

    /// What the square code says.
    ///
    /// # Errors
    /// When the account has no name.
    pub fn address(&self) -> anyhow::Result<String> {
        self.0
            .to_url()
            .map_err(|cause| anyhow!("no address for a phone: {cause}"))
    }
}

/// What the database keeps of a recovery code. It has 80 random bits, so nobody can try them all.
pub fn recovery_hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

/// Seals a secret for the database. The nonce must be fresh random bytes.
///
/// # Errors
/// When the key is not one.
pub fn seal(key: &[u8], nonce: [u8; NONCE_LEN], person: PersonId, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut sealed = secret.to_vec();
    let whose = Aad::from(*person.as_uuid().as_bytes());
    self::key(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), whose, &mut sealed)
        .map_err(|_| anyhow!("a secret could not be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made for the same person.
///
/// # Errors
/// When it was changed, belongs to somebody else, or was sealed under another key.
pub fn open(key: &[u8], person: PersonId, stored: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (nonce, sealed) = stored
        .split_at_checked(NONCE_LEN)
        .context("a sealed secret is too short")?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("no nonce"))?;
    let whose = Aad::from(*person.as_uuid().as_bytes());
    let secret = self::key(key)?
        .open_in_place(nonce, whose, &mut sealed)
        .map_err(|_| anyhow!("a sealed secret does not open: it was changed, or the key was"))?;
    Ok(secret.to_vec())
}

fn key(bytes: &[u8]) -> anyhow::Result<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| anyhow!("the key must have 32 bytes"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    /// The secret of the examples in RFC 6238, appendix B.
    const RFC: &[u8; 20] = b"12345678901234567890";

    fn phone() -> Phone {
        Phone::new(RFC.to_vec(), "ada@example.org").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // The last six of the eight digits of RFC 6238, appendix B, SHA-1.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(phone().code_of(seconds / 30), code);
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            assert_eq!(phone().step_of(code, now), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_right_one_step_before_and_after_and_not_two() {
        let now = datetime!(2026-11-22 10:00 UTC);
        let step = now.unix_timestamp() / 30;
        for (off, is_right) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = phone().code_of(step + off);
            assert_eq!(
                phone().step_of(&code, now),
                is_right.then_some(step + off),
                "{off}"
            );
        }
        assert_eq!(phone().step_of("12345", now), None);
        assert_eq!(phone().step_of("+12345", now), None);
    }

    #[test]
    fn a_phone_is_told_whose_secret_it_is() {
        let address = phone().address().unwrap();
        assert!(
            address.starts_with("otpauth://totp/Felag:ada%40example.org?"),
            "{address}"
        );
        assert!(
            address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{address}"
        );
        assert!(address.contains("issuer=Felag"), "{address}");
        assert_eq!(phone().letters(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_sealed_secret_opens_for_its_person_under_its_key_and_only_unchanged() {
        let (ada, bob) = (
            PersonId::from_uuid(Uuid::from_u128(1)),
            PersonId::from_uuid(Uuid::from_u128(2)),
        );
        let sealed = seal(&[7; 32], [1; 12], ada, RFC).unwrap();
        assert_eq!(sealed.len(), 12 + 20 + 16);
        assert!(
            !sealed
                .windows(4)
                .any(|part| RFC.windows(4).any(|plain| plain == part))
        );
        assert_eq!(open(&[7; 32], ada, &sealed).unwrap(), RFC);
        assert!(open(&[7; 32], bob, &sealed).is_err());
        assert!(open(&[8; 32], ada, &sealed).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(open(&[7; 32], ada, &changed).is_err());
        assert!(open(&[7; 32], ada, &sealed[..11]).is_err());
        assert!(seal(&[7; 31], [1; 12], ada, RFC).is_err());
    }
}
