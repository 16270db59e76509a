//! Loans of a world: a campaign that asks for one, and lenders who sign, through the pages of the site and of the
//! payment provider.

use crate::asking::{Ask, Opened};
use crate::giving::card;
use crate::people::{PASSWORD, Person};
use crate::{Browser, Reply, World};

/// What a project asks to borrow, as it types it. Change what a test is about and leave the rest.
#[derive(Debug, Clone)]
pub struct Loan {
    pub amount: &'static str,
    pub least: &'static str,
    pub rate: &'static str,
    pub instalments: &'static str,
    pub period: &'static str,
    pub network_first: &'static str,
    pub counts: bool,
}

impl Default for Loan {
    /// A thousand euros at 5 %, in twelve months, that count towards the minimum.
    fn default() -> Self {
        Self {
            amount: "1000",
            least: "1000",
            rate: "5",
            instalments: "12",
            period: "monthly",
            network_first: "0",
            counts: true,
        }
    }
}

impl Loan {
    /// The fields of the form.
    pub fn fields(&self) -> Vec<(&'static str, &'static str)> {
        let mut fields = vec![
            ("amount", self.amount),
            ("least", self.least),
            ("rate", self.rate),
            ("instalments", self.instalments),
            ("period", self.period),
            ("kind", "equal_instalments"),
            ("grace_kind", "none"),
            ("grace", "0"),
            ("purpose", "Lenses in bulk, sold with every kit."),
            ("security", ""),
            ("figures", "Forty kits were sold last year, for 12,000 euros."),
            ("risks", "Fewer kits may be sold than last year."),
            ("network_first", self.network_first),
        ];
        if self.counts {
            fields.push(("counts", "yes"));
        }
        fields
    }
}

/// 500 euros at least, 2,000 at best, 30 days.
pub fn mixed_ask() -> Ask {
    Ask {
        minimum_minor: 50_000,
        full_plan_minor: 200_000,
        rewards: Vec::new(),
        ..Ask::default()
    }
}

/// A commitment that was signed.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Its page: `/my/commitments/…`.
    pub path: String,
    pub page: Reply,
}

impl World {
    /// An open campaign of a new project of `owner` that asks for a loan.
    pub async fn open_loan(&self, owner: &Person, ask: &Ask, loan: &Loan) -> Opened {
        let project = self.project(owner, &format!("{} tools", ask.title)).await;
        self.onboard(project, owner.id, ask.currency).await;
        let id = self.draft(project, ask).await;
        let found = felag::campaigns::store::find(&self.ctx.db, id)
            .await
            .ok()
            .flatten();
        let slug = found.unwrap_or_else(|| panic!("{id} is not there")).slug;
        self.ask_for(owner, &slug, loan).await.expect(303);
        self.launch(id).await
    }

    /// Sends the terms of a loan.
    pub async fn ask_for(&self, owner: &Person, slug: &str, loan: &Loan) -> Reply {
        let terms = format!("/campaigns/{slug}/loan/terms");
        let page = owner.browser.get(&terms).await.expect(200);
        owner.browser.submit(&page, &terms, &loan.fields()).await
    }

    /// Answers the questions that stand before a first loan.
    pub async fn answer_test(&self, lender: &Person) {
        let page = lender.browser.get("/my/lending/test").await.expect(200);
        let answers = [
            ("q1", "b"),
            ("q2", "a"),
            ("q3", "c"),
            ("q4", "b"),
            ("q5", "a"),
            ("acknowledged", "yes"),
        ];
        let told = lender
            .browser
            .submit(&page, "/my/lending/test", &answers)
            .await
            .expect(200);
        assert!(told.says("All answers are right"), "{}", told.words());
        let page = lender.browser.get("/my/lending/means").await.expect(200);
        let means = [("income", "30000"), ("assets", "20000"), ("obligations", "10000")];
        lender
            .browser
            .submit(&page, "/my/lending/means", &means)
            .await
            .expect(200);
    }

    /// The page that repeats everything, for an amount.
    pub async fn review(&self, lender: &Person, campaign: &Opened, amount: &str) -> Reply {
        let lend = format!("/campaigns/{}/loan/lend", campaign.slug);
        let page = lender.browser.get(&lend).await.expect(200);
        lender
            .browser
            .submit(&page, &format!("{lend}/review"), &[("amount", amount)])
            .await
    }

    /// Signs on the page that repeats everything. The answer leads to the provider, or says what was refused.
    pub async fn sign(&self, lender: &Person, campaign: &Opened, review: &Reply) -> Reply {
        let fields = [("signed_name", lender.name.as_str()), ("password", PASSWORD)];
        let action = format!("/campaigns/{}/loan/commitments", campaign.slug);
        lender.browser.submit(review, &action, &fields).await
    }

    /// Lends an amount, to the end: test, amount, review, signature, the provider's page.
    pub async fn lend(&self, lender: &Person, campaign: &Opened, amount: &str) -> Signed {
        self.lend_with(lender, campaign, amount, card::WORKS).await
    }

    /// As [`World::lend`], with a card.
    pub async fn lend_with(&self, lender: &Person, campaign: &Opened, amount: &str, card: &str) -> Signed {
        self.answer_test(lender).await;
        let review = self.review(lender, campaign, amount).await.expect(200);
        let checkout = self.sign(lender, campaign, &review).await.expect(303);
        let page = lender.browser.follow(checkout).await;
        let page = self.pay(&lender.browser, page, card).await.expect(200);
        let path = page.url.trim_start_matches(&self.base).to_string();
        assert!(
            path.starts_with("/my/commitments/"),
            "signing ended at {path}: {}",
            page.words()
        );
        Signed { path, page }
    }

    /// The project signs, once lending has closed.
    pub async fn sign_for_project(&self, owner: &Person, campaign: &Opened) -> Reply {
        self.come_back(owner).await;
        let signature = format!("/campaigns/{}/loan/signature", campaign.slug);
        let page = owner.browser.get(&signature).await.expect(200);
        let fields = [("signed_name", "Ada Baker"), ("password", PASSWORD)];
        owner.browser.submit(&page, &signature, &fields).await
    }

    /// Lets lending close: a moment after the last day on which somebody may commit has begun.
    pub async fn close_lending(&self, campaign: &Opened) {
        let day = campaign.deadline.date() - time::Duration::days(4);
        self.advance_to(day.midnight().assume_utc() + time::Duration::MINUTE)
            .await;
    }

    /// What a lender's browser shows of the commitment.
    pub async fn shown(&self, browser: &Browser, signed: &Signed) -> Reply {
        browser.get(&signed.path).await.expect(200)
    }
}
