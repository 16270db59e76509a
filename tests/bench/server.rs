//! `felag serve`, the release build, as a process of its own.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use sqlx::ConnectOptions;

use crate::Bench;
use crate::load::{Process, free_port, now, rest};

/// A server on one of the benchmark's databases.
pub struct Server {
    pub url: String,
    pub pid: u32,
    http: reqwest::Client,
    _process: Process,
}

/// Where `cargo build --release -p felag` puts it: beside this program's own folder.
pub fn binary() -> anyhow::Result<PathBuf> {
    let me = std::env::current_exe()?;
    let path = me
        .parent()
        .and_then(|deps| deps.parent())
        .context("the folder of builds")?
        .join("felag");
    anyhow::ensure!(
        path.exists(),
        "there is no release build of felag: cargo build --release -p felag"
    );
    Ok(path)
}

impl Server {
    /// Starts it and waits until it answers. `settings` are environment variables beside the usual ones.
    pub async fn start(bench: &Bench, database: &str, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let address = bench.cluster.options(database).to_url_lossy();
        let log = std::fs::File::create(bench.folder.join(format!("{database}.log")))?;
        let child = Command::new(binary()?)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", address.as_str())
            .env("FELAG_DATA_DIR", bench.folder.join("unused"))
            .env("FELAG_SANDBOX_LISTEN", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("felag serve")?;
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let this = Self {
            url,
            pid: child.id(),
            http,
            _process: Process(child),
        };
        let started = now();
        while this.get("/health", None).await.is_err() {
            anyhow::ensure!(
                started.elapsed() < Duration::from_secs(20),
                "felag serve does not answer"
            );
            rest(Duration::from_millis(50));
        }
        Ok(this)
    }

    /// The page at `path`, as somebody who is signed in by that cookie, or as a guest.
    ///
    /// # Errors
    /// When it is not answered with 200.
    pub async fn get(&self, path: &str, cookie: Option<&str>) -> anyhow::Result<Vec<u8>> {
        let mut request = self.http.get(format!("{}{path}", self.url));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let answer = request.send().await?;
        anyhow::ensure!(answer.status() == 200, "{path} answered with {}", answer.status());
        Ok(answer.bytes().await?.to_vec())
    }
}
