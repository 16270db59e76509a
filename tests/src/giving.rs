//! Giving to a campaign, through the pages of the site and of the payment provider.

use crate::asking::Opened;
use crate::{Browser, Reply, World};

/// Test cards of the sandbox, as Stripe publishes them.
pub mod card {
    pub const WORKS: &str = "4242424242424242";
    /// Can be saved, is declined when charged.
    pub const DECLINES_LATER: &str = "4000000000000341";
    /// Asks for the person when it is saved, and not again.
    pub const ASKS_ONCE: &str = "4000002500003155";
    /// Asks for the person at every payment.
    pub const ASKS_ALWAYS: &str = "4000002760003184";
    /// Cannot be saved.
    pub const DECLINED: &str = "4000000000000002";
}

/// What somebody gives. Change what a test is about and leave the rest.
#[derive(Debug, Clone)]
pub struct Gift {
    /// As typed: `30`, `12.50`.
    pub amount: String,
    pub reward: Option<String>,
    pub tip: String,
    /// For a guest; somebody signed in gives with their own.
    pub email: String,
    pub name: String,
    pub visibility: &'static str,
    pub card: &'static str,
}

impl Default for Gift {
    /// 30 of a guest, with a card that works.
    fn default() -> Self {
        Self {
            amount: "30".into(),
            reward: None,
            tip: String::new(),
            email: "guest@felag.example".into(),
            name: "Gus Guest".into(),
            visibility: "named",
            card: card::WORKS,
        }
    }
}

impl Gift {
    /// A guest's gift of so much.
    pub fn of(amount: &str, email: &str) -> Self {
        Self {
            amount: amount.into(),
            email: email.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn with_card(mut self, card: &'static str) -> Self {
        self.card = card;
        self
    }
}

/// A pledge that was made.
#[derive(Debug, Clone)]
pub struct Pledged {
    /// Its page: `/pledges/…`.
    pub path: String,
    /// What the browser showed at the end.
    pub page: Reply,
}

impl World {
    /// Gives as a guest, to the end: amount, details, check, the provider's page, the receipt.
    pub async fn pledge(&self, campaign: &Opened, gift: &Gift) -> Pledged {
        self.pledge_as(&self.browser(), campaign, gift).await
    }

    /// As [`World::pledge`], with the browser of somebody.
    pub async fn pledge_as(&self, browser: &Browser, campaign: &Opened, gift: &Gift) -> Pledged {
        let checkout = self.to_checkout(browser, campaign, gift).await.expect(303);
        let page = browser.follow(checkout).await;
        let page = self.pay(browser, page, gift.card).await.expect(200);
        let path = page.url.trim_start_matches(&self.base).to_string();
        assert!(
            path.starts_with("/pledges/"),
            "paying ended at {path}: {}",
            page.words()
        );
        Pledged { path, page }
    }

    /// The steps before the provider's page. The answer leads there, or says what was refused.
    pub async fn to_checkout(&self, browser: &Browser, campaign: &Opened, gift: &Gift) -> Reply {
        let give = format!("/campaigns/{}/give", campaign.slug);
        let amount = browser.get(&give).await.expect(200);
        let mut fields = vec![("own", gift.amount.as_str())];
        fields.extend(gift.reward.as_deref().map(|reward| ("reward", reward)));
        let details = browser.submit(&amount, &format!("{give}/details"), &fields).await;
        if details.status != 200 {
            return details;
        }
        let fields = [
            ("email", gift.email.as_str()),
            ("name", &gift.name),
            ("visibility", gift.visibility),
            ("tip", &gift.tip),
        ];
        let check = browser.submit(&details, &format!("{give}/check"), &fields).await;
        if check.status != 200 {
            return check;
        }
        browser
            .submit(&check, &format!("/campaigns/{}/pledges", campaign.slug), &[])
            .await
    }

    /// Types a card on the provider's page and says yes to the bank. Ends on our page, or on the provider's when it
    /// refuses.
    pub async fn pay(&self, browser: &Browser, page: Reply, card: &str) -> Reply {
        let typed = [
            ("number", card),
            ("expiry", "12 / 34"),
            ("cvc", "123"),
            ("name", "Gus Guest"),
        ];
        let mut page = browser.follow(browser.submit(&page, "/pay/", &typed).await).await;
        while page.text.contains("action=\"/bank/") {
            page = browser
                .follow(browser.submit(&page, "/bank/", &[("answer", "approve")]).await)
                .await;
        }
        page
    }
}
