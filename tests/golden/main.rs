//! `cargo run -p felag-tests --bin golden -- DIR`: checks every `*.json` of a folder against our mathematics, prints what
//! failed and what was skipped, and ends with the counts. Fails if a case did.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("Usage: golden DIR, a folder of published cases as JSON");
        return ExitCode::from(2);
    };
    match felag_tests::golden::run(std::path::Path::new(&folder)) {
        Ok(report) => {
            println!("{report}");
            ExitCode::from(u8::from(report.failed > 0))
        }
        Err(cause) => {
            eprintln!("{cause:#}");
            ExitCode::from(2)
        }
    }
}
