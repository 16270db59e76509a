//! One visitor of every kind, and the two projects they ask about.

use std::collections::BTreeMap;

use felag::{campaigns, projects};
use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person;
use felag_tests::{Browser, Reply, World};
use uuid::Uuid;

use super::table::Row;
use super::things::{Things, unconfirmed};

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
        for owner in [&owner, &other] {
            world.prove(owner).await;
        }
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
        // What is asked here is who may: everybody has given a code, so nobody is led away to do that first. (Owners
        // did before they asked somebody in.)
        for person in [&stranger, &backer, &treasurer, &editor, &steward] {
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
            .replace("{number}", "1")
            .replace("{file}", "1.pdf")
            .replace("{role}", &things.member.1)
    }

    /// The path of a row, filled in with what does not exist.
    pub fn path_of_nothing(&self, row: &Row) -> String {
        let id = Uuid::from_u128(7).to_string();
        row.path
            .replace("{slug}", "nothing-here")
            .replace("{id}", &id)
            .replace("{number}", "999999")
            .replace("{file}", "999999.pdf")
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

async fn join(world: &World, project: ProjectId, person: PersonId, role: person::Role) {
    let mut conn = world.ctx.db.acquire().await.unwrap();
    let joined = projects::add_member(&mut conn, &world.ctx, project, person, role).await;
    assert!(joined.unwrap());
}
