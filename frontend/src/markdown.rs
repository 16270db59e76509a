//! Stories and updates: Markdown as people write it, to HTML that can do no harm.
//!
//! comrak renders, ammonia cleans what came out, and only the cleaned text becomes [`SafeHtml`].
//! Headings begin at `h3`, because the page has its own `h1` and `h2`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use comrak::Options;

use crate::html::SafeHtml;

/// Where pictures people uploaded are served. Pictures from elsewhere would tell others who reads.
const MEDIA: &str = "/media/";

/// How deep elements may stand in one another. Cleaning takes time with the square of the depth, so a
/// text of ten thousand `>` would hold up the server for seconds; nobody writes more than a few.
const DEPTH_MAX: usize = 64;

/// The HTML of a text in Markdown. A text nested beyond all reason is shown as it was typed.
pub fn render(source: &str) -> SafeHtml {
    let html = comrak::markdown_to_html(source, &OPTIONS);
    if depth(&html) > DEPTH_MAX {
        return SafeHtml::trusted(format!("<p>{}</p>", ammonia::clean_text(source)));
    }
    SafeHtml::trusted(clean(&shift_headings(&html)))
}

/// How deep elements stand in one another, in HTML as comrak writes it: every element is closed but
/// for three kinds, and `<` stands nowhere else.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !["br", "hr", "img"].iter().any(|void| tag.starts_with(void)) {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// Takes out everything but a small set of elements and harmless addresses. Cleaning twice changes
/// nothing; for that, the two characters which a parser of HTML drops only at the start go first.
fn clean(html: &str) -> String {
    CLEANER.clean(&html.replace(['\0', '\u{feff}'], "")).to_string()
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    // Raw HTML is shown as text rather than dropped, so that nothing typed disappears.
    options.render.escape = true;
    options
});

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("ugc nofollow noopener"))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !value.starts_with(MEDIA) || value.contains("..") => None,
            // `//host/path` and `/\host` look relative and lead elsewhere.
            ("a", "href") if value.starts_with("//") || value.contains('\\') => None,
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner
});

/// The highest heading becomes `h3`, one below it `h4`, and so on: headings of one level stay on one level, and people
/// who read by headings find no gap.
fn shift_headings(html: &str) -> String {
    let mut shifted = String::with_capacity(html.len());
    let (mut rest, mut above) = (html, Vec::new());
    while let Some((before, level, inner, after)) = next_heading(rest) {
        while above.last().is_some_and(|last| *last >= level) {
            above.pop();
        }
        let shown = (above.len() + 3).min(6);
        above.push(level);
        shifted.push_str(before);
        shifted.push_str(&format!("<h{shown}>{inner}</h{shown}>"));
        rest = after;
    }
    shifted.push_str(rest);
    shifted
}

