//! The real program, started and ended as a person, a system or a crash would.
//!
//! Tests find it as `env!("CARGO_BIN_EXE_felag")`, so they belong to the package of the server: see tests/serve.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use felag::clock::wall;

use crate::Browser;

/// How long a server may take to start, on a busy machine.
const START: Duration = Duration::from_secs(60);

/// An installation: a data folder and settings of its own, on ports that were free.
pub struct Program {
    exe: PathBuf,
    /// Removed at the end.
    pub data_dir: PathBuf,
    settings: Vec<(String, String)>,
}

/// What a short command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// What it printed, when it went well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{} {}", self.out, self.err);
        self.out
    }

    /// What it complained, when it ended with this code.
    #[track_caller]
    pub fn refused(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{} {}", self.out, self.err);
        self.err
    }
}

impl Program {
    /// The program at `exe` with a fresh data folder and so a private Postgres.
    pub fn new(exe: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let data_dir = std::env::temp_dir().join(format!("felag-serve-{}-{number}", std::process::id()));
        fs::create_dir_all(&data_dir).unwrap_or_else(|cause| panic!("{}: {cause}", data_dir.display()));
        let settings = vec![
            ("FELAG_LISTEN".into(), free_address()),
            ("FELAG_SANDBOX_LISTEN".into(), free_address()),
            ("FELAG_PROXY".into(), "127.0.0.1".into()),
        ];
        Self {
            exe: exe.into(),
            data_dir,
            settings,
        }
    }

    /// The same installation with one more setting. `DATABASE_URL` gives it another database.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Changes a setting; servers that run keep theirs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.into(), value.into()));
    }

    /// Takes other free ports, for a second server on the same data.
    pub fn on_other_ports(&mut self) {
        self.set("FELAG_LISTEN", &free_address());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.exe);
        command
            .args(arguments)
            .env_clear()
            .env("FELAG_DATA_DIR", &self.data_dir);
        for name in ["PATH", "HOME", "TMPDIR"] {
            #[expect(
                clippy::disallowed_methods,
                reason = "what the program inherits, not a setting"
            )]
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a short command to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let output = self
            .command(arguments)
            .output()
            .unwrap_or_else(|cause| panic!("{arguments:?}: {cause}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Starts a command whose output the caller reads while it runs.
    pub fn pipe(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        child.unwrap_or_else(|cause| panic!("{arguments:?}: {cause}"))
    }

    /// Starts `serve` or `work` and waits until it says that it runs.
    pub fn start(&self, arguments: &[&str]) -> Server {
        let mut command = self.command(arguments);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|cause| panic!("{arguments:?}: {cause}"));
        let (said, log) = (lines(child.stdout.take()), lines(child.stderr.take()));
        let mut server = Server {
            child,
            greeting: Vec::new(),
            log,
        };
        loop {
            match said.recv_timeout(START) {
                Ok(line) if line.contains("Ctrl-C") => return server,
                Ok(line) => server.greeting.push(line),
                Err(_) => panic!("{arguments:?} does not start: {}", server.log_so_far().join("\n")),
            }
        }
    }

    /// The process of the private Postgres, while there is one.
    pub fn postgres(&self) -> Option<u32> {
        let file = fs::read_to_string(self.data_dir.join("pg/data/postmaster.pid")).ok()?;
        let pid = file.lines().next()?.trim().parse().ok()?;
        lives(pid).then_some(pid)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(pid) = self.postgres() {
            signal(pid, "INT");
            wait_until(Duration::from_secs(10), || !lives(pid));
        }
        fs::remove_dir_all(&self.data_dir).ok();
    }
}

/// A server that runs. Dropping it kills it.
pub struct Server {
    child: Child,
    greeting: Vec<String>,
    log: Receiver<String>,
}

impl Server {
    /// The address in a line of the greeting, such as the one with `Felag is at`.
    #[track_caller]
    pub fn address(&self, line: &str) -> String {
        let found = self.greeting.iter().find(|said| said.contains(line));
        let found = found.unwrap_or_else(|| panic!("no line with {line} in {:?}", self.greeting));
        let word = found.split_whitespace().find(|word| word.starts_with("http"));
        word.unwrap_or_default().trim_end_matches(':').to_string()
    }

    /// A browser that looks at it.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address("Felag is at"))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as the system does; how it ended, and how long that took.
    pub fn terminate(mut self) -> (ExitStatus, Duration) {
        let asked = wall();
        signal(self.pid(), "TERM");
        let status = self.child.wait().unwrap_or_else(|cause| panic!("{cause}"));
        (status, (wall() - asked).unsigned_abs())
    }

    /// Ends it at once, as a crash would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Waits until it ended by itself, at a crash point for instance. `None` when it did not within `limit`.
    pub fn ended(&mut self, limit: Duration) -> Option<ExitStatus> {
        let mut status = None;
        wait_until(limit, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status
    }

    /// What it logged since this was asked last.
    pub fn log_so_far(&self) -> Vec<String> {
        self.log.try_iter().collect()
    }

    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Looks every 20 ms whether it is so; whether it was in time.
pub fn wait_until(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let until = wall() + limit;
    loop {
        if is_so() {
            return true;
        }
        if wall() > until {
            return false;
        }
        #[expect(clippy::disallowed_methods, reason = "another process works in real time")]
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process is there.
pub fn lives(pid: u32) -> bool {
    signal(pid, "0")
}

/// Sends a signal to one process, by its number.
pub fn signal(pid: u32, name: &str) -> bool {
    let mut command = Command::new("kill");
    command
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The way into a test database, as `DATABASE_URL` says it: `socket` is the folder of its Unix socket.
pub fn database_url(socket: &Path, user: &str, name: &str) -> String {
    let socket: String = form_urlencoded::byte_serialize(socket.as_os_str().as_encoded_bytes()).collect();
    format!("postgres://{user}@localhost/{name}?host={socket}")
}

fn free_address() -> String {
    let listener =
        TcpListener::bind("127.0.0.1:0").unwrap_or_else(|cause| panic!("no port is free: {cause}"));
    listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default()
}

fn lines(stream: Option<impl std::io::Read + Send + 'static>) -> Receiver<String> {
    let (send, receive) = channel();
    if let Some(stream) = stream {
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                // Nobody listens any more; the program must not block on a full pipe.
                send.send(line).ok();
            }
        });
    }
    receive
}
