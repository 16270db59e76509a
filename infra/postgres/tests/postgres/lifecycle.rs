//! First start, warm start, stop, and the places a cluster can be in.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use felag_postgres::{Cluster, Role, Settings};
use sqlx::{Connection, PgConnection};

use crate::folder::{Folder, Stopwatch, ask, is_alive};

#[tokio::test]
async fn a_cluster_is_made_once_and_keeps_its_data() {
    let folder = Folder::new();
    let watch = Stopwatch::start();
    let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    println!("first start {:?}", watch.read());
    assert!(!cluster.adopted() && cluster.healthy().await);

    let options = cluster.ensure_database("felag").await.unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("create table note (words text); insert into note values ('Grüße')")
        .execute(&mut connection)
        .await
        .unwrap();
    let pid = folder.server().unwrap();
    let watch = Stopwatch::start();
    cluster.stop().await.unwrap();
    println!("stop with a client connected {:?}", watch.read());
    assert!(!is_alive(pid));

    let watch = Stopwatch::start();
    let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    println!("warm start {:?}", watch.read());
    assert!(!cluster.adopted());
    let options = cluster.ensure_database("felag").await.unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let words: String = sqlx::query_scalar("select words from note")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(words, "Grüße");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_durable_cluster_acknowledges_only_what_is_on_the_disk_and_has_no_port() {
    let folder = Folder::new();
    let cluster = Cluster::start(&folder.settings()).await.unwrap();
    let expected = [
        ("show fsync", "on"),
        ("show synchronous_commit", "on"),
        ("show full_page_writes", "on"),
        ("show data_checksums", "on"),
        ("show listen_addresses", ""),
        ("show timezone", "UTC"),
        ("show server_encoding", "UTF8"),
        (
            "select datcollate::text from pg_database where datname = current_database()",
            "C",
        ),
        // Letters are letters beyond ASCII, whatever the version's way to say so.
        ("select upper('ä')", "Ä"),
    ];
    for (question, answer) in expected {
        assert_eq!(ask(&cluster, question).await.unwrap(), answer, "{question}");
    }
    let mode = fs::metadata(folder.path().join("pg")).unwrap().mode() & 0o777;
    assert_eq!(mode, 0o700);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn only_plain_names_become_databases() {
    let folder = Folder::new();
    let cluster = Cluster::start(&folder.settings()).await.unwrap();
    for name in ["", "felag\"; drop database postgres; --", "Felag", "a b"] {
        assert!(cluster.ensure_database(name).await.is_err(), "{name}");
    }
    let (one, two) = tokio::join!(cluster.ensure_database("felag"), cluster.ensure_database("felag"));
    one.unwrap();
    two.unwrap();
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_still_works() {
    let folder = Folder::new();
    let deep = folder.path().join("a".repeat(60)).join("b".repeat(60));
    fs::create_dir_all(&deep).unwrap();
    let settings = Settings {
        data_dir: deep,
        ..folder.settings()
    };
    let cluster = Cluster::start(&settings).await.unwrap();
    let socket_dir = ask(&cluster, "show unix_socket_directories").await.unwrap();
    assert!(!socket_dir.contains("aaaa"), "{socket_dir}");
    assert_eq!(fs::metadata(&socket_dir).unwrap().mode() & 0o777, 0o700);
    let guest = Cluster::start(&settings).await.unwrap();
    assert!(guest.adopted());
    guest.stop().await.unwrap();
    cluster.stop().await.unwrap();
    fs::remove_dir_all(socket_dir).unwrap();
}

#[tokio::test]
async fn root_runs_the_server_as_another_account_even_from_a_closed_folder() {
    if !rustix::process::geteuid().is_root() {
        println!("not root: nothing to show");
        return;
    }
    let folder = Folder::new();
    let closed = folder.path().join("home");
    fs::create_dir_all(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let settings = Settings {
        data_dir: closed.join("var"),
        run_as: Some("nobody".to_owned()),
        ..folder.settings()
    };
    let cluster = Cluster::start(&settings).await.unwrap();
    let data = ask(&cluster, "show data_directory").await.unwrap();
    let nobody = Command::new("id").args(["-u", "nobody"]).output().unwrap();
    let nobody: u32 = String::from_utf8_lossy(&nobody.stdout).trim().parse().unwrap();
    assert!(data.starts_with("/var/lib/felag/"), "{data}");
    assert_eq!(fs::metadata(&data).unwrap().uid(), nobody);
    cluster.stop().await.unwrap();

    let again = Cluster::start(&settings).await.unwrap();
    assert_eq!(ask(&again, "show data_directory").await.unwrap(), data);
    again.stop().await.unwrap();
    fs::remove_dir_all(Path::new(&data).parent().unwrap()).unwrap();
}

#[tokio::test]
async fn missing_programs_and_a_wrong_version_are_said_in_words() {
    let folder = Folder::new();
    let nowhere = Settings {
        bin_dir: Some("/nonexistent".into()),
        ..folder.settings()
    };
    let words = format!("{:#}", Cluster::start(&nowhere).await.err().unwrap());
    assert!(words.contains("FELAG_PG_BIN is /nonexistent"), "{words}");

    let data = folder.path().join("pg/data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "9\n").unwrap();
    let words = format!(
        "{:#}",
        Cluster::start(&Settings::new(folder.path())).await.err().unwrap()
    );
    assert!(words.contains("was written by Postgres 9"), "{words}");
}
