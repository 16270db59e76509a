//! What a support needs to know of its project: who gets the money, in which currency, and whether it can be paid.

use felag_domain::ids::ProjectId;
use felag_domain::money::Currency;
use felag_frontend::Lang;
use felag_frontend::project_edit::country;
use sqlx::{PgExecutor, PgPool};

/// A project, as those who support it see it.
#[derive(Debug, Clone)]
pub struct About {
    pub id: ProjectId,
    pub slug: String,
    pub name: String,
    pub holder_name: Option<String>,
    pub holder_address: Option<String>,
    pub holder_country: Option<String>,
    /// That of its latest campaign.
    pub currency: Currency,
    /// Its account at the provider can be paid: without one no support is taken.
    pub can_be_paid: bool,
}

macro_rules! select {
    ($rest:tt, $arg:expr) => {
        sqlx::query_as!(
            About,
            r#"select project_id as "id: _", slug, name, holder_name, holder_address, holder_country,
                      coalesce((select currency from campaign where campaign.project_id = project.project_id
                                order by campaign_id desc limit 1), 'EUR') as "currency!: Currency",
                      exists (select from payout_account
                              where payout_account.project_id = project.project_id and state = 'enabled')
                          as "can_be_paid!"
               from project "# + $rest,
            $arg
        )
    };
}

impl About {
    pub async fn by_slug(db: &PgPool, slug: &str) -> sqlx::Result<Option<About>> {
        select!("where slug = $1", slug).fetch_optional(db).await
    }

    pub async fn of(db: impl PgExecutor<'_>, project: ProjectId) -> sqlx::Result<About> {
        select!("where project_id = $1", project as _).fetch_one(db).await
    }

    /// Whether somebody may begin to support it.
    pub fn takes_support(&self) -> bool {
        self.can_be_paid && self.holder_name.is_some()
    }

    /// Who gets the money.
    pub fn holder(&self) -> String {
        self.holder_name.clone().unwrap_or_else(|| self.name.clone())
    }

    /// Address and country of the legal holder, a line each.
    pub fn holder_lines(&self, lang: Lang) -> Vec<String> {
        let country = self.holder_country.as_deref().map(|code| country(lang, code));
        let parts = [self.holder_address.as_deref(), country];
        let lines = parts.into_iter().flatten().flat_map(str::lines);
        lines.map(ToString::to_string).collect()
    }
}
