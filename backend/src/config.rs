//! Every setting, read once from the environment. `felag config` prints them, secrets left out.

mod printed;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, bail};
use felag_domain::lending::policy::{self, Policy};

use crate::crash::CrashAt;
use crate::files::FilesSetting;

/// A value that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself: only where it is used.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// The key of the sandbox. Known to everybody: there is no money behind it.
pub const SANDBOX_KEY: &str = "sk_test_felag_sandbox";

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Kept in the outbox and shown at `/dev/mail`.
    Mailbox,
    /// `smtp://` (plain, loopback only), `smtp+starttls://` or `smtps://` with optional `user:password@`.
    Smtp(Secret),
}

/// Where the payment provider is.
#[derive(Debug, Clone)]
pub enum ProviderSetting {
    /// The sandbox inside this binary.
    Sandbox,
    /// A real account.
    Live {
        base_url: String,
        secret_key: Secret,
        webhook_secret: Option<Secret>,
    },
}

/// All settings. Each field says its variable, unit and default.
#[derive(Debug)]
pub struct Config {
    /// `FELAG_LISTEN`, default `127.0.0.1:8080`; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `FELAG_PUBLIC_URL`: the address people use; default `http://` and the listening address.
    pub public_url: String,
    /// `FELAG_DATA_DIR`: where the private database lives; default `var`.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: a Postgres of your own. Default: a private one under the data folder.
    pub database_url: Option<Secret>,
    /// `FELAG_DB_CONNECTIONS_MAX`, connections, default 16.
    pub db_connections_max: u32,
    /// `FELAG_PG_BIN`: the folder with `postgres` and `initdb`. Default: looked for.
    pub pg_bin: Option<PathBuf>,
    /// `FELAG_PG_USER`: who runs the private database when Felag is started as root; default `postgres` or `nobody`.
    pub pg_user: Option<String>,
    /// `FELAG_SANDBOX_LISTEN`, default `127.0.0.1:8081`; loopback only.
    pub sandbox_listen: SocketAddr,
    /// `FELAG_STRIPE_KEY`, `FELAG_STRIPE_URL` (default `https://api.stripe.com/`), `FELAG_STRIPE_WEBHOOK_SECRET`.
    /// Without a key, or with the sandbox's, payments go to the sandbox.
    pub provider: ProviderSetting,
    /// `FELAG_STRIPE_TIMEOUT_SECONDS`, default 20: how long one request to the provider may take.
    pub provider_timeout_seconds: u64,
    /// `FELAG_SMTP`: `smtps://user:password@host`, `smtp+starttls://…` or `smtp://…`. Default: the mailbox at
    /// `/dev/mail`.
    pub mail: MailTransport,
    /// `FELAG_SMTP_CA`: a PEM file with a certificate authority to trust beside the system's.
    pub smtp_ca: Option<PathBuf>,
    /// `FELAG_MAIL_FROM`: the sender, default `Felag <felag@localhost>`.
    pub mail_from: String,
    /// `FELAG_DKIM_DOMAIN`, `FELAG_DKIM_SELECTOR`, `FELAG_DKIM_KEY` (file, PEM): sign mail here. Default: the relay signs.
    pub dkim: Option<DkimSetting>,
    /// `FELAG_PROXY`: addresses of proxies whose `X-Forwarded-For` is believed, separated by commas. Default none.
    pub proxies: Vec<IpAddr>,
    /// `FELAG_PASSWORDS_AT_ONCE`, default 2: how many passwords are hashed at the same time (19 MiB each).
    pub passwords_at_once: usize,
    /// `FELAG_PAGE_LIFE_MS`, milliseconds, default 1000: how long a public page is shown before it is made anew; 0 makes
    /// it anew each time.
    pub page_life_ms: u64,
    /// `FELAG_FILES`: where vouchers are kept: a folder (default `files` in the data folder), or `s3://bucket/folder`
    /// with `FELAG_S3_KEY_ID`, `FELAG_S3_KEY`, `FELAG_S3_REGION` (default `us-east-1`) and `FELAG_S3_ENDPOINT`.
    pub files: FilesSetting,
    /// `FELAG_LENDING`: the rules for loans, `european` (default) or `interest-free`.
    pub lending: Policy,
    /// `FELAG_CRASH`: `name:hit`, for tests. Only in the sandbox.
    pub crash: Option<CrashAt>,
    /// `FELAG_LOG`: what is logged, such as `warn` or `info,felag=debug`; default `info` for `serve` and `work`,
    /// `warn` for the other commands.
    pub log: Option<String>,
    /// `FELAG_LOG_FORMAT`: `text` (default) or `json`, one object a line.
    pub log_is_json: bool,
    /// `--demo`: demo data, its log-ins and the mailbox.
    pub demo: bool,
    /// Without `FELAG_PUBLIC_URL` the public address follows the listening one.
    public_url_is_given: bool,
}

