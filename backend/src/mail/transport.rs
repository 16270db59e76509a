//! Where mail goes: into the mailbox of the sandbox, or to a mail server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use futures::future::BoxFuture;
use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sqlx::PgConnection;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::Mail;
use super::compose::{Letterhead, Message};
use super::dkim::Signer;
use super::tokens::{Leaving, Tokens};
use crate::config::{Config, MailTransport};
use crate::ctx::Ctx;
use crate::random::Random;

/// How many mails are handed over at once, and how many connections are kept.
pub const AT_ONCE: usize = 4;
/// The longest a mail server may take for one command, and for one mail in all.
const COMMAND_MAX: Duration = Duration::from_secs(10);
const MAIL_MAX: Duration = Duration::from_secs(30);

/// What slices above know of mails; `wiring` sets it.
#[derive(Clone, Copy)]
pub struct Words {
    /// Writes a mail of many recipients, which stands in the outbox without words: its kind, and what it is
    /// about. `None` when that is gone.
    pub write: fn(Ctx, String, Uuid) -> BoxFuture<'static, anyhow::Result<Option<Mail>>>,
    /// Names a list on the page that leaves it, such as the campaign's title; `None` when it is gone.
    pub list: fn(Ctx, String) -> BoxFuture<'static, anyhow::Result<Option<String>>>,
    /// Somebody left a list: what else that ends, in the same transaction.
    pub left: Left,
}

type Left = for<'c> fn(&'c mut PgConnection, &'c Ctx, &'c Leaving) -> BoxFuture<'c, anyhow::Result<()>>;

/// Made once at the start. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Parts>);

struct Parts {
    way: Way,
    letterhead: Letterhead,
    signer: Option<Signer>,
    tokens: Tokens,
    words: Words,
    public_url: String,
}

enum Way {
    Mailbox,
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// What became of a mail.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// The server said: not now.
    Later(String),
    /// The server cannot be reached, or does not know us: no mail can go out.
    Away(String),
    /// The server said: never. `bounced` when it is the address that is wrong.
    Refused {
        why: String,
        bounced: bool,
    },
}

impl Mailer {
    /// # Errors
    /// Names the setting that is wrong, or says that the database cannot be reached.
    pub async fn open(
        config: &Config,
        conn: &mut PgConnection,
        random: &Random,
        now: OffsetDateTime,
        words: Words,
    ) -> anyhow::Result<Self> {
        Self::new(config, Tokens::load(conn, random, now).await?, words)
    }

    /// With a key of one's own for the links.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(config: &Config, tokens: Tokens, words: Words) -> anyhow::Result<Self> {
        let way = match &config.mail {
            MailTransport::Mailbox => Way::Mailbox,
            MailTransport::Smtp(url) => {
                let ca = config
                    .smtp_ca
                    .as_ref()
                    .map(std::fs::read)
                    .transpose()
                    .context("FELAG_SMTP_CA")?;
                Way::Smtp(smtp(url.reveal(), ca.as_deref())?)
            }
        };
        Ok(Self(Arc::new(Parts {
            way,
            letterhead: Letterhead::new(&config.mail_from)?,
            signer: config.dkim.as_ref().map(Signer::open).transpose()?,
            tokens,
            words,
            public_url: config.public_url.clone(),
        })))
    }

    /// Whether mail stays in the outbox, to be read at `/dev/mail`.
    pub fn is_mailbox(&self) -> bool {
        matches!(self.0.way, Way::Mailbox)
    }

    pub fn letterhead(&self) -> &Letterhead {
        &self.0.letterhead
    }

    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub fn words(&self) -> Words {
        self.0.words
    }

    /// The address that leaves `list`, for mails and their headers.
    ///
    /// # Errors
    /// When memory is out.
    pub fn unsubscribe(&self, email: &str, list: &str) -> anyhow::Result<String> {
        Ok(format!(
            "{}/unsubscribe/{}",
            self.0.public_url,
            self.0.tokens.make(email, list)?
        ))
    }

    /// The mail as it travels, signed if there is a key.
    ///
    /// # Errors
    /// When an address in it is none.
    pub fn compose(&self, message: &Message) -> anyhow::Result<(Envelope, Vec<u8>)> {
        let list = message.list.as_deref();
        let unsubscribe = list
            .map(|list| self.unsubscribe(&message.recipient, list))
            .transpose()?;
        let (envelope, mail) = self.0.letterhead.compose(message, unsubscribe.as_deref())?;
        match &self.0.signer {
            Some(signer) => Ok((envelope, signer.sign(&mail, message.created_at.unix_timestamp())?)),
            None => Ok((envelope, mail)),
        }
    }

    /// Hands one message over.
    pub async fn send(&self, message: &Message) -> Outcome {
        let Way::Smtp(server) = &self.0.way else {
            return Outcome::Sent;
        };
        let (envelope, mail) = match self.compose(message) {
            Ok(composed) => composed,
            Err(cause) => {
                return Outcome::Refused {
                    why: format!("{cause:#}"),
                    bounced: false,
                };
            }
        };
        match tokio::time::timeout(MAIL_MAX, server.send_raw(&envelope, &mail)).await {
            Ok(Ok(_)) => Outcome::Sent,
            Ok(Err(cause)) => judge(&cause),
            Err(_) => Outcome::Away("the mail server took too long".into()),
        }
    }
}

