//! Two projects, with drafts, a campaign that is open, backers and links; and one visitor of every kind.

use std::collections::BTreeMap;

use felag::campaigns;
use felag::people::links::{self, Purpose};
use felag::people::{self, NewPerson};
use felag::projects;
use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use felag_domain::person;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::people::{PASSWORD, Person};
use felag_tests::{Browser, Reply, World};
use uuid::Uuid;

use super::asked::{invitation, lost_factor};
use super::table::Row;

/// Every kind of visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Guest,
    /// Signed in; the address is not confirmed.
    New,
    Stranger,
    Backer,
    Treasurer,
    Editor,
    Owner,
    Steward,
}

impl Role {
    pub const ALL: [Role; 8] = [
        Role::Guest,
        Role::New,
        Role::Stranger,
        Role::Backer,
        Role::Treasurer,
        Role::Editor,
        Role::Owner,
        Role::Steward,
    ];
}

/// Whose project a request is about: the one that treasurer, editor and owner belong to, or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Own,
    Others,
}

/// A project with everything that a path can name.
struct Things {
    slug: String,
    draft: Draft,
    /// A draft that lacks nothing.
    sent: String,
    open: Opened,
    update: String,
    pledge: String,
    follow: String,
    leave: String,
    mail: String,
    /// Somebody's place: who, and which.
    member: (String, String),
    /// The id and the link of an invitation.
    invited: (String, String),
    reset: String,
    lost_factor: String,
    /// One for each role: it works once.
    confirm: Vec<String>,
    /// Words that only members and stewards read, and words that only members do.
    secret: [String; 2],
}

struct Draft {
    slug: String,
    line: String,
    reward: String,
    commons: String,
}

/// Everybody, and what they ask for.
pub struct Cast {
    browsers: BTreeMap<usize, Browser>,
    own: Things,
    others: Things,
}

impl Cast {
    pub async fn gather(world: &World) -> Self {
        let owner = world.person("owner").await;
        let backer = world.person("backer").await;
        let other = world.person("other").await;
        let mut own = Things::make(world, &owner, &backer.browser, "Solar oven").await;
        let guest = world.browser();
        let others = Things::make(world, &other, &guest, "Kanarienvogel").await;
        let sent = campaigns::store::find_by_slug(&world.ctx.db, &others.sent).await;
        let sent = sent.unwrap().unwrap().id;
        campaigns::lifecycle::submit(&world.ctx, sent).await.unwrap();
        let new = world.browser();
        unconfirmed(world, "new@felag.example").await;
        world.sign_in(&new, "new@felag.example").await;
        let (treasurer, editor) = (world.person("treasurer").await, world.person("editor").await);
        let (stranger, steward) = (world.person("stranger").await, world.steward("steward").await);
        // What is asked here is who may: everybody has given a code, so nobody is led away to do that first.
        for person in [&stranger, &backer, &treasurer, &editor, &owner, &steward] {
            world.prove(person).await;
        }
        join(world, own.open.project, treasurer.id, person::Role::Treasurer).await;
        join(world, own.open.project, editor.id, person::Role::Editor).await;
        own.member = (treasurer.id.to_string(), "treasurer".into());
        let browsers = [
            (Role::Guest, world.browser()),
            (Role::New, new),
            (Role::Stranger, stranger.browser),
            (Role::Backer, backer.browser),
            (Role::Treasurer, treasurer.browser),
            (Role::Editor, editor.browser),
            (Role::Owner, owner.browser),
            (Role::Steward, steward.browser),
        ];
        world.quiet().await;
        Self {
            browsers: browsers
                .into_iter()
                .map(|(role, browser)| (role as usize, browser))
                .collect(),
            own,
            others,
        }
    }

    pub fn browser(&self, role: Role) -> &Browser {
        &self.browsers[&(role as usize)]
    }

    /// The path of a row, filled in for `role`.
    pub fn path(&self, row: &Row, role: Role, whose: Whose) -> String {
        let things = match whose {
            Whose::Own => &self.own,
            Whose::Others => &self.others,
        };
        let (name, value) = things.named(row, role);
        row.path
            .replace(name, &value)
            .replace("{id}", things.id(row))
            .replace("{role}", &things.member.1)
    }

