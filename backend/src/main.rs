//! Felag's program. What it can do is in `felag::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    felag::cli::main()
}
