//! The drill: the real program, killed at every crash point, at its first, second and third hit. It is started again,
//! time passes, and the same oracle looks whether anything was lost, charged twice or left lying.
//!
//! What people do meanwhile stands in `life`, and for the crash points on the way of money that was collected also in
//! `money`; a feature with crash points of its own adds its steps there, so that each of them is reached three times.

mod life;
mod money;

use std::fmt::Write;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use felag::clock::{self, Clock, pause, wall};
use felag::crash::CrashPoint;
use felag::jobs;
use felag_domain::money::Currency;
use futures::future::LocalBoxFuture;
use sqlx::Connection;

use super::model::{Campaign, Model, Reward};
use super::oracle::{self, Memory, View, When};
use super::visitor::Visitor;
use crate::World;
use crate::asking::Ask;
use crate::program::{Program, Server};

/// The first argument with which `felag-sim` is the server.
pub const PROGRAM: &str = "felag";

/// Something that happens in every drill, in this order. It must go on wherever the program was killed.
pub struct Step {
    pub name: &'static str,
    pub run: for<'a> fn(&'a mut Drill) -> LocalBoxFuture<'a, anyhow::Result<()>>,
}

/// One crash point, one hit.
pub struct Drill {
    pub world: World,
    pub model: Model,
    program: Program,
    server: Option<Server>,
    point: CrashPoint,
    died: bool,
}

/// What came of all drills.
#[derive(Default)]
pub struct Drilled {
    /// Each with whether the program got there and died.
    pub points: Vec<(CrashPoint, u32, bool)>,
    /// What was wrong afterwards.
    pub wrong: Vec<String>,
}

/// Drills every crash point at each of these hits, so many at the same time. `exe` is `felag-sim`.
pub fn all(exe: &Path, hits: RangeInclusive<u32>, threads: usize) -> Drilled {
    let wanted = hits.flat_map(|hit| CrashPoint::ALL.iter().map(move |point| (*point, hit)));
    let (wanted, drilled) = (Mutex::new(wanted), Mutex::new(Drilled::default()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some((point, hit)) = wanted.lock().ok().and_then(|mut wanted| wanted.next()) {
                    let outcome = one(exe, point, hit);
                    if let Ok(mut drilled) = drilled.lock() {
                        drilled.note(point, hit, outcome);
                    }
                }
            });
        }
    });
    drilled.into_inner().unwrap_or_default()
}

impl Drilled {
    fn note(&mut self, point: CrashPoint, hit: u32, outcome: anyhow::Result<(bool, Vec<String>)>) {
        let name = format!("{}:{hit}", point.name());
        match outcome {
            Ok((died, wrong)) => {
                self.points.push((point, hit, died));
                self.wrong
                    .extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
            }
            Err(cause) => self
                .wrong
                .push(format!("{name}: the drill could not go on: {cause:#}")),
        }
    }

    /// The figures, for a log.
    pub fn table(&self) -> String {
        let died = self.points.iter().filter(|(_, _, died)| *died).count();
        let mut text = format!(
            "{} crash points in the code; real processes killed at {died} of {} points and hits\n",
            CrashPoint::ALL.len(),
            self.points.len()
        );
        for (point, hit, _) in self.points.iter().filter(|(_, _, died)| !died) {
            writeln!(text, "  never reached: {}:{hit}", point.name()).ok();
        }
        self.wrong.iter().for_each(|what| {
            writeln!(text, "  WRONG {what}").ok();
        });
        text
    }
}

/// Whether the program died there, and what was wrong in the end.
fn one(exe: &Path, point: CrashPoint, hit: u32) -> anyhow::Result<(bool, Vec<String>)> {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let outcome = runtime.block_on(async {
            let mut drill = Box::pin(Drill::begin(exe, point, hit)).await?;
            let wrong = Box::pin(drill.whole()).await;
            let wrong =
                wrong.or_else(|cause| anyhow::Ok(vec![format!("the drill could not go on: {cause:#}")]))?;
            anyhow::Ok((drill.died, wrong))
        });
        runtime.shutdown_background();
        outcome
    }));
    outcome.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        bail!("it broke off: {words}")
    })
}

