//! Schedules a second on one core: terms checked, dates, interest and thirty-six rows, from the terms alone.

use std::hint::black_box;
use std::time::Duration;

use felag_domain::loan::{Asked, DayCount, Grace, Kind, Period, Terms};
use felag_domain::money::{Currency, Money};
use felag_domain::rate::Rate;
use time::macros::date;

use crate::Bench;
use crate::load::now;
use crate::report::{Goal, Report};

const INSTALMENTS: u32 = 36;

pub fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for (kind, goal) in [
        (Kind::EqualInstalments, Goal::AtLeast(100_000.0)),
        (Kind::EqualPrincipal, Goal::None),
        (Kind::Bullet, Goal::None),
    ] {
        let mut rounds = Vec::new();
        for round in 0..=bench.rounds {
            let rate = a_second(bench.seconds, kind)?;
            // The first round warms everything up.
            if round > 0 {
                rounds.push(rate);
            }
        }
        let name = format!("schedules of {INSTALMENTS} instalments a second on one core, {kind}");
        report.figures(&name, goal, &rounds, "schedules/s".into());
    }
    Ok(())
}

/// No two of them ask for the same.
fn a_second(seconds: u64, kind: Kind) -> anyhow::Result<f64> {
    let (started, until) = (now(), Duration::from_secs(seconds));
    let mut made = 0_u32;
    while started.elapsed() < until {
        for _ in 0..1_000 {
            let terms = Terms::new(black_box(Asked {
                principal: Money::from_minor(1_000_000 + i64::from(made), Currency::EUR),
                rate: Rate::from_basis_points(100 + made % 1_400),
                count: INSTALMENTS,
                period: Period::Monthly,
                kind,
                grace: Grace::NONE,
                day_count: DayCount::Thirty360,
                paid_out_on: date!(2027 - 01 - 31),
                first_due_on: None,
                fee: Money::zero(Currency::EUR),
            }))?;
            black_box(terms.schedule());
            made += 1;
        }
    }
    Ok(f64::from(made) / started.elapsed().as_secs_f64())
}
