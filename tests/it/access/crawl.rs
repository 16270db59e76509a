//! Sends the requests of the table, and forgeries of them.

use std::collections::BTreeMap;

use felag_tests::{Reply, World};

use super::cast::{Cast, Role, Whose};
use super::table::{Answer, Row};
use super::{FROM_ANYWHERE, WITHOUT_TOKEN};

/// Tables that a request may write although it changes nothing, and why.
const APART: [(&str, &str); 3] = [
    ("attempt", "what was refused was tried all the same"),
    ("audit_row", "acts on money that were refused are written down"),
    ("sign_in", "when it was last used, once an hour"),
];

/// What every table holds, as one hash each.
pub async fn fingerprint(world: &World) -> BTreeMap<String, String> {
    let sql = "select table_name::text from information_schema.tables
               where table_schema = 'public' and table_type = 'BASE TABLE'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&world.owner).await.unwrap();
    assert!(
        APART
            .iter()
            .all(|(table, _)| tables.iter().any(|known| known == table))
    );
    let mut prints = BTreeMap::new();
    for table in tables {
        if APART.iter().any(|(apart, _)| *apart == table) {
            continue;
        }
        let sql = format!(
            "select count(*) || ' ' || md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) from {table} t"
        );
        let print = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&world.owner)
            .await
            .unwrap();
        prints.insert(table, print);
    }
    prints
}

/// Requests, and everything that was answered otherwise than expected: said together at the end.
pub struct Crawl<'w> {
    world: &'w World,
    cast: &'w Cast,
    wrong: Vec<String>,
    /// How often somebody read a secret of their own: or the others would prove nothing.
    own_secrets: usize,
}

impl<'w> Crawl<'w> {
    pub fn new(world: &'w World, cast: &'w Cast) -> Self {
        Self {
            world,
            cast,
            wrong: Vec::new(),
            own_secrets: 0,
        }
    }

    /// Asks as everybody whose answer is `wanted`, about their own things and somebody else's.
    pub async fn ask(&mut self, row: &Row, wanted: impl Fn(&Answer) -> bool) {
        for whose in row.whose() {
            for role in Role::ALL {
                let expected = row.answer(role, *whose);
                if !wanted(&expected) {
                    continue;
                }
                let path = self.cast.path(row, role, *whose);
                let reply = self.send(row, role, &path).await;
                if is_otherwise(&reply, expected) {
                    self.note(row, role, &format!("{whose:?}, not {expected:?}"), &reply);
                }
                if !row.tells_all() {
                    self.wrong.extend(self.cast.told(&reply, role));
                    self.own_secrets += usize::from(role == Role::Owner && self.cast.is_own_secret(&reply));
                }
            }
        }
    }

    async fn send(&self, row: &Row, role: Role, path: &str) -> Reply {
        let browser = self.cast.browser(role);
        if row.method == "GET" {
            return browser.get(path).await;
        }
        let (kind, body) = body(row.path, Some(&browser.csrf().await));
        browser.post_bytes(path, &self.world.base, kind, body).await
    }

    /// Looks for a word of somebody's drafts, as everybody.
    pub async fn search(&mut self, word: &str) {
        for role in Role::ALL {
            let found = self
                .cast
                .browser(role)
                .get(&format!("/search?q={word}"))
                .await
                .expect(200);
            self.wrong.extend(self.cast.told(&found, role));
        }
    }

    /// Ids and links of nothing are never answered with a page, whoever asks.
    pub async fn nothing_is_there(&mut self, rows: &[Row]) {
        for row in rows.iter().filter(|row| row.path.contains('{')) {
            for role in [Role::Guest, Role::Owner] {
                let path = self.cast.path_of_nothing(row);
                let reply = self.send(row, role, &path).await;
                let is_no = matches!(reply.status, 400 | 403 | 404 | 410) || is_sign_in(&reply);
                if !is_no {
                    self.note(row, role, "there is nothing", &reply);
                }
            }
        }
    }

    /// Forms without a token, with a wrong one, or from another site: refused, whoever they say they are.
    pub async fn forgeries(&mut self, forms: &[&Row]) {
        for row in forms {
            for role in [Role::Guest, Role::Owner, Role::Steward] {
                let browser = self.cast.browser(role);
                let path = self.cast.path(row, role, Whose::Own);
                let token = browser.csrf().await;
                let excepted = WITHOUT_TOKEN.iter().find(|(known, ..)| *known == row.path);
                if !excepted.is_some_and(|(_, roles, _)| roles.contains(&role)) {
                    for wrong in [None, Some(""), Some(&token[1..]), Some(&token.replace('0', "1"))] {
                        if wrong == Some(&token) {
                            continue;
                        }
                        let (kind, body) = body(row.path, wrong);
                        let reply = browser.post_bytes(&path, &self.world.base, kind, body).await;
                        if reply.status != 403 {
                            self.note(row, role, &format!("token {wrong:?}"), &reply);
                        }
                    }
                }
                if !FROM_ANYWHERE.contains(&row.path) {
                    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
                        let (kind, body) = body(row.path, Some(&token));
                        let reply = browser.post_bytes(&path, origin, kind, body).await;
                        if reply.status != 403 {
                            self.note(row, role, &format!("from {origin}"), &reply);
                        }
                    }
                }
            }
        }
    }

    fn note(&mut self, row: &Row, role: Role, about: &str, reply: &Reply) {
        let location = reply
            .headers
            .get("location")
            .and_then(|value| value.to_str().ok());
        self.wrong.push(format!(
            "{} {} ({}) as {role:?} ({about}): {} {}",
            row.method,
            row.path,
            row.about,
            reply.status,
            location.unwrap_or_default()
        ));
    }

    /// # Panics
    /// When anything was answered otherwise than expected.
    pub fn end(self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert!(self.own_secrets > 5, "the secrets stand on no page");
    }
}

fn is_otherwise(reply: &Reply, expected: Answer) -> bool {
    match expected {
        Answer::SignIn => !is_sign_in(reply),
        Answer::Status(status) => reply.status != status || is_sign_in(reply),
    }
}

fn is_sign_in(reply: &Reply) -> bool {
    reply.status == 303 && reply.location().starts_with("/sign-in?")
}

/// A form with nothing but a token, as its page would send it.
fn body(path: &str, token: Option<&str>) -> (&'static str, Vec<u8>) {
    if path == "/projects/import" || path.ends_with("/expenses") {
        let mut body = String::new();
        for (name, value) in token
            .map(|token| ("csrf", token))
            .into_iter()
            .chain([("manifest", "")])
        {
            body += &format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        return (
            "multipart/form-data; boundary=edge",
            format!("{body}--edge--\r\n").into(),
        );
    }
    let body = token.map(|token| format!("csrf={token}")).unwrap_or_default();
    ("application/x-www-form-urlencoded", body.into())
}
