//! The forms of a page, filled in as a browser without JavaScript would.

/// A form as it stands on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    pub is_post: bool,
    /// What it sends when nothing is changed, in order.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Fills a field in; one that the form does not send yet (a radio button, a tick) is added.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_string(),
            None => self.fields.push((name.to_string(), value.to_string())),
        }
    }
}

/// Every form of a page, in order.
pub fn forms(html: &str) -> Vec<Form> {
    html.split("<form")
        .skip(1)
        .map(|rest| form(rest.split("</form>").next().unwrap_or(rest)))
        .collect()
}

fn form(html: &str) -> Form {
    let head = html.split('>').next().unwrap_or_default();
    let mut form = Form {
        action: attribute(head, "action").unwrap_or_default(),
        is_post: attribute(head, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
        fields: Vec::new(),
    };
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let tag = rest.split('>').next().unwrap_or_default();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        let value = if tag.starts_with("input") {
            match attribute(tag, "type").as_deref() {
                Some("radio" | "checkbox") if !has(tag, "checked") => continue,
                Some("submit" | "file") => continue,
                _ => attribute(tag, "value").unwrap_or_default(),
            }
        } else if tag.starts_with("textarea") {
            inner(rest, "</textarea>")
        } else if tag.starts_with("select") {
            chosen(rest.split("</select>").next().unwrap_or_default())
        } else {
            continue;
        };
        form.fields.push((name, value));
    }
    form
}

fn inner(rest: &str, end: &str) -> String {
    let text = rest
        .split_once('>')
        .map_or("", |(_, text)| text)
        .split(end)
        .next()
        .unwrap_or_default();
    // The first line break after the tag is not part of the text.
    plain(text.strip_prefix('\n').unwrap_or(text))
}

fn chosen(select: &str) -> String {
    let options: Vec<&str> = select
        .split("<option")
        .skip(1)
        .map(|one| one.split('>').next().unwrap_or(""))
        .collect();
    let option = options
        .iter()
        .find(|option| has(option, "selected"))
        .or(options.first());
    option
        .and_then(|option| attribute(option, "value"))
        .unwrap_or_default()
}

fn has(tag: &str, flag: &str) -> bool {
    tag.split_whitespace().any(|word| word == flag)
}

/// The value of an attribute in double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next().map(plain)
}

/// Text without its HTML escapes.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (name, tail) = after.split_once(';').unwrap_or((after, ""));
        let numbered = name
            .strip_prefix('#')
            .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            });
        match name {
            "amp" => text.push('&'),
            "lt" => text.push('<'),
            "gt" => text.push('>'),
            "quot" => text.push('"'),
            _ => match numbered.and_then(char::from_u32) {
                Some(character) => text.push(character),
                None => {
                    text.push('&');
                    rest = after;
                    continue;
                }
            },
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<form action="/a?x=1&#38;y" method="post" novalidate>
        <input type="hidden" name="csrf" value="t&#34;">
        <label><input type="radio" name="r" value="1"></label><label><input type="radio" name="r" value="2" checked></label>
        <input type="checkbox" name="tick" value="yes">
        <textarea name="story">
one &lt; two</textarea>
        <select name="s"><option value="a">A</option><option value="b" selected>B</option></select>
        <button name="go" value="1">Go</button></form><form action="/b"></form>"##;

    #[test]
    fn a_form_sends_what_stands_in_it() {
        let forms = forms(PAGE);
        assert_eq!(forms.len(), 2);
        assert_eq!(
            (forms[0].action.as_str(), forms[0].is_post, forms[1].is_post),
            ("/a?x=1&y", true, false)
        );
        let sent: Vec<(&str, &str)> = forms[0]
            .fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            sent,
            [("csrf", "t\""), ("r", "2"), ("story", "one < two"), ("s", "b")]
        );
    }

    #[test]
    fn a_field_can_be_filled_in() {
        let mut form = forms(PAGE).remove(0);
        form.set("r", "1");
        form.set("tick", "yes");
        assert!(
            form.fields.contains(&("r".into(), "1".into()))
                && form.fields.contains(&("tick".into(), "yes".into()))
        );
    }

    #[test]
    fn a_lone_ampersand_stays() {
        assert_eq!(plain("a & b &amp; c &nope; d"), "a & b & c &nope; d");
    }
}