/// Where the key for signing mail is.
#[derive(Debug, Clone)]
pub struct DkimSetting {
    pub domain: String,
    pub selector: String,
    pub key_file: PathBuf,
}

impl Config {
    /// Reads the environment of this process; `flags` of the command line come first, under the same names.
    ///
    /// # Errors
    /// As [`Config::read`].
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_environment(flags: &[(&str, String)]) -> anyhow::Result<Self> {
        Self::read(|name| {
            let flag = flags
                .iter()
                .find(|(flag, _)| *flag == name)
                .map(|(_, value)| value.clone());
            flag.or_else(|| std::env::var(name).ok())
        })
    }

    /// # Errors
    /// Names the variable that is malformed, so that a bad start says why.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let var = |name: &str| var(name).filter(|text| !text.trim().is_empty());
        let listen = address(&var, "FELAG_LISTEN", 8080)?;
        let provider = provider(&var)?;
        let crash: Option<CrashAt> = var("FELAG_CRASH")
            .map(|text| text.parse())
            .transpose()
            .context("FELAG_CRASH must look like job.run:1")?;
        if crash.is_some() && !matches!(provider, ProviderSetting::Sandbox) {
            bail!("FELAG_CRASH is for the sandbox: it ends the server on purpose");
        }
        Ok(Self {
            listen,
            public_url: public_url(var("FELAG_PUBLIC_URL"), listen)?,
            public_url_is_given: var("FELAG_PUBLIC_URL").is_some(),
            data_dir: var("FELAG_DATA_DIR").unwrap_or_else(|| "var".into()).into(),
            database_url: var("DATABASE_URL").map(Secret::new),
            db_connections_max: number(&var, "FELAG_DB_CONNECTIONS_MAX", 16)?,
            pg_bin: var("FELAG_PG_BIN").map(Into::into),
            pg_user: var("FELAG_PG_USER"),
            sandbox_listen: address(&var, "FELAG_SANDBOX_LISTEN", 8081)?,
            provider,
            provider_timeout_seconds: number(&var, "FELAG_STRIPE_TIMEOUT_SECONDS", 20)?,
            mail: var("FELAG_SMTP").map_or(MailTransport::Mailbox, |url| {
                MailTransport::Smtp(Secret::new(url))
            }),
            smtp_ca: var("FELAG_SMTP_CA").map(Into::into),
            mail_from: var("FELAG_MAIL_FROM").unwrap_or_else(|| "Felag <felag@localhost>".into()),
            dkim: dkim(&var)?,
            proxies: proxies(&var)?,
            passwords_at_once: number(&var, "FELAG_PASSWORDS_AT_ONCE", 2)?.clamp(1, 64),
            page_life_ms: number(&var, "FELAG_PAGE_LIFE_MS", 1000)?,
            files: FilesSetting::read(
                var("FELAG_FILES"),
                [
                    var("FELAG_S3_KEY_ID"),
                    var("FELAG_S3_KEY"),
                    var("FELAG_S3_REGION"),
                    var("FELAG_S3_ENDPOINT"),
                ],
            )?,
            lending: lending(&var)?,
            crash,
            log: var("FELAG_LOG"),
            log_is_json: log_is_json(&var)?,
            demo: false,
        })
    }

    /// Takes over the address that is really listened on: with port 0 it is known only now.
    pub fn bound_to(&mut self, listen: SocketAddr) {
        self.listen = listen;
        if !self.public_url_is_given {
            self.public_url = format!("http://{listen}");
        }
    }

    /// Whether the sandbox handles the payments.
    pub fn has_sandbox(&self) -> bool {
        matches!(self.provider, ProviderSetting::Sandbox)
    }

    /// `/dev/mail` shows every mail, so it exists only in the sandbox and without a mail server.
    pub fn has_mailbox(&self) -> bool {
        self.has_sandbox() && matches!(self.mail, MailTransport::Mailbox) && self.listen.ip().is_loopback()
    }

    /// Whether people reach us over https: then the cookie is `Secure` and has the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// # Errors
    /// Says what to set when the mailbox, the demo or the sandbox would be reachable from outside.
    pub fn check_exposure(&self) -> anyhow::Result<()> {
        if !self.has_sandbox() {
            if self.demo {
                bail!(
                    "demo data is never loaded beside a live payment key: leave out --demo or FELAG_STRIPE_KEY"
                );
            }
            return Ok(());
        }
        if !self.sandbox_listen.ip().is_loopback() {
            bail!("the sandbox listens on this machine only: set FELAG_SANDBOX_LISTEN to 127.0.0.1:8081");
        }
        if !self.listen.ip().is_loopback() {
            bail!(
                "{} can be reached from other machines, but payments go to the sandbox. \
                 Set FELAG_STRIPE_KEY to take real payments, or FELAG_LISTEN to 127.0.0.1:8080 to try Felag out",
                self.listen
            );
        }
        Ok(())
    }
}

