//! Ids and secrets: the one place where randomness comes from.

const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz0123456";

/// 24 random letters and digits, 120 bits.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox stands for somebody else's server: its ids are its own"
)]
pub(crate) fn random_word() -> String {
    let bytes: [u8; 24] = rand::random();
    bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
        .collect()
}

/// A fresh id such as `pi_sbx_…`: the prefix says what it names, `sbx` that no real money hangs on it.
pub(crate) fn fresh(prefix: &str) -> String {
    format!("{prefix}_sbx_{}", random_word())
}
