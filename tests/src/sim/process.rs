//! Simulated processes: a context each, on one database, that can die between any two of its steps.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use felag::crash::{CrashAt, CrashPoint, Died};
use felag::ctx::Ctx;
use felag::random::Random;
use felag::{jobs, mail, payments};
use futures::FutureExt;

use super::dice::Dice;
use super::run::Sim;

/// One process of the installation.
pub struct Process {
    pub ctx: Ctx,
    /// Its name in the database's list of connections.
    name: String,
}

/// The loops of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    Jobs,
    Operations,
    Events,
    Mail,
}

impl Loop {
    pub const ALL: [Loop; 4] = [Loop::Jobs, Loop::Operations, Loop::Events, Loop::Mail];

    /// Runs it once. Whether there was anything to do.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn run(self, ctx: &Ctx, kinds: &jobs::Kinds) -> anyhow::Result<bool> {
        match self {
            Loop::Jobs => jobs::run_once(ctx, kinds).await,
            Loop::Operations => payments::operations::run_once(ctx).await,
            Loop::Events => payments::events::run_once(ctx).await,
            Loop::Mail => mail::delivery::run_once(ctx).await,
        }
    }
}

/// Work that is dropped where it stands after it was polled so many times, or where a crash point lets it unwind.
pub struct Mortal<F> {
    work: Pin<Box<F>>,
    polls_left: Option<u32>,
}

/// Lets `work` live for so many polls; for ever without a number. `None` when it died.
pub fn mortal<'a, T>(
    work: impl Future<Output = T> + 'a,
    polls: Option<u32>,
) -> Mortal<impl Future<Output = Option<T>> + 'a> {
    let caught = AssertUnwindSafe(work).catch_unwind().map(|end| match end {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Died>() => None,
        Err(cause) => resume_unwind(cause),
    });
    Mortal {
        work: Box::pin(caught),
        polls_left: polls,
    }
}

impl<T, F: Future<Output = Option<T>>> Future for Mortal<F> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.polls_left == Some(0) {
            return Poll::Ready(None);
        }
        self.polls_left = self.polls_left.map(|left| left - 1);
        self.work.as_mut().poll(cx)
    }
}

impl Sim {
    /// In some seeds a process is meant to die at a crash point.
    pub(super) fn maybe_doomed(&mut self) -> Option<CrashAt> {
        (self.knobs.crash_points && self.dice.percent(60)).then(|| crash(&mut self.dice))
    }

    /// A process that has not died yet.
    pub(super) async fn born(&mut self, place: usize, crash: Option<CrashAt>) -> anyhow::Result<Process> {
        self.born += 1;
        let name = format!("sim {place} {}", self.born);
        let random = Random::seeded(self.seed.wrapping_mul(1_000).wrapping_add(self.born));
        let ctx = self.world.process(&name, crash, random).await?;
        Ok(Process { ctx, name })
    }

    /// A process is gone, with its connections and leases, and another takes its place.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn dies(&mut self, place: usize) -> anyhow::Result<()> {
        let dead = self.processes[place].ctx.clone();
        if let Some(crash) = dead.config.crash.as_ref().filter(|crash| crash.is_over()) {
            self.rare.died_at(crash.point());
        }
        let name = self.processes[place].name.clone();
        let crash = self.maybe_doomed();
        let born = self.born(place, crash).await?;
        if place == 0 {
            self.world.answer_with(born.ctx.clone());
        }
        self.processes[place] = born;
        self.cut(&name).await?;
        // What its pool still holds are closed connections.
        tokio::spawn(async move { dead.db.close().await });
        self.leases_end().await
    }

    /// Ends the database connections of a process, by its name. Other seeds, whose processes are called the same, work on
    /// the same server at the same time: only this database's are meant.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn cut(&self, name: &str) -> anyhow::Result<i64> {
        let end = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
                   where application_name = $1 and datname = current_database()";
        Ok(sqlx::query_scalar(end)
            .bind(name)
            .fetch_one(&self.world.owner)
            .await?)
    }

    /// Ends the database connections of the process at `place`, which goes on. How many there were.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn cut_connections(&self, place: usize) -> anyhow::Result<i64> {
        self.cut(&self.processes[place].name).await
    }

    /// Replaces every process that reached its crash point. Whether there was one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn bury(&mut self) -> anyhow::Result<bool> {
        let mut any = false;
        for place in 0..self.processes.len() {
            let crash = self.processes[place].ctx.config.crash.as_ref();
            if crash.is_some_and(CrashAt::is_over) {
                self.dies(place).await?;
                any = true;
            }
        }
        Ok(any)
    }

    /// What a dead process had claimed is free again after some minutes of real time: nobody waits for that here.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn leases_end(&self) -> anyhow::Result<()> {
        for table in ["job", "operation", "provider_event", "message"] {
            let sql = format!("update {table} set claimed_until = null where claimed_until is not null");
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .execute(&self.world.owner)
                .await?;
        }
        Ok(())
    }
}

fn crash(dice: &mut Dice) -> CrashAt {
    let point = *dice.pick(CrashPoint::ALL);
    let hit = dice.between(1, 6);
    CrashAt::unwinding(point, u32::try_from(hit).unwrap_or(1))
}
