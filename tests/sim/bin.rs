//! `felag-sim`: the platform simulation for as long as one likes, real processes killed at every crash point, and the
//! planted faults. `make sim` runs all of it.

use std::process::ExitCode;

use felag_tests::sim::report::Run;

/// What the arguments ask for.
#[derive(Debug)]
struct Wish {
    seeds: u64,
    from: u64,
    threads: usize,
    plants: Vec<String>,
    crash_points: bool,
    hits: u32,
    trace: bool,
}

const HELP: &str =
    "felag-sim [--seeds N] [--from N] [--threads N] [--crash-points [--hits N]] [--plant NAME|all]

  --seeds N        how many seeds; 100 unless said otherwise, 0 for none
  --from N         the first of them; 1 unless said otherwise
  --threads N      how many at the same time; 2 unless said otherwise
  --crash-points   kills real processes at every crash point
  --hits N         at its first N hits; 3 unless said otherwise
  --plant NAME     plants a fault (or all, one after the other) and looks how many seeds find it;
                   only in a program built with the feature `planted`
  --trace          says everything that happened
  --list           names the faults";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    // The drill starts the server through this very program, which holds all of it.
    if std::env::args().nth(1).as_deref() == Some(felag_tests::sim::drill::PROGRAM) {
        return felag::cli::main_with(std::env::args().skip(1));
    }
    let wish = match read(&mut arguments) {
        Ok(Some(wish)) => wish,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            eprintln!("{wrong}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let mut good = true;
    if !wish.plants.is_empty() {
        good &= plants(&wish);
    } else if wish.seeds > 0 {
        let run = Run::of(wish.from..wish.from + wish.seeds, wish.threads, |_| false);
        if wish.trace {
            run.traces.iter().for_each(|line| println!("{line}"));
        }
        run.failed
            .iter()
            .for_each(|played| println!("{}", played.story()));
        println!("{}", run.table());
        good &= run.failed.is_empty();
    }
    if wish.crash_points {
        good &= drill(&wish);
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn read(arguments: &mut impl Iterator<Item = String>) -> Result<Option<Wish>, String> {
    let mut wish = Wish {
        seeds: 100,
        from: 1,
        threads: 2,
        plants: Vec::new(),
        crash_points: false,
        hits: 3,
        trace: false,
    };
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--help" => return Ok(None),
            "--list" => {
                felag::planted::Plant::ALL
                    .iter()
                    .for_each(|plant| println!("{:<24}{}", plant.name(), plant.words()));
                return Ok(None);
            }
            "--seeds" => wish.seeds = number(&value()?)?,
            "--from" => wish.from = number(&value()?)?,
            "--threads" => wish.threads = number(&value()?)?,
            "--hits" => wish.hits = number(&value()?)?,
            "--plant" => wish.plants.push(value()?),
            "--crash-points" => wish.crash_points = true,
            "--trace" => wish.trace = true,
            other => return Err(format!("{other} is not known")),
        }
    }
    Ok(Some(wish))
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

/// Real processes, killed.
fn drill(wish: &Wish) -> bool {
    let exe = match std::env::current_exe() {
        Ok(exe) => exe,
        Err(cause) => {
            eprintln!("this program cannot find itself: {cause}");
            return false;
        }
    };
    let drilled = felag_tests::sim::drill::all(&exe, 1..=wish.hits, wish.threads);
    println!("{}", drilled.table());
    drilled.wrong.is_empty()
}

#[cfg(feature = "planted")]
fn plants(wish: &Wish) -> bool {
    use felag::planted::Plant;
    let all = wish.plants.iter().any(|name| name == "all");
    let wanted = Plant::ALL
        .iter()
        .filter(|plant| all || wish.plants.iter().any(|name| name == plant.name()));
    let found = felag_tests::sim::plants::find(wanted.copied(), wish.from, wish.seeds, wish.threads);
    println!("{}", found.table());
    !found.0.is_empty() && found.0.iter().all(|one| one.by.is_some())
}

#[cfg(not(feature = "planted"))]
fn plants(_: &Wish) -> bool {
    eprintln!("faults are planted only in a program built with --features planted");
    false
}
