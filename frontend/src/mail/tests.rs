//! Tests of mails.

mod samples;

use std::collections::BTreeMap;

use super::*;
use samples::{charged, every_mail, pledge, to_members, update};

const EN: Lang = Lang::En;

fn unescaped(html: &str) -> String {
    let pairs = [
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ];
    pairs
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn links(text: &str) -> BTreeMap<String, usize> {
    let mut links = BTreeMap::new();
    for rest in text.split("https://").skip(1) {
        let end = rest
            .find(|c: char| c.is_whitespace() || "\"<>)".contains(c))
            .unwrap_or(rest.len());
        *links.entry(rest[..end].to_owned()).or_default() += 1;
    }
    links
}

/// Amounts and other numbers; the subject stands in the HTML twice, as title and heading.
fn amounts(text: &str) -> BTreeMap<String, usize> {
    let mut amounts = BTreeMap::new();
    for rest in text.split('€').skip(1) {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
            .unwrap_or(rest.len());
        *amounts
            .entry(rest[..end].trim_end_matches(['.', ',']).to_owned())
            .or_default() += 1;
    }
    amounts
}

#[test]
fn text_and_html_carry_the_same_links() {
    for mail in every_mail() {
        assert!(!links(&mail.text).is_empty(), "{}", mail.subject);
        assert_eq!(
            links(&mail.text),
            links(&unescaped(&mail.html)),
            "{}",
            mail.subject
        );
    }
}

#[test]
fn text_and_html_carry_the_same_amounts() {
    for mail in every_mail() {
        let body = mail.html.split_once("</h1>").unwrap().1;
        assert_eq!(amounts(&mail.text), amounts(body), "{}", mail.subject);
    }
}

#[test]
fn whoever_is_asked_into_a_project_reads_what_for() {
    let mail = &to_members()[0];
    assert_eq!(mail.subject, "Marta asks you into Ströndin & <friends>");
    for words in [
        "to become treasurer of",
        "Sunday 29 November 2026, 12:00",
        "together with a second person.",
    ] {
        assert!(mail.text.contains(words), "{words}\n{}", mail.text);
    }
}

#[test]
fn a_mail_loads_nothing_and_says_why_it_came() {
    for mail in every_mail() {
        for forbidden in ["<img", "<script", "<link", "src=", "url("] {
            assert!(!mail.html.contains(forbidden), "{}: {forbidden}", mail.subject);
        }
        assert!(
            mail.text.contains("\n-- \nFelag. You get this because"),
            "{}",
            mail.text
        );
        assert!(mail.html.contains("You get this because"));
    }
}

#[test]
fn the_receipt_holds_everything_a_bookkeeper_needs() {
    let mail = charged().mail(EN);
    let needed = [
        "€52.50",
        "€50.00",
        "€2.50",
        "Ströndin svf., Hafnargata 3, Register number 650123-0420",
        "Monday 14 December 2026, 21:04 (Europe/Paris, UTC+1)",
        "Entry 512",
        "9f86d081",
    ];
    for needed in needed {
        assert!(
            mail.text.contains(needed) && mail.html.contains(needed),
            "{needed}\n{}",
            mail.text
        );
    }
    assert_eq!(mail.subject, "Receipt: €52.50 for Vindur & <friends>");
}

#[test]
fn receipts_and_payment_problems_cannot_be_stopped_and_news_can() {
    assert!(!charged().mail(EN).text.contains("unsubscribe"));
    assert!(update().mail(EN).text.contains("unsubscribe"));
}

#[test]
fn what_a_project_writes_is_cleaned() {
    let mail = update().mail(EN);
    assert!(
        mail.html.contains("<strong>held</strong>") && !mail.html.contains("<script"),
        "{}",
        mail.html
    );
    let broken = projects::ToReview {
        title: "x\r\nBcc: everybody@example.org".to_owned(),
        project: String::new(),
        link: "https://felag.example/".to_owned(),
    };
    assert!(!broken.mail(EN).subject.contains(['\r', '\n']));
}

#[test]
fn the_text_reads_well() {
    let mail = backers::PledgeCancelled { pledge: pledge() }.mail(EN);
    let expected = "Your promise of €52.50 has ended. \
        Nothing was charged, and the card you saved was removed.\n\n\
        The campaign:\nhttps://felag.example/campaigns/vindur?a=1&b=2\n\n-- \n\
        Felag. You get this because you promised money to this campaign.\n";
    assert_eq!(mail.text, expected);
}