/// What stands before the next heading, its level, what is in it, and the rest. Reads no further than
/// that heading, so that a text of nothing but headings is still read once.
fn next_heading(html: &str) -> Option<(&str, u32, &str, &str)> {
    for (start, _) in html.match_indices("<h") {
        let (before, heading) = html.split_at(start);
        let level = heading.chars().nth(2).and_then(|digit| digit.to_digit(10));
        if let (Some(level), Some(content)) = (level, heading.get(4..)) {
            let (inner, after) = content.split_once(&format!("</h{level}>"))?;
            return Some((before, level, inner, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn html(source: &str) -> String {
        render(source).to_string()
    }

    #[test]
    fn headings_begin_below_those_of_the_page() {
        let headings = |source| html(source).replace('\n', "");
        assert_eq!(
            headings("# One\n\n## Two\n\n---\n\n# Three"),
            "<h3>One</h3><h4>Two</h4><hr><h3>Three</h3>"
        );
        assert_eq!(
            headings("## Two\n\n###### *Six*"),
            "<h3>Two</h3><h4><em>Six</em></h4>"
        );
        assert_eq!(
            headings("## Two\n\n## Two\n\n#### Four\n\n# One"),
            "<h3>Two</h3><h3>Two</h3><h4>Four</h4><h3>One</h3>"
        );
    }

    #[test]
    fn ten_thousand_headings_are_read_once() {
        assert_eq!(html(&"# a\n".repeat(10_000)).matches("<h3>").count(), 10_000);
    }

    #[test]
    fn deep_nesting_ends_soon_and_breaks_nothing() {
        for source in [">", "[", "- ", "1. ", "> - ", "_a", "**a*", "![", "<b>", "|", "`"] {
            let text = source.repeat(60_000 / source.len());
            assert!(depth(&html(&text)) <= DEPTH_MAX, "{source}");
        }
        assert!(html(&"> ".repeat(5)).starts_with("<blockquote>"));
    }

    #[test]
    fn links_go_to_the_web_or_a_mailbox_and_carry_no_weight() {
        let link = html("[a](https://example.org/x)");
        assert!(
            link.contains("href=\"https://example.org/x\"") && link.contains("ugc nofollow"),
            "{link}"
        );
        assert!(html("[a](mailto:a@example.org)").contains("mailto:a@example.org"));
        assert!(html("[a](/projects/x)").contains("href=\"/projects/x\""));
        assert!(!html("[a](//evil.example/x)").contains("href"));
        assert!(!html("[a](ftp://example.org)").contains("href"));
    }

    #[test]
    fn pictures_come_from_here_or_not_at_all() {
        assert!(html("![bench](/media/abc.jpg)").contains("src=\"/media/abc.jpg\" alt=\"bench\""));
        assert!(!html("![x](https://elsewhere.example/x.gif)").contains("src"));
        assert!(!html("![x](/media/../sign-out)").contains("src"));
    }

    #[test]
    fn nothing_typed_disappears() {
        assert!(html("a <b>bold</b> claim").contains("&lt;b&gt;bold&lt;/b&gt;"));
    }

    const ATTACKS: [&str; 24] = [
        "<script>alert(1)</script>",
        "<ScRiPt src=//evil.example/x.js></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><!--</style>\
         <img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<body onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\u{0}script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](vbscript:msgbox(1))",
        "![x](javascript:alert(1))",
        "![x\" onerror=\"alert(1)](/media/x)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<style>@import 'https://evil.example';</style>",
        "<form action=/sign-out method=post><button>x</button></form>",
        "<input autofocus onfocus=alert(1)>",
        "<p style='position:fixed;inset:0'>x</p>",
        "```\" onclick=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
    ];

    /// No element outside the list, no attribute outside the list, no scheme outside the list.
    fn harmless(html: &str) -> bool {
        html.split('<').skip(1).all(|tag| {
            let Some((tag, _)) = tag.split_once('>') else {
                return false;
            };
            let tag = tag.trim_start_matches('/');
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
            let known = clean(&format!("<{name}>")).contains(&format!("<{name}"));
            let lower = tag.to_lowercase();
            let handlers = lower
                .split(['"', ' '])
                .any(|word| word.starts_with("on") && word.ends_with('='));
            let schemes = [
                "href=\"javascript",
                "href=\"data",
                "href=\"vbscript",
                "style=",
                "srcdoc=",
            ];
            (known || tag.starts_with("t"))
                && !handlers
                && !schemes.iter().any(|scheme| lower.contains(scheme))
        })
    }

    #[test]
    fn attacks_end_as_text() {
        for attack in ATTACKS {
            let rendered = html(attack);
            assert!(harmless(&rendered), "{attack}\n{rendered}");
            let cleaned = clean(attack);
            assert!(harmless(&cleaned), "{attack}\n{cleaned}");
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(ATTACKS.to_vec()).prop_map(str::to_owned),
            "[ -~\n]{0,30}"
        ]
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(source in ".{0,200}") {
            let once = clean(&source);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn whatever_is_typed_the_result_is_harmless(parts in prop::collection::vec(piece(), 0..6)) {
            let rendered = html(&parts.concat());
            prop_assert!(harmless(&rendered), "{}", rendered);
            prop_assert_eq!(clean(&rendered), rendered);
        }
    }
}
