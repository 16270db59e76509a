//! Tests of mails.

use std::collections::BTreeMap;

use felag_domain::currency::Currency;
use time::macros::datetime;

use super::*;

mod givers;
mod lenders;

const EN: Lang = Lang::En;

fn euro(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn campaign() -> AboutCampaign {
    AboutCampaign {
        title: "Vindur & <friends>".to_owned(),
        project: "Ströndin".to_owned(),
        link: "https://felag.example/campaigns/vindur?a=1&b=2".to_owned(),
        minimum: euro(1_800_000),
        raised: euro(1_426_000),
        deadline: datetime!(2026-12-14 20:00 UTC),
        zone: "Europe/Paris".to_owned(),
    }
}

fn pledge() -> AboutPledge {
    AboutPledge {
        campaign: campaign(),
        gift: euro(5_000),
        tip: euro(250),
        total: euro(5_250),
        reward: Some("Printed manual".to_owned()),
        link: "https://felag.example/pledges/abc".to_owned(),
    }
}

fn charged() -> backers::Charged {
    backers::Charged {
        pledge: pledge(),
        charged_at: datetime!(2026-12-14 20:04 UTC),
        holder: "Ströndin svf.".to_owned(),
        holder_lines: vec![
            "Hafnargata 3".to_owned(),
            "Register number 650123-0420".to_owned(),
        ],
        entry_number: 512,
        entry_hash: "9f86d081".to_owned(),
    }
}

fn update() -> followers::CampaignUpdate {
    followers::CampaignUpdate {
        campaign: campaign(),
        title: "Blade 3".to_owned(),
        body: "It **held**. [Logs](https://git.example/logs)\n\n<script>alert(1)</script>".to_owned(),
        link: "https://felag.example/campaigns/vindur#update-1".to_owned(),
        unsubscribe: "https://felag.example/unsubscribe/x".to_owned(),
    }
}

fn to_people() -> Vec<Mail> {
    let ends = datetime!(2026-11-23 12:00 UTC);
    let link = "https://felag.example/confirm/x".to_owned();
    vec![
        people::ConfirmAddress {
            link: link.clone(),
            ends,
        }
        .mail(EN),
        people::AddressHasAccount {
            sign_in: link.clone(),
            reset: "https://felag.example/r".to_owned(),
        }
        .mail(EN),
        people::ResetPassword {
            link: link.clone(),
            ends,
        }
        .mail(EN),
        people::PasswordChanged {
            at: ends,
            reset: link.clone(),
        }
        .mail(EN),
        people::AddressWorks { link: link.clone() }.mail(EN),
        people::ConfirmFollow {
            campaign: campaign(),
            link,
        }
        .mail(EN),
    ]
}

fn to_others() -> Vec<Mail> {
    use projects::Outcome;
    let link = "https://felag.example/my/projects/x".to_owned();
    let unsubscribe = "https://felag.example/unsubscribe/x".to_owned();
    let outcomes = [
        Outcome::Collecting,
        Outcome::Funded,
        Outcome::Failed,
        Outcome::Short,
        Outcome::Cancelled,
    ];
    let decided = |outcome| {
        projects::Decided {
            campaign: campaign(),
            outcome,
            link: link.clone(),
        }
        .mail(EN)
    };
    let (title, words) = ("Vindur".to_owned(), "Say who casts.\nAnd where.".to_owned());
    let opens = datetime!(2026-11-01 20:00 UTC);
    let mut mails: Vec<Mail> = outcomes.map(decided).into();
    mails.extend([
        followers::DeadlineNear {
            campaign: campaign(),
            unsubscribe: unsubscribe.clone(),
        }
        .mail(EN),
        update().mail(EN),
        followers::Cancelled {
            campaign: campaign(),
            unsubscribe: unsubscribe.clone(),
        }
        .mail(EN),
        projects::NewBackers {
            campaign: campaign(),
            count: 3,
            promised: euro(9_000),
            link: link.clone(),
            unsubscribe,
        }
        .mail(EN),
        projects::ShortForSteward { campaign: campaign() }.mail(EN),
        projects::CancelledEarly {
            title: title.clone(),
            link: link.clone(),
        }
        .mail(EN),
        projects::ToReview {
            title: title.clone(),
            project: "Ströndin".to_owned(),
            link: link.clone(),
        }
        .mail(EN),
        projects::ChangesAsked {
            title,
            words: words.clone(),
            link,
        }
        .mail(EN),
        projects::Approved {
            campaign: campaign(),
            opens,
            words,
        }
        .mail(EN),
    ]);
    mails
}

fn to_members() -> Vec<Mail> {
    use felag_domain::person::Role;
    let link = "https://felag.example/projects/strond/members".to_owned();
    let invited = members::Invited {
        project: "Ströndin & <friends>".to_owned(),
        by: "Marta".to_owned(),
        role: Role::Treasurer,
        ends: datetime!(2026-11-29 12:00 UTC),
        link: link.clone(),
    };
    let changed = members::Changed {
        project: "Ströndin & <friends>".to_owned(),
        name: "Jón".to_owned(),
        role: Role::Owner,
        by: "Marta".to_owned(),
        link,
    };
    vec![
        invited.mail(EN),
        changed.added(EN),
        changed.removed(EN),
        changed.you_left(EN),
    ]
}

fn about_payouts() -> Vec<Mail> {
    use payouts::{AccountNews, AccountTold, PayoutNews, PayoutTold, WaitsForAccount};
    let link = "https://felag.example/campaigns/vindur/payouts/1".to_owned();
    let account = |news| {
        AccountTold {
            project: "Ströndin".to_owned(),
            news,
            link: link.clone(),
        }
        .mail(EN)
    };
    let payout = |news| {
        PayoutTold {
            title: "Vindur".to_owned(),
            number: 1,
            amount: euro(10_666),
            news,
            who: "Marta".to_owned(),
            link: link.clone(),
            to_steward: false,
        }
        .mail(EN)
    };
    let bank = AccountNews::BankChanged {
        last4: "3000".to_owned(),
        until: datetime!(2026-12-15 20:00 UTC),
    };
    let waits = WaitsForAccount {
        title: "Vindur".to_owned(),
        link: link.clone(),
    };
    vec![
        account(AccountNews::Enabled),
        account(AccountNews::NeedsYou),
        account(AccountNews::Lost),
        account(bank),
        waits.mail(EN),
        payout(PayoutNews::Proposed),
        payout(PayoutNews::Asked),
        payout(PayoutNews::Approved),
        payout(PayoutNews::Paid),
        payout(PayoutNews::Failed("the bank account is closed".to_owned())),
        payout(PayoutNews::Withdrawn("We ask for less first.".to_owned())),
    ]
}

fn every_mail() -> Vec<Mail> {
    [
        to_people(),
        givers::to_backers(),
        givers::to_supporters(),
        to_others(),
        to_members(),
        about_payouts(),
    ]
    .concat()
}

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
