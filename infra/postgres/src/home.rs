//! Where a cluster keeps its files, and the locks by which processes agree about it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::account::Account;
use crate::wait::{Patience, pause};

/// The socket's file name for port 5432; the port is only a name here.
pub(crate) const SOCKET: &str = ".s.PGSQL.5432";

/// The address of a Unix socket must fit 104 bytes on macOS (108 on Linux), its final zero included.
const LONGEST_SOCKET: usize = 103;

/// Where root keeps a cluster whose own folder the database account cannot reach.
const REACHABLE: &str = "/var/lib/felag";

/// A start includes `initdb` and perhaps recovery; who waits behind one waits a little longer.
const START_LIMIT: Duration = Duration::from_secs(150);

/// The folder of one cluster.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub(crate) root: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) account: Account,
}

impl Home {
    /// Makes `<data_dir>/<name>`, or a folder below /var/lib/felag where the database account could not get
    /// in.
    pub(crate) fn open(data_dir: &Path, name: &str, run_as: Option<&str>) -> Result<Home> {
        let here = || format!("the data folder {} cannot be used", data_dir.display());
        fs::create_dir_all(data_dir).with_context(here)?;
        let mut root = data_dir.canonicalize().with_context(here)?.join(name);
        let mut account = Account::choose(run_as, &root.join("data"))?;
        if !account.can_reach(&root) {
            let elsewhere = Path::new(REACHABLE).join(short_name(&root));
            tracing::info!(
                "the database account cannot enter {}; the database is kept in {}",
                data_dir.display(),
                elsewhere.display()
            );
            fs::create_dir_all(&elsewhere)?;
            root = elsewhere.canonicalize()?;
            account = Account::choose(run_as, &root.join("data"))?;
            if !account.can_reach(&root) {
                bail!("the database account cannot enter {REACHABLE}; allow it to, or set --data-dir");
            }
        }
        fs::create_dir_all(&root).with_context(here)?;
        account.give(&root, 0o700)?;
        Ok(Home {
            data: root.join("data"),
            log: root.join("log"),
            root,
            account,
        })
    }

    /// The major version that wrote the data, if there is any.
    pub(crate) fn major(&self) -> Option<u32> {
        fs::read_to_string(self.data.join("PG_VERSION"))
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// The folder for the socket: the cluster's own unless its path is too long for a socket address.
    pub(crate) fn socket_dir(&self) -> Result<PathBuf> {
        if self.root.join(SOCKET).as_os_str().len() <= LONGEST_SOCKET {
            return Ok(self.root.clone());
        }
        let short = std::env::temp_dir().join(format!("felag-{}", short_name(&self.root)));
        match DirBuilder::new().mode(0o700).create(&short) {
            Ok(()) => self.account.give(&short, 0o700)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                // Everybody may write to the temporary directory: take nobody else's folder for ours.
                let meta = fs::symlink_metadata(&short)?;
                if !meta.is_dir() || meta.uid() != self.account.uid() || meta.mode() & 0o077 != 0 {
                    bail!(
                        "{} is not a private folder of the database account; remove it",
                        short.display()
                    );
                }
            }
            Err(error) => return Err(error).with_context(|| format!("making {}", short.display())),
        }
        Ok(short)
    }

    /// The mutex of starting and stopping; freed when the file is dropped, or by the kernel.
    pub(crate) fn lock_start(&self) -> Result<File> {
        let file = self.lock_file("start.lock")?;
        let patience = Patience::of(START_LIMIT);
        while !is_locked(file.try_lock())? {
            if patience.is_over() {
                bail!(
                    "another process has been starting or stopping the database for {} s",
                    START_LIMIT.as_secs()
                );
            }
            pause(10);
        }
        Ok(file)
    }

    /// The same without waiting: `None` while somebody else holds it.
    pub(crate) fn try_lock_start(&self) -> Result<Option<File>> {
        self.try_lock("start.lock")
    }

    /// Counts us among the users until the file is dropped. Call it with the start lock held.
    pub(crate) fn join_users(&self) -> Result<File> {
        let file = self.lock_file("users.lock")?;
        file.lock_shared()?;
        Ok(file)
    }

    /// Whether nobody uses the server. Call it with the start lock held and our own part given up.
    pub(crate) fn has_no_users(&self) -> Result<bool> {
        Ok(self.try_lock("users.lock")?.is_some())
    }

    /// Becomes the owner if there is none, until the file is dropped.
    pub(crate) fn try_own(&self) -> Result<Option<File>> {
        self.try_lock("owner.lock")
    }

    fn try_lock(&self, name: &str) -> Result<Option<File>> {
        let file = self.lock_file(name)?;
        Ok(if is_locked(file.try_lock())? {
            Some(file)
        } else {
            None
        })
    }

    fn lock_file(&self, name: &str) -> Result<File> {
        let path = self.root.join(name);
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| {
                format!(
                    "{} cannot be opened; does the data folder belong to another account?",
                    path.display()
                )
            })
    }
}

fn is_locked(outcome: Result<(), TryLockError>) -> Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// A short name that is always the same for the same path.
fn short_name(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    hex::encode(digest).chars().take(16).collect()
}
