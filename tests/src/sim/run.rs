//! One seed from its beginning to its end: a world is made, steps are drawn and done, the oracle looks after each, and
//! at last all trouble stops and everything must come to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use felag::jobs::Kinds;
use felag::random::Random;
use felag_domain::pledge::PledgeState;
use futures::future::LocalBoxFuture;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::actions::Phase;
use super::dice::Dice;
use super::model::Model;
use super::oracle::{Memory, When};
use super::plan::Knobs;
use super::process::Process;
use super::rare::Rare;
use super::report::Played;
use super::{end, ground, oracle};
use crate::World;

/// A simulation that runs.
pub struct Sim {
    pub seed: u64,
    pub world: World,
    pub kinds: Rc<Kinds>,
    /// The first answers the pages; all work.
    pub processes: Vec<Process>,
    pub model: Model,
    /// The dice of this step.
    pub dice: Dice,
    pub knobs: Knobs,
    pub rare: Rare,
    /// What happened, a line a step.
    pub trace: Vec<String>,
    pub http: reqwest::Client,
    pub(super) memory: Memory,
    /// Errors of loops that should never end in one.
    pub(super) errors: Vec<String>,
    pub(super) born: u64,
}

/// The rules a seed broke.
#[derive(Debug)]
pub struct Wrong(pub Vec<String>);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Wrong {}

/// What somebody does with a world at its end.
pub type Then = for<'a> fn(&'a Sim) -> LocalBoxFuture<'a, anyhow::Result<()>>;

/// Plays a seed on a thread of its own, whose runtime has no other thread: what happens depends on the seed.
pub fn play(seed: u64) -> Played {
    play_then(seed, |_| Box::pin(async { Ok(()) }))
}

/// As [`play`]; when no rule was broken, `then` looks at the world that came of it.
pub fn play_then(seed: u64, then: Then) -> Played {
    let since = felag::clock::wall();
    let mut played = Played::new(seed);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let outcome = runtime.block_on(whole(seed, &mut played, then));
        runtime.shutdown_background();
        outcome
    }));
    played.wrong = match outcome {
        Ok(Ok(())) => Vec::new(),
        Ok(Err(cause)) => match cause.downcast::<Wrong>() {
            Ok(wrong) => wrong.0,
            Err(cause) => vec![format!("the simulation could not go on: {cause:#}")],
        },
        Err(panic) => vec![format!("the simulation broke off: {}", words(panic.as_ref()))],
    };
    played.took = (felag::clock::wall() - since).unsigned_abs();
    played
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

async fn whole(seed: u64, played: &mut Played, then: Then) -> anyhow::Result<()> {
    let mut sim = Box::pin(Sim::begin(seed)).await?;
    let outcome = Box::pin(sim.steps()).await;
    let outcome = match outcome {
        Ok(()) => Box::pin(end::come_to_the_end(&mut sim)).await,
        wrong => wrong,
    };
    let outcome = match outcome {
        Ok(()) => then(&sim).await,
        wrong => wrong,
    };
    played.steps = sim.trace.len();
    played.rare = sim.rare;
    played.trace = sim.trace;
    outcome
}

impl Sim {
    /// A world with its campaigns, its people and two processes.
    ///
    /// # Errors
    /// When a database or a port cannot be had.
    pub async fn begin(seed: u64) -> anyhow::Result<Self> {
        let mut dice = Dice::of(seed, 0);
        let settings = [("FELAG_STRIPE_TIMEOUT_SECONDS", "1")];
        let world = World::repeatable(&settings, Random::seeded(dice.number())).await?;
        let knobs = Knobs::draw(&mut dice);
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut sim = Self {
            seed,
            world,
            kinds: Rc::new(felag::wiring::job_kinds()),
            processes: Vec::new(),
            model: Model::default(),
            dice,
            knobs,
            rare: Rare::default(),
            trace: Vec::new(),
            http,
            memory: Memory::default(),
            errors: Vec::new(),
            born: 0,
        };
        ground::lay(&mut sim).await?;
        for place in 0..2 {
            let crash = sim.maybe_doomed();
            let process = sim.born(place, crash).await?;
            sim.processes.push(process);
        }
        sim.world.answer_with(sim.processes[0].ctx.clone());
        felag::wiring::standing_jobs(&sim.processes[0].ctx).await?;
        Ok(sim)
    }

