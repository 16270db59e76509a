//! The SQL of projects and their members.

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person::Role;
use sqlx::PgExecutor;

/// A project as its pages and forms need it.
#[derive(Debug, Clone)]
pub struct Project {
    pub id: ProjectId,
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub story: String,
    pub place: String,
    pub homepage: Option<String>,
    pub repository: Option<String>,
    /// SPDX expressions.
    pub licences: Vec<String>,
    pub holder: Option<Holder>,
    pub reply_to: String,
    pub version: i32,
}

/// The legal holder: who answers for a project's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub name: String,
    pub form: String,
    /// Two capital letters of ISO 3166.
    pub country: String,
    pub address: String,
    pub register: String,
    pub tax_number: String,
    pub signatory: String,
}

struct Row {
    id: ProjectId,
    slug: String,
    name: String,
    summary: String,
    story: String,
    place: String,
    homepage: Option<String>,
    repository: Option<String>,
    licences: Vec<String>,
    holder_name: Option<String>,
    holder_form: Option<String>,
    holder_country: Option<String>,
    holder_address: Option<String>,
    holder_register: Option<String>,
    holder_tax_number: Option<String>,
    holder_signatory: Option<String>,
    reply_to: String,
    version: i32,
}

impl From<Row> for Project {
    fn from(row: Row) -> Self {
        let holder = row.holder_name.map(|name| Holder {
            name,
            form: row.holder_form.unwrap_or_default(),
            country: row.holder_country.unwrap_or_default(),
            address: row.holder_address.unwrap_or_default(),
            register: row.holder_register.unwrap_or_default(),
            tax_number: row.holder_tax_number.unwrap_or_default(),
            signatory: row.holder_signatory.unwrap_or_default(),
        });
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            summary: row.summary,
            story: row.story,
            place: row.place,
            homepage: row.homepage,
            repository: row.repository,
            licences: row.licences,
            holder,
            reply_to: row.reply_to,
            version: row.version,
        }
    }
}

/// One list of columns for every way to find a project.
macro_rules! projects {
    ($where:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select project_id as "id: ProjectId", slug, name, summary, story, place, homepage, repository, licences,
                      holder_name, holder_form, holder_country, holder_address, holder_register, holder_tax_number,
                      holder_signatory, reply_to, version
               from project "# + $where,
            $($argument),*
        )
    };
}

/// The project at `/projects/<slug>`.
pub async fn find_by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Project>> {
    Ok(projects!("where slug = $1", slug).fetch_optional(db).await?.map(Project::from))
}

/// The project with this id.
pub async fn find(db: impl PgExecutor<'_>, id: ProjectId) -> sqlx::Result<Option<Project>> {
    Ok(projects!("where project_id = $1", id.as_uuid()).fetch_optional(db).await?.map(Project::from))
}

/// What `person` may do in the project; nothing for strangers.
pub async fn roles(db: impl PgExecutor<'_>, project: ProjectId, person: PersonId) -> sqlx::Result<Vec<Role>> {
    sqlx::query_scalar!(
        r#"select role as "role: Role" from member where project_id = $1 and person_id = $2"#,
        project.as_uuid(),
        person.as_uuid(),
    )
    .fetch_all(db)
    .await
}
