//! The load of pages, from wrk, and nginx to compare with. Both from Debian's packages; without them the rows are
//! skipped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

/// A program of the machine, or what to install.
pub fn program(name: &str, package: &str) -> Result<PathBuf, String> {
    let folders = [
        "/usr/local/bin",
        "/usr/bin",
        "/usr/sbin",
        "/usr/local/sbin",
        "/opt/homebrew/bin",
    ];
    let found = folders
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists());
    found.ok_or_else(|| {
        format!("there is no {name} here (on Debian and Ubuntu: sudo apt-get install {package})")
    })
}

/// A port nobody listens on just now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Requests a second, with so many connections for so long.
///
/// # Errors
/// When an answer was not 2xx: then it measured something else.
pub fn requests_per_second(
    wrk: &Path,
    url: &str,
    connections: u32,
    seconds: u64,
    headers: &[String],
) -> anyhow::Result<f64> {
    let mut command = Command::new(wrk);
    command.args([
        "-t1",
        &format!("-c{connections}"),
        &format!("-d{seconds}s"),
        "--timeout",
        "10s",
    ]);
    for header in headers {
        command.args(["-H", header]);
    }
    let output = command.arg(url).output().context("wrk")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    anyhow::ensure!(!text.contains("Non-2xx"), "{url} did not answer with 2xx: {text}");
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    line.and_then(|line| line.trim().parse().ok())
        .with_context(|| format!("wrk said: {text}"))
}

/// A child process that ends with this value.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // SIGTERM first, so that what it supervises ends too.
        let asked = i32::try_from(self.0.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
            .map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM));
        let started = now();
        while asked.is_some() && started.elapsed() < Duration::from_secs(6) {
            if let Ok(Some(_)) = self.0.try_wait() {
                return;
            }
            rest(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// nginx on a port of loopback, serving the files of a folder, and nothing else.
pub struct Nginx {
    pub url: String,
    _process: Process,
}

impl Nginx {
    /// Serves `folder` as Debian's nginx does without further settings: one worker a core, sendfile, no log.
    pub fn start(nginx: &Path, folder: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let at = folder.display();
        let settings = format!(
            "daemon off; worker_processes auto; pid {at}/nginx.pid; error_log {at}/error.log;
             events {{ worker_connections 1024; }}
             http {{
               access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
               client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/fastcgi;
               uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;
               server {{ listen 127.0.0.1:{port}; root {at}/pages; default_type text/html; }}
             }}"
        );
        let path = folder.join("nginx.conf");
        std::fs::write(&path, settings)?;
        let child = Command::new(nginx)
            .args(["-p", &at.to_string(), "-c", &path.display().to_string()])
            .stderr(Stdio::null())
            .spawn()
            .context("nginx")?;
        let this = Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: Process(child),
        };
        let started = now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(
                started.elapsed() < Duration::from_secs(5),
                "nginx does not start, see {at}/error.log"
            );
            rest(Duration::from_millis(20));
        }
        Ok(this)
    }
}

/// Real time: what a benchmark measures.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits in real time.
#[expect(clippy::disallowed_methods, reason = "a benchmark waits for processes")]
pub fn rest(long: Duration) {
    std::thread::sleep(long);
}
