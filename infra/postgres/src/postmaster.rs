//! What `postmaster.pid` says, and whether it is true.
//!
//! The file outlives a `kill -9` and a power cut, and its number may by now be another program's. So a server
//! counts as running only if that number is a live `postgres` standing in this data folder.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::home::SOCKET;

const PID_FILE: &str = "postmaster.pid";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// No server; perhaps a left-over file that Postgres itself will see through.
    Down,
    /// The file names a process that is not this server: somebody else's, or one that was killed and is not
    /// yet waited for by its parent (in a container, perhaps never). Postgres would believe it and refuse to
    /// start.
    Foreign,
    /// A live server, `ready` or else starting, recovering or stopping.
    Up {
        pid: Pid,
        socket_dir: PathBuf,
        ready: bool,
    },
}

impl State {
    pub(crate) fn read(data: &Path) -> State {
        let Ok(text) = fs::read_to_string(data.join(PID_FILE)) else {
            return State::Down;
        };
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let Some(pid) = lines.first().and_then(|line| Pid::from_raw(line.parse().ok()?)) else {
            return State::Down;
        };
        match process(pid, data) {
            Process::Gone => State::Down,
            Process::Dead | Process::Other => State::Foreign,
            Process::Postmaster => State::Up {
                pid,
                socket_dir: lines.get(4).map(PathBuf::from).unwrap_or_default(),
                ready: lines.get(7) == Some(&"ready"),
            },
        }
    }
}

#[derive(PartialEq, Eq)]
enum Process {
    Gone,
    /// In the process table only.
    Dead,
    Postmaster,
    Other,
}

fn process(pid: Pid, data: &Path) -> Process {
    match test_kill_process(pid) {
        Ok(()) | Err(Errno::PERM) => {}
        Err(_) => return Process::Gone,
    }
    let number = pid.as_raw_nonzero().to_string();
    let folder = Path::new("/proc").join(&number);
    let Some((state, name)) = stat(&folder).or_else(|| ask_ps(&number)) else {
        return Process::Gone;
    };
    if state.starts_with(['Z', 'X']) {
        return Process::Dead;
    }
    // A server stands in its data folder: this tells two clusters apart where the system shows it.
    let elsewhere = fs::read_link(folder.join("cwd")).is_ok_and(|place| place != data);
    if name == "postgres" && !elsewhere {
        Process::Postmaster
    } else {
        Process::Other
    }
}

/// Linux: `1234 (postgres) S 1 …`. The name may hold any character, so the last parenthesis counts.
fn stat(folder: &Path) -> Option<(String, String)> {
    let text = fs::read_to_string(folder.join("stat")).ok()?;
    let (before, after) = text.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    Some((after.trim_start().to_owned(), name.to_owned()))
}

/// Systems without /proc: `Ss   /opt/homebrew/opt/postgresql@17/bin/postgres`.
fn ask_ps(number: &str) -> Option<(String, String)> {
    let output = Command::new("ps")
        .args(["-o", "state=,comm=", "-p", number])
        .output()
        .ok()?;
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let (state, program) = line.trim().split_once(char::is_whitespace)?;
    let name = Path::new(program.trim())
        .file_name()?
        .to_string_lossy()
        .into_owned();
    Some((state.to_owned(), name))
}

/// Whether the server with this process number has left the process table, or waits there for its parent
/// only. It takes its pid file away a moment earlier.
pub(crate) fn has_ended(pid: Pid, data: &Path) -> bool {
    process(pid, data) != Process::Postmaster
}

/// Whether a server behind the socket says a word: a dying one still has the file.
pub(crate) fn answers(socket_dir: &Path) -> bool {
    // The protocol's "do you speak TLS?", the shortest question there is; the answer is S or N.
    const QUESTION: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    let ask = || -> std::io::Result<u8> {
        let mut socket = UnixStream::connect(socket_dir.join(SOCKET))?;
        socket.set_read_timeout(Some(Duration::from_secs(2)))?;
        socket.write_all(&QUESTION)?;
        let mut answer = [0];
        socket.read_exact(&mut answer)?;
        Ok(answer[0])
    };
    ask().is_ok_and(|answer| matches!(answer, b'S' | b'N'))
}

/// Takes away files that name a process which is not this server. Postgres still refuses to start while
/// an old server's memory is in use: it finds that by the data folder, not by this file.
pub(crate) fn clear_foreign(data: &Path, socket_dir: &Path) {
    for file in [data.join(PID_FILE), socket_dir.join(format!("{SOCKET}.lock"))] {
        if let Err(error) = fs::remove_file(&file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("the stale {} stays: {error}", file.display());
        }
    }
}

/// Best effort: the process may be gone already.
pub(crate) fn signal(pid: Pid, signal: Signal) {
    if let Err(error) = kill_process(pid, signal) {
        tracing::debug!("process {pid} took no signal: {error}");
    }
}
