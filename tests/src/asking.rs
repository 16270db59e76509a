//! Projects and campaigns of a world.

use felag::campaigns::draft_store::NewDraft;
use felag::campaigns::{self, draft, lifecycle};
use felag::projects::{self, NotSaved};
use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use felag_domain::money::{Currency, Money};
use felag_domain::project::{TypedDetails, TypedHolder};
use time::OffsetDateTime;

use crate::World;
use crate::people::Person;

/// A campaign to be opened. Change what a test is about and leave the rest.
#[derive(Debug, Clone)]
pub struct Ask {
    pub title: String,
    pub currency: &'static str,
    pub minimum_minor: i64,
    pub full_plan_minor: i64,
    pub days: i32,
    /// `unwind`, or the percentage from which it goes on.
    pub if_short: &'static str,
    /// `all_or_nothing` or `keep_what_comes`.
    pub way: &'static str,
    /// Title, price, limit.
    pub rewards: Vec<(&'static str, i64, Option<i32>)>,
}

impl Default for Ask {
    /// 1,000 euros at least, 2,000 at best, 30 days, one reward without a limit.
    fn default() -> Self {
        Self {
            title: "A microscope for every school".into(),
            currency: "EUR",
            minimum_minor: 100_000,
            full_plan_minor: 200_000,
            days: 30,
            if_short: "unwind",
            way: "all_or_nothing",
            rewards: vec![("A printed manual", 2_500, None)],
        }
    }
}

/// A campaign that is open.
#[derive(Debug, Clone)]
pub struct Opened {
    pub id: CampaignId,
    pub project: ProjectId,
    pub slug: String,
    pub deadline: OffsetDateTime,
    /// In the order of [`Ask::rewards`].
    pub rewards: Vec<String>,
}

impl World {
    /// Starts a project through its use cases, legal holder and all.
    pub async fn project(&self, owner: &Person, name: &str) -> ProjectId {
        let details = TypedDetails {
            name,
            summary: "Good tools that anybody may build.",
            story: "We publish everything we make.",
            place: "Leipzig",
            homepage: "",
            repository: "",
            licences: "CERN-OHL-S-2.0",
            reply_to: &owner.email,
        };
        let holder = TypedHolder {
            name: "Open Tools e.V.",
            form: "association",
            country: "DE",
            address: "Karl-Heine-Str. 1\n04229 Leipzig",
            register: "VR 1234",
            tax_number: "",
            signatory: "Ada Baker",
        };
        let mut tx = self
            .ctx
            .db
            .begin()
            .await
            .unwrap_or_else(|cause| panic!("{cause}"));
        let started = projects::start(&mut tx, &self.ctx, owner.id, details).await;
        let (project, slug) = started.unwrap_or_else(|cause| panic!("no project: {cause:?}"));
        tx.commit().await.unwrap_or_else(|cause| panic!("{cause}"));
        let found = projects::store::find_by_slug(&self.ctx.db, &slug)
            .await
            .ok()
            .flatten();
        let version = found.unwrap_or_else(|| panic!("{slug} is not there")).version;
        let saved = projects::save_holder(&self.ctx, project, owner.id, version, holder).await;
        saved.unwrap_or_else(|cause| panic!("no holder: {cause:?}"));
        project
    }

    /// An open campaign of a new project of `owner` that can be paid: drafted, submitted, approved by a steward, opened.
    pub async fn open_campaign(&self, owner: &Person, ask: &Ask) -> Opened {
        let project = self.project(owner, &format!("{} tools", ask.title)).await;
        self.onboard(project, owner.id, ask.currency).await;
        let id = self.draft(project, ask).await;
        self.launch(id).await
    }

    /// Sends a draft to be read, has it approved, and lets it open.
    pub async fn launch(&self, id: CampaignId) -> Opened {
        lifecycle::submit(&self.ctx, id)
            .await
            .unwrap_or_else(|cause| panic!("not submitted: {cause:?}"));
        let steward = self.reviewer().await;
        let approved = lifecycle::approve(&self.ctx, id, steward, self.ctx.now()).await;
        approved.unwrap_or_else(|cause| panic!("not approved: {cause:?}"));
        self.quiet().await;
        self.opened(id).await
    }

