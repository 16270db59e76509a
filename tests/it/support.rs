//! Standing gifts to a project: begun with the person there, charged by themselves, ended at any time.

mod life;
mod trouble;

use felag_tests::asking::Ask;
use felag_tests::giving::card;
use felag_tests::people::Person;
use felag_tests::{Browser, Reply, World};

/// A project that can be paid, and its owner.
pub struct Stage {
    pub world: World,
    pub owner: Person,
    /// The project's own address.
    pub slug: String,
}

pub async fn stage() -> Stage {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let slug = sqlx::query_scalar("select slug from project where project_id = $1")
        .bind(campaign.project.as_uuid())
        .fetch_one(&world.owner)
        .await
        .unwrap();
    Stage { world, owner, slug }
}

/// What somebody gives each time.
#[derive(Debug, Clone)]
pub struct Gift {
    pub amount: &'static str,
    pub period: &'static str,
    pub tip: &'static str,
    pub email: &'static str,
    pub card: &'static str,
}

impl Default for Gift {
    fn default() -> Self {
        Self {
            amount: "5",
            period: "monthly",
            tip: "",
            email: "sue@felag.example",
            card: card::WORKS,
        }
    }
}

impl Stage {
    /// Form and check: the check's page.
    pub async fn check(&self, browser: &Browser, gift: &Gift) -> Reply {
        let form = format!("/projects/{}/support", self.slug);
        let page = browser.get(&form).await.expect(200);
        let fields = [
            ("amount", gift.amount),
            ("period", gift.period),
            ("tip", gift.tip),
            ("email", gift.email),
            ("name", "Sue Porter"),
            ("visibility", "named"),
        ];
        browser.submit(&page, &format!("{form}/check"), &fields).await
    }

    /// Everything to the end: the support's own address.
    pub async fn support(&self, browser: &Browser, gift: &Gift) -> String {
        let check = self.check(browser, gift).await.expect(200);
        let create = format!("/projects/{}/supports", self.slug);
        let checkout = browser.submit(&check, &create, &[]).await.expect(303);
        let page = browser.follow(checkout).await;
        let page = self.world.pay(browser, page, gift.card).await.expect(200);
        let path = page.url.trim_start_matches(&self.world.base).to_string();
        assert!(
            path.starts_with("/supports/"),
            "it ended at {path}: {}",
            page.words()
        );
        path
    }

    /// Presses a button of the support's page.
    pub async fn press(&self, browser: &Browser, path: &str, what: &str, fields: &[(&str, &str)]) -> Reply {
        let page = browser.get(path).await.expect(200);
        browser.submit(&page, &format!("{path}/{what}"), fields).await
    }

    pub async fn paid(&self) -> i64 {
        self.world
            .count("select count(*) from contribution where state = 'paid'")
            .await
    }

    pub async fn state(&self) -> String {
        sqlx::query_scalar("select state from support")
            .fetch_one(&self.world.owner)
            .await
            .unwrap()
    }

    /// Supporters, weekly, monthly, yearly, collected.
    pub async fn total(&self) -> (i32, i64, i64, i64, i64) {
        sqlx::query_as(
            "select supporters, weekly_minor, monthly_minor, yearly_minor, collected_minor from support_total",
        )
        .fetch_one(&self.world.owner)
        .await
        .unwrap()
    }

    /// Ledger and provider agree to the cent, the totals are what the rows say, nothing is stuck.
    pub async fn all_is_well(&self) {
        let world = &self.world;
        world.ledger_verify().await;
        let provider =
            "select coalesce(sum(balance_minor), 0)::bigint from account_balance where account = 'provider'";
        let known = world.sandbox_state().await;
        let total = known["balance"]["eur"]["total"].as_i64().unwrap_or(0);
        assert_eq!(world.count(provider).await, total, "{known}");
        let stuck = "select (select count(*) from job where failed_at is not null)
            + (select count(*) from parked_entry) + (select count(*) from operation where state = 'written')
            + (select count(*) from provider_event where applied_at is null)";
        assert_eq!(world.count(stuck).await, 0, "something is stuck");
        let wrong = "select count(*) from support_total as total where
            supporters <> (select count(*) from support where support.project_id = total.project_id
                           and support.currency = total.currency and state in ('active', 'past_due'))
            or monthly_minor <> (select coalesce(sum(amount_minor), 0) from support
                           where support.project_id = total.project_id and support.currency = total.currency
                           and state in ('active', 'past_due') and period = 'monthly')
            or collected_minor <> (select coalesce(sum(amount_minor - refunded_minor - gift_disputed_minor), 0)
                           from payment where book_id = total.project_id and subject_kind = 'contribution')";
        assert_eq!(world.count(wrong).await, 0, "the totals");
    }
}
