//! The mailbox of the sandbox, and leaving a list of mails.

use askama::Template;
use time::OffsetDateTime;

use crate::form::{Control, Field};
use crate::page::Page;
use crate::parts::Pager;
use crate::words::Lang;

/// `GET /dev/mail?to=&page=`
#[derive(Debug, Template)]
#[template(path = "mailbox/mailbox.html")]
pub struct MailboxPage {
    pub page: Page,
    /// The field `to`.
    pub to: Field,
    pub mails: Vec<MailLine>,
    pub count: u64,
    pub pager: Pager,
}

/// A mail as it stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    pub id: String,
    /// Which mail it is, such as `pledge_charged`.
    pub kind: String,
    pub to: String,
    /// Name and address.
    pub from: String,
    pub reply_to: Option<String>,
    /// What one click unsubscribes from.
    pub list: Option<String>,
    pub subject: String,
    pub at: OffsetDateTime,
    /// As stored: `queued`, `sending`, `sent`, `failed`, `suppressed`.
    pub state: String,
}

impl MailLine {
    fn state(&self, lang: &Lang) -> &'static str {
        match self.state.as_str() {
            "sent" => lang.t("mailbox-sent"),
            "failed" => lang.t("mailbox-failed"),
            "suppressed" => lang.t("mailbox-suppressed"),
            _ => lang.t("mailbox-waiting"),
        }
    }
}

impl MailboxPage {
    /// The form that shows the mails to one address.
    pub fn filter(lang: Lang, to: &str) -> Field {
        Field::new("to", lang.t("mailbox-filter"), to).typed_in(Control::Search)
    }
}

/// `GET /dev/mail/<id>`
#[derive(Debug, Template)]
#[template(path = "mailbox/mail.html")]
pub struct MailPage {
    pub page: Page,
    pub mail: MailLine,
    pub text: Vec<Piece>,
}

/// A piece of a mail's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    Link(String),
}

impl MailPage {
    /// A text with the web addresses in it as links.
    pub fn pieces(text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = next_address(rest) {
            let end = rest[start..].find(|c: char| c.is_whitespace() || "<>\"".contains(c));
            let whole = &rest[start..end.map_or(rest.len(), |end| start + end)];
            let address = whole.trim_end_matches(['.', ',', ';', ':', ')', '?']);
            pieces.push(Piece::Words(rest[..start].to_owned()));
            pieces.push(Piece::Link(address.to_owned()));
            rest = &rest[start + address.len()..];
        }
        pieces.push(Piece::Words(rest.to_owned()));
        pieces
    }
}

fn next_address(text: &str) -> Option<usize> {
    [text.find("http://"), text.find("https://")]
        .into_iter()
        .flatten()
        .min()
}

/// `GET /unsubscribe/<token>`. Only its button ends anything.
#[derive(Debug, Template)]
#[template(path = "mailbox/leave.html")]
pub struct LeavePage {
    pub page: Page,
    pub token: String,
    pub email: String,
    /// What the mails are about: a campaign's title.
    pub about: Option<String>,
}

/// The answer to leaving.
#[derive(Debug, Template)]
#[template(path = "mailbox/left.html")]
pub struct LeftPage {
    pub page: Page,
    pub email: String,
    pub about: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_in_a_text_become_links_and_the_rest_stays() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let link = |text: &str| Piece::Link(text.to_owned());
        assert_eq!(
            MailPage::pieces("See https://a.example/x?y=1.\nOr <http://b.example>, ok"),
            [
                words("See "),
                link("https://a.example/x?y=1"),
                words(".\nOr <"),
                link("http://b.example"),
                words(">, ok"),
            ]
        );
        assert_eq!(MailPage::pieces("none"), [words("none")]);
    }

    proptest! {
        #[test]
        fn no_letter_of_a_text_is_lost(text in "(https?://|[ -~þ\n]{0,12}){0,8}") {
            let together: String = MailPage::pieces(&text)
                .into_iter()
                .map(|piece| match piece { Piece::Words(text) | Piece::Link(text) => text })
                .collect();
            prop_assert_eq!(together, text);
        }
    }
}
