//! A person at the payment provider's pages: types a test card, says yes to the bank, fills in a project's account.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, Response, StatusCode, header};

/// The sandbox's test cards that the demo uses.
pub const WORKS: &str = "4242424242424242";
/// The bank asks when it is saved, and not again.
pub const ASKS_ONCE: &str = "4000002500003155";
/// The bank asks at every payment.
pub const ASKS_ALWAYS: &str = "4000002760003184";
/// Can be saved; every charge is declined.
pub const DECLINES: &str = "4000000000000341";
/// Can be saved; there is never enough on the account.
pub const NO_FUNDS: &str = "4000008260003178";

/// Its charge works; the bank asks for it back an hour later.
pub const DISPUTES: &str = "4000000000000259";

/// A bank account that takes payouts.
pub const BANK: &str = "DE89370400440532013000";
/// A bank account that is not there: payouts to it come back.
pub const NO_BANK: &str = "DE62370400440532013001";

/// A browser without a memory.
#[derive(Clone)]
pub struct Browser(Client);

impl Browser {
    pub fn new() -> anyhow::Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self(client))
    }

    /// Saves a card at the hosted page.
    ///
    /// # Errors
    /// When the card is refused there.
    pub async fn save_card(&self, page: &str, number: &str, name: &str) -> anyhow::Result<()> {
        let shown = self.0.get(page).send().await?.error_for_status()?.text().await?;
        let token =
            between(&shown, "name=\"token\" value=\"", "\"").context("the hosted page has no token")?;
        let typed = [
            ("token", token),
            ("number", number),
            ("expiry", "12 / 34"),
            ("cvc", "123"),
            ("name", name),
        ];
        let onward = self.post(page, &typed).await?;
        if onward.contains("/bank/") {
            self.approve(&onward).await?;
        }
        Ok(())
    }

    /// Fills in where a project's money goes, at the hosted page behind a fresh link.
    ///
    /// # Errors
    /// When the page does not take it.
    pub async fn onboard(&self, link: &str, bank: &str, name: &str, currency: &str) -> anyhow::Result<()> {
        let entered = self.0.get(link).send().await?;
        let path = leads_to(&entered).context("the link leads nowhere")?;
        let page = url::Url::parse(link)?.join(&path)?;
        let shown = self
            .0
            .get(page.clone())
            .send()
            .await?
            .error_for_status()?
            .text()
            .await?;
        let visit =
            between(&shown, "name=\"visit\" value=\"", "\"").context("the hosted page has no visit")?;
        let typed = [
            ("visit", visit),
            ("name", name),
            ("kind", "non_profit"),
            ("number", bank),
            ("currency", currency),
            ("end", "finish"),
        ];
        self.post(page.as_str(), &typed).await?;
        Ok(())
    }

    /// Says yes on the bank's page.
    ///
    /// # Errors
    /// When the question is over.
    pub async fn approve(&self, page: &str) -> anyhow::Result<()> {
        self.post(page, &[("answer", "approve")]).await?;
        Ok(())
    }

    /// Sends a form; where it leads.
    async fn post(&self, page: &str, typed: &[(&str, &str)]) -> anyhow::Result<String> {
        let answer = self.0.post(page).form(typed).send().await?;
        ensure!(
            answer.status() == StatusCode::SEE_OTHER,
            "the provider's page answered {}",
            answer.status()
        );
        leads_to(&answer).context("the provider's page leads nowhere")
    }
}

fn leads_to(answer: &Response) -> Option<String> {
    answer
        .headers()
        .get(header::LOCATION)?
        .to_str()
        .ok()
        .map(ToString::to_string)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?
        .1
        .split_once(after)
        .map(|(found, _)| found)
}
