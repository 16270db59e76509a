//! A data folder of a test's own, and what stands in it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use felag_postgres::{Cluster, Settings};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, PgConnection};

/// Removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("felag-test-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        // Run as root, the database account must be able to walk in.
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn settings(&self) -> Settings {
        settings(&self.0)
    }

    /// The process number in `postmaster.pid`.
    pub fn server(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.0.join("pg/data/postmaster.pid")).ok()?;
        Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

pub fn settings(data_dir: &Path) -> Settings {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no config.rs to read their settings"
    )]
    let bin_dir = std::env::var_os("FELAG_PG_BIN").map(PathBuf::from);
    Settings {
        bin_dir,
        ..Settings::new(data_dir)
    }
}

/// One value from the cluster's `postgres` database.
pub async fn ask(cluster: &Cluster, question: &'static str) -> sqlx::Result<String> {
    let mut connection = PgConnection::connect_with(&cluster.options("postgres")).await?;
    let answer = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

pub fn kill(pid: Pid) {
    kill_process(pid, Signal::KILL).unwrap();
}

/// Whether the process does anything still. One that another handle of this process has yet to wait for does
/// not.
pub fn is_alive(pid: Pid) -> bool {
    let number = pid.as_raw_nonzero().to_string();
    let output = Command::new("ps")
        .args(["-o", "state=", "-p", &number])
        .output()
        .unwrap();
    let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// Looks again and again until `done`, for at most 30 seconds.
pub async fn eventually(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let watch = Stopwatch::start();
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !done().await {
        assert!(
            watch.read() < Duration::from_secs(30),
            "{what} did not come about"
        );
        tick.tick().await;
    }
}

pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the test measures wall time")]
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    pub fn read(&self) -> Duration {
        self.0.elapsed()
    }
}
