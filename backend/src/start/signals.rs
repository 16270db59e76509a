//! Ctrl-C and SIGTERM: the first ends the program cleanly, a second one at once.

use tokio::signal::unix::{SignalKind, signal};

/// Ends when this process is asked to stop.
///
/// # Errors
/// When the system refuses to tell us.
pub async fn asked_to_stop() -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(())
}
