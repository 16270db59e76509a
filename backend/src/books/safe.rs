//! Cells that no spreadsheet takes for a formula. A name like `=HYPERLINK(…)` would be carried out by the
//! program that opens the file.

use std::borrow::Cow;

/// A cell's text, with `'` before it where a spreadsheet might calculate: `'` shows as nothing and means
/// text.
pub fn cell(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text begins, quotes and blanks aside, with a sign that starts a formula. The wide and small
/// forms of the signs count too: some programs read them as the plain ones. So do a tab and line ends, which
/// may start a cell of their own.
fn is_formula(text: &str) -> bool {
    for sign in text.chars() {
        match sign {
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' => return true,
            '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−' => return true,
            '\'' | '"' | '`' | '‘' | '’' | '“' | '”' | '„' | '＇' | '＂' => {}
            sign if sign.is_whitespace() || sign.is_control() || is_unseen(sign) => {}
            _ => return false,
        }
    }
    false
}

/// Signs without width, which programs drop.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || sign == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_text() {
        let table = [
            "=1+1",
            "=HYPERLINK(\"https://evil.example\",\"Ada\")",
            "+49 30 1234",
            "-2+3",
            "@SUM(A1:A9)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(1)",
            "﹦1",
            "−1",
            "\"=1",
            "'=1",
            "“=1",
            "  =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}+1",
            "\" \t=1",
            "=cmd|' /C calc'!A0",
        ];
        for text in table {
            assert_eq!(cell(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn plain_texts_stay_as_they_are() {
        for text in [
            "",
            "Ada",
            "Ada + Bo",
            "a=b",
            "ada@example.org",
            "1 Main St - 2",
            "30.00",
            "'Ada'",
            "\"",
            "Ægir",
        ] {
            assert_eq!(cell(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_cell_never_begins_with_a_sign_of_a_formula(text in "[ \"'\t=+@a＝-]{0,6}") {
            let cell = cell(&text);
            let first = cell.trim_start_matches([' ', '"']).chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '＝')), "{cell:?}");
        }

        #[test]
        fn at_most_one_sign_is_added(text in ".{0,8}") {
            let cell = cell(&text);
            let with_sign = ["'", &text].concat();
            prop_assert!(cell == text || cell == with_sign);
        }
    }
}
