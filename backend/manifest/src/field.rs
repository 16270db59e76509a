//! A place in a file, known by its path, and the list of what could not be read there.

use crate::Unread;
use crate::error::ManifestError;
use crate::text::{clean, clean_line, language_tag, shortened, web_address};
use crate::tree::{Node, joined};

/// How many notes are kept: enough for a person to see what is wrong with a file.
const MAX_NOTES: usize = 100;
/// How many values of a list of words are kept, and how long each may be, in characters.
const MAX_WORDS: usize = 50;
const MAX_WORD_CHARS: usize = 100;

/// What could not be read.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Unread>);

impl Notes {
    pub(crate) fn add(&mut self, field: &str, value: &str, why: &str) {
        if self.0.len() < MAX_NOTES {
            self.0.push(Unread {
                field: shortened(&clean_line(field), 120),
                value: shortened(&clean_line(value), 80),
                why: why.to_owned(),
            });
        }
    }

    pub(crate) fn into_unread(self) -> Vec<Unread> {
        self.0
    }
}

/// A place in a file; there may be nothing there.
#[derive(Debug, Clone)]
pub(crate) struct Field<'n> {
    file: &'static str,
    path: String,
    node: Option<&'n Node>,
}

impl<'n> Field<'n> {
    pub(crate) fn root(file: &'static str, node: &'n Node) -> Self {
        Self {
            file,
            path: String::new(),
            node: Some(node),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn node(&self) -> Option<&'n Node> {
        self.node
    }

    /// The field of this name further in.
    pub(crate) fn get(&self, key: &str) -> Self {
        let node = self.node.and_then(|node| node.get(key));
        Self {
            file: self.file,
            path: joined(&self.path, key),
            node,
        }
    }

    /// Whether nothing is said here.
    pub(crate) fn is_empty(&self) -> bool {
        self.node.is_none_or(Node::is_empty)
    }

    /// The values of a list; none where there is no list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'n> {
        let list = match self.node {
            Some(Node::List(list)) => list.as_slice(),
            _ => &[],
        };
        let (file, path) = (self.file, self.path.clone());
        let place = move |(at, node)| Self {
            file,
            path: format!("{path}[{at}]"),
            node: Some(node),
        };
        list.iter().enumerate().map(place)
    }

    /// The values of a list, or the one value that stands where a list may.
    pub(crate) fn one_or_more(&self) -> Vec<Self> {
        match self.node {
            Some(Node::List(_)) => self.items().collect(),
            Some(node) if !node.is_empty() => vec![self.clone()],
            Some(_) | None => Vec::new(),
        }
    }

    /// Notes what stands here as unread.
    pub(crate) fn note(&self, notes: &mut Notes, why: &str) {
        notes.add(&self.path, &self.node.map(Node::shown).unwrap_or_default(), why);
    }

    /// The text here, in the words of the file; a number or a yes counts as text. Anything else is noted.
    fn words(&self, notes: &mut Notes) -> Option<String> {
        match self.node? {
            Node::Text(text) | Node::Number(text) => Some(text.clone()),
            Node::Bool(yes) => Some(yes.to_string()),
            Node::Null => None,
            Node::List(_) | Node::Map(_) => {
                self.note(notes, "a text belongs here");
                None
            }
        }
    }

    /// A text on one line; none where it is missing or blank.
    pub(crate) fn line(&self, notes: &mut Notes, limit: usize) -> Option<String> {
        let line = shortened(&clean_line(&self.words(notes)?), limit);
        (!line.is_empty()).then_some(line)
    }

    /// A text of several lines, cut where it is longer than `limit` characters, which is noted.
    pub(crate) fn text(&self, notes: &mut Notes, limit: usize) -> Option<String> {
        let text = clean(&self.words(notes)?);
        if text.chars().count() > limit {
            self.note(
                notes,
                &format!("this is longer than {limit} characters; the rest was left out"),
            );
        }
        let text = shortened(&text, limit);
        (!text.is_empty()).then_some(text)
    }

    /// A web address; what is none is noted.
    pub(crate) fn url(&self, notes: &mut Notes) -> Option<String> {
        let words = self.words(notes)?;
        if words.trim().is_empty() {
            return None;
        }
        match web_address(&words) {
            Ok(url) => Some(url),
            Err(why) => {
                self.note(notes, why);
                None
            }
        }
    }

    /// A language tag; what is none is noted.
    pub(crate) fn language(&self, notes: &mut Notes) -> Option<String> {
        let words = self.line(notes, 80)?;
        let tag = language_tag(&words);
        if tag.is_none() {
            self.note(notes, "this is not a language tag such as en or de-AT");
        }
        tag
    }

    /// A list of words, each once.
    pub(crate) fn word_list(&self, notes: &mut Notes) -> Vec<String> {
        let mut words = Vec::new();
        for item in self.one_or_more().into_iter().take(MAX_WORDS) {
            words.extend(
                item.line(notes, MAX_WORD_CHARS)
                    .filter(|word| !words.contains(word)),
            );
        }
        words
    }

    /// A text on one line that must be here.
    pub(crate) fn required_text(&self) -> Result<String, ManifestError> {
        let missing = || ManifestError::Missing {
            file: self.file,
            field: self.path.clone(),
        };
        match self.node.ok_or_else(missing)? {
            Node::List(_) | Node::Map(_) => Err(ManifestError::WrongType {
                file: self.file,
                field: self.path.clone(),
                expected: "a text",
            }),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => {
                self.line(&mut Notes::default(), 250).ok_or_else(missing)
            }
        }
    }
}
