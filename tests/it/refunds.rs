//! Money that goes back to backers: by the project, by a steward, all at once, and when it does not arrive.

mod all;
mod asking;
mod trouble;

use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::people::Person;
use felag_tests::{Browser, Reply, World};
use time::Duration;

/// A funded campaign of `owner`, who has given a code just now, with one gift of each amount.
pub struct Funded {
    pub world: World,
    pub owner: Person,
    pub campaign: Opened,
}

/// Gifts as typed, each of a backer of its own: `backer0@felag.example` …
pub async fn funded(gifts: &[Gift]) -> Funded {
    funded_with(gifts, &[]).await
}

/// As [`funded`], with settings of its own.
pub async fn funded_with(gifts: &[Gift], settings: &[(&str, &str)]) -> Funded {
    let world = World::with(settings).await;
    let owner = world.person("owner").await;
    let ask = Ask {
        minimum_minor: 1_000,
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    for (number, gift) in gifts.iter().enumerate() {
        let gift = Gift {
            email: format!("backer{number}@felag.example"),
            name: format!("Backer {number}"),
            ..gift.clone()
        };
        world.pledge(&campaign, &gift).await;
    }
    world.advance_to(campaign.deadline + Duration::days(8)).await;
    // Weeks have passed.
    world.sign_in(&owner.browser, &owner.email).await;
    world.prove(&owner).await;
    Funded {
        world,
        owner,
        campaign,
    }
}

impl Funded {
    /// The page that gives a backer's money back.
    pub async fn refund_path(&self, email: &str) -> String {
        let sql = "select pledge_id::text from pledge where email = $1";
        let id: String = sqlx::query_scalar(sql)
            .bind(email)
            .fetch_one(&self.world.owner)
            .await
            .unwrap();
        format!("/campaigns/{}/backers/{id}/refund", self.campaign.slug)
    }

    /// Form, check, button: what the button answers.
    pub async fn give_back(&self, browser: &Browser, email: &str, amount: Option<&str>) -> Reply {
        let check = self.check(browser, email, amount).await.expect(200);
        let path = self.refund_path(email).await;
        browser.submit(&check, &path, &[]).await
    }

    /// The form and the step that repeats it.
    pub async fn check(&self, browser: &Browser, email: &str, amount: Option<&str>) -> Reply {
        let path = self.refund_path(email).await;
        let form = browser.get(&path).await.expect(200);
        let fields = [
            ("how", if amount.is_some() { "part" } else { "whole" }),
            ("amount", amount.unwrap_or_default()),
            ("words", "The thank-you could not be made."),
        ];
        browser.submit(&form, &format!("{path}/check"), &fields).await
    }

    /// Collected and lost, in minor units.
    pub async fn figures(&self) -> (i64, i64) {
        sqlx::query_as("select collected_minor, lost_minor from campaign_total where campaign_id = $1")
            .bind(self.campaign.id.as_uuid())
            .fetch_one(&self.world.owner)
            .await
            .unwrap()
    }

    /// The balance of an account of the campaign's book.
    pub async fn balance(&self, account: &str) -> i64 {
        let sql = "select coalesce(sum(balance_minor), 0)::bigint from account_balance
                   where book_id = $1 and account = $2";
        sqlx::query_scalar(sql)
            .bind(self.campaign.id.as_uuid())
            .bind(account)
            .fetch_one(&self.world.owner)
            .await
            .unwrap()
    }

    /// Ledger and provider agree, the figures hold, nothing is stuck.
    pub async fn all_is_well(&self) {
        let world = &self.world;
        world.ledger_verify().await;
        let state = world.sandbox_state().await;
        let total = state["balance"]["eur"]["total"].as_i64().unwrap_or(0);
        assert_eq!(self.balance("provider").await, total, "{state}");
        assert_eq!(self.balance("in-transit:refund").await, 0);
        let wrong = "select count(*) from campaign_total as total join campaign using (campaign_id)
             where decided_at is not null and (promised_minor <> collected_minor + at_risk_minor + lost_minor
                or collected_minor <> (
                    select coalesce(sum(greatest(payment.amount_minor - refunded_minor - gift_disputed_minor, 0)), 0)
                    from payment join pledge on pledge.campaign_id = book_id and pledge_id = subject_id
                    where book_id = total.campaign_id and subject_kind = 'pledge' and counts and state = 'paid'))";
        assert_eq!(world.count(wrong).await, 0, "the four figures");
        let stuck = "select (select count(*) from job where failed_at is not null)
            + (select count(*) from parked_entry)
            + (select count(*) from operation where state = 'written')
            + (select count(*) from provider_event where applied_at is null)";
        assert_eq!(world.count(stuck).await, 0, "something is stuck");
    }
}
