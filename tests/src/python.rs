//! The Python of the tests, with the foreign clients and servers of `tests/requirements.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where Felag's source is.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// The program. The first one who asks for it waits until the packages are there.
///
/// # Panics
/// When there is no Python here, or the packages cannot be got: in words.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let got = Command::new(root().join("infra/get-python")).output();
        let got = got.unwrap_or_else(|cause| panic!("infra/get-python does not run: {cause}"));
        assert!(got.status.success(), "{}", String::from_utf8_lossy(&got.stderr));
        PathBuf::from(String::from_utf8_lossy(&got.stdout).trim())
    })
}

/// A script of the tests, ready to be run: `script("mail/dkim_check.py")`.
pub fn script(path: &str) -> Command {
    let mut command = Command::new(python());
    command.arg(root().join("tests").join(path));
    command
}

/// An empty folder of a test's own, below the target folder.
///
/// # Panics
/// When it cannot be made.
pub fn folder(name: &str) -> PathBuf {
    let folder = root()
        .join("target/tmp/python")
        .join(format!("{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()));
    folder
}
