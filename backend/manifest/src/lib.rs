//! Reads an open project's own manifest into a draft of a project and of its campaign: `funding.json`
//! (1.0 and 1.1), `publiccode.yml`, and Open Know-How (v1 YAML, LOSH TOML, 2.4 TOML).
//!
//! Pure: text in, draft out. Nothing is fetched from any address in a file, payment addresses are
//! never read, and a file can neither take much memory nor much time. What is in a file is somebody's
//! words: control characters go, HTML stays plain text, and what could not be read is listed in plain
//! English in [`Manifest::unread`] so that a person can put it right.

mod amount;
mod error;
mod field;
mod funding;
mod json;
mod licence_names;
pub mod licences;
mod okh;
mod publiccode;
mod syntax;
mod text;
mod tree;

use serde::Serialize;

pub use error::ManifestError;
pub use json::json;

use error::shown_file_name;
use field::{Field, Notes};
use syntax::Syntax;
use tree::Node;

/// The longest file that is read, in bytes: 512 KiB. The longest real manifests are under 16 KiB.
pub const MAX_BYTES: usize = 512 * 1024;

/// Which manifest a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Kind {
    /// `funding.json`, schemas 1.0 and 1.1 (fundingjson.org).
    #[serde(rename = "funding.json")]
    FundingJson,
    /// `publiccode.yml`, every version of the standard.
    #[serde(rename = "publiccode.yml")]
    PubliccodeYml,
    /// Open Know-How 1.0, written as YAML (`okh.yml`).
    #[serde(rename = "okh-v1")]
    OkhV1,
    /// Open Know-How LOSH 1.0, written as TOML (`okh.toml`).
    #[serde(rename = "okh-losh")]
    OkhLosh,
    /// Open Know-How 2.x, written as TOML (`okh.toml`).
    #[serde(rename = "okh-2.4")]
    Okh24,
}

impl Kind {
    /// The name this kind has in output: `funding.json`, `publiccode.yml`, `okh-v1`, `okh-losh`, `okh-2.4`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FundingJson => "funding.json",
            Self::PubliccodeYml => "publiccode.yml",
            Self::OkhV1 => "okh-v1",
            Self::OkhLosh => "okh-losh",
            Self::Okh24 => "okh-2.4",
        }
    }

    /// The usual name of such a file; messages start with it.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::FundingJson => "funding.json",
            Self::PubliccodeYml => "publiccode.yml",
            Self::OkhV1 => "okh.yml",
            Self::OkhLosh | Self::Okh24 => "okh.toml",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A manifest that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Which manifest the file is.
    pub kind: Kind,
    /// The file's own version mark, in its own words: `v1.0.0`, `0.4`, `OKH-LOSHv1.0`. In a
    /// `funding.json` it is the schema's version (1.0) or the version of the content (1.1).
    pub version: Option<String>,
    /// One draft for each project in the file, at least one; only `funding.json` can hold several.
    pub drafts: Vec<Draft>,
    /// What could not be read, in the order of the file.
    pub unread: Vec<Unread>,
}

/// What a project and its first campaign can be started from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Where in the file the draft comes from: `projects[0]`, or empty for the whole file.
    pub at: String,
    /// The project's name, at most 250 characters, never empty.
    pub name: String,
    /// One line of at most 200 characters, cut on a word; empty where the file says nothing.
    pub summary: String,
    /// The story as Markdown, at most 20,000 characters. It may hold HTML, which is only text here.
    pub story: String,
    /// The licences that could be read.
    pub licences: Vec<LicenceFound>,
    /// The project's page.
    pub homepage: Option<String>,
    /// Where its source is kept.
    pub repository: Option<String>,
    /// Where its documentation is kept (Open Know-How 1.0, publiccode.yml).
    pub documentation: Option<String>,
    /// The funding plans of the file. Plans belong to the file, so each of its drafts has them all.
    pub plans: Vec<Plan>,
    /// Who holds the rights: the entity, the copyright owner or the licensor, without e-mail addresses.
    pub holder: Option<String>,
    /// Keywords, tags or categories.
    pub keywords: Vec<String>,
    /// Language of the words above, as a BCP 47 tag.
    pub language: Option<String>,
    /// How far the thing is, in the file's own words: `stable`, `prototype`, `OTRL-4`.
    pub stage: Option<String>,
    /// Names of the parts of a piece of hardware: seeds for lines of a budget.
    pub parts: Vec<String>,
    /// What it is built on, where the file gives a web address.
    pub based_on: Vec<String>,
}

/// What a licence covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LicenceKind {
    /// The design of a thing.
    Hardware,
    /// Code.
    Software,
    /// Texts and pictures.
    Documentation,
    /// Everything; the file makes no difference.
    Whole,
}

impl LicenceKind {
    /// The name this has in output: `hardware`, `software`, `documentation`, `whole`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Software => "software",
            Self::Documentation => "documentation",
            Self::Whole => "whole",
        }
    }
}

/// A licence that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenceFound {
    /// What the licence covers.
    pub kind: LicenceKind,
    /// A valid SPDX expression. It need not be an open licence: that is for the platform to judge.
    pub expression: String,
    /// The words of the file.
    pub written: String,
}

