//! Words from a file made safe to keep: no control characters, no more than their limit, one-line
//! where one line belongs. HTML is left as it is: it is only text until a page sanitises it.

use url::Url;

/// The longest summary, in characters.
pub(crate) const SUMMARY_CHARS: usize = 200;
/// The longest story, in characters: twice what the longest of the formats allows.
pub(crate) const STORY_CHARS: usize = 20_000;
/// The longest web address that is kept, in bytes.
const URL_BYTES: usize = 2_000;

/// Whether a character is kept: those that cannot be seen or that turn the direction of writing go,
/// the same that `felag_domain::text` refuses (Unicode Technical Report 36, 2.10).
fn kept(c: char) -> bool {
    match c {
        '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => false,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => false,
        _ => !c.is_control(),
    }
}

/// Whether there is nothing to see: blanks, and the joiners that only shape what stands beside them.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{200C}' | '\u{200D}'))
}

/// A text of several lines: line ends become `\n`, tabs become spaces, control characters go.
pub(crate) fn clean(text: &str) -> String {
    let lines = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ");
    let kept: String = lines.chars().filter(|&c| c == '\n' || kept(c)).collect();
    let text = kept.trim_start_matches('\n').trim_end();
    if is_blank(text) {
        String::new()
    } else {
        text.to_owned()
    }
}

/// A text on one line: every run of white space is one space.
pub(crate) fn clean_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| kept(c))
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&line) { String::new() } else { line }
}

/// At most `limit` characters, cut on a word where there is one, with `…` at the end of what was cut.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if text.char_indices().nth(limit).is_none() {
        return text.to_owned();
    }
    // One character less than the limit: the ellipsis needs its place.
    let room = text
        .char_indices()
        .nth(limit.saturating_sub(1))
        .map_or(0, |(at, _)| at);
    let ends_on_word = text[room..].starts_with(char::is_whitespace);
    let last_space = text[..room]
        .rfind(char::is_whitespace)
        .filter(|&at| !ends_on_word && at * 2 > room);
    let whole_words = &text[..last_space.unwrap_or(room)];
    format!(
        "{}…",
        whole_words.trim_end_matches(|c: char| c.is_whitespace() || c == ',')
    )
}

/// The first sentence of the first paragraph, at most [`SUMMARY_CHARS`] characters.
pub(crate) fn first_sentence(text: &str) -> String {
    let paragraph = text
        .split("\n\n")
        .map(clean_line)
        .find(|p| !p.is_empty())
        .unwrap_or_default();
    let mut end = paragraph.len();
    for (at, c) in paragraph.char_indices() {
        let after = at + c.len_utf8();
        let rest = &paragraph[after..];
        // "e.g. three" goes on: a new sentence starts with a space and no small letter.
        let stops = matches!(c, '.' | '!' | '?')
            && rest
                .strip_prefix(' ')
                .and_then(|r| r.chars().next())
                .is_some_and(|next| !next.is_lowercase());
        if stops || c == '。' {
            end = after;
            break;
        }
    }
    shortened(&paragraph[..end], SUMMARY_CHARS)
}

/// What follows a prefix written in capital or small letters.
pub(crate) fn after_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// What follows `https://` or `http://`.
pub(crate) fn without_scheme(text: &str) -> Option<&str> {
    after_prefix(text, "https://").or_else(|| after_prefix(text, "http://"))
}

/// A web address worth keeping, in the words of the file, or why it is not one.
pub(crate) fn web_address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if without_scheme(text).is_none() {
        return Err("only addresses that start with https:// or http:// are kept");
    }
    if text.len() > URL_BYTES || text.chars().any(|c| c.is_whitespace() || !kept(c)) {
        return Err("this is not one web address");
    }
    let Ok(url) = Url::parse(text) else {
        return Err("this is not a complete web address");
    };
    if url.host_str().is_none_or(str::is_empty) {
        return Err("this is not a complete web address");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("addresses with a user name or password in them are not kept");
    }
    // As it was written where that is plain; otherwise as a browser would send it.
    let as_written = text
        .bytes()
        .all(|b| b.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&b));
    Ok(if as_written { text.to_owned() } else { url.into() })
}

