//! Mails: one struct per mail, which writes a [`Letter`]; a letter becomes text and HTML.
//!
//! Both come from the same blocks, so that the two always carry the same amounts and links.

use askama::Template;
use felag_domain::money::Money;
use time::OffsetDateTime;

use crate::html::SafeHtml;
use crate::words::{Lang, Value};

pub mod backers;
pub mod complaints;
pub mod disputes;
pub mod endings;
pub mod followers;
pub mod loans;
pub mod members;
pub mod payouts;
pub mod people;
pub mod projects;
pub mod reconciliation;
pub mod repayments;
pub mod returns;
pub mod second_factor;
pub mod support;

#[cfg(test)]
mod tests;

/// A mail, ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The words of one mail, before they become text and HTML.
#[derive(Debug, Clone)]
struct Letter {
    lang: Lang,
    subject: String,
    blocks: Vec<Block>,
    /// Why somebody gets this mail.
    reason: &'static str,
    /// Where one click ends mails of this kind; none for those that always arrive.
    unsubscribe: Option<String>,
}

#[derive(Debug, Clone)]
enum Block {
    Words(String),
    /// Names and what they are: amounts, dates.
    Facts(Vec<(String, String)>),
    Link {
        label: String,
        address: String,
    },
    /// What a person wrote, shown apart from our own words.
    Quote(String),
    /// An update: Markdown as it was written for the text, cleaned HTML for the other.
    Story {
        source: String,
        html: SafeHtml,
    },
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlTwin<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.txt", whitespace = "preserve")]
struct TextTwin<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// A letter that always arrives: a receipt, a payment problem, something the person just did.
    fn new(lang: Lang, subject: String, reason: &'static str) -> Letter {
        // A line break in a title must not begin another header.
        let subject = subject.replace(char::is_control, " ");
        Letter {
            lang,
            subject,
            blocks: Vec::new(),
            reason: lang.t(reason),
            unsubscribe: None,
        }
    }

    /// A letter that can be stopped by one click at this address.
    fn stoppable(mut self, unsubscribe: &str) -> Letter {
        self.unsubscribe = Some(unsubscribe.to_owned());
        self
    }

    fn words(mut self, words: impl Into<String>) -> Letter {
        self.blocks.push(Block::Words(words.into()));
        self
    }

    fn facts(mut self, facts: Vec<(String, String)>) -> Letter {
        self.blocks.push(Block::Facts(facts));
        self
    }

    fn link(mut self, label: &'static str, address: &str) -> Letter {
        self.blocks.push(Block::Link {
            label: self.lang.t(label).to_owned(),
            address: address.to_owned(),
        });
        self
    }

    fn quote(mut self, words: &str) -> Letter {
        self.blocks.push(Block::Quote(words.to_owned()));
        self
    }

    fn story(mut self, markdown: &str) -> Letter {
        let html = crate::markdown::render(markdown);
        self.blocks.push(Block::Story {
            source: markdown.to_owned(),
            html,
        });
        self
    }

    /// Rendering fails only if memory does; then the subject alone still says what happened.
    fn mail(self) -> Mail {
        let html = HtmlTwin { letter: &self }
            .render()
            .unwrap_or_else(|_| String::new());
        let text = TextTwin { letter: &self }
            .render()
            .unwrap_or_else(|_| self.subject.clone());
        Mail {
            subject: self.subject,
            text,
            html,
        }
    }
}

/// A campaign, as mails speak of it.
#[derive(Debug, Clone)]
pub struct AboutCampaign {
    pub title: String,
    pub project: String,
    /// The whole address of its page.
    pub link: String,
    pub minimum: Money,
    /// What counts towards the minimum: promised before the deadline, collected after it.
    pub raised: Money,
    pub deadline: OffsetDateTime,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
}

/// A pledge, as mails speak of it.
#[derive(Debug, Clone)]
pub struct AboutPledge {
    pub campaign: AboutCampaign,
    pub gift: Money,
    pub tip: Money,
    /// Gift and tip: what is charged.
    pub total: Money,
    /// The thank-you's title.
    pub reward: Option<String>,
    /// The whole address of the pledge's page.
    pub link: String,
}

impl AboutCampaign {
    fn when(&self, lang: Lang, at: OffsetDateTime) -> String {
        lang.date_time(at, &self.zone)
    }

    fn deadline(&self, lang: Lang) -> String {
        self.when(lang, self.deadline)
    }

    fn named(&self) -> (&'static str, Value<'_>) {
        ("campaign", Value::from(&self.title))
    }
}

impl AboutPledge {
    fn facts(&self, lang: Lang) -> Vec<(String, String)> {
        let mut facts = vec![
            (
                lang.t1("give-to", "project", &self.campaign.project),
                lang.money(self.gift),
            ),
            (lang.t("receipt-tip").to_owned(), lang.money(self.tip)),
            (lang.t("mail-total").to_owned(), lang.money(self.total)),
        ];
        let reward = self
            .reward
            .iter()
            .map(|title| (lang.t("give-thank-you").to_owned(), title.clone()));
        facts.extend(reward);
        facts
    }
}
