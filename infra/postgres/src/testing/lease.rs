//! Keeps the test cluster alive exactly as long as a test process lives.
//!
//! Every user holds the writing end of a named pipe. A small shell reads it; when the last writer is gone,
//! which the kernel sees to even after `kill -9`, it reads the end of the file and stops the server. Unlike a
//! lock or a parent's death, this works the same on Linux and macOS.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::postmaster::State;
use crate::server::Server;
use crate::wait::{Patience, pause};

/// `$1` the pipe, `$2` the server's pid file. The shell keeps the pipe open itself, so a process that comes
/// between the end of the file and the removal is seen by the second `cat`; who comes later finds no pipe,
/// waits for the server to stop, and only then makes a new one.
const WATCH: &str =
    r#"exec 3<"$1"; cat <&3; rm -f "$1"; cat <&3; [ -e "$1" ] || kill -INT "$(head -n 1 "$2")""#;

/// How long a server without a pipe is given to stop, before it counts as left without a watcher.
const ABANDONED: Duration = Duration::from_secs(3);

/// Held for life by one test process.
pub(super) struct Lease(#[expect(dead_code, reason = "held open, never used")] OwnedFd);

impl Lease {
    /// Joins the pipe, or makes it and its watcher. Call it with the start lock held, before the server is
    /// used.
    pub(super) fn take(server: &Server) -> Result<Lease> {
        let pipe = server.home.root.join("lease");
        match open(&pipe) {
            Ok(end) => return Ok(Lease(end)),
            Err(Errno::NOENT) => wait_until_down(server),
            Err(_) => {} // a pipe without a reader: its watcher was killed
        }
        watch(server, &pipe)?;
        let patience = Patience::of(Duration::from_secs(10));
        loop {
            match open(&pipe) {
                Ok(end) => return Ok(Lease(end)),
                Err(error) if patience.is_over() => {
                    return Err(error).context("the watcher of the test cluster does not start");
                }
                Err(_) => pause(2),
            }
        }
    }
}

/// Fails with `NXIO` when nobody reads.
fn open(pipe: &Path) -> rustix::io::Result<OwnedFd> {
    rustix::fs::open(
        pipe,
        OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC,
        Mode::empty(),
    )
}

fn wait_until_down(server: &Server) {
    let patience = Patience::of(ABANDONED);
    while matches!(server.state(), State::Up { .. }) && !patience.is_over() {
        pause(5);
    }
}

fn watch(server: &Server, pipe: &Path) -> Result<()> {
    let _ = fs::remove_file(pipe);
    let made = Command::new("mkfifo")
        .arg("-m600")
        .arg(pipe)
        .status()
        .context("running mkfifo")?;
    ensure!(made.success(), "the pipe {} could not be made", pipe.display());
    Command::new("/bin/sh")
        .args(["-c", WATCH, "felag-test-watch"])
        .arg(pipe)
        .arg(server.home.data.join("postmaster.pid"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/")
        // Ctrl-C ends the tests; the watcher must live to see it.
        .process_group(0)
        .spawn()
        .context("starting the watcher of the test cluster")?;
    Ok(())
}
