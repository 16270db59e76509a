//! Text that people type: one line or several, with limits, and the address made from a title.

use crate::words::{Refusal, Words};

/// Why a text was refused. Counts are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks, where something is needed.
    #[error("the text is empty")]
    Empty,
    /// Fewer characters than asked for.
    #[error("the text has fewer than {min} characters")]
    TooShort {
        /// The fewest characters allowed.
        min: usize,
    },
    /// More characters than allowed.
    #[error("the text has more than {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// Characters that cannot be seen, or that turn the direction of the text around them.
    #[error("the text has characters that cannot be seen")]
    ControlCharacters,
}

impl Refusal for TextError {
    fn words(&self) -> Words {
        match *self {
            Self::Empty => Words::new("text-empty"),
            Self::TooShort { min } => Words::new("text-too-short").with("min", min),
            Self::TooLong { max } => Words::new("text-too-long").with("max", max),
            Self::ControlCharacters => Words::new("text-control-characters"),
        }
    }
}

/// A single line of `min` to `max` characters: trimmed, and every run of blanks made one space.
///
/// # Errors
/// See [`TextError`]. With `min` 0 an empty text is fine.
pub fn line(text: &str, min: usize, max: usize) -> Result<String, TextError> {
    let mut line = String::with_capacity(text.len().min(max.saturating_mul(4)));
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    within(line, min, max)
}

/// Several lines of `min` to `max` characters together: every line break made `\n`, and nothing but
/// text at the end.
///
/// # Errors
/// See [`TextError`]. With `min` 0 an empty text is fine.
pub fn block(text: &str, min: usize, max: usize) -> Result<String, TextError> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    within(lines.trim_end().trim_start_matches('\n').to_owned(), min, max)
}

fn within(text: String, min: usize, max: usize) -> Result<String, TextError> {
    if text.chars().any(is_hidden) {
        return Err(TextError::ControlCharacters);
    }
    // The joiners shape letters and emoji but are nothing by themselves.
    let is_blank = text
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{200C}' | '\u{200D}'));
    let count = text.chars().count();
    match (is_blank, min) {
        (true, 1..) => Err(TextError::Empty),
        (true, 0) => Ok(String::new()),
        (false, _) if count < min => Err(TextError::TooShort { min }),
        (false, _) if count > max => Err(TextError::TooLong { max }),
        (false, _) => Ok(text),
    }
}

/// Control characters, invisible ones, and those that change the direction of the text around them:
/// with these a name could pass for another, or turn a sentence of ours around.
/// Source: Unicode Technical Report 36, 2.10.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => true,
        _ => c.is_control(),
    }
}

const SLUG_MAX: usize = 60;

/// The part of a page's address made from `title`: small letters, digits and hyphens, at most 60.
/// Latin letters lose their marks (`Þórr` becomes `thorr`), others are left out; a title with
/// nothing left gives `project`.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Letter::Ascii(letters) => slug.push_str(letters),
            Letter::Itself => slug.push(c),
            Letter::Nothing => {}
            Letter::Gap if slug.is_empty() || slug.ends_with('-') => {}
            Letter::Gap => slug.push('-'),
        }
        if slug.len() > SLUG_MAX {
            break;
        }
    }
    slug.truncate(SLUG_MAX);
    match slug.trim_matches('-') {
        "" => "project".to_owned(),
        slug => slug.to_owned(),
    }
}

