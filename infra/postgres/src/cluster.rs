//! The application's handle on its private cluster: who may stop the server, and who starts it again.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::Settings;
use crate::postmaster::{State, answers};
use crate::server::Server;

/// The folder below the data folder.
const NAME: &str = "pg";
/// The superuser of a private cluster.
const SUPERUSER: &str = "felag";
/// How often [`Cluster::watch`] looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What a process is to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Looks after the server: stops it at the end, and [`Cluster::watch`] starts it again when it dies.
    /// One at a time; a second one is a guest until the first leaves.
    Owner,
    /// Uses the server. Stops it only when nobody is left: no owner and no other guest.
    Guest,
}

/// A private cluster that is running. End it with [`Cluster::stop`]; a handle that is merely dropped asks the
/// server to stop under the same rules, but does not wait.
pub struct Cluster {
    inner: Arc<Inner>,
    socket_dir: PathBuf,
    adopted: bool,
}

struct Inner {
    server: Server,
    role: Role,
    presence: Mutex<Presence>,
    leaving: AtomicBool,
}

/// The locks that this handle holds.
struct Presence {
    user: Option<File>,
    owner: Option<File>,
}

impl Cluster {
    /// Starts or adopts the server as a guest.
    ///
    /// # Errors No Postgres of a fitting version, a data folder that cannot be used, or a server that does
    /// not start; the message says what to do and ends with Postgres's own last words.
    pub async fn start(settings: &Settings) -> Result<Cluster> {
        Self::start_as(settings, Role::Guest).await
    }

    /// Starts or adopts the server in the given role. Errors as for [`Cluster::start`].
    pub async fn start_as(settings: &Settings, role: Role) -> Result<Cluster> {
        let settings = settings.clone();
        tokio::task::spawn_blocking(move || Self::start_blocking(&settings, role)).await?
    }

    fn start_blocking(settings: &Settings, role: Role) -> Result<Cluster> {
        let server = Server::open(settings, NAME)?;
        let start = server.home.lock_start()?;
        let owner = if role == Role::Owner {
            server.home.try_own()?
        } else {
            None
        };
        let presence = Presence {
            user: Some(server.home.join_users()?),
            owner,
        };
        let running = server.bring_up()?;
        drop(start);
        tracing::info!(
            adopted = running.adopted,
            folder = %server.home.root.display(),
            "Postgres is running"
        );
        let inner = Inner {
            server,
            role,
            presence: Mutex::new(presence),
            leaving: AtomicBool::new(false),
        };
        Ok(Cluster {
            inner: Arc::new(inner),
            socket_dir: running.socket_dir,
            adopted: running.adopted,
        })
    }

    /// How to reach `database` as the superuser, over the Unix socket.
    pub fn options(&self, database: &str) -> PgConnectOptions {
        options(&self.socket_dir, database)
    }

    /// Makes the database `name` unless it is there, and says how to reach it as the superuser.
    ///
    /// # Errors
    /// A name with other characters than `a-z`, `0-9` and `_`, or a server that does not answer.
    pub async fn ensure_database(&self, name: &str) -> Result<PgConnectOptions> {
        ensure!(
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')),
            "`{name}` is no name for a database"
        );
        let mut admin = PgConnection::connect_with(&self.options("postgres")).await?;
        let there = sqlx::query("select from pg_database where datname = $1")
            .bind(name)
            .fetch_optional(&mut admin)
            .await?;
        if there.is_none() {
            // A name cannot be a parameter here; its characters were checked above.
            let made = admin
                .execute(AssertSqlSafe(format!("create database \"{name}\"")))
                .await;
            if let Err(error) = made
                && !is_duplicate(&error)
            {
                return Err(error).with_context(|| format!("making the database {name}"));
            }
        }
        admin.close().await?;
        Ok(self.options(name))
    }

    /// Whether the server was running before this handle came.
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// Whether this handle is the server's owner just now.
    pub fn is_owner(&self) -> bool {
        self.inner.presence().owner.is_some()
    }