/// A language tag in the shape of BCP 47, its first part in small letters.
pub(crate) fn language_tag(text: &str) -> Option<String> {
    let mut parts = text.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = primary;
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push('-');
        tag.push_str(part);
    }
    (tag.len() <= 35).then_some(tag)
}

/// A name without the e-mail address that may follow it: a draft is made to be published.
pub(crate) fn without_address(name: &str) -> String {
    let mut rest = name;
    let mut kept = String::new();
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..]
            .find('>')
            .filter(|&len| rest[open..open + len].contains('@'))
        else {
            break;
        };
        kept.push_str(&rest[..open]);
        rest = &rest[open + close + 1..];
    }
    kept.push_str(rest);
    clean_line(&kept)
        .replace(" ,", ",")
        .split(' ')
        .filter(|word| !word.contains('@'))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_direction_marks_go_and_everything_else_stays() {
        assert_eq!(clean("a\u{0}b\u{202e}c\r\nd\te\u{1b}[1m"), "abc\nd    e[1m");
        assert_eq!(
            clean("<script>alert(1)</script> & café 🧵"),
            "<script>alert(1)</script> & café 🧵"
        );
        assert_eq!(clean_line("  a \n b\u{a0}c "), "a b c");
    }

    #[test]
    fn a_long_text_is_cut_on_a_word_and_never_exceeds_its_limit() {
        assert_eq!(shortened("one two three", 9), "one two…");
        assert_eq!(shortened("one two three", 13), "one two three");
        assert_eq!(shortened("éééééééééé", 5), "éééé…");
        assert_eq!(shortened("one two three", 8), "one two…");
        assert_eq!(shortened("abc", 1), "…");
    }

    #[test]
    fn the_first_sentence_ends_at_a_full_stop_and_not_at_an_abbreviation() {
        assert_eq!(
            first_sentence("A loom, e.g. for wool. It is simple."),
            "A loom, e.g. for wool."
        );
        assert_eq!(
            first_sentence("\n\nVersion 2.5 of a\nmicroscope\n\nMore"),
            "Version 2.5 of a microscope"
        );
        assert_eq!(first_sentence(""), "");
        assert!(first_sentence(&"word ".repeat(100)).chars().count() <= SUMMARY_CHARS);
    }

    #[test]
    fn web_addresses_are_kept_as_written_and_other_schemes_are_not() {
        for good in [
            "https://yjs.dev",
            "http://example.org/a?b=c#d",
            "HTTPS://example.org/",
        ] {
            assert_eq!(web_address(good), Ok(good.to_owned()));
        }
        assert_eq!(
            web_address(" https://a.example/x.git "),
            Ok("https://a.example/x.git".to_owned())
        );
        assert_eq!(
            web_address("https://a.example/\"><b>"),
            Ok("https://a.example/%22%3E%3Cb%3E".to_owned())
        );
        for bad in [
            "javascript:alert(1)",
            "ftp://example.org",
            "example.org",
            "",
            "https://",
            "https:/example.org",
            "https://user@example.org",
            "https://a b.example",
            "git@example.org:a/b.git",
            "𐒤🕴",
            "httpsßß/",
        ] {
            assert!(web_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_holder_loses_the_e_mail_address_that_follows_the_name() {
        assert_eq!(
            without_address("Terry Turtle <contact@example.org>"),
            "Terry Turtle"
        );
        assert_eq!(without_address("A <a@b.c>, B <b@c.d>"), "A, B");
        assert_eq!(without_address("a@b.c"), "");
        assert_eq!(without_address("x < y and z > w"), "x < y and z > w");
    }

    #[test]
    fn language_tags_have_the_shape_of_bcp_47() {
        assert_eq!(language_tag("en"), Some("en".to_owned()));
        assert_eq!(language_tag("EN-UK"), Some("en-UK".to_owned()));
        assert_eq!(language_tag("english-US"), None);
        assert_eq!(language_tag(""), None);
        assert_eq!(language_tag("en--x"), None);
    }
}
