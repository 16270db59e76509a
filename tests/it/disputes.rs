//! A backer's bank asks for a payment back: from the first word to the last, with and without webhooks.

mod answering;
mod life;
mod trouble;

use felag_tests::giving::Gift;
use felag_tests::people::Person;
use felag_tests::{Browser, Reply};
use serde_json::json;

use crate::refunds::{Funded, funded};

/// What the sandbox takes for a dispute.
pub const FEE: i64 = 1_500;

/// A funded campaign with gifts of 30, with a tip of 3, and of 20; and a steward.
pub async fn stage() -> (Funded, Person) {
    let first = Gift {
        tip: "3".into(),
        ..Gift::of("30", "")
    };
    let all = funded(&[first, Gift::of("20", "")]).await;
    let steward = all.world.steward("watcher").await;
    (all, steward)
}

impl Funded {
    /// A backer's charge at the provider.
    pub async fn charge(&self, email: &str) -> String {
        sqlx::query_scalar("select charge_ref from pledge where email = $1")
            .bind(email)
            .fetch_one(&self.world.owner)
            .await
            .unwrap()
    }

    /// The bank of the first backer asks; `inquiry`: it only asks. The dispute's name at the provider.
    pub async fn disputed(&self, inquiry: bool) -> String {
        let charge = self.charge("backer0@felag.example").await;
        let body = json!({ "charge": charge, "reason": "product_not_received", "inquiry": inquiry });
        let made = self.world.sandbox_control("disputes", &body).await;
        self.world.quiet().await;
        made["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{made}"))
            .to_string()
    }

    /// The bank does something.
    pub async fn bank(&self, dispute: &str, what: &str) {
        let path = format!("disputes/{dispute}");
        self.world.sandbox_control(&path, &json!({ "do": what })).await;
        self.world.quiet().await;
    }

    pub async fn dispute_state(&self) -> String {
        sqlx::query_scalar("select state from dispute")
            .fetch_one(&self.world.owner)
            .await
            .unwrap()
    }

    /// The page of the one dispute there is.
    pub async fn dispute_path(&self) -> String {
        let id: String = sqlx::query_scalar("select dispute_id::text from dispute")
            .fetch_one(&self.world.owner)
            .await
            .unwrap();
        format!("/campaigns/{}/disputes/{id}", self.campaign.slug)
    }

    /// Form, check, button: what the button answers.
    pub async fn answer(&self, browser: &Browser, words: &str) -> Reply {
        let path = self.dispute_path().await;
        let page = browser.get(&path).await.expect(200);
        let fields = [
            ("product", "A microscope kit, to be sent in autumn."),
            ("communication", ""),
            ("other", words),
        ];
        let check = browser
            .submit(&page, &format!("{path}/evidence/check"), &fields)
            .await
            .expect(200);
        assert!(
            check.says("A microscope kit") && check.says(words),
            "{}",
            check.words()
        );
        browser.submit(&check, &format!("{path}/evidence"), &[]).await
    }

    /// Whether payouts of the campaign wait.
    pub async fn is_frozen(&self) -> bool {
        let mut conn = self.world.ctx.db.acquire().await.unwrap();
        felag::disputes::freezes(&mut conn, self.campaign.id)
            .await
            .unwrap()
    }
}
