//! The real program: starting, stopping, crashing, and the commands beside it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod books;
mod commands;
mod lifecycle;
mod loan;
mod reconciliation;
mod settlement;

use felag_tests::program::Program;

fn felag() -> Program {
    Program::new(env!("CARGO_BIN_EXE_felag"))
}
