//! Finds the Postgres programs on this machine.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::account::Account;

/// `CREATE DATABASE … STRATEGY` and much of our SQL came with this version.
const OLDEST: u32 = 15;

/// Folders whose sub-folders each hold a `bin` of some version.
const SHELVES: [&str; 6] = [
    "/usr/lib/postgresql", // Debian, Ubuntu
    "/opt/homebrew/opt",   // Homebrew on Apple silicon
    "/usr/local/opt",      // Homebrew on Intel
    "/Applications/Postgres.app/Contents/Versions",
    "/usr",                    // /usr/pgsql-17/bin of the RPM packages
    "/var/lib/felag/postgres", // infra/get-postgres, run by root in a closed folder
];

/// A folder with `postgres` and `initdb` of one major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    pub(crate) dir: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    /// `given` if there is one, else the newest found; of the major version `needed` by existing data.
    pub(crate) fn find(
        given: Option<&Path>,
        data_dir: &Path,
        needed: Option<u32>,
        account: Account,
    ) -> Result<Binaries> {
        if let Some(dir) = given {
            return Self::given(dir, needed);
        }
        let mut found: Vec<Binaries> = places(data_dir)
            .into_iter()
            .filter(|dir| account.can_reach(&dir.join("postgres")))
            .filter_map(read)
            .collect();
        found.sort_by_key(|binaries| Reverse(binaries.major));
        let versions: Vec<String> = found.iter().map(|binaries| binaries.major.to_string()).collect();
        let fits =
            |binaries: &Binaries| needed.map_or(binaries.major >= OLDEST, |major| binaries.major == major);
        match (found.into_iter().find(fits), needed) {
            (Some(binaries), _) => Ok(binaries),
            (None, Some(major)) => bail!(
                "the data below {} was written by Postgres {major}, whose programs are not here (found: {}). \
                 Install Postgres {major} again, or set FELAG_PG_BIN to the folder with its programs",
                data_dir.display(),
                if versions.is_empty() {
                    "none".to_owned()
                } else {
                    versions.join(", ")
                }
            ),
            (None, None) => bail!(
                "no Postgres {OLDEST} or newer was found. Run infra/get-postgres, or set FELAG_PG_BIN to the \
                 folder with its programs, or set DATABASE_URL to a database of your own"
            ),
        }
    }

    fn given(dir: &Path, needed: Option<u32>) -> Result<Binaries> {
        let Some(binaries) = read(dir.to_owned()) else {
            bail!(
                "FELAG_PG_BIN is {}, but there are no working postgres and initdb in it",
                dir.display()
            );
        };
        match needed {
            Some(major) if major != binaries.major => bail!(
                "the data was written by Postgres {major}, but FELAG_PG_BIN ({}) holds Postgres {}",
                dir.display(),
                binaries.major
            ),
            None if binaries.major < OLDEST => bail!(
                "FELAG_PG_BIN ({}) holds Postgres {}; Felag needs {OLDEST} or newer",
                dir.display(),
                binaries.major
            ),
            _ => Ok(binaries),
        }
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Every folder that may hold the programs, in the order of preference among equals.
fn places(data_dir: &Path) -> Vec<PathBuf> {
    let mut shelves: Vec<PathBuf> = SHELVES.iter().map(PathBuf::from).collect();
    shelves.push(data_dir.join("postgres"));
    // A checkout's own: the program is in target/debug, a test in target/debug/deps.
    if let Ok(program) = std::env::current_exe() {
        shelves.extend(
            program
                .ancestors()
                .skip(1)
                .take(4)
                .map(|folder| folder.join("var/postgres")),
        );
    }
    let mut places: Vec<PathBuf> = shelves
        .iter()
        .filter_map(|shelf| fs::read_dir(shelf.canonicalize().ok()?).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    #[expect(
        clippy::disallowed_methods,
        reason = "PATH is where programs are looked for, not a setting of ours"
    )]
    let path = std::env::var_os("PATH").unwrap_or_default();
    places.extend(std::env::split_paths(&path));
    places
}

/// What is in `dir`, if it holds both programs and they run here.
fn read(dir: PathBuf) -> Option<Binaries> {
    let postgres = dir.join("postgres");
    if !postgres.is_file() || !dir.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(postgres).arg("--version").output().ok()?;
    let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { dir, major })
}

/// From a line such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_of(line: &str) -> Option<u32> {
    let version = line.split_whitespace().nth(2)?;
    let end = version
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(version.len());
    version.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_previews() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 19devel"), Some(19));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major_of("something else"), None);
    }
}
