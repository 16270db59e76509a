//! `kill -9` of the application, of the server, or of both; and what is left behind by it.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use felag_postgres::{Cluster, Role};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection};

use crate::application::{Application, Part};
use crate::folder::{Folder, Stopwatch, eventually, is_alive, kill};

/// What the application heard as committed before it died.
fn acknowledged(application: &mut Application) -> HashSet<i64> {
    std::iter::from_fn(|| application.next())
        .map(|line| line.parse().unwrap())
        .collect()
}

async fn written(cluster: &Cluster) -> HashSet<i64> {
    let mut connection = PgConnection::connect_with(&cluster.options("felag"))
        .await
        .unwrap();
    let rows = sqlx::query_scalar("select number from written")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn no_acknowledged_commit_is_lost_when_application_and_server_are_killed() {
    let folder = Folder::new();
    let mut heard = HashSet::new();
    for round in 1..=2 {
        let mut application = Application::start(Part::Writes, folder.path());
        for _ in 0..200 {
            heard.insert(application.next().unwrap().parse().unwrap());
        }
        kill(folder.server().unwrap());
        application.kill();
        heard.extend(acknowledged(&mut application));

        let watch = Stopwatch::start();
        let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
        println!("round {round}: started again in {:?}", watch.read());
        assert!(!cluster.adopted());
        let lost = heard.difference(&written(&cluster).await).count();
        println!("round {round}: {} acknowledged, {lost} lost", heard.len());
        assert_eq!(lost, 0);
        cluster.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_left_by_a_killed_application_is_adopted_and_owned() {
    let folder = Folder::new();
    let mut application = Application::start(Part::Writes, folder.path());
    let mut heard: HashSet<i64> = HashSet::from([application.next().unwrap().parse().unwrap()]);
    application.kill();
    heard.extend(acknowledged(&mut application));
    let pid = folder.server().unwrap();

    let watch = Stopwatch::start();
    let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    println!("adopted in {:?}", watch.read());
    assert!(cluster.adopted() && cluster.is_owner());
    assert_eq!(folder.server(), Some(pid));
    assert!(heard.is_subset(&written(&cluster).await));
    cluster.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_watched_server_that_is_killed_comes_back_with_what_was_acknowledged() {
    let folder = Folder::new();
    let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let watching = tokio::spawn(cluster.watch(async move {
        let _ = ended.await;
    }));
    let options = cluster.ensure_database("felag").await.unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .unwrap();
    sqlx::raw_sql("create table written (number bigint)")
        .execute(&pool)
        .await
        .unwrap();

    for round in 1..=2i64 {
        sqlx::query("insert into written values ($1)")
            .bind(round)
            .execute(&pool)
            .await
            .unwrap();
        let pid = folder.server().unwrap();
        let watch = Stopwatch::start();
        kill(pid);
        // The same pool, as the application has it: it drops the dead connections and makes new ones.
        eventually("the server's return", async || {
            folder.server() != Some(pid)
                && sqlx::query("select from written")
                    .fetch_all(&pool)
                    .await
                    .is_ok_and(|rows| !rows.is_empty())
        })
        .await;
        println!("round {round}: back in {:?}", watch.read());
        assert_eq!(written(&cluster).await, (1..=round).collect());
    }
    end.send(()).unwrap();
    watching.await.unwrap();
    pool.close().await;
    cluster.stop().await.unwrap();
    assert_eq!(folder.server(), None);
}

#[tokio::test]
async fn a_stale_pid_file_that_names_somebody_elses_process_is_seen_through() {
    let folder = Folder::new();
    Cluster::start(&folder.settings())
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    let data = folder.path().join("pg/data");
    let owner = fs::metadata(&data).unwrap();
    // Of the database's own account: only then would Postgres itself believe the file.
    let mut stranger = Command::new("sleep");
    if rustix::process::geteuid().is_root() {
        stranger.uid(owner.uid()).gid(owner.gid());
    }
    let mut stranger = stranger.arg("600").spawn().unwrap();
    let pid_file = format!(
        "{}\n{}\n1700000000\n5432\n{}\n\n   1234567         3\nready   \n",
        stranger.id(),
        data.display(),
        folder.path().join("pg").display()
    );
    fs::write(data.join("postmaster.pid"), pid_file).unwrap();

    let watch = Stopwatch::start();
    let cluster = Cluster::start(&folder.settings()).await.unwrap();
    println!("started beside a stale pid file in {:?}", watch.read());
    assert!(!cluster.adopted() && cluster.healthy().await);
    cluster.stop().await.unwrap();
    assert!(
        stranger.try_wait().unwrap().is_none(),
        "the stranger was left alone"
    );
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[tokio::test]
async fn half_made_data_is_made_anew() {
    let folder = Folder::new();
    let unfinished = folder.path().join("pg/data.new");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let cluster = Cluster::start(&folder.settings()).await.unwrap();
    assert!(cluster.healthy().await && !unfinished.exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_test_cluster_ends_with_its_last_user_however_that_one_died() {
    let folder = Folder::new();
    let mut first = Application::start(Part::HoldsTestDatabase, folder.path());
    let mut second = Application::start(Part::HoldsTestDatabase, folder.path());
    assert_ne!(first.next().unwrap(), second.next().unwrap());
    let pid_file = folder.path().join("pg-test/data/postmaster.pid");
    first.kill();
    // One user is left, so the server stays; half a second is ten times what the watcher needs.
    tokio::time::timeout(
        std::time::Duration::from_millis(500),
        std::future::pending::<()>(),
    )
    .await
    .unwrap_err();
    assert!(pid_file.exists());
    second.kill();
    eventually("the end of the test cluster", async || !pid_file.exists()).await;

    let mut third = Application::start(Part::HoldsTestDatabase, folder.path());
    assert!(third.next().is_some());
    third.kill();
    eventually("the end of the test cluster", async || !pid_file.exists()).await;
}
