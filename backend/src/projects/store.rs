//! The SQL of projects and their members.

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person::Role;
use felag_domain::project::{Details, LegalHolder};
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::slug;

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
            r#"select project_id as "id: ProjectId", slug, name, summary, story, place, homepage,
                repository, licences,
                      holder_name, holder_form, holder_country, holder_address, holder_register,
                          holder_tax_number,
                      holder_signatory, reply_to, version
               from project "# + $where,
            $($argument),*
        )
    };
}

/// The project at `/projects/<slug>`.
pub async fn find_by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Project>> {
    Ok(projects!("where slug = $1", slug)
        .fetch_optional(db)
        .await?
        .map(Project::from))
}

/// The project with this id.
pub async fn find(db: impl PgExecutor<'_>, id: ProjectId) -> sqlx::Result<Option<Project>> {
    Ok(projects!("where project_id = $1", id.as_uuid())
        .fetch_optional(db)
        .await?
        .map(Project::from))
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

/// How many projects a person owns. Their row is held until the transaction ends.
pub async fn count_owned(conn: &mut PgConnection, owner: PersonId) -> sqlx::Result<usize> {
    sqlx::query!(
        "select person_id from person where person_id = $1 for update",
        owner.as_uuid()
    )
    .fetch_one(&mut *conn)
    .await?;
    let owned = sqlx::query_scalar!(
        r#"select count(*) as "owned!" from member where person_id = $1 and role = 'owner'"#,
        owner.as_uuid(),
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(owned).unwrap_or(usize::MAX))
}

/// Keeps a new project; its address is made from its name.
pub async fn insert(
    conn: &mut PgConnection,
    id: ProjectId,
    details: &Details,
    now: OffsetDateTime,
) -> sqlx::Result<String> {
    let (name, summary) = (details.project.name(), details.project.summary());
    let licences: Vec<String> = details.licences.iter().map(ToString::to_string).collect();
    // Somebody else may take an address between looking and writing: then look again.
    loop {
        let like = format!("{}%", felag_domain::text::slug(name));
        let taken = sqlx::query_scalar!("select slug from project where slug like $1", like)
            .fetch_all(&mut *conn)
            .await?;
        let slug = slug::free(name, &taken);
        let done = sqlx::query!(
            "insert into project (project_id, slug, name, summary, story, place, homepage, repository,
                licences,
                                  reply_to, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
             on conflict on constraint one_project_per_slug do nothing",
            id.as_uuid(),
            slug,
            name,
            summary,
            details.story,
            details.place,
            details.homepage,
            details.repository,
            &licences,
            details.reply_to.as_str(),
            now,
        )
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() > 0 {
            return Ok(slug);
        }
    }
}

pub async fn insert_member(
    conn: &mut PgConnection,
    project: ProjectId,
    person: PersonId,
    role: Role,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into member (project_id, person_id, role, created_at) values ($1, $2, $3,
            $4) on conflict do nothing",
        project.as_uuid(),
        person.as_uuid(),
        role.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Saves the page; false when `version` is no longer the newest.
pub async fn update_details(
    db: impl PgExecutor<'_>,
    project: ProjectId,
    version: i32,
    details: &Details,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let licences: Vec<String> = details.licences.iter().map(ToString::to_string).collect();
    let done = sqlx::query!(
        "update project set name = $3, summary = $4, story = $5, place = $6, homepage = $7, repository = $8,
                            licences = $9, reply_to = $10, updated_at = $11, version = version + 1
         where project_id = $1 and version = $2",
        project.as_uuid(),
        version,
        details.project.name(),
        details.project.summary(),
        details.story,
        details.place,
        details.homepage,
        details.repository,
        &licences,
        details.reply_to.as_str(),
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Saves the legal holder; false when `version` is no longer the newest.
pub async fn update_holder(
    db: impl PgExecutor<'_>,
    project: ProjectId,
    version: i32,
    holder: &LegalHolder,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update project set holder_name = $3, holder_form = $4, holder_country = $5, holder_address = $6,
                            holder_register = $7, holder_tax_number = $8, holder_signatory = $9,
                                updated_at = $10,
                            version = version + 1
         where project_id = $1 and version = $2",
        project.as_uuid(),
        version,
        holder.name,
        holder.form.as_str(),
        holder.country,
        holder.address,
        holder.register,
        holder.tax_number,
        holder.signatory,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Somebody of a project, by the name they show.
#[derive(Debug, Clone)]
pub struct Named {
    pub name: String,
    pub role: Role,
}

/// The members, each with every role they have.
pub async fn members(db: impl PgExecutor<'_>, project: ProjectId) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select display_name as name, role as "role: Role"
           from member join person using (person_id) where project_id = $1 order by member.created_at,
               person_id, role"#,
        project.as_uuid(),
    )
    .fetch_all(db)
    .await
}

/// The projects a person is a member of, the newest first, with the person's roles in each.
pub async fn of_person(
    db: impl PgExecutor<'_>,
    person: PersonId,
) -> sqlx::Result<Vec<(ProjectId, Vec<Role>)>> {
    let rows = sqlx::query!(
        r#"select project_id as "id: ProjectId", array_agg(role order by role) as "roles!: Vec<Role>"
           from member where person_id = $1 group by project_id order by project_id desc limit 100"#,
        person.as_uuid(),
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.roles)).collect())
}
