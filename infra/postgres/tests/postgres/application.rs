//! A second process to kill: this test program, run again with a part to play.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use felag_postgres::testing::{self, Template};
use felag_postgres::{Cluster, Role};
use rustix::process::Pid;
use sqlx::{Connection, PgConnection};

use crate::folder::{kill, settings};

const PART: &str = "FELAG_TEST_PART";
const FOLDER: &str = "FELAG_TEST_PG_DIR";

/// What the other process does until it is killed.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Owns the cluster, inserts numbers one commit at a time, and prints each one once it is acknowledged.
    Writes,
    /// Holds one test database and prints its name.
    HoldsTestDatabase,
}

pub struct Application {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Application {
    pub fn start(part: Part, folder: &Path) -> Application {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "application::plays_its_part_when_asked",
                "--nocapture",
                "--quiet",
            ])
            .env(PART, format!("{part:?}"))
            .env(FOLDER, folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Application { process, said }
    }

    /// The next line it said to us, or `None` after its end.
    pub fn next(&mut self) -> Option<String> {
        // The test harness prints lines of its own.
        self.said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("said ")?.to_owned()))
    }

    pub fn kill(&mut self) {
        kill(Pid::from_child(&self.process));
        self.process.wait().unwrap();
    }
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the part to play comes from the process that started this one"
)]
async fn plays_its_part_when_asked() {
    let (Ok(part), Some(folder)) = (std::env::var(PART), std::env::var_os(FOLDER)) else {
        return;
    };
    match part.as_str() {
        "Writes" => write_for_ever(Path::new(&folder)).await,
        _ => {
            let database = testing::database(&Template::plain()).await.unwrap();
            say(&database.name);
            std::future::pending::<()>().await;
        }
    }
}

async fn write_for_ever(folder: &Path) {
    let cluster = Cluster::start_as(&settings(folder), Role::Owner).await.unwrap();
    let options = cluster.ensure_database("felag").await.unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("create table if not exists written (number bigint generated always as identity)")
        .execute(&mut connection)
        .await
        .unwrap();
    loop {
        let number = sqlx::query_scalar::<_, i64>("insert into written default values returning number")
            .fetch_one(&mut connection)
            .await;
        match number {
            Ok(number) => say(&number.to_string()),
            // The server was killed before us; we are next.
            Err(_) => std::future::pending().await,
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nsaid {line}").unwrap();
    out.flush().unwrap();
}