    /// The path of a row, filled in with what does not exist.
    pub fn path_of_nothing(&self, row: &Row) -> String {
        let id = Uuid::from_u128(7).to_string();
        row.path
            .replace("{slug}", "nothing-here")
            .replace("{id}", &id)
            .replace("{role}", "owner")
            .replace("{token}", "0123456789abcdef0123456789abcdef")
            .replace("{*name}", "nothing.css")
    }

    /// Whether an answer says what only members of the first project may read.
    pub fn is_own_secret(&self, answer: &Reply) -> bool {
        self.own.secret.iter().any(|secret| answer.text.contains(secret))
    }

    /// What an answer says that is not for `role`.
    pub fn told(&self, answer: &Reply, role: Role) -> Vec<String> {
        let is_member = matches!(role, Role::Treasurer | Role::Editor | Role::Owner);
        let [words, people] = &self.others.secret;
        let [own_words, own_people] = &self.own.secret;
        let hidden = [
            (role != Role::Steward).then_some(words),
            Some(people),
            (!is_member && role != Role::Steward).then_some(own_words),
            // Their own address stands on the pages of a backer.
            (!is_member && role != Role::Backer).then_some(own_people),
        ];
        // The address that was asked for may come back.
        let asked: String = answer.url.splitn(4, '/').nth(3).unwrap_or_default().into();
        let text = answer.text.replace(&asked, "");
        let told = hidden
            .into_iter()
            .flatten()
            .filter(|secret| text.contains(*secret));
        told.map(|secret| format!("{} tells {role:?}: {secret}", answer.url))
            .collect()
    }
}

impl Things {
    async fn make(world: &World, owner: &Person, backer: &Browser, name: &str) -> Self {
        let ask = |title: String| Ask {
            title,
            ..Ask::default()
        };
        let open = world.open_campaign(owner, &ask(name.into())).await;
        world.prove(owner).await;
        let secret = format!("{}-geheimplan", felag_domain::text::slug(name));
        let draft = world.draft(open.project, &ask(format!("{secret}-1"))).await;
        let sent = world.draft(open.project, &ask(format!("{secret}-2"))).await;
        let gift = Gift {
            visibility: "anonymous",
            name: format!("{secret}-name"),
            email: format!("{secret}@felag.example"),
            ..Gift::default()
        };
        let slug = text(
            world,
            "select slug from project where project_id = $1",
            open.project.as_uuid(),
        )
        .await;
        let pledge = world.pledge_as(backer, &open, &gift).await.path;
        let giver = text(
            world,
            "select email from pledge where campaign_id = $1",
            open.id.as_uuid(),
        )
        .await;
        Self {
            member: (owner.id.to_string(), "owner".into()),
            invited: invitation(world, owner, &slug).await,
            slug,
            draft: Draft::find(world, draft).await,
            sent: slug_of(world, sent).await,
            update: update(owner, &open).await,
            pledge: pledge.trim_start_matches("/pledges/").into(),
            follow: follow(world, &open, &format!("follower-{secret}@felag.example")).await,
            leave: leave(world, &giver, &open),
            mail: text(
                world,
                "select message_id::text from message where $1 is not null limit 1",
                Uuid::nil(),
            )
            .await,
            reset: link(world, owner, Purpose::ResetPassword).await,
            lost_factor: lost_factor(world, &felag_domain::text::slug(name)).await,
            confirm: confirmations(world, name).await,
            secret: [secret, giver],
            open,
        }
    }

    /// What `{id}` stands for in a row.
    fn id(&self, row: &Row) -> &str {
        match () {
            () if row.about == "mail" => &self.mail,
            () if row.about == "lost" => &self.lost_factor,
            () if row.about == "invited" => &self.invited.0,
            () if row.path.contains("/members/") => &self.member.0,
            () if row.path.contains("/budget-lines/") => &self.draft.line,
            () if row.path.contains("/rewards/") => &self.draft.reward,
            () if row.path.contains("/returns/") => &self.draft.commons,
            () => &self.update,
        }
    }