    async fn steps(&mut self) -> anyhow::Result<()> {
        for step in 1..=self.knobs.steps {
            self.dice = Dice::of(self.seed, step);
            let phases = self.phases().await?;
            if phases.is_empty() {
                break;
            }
            let action = self.knobs.next(&mut self.dice, &phases);
            let done = (action.run)(self).await;
            self.bury().await?;
            let at = self.now();
            let said = match &done {
                Ok(said) => said.clone(),
                Err(cause) => format!("{cause:#}"),
            };
            self.trace.push(format!("{step:>4} {at} {}: {said}", action.name));
            done?;
            self.look(action.name).await?;
        }
        Ok(())
    }

    /// What the campaigns and loans are at; nothing when all are over.
    async fn phases(&self) -> anyhow::Result<Vec<Phase>> {
        let sql = "select state, decided_at is not null from campaign
                   union all select 'loan ' || state, false from loan";
        let states: Vec<(String, bool)> = sqlx::query_as(sql).fetch_all(&self.world.owner).await?;
        let mut phases = Vec::new();
        for (state, is_decided) in states {
            match (state.as_str(), is_decided) {
                ("open" | "suspended", false) => phases.push(Phase::Open),
                ("funded", _) => phases.extend([Phase::Collecting, Phase::PayingOut]),
                ("loan network_first" | "loan open", _) => phases.push(Phase::Lending),
                ("loan closed", _) => phases.push(Phase::Signing),
                ("loan collected", _) => phases.push(Phase::LoanWaits),
                (
                    "loan repaying" | "loan late" | "loan rescheduled" | "loan defaulted" | "loan recovering"
                    | "loan written_off",
                    _,
                ) => phases.push(Phase::Repaying),
                (state, true) if !matches!(state, "failed" | "closed" | "cancelled") => {
                    phases.push(Phase::Collecting);
                }
                _ => {}
            }
        }
        Ok(phases)
    }

    /// Whether everything is as it must be at any time.
    ///
    /// # Errors
    /// [`Wrong`] when it is not.
    pub async fn look(&mut self, after: &str) -> anyhow::Result<()> {
        let problems = oracle::look(self, When::Always).await?;
        if problems.is_empty() {
            return Ok(());
        }
        let mut wrong = vec![format!("after “{after}”:")];
        wrong.extend(problems);
        Err(Wrong(wrong).into())
    }

    /// The simulation's time.
    pub fn now(&self) -> OffsetDateTime {
        self.world.ctx.now()
    }

    /// Moves the clock of all.
    pub fn show(&self, to: OffsetDateTime) {
        self.world.ctx.clock.stand(to);
    }

    /// What came of a loop's round: whether it did anything. One that died did, too.
    pub fn went(&mut self, done: Option<anyhow::Result<bool>>) -> bool {
        match done {
            Some(Ok(did)) => did,
            Some(Err(cause)) => {
                self.errors.push(format!("{cause:#}"));
                true
            }
            None => true,
        }
    }

    /// Tells the sandbox to behave in some way.
    ///
    /// # Errors
    /// When it does not understand.
    pub async fn control(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("{}_ctl/{path}", self.world.sandbox.base_url());
        let reply = self.http.post(url).json(body).send().await?.error_for_status()?;
        Ok(reply.json().await?)
    }

    /// As [`Sim::control`], where the sandbox may say no: the status it answers with.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn try_control(&self, path: &str, body: &Value) -> anyhow::Result<u16> {
        let url = format!("{}_ctl/{path}", self.world.sandbox.base_url());
        Ok(self.http.post(url).json(body).send().await?.status().as_u16())
    }

    /// The link of the gift that a form made, if it made one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn token_of(&self, key: Uuid) -> anyhow::Result<Option<String>> {
        let sql = "select token from pledge where request_key = $1";
        Ok(sqlx::query_scalar(sql)
            .bind(key)
            .fetch_optional(&self.world.owner)
            .await?)
    }

    /// Gifts that stand in one of these states, oldest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn gifts_in(&self, states: &[PledgeState]) -> anyhow::Result<Vec<usize>> {
        let states: Vec<String> = states.iter().map(|state| state.as_str().to_string()).collect();
        let sql = "select request_key from pledge where state = any($1)";
        let keys = sqlx::query_scalar(sql).bind(states);
        Ok(self.among(&keys.fetch_all(&self.world.owner).await?))
    }

    /// Gifts whose forms' keys a query finds, oldest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn gifts_of(&self, sql: &'static str) -> anyhow::Result<Vec<usize>> {
        let keys = sqlx::query_scalar(sql).fetch_all(&self.world.owner).await?;
        Ok(self.among(&keys))
    }

    fn among(&self, keys: &[Uuid]) -> Vec<usize> {
        let gifts = self.model.gifts.iter().enumerate();
        gifts
            .filter(|(_, gift)| keys.contains(&gift.key))
            .map(|(index, _)| index)
            .collect()
    }
}
