//! How campaigns end when not everything goes as planned: short, unwound, cancelled, paused, without a payout account.

mod cancelled;
mod short;
mod suspended;
mod unpayable;

use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::people::Person;
use felag_tests::{Browser, Reply, World};
use time::Duration;

use crate::refunds::Funded;

/// An open campaign with one gift of each, of a backer of its own, and a steward who may decide about it.
pub struct Stage {
    pub all: Funded,
    pub steward: Person,
}

pub async fn stage(ask: &Ask, gifts: &[Gift]) -> Stage {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let steward = world.steward("decider").await;
    let campaign = world.open_campaign(&owner, ask).await;
    for (number, gift) in gifts.iter().enumerate() {
        let gift = Gift {
            email: format!("backer{number}@felag.example"),
            name: format!("Backer {number}"),
            ..gift.clone()
        };
        world.pledge(&campaign, &gift).await;
    }
    let all = Funded {
        world,
        owner,
        campaign,
    };
    Stage { all, steward }
}

impl Stage {
    pub fn world(&self) -> &World {
        &self.all.world
    }

    pub fn campaign(&self) -> &Opened {
        &self.all.campaign
    }

    /// Plays on to so long after the deadline; both may act on money then.
    pub async fn after_deadline(&self, after: Duration) {
        self.world().advance_to(self.campaign().deadline + after).await;
        self.may_act().await;
    }

    pub async fn may_act(&self) {
        for person in [&self.all.owner, &self.steward] {
            // Weeks may have passed.
            if person.browser.get("/sign-in").await.status == 200 {
                self.world().sign_in(&person.browser, &person.email).await;
            }
            self.world().prove(person).await;
        }
    }

    /// Form, check, button: what the button answers.
    pub async fn decide(&self, browser: &Browser, what: &str) -> Reply {
        let path = format!("/campaigns/{}/decision", self.campaign().slug);
        let page = browser.get(&path).await.expect(200);
        let field = format!("reason-{what}");
        let form = page
            .text
            .split("<form")
            .find(|form| form.contains(&format!("value=\"{what}\"")))
            .unwrap_or_else(|| panic!("{what} cannot be decided: {}", page.words()));
        assert!(form.contains(&field));
        let fields = [("what", what), (field.as_str(), "The workshop burned down.")];
        let check = browser
            .submit(&page, &format!("{path}/check"), &fields)
            .await
            .expect(200);
        assert!(check.says("The workshop burned down."), "{}", check.words());
        browser.submit(&check, &path, &[]).await
    }

    pub async fn state(&self) -> String {
        sqlx::query_scalar("select state from campaign where campaign_id = $1")
            .bind(self.campaign().id.as_uuid())
            .fetch_one(&self.world().owner)
            .await
            .unwrap()
    }

    /// The states of the pledges, in the order they were made.
    pub async fn pledges(&self) -> Vec<String> {
        sqlx::query_scalar("select state from pledge where campaign_id = $1 order by pledge_id")
            .bind(self.campaign().id.as_uuid())
            .fetch_all(&self.world().owner)
            .await
            .unwrap()
    }

    pub async fn kinds(&self, email: &str) -> Vec<String> {
        self.world().kinds_of_mails_to(email).await
    }

    /// Nobody has paid anything in the end, as the sandbox sees it.
    pub async fn nobody_paid(&self) {
        let state = self.world().sandbox_state().await;
        for (intent, charge) in state["charges"].as_object().cloned().unwrap_or_default() {
            assert_eq!(charge["paid"], charge["refunded"], "{intent}: {charge}");
        }
    }
}
