//! Test databases: cloned side by side, dropped, and the throw-away cluster that ends by itself.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use felag_postgres::testing::{self, Template, TestDatabase};
use sqlx::{Connection, PgConnection};

use crate::folder::{Stopwatch, eventually};

async fn connect(database: &TestDatabase) -> PgConnection {
    PgConnection::connect_with(&database.options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_are_cloned_side_by_side_from_a_template_prepared_once() {
    let prepared = Arc::new(AtomicU32::new(0));
    let template = Template::new("felag-postgres: a table of notes", {
        let prepared = Arc::clone(&prepared);
        move |options| {
            prepared.fetch_add(1, Ordering::SeqCst);
            async move {
                let mut connection = PgConnection::connect_with(&options).await?;
                sqlx::raw_sql("create table note (words text)")
                    .execute(&mut connection)
                    .await?;
                // Left open on purpose: a forgotten connection must not spoil the template.
                std::mem::forget(connection);
                Ok(())
            }
        }
    });
    let watch = Stopwatch::start();
    let mut cloning = tokio::task::JoinSet::new();
    for number in 0..12 {
        let template = template.clone();
        cloning.spawn(async move {
            let database = testing::database(&template).await.unwrap();
            let mut connection = connect(&database).await;
            sqlx::query("insert into note values ($1)")
                .bind(format!("note {number}"))
                .execute(&mut connection)
                .await
                .unwrap();
            let count: i64 = sqlx::query_scalar("select count(*) from note")
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(count, 1);
            database
        });
    }
    let databases = cloning.join_all().await;
    println!("12 databases side by side {:?}", watch.read());
    let names: HashSet<&str> = databases.iter().map(|database| database.name.as_str()).collect();
    assert_eq!(names.len(), 12);
    // Not at all if an earlier run left the template.
    assert!(prepared.load(Ordering::SeqCst) <= 1);
}

#[tokio::test]
async fn a_dropped_handle_takes_its_database_along_though_somebody_is_connected() {
    let kept = testing::database(&Template::plain()).await.unwrap();
    let watch = Stopwatch::start();
    let dropped = testing::database(&Template::plain()).await.unwrap();
    println!("one more database {:?}", watch.read());
    let _connected = connect(&dropped).await;
    let name = dropped.name.clone();
    drop(dropped);
    let mut connection = connect(&kept).await;
    eventually("the end of the database", async || {
        let found = sqlx::query("select from pg_database where datname = $1")
            .bind(&name)
            .fetch_optional(&mut connection)
            .await;
        found.unwrap().is_none()
    })
    .await;
}

#[tokio::test]
async fn a_template_that_fails_to_prepare_says_why_and_is_made_anew_the_next_time() {
    let fails = Template::new("felag-postgres: fails half-way", |options| async move {
        let mut connection = PgConnection::connect_with(&options).await?;
        sqlx::raw_sql("create table half (made text)")
            .execute(&mut connection)
            .await?;
        anyhow::bail!("no such luck")
    });
    for _ in 0..2 {
        // A table left over from the first time would be another complaint.
        let words = format!("{:#}", testing::database(&fails).await.err().unwrap());
        assert!(words.contains("no such luck"), "{words}");
    }
}
