//! What holds for every page, whatever it shows.

use std::collections::BTreeSet;

use crate::{Shown, all};

fn for_each(check: impl Fn(&str) -> Result<(), String>) {
    let broken: Vec<String> = all()
        .into_iter()
        .filter_map(|Shown { name, html }| check(&html).err().map(|words| format!("{name}: {words}")))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

fn require(holds: bool, words: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words.into()) }
}

#[test]
fn a_page_has_one_main_heading_and_a_title_and_a_language() {
    for_each(|html| {
        require(
            html.matches("<h1").count() == 1,
            format!("{} h1", html.matches("<h1").count()),
        )?;
        require(
            html.contains("<title>") && html.contains("· Felag</title>"),
            "no title",
        )?;
        require(html.contains("<html lang=\"en\" dir=\"ltr\">"), "no language")
    });
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for_each(|html| {
        require(
            !html.contains("<script") && !html.contains("style=") && !html.contains("<style"),
            "inline",
        )?;
        let handler = html.split(" on").skip(1).any(|rest| {
            rest.chars().take_while(char::is_ascii_lowercase).count() > 2 && rest.contains("=\"javascript")
        });
        require(
            !handler && !html.contains("javascript:"),
            "script in an attribute",
        )?;
        let elsewhere = attributes(html, "src")
            .into_iter()
            .find(|src| !src.starts_with("/media/") && !src.starts_with("/dev/mail/"));
        require(elsewhere.is_none(), format!("{elsewhere:?}"))
    });
}

#[test]
fn ids_are_unique_and_everything_that_points_at_one_finds_it() {
    for_each(|html| {
        let ids = attributes(html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        let twice: Vec<_> = unique
            .iter()
            .filter(|id| ids.iter().filter(|other| other == *id).count() > 1)
            .collect();
        require(twice.is_empty(), format!("twice: {twice:?}"))?;
        let mut pointing = attributes(html, "for");
        pointing.extend(attributes(html, "aria-labelledby"));
        for list in attributes(html, "aria-describedby") {
            pointing.extend(list.split(' '));
        }
        pointing.extend(
            attributes(html, "href")
                .iter()
                .filter_map(|href| href.strip_prefix('#')),
        );
        let lost: Vec<_> = pointing.into_iter().filter(|id| !unique.contains(id)).collect();
        require(lost.is_empty(), format!("points at nothing: {lost:?}"))
    });
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for_each(|html| {
        let forms = html.matches("method=\"post\"").count();
        require(
            html.matches("name=\"csrf\"").count() == forms,
            format!("{forms} forms"),
        )
    });
}

#[test]
fn no_message_and_no_argument_was_forgotten() {
    for_each(|html| {
        let text: String = html
            .split('<')
            .filter_map(|tag| tag.split_once('>'))
            .map(|(_, text)| text)
            .collect();
        require(
            !text.contains("{$") && !text.contains("{ $"),
            "an argument is missing",
        )
    });
}

#[test]
fn a_page_without_pictures_stays_small() {
    for_each(|html| require(html.len() < 64 * 1024, format!("{} bytes", html.len())));
}

#[test]
fn controls_have_labels() {
    for_each(|html| {
        for tag in html
            .split("<input ")
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
        {
            let tag = format!(" {tag}");
            let kind = attributes(&tag, "type");
            if kind.contains(&"hidden") || kind.contains(&"radio") || kind.contains(&"checkbox") {
                continue;
            }
            let id = attributes(&tag, "id").first().copied().unwrap_or_default();
            require(
                html.contains(&format!("<label for=\"{id}\"")),
                format!("no label for {id}"),
            )?;
        }
        Ok(())
    });
}
