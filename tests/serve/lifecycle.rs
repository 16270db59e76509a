//! Start, stop, `kill -9`, and two at a time.

use std::time::Duration;

use felag_tests::program::{lives, wait_until};
use felag_tests::{Browser, people::PASSWORD};

use super::felag;

const EMAIL: &str = "ada@felag.example";

async fn sign_up(browser: &Browser) {
    let page = browser.get("/sign-up").await.expect(200);
    let fields = [("name", "Ada Baker"), ("email", EMAIL), ("password", PASSWORD)];
    let reply = browser.submit(&page, "/sign-up", &fields).await;
    assert!(matches!(reply.status, 200 | 303), "{}", reply.words());
}

/// The status of signing in: 303 when it worked.
async fn sign_in(browser: &Browser) -> u16 {
    let page = browser.get("/sign-in").await.expect(200);
    browser
        .submit(&page, "/sign-in", &[("email", EMAIL), ("password", PASSWORD)])
        .await
        .status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_stops_it_within_five_seconds_and_leaves_no_postgres() {
    let felag = felag();
    let server = felag.start(&["serve", "--demo"]);
    let browser = server.browser();
    // The browser's connection stays open.
    assert!(
        browser
            .get("/health")
            .await
            .expect(200)
            .text
            .contains("\"demo\":")
    );
    let postgres = felag.postgres().unwrap();
    let (status, took) = server.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(!lives(postgres) && felag.postgres().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_9_everything_is_still_there() {
    let felag = felag();
    let server = felag.start(&["serve"]);
    sign_up(&server.browser()).await;
    let postgres = felag.postgres().unwrap();
    server.kill();
    let server = felag.start(&["serve"]);
    assert_eq!(felag.postgres(), Some(postgres), "the living Postgres is adopted");
    assert_eq!(sign_in(&server.browser()).await, 303);
    server.terminate();
    assert!(felag.postgres().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgres_comes_back_under_a_running_server() {
    let felag = felag();
    let server = felag.start(&["serve"]);
    sign_up(&server.browser()).await;
    let postgres = felag.postgres().unwrap();
    felag_tests::program::signal(postgres, "KILL");
    assert!(wait_until(Duration::from_secs(20), || felag
        .postgres()
        .is_some_and(|pid| pid != postgres)));
    let browser = server.browser();
    for _ in 0..100 {
        if browser.get("/health").await.status == 200 {
            break;
        }
        felag::clock::pause(Duration::from_millis(100)).await;
    }
    assert_eq!(sign_in(&browser).await, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_share_one_data_folder_and_each_may_end_first() {
    let mut felag = felag();
    let first = felag.start(&["serve"]);
    felag.on_other_ports();
    let second = felag.start(&["serve"]);
    sign_up(&first.browser()).await;
    assert_eq!(sign_in(&second.browser()).await, 303);
    let sandbox = second.address("sandbox at");
    assert_eq!(sandbox, first.address("sandbox at"));
    let (status, _) = first.terminate();
    assert_eq!(status.code(), Some(0));
    // The first one stopped the database it owned; the second one starts it again, and takes over the sandbox.
    let browser = second.browser();
    let mut healthy = false;
    for _ in 0..200 {
        healthy = browser.get("/health").await.status == 200
            && reqwest_status(&format!("{sandbox}/sandbox.css")).await == Some(200);
        if healthy {
            break;
        }
        felag::clock::pause(Duration::from_millis(100)).await;
    }
    assert!(healthy, "{:?}", second.log_so_far());
    assert_eq!(sign_in(&browser).await, 303);
    let (status, took) = second.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(felag.postgres().is_none());
}

async fn reqwest_status(url: &str) -> Option<u16> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    http.get(url)
        .send()
        .await
        .ok()
        .map(|response| response.status().as_u16())
}

#[test]
fn workers_alone_start_and_stop() {
    let felag = felag();
    let worker = felag.start(&["work"]);
    assert!(felag.postgres().is_some());
    let (status, took) = worker.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(felag.postgres().is_none());
}
