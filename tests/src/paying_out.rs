//! Projects that can be paid, people who may move money, and campaigns with money to pay out: through the pages of
//! the site and of the payment provider.

use felag::{payout_accounts, projects};
use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person::Role;

use crate::asking::{Ask, Opened};
use crate::giving::Gift;
use crate::people::Person;
use crate::{Browser, World};

/// Test bank accounts of the sandbox.
pub mod bank {
    /// Payouts are paid after a day.
    pub const WORKS: &str = "DE89370400440532013000";
    /// The same, at another bank.
    pub const WORKS_TOO: &str = "FR1420041010050500013M02606";
    /// Payouts fail after a day: there is no such account.
    pub const NO_ACCOUNT: &str = "DE62370400440532013001";
    /// Payouts are paid after a day, and come back three days later.
    pub const COMES_BACK: &str = "DE08370400440532013003";
}

/// How the provider's check of an account ends.
pub mod check {
    pub const FINISHES: &str = "finish";
    pub const WANTS_DOCUMENTS: &str = "documents";
    pub const NEVER_ENDS: &str = "never";
    pub const REJECTS: &str = "reject";
}

impl World {
    /// Gives a project an account at the provider that can be paid.
    pub async fn onboard(&self, project: ProjectId, person: PersonId, currency: &str) {
        let link = self.onboarding_link(project, person).await;
        self.onboard_at(&link, bank::WORKS, currency, check::FINISHES)
            .await;
        payout_accounts::look(&self.ctx, project)
            .await
            .unwrap_or_else(|cause| panic!("the account cannot be asked for: {cause:#}"));
        self.quiet().await;
    }

    /// A fresh address of the provider's page, as a click makes it.
    pub async fn onboarding_link(&self, project: ProjectId, person: PersonId) -> String {
        let found = projects::store::find(&self.ctx.db, project).await.ok().flatten();
        let project = found.unwrap_or_else(|| panic!("{project} is not there"));
        payout_accounts::start(&self.ctx, &project, person)
            .await
            .unwrap_or_else(|cause| panic!("no page to fill in: {cause:?}"))
    }

    /// Fills the provider's page in. Answers where it leads back to.
    pub async fn onboard_at(&self, link: &str, bank: &str, currency: &str, end: &str) -> String {
        let browser = self.browser();
        let entered = browser.get(link).await.expect(303);
        let page = browser
            .get(&self.at_provider(&entered.location()))
            .await
            .expect(200);
        let typed = [
            ("name", "Open Tools e.V."),
            ("kind", "non_profit"),
            ("number", bank),
            ("currency", currency),
            ("end", end),
        ];
        browser
            .submit(&page, "/onboard/", &typed)
            .await
            .expect(303)
            .location()
    }

    fn at_provider(&self, path: &str) -> String {
        if path.starts_with('/') {
            format!("{}{path}", self.sandbox.base_url().trim_end_matches('/'))
        } else {
            path.to_string()
        }
    }

    /// Gives somebody a role in a project.
    pub async fn join(&self, project: ProjectId, person: &Person, role: Role) {
        let mut conn = self
            .ctx
            .db
            .acquire()
            .await
            .unwrap_or_else(|cause| panic!("{cause}"));
        projects::add_member(&mut conn, &self.ctx, project, person.id, role)
            .await
            .unwrap_or_else(|cause| panic!("{} did not join: {cause}", person.email));
    }

    /// Signs somebody in again, weeks later, with a fresh code.
    pub async fn come_back(&self, person: &Person) {
        self.sign_in(&person.browser, &person.email).await;
        self.prove(person).await;
    }

    /// A campaign that collected: 60 and 50 euros, 5 as a tip. It ends a moment after its deadline.
    pub async fn funded_campaign(&self, owner: &Person) -> Opened {
        let campaign = self.open_campaign(owner, &small_ask()).await;
        self.fund(&campaign).await;
        campaign
    }

    /// Gives what [`World::funded_campaign`] collects, and lets the deadline pass.
    pub async fn fund(&self, campaign: &Opened) {
        let tip = Gift {
            tip: "5".into(),
            ..Gift::of("50", "tipper@felag.example")
        };
        self.pledge(campaign, &Gift::of("60", "giver@felag.example"))
            .await;
        self.pledge(campaign, &tip).await;
        self.advance_to(campaign.deadline + time::Duration::MINUTE).await;
    }
}

/// A hundred euros at least.
pub fn small_ask() -> Ask {
    Ask {
        minimum_minor: 10_000,
        full_plan_minor: 20_000,
        days: 7,
        rewards: Vec::new(),
        ..Ask::default()
    }
}

/// A form of a page, sent by somebody.
pub async fn press(browser: &Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> crate::Reply {
    let page = browser.get(page).await.expect(200);
    browser.submit(&page, action, fields).await
}