enum Letter {
    Itself,
    Ascii(&'static str),
    Nothing,
    Gap,
}

/// How a small letter is written with a to z.
fn plain(c: char) -> Letter {
    match c {
        'a'..='z' | '0'..='9' => Letter::Itself,
        // Apostrophes, and marks that stand after the letter they belong to.
        '\'' | '’' | '\u{0300}'..='\u{036F}' => Letter::Nothing,
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => Letter::Ascii("a"),
        'ä' | 'æ' => Letter::Ascii("ae"),
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => Letter::Ascii("c"),
        'ð' | 'ď' | 'đ' => Letter::Ascii("d"),
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => Letter::Ascii("e"),
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => Letter::Ascii("g"),
        'ĥ' | 'ħ' => Letter::Ascii("h"),
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => Letter::Ascii("i"),
        'ĵ' => Letter::Ascii("j"),
        'ķ' => Letter::Ascii("k"),
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => Letter::Ascii("l"),
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => Letter::Ascii("n"),
        'ò'..='õ' | 'ō' | 'ŏ' | 'ő' => Letter::Ascii("o"),
        'ö' | 'ø' | 'œ' => Letter::Ascii("oe"),
        'ŕ' | 'ŗ' | 'ř' => Letter::Ascii("r"),
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => Letter::Ascii("s"),
        'ß' => Letter::Ascii("ss"),
        'ţ' | 'ť' | 'ŧ' | 'ț' => Letter::Ascii("t"),
        'þ' => Letter::Ascii("th"),
        'ù'..='û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => Letter::Ascii("u"),
        'ü' => Letter::Ascii("ue"),
        'ŵ' => Letter::Ascii("w"),
        'ý' | 'ÿ' | 'ŷ' => Letter::Ascii("y"),
        'ź' | 'ż' | 'ž' => Letter::Ascii("z"),
        _ => Letter::Gap,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_trimmed_and_its_blanks_become_single_spaces() {
        assert_eq!(
            line("  A solar\t oven\r\n for all ", 1, 80).unwrap(),
            "A solar oven for all"
        );
        assert_eq!(line(" \u{a0} ", 1, 80), Err(TextError::Empty));
        assert_eq!(line("\u{200D}", 1, 80), Err(TextError::Empty));
        assert_eq!(line("", 0, 80).unwrap(), "");
    }

    #[test]
    fn limits_count_characters_and_not_bytes() {
        assert_eq!(line("þþþ", 3, 3).unwrap(), "þþþ");
        assert_eq!(line("þþ", 3, 3), Err(TextError::TooShort { min: 3 }));
        assert_eq!(line("þþþþ", 3, 3), Err(TextError::TooLong { max: 3 }));
    }

    #[test]
    fn characters_that_hide_or_turn_text_are_refused() {
        for text in [
            "a\u{0}b",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{feff}b",
            "a\u{200b}b",
            "a\u{1b}[1m",
        ] {
            assert_eq!(line(text, 1, 80), Err(TextError::ControlCharacters), "{text:?}");
            assert_eq!(block(text, 1, 80), Err(TextError::ControlCharacters), "{text:?}");
        }
    }

    #[test]
    fn a_block_keeps_its_lines_and_loses_the_carriage_returns() {
        assert_eq!(
            block("one\r\n\r\n  two\rthree \n\n", 1, 80).unwrap(),
            "one\n\n  two\nthree"
        );
        assert_eq!(block("\r\n \n", 1, 80), Err(TextError::Empty));
    }

    #[test]
    fn titles_become_addresses() {
        assert_eq!(
            slug("Þórr’s Straße: Øl & Smørrebrød!"),
            "thorrs-strasse-oel-smoerrebroed"
        );
        assert_eq!(slug("  A -- B  "), "a-b");
        assert_eq!(slug("Café e\u{301}clair"), "cafe-eclair");
        assert_eq!(slug("太陽"), "project");
        assert_eq!(slug(""), "project");
    }

    proptest! {
        #[test]
        fn an_address_has_only_small_letters_digits_and_single_hyphens(title in any::<String>()) {
            let slug = slug(&title);
            prop_assert!((1..=SLUG_MAX).contains(&slug.len()));
            prop_assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }

        #[test]
        fn what_was_accepted_is_accepted_again_unchanged(text in any::<String>()) {
            for read in [line, block] {
                if let Ok(once) = read(&text, 0, 40) {
                    prop_assert_eq!(read(&once, 0, 40), Ok(once.clone()));
                }
            }
        }
    }
}