    /// The placeholder of a row that is not an id, and what it stands for.
    fn named(&self, row: &Row, role: Role) -> (&'static str, String) {
        match row.about {
            "-" | "mail" | "lost" => ("{none}", String::new()),
            "invited" if row.path.contains("{token}") => ("{token}", self.invited.1.clone()),
            "project" | "invited" => ("{slug}", self.slug.clone()),
            "draft" => ("{slug}", self.draft.slug.clone()),
            "sent" => ("{slug}", self.sent.clone()),
            "open" => ("{slug}", self.open.slug.clone()),
            "pledge" => ("{token}", self.pledge.clone()),
            "follow" => ("{token}", self.follow.clone()),
            "leave" => ("{token}", self.leave.clone()),
            "reset" => ("{token}", self.reset.clone()),
            "confirm" => ("{token}", self.confirm[role as usize].clone()),
            "asset" => {
                let url = felag_frontend::assets::url("felag.css");
                ("{*name}", url.trim_start_matches("/assets/").into())
            }
            other => panic!("{other} is nothing that a path can name"),
        }
    }
}

impl Draft {
    async fn find(world: &World, id: CampaignId) -> Self {
        let one = async |sql| text(world, sql, id.as_uuid()).await;
        Self {
            slug: slug_of(world, id).await,
            line: one("select budget_line_id::text from budget_line where campaign_id = $1").await,
            reward: one("select reward_id::text from reward where campaign_id = $1").await,
            commons: one("select commons_return_id::text from commons_return where campaign_id = $1").await,
        }
    }
}

async fn text(world: &World, sql: &'static str, id: Uuid) -> String {
    let found = sqlx::query_scalar(sql).bind(id).fetch_one(&world.owner).await;
    found.unwrap_or_else(|cause| panic!("{sql}: {cause}"))
}

async fn slug_of(world: &World, id: CampaignId) -> String {
    text(
        world,
        "select slug from campaign where campaign_id = $1",
        id.as_uuid(),
    )
    .await
}

async fn update(owner: &Person, open: &Opened) -> String {
    let new = format!("/campaigns/{}/updates/new", open.slug);
    let written = [("title", "The first lenses"), ("body", "They came today.")];
    let page = owner.browser.get(&new).await.expect(200);
    let action = format!("/campaigns/{}/updates/preview", open.slug);
    let preview = owner.browser.submit(&page, &action, &written).await.expect(200);
    let action = format!("/campaigns/{}/updates", open.slug);
    let done = owner
        .browser
        .submit(&preview, &action, &written)
        .await
        .expect(303);
    done.location().rsplit('/').next().unwrap().to_string()
}

/// The token of the link that confirms a follow.
async fn follow(world: &World, open: &Opened, email: &str) -> String {
    let path = format!("/campaigns/{}/follow", open.slug);
    world
        .browser()
        .post_form(&path, &[("email", email)])
        .await
        .expect(200);
    let mails = world.mails_to(email).await;
    let link = mails[0].link("/follows/");
    link.split('/').nth(2).unwrap().to_string()
}

fn leave(world: &World, email: &str, open: &Opened) -> String {
    let list = format!("updates:{}", open.id);
    let link = felag::mail::tokens::unsubscribe_link(&world.ctx, email, &list).unwrap();
    link.rsplit('/').next().unwrap().to_string()
}

async fn link(world: &World, person: &Person, purpose: Purpose) -> String {
    let mut conn = world.ctx.db.acquire().await.unwrap();
    links::make(&mut conn, &world.ctx, purpose, person.id, &person.email)
        .await
        .unwrap()
}

/// Links that confirm an address, one for each role: the first one used ends all others of the same person.
async fn confirmations(world: &World, name: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for role in Role::ALL {
        let email = format!("{}-{role:?}@felag.example", felag_domain::text::slug(name));
        tokens.push(unconfirmed(world, &email).await);
    }
    tokens
}

/// Opens an account; the token that would confirm its address.
async fn unconfirmed(world: &World, email: &str) -> String {
    let new = NewPerson {
        name: "Nina New".parse().unwrap(),
        email: email.parse().unwrap(),
        password: PASSWORD.into(),
    };
    let opened = people::sign_up(&world.ctx, &new).await.unwrap().unwrap();
    opened.confirm_token
}

async fn join(world: &World, project: ProjectId, person: PersonId, role: person::Role) {
    let mut conn = world.ctx.db.acquire().await.unwrap();
    let joined = projects::add_member(&mut conn, &world.ctx, project, person, role).await;
    assert!(joined.unwrap());
}
