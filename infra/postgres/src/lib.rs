//! A private Postgres for Felag: finds the binaries, makes a cluster, starts it or adopts a live one, stops
//! it.
//!
//! One SQL dialect and nothing to set up. The cluster lives in `<data_dir>/pg` and listens on a Unix socket
//! only, in a folder that nobody but its owner (and root) may enter; so there is no password and no port.
//!
//! Several processes share one data folder: `felag serve` and, beside it, short commands such as `felag
//! ledger verify`. They agree through three lock files, which the kernel releases however a process dies:
//!
//! - `start.lock`: held while somebody looks, starts or stops. One at a time.
//! - `users.lock`: held shared by everybody who uses the server.
//! - `owner.lock`: held by the one who looks after the server for longer ([`Role::Owner`]).
//!
//! The owner stops the server when it leaves. Without an owner, the last user does. After a `kill -9` of the
//! application the server lives on, and the next starter adopts it; after a `kill -9` of the server the next
//! starter, or [`Cluster::watch`], starts it again, and Postgres recovers every acknowledged commit.

mod account;
mod binaries;
mod cluster;
mod home;
mod initdb;
mod postmaster;
mod server;
pub mod testing;
mod wait;

use std::path::PathBuf;

pub use cluster::{Cluster, Role};

/// Where the private cluster is kept and how it runs. Filled by the caller's configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Felag's own folder, for instance `var`; the cluster is kept in `pg` below it.
    pub data_dir: PathBuf,
    /// The folder with `postgres` and `initdb`; looked for in the usual places when absent.
    pub bin_dir: Option<PathBuf>,
    /// The account that runs the server when this process is root: Postgres refuses to run as root.
    /// Absent: `postgres`, else `nobody`.
    pub run_as: Option<String>,
    /// Whether a commit is on the disk before it is acknowledged. False for tests only.
    pub durable: bool,
}

impl Settings {
    /// A durable cluster below `data_dir`, everything else found by itself.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Settings {
            data_dir: data_dir.into(),
            bin_dir: None,
            run_as: None,
            durable: true,
        }
    }
}
