//! Where to go after signing in: a path on this site, and nothing that a browser could take for another one.

/// The longest path taken along.
const LONGEST: usize = 500;

/// `path`, if it is a path on this site. Browsers read `//x`, `/\x` and paths with tabs in them as other
/// hosts (WHATWG URL, 4.4), so only visible ASCII after a single slash is taken.
pub fn safe(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let is_plain = path.len() <= LONGEST && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_another_host = rest.starts_with('/');
    // Going back to the sign-in page, or straight out again, would help nobody.
    let is_pointless = ["sign-in", "sign-up", "sign-out"]
        .iter()
        .any(|page| rest.starts_with(page));
    (is_plain && !is_another_host && !is_pointless).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::safe;

    /// What open-redirect scanners try, and what a browser would make of it.
    pub const ELSEWHERE: &[&str] = &[
        "",
        "evil.example",
        "https://evil.example",
        "HTTPS://evil.example/my/gifts",
        "https:evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nLocation: https://evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "@evil.example",
        ".evil.example",
        "?next=//evil.example",
        "#x",
        "my/gifts",
        "/\u{2044}evil.example",
        "/sign-in?next=/sign-in",
        "/sign-out",
    ];

    #[test]
    fn no_address_of_another_site_passes() {
        for path in ELSEWHERE {
            assert_eq!(safe(path), None, "{path:?}");
        }
        assert_eq!(safe(&format!("/{}", "a".repeat(500))), None);
    }

    #[test]
    fn paths_of_this_site_pass_as_they_are() {
        for path in [
            "/",
            "/my/gifts",
            "/campaigns/vindur?page=2#books",
            "/search?q=%2F%2Fevil.example",
            "/a//b",
            "/@me",
        ] {
            assert_eq!(safe(path), Some(path));
        }
    }

    #[test]
    fn what_passes_stays_on_this_site_when_a_browser_resolves_it() {
        let base = url::Url::parse("https://felag.example/sign-in").unwrap();
        for path in ELSEWHERE.iter().chain(&[
            "/my/gifts",
            "/a//b",
            "/@me",
            "/..//evil.example",
            "/.//evil.example",
        ]) {
            if let Some(path) = safe(path) {
                assert_eq!(base.join(path).unwrap().origin(), base.origin(), "{path:?}");
            }
        }
    }
}