impl Drill {
    async fn begin(exe: &Path, point: CrashPoint, hit: u32) -> anyhow::Result<Self> {
        let world = World::new().await;
        world.ctx.clock.show(wall());
        let exe = exe.to_str().context("the program's path is no text")?;
        let mut model = Model::default();
        let owner = world.person("owner").await;
        for number in 0..3 {
            let ask = Ask {
                title: format!("Microscope {number}"),
                minimum_minor: 3_000,
                days: 3,
                rewards: vec![("A kit", 2_500, Some(2))],
                ..Ask::default()
            };
            let ask = money::ask(point, ask);
            let opened = world.open_campaign(&owner, &ask).await;
            let reward = |id: &String| Reward {
                id: id.clone(),
                price_minor: 2_500,
                limit: Some(2),
            };
            model.campaigns.push(Campaign {
                id: opened.id.as_uuid(),
                project: opened.project,
                project_slug: String::new(),
                slug: opened.slug.clone(),
                currency: Currency::EUR,
                minimum_minor: ask.minimum_minor,
                deadline: opened.deadline,
                rewards: opened.rewards.iter().map(reward).collect(),
                lends_minor: 0,
                has_loan: false,
            });
        }
        model.owner = Some(owner.id);
        if point == CrashPoint::EvidenceWritten {
            world.prove(&owner).await;
        }
        // From now on only the program hears and works.
        sqlx::query("delete from sandbox.object where kind = 'webhook_endpoint'")
            .execute(&world.owner)
            .await?;
        let program = Program::new(exe)
            .with("DATABASE_URL", &world.database_url())
            .with("FELAG_LOG", "error")
            .with("FELAG_CRASH", &format!("{}:{hit}", point.name()));
        let mut drill = Self {
            world,
            model,
            program,
            server: None,
            point,
            died: false,
        };
        drill.server = Some(drill.program.start(&[PROGRAM, "serve"]));
        Ok(drill)
    }

    async fn whole(&mut self) -> anyhow::Result<Vec<String>> {
        for step in money::steps(self.point) {
            (step.run)(self).await.context(step.name)?;
        }
        if let Some(server) = self.server.take() {
            server.terminate();
        }
        let view = View {
            db: &self.world.owner,
            model: &self.model,
            memory: &Memory::default(),
        };
        let mut wrong = Vec::new();
        for when in [When::Always, When::AtRest, When::AtTheEnd] {
            wrong.extend(oracle::broken(&view, when).await?);
        }
        Ok(wrong)
    }

    /// Somebody who looks at the program's pages.
    ///
    /// # Errors
    /// When no client can be built.
    pub fn visitor(&self, address: String) -> anyhow::Result<Visitor> {
        let server = self.server.as_ref().context("no program runs")?;
        Visitor::new(&server.address("Felag is at"), address)
    }

    /// Starts the program again if it has died. Whether it had.
    pub fn revive(&mut self) -> bool {
        let Some(server) = &mut self.server else {
            return false;
        };
        if server.ended(Duration::ZERO).is_none() {
            return false;
        }
        self.died = true;
        self.server = None;
        self.program.set("FELAG_CRASH", "");
        self.server = Some(self.program.start(&[PROGRAM, "serve"]));
        true
    }

    /// Moves the clock of the installation and waits until the program, alive or again alive, has done what is due.
    ///
    /// # Errors
    /// When something that is due is never done.
    pub async fn advance(&mut self, to: time::OffsetDateTime) -> anyhow::Result<()> {
        let mut conn = self.world.owner.acquire().await?;
        clock::move_to(&mut conn, to).await?;
        drop(conn);
        self.rest().await
    }

    /// Waits until nothing is due.
    ///
    /// # Errors
    /// When something that is due is never done.
    pub async fn rest(&mut self) -> anyhow::Result<()> {
        let clock = Clock::new();
        let since = wall();
        let mut quiet = 0;
        // Twice in a row: between two looks a webhook may travel.
        while quiet < 2 {
            ensure!(
                wall() - since < time::Duration::minutes(2),
                "some work that is due is not done"
            );
            if self.revive() {
                quiet = 0;
            }
            let mut conn = self.world.owner.acquire().await?;
            clock.refresh(&mut *conn).await?;
            let mut view = conn
                .begin_with("begin isolation level repeatable read read only")
                .await?;
            let ours = jobs::next_due(&mut view).await?;
            let theirs = felag_sandbox::next_due(&mut *view).await?;
            view.rollback().await?;
            let due = ours.into_iter().chain(theirs).min();
            quiet = if due.is_none_or(|due| due > clock.now()) {
                quiet + 1
            } else {
                0
            };
            pause(Duration::from_millis(60)).await;
        }
        Ok(())
    }

    /// The installation's time.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn now(&self) -> anyhow::Result<time::OffsetDateTime> {
        let clock = Clock::new();
        clock.refresh(&self.world.owner).await?;
        Ok(clock.now())
    }
}
