//! What `felag config` prints: a line for each setting, without secrets.

use std::path::PathBuf;

use super::{Config, MailTransport, ProviderSetting};

/// A variable and what it stands at.
type Line = (&'static str, String);

const SECRET: &str = "(secret)";
const OFF: &str = "(off)";
const DEFAULT: &str = "(default)";

impl Config {
    /// One line a setting, for `felag config`: variable, value, secrets left out.
    pub fn lines(&self) -> Vec<Line> {
        let parts = [self.web(), self.provider_lines(), self.mail_lines(), self.rules()];
        parts.into_iter().flatten().collect()
    }

    /// Where it listens, and where its data is.
    fn web(&self) -> Vec<Line> {
        let database = self
            .database_url
            .as_ref()
            .map_or("(private Postgres)", |_| SECRET);
        let proxies: Vec<String> = self.proxies.iter().map(ToString::to_string).collect();
        vec![
            ("FELAG_LISTEN", self.listen.to_string()),
            ("FELAG_PUBLIC_URL", self.public_url.clone()),
            ("FELAG_PROXY", proxies.join(",")),
            ("FELAG_DATA_DIR", self.data_dir.display().to_string()),
            ("DATABASE_URL", database.into()),
            ("FELAG_DB_CONNECTIONS_MAX", self.db_connections_max.to_string()),
            ("FELAG_PG_BIN", path(self.pg_bin.as_ref())),
            ("FELAG_PG_USER", text(self.pg_user.as_ref())),
            ("FELAG_FILES", self.files.to_string()),
            ("FELAG_S3_KEY_ID", "(with FELAG_FILES)".into()),
            ("FELAG_S3_KEY", SECRET.into()),
            ("FELAG_S3_REGION", self.files.region()),
            ("FELAG_S3_ENDPOINT", self.files.endpoint()),
        ]
    }

    fn provider_lines(&self) -> Vec<Line> {
        let sandbox = "(the sandbox)";
        let (key, url, webhook) = match &self.provider {
            ProviderSetting::Sandbox => (sandbox, sandbox.to_string(), sandbox),
            ProviderSetting::Live {
                base_url,
                webhook_secret,
                ..
            } => {
                let webhook = webhook_secret.as_ref().map_or("(asked for)", |_| SECRET);
                (SECRET, base_url.clone(), webhook)
            }
        };
        let seconds = self.provider_timeout_seconds.to_string();
        vec![
            ("FELAG_SANDBOX_LISTEN", self.sandbox_listen.to_string()),
            ("FELAG_STRIPE_KEY", key.into()),
            ("FELAG_STRIPE_URL", url),
            ("FELAG_STRIPE_WEBHOOK_SECRET", webhook.into()),
            ("FELAG_STRIPE_TIMEOUT_SECONDS", seconds),
        ]
    }

    fn mail_lines(&self) -> Vec<Line> {
        let smtp = match &self.mail {
            MailTransport::Mailbox => "(mailbox)",
            MailTransport::Smtp(_) => SECRET,
        };
        let (domain, selector, key) = match &self.dkim {
            None => (OFF.into(), OFF.into(), OFF.into()),
            Some(dkim) => (
                dkim.domain.clone(),
                dkim.selector.clone(),
                dkim.key_file.display().to_string(),
            ),
        };
        vec![
            ("FELAG_SMTP", smtp.into()),
            ("FELAG_SMTP_CA", path(self.smtp_ca.as_ref())),
            ("FELAG_MAIL_FROM", self.mail_from.clone()),
            ("FELAG_DKIM_DOMAIN", domain),
            ("FELAG_DKIM_SELECTOR", selector),
            ("FELAG_DKIM_KEY", key),
        ]
    }

    fn rules(&self) -> Vec<Line> {
        let crash = self.crash.as_ref().map_or("(never)".into(), ToString::to_string);
        let format = if self.log_is_json { "json" } else { "text" };
        vec![
            ("FELAG_LENDING", self.lending.name.into()),
            ("FELAG_PASSWORDS_AT_ONCE", self.passwords_at_once.to_string()),
            ("FELAG_PAGE_LIFE_MS", self.page_life_ms.to_string()),
            ("FELAG_CRASH", crash),
            ("FELAG_LOG", text(self.log.as_ref())),
            ("FELAG_LOG_FORMAT", format.into()),
        ]
    }
}

fn path(path: Option<&PathBuf>) -> String {
    path.map_or(DEFAULT.into(), |path| path.display().to_string())
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_else(|| DEFAULT.into())
}
