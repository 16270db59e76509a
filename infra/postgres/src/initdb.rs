//! Makes a new cluster.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::binaries::Binaries;
use crate::home::Home;

/// The first major version with a collation of its own, the same on every system.
const BUILTIN_LOCALE: u32 = 17;

/// Makes the data folder. It is built aside and renamed, so that a `kill -9` leaves nothing half-made.
pub(crate) fn make(home: &Home, binaries: &Binaries, durable: bool) -> Result<()> {
    let unfinished = home.root.join("data.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let output = home
        .account
        .command(&binaries.program("initdb"))
        .arg("-D")
        .arg(&unfinished)
        // Trust is safe: only the socket leads in, and only the owner and root reach the socket.
        .args([
            "-U",
            "felag",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
        ])
        .args(locale(binaries.major))
        .args(if durable {
            ["--data-checksums"]
        } else {
            ["--no-sync"]
        })
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("running {}", binaries.program("initdb").display()))?;
    if !output.status.success() {
        bail!(
            "initdb failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    fs::rename(&unfinished, &home.data)?;
    if durable {
        // The rename itself must survive a power cut, or acknowledged commits would be in `data.new`.
        sync_folder(&home.root)?;
    }
    Ok(())
}

/// Byte order for sorting, UTF-8 for letters: an index does not rot when the system's collations change.
fn locale(major: u32) -> &'static [&'static str] {
    if major >= BUILTIN_LOCALE {
        &[
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
    } else if cfg!(target_os = "linux") {
        &["--locale=C", "--lc-ctype=C.UTF-8"]
    } else {
        &["--locale=C"]
    }
}

fn sync_folder(path: &Path) -> Result<()> {
    fs::File::open(path)?.sync_all()?;
    Ok(())
}
