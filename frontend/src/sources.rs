//! The crate's own files, for tests that read them: words used, assets named, no inline style.

use std::fs;
use std::path::{Path, PathBuf};

/// Every template, by its path from the crate.
pub fn templates() -> Vec<(String, String)> {
    files_below("templates")
}

/// Every file below a folder of the crate, or beside it.
pub fn files_below(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}