    /// A whole draft that may be submitted.
    pub async fn draft(&self, project: ProjectId, ask: &Ask) -> CampaignId {
        let currency = Currency::OFFERED
            .iter()
            .copied()
            .find(|one| one.code() == ask.currency);
        let currency = currency.unwrap_or_else(|| panic!("{} is not offered", ask.currency));
        let typed = |minor: i64| felag_frontend::format::typed(&Money::from_minor(minor, currency));
        let summary = "Ten kits, and all the drawings.";
        let ask_for = Money::from_minor(ask.minimum_minor, currency);
        let new = NewDraft {
            title: &ask.title,
            summary,
            story: "Long.",
            ask: ask_for,
        };
        let mut tx = self
            .ctx
            .db
            .begin()
            .await
            .unwrap_or_else(|cause| panic!("{cause}"));
        let begun = draft::begin(&mut tx, &self.ctx, project, &new).await;
        let (id, _) = begun.unwrap_or_else(|cause| panic!("no draft: {cause:?}"));
        tx.commit().await.unwrap_or_else(|cause| panic!("{cause}"));
        let basics = [
            ("title", ask.title.clone()),
            ("summary", summary.into()),
            ("currency", ask.currency.into()),
            ("minimum", typed(ask.minimum_minor)),
            ("full_plan", typed(ask.full_plan_minor)),
            ("duration_days", ask.days.to_string()),
            ("time_zone", "UTC".into()),
            ("if_short", ask.if_short.into()),
            ("way", ask.way.into()),
            ("version", self.version(id).await),
        ];
        saved(
            "basics",
            draft::save_basics(&self.ctx, id, &["UTC"], &basics.into()).await,
        );
        let story = "We build a microscope that every school can build again.".to_string();
        let texts = [
            ("story", story),
            ("risks", "Lenses may be late.".into()),
            ("version", self.version(id).await),
        ];
        saved("texts", draft::save_texts(&self.ctx, id, &texts.into()).await);
        self.budget(id, ask, currency).await;
        self.rewards(id, ask, currency).await;
        let commons = [
            ("kind", "design".to_string()),
            ("title", "All drawings".into()),
            ("licence", "CERN-OHL-S-2.0".into()),
            ("due", "2026-12-01".into()),
            ("place", "https://example.org/microscope".into()),
        ];
        saved(
            "commons return",
            draft::save_return(&self.ctx, id, None, &commons.into()).await,
        );
        id
    }

    async fn budget(&self, id: CampaignId, ask: &Ask, currency: Currency) {
        let typed = |minor: i64| felag_frontend::format::typed(&Money::from_minor(minor, currency));
        let line = [
            ("kind", "material".to_string()),
            ("title", "Lenses and steel".into()),
            ("at_minimum", typed(ask.minimum_minor)),
            ("at_full_plan", typed(ask.full_plan_minor)),
        ];
        saved(
            "budget",
            draft::save_budget_line(&self.ctx, id, None, &line.into()).await,
        );
    }

    async fn rewards(&self, id: CampaignId, ask: &Ask, currency: Currency) {
        let typed = |minor: i64| felag_frontend::format::typed(&Money::from_minor(minor, currency));
        for (title, price, limit) in &ask.rewards {
            let reward = [
                ("title", (*title).to_string()),
                ("description", "With our thanks.".into()),
                ("price", typed(*price)),
                ("limit", limit.map(|limit| limit.to_string()).unwrap_or_default()),
                ("delivery", "2026-12-01".into()),
            ];
            saved(
                "reward",
                draft::save_reward(&self.ctx, id, None, &reward.into()).await,
            );
        }
    }

    /// A campaign as it now stands, its dates and rewards.
    pub async fn opened(&self, id: CampaignId) -> Opened {
        let campaign = campaigns::store::find(&self.ctx.db, id).await.ok().flatten();
        let campaign = campaign.unwrap_or_else(|| panic!("{id} is not there"));
        let rewards = campaigns::store::rewards(&self.ctx.db, id)
            .await
            .unwrap_or_default();
        Opened {
            id,
            project: campaign.project_id,
            deadline: campaign
                .deadline_at
                .unwrap_or_else(|| panic!("{id} is {:?}, without a deadline", campaign.state)),
            slug: campaign.slug,
            rewards: rewards.into_iter().map(|reward| reward.id.to_string()).collect(),
        }
    }

    async fn version(&self, id: CampaignId) -> String {
        let campaign = campaigns::store::find(&self.ctx.db, id).await.ok().flatten();
        campaign
            .unwrap_or_else(|| panic!("{id} is not there"))
            .version
            .to_string()
    }

    /// A steward who belongs to no project.
    async fn reviewer(&self) -> PersonId {
        let made = async { self.steward("reviewer").await.id };
        *self.reviewer.get_or_init(|| made).await
    }
}

#[track_caller]
fn saved(what: &str, outcome: Result<(), NotSaved>) {
    outcome.unwrap_or_else(|cause| panic!("{what} was not saved: {cause:?}"));
}
