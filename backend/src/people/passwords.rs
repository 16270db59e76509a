//! Passwords, hashed with Argon2id: slow on purpose, and no more at once than `ctx.password_pool` lets in, so
//! that a flood of sign-ins cannot take all processors and memory.

use anyhow::Context;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::ctx::Ctx;

/// 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet, Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Compared with where there is no account, so that an unknown address takes as long as a known one. No
/// password is known to match it.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|cause| anyhow::anyhow!("the cost of hashing passwords is wrong: {cause}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8]) -> anyhow::Result<String> {
    let hash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|cause| anyhow::anyhow!("a password could not be hashed: {cause}"))?;
    Ok(hash.to_string())
}

fn matches_now(password: &str, stored: &str) -> anyhow::Result<bool> {
    let stored = PasswordHash::new(stored)
        .map_err(|cause| anyhow::anyhow!("a stored hash cannot be read: {cause}"))?;
    Ok(argon2()?.verify_password(password.as_bytes(), &stored).is_ok())
}

/// What the database keeps of a password.
///
/// # Errors
/// When memory is out or the server is stopping.
pub async fn hash(ctx: &Ctx, password: &str) -> anyhow::Result<String> {
    let (password, salt) = (password.to_string(), ctx.random.bytes::<16>());
    in_the_pool(ctx, move || hash_now(&password, &salt)).await
}

/// Whether `password` is the one `stored` was made from. Without a stored one it takes as long, and is not.
///
/// # Errors
/// When memory is out, the server is stopping, or what is stored is no hash.
pub async fn matches(ctx: &Ctx, password: &str, stored: Option<&str>) -> anyhow::Result<bool> {
    let is_somebodys = stored.is_some();
    let (password, stored) = (password.to_string(), stored.unwrap_or(NOBODYS).to_string());
    let is_right = in_the_pool(ctx, move || matches_now(&password, &stored)).await?;
    Ok(is_right && is_somebodys)
}

/// The permit goes along: a request that is given up still counts until its hash is done.
async fn in_the_pool<T: Send + 'static>(
    ctx: &Ctx,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let permit = ctx
        .password_pool
        .clone()
        .acquire_owned()
        .await
        .context("the server is stopping")?;
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    })
    .await
    .context("hashing a password was given up")?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_and_no_other_does() {
        let stored = hash_now("þrír hestar á túni", &[7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches_now("þrír hestar á túni", &stored).unwrap());
        assert!(!matches_now("þrír hestar á túni ", &stored).unwrap());
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_a_real_one_and_matches_nothing() {
        let cost = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_string);
        assert_eq!(
            cost(NOBODYS),
            cost(&hash_now("felag-demo-2026", &[7; 16]).unwrap())
        );
        assert!(!matches_now("felag-demo-2026", NOBODYS).unwrap());
        assert!(!matches_now("", NOBODYS).unwrap());
    }

    #[test]
    fn a_broken_hash_is_an_error_and_lets_nobody_in() {
        assert!(matches_now("felag-demo-2026", "plain").is_err());
    }
}