/// A funding plan of a `funding.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The plan's id in the file.
    pub guid: Option<String>,
    /// The plan's name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Amount in minor units of `currency`; zero means any amount. None where it could not be read.
    pub amount_minor: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// `one-time`, `weekly`, `fortnightly`, `monthly`, `yearly` or `other`.
    pub frequency: Option<String>,
    /// `active` or `inactive`, or another word of the file.
    pub status: Option<String>,
}

impl Plan {
    /// Whether the giver chooses the amount: the format writes that as an amount of zero.
    #[must_use]
    pub fn any_amount(&self) -> bool {
        self.amount_minor == Some(0)
    }
}

/// Something in the file that could not be read, for a person to put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Where it stands in the file: `projects[0].licenses[1]`.
    pub field: String,
    /// What stands there, shortened to 80 characters; empty where nothing does.
    pub value: String,
    /// Why it could not be read, in plain English.
    pub why: String,
}

/// Reads a manifest from bytes, as they come from a file or an upload.
///
/// # Errors
/// As [`read`], and [`ManifestError::NotUtf8`].
pub fn read_bytes(file_name: Option<&str>, bytes: &[u8]) -> Result<Manifest, ManifestError> {
    check_size(file_name, bytes.len())?;
    let text = std::str::from_utf8(bytes).map_err(|e| ManifestError::NotUtf8 {
        file: shown_file_name(file_name),
        at: e.valid_up_to(),
    })?;
    read(file_name, text)
}

/// Reads a manifest. Which one it is is told from the content; the file's name only decides how a
/// text is parsed that is readable in no way the content suggests, and appears in messages.
///
/// # Errors
/// [`ManifestError`]: each message names the file and the field or line that is wrong.
pub fn read(file_name: Option<&str>, text: &str) -> Result<Manifest, ManifestError> {
    check_size(file_name, text.len())?;
    let file = shown_file_name(file_name);
    let (root, syntax) = syntax::parse(file_name, text)?;
    if root.is_empty() {
        return Err(ManifestError::Empty { file });
    }
    let Some(kind) = recognise(&root, syntax)? else {
        return Err(ManifestError::Unknown { file });
    };
    let mut notes = Notes::default();
    root.repeated(&mut |path, value| {
        notes.add(
            path,
            value,
            "this field stands more than once in the file; the last one was read",
        );
    });
    let root = Field::root(kind.file(), &root);
    let (version, drafts) = match kind {
        Kind::FundingJson => funding::read(&root, &mut notes)?,
        Kind::PubliccodeYml => publiccode::read(&root, &mut notes)?,
        Kind::OkhV1 => okh::read_v1(&root, &mut notes)?,
        Kind::OkhLosh | Kind::Okh24 => okh::read_toml(&root, &mut notes)?,
    };
    Ok(Manifest {
        kind,
        version,
        drafts,
        unread: notes.into_unread(),
    })
}

fn check_size(file_name: Option<&str>, bytes: usize) -> Result<(), ManifestError> {
    if bytes > MAX_BYTES {
        return Err(ManifestError::TooLarge {
            file: shown_file_name(file_name),
            bytes,
        });
    }
    Ok(())
}

/// Tells the manifests apart by the fields only one of them has.
fn recognise(root: &Node, syntax: Syntax) -> Result<Option<Kind>, ManifestError> {
    let has = |key: &str| root.get(key).is_some_and(|node| !matches!(node, Node::Null));
    let kind = if has("okhv") {
        Some(okh_kind(root)?)
    } else if has("publiccodeYmlVersion") || has("legal") && has("developmentStatus") {
        Some(Kind::PubliccodeYml)
    } else if has("entity") && (has("funding") || has("projects")) && syntax == Syntax::Json {
        Some(Kind::FundingJson)
    } else if has("okh-manifest-version") || has("title") && V1_FIELDS.iter().any(|key| has(key)) {
        Some(Kind::OkhV1)
    } else if has("name") && has("licensor") && has("function") {
        // An Open Know-How file in all but its version mark: say which field is missing.
        return Err(ManifestError::Missing {
            file: Kind::Okh24.file(),
            field: "okhv".to_owned(),
        });
    } else {
        None
    };
    Ok(kind)
}

/// Fields that make a file with a `title` an Open Know-How 1.0 manifest: many leave out the version mark.
const V1_FIELDS: [&str; 4] = [
    "manifest-author",
    "project-link",
    "documentation-home",
    "licensor",
];

fn okh_kind(root: &Node) -> Result<Kind, ManifestError> {
    let field = Field::root(Kind::Okh24.file(), root).get("okhv");
    let version = field.required_text()?;
    if version.to_ascii_uppercase().starts_with("OKH-LOSHV1") {
        Ok(Kind::OkhLosh)
    } else if version == "2" || version.starts_with("2.") {
        Ok(Kind::Okh24)
    } else {
        Err(ManifestError::Version {
            file: Kind::Okh24.file(),
            field: "okhv",
            found: text::shortened(&version, 40),
            read: "OKH-LOSHv1.0 and 2.4",
        })
    }
}
