//! Several handles, as several processes, on one data folder. Locks belong to open files, so two handles in
//! one process exclude each other exactly as two processes do.

use std::collections::HashSet;

use felag_postgres::{Cluster, Role};

use crate::folder::{Folder, ask, eventually, is_alive};

#[tokio::test]
async fn a_guest_adopts_the_owners_server_and_leaves_it_running() {
    let folder = Folder::new();
    let owner = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    let pid = folder.server().unwrap();
    for _ in 0..2 {
        let guest = Cluster::start(&folder.settings()).await.unwrap();
        assert!(guest.adopted() && !guest.is_owner());
        assert_eq!(ask(&guest, "select 'here'").await.unwrap(), "here");
        guest.stop().await.unwrap();
        assert!(owner.healthy().await);
    }
    drop(Cluster::start(&folder.settings()).await.unwrap());
    assert!(owner.healthy().await && folder.server() == Some(pid));
    owner.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn the_owner_stops_the_server_though_a_guest_is_left() {
    let folder = Folder::new();
    let guest = Cluster::start(&folder.settings()).await.unwrap();
    let owner = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    assert!(owner.adopted() && owner.is_owner());
    let pid = folder.server().unwrap();
    owner.stop().await.unwrap();
    assert!(!is_alive(pid) && !guest.healthy().await);
    guest.stop().await.unwrap();
}

#[tokio::test]
async fn without_an_owner_the_last_guest_stops_the_server() {
    let folder = Folder::new();
    let first = Cluster::start(&folder.settings()).await.unwrap();
    let second = Cluster::start(&folder.settings()).await.unwrap();
    let pid = folder.server().unwrap();
    first.stop().await.unwrap();
    assert!(second.healthy().await);
    second.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_second_owner_takes_over_when_the_first_leaves() {
    let folder = Folder::new();
    let first = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    let second = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    assert!(first.is_owner() && !second.is_owner());
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let watching = tokio::spawn(second.watch(async move {
        let _ = ended.await;
    }));
    first.stop().await.unwrap();
    eventually("the second owner's server", async || {
        second.is_owner() && second.healthy().await
    })
    .await;
    let pid = folder.server().unwrap();
    end.send(()).unwrap();
    watching.await.unwrap();
    second.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_handle_that_is_only_dropped_still_stops_the_server() {
    let folder = Folder::new();
    let cluster = Cluster::start_as(&folder.settings(), Role::Owner).await.unwrap();
    let pid = folder.server().unwrap();
    drop(cluster);
    eventually("the end of the server", async || folder.server().is_none()).await;
    assert!(!is_alive(pid) || folder.server().is_none());
}

#[tokio::test]
async fn starters_at_the_same_moment_end_with_one_server() {
    let folder = Folder::new();
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let settings = folder.settings();
        starting.spawn(async move { Cluster::start(&settings).await.unwrap() });
    }
    let clusters = starting.join_all().await;
    assert_eq!(clusters.iter().filter(|cluster| !cluster.adopted()).count(), 1);
    let mut started_at = HashSet::new();
    for cluster in &clusters {
        started_at.insert(
            ask(cluster, "select pg_postmaster_start_time()::text")
                .await
                .unwrap(),
        );
    }
    assert_eq!(started_at.len(), 1);
    for cluster in clusters {
        cluster.stop().await.unwrap();
    }
    assert_eq!(folder.server(), None);
}
