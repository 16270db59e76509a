//! The files of the project, as they lie in the working copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file: its path from the root of the project, and its lines.
pub struct File {
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Every file of text that belongs to the project: what git tracks, or without git everything but what is built.
pub fn files() -> Vec<File> {
    let root = root();
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root);
    let listed = git.output().ok().filter(|output| output.status.success());
    let paths: Vec<String> = match listed {
        Some(output) => {
            let names = String::from_utf8(output.stdout).unwrap();
            names
                .split('\0')
                .filter(|name| !name.is_empty())
                .map(ToString::to_string)
                .collect()
        }
        None => walk(&root, ""),
    };
    assert!(paths.len() > 100, "only {} files were found", paths.len());
    let read = |path: String| {
        fs::read_to_string(root.join(&path))
            .ok()
            .map(|text| File { path, text })
    };
    paths.into_iter().filter_map(read).collect()
}

/// The Rust files among them.
pub fn rust() -> Vec<File> {
    files()
        .into_iter()
        .filter(|file| file.path.ends_with(".rs"))
        .collect()
}

fn walk(root: &Path, below: &str) -> Vec<String> {
    const BUILT: [&str; 4] = ["target", "var", "node_modules", ".git"];
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(below)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if entry.file_type().unwrap().is_file() {
            found.push(path);
        } else if !BUILT.contains(&name.as_str()) {
            found.extend(walk(root, &path));
        }
    }
    found
}
