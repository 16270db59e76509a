//! Stripe's own Python package, as a client of the sandbox: it shares no code with us.

use std::sync::Arc;

use felag_postgres::testing::{Template, database};
use felag_sandbox::{SECRET_KEY, Settings, start};
use felag_tests::python::{python, root};
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
async fn the_official_python_package_drives_the_sandbox() {
    let database = database(&Template::plain()).await.unwrap();
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        database: database.options.clone(),
        secret_key: SECRET_KEY.into(),
        now: Arc::new(felag::clock::wall),
        live_key_present: false,
    };
    let sandbox = start(settings).await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (sandbox, stop) = (sandbox.clone(), stop.clone());
        async move { sandbox.run(stop).await }
    });
    let address = sandbox.base_url();
    let output = tokio::task::spawn_blocking(move || {
        std::process::Command::new(python())
            .arg(root().join("infra/sandbox/tests/python/stripe_sdk.py"))
            .env("SANDBOX_URL", address)
            .env("SANDBOX_KEY", SECRET_KEY)
            .output()
            .unwrap()
    });
    let output = output.await.unwrap();
    stop.cancel();
    running.await.unwrap();
    sandbox.stop().await.unwrap();
    let (said, failed) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}{failed}");
    assert!(said.lines().count() >= 20, "too few checks were made:\n{said}");
}
