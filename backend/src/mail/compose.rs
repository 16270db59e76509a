//! A row of the outbox as the bytes that travel: headers, text and HTML.
//!
//! The same row always gives the same Message-ID and Date, so that a second copy after a crash collapses in
//! the reader's mailbox.

use std::time::SystemTime;

use anyhow::Context;
use felag_frontend::Lang;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Mail;

/// One message of the outbox.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Uuid,
    pub kind: String,
    pub recipient: String,
    /// The project in whose name it is sent, and where answers go.
    pub from_name: Option<String>,
    pub reply_to: Option<String>,
    /// What one click unsubscribes from.
    pub list: Option<String>,
    pub created_at: OffsetDateTime,
    pub mail: Mail,
}

/// What every mail of this installation has in common.
pub struct Letterhead {
    from: Mailbox,
}

impl Letterhead {
    /// # Errors
    /// When `mail_from` is not like `Felag <felag@example.org>`.
    pub fn new(mail_from: &str) -> anyhow::Result<Self> {
        let wanted = "FELAG_MAIL_FROM must look like Felag <felag@example.org>";
        let from: Mailbox = mail_from.parse().context(wanted)?;
        address(from.email.as_ref()).context(wanted)?;
        Ok(Self { from })
    }

    /// The sender as people see it: the platform, or a project through it.
    pub fn from(&self, project: Option<&str>) -> Mailbox {
        match project {
            Some(name) => {
                let name = Lang::En.t1("mailbox-from-project", "project", one_line(name));
                Mailbox::new(Some(name), self.from.email.clone())
            }
            None => self.from.clone(),
        }
    }

    /// The whole mail. `unsubscribe` is the address that one click leads to, for a message of a list.
    ///
    /// # Errors
    /// When an address in it is none.
    pub fn compose(
        &self,
        message: &Message,
        unsubscribe: Option<&str>,
    ) -> anyhow::Result<(Envelope, Vec<u8>)> {
        let to = address(&message.recipient).context("the recipient's address")?;
        let mut mail = lettre::Message::builder()
            .from(self.from(message.from_name.as_deref()))
            .to(Mailbox::new(None, to))
            .subject(one_line(&message.mail.subject))
            .date(SystemTime::from(message.created_at))
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())));
        if let Some(reply_to) = &message.reply_to {
            let answers = address(reply_to).context("the project's address for answers")?;
            mail = mail.reply_to(Mailbox::new(None, answers));
        }
        mail = with(mail, "Auto-Submitted", "auto-generated".into());
        mail = with(mail, "Feedback-ID", format!("{}:felag", message.kind));
        if let Some(address) = unsubscribe {
            mail = with(mail, "List-Unsubscribe", format!("<{address}>"));
            mail = with(mail, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into());
        }
        let parts = MultiPart::alternative()
            .boundary(message.id.simple().to_string())
            .singlepart(SinglePart::plain(message.mail.text.clone()))
            .singlepart(SinglePart::html(message.mail.html.clone()));
        let mail = mail.multipart(parts)?;
        Ok((mail.envelope().clone(), mail.formatted()))
    }
}

/// An address every mail server takes: in ASCII.
fn address(text: &str) -> anyhow::Result<Address> {
    anyhow::ensure!(text.is_ascii(), "it has letters outside a to z");
    Ok(text.parse()?)
}

fn with(mail: MessageBuilder, name: &'static str, value: String) -> MessageBuilder {
    mail.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value))
}

