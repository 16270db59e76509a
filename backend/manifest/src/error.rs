//! Why a manifest was refused. Every message starts with the file and names the field or the line.

use crate::MAX_BYTES;
use crate::text::{clean_line, shortened};
use crate::tree::{MAX_DEPTH, MAX_NODES};

/// A file that cannot be read as a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Longer than [`MAX_BYTES`].
    #[error("{file}: the file has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge {
        /// The file, as it was handed in.
        file: String,
        /// Its length.
        bytes: usize,
    },
    /// Not a text in UTF-8.
    #[error("{file}: the file is not a text in UTF-8; it breaks off after byte {at}")]
    NotUtf8 {
        /// The file, as it was handed in.
        file: String,
        /// How many bytes could be read.
        at: usize,
    },
    /// Fields inside fields inside fields: no manifest needs it, and it can exhaust the stack.
    #[error("{file}: fields stand inside each other more than {MAX_DEPTH} deep")]
    TooDeep {
        /// The file, as it was handed in.
        file: String,
    },
    /// More values than any manifest has, often through references that repeat each other.
    #[error(
        "{file}: the file holds more than {MAX_NODES} values, or grows beyond its own size by references"
    )]
    TooMany {
        /// The file, as it was handed in.
        file: String,
    },
    /// Not well-formed.
    #[error("{file}: {}cannot be read as {syntax}: {detail}", at_line(*line))]
    Syntax {
        /// The file, as it was handed in.
        file: String,
        /// `JSON`, `YAML` or `TOML`.
        syntax: &'static str,
        /// Line of the first mistake, counted from one, where the parser knows it.
        line: Option<usize>,
        /// The parser's own words, shortened.
        detail: String,
    },
    /// Nothing in the file but comments and spaces.
    #[error("{file}: the file is empty or holds only comments; no title, name or okhv was found in it")]
    Empty {
        /// The file, as it was handed in.
        file: String,
    },
    /// Readable, but no manifest that we know.
    #[error(
        "{file}: this is none of the manifests we read. funding.json has entity and funding, publiccode.yml \
         has publiccodeYmlVersion, okh.yml has title and project-link, okh.toml has okhv; none was found"
    )]
    Unknown {
        /// The file, as it was handed in.
        file: String,
    },
    /// A field a draft cannot do without is missing or empty.
    #[error("{file}: {field} is missing")]
    Missing {
        /// Usual name of such a file.
        file: &'static str,
        /// Where the field belongs.
        field: String,
    },
    /// A field a draft cannot do without holds something else.
    #[error("{file}: {field} must be {expected}")]
    WrongType {
        /// Usual name of such a file.
        file: &'static str,
        /// Where the field stands.
        field: String,
        /// What belongs there: `a text`.
        expected: &'static str,
    },
    /// A version of a known manifest that we do not read.
    #[error("{file}: {field} is \u{201c}{found}\u{201d}; the versions we read are {read}")]
    Version {
        /// Usual name of such a file.
        file: &'static str,
        /// The field with the version.
        field: &'static str,
        /// What stands there.
        found: String,
        /// The versions that are read.
        read: &'static str,
    },
}

fn at_line(line: Option<usize>) -> String {
    line.map(|number| format!("line {number} ")).unwrap_or_default()
}

/// The name a message calls the file by: the last part of what was handed in, without what cannot be shown.
pub(crate) fn shown_file_name(file_name: Option<&str>) -> String {
    let last = file_name
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    let shown = shortened(&clean_line(last), 80);
    if shown.is_empty() {
        "the manifest".to_owned()
    } else {
        shown
    }
}