fn address(var: &impl Fn(&str) -> Option<String>, name: &str, port: u16) -> anyhow::Result<SocketAddr> {
    match var(name) {
        Some(text) => text
            .parse()
            .with_context(|| format!("{name} must look like 127.0.0.1:{port}, not {text}")),
        None => Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
    }
}

fn number<N: std::str::FromStr>(
    var: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: N,
) -> anyhow::Result<N> {
    match var(name) {
        Some(text) => text
            .parse()
            .map_err(|_| anyhow::anyhow!("{name} must be a whole number, not {text}")),
        None => Ok(default),
    }
}

fn public_url(text: Option<String>, listen: SocketAddr) -> anyhow::Result<String> {
    let text = text.unwrap_or_else(|| format!("http://{listen}"));
    let url =
        url::Url::parse(&text).with_context(|| format!("FELAG_PUBLIC_URL must be an address, not {text}"))?;
    if !matches!(url.scheme(), "http" | "https")
        || url.host_str().is_none()
        || !matches!(url.path(), "" | "/")
    {
        bail!("FELAG_PUBLIC_URL must look like https://felag.example, without a path");
    }
    Ok(text.trim_end_matches('/').to_string())
}

fn lending(var: &impl Fn(&str) -> Option<String>) -> anyhow::Result<Policy> {
    let name = var("FELAG_LENDING").unwrap_or_else(|| policy::EUROPEAN.name.into());
    let known = policy::ALL.into_iter().find(|policy| policy.name == name);
    known.with_context(|| format!("FELAG_LENDING must be european or interest-free, not {name}"))
}

fn provider(var: &impl Fn(&str) -> Option<String>) -> anyhow::Result<ProviderSetting> {
    let Some(key) = var("FELAG_STRIPE_KEY").filter(|key| key != SANDBOX_KEY) else {
        return Ok(ProviderSetting::Sandbox);
    };
    let base_url = var("FELAG_STRIPE_URL").unwrap_or_else(|| "https://api.stripe.com/".into());
    if !base_url.ends_with('/') {
        bail!("FELAG_STRIPE_URL must end in a slash");
    }
    let webhook_secret = var("FELAG_STRIPE_WEBHOOK_SECRET").map(Secret::new);
    Ok(ProviderSetting::Live {
        base_url,
        secret_key: Secret::new(key),
        webhook_secret,
    })
}

fn log_is_json(var: &impl Fn(&str) -> Option<String>) -> anyhow::Result<bool> {
    match var("FELAG_LOG_FORMAT").as_deref() {
        None | Some("text") => Ok(false),
        Some("json") => Ok(true),
        Some(other) => bail!("FELAG_LOG_FORMAT must be text or json, not {other}"),
    }
}

fn dkim(var: &impl Fn(&str) -> Option<String>) -> anyhow::Result<Option<DkimSetting>> {
    match (
        var("FELAG_DKIM_DOMAIN"),
        var("FELAG_DKIM_SELECTOR"),
        var("FELAG_DKIM_KEY"),
    ) {
        (None, None, None) => Ok(None),
        (Some(domain), Some(selector), Some(key)) => Ok(Some(DkimSetting {
            domain,
            selector,
            key_file: key.into(),
        })),
        _ => bail!(
            "FELAG_DKIM_DOMAIN, FELAG_DKIM_SELECTOR and FELAG_DKIM_KEY belong together: set all or none"
        ),
    }
}

fn proxies(var: &impl Fn(&str) -> Option<String>) -> anyhow::Result<Vec<IpAddr>> {
    var("FELAG_PROXY")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .with_context(|| format!("FELAG_PROXY must list addresses, not {text}"))
        })
        .collect()
}

#[cfg(test)]
mod tests;