/// What stands in a header has no line breaks: they would begin another header.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    fn message(subject: &str) -> Message {
        Message {
            id: Uuid::from_u128(7),
            kind: "campaign_update".into(),
            recipient: "ada@example.org".into(),
            from_name: None,
            reply_to: None,
            list: None,
            created_at: datetime!(2026-11-22 12:00 UTC),
            mail: Mail {
                subject: subject.into(),
                text: "Þú gafst €30.\n".into(),
                html: "<p>Þú gafst €30.</p>".into(),
            },
        }
    }

    fn sent(message: &Message, unsubscribe: Option<&str>) -> String {
        let letterhead = Letterhead::new("Felag <felag@example.org>").unwrap();
        String::from_utf8(letterhead.compose(message, unsubscribe).unwrap().1).unwrap()
    }

    /// The headers, unfolded.
    fn headers(mail: &str) -> Vec<(String, String)> {
        let head = mail
            .split("\r\n\r\n")
            .next()
            .unwrap_or_default()
            .replace("\r\n ", " ")
            .replace("\r\n\t", " ");
        let pairs = head.split("\r\n").map(|line| line.split_once(": ").unwrap());
        pairs
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    }

    fn header(mail: &str, name: &str) -> Option<String> {
        headers(mail)
            .into_iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value)
    }

    #[test]
    fn a_mail_says_who_sent_it_when_and_that_a_machine_did() {
        let mail = sent(&message("Receipt"), None);
        let of = |name| header(&mail, name).unwrap_or_default();
        assert_eq!(of("From"), "Felag <felag@example.org>");
        assert_eq!(of("To"), "ada@example.org");
        assert_eq!(of("Date"), "Sun, 22 Nov 2026 12:00:00 +0000");
        assert_eq!(
            of("Message-ID"),
            "<00000000-0000-0000-0000-000000000007@example.org>"
        );
        assert_eq!(of("Auto-Submitted"), "auto-generated");
        assert_eq!(of("Feedback-ID"), "campaign_update:felag");
        assert_eq!(of("MIME-Version"), "1.0");
        assert!(of("Content-Type").starts_with("multipart/alternative"), "{mail}");
        assert!(
            mail.contains("text/plain; charset=utf-8") && mail.contains("text/html; charset=utf-8"),
            "{mail}"
        );
        assert_eq!(header(&mail, "List-Unsubscribe"), None);
        assert_eq!(header(&mail, "Reply-To"), None);
    }

    #[test]
    fn a_mail_of_a_project_names_it_and_answers_go_to_it() {
        let mut update = message("News");
        update.from_name = Some("Oven Club".into());
        update.reply_to = Some("oven@example.org".into());
        let mail = sent(&update, Some("https://felag.example/unsubscribe/a.b.c"));
        let of = |name| header(&mail, name).unwrap_or_default();
        assert_eq!(of("From"), "\"Oven Club via Felag\" <felag@example.org>");
        assert_eq!(of("Reply-To"), "oven@example.org");
        assert_eq!(
            of("List-Unsubscribe"),
            "<https://felag.example/unsubscribe/a.b.c>"
        );
        assert_eq!(of("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    }

    #[test]
    fn the_same_row_gives_the_same_bytes() {
        assert_eq!(sent(&message("Once"), None), sent(&message("Once"), None));
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        let letterhead = Letterhead::new("Felag <felag@example.org>").unwrap();
        for address in [
            "",
            "ada",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@example.org, eve@example.org",
            "adä@example.org",
        ] {
            let mut to = message("x");
            to.recipient = address.into();
            assert!(letterhead.compose(&to, None).is_err(), "{address:?}");
            let mut reply = message("x");
            reply.reply_to = Some(address.into());
            assert!(letterhead.compose(&reply, None).is_err(), "{address:?}");
        }
    }

    proptest! {
        #[test]
        fn nobody_can_add_a_header_with_a_title_or_a_name(
            title in ".{0,200}", name in ".{0,80}", attack in prop::sample::select(vec![
                "\r\nBcc: eve@example.org", "\nBcc: eve@example.org",
                "\r\n\r\n<script>", "\r", "\u{2028}Bcc: x", "\0",
            ]),
        ) {
            let mut update = message(&format!("{title}{attack}"));
            update.from_name = Some(format!("{attack}{name}{attack}"));
            let mail = sent(&update, None);
            let mut names: Vec<String> = headers(&mail).into_iter().map(|(name, _)| name).collect();
            names.sort();
            prop_assert_eq!(names, [
                "Auto-Submitted", "Content-Type", "Date", "Feedback-ID", "From", "MIME-Version", "Message-ID",
                "Subject",                 "To",
            ]);
            prop_assert!(mail.lines().all(|line| line.len() < 998 && line.is_ascii()));
        }
    }
}
