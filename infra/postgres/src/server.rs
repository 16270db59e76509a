//! One Postgres server process: brought up, adopted, shut down. Everything here blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::Settings;
use crate::binaries::Binaries;
use crate::home::Home;
use crate::initdb;
use crate::postmaster::{State, answers, clear_foreign, has_ended, signal};
use crate::wait::{Patience, pause};

/// Recovery after a crash replays at most `max_wal_size`; far longer than that takes.
const START_LIMIT: Duration = Duration::from_secs(120);
/// A fast shutdown writes a checkpoint. Beyond this it is cut short; the next start then recovers.
const STOP_LIMIT: Duration = Duration::from_secs(4);
/// The log is set aside at the next start when it has grown beyond this many bytes.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;

/// What holds for every cluster of ours, whatever its postgresql.conf says.
const ALWAYS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "logging_collector=off",
    "log_timezone=UTC",
    "timezone=UTC",
    "jit=off",
];
const DURABLE: &[&str] = &[
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=64MB",
    "max_connections=60",
    "max_wal_size=512MB",
];
const THROW_AWAY: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=128MB",
    "max_connections=200",
    "max_wal_size=256MB",
];

/// Reasons not to start that go away by themselves: what a killed server leaves behind.
const PASSING: [&str; 2] = [
    "pre-existing shared memory block",
    "lock file \"postmaster.pid\" already exists",
];

/// How a server came to be running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) socket_dir: PathBuf,
    /// It was there before we looked.
    pub(crate) adopted: bool,
}

/// A cluster's folder and the programs that fit its data.
pub(crate) struct Server {
    pub(crate) home: Home,
    settings: Settings,
    /// The server, if it is our own child: it must be waited for, or it stays a zombie.
    child: Mutex<Option<Child>>,
}

impl Server {
    pub(crate) fn open(settings: &Settings, name: &str) -> Result<Server> {
        let home = Home::open(&settings.data_dir, name, settings.run_as.as_deref())?;
        Ok(Server {
            home,
            settings: settings.clone(),
            child: Mutex::new(None),
        })
    }

    pub(crate) fn state(&self) -> State {
        self.reap();
        State::read(&self.home.data)
    }

    /// Adopts the live server, or makes the cluster and starts one. Call it with the start lock held.
    pub(crate) fn bring_up(&self) -> Result<Running> {
        let patience = Patience::of(START_LIMIT);
        let mut adopted = true;
        let mut binaries = None;
        loop {
            match self.state() {
                State::Up {
                    socket_dir,
                    ready: true,
                    ..
                } if answers(&socket_dir) => {
                    return Ok(Running { socket_dir, adopted });
                }
                State::Up { .. } => pause(10), // starting, recovering or dying
                state => {
                    adopted = false;
                    let binaries = match &binaries {
                        Some(found) => found,
                        None => binaries.insert(self.prepare()?),
                    };
                    let socket_dir = self.home.socket_dir()?;
                    if state == State::Foreign {
                        clear_foreign(&self.home.data, &socket_dir);
                    }
                    self.spawn(binaries, &socket_dir, &patience)?;
                }
            }
            if patience.is_over() {
                bail!(
                    "Postgres was not ready after {} s: {}",
                    START_LIMIT.as_secs(),
                    self.log_end(0)
                );
            }
        }
    }

    /// The programs for this cluster, which is made if there is none.
    fn prepare(&self) -> Result<Binaries> {
        let Settings {
            bin_dir,
            data_dir,
            durable,
            ..
        } = &self.settings;
        let binaries = Binaries::find(bin_dir.as_deref(), data_dir, self.home.major(), self.home.account)?;
        if self.home.major().is_none() {
            initdb::make(&self.home, &binaries, *durable)?;
        }
        Ok(binaries)
    }

    /// Starts the server and waits until it has its pid file. After a `kill -9` the old server's children
    /// hold its memory for a moment, and a new one refuses to start: that is not an error but a reason to try
    /// again.
    fn spawn(&self, binaries: &Binaries, socket_dir: &Path, patience: &Patience) -> Result<()> {
        let log = self.open_log()?;
        let before = log.metadata()?.len();
        let mut command = self.home.account.command(&binaries.program("postgres"));
        command.arg("-D").arg(&self.home.data).arg("-k").arg(socket_dir);
        for setting in ALWAYS.iter().chain(if self.settings.durable {
            DURABLE
        } else {
            THROW_AWAY
        }) {
            command.arg("-c").arg(setting);
        }
        // A group of its own: Ctrl-C in the terminal reaches Felag only, which then stops the server cleanly.
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command
            .spawn()
            .with_context(|| format!("starting {}", binaries.dir.display()))?;
        *self.child() = Some(child);
        while self.child().is_some() {
            if matches!(State::read(&self.home.data), State::Up { .. }) || patience.is_over() {
                return Ok(());
            }
            pause(5);
            self.reap();
        }
        let words = self.log_end(before);
        let may_pass = PASSING.iter().any(|reason| words.contains(reason));
        if !may_pass || patience.is_over() {
            bail!("Postgres did not start: {words}");
        }
        pause(100);
        Ok(())
    }

    /// Fast shutdown: clients are sent away and a checkpoint is written, so the next start needs no recovery.
    /// Call it with the start lock held.
    pub(crate) fn shut_down(&self) -> Result<()> {
        let patience = Patience::of(STOP_LIMIT);
        let State::Up { pid, .. } = self.state() else {
            return Ok(());
        };
        signal(pid, Signal::INT);
        let mut cut_short = false;
        while !has_ended(pid, &self.home.data) {
            self.reap();
            if patience.is_over() && !cut_short {
                tracing::warn!("Postgres takes long to stop and is cut short; its next start recovers");
                signal(pid, Signal::QUIT);
                cut_short = true;
            }
            if patience.spent() > 3 * STOP_LIMIT {
                bail!("Postgres (process {pid}) does not stop: {}", self.log_end(0));
            }
            pause(5);
        }
        self.reap();
        tracing::info!(milliseconds = patience.spent().as_millis(), "Postgres stopped");
        Ok(())
    }

    /// Asks for a fast shutdown without waiting for it.
    pub(crate) fn ask_to_stop(&self) {
        if let State::Up { pid, .. } = self.state() {
            signal(pid, Signal::INT);
        }
    }

    fn child(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        // A poisoned lock only means that a thread panicked between two looks; the child is still ours.
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reap(&self) {
        let mut child = self.child();
        if child
            .as_mut()
            .is_some_and(|child| !matches!(child.try_wait(), Ok(None)))
        {
            *child = None;
        }
    }

    fn open_log(&self) -> Result<File> {
        let log = &self.home.log;
        if fs::metadata(log).is_ok_and(|meta| meta.len() > LOG_LIMIT) {
            fs::rename(log, log.with_extension("old"))?;
        }
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(log);
        file.with_context(|| format!("opening {}", log.display()))
    }

    /// The last lines that Postgres wrote, of those from byte `start` on.
    fn log_end(&self, start: u64) -> String {
        const LINES: usize = 8;
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(&self.home.log)?;
            let end = file.metadata()?.len();
            file.seek(SeekFrom::Start(start.max(end.saturating_sub(8192))))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines
            .get(lines.len().saturating_sub(LINES)..)
            .unwrap_or_default()
            .join("\n");
        format!("{last}\n(from {})", self.home.log.display())
    }
}
