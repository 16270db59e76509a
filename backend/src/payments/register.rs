//! Asking the provider to tell us what happens: on our own account, and on the accounts connected to it, which it
//! tells apart.

use anyhow::Context;
use serde_json::Value;

use super::objects::Trouble;
use super::provider::Request;
use super::{events, store};
use crate::config::{ProviderSetting, Secret};
use crate::ctx::Ctx;

/// Where the provider sends what happens: two subscriptions, each with a secret of its own.
#[derive(Debug, Clone, Copy)]
enum Source {
    Platform,
    Connected,
}

impl Source {
    const ALL: [Source; 2] = [Source::Platform, Source::Connected];

    /// Under which its secret is kept.
    fn name(self, ctx: &Ctx) -> String {
        let word = match self {
            Source::Platform => "webhook",
            Source::Connected => "webhook-connected",
        };
        format!("{word} {} {}", ctx.provider.origin(), ctx.config.public_url)
    }

    fn kinds(self) -> &'static [&'static str] {
        match self {
            Source::Platform => events::KINDS,
            Source::Connected => events::KINDS_CONNECTED,
        }
    }
}

impl Source {
    /// What we ask for, encoded.
    fn form(self, url: &str) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("url", url)
            .extend_pairs(self.kinds().iter().map(|kind| ("enabled_events[]", kind)));
        if matches!(self, Source::Connected) {
            form.append_pair("connect", "true");
        }
        form.finish()
    }
}

/// The secrets that sign the provider's webhooks: from the settings, separated by commas, or what
/// [`register_webhook`] was given.
pub async fn webhook_secrets(ctx: &Ctx) -> anyhow::Result<Vec<Secret>> {
    if let ProviderSetting::Live {
        webhook_secret: Some(secret),
        ..
    } = &ctx.config.provider
    {
        let secrets = secret.reveal().split(',').map(str::trim);
        return Ok(secrets
            .filter(|secret| !secret.is_empty())
            .map(Secret::new)
            .collect());
    }
    let mut secrets = Vec::new();
    for source in Source::ALL {
        secrets.extend(store::secret(&ctx.db, &source.name(ctx)).await?.map(Secret::new));
    }
    Ok(secrets)
}

/// Asks the provider to tell us what happens, once per provider and public address.
///
/// # Errors
/// When the provider refuses: its message is in the error.
pub async fn register_webhook(ctx: &Ctx) -> anyhow::Result<()> {
    let is_set = matches!(
        &ctx.config.provider,
        ProviderSetting::Live {
            webhook_secret: Some(_),
            ..
        }
    );
    if is_set {
        return Ok(());
    }
    for source in Source::ALL {
        if store::secret(&ctx.db, &source.name(ctx)).await?.is_none() {
            register(ctx, source).await?;
        }
    }
    Ok(())
}

async fn register(ctx: &Ctx, source: Source) -> anyhow::Result<()> {
    let url = format!("{}/webhooks/provider", ctx.config.public_url);
    let request = Request {
        path: "v1/webhook_endpoints".into(),
        body: source.form(&url),
        account: None,
    };
    let answer = ctx
        .provider
        .post(&request, &format!("felag:webhook:{}", ctx.random.token()))
        .await?;
    let secret = answer
        .body
        .get("secret")
        .and_then(Value::as_str)
        .with_context(|| {
            format!(
                "the provider made no webhook: {:?}",
                Trouble::of(&answer.body).message.unwrap_or_default()
            )
        })?;
    store::keep_secret(&ctx.db, &source.name(ctx), secret, ctx.now()).await?;
    Ok(())
}