fn judge(cause: &lettre::transport::smtp::Error) -> Outcome {
    let why = cause.to_string();
    let code = cause.status().map(|code| code.to_string());
    match code.as_deref() {
        // 421: the server is closing. 530, 534, 535, 538: it does not know us, or wants TLS (RFC 4954).
        Some("421" | "530" | "534" | "535" | "538") => Outcome::Away(why),
        Some(_) if cause.is_permanent() => {
            let bounced = is_about_the_address(&why);
            Outcome::Refused { why, bounced }
        }
        Some(_) => Outcome::Later(why),
        // No connection, no TLS, no way to say who we are. A mail of ours cannot be at fault: it is ASCII
        // throughout.
        None => Outcome::Away(why),
    }
}

/// Whether a refusal for good is the address's fault. A server that says more than the code (RFC 3463) may
/// name itself (5.3), the protocol (5.5), the content (5.6), a policy (5.7), or the sender (5.1.7, 5.1.8)
/// instead.
fn is_about_the_address(why: &str) -> bool {
    let mut words = why.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let detail = words.find(|word| word.starts_with("5.") && word.matches('.').count() == 2);
    match detail {
        Some("5.1.7" | "5.1.8") => false,
        Some(detail) => !["5.3.", "5.5.", "5.6.", "5.7."]
            .iter()
            .any(|class| detail.starts_with(class)),
        None => true,
    }
}

/// A pool of connections to the server at `url`.
fn smtp(url: &str, ca: Option<&[u8]>) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    // The address may hold a password, so it is never part of the error.
    let url: Url = url
        .parse()
        .context("FELAG_SMTP must look like smtps://user:password@host")?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .context("FELAG_SMTP names no host")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let (port, tls) = match url.scheme() {
        "smtps" => (465, Tls::Wrapper(trust(host, ca)?)),
        "smtp+starttls" => (587, Tls::Required(trust(host, ca)?)),
        "smtp" if is_loopback(host) => (25, Tls::None),
        "smtp" => bail!(
            "FELAG_SMTP: smtp:// sends passwords and mails in the clear, so it is for this machine only. \
                         Use smtps:// or smtp+starttls://"
        ),
        _ => bail!("FELAG_SMTP must begin with smtps://, smtp+starttls:// or smtp://"),
    };
    let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(COMMAND_MAX))
        .pool_config(
            PoolConfig::new()
                .max_size(AT_ONCE as u32)
                .idle_timeout(Duration::from_secs(60)),
        );
    if !url.username().is_empty() {
        let plain = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .map(String::from)
        };
        let user = plain(url.username()).context("the user in FELAG_SMTP")?;
        let password = plain(url.password().unwrap_or_default()).context("the password in FELAG_SMTP")?;
        server = server.credentials(Credentials::new(user, password));
    }
    Ok(server.build())
}

/// Certificates of the system's authorities are believed, and those of one more.
fn trust(host: &str, ca: Option<&[u8]>) -> anyhow::Result<TlsParameters> {
    let mut tls = TlsParameters::builder(host.to_string());
    if let Some(pem) = ca {
        // Text without a certificate in it would be read as none, and every server refused later.
        CertificateDer::from_pem_slice(pem).context("FELAG_SMTP_CA must be a PEM file with a certificate")?;
        tls = tls.add_root_certificate(Certificate::from_pem(pem).context("FELAG_SMTP_CA")?);
    }
    tls.build().context("FELAG_SMTP")
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_elsewhere_is_reached_with_tls_only() {
        assert!(smtp("smtp://127.0.0.1:2525", None).is_ok());
        assert!(smtp("smtp://[::1]:2525", None).is_ok());
        assert!(smtp("smtps://user:pass%40word@mail.example.org", None).is_ok());
        assert!(smtp("smtp+starttls://mail.example.org", None).is_ok());
        let refused = smtp("smtp://user:canary@mail.example.org", None).unwrap_err();
        assert!(format!("{refused:#}").contains("smtps://") && !format!("{refused:?}").contains("canary"));
    }

    #[tokio::test]
    async fn a_malformed_setting_is_named_without_its_password() {
        for url in [
            "mail.example.org",
            "https://u:canary@mail.example.org",
            "smtps://",
            "smtps://u:canary@:99999/",
        ] {
            let refused = format!("{:?}", smtp(url, None).unwrap_err());
            assert!(
                refused.contains("FELAG_SMTP") && !refused.contains("canary"),
                "{url}: {refused}"
            );
        }
        assert!(smtp("smtps://mail.example.org", Some(b"no certificate")).is_err());
    }

    #[test]
    fn a_refusal_is_the_addresss_fault_unless_the_server_says_otherwise() {
        for why in [
            "permanent error (550): no such user",
            "(550): 5.1.1 <a@b.example> unknown",
            "(552): 5.2.2 mailbox full",
        ] {
            assert!(is_about_the_address(why), "{why}");
        }
        for why in [
            "(554): 5.7.1 blocked by policy",
            "(552): 5.3.4 message too big",
            "(550): 5.1.8 bad sender",
            "(501): 5.5.4 x",
        ] {
            assert!(!is_about_the_address(why), "{why}");
        }
    }
}
