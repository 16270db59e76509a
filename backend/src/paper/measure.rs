//! How wide letters are, and where lines break.

use std::sync::LazyLock;

/// Liberation Sans 2.1.5, under the SIL Open Font License: see the text beside it.
pub static FONT: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");

static FACE: LazyLock<Option<ttf_parser::Face<'static>>> =
    LazyLock::new(|| ttf_parser::Face::parse(FONT, 0).ok());

/// The words with only what the font has: the rest of the world's letters become question marks.
pub fn writable(words: &str) -> String {
    let has = |letter: char| {
        FACE.as_ref()
            .is_some_and(|face| face.glyph_index(letter).is_some())
    };
    let shown = |letter: char| match letter {
        letter if has(letter) => letter,
        letter if letter.is_whitespace() => ' ',
        _ => '?',
    };
    words.chars().map(shown).collect()
}

fn advance(letter: char) -> f32 {
    let Some(face) = FACE.as_ref() else { return 0.0 };
    let glyph = face.glyph_index(letter);
    let units = glyph.and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
    // A page has a few thousand units across: no digit is lost.
    f32::from(units) / f32::from(face.units_per_em())
}

/// How wide the words are, of a font that is one point tall.
pub fn width(words: &str) -> f32 {
    words.chars().map(advance).sum()
}

/// The words as lines of at most `most` points, in letters of `size`; a word longer than a line is cut.
pub fn wrapped(words: &str, size: f32, most: f32) -> Vec<String> {
    let most = most / size;
    let space = width(" ");
    let mut lines = vec![String::new()];
    let mut taken = 0.0;
    for word in writable(words).split(' ') {
        for piece in pieces(word, most) {
            let wide = width(&piece);
            match lines.last_mut() {
                Some(line) if line.is_empty() => {
                    line.push_str(&piece);
                    taken = wide;
                }
                Some(line) if taken + space + wide <= most => {
                    line.push(' ');
                    line.push_str(&piece);
                    taken += space + wide;
                }
                _ => {
                    lines.push(piece);
                    taken = wide;
                }
            }
        }
    }
    lines
}

/// A word, cut where a line could not hold it.
fn pieces(word: &str, most: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut taken = 0.0;
    for letter in word.chars() {
        let wide = advance(letter);
        match pieces.last_mut() {
            Some(last) if last.is_empty() || taken + wide <= most => {
                last.push(letter);
                taken += wide;
            }
            _ => {
                pieces.push(letter.to_string());
                taken = wide;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_the_font_lacks_become_question_marks() {
        assert_eq!(writable("Þór 漢字 Ελ"), "Þór ?? Ελ");
    }

    #[test]
    fn long_words_are_cut_and_nothing_is_lost() {
        let lines = wrapped(&"x".repeat(300), 10.5, 200.0);
        assert!(lines.len() > 5 && lines.iter().all(|line| width(line) * 10.5 <= 200.01));
        assert_eq!(lines.concat().len(), 300);
    }
}
