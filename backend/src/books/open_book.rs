//! Whose book a page or an export shows, and under which name.

use felag_domain::ids::{BookId, CampaignId, ProjectId};
use sqlx::PgPool;

use super::store;
use crate::campaigns;
use crate::campaigns::store::Campaign;
use crate::projects;

/// Whose book it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The platform's own money.
    Platform,
    /// Gifts to a campaign.
    Campaign(Box<Campaign>),
    /// Standing support of a project.
    Project { slug: String, name: String },
}

/// A book and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBook {
    pub id: BookId,
    pub owner: Owner,
}

impl OpenBook {
    /// The platform's own book. It is there before anything is booked in it.
    #[must_use]
    pub const fn of_platform() -> Self {
        Self {
            id: BookId::PLATFORM,
            owner: Owner::Platform,
        }
    }

    /// The book of a campaign.
    #[must_use]
    pub fn of_campaign(campaign: Campaign) -> Self {
        Self {
            id: BookId::of_campaign(campaign.id),
            owner: Owner::Campaign(Box::new(campaign)),
        }
    }

    /// The book of a project's support.
    #[must_use]
    pub fn of_project(project: projects::store::Project) -> Self {
        Self {
            id: BookId::of_project(project.id),
            owner: Owner::Project {
                slug: project.slug,
                name: project.name,
            },
        }
    }

    /// The campaign, for the names of those who gave to it.
    #[must_use]
    pub fn campaign(&self) -> Option<&Campaign> {
        match &self.owner {
            Owner::Campaign(campaign) => Some(campaign),
            Owner::Platform | Owner::Project { .. } => None,
        }
    }

    /// What kind of book it is, in one word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.owner {
            Owner::Platform => "platform",
            Owner::Campaign(_) => "campaign",
            Owner::Project { .. } => "project",
        }
    }

    /// Its owner in addresses; empty for the platform.
    #[must_use]
    pub fn slug(&self) -> &str {
        match &self.owner {
            Owner::Platform => "",
            Owner::Campaign(campaign) => &campaign.slug,
            Owner::Project { slug, .. } => slug,
        }
    }

    /// Its owner by name.
    #[must_use]
    pub fn title(&self) -> &str {
        match &self.owner {
            Owner::Platform => "Felag",
            Owner::Campaign(campaign) => &campaign.title,
            Owner::Project { name, .. } => name,
        }
    }

    /// Kind and slug in one word: `platform`, `campaign/open-oven`. No two books have the same.
    #[must_use]
    pub fn word(&self) -> String {
        match self.slug() {
            "" => self.kind().to_string(),
            slug => format!("{}/{slug}", self.kind()),
        }
    }

    /// The address of its page.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.owner {
            Owner::Platform => "/books".to_string(),
            Owner::Campaign(campaign) => format!("/campaigns/{}/books", campaign.slug),
            Owner::Project { slug, .. } => format!("/projects/{slug}/books"),
        }
    }

    /// Whether everybody may see it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        match &self.owner {
            Owner::Platform | Owner::Project { .. } => true,
            Owner::Campaign(campaign) => campaign.is_public(),
        }
    }
}

/// The book with this id and its owner; `None` when there is no such book, or nobody it could belong to.
pub async fn find(db: &PgPool, id: BookId) -> anyhow::Result<Option<OpenBook>> {
    let Some(kind) = store::kind_of_book(db, id).await? else {
        return Ok(None);
    };
    Ok(match kind.as_str() {
        "platform" => Some(OpenBook::of_platform()),
        "campaign" => campaigns::store::find(db, CampaignId::from_uuid(id.as_uuid()))
            .await?
            .map(OpenBook::of_campaign),
        "project" => projects::store::find(db, ProjectId::from_uuid(id.as_uuid()))
            .await?
            .map(OpenBook::of_project),
        other => anyhow::bail!("book {id} is of an unknown kind, {other}"),
    })
}
