//! Tests that grow when there is time: `make test-long`.

/// Whether somebody asked for what takes too long for every change.
pub fn is_asked_for() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the tests are run, not a setting of Felag"
    )]
    std::env::var_os("FELAG_TEST_LONG").is_some_and(|value| value == "1")
}
