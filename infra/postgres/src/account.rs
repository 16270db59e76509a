//! The system account that runs Postgres. It differs from ours only when we are root.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Tried in this order when root names no account.
const USUAL: [&str; 2] = ["postgres", "nobody"];

/// `None`: run as ourselves. `Some((uid, gid))`: we are root and hand over to this account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    /// The owner of an `existing` data directory, else the account named `wanted`, else a usual one.
    pub(crate) fn choose(wanted: Option<&str>, existing: &Path) -> Result<Account> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Account(None));
        }
        if let Ok(meta) = fs::metadata(existing)
            && meta.uid() != 0
        {
            return Ok(Account(Some((meta.uid(), meta.gid()))));
        }
        if let Some(name) = wanted {
            return match ids_of(name) {
                Some(ids) => Ok(Account(Some(ids))),
                None => bail!("FELAG_PG_USER names `{name}`, which is not an unprivileged account here"),
            };
        }
        match USUAL.into_iter().find_map(ids_of) {
            Some(ids) => Ok(Account(Some(ids))),
            None => bail!(
                "Postgres does not run as root, and there is no account postgres or nobody; \
                 set FELAG_PG_USER to an unprivileged account"
            ),
        }
    }

    /// A command that runs `program` as this account, with nothing of our Postgres environment.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = self.0 {
            // Root's other groups are dropped by the standard library when it sets a uid.
            command.gid(gid).uid(uid);
        }
        // Somewhere every account may stand; locale and zone must not depend on who started us.
        command.current_dir("/").env("LC_ALL", "C").env("TZ", "UTC");
        for name in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGOPTIONS", "PGDATABASE"] {
            command.env_remove(name);
        }
        command
    }

    /// Whether this account may walk down to `path`. It may not into a checkout under a home of mode 700.
    pub(crate) fn can_reach(self, path: &Path) -> bool {
        let Some((uid, gid)) = self.0 else { return true };
        path.ancestors()
            .skip(1)
            .filter(|folder| folder.exists())
            .all(|folder| {
                fs::metadata(folder).is_ok_and(|meta| {
                    let bit = match () {
                        () if meta.uid() == uid => 0o100,
                        () if meta.gid() == gid => 0o010,
                        () => 0o001,
                    };
                    meta.mode() & bit != 0
                })
            })
    }

    /// Sets the mode of `path` and, as root, gives it to this account.
    pub(crate) fn give(self, path: &Path, mode: u32) -> Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
            .and_then(|()| match self.0 {
                Some((uid, gid)) => chown(path, Some(uid), Some(gid)),
                None => Ok(()),
            })
            .with_context(|| format!("{} cannot be prepared for the database", path.display()))
    }

    /// The numeric user that owns what Postgres writes.
    pub(crate) fn uid(self) -> u32 {
        self.0
            .map_or_else(|| rustix::process::geteuid().as_raw(), |(uid, _)| uid)
    }
}

/// Asked of `id`, not read from /etc/passwd: on macOS, and with a directory service, accounts are not in that
/// file.
fn ids_of(name: &str) -> Option<(u32, u32)> {
    let ask = |flag: &str| -> Option<u32> {
        let output = Command::new("id").args([flag, "--", name]).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    let uid = ask("-u")?;
    (uid != 0).then_some((uid, ask("-g")?))
}
