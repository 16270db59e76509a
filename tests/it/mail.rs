//! Mail as people get it: into the mailbox of the sandbox, and through a real mail server.

mod following;
mod leaving;
mod mailbox;
mod server;
mod signing;
mod smtp;
mod updates;

use felag::mail::{Mail, NewMessage, queue};
use felag_tests::World;

/// Writes a message down, as a slice would: a receipt if it is on no list.
pub async fn write(world: &World, to: &str, event: &str, list: Option<&str>) {
    let mail = Mail {
        subject: format!("About {event}"),
        text: "Words.\n".into(),
        html: "<p>Words.</p>".into(),
    };
    let message = NewMessage {
        kind: "test",
        event: event.into(),
        recipient: to,
        mail,
        sender: None,
        list: list.map(ToString::to_string),
    };
    let mut conn = world.ctx.db.acquire().await.unwrap();
    queue(&mut conn, &world.ctx, vec![message]).await.unwrap();
}

/// Sends what is due, until nothing is.
pub async fn deliver(world: &World) {
    while felag::mail::delivery::run_once(&world.ctx).await.unwrap() {}
}

/// State, tries and the last error of the messages to an address, the oldest first.
pub async fn states(world: &World, to: &str) -> Vec<String> {
    sqlx::query_scalar("select state from message where recipient = $1 order by created_at, message_id")
        .bind(to)
        .fetch_all(&world.owner)
        .await
        .unwrap()
}