    /// Whether the server lives and answers on its socket.
    pub async fn healthy(&self) -> bool {
        let inner = Arc::clone(&self.inner);
        let look = move || match inner.server.state() {
            State::Up {
                socket_dir, ready, ..
            } => ready && answers(&socket_dir),
            State::Down | State::Foreign => false,
        };
        tokio::task::spawn_blocking(look).await.unwrap_or(false)
    }

    /// Looks after the server `until` that future ends: an owner starts a server that died again; an
    /// owner-to-be takes over when the owner is gone. A guest only looks on. Run it as a task beside the
    /// application; it does not borrow the handle. Connections of a pool come back by themselves.
    pub fn watch<F>(&self, until: F) -> impl Future<Output = ()> + Send + 'static + use<F>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        async move {
            let mut until = std::pin::pin!(until);
            let mut look = tokio::time::interval(LOOK_EVERY);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = &mut until => return,
                    _ = look.tick() => {}
                }
                let inner = Arc::clone(&inner);
                match tokio::task::spawn_blocking(move || inner.look_after()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!("Postgres could not be started again: {error:#}"),
                    Err(error) => tracing::error!("looking after Postgres failed: {error}"),
                }
            }
        }
    }

    /// Leaves the server, and stops it if that is our part (see [`Role`]). At most a few seconds.
    ///
    /// # Errors
    /// The server does not stop; it is adopted by the next start.
    pub async fn stop(self) -> Result<()> {
        self.inner.leaving.store(true, Ordering::SeqCst);
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.leave()).await?
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.inner.leaving.swap(true, Ordering::SeqCst) {
            self.inner.leave_at_once();
        }
    }
}

impl Inner {
    fn presence(&self) -> MutexGuard<'_, Presence> {
        // What a panicked thread leaves behind is still a set of held locks.
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_after(&self) -> Result<()> {
        if self.role == Role::Guest || matches!(self.server.state(), State::Up { .. }) {
            return self.take_over();
        }
        let _start = self.server.home.lock_start()?;
        self.take_over()?;
        if self.leaving.load(Ordering::SeqCst) || self.presence().owner.is_none() {
            return Ok(());
        }
        let running = self.server.bring_up()?;
        if !running.adopted {
            tracing::warn!("Postgres had died and was started again");
        }
        Ok(())
    }

    /// Becomes the owner if that is our role and the place is free.
    fn take_over(&self) -> Result<()> {
        let mut presence = self.presence();
        if self.role == Role::Owner && presence.owner.is_none() && !self.leaving.load(Ordering::SeqCst) {
            presence.owner = self.server.home.try_own()?;
        }
        Ok(())
    }

    fn leave(&self) -> Result<()> {
        let _start = self.server.home.lock_start()?;
        let mut presence = self.presence();
        let stopped = if self.is_ours_to_stop(&mut presence)? {
            self.server.shut_down()
        } else {
            Ok(())
        };
        presence.owner = None;
        stopped
    }

    /// For a handle that is dropped: no waiting, and no error to give back.
    fn leave_at_once(&self) {
        let Ok(Some(_start)) = self.server.home.try_lock_start() else {
            return;
        };
        let mut presence = self.presence();
        if self.is_ours_to_stop(&mut presence).unwrap_or(false) {
            self.server.ask_to_stop();
        }
        presence.owner = None;
    }

    /// Gives up our part among the users; then the owner stops the server, or the last of all.
    fn is_ours_to_stop(&self, presence: &mut Presence) -> Result<bool> {
        presence.user = None;
        let home = &self.server.home;
        Ok(presence.owner.is_some() || (home.try_own()?.is_some() && home.has_no_users()?))
    }
}

/// The superuser's way in, over the socket in `socket_dir`.
pub(crate) fn options(socket_dir: &std::path::Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(5432)
        .ssl_mode(PgSslMode::Disable)
        .username(SUPERUSER)
        .database(database)
}

/// Two processes may make the same database at once; the second finds it made.
fn is_duplicate(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("42P04" | "23505"))
}
