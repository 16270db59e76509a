//! A project with everything that the path of a route can name: drafts, a campaign that is open, a backer, links.

use felag::people::links::{self, Purpose};
use felag::people::{self, NewPerson};
use felag_domain::ids::CampaignId;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::people::{PASSWORD, Person};
use felag_tests::{Browser, World};
use uuid::Uuid;

use super::cast::Role;
use super::table::Row;

/// A project with everything that a path can name.
pub struct Things {
    slug: String,
    draft: Draft,
    /// A draft that lacks nothing.
    pub sent: String,
    pub open: Opened,
    update: String,
    pledge: String,
    /// The id of that pledge, and of a dispute about it.
    backing: String,
    dispute: String,
    /// The link of a support, and the id of its one charge.
    support: (String, String),
    follow: String,
    leave: String,
    mail: String,
    /// Somebody's place: who, and which.
    pub member: (String, String),
    /// The id and the link of an invitation.
    invited: (String, String),
    reset: String,
    lost_factor: String,
    /// One for each role: it works once.
    confirm: Vec<String>,
    /// Words that only members and stewards read, and words that only members do.
    pub secret: [String; 2],
}

struct Draft {
    slug: String,
    line: String,
    reward: String,
    commons: String,
}

impl Things {
    pub async fn make(world: &World, owner: &Person, backer: &Browser, name: &str) -> Self {
        let ask = |title: String| Ask {
            title,
            ..Ask::default()
        };
        let open = world.open_campaign(owner, &ask(name.into())).await;
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
        propose_payout(world, &open).await;
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
            backing: text(
                world,
                "select pledge_id::text from pledge where campaign_id = $1",
                open.id.as_uuid(),
            )
            .await,
            dispute: dispute(world, &open).await,
            pledge: pledge.trim_start_matches("/pledges/").into(),
            support: support(world, &open).await,
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
    pub fn id(&self, row: &Row) -> &str {
        match () {
            () if row.about == "mail" => &self.mail,
            () if row.about == "lost" => &self.lost_factor,
            () if row.about == "invited" => &self.invited.0,
            () if row.path.contains("/members/") => &self.member.0,
            () if row.path.contains("/backers/") => &self.backing,
            () if row.path.contains("/disputes/") => &self.dispute,
            () if row.path.contains("/contributions/") => &self.support.1,
            () if row.path.contains("/budget-lines/") => &self.draft.line,
            () if row.path.contains("/rewards/") => &self.draft.reward,
            () if row.path.contains("/returns/") => &self.draft.commons,
            () => &self.update,
        }
    }

    /// The placeholder of a row that is not an id, and what it stands for.
    pub fn named(&self, row: &Row, role: Role) -> (&'static str, String) {
        match row.about {
            "-" | "mail" | "lost" => ("{none}", String::new()),
            "invited" if row.path.contains("{token}") => ("{token}", self.invited.1.clone()),
            "project" | "invited" => ("{slug}", self.slug.clone()),
            "draft" => ("{slug}", self.draft.slug.clone()),
            "sent" => ("{slug}", self.sent.clone()),
            "open" => ("{slug}", self.open.slug.clone()),
            "pledge" => ("{token}", self.pledge.clone()),
            "support" => ("{token}", self.support.0.clone()),
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

/// A payout that waits for its approvals, which it cannot get: the campaign is open.
async fn propose_payout(world: &World, open: &Opened) {
    let sql = "insert into payout (campaign_id, payout_id, project_id, number, source, currency, gross_minor, fee_version,
                                   state, request_key, created_at)
               values ($1, gen_random_uuid(), $2, 1, 'gifts', 'EUR', 100, 1, 'proposed', gen_random_uuid(), now())";
    let insert = sqlx::query(sql)
        .bind(open.id.as_uuid())
        .bind(open.project.as_uuid());
    insert.execute(&world.owner).await.unwrap();
}

/// A payment of the one pledge there is, and a dispute about it that takes no answer any more. Its id.
async fn dispute(world: &World, open: &Opened) -> String {
    for sql in [
        "insert into payment (book_id, payment_id, subject_kind, subject_id, charge_ref, intent_ref, amount_minor, currency,
                              paid_at)
         select campaign_id, pledge_id, 'pledge', pledge_id, 'ch_' || pledge_id, 'pi_' || pledge_id, amount_minor,
                currency, now() from pledge where campaign_id = $1",
        "insert into dispute (book_id, dispute_id, payment_id, provider_ref, state, reason, disputed_minor, currency,
                              due_at, opened_at, created_at)
         select book_id, gen_random_uuid(), payment_id, 'du_' || payment_id, 'inquiry', 'general', amount_minor, currency,
                '2020-01-01', now(), now() from payment where book_id = $1",
    ] {
        let insert = sqlx::query(sql).bind(open.id.as_uuid());
        insert.execute(&world.owner).await.unwrap();
    }
    let sql = "select dispute_id::text from dispute where book_id = $1";
    text(world, sql, open.id.as_uuid()).await
}

/// A support whose first charge is paid: its link, and the charge's id.
async fn support(world: &World, open: &Opened) -> (String, String) {
    let slug = "select slug from project where project_id = $1";
    let slug = text(world, slug, open.project.as_uuid()).await;
    let browser = world.browser();
    let form = format!("/projects/{slug}/support");
    let page = browser.get(&form).await.expect(200);
    let email = format!("supporter-of-{slug}@felag.example");
    let fields = [
        ("amount", "5"),
        ("email", email.as_str()),
        ("visibility", "anonymous"),
    ];
    let check = browser
        .submit(&page, &format!("{form}/check"), &fields)
        .await
        .expect(200);
    let create = format!("/projects/{slug}/supports");
    let checkout = browser.submit(&check, &create, &[]).await.expect(303);
    let checkout = browser.follow(checkout).await;
    let page = world.pay(&browser, checkout, card::WORKS).await.expect(200);
    let token = page.url.rsplit('/').next().unwrap().to_string();
    let sql = "select contribution_id::text from contribution where project_id = $1";
    (token, text(world, sql, open.project.as_uuid()).await)
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

/// An invitation to nobody of the cast: its id and its token.
async fn invitation(world: &World, owner: &Person, slug: &str) -> (String, String) {
    let email = format!("invited-to-{slug}@felag.example");
    let fields = [("email", email.as_str()), ("role", "treasurer")];
    let path = format!("/projects/{slug}/invitations");
    owner.browser.post_form(&path, &fields).await.expect(303);
    let link = world.mails_to(&email).await[0].link("/invitations/");
    let id = sqlx::query_scalar("select invitation_id::text from invitation where email = $1")
        .bind(&email)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    (id, link.trim_start_matches("/invitations/").into())
}

fn leave(world: &World, email: &str, open: &Opened) -> String {
    let list = format!("updates:{}", open.id);
    let link = felag::mail::tokens::unsubscribe_link(&world.ctx, email, &list).unwrap();
    link.rsplit('/').next().unwrap().to_string()
}

/// Somebody has lost their second factor, and waits for a steward.
async fn lost_factor(world: &World, name: &str) -> String {
    let person = world.person(&format!("lost-{name}")).await;
    world.second_factor(&person).await;
    let page = person.browser.get("/my/second-factor/lost").await.expect(200);
    let fields = [("password", PASSWORD)];
    person
        .browser
        .submit(&page, "/my/second-factor/lost", &fields)
        .await
        .expect(303);
    text(
        world,
        "select reset_id::text from factor_reset where person_id = $1",
        person.id.as_uuid(),
    )
    .await
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
pub async fn unconfirmed(world: &World, email: &str) -> String {
    let new = NewPerson {
        name: "Nina New".parse().unwrap(),
        email: email.parse().unwrap(),
        password: PASSWORD.into(),
    };
    let opened = people::sign_up(&world.ctx, &new).await.unwrap().unwrap();
    opened.confirm_token
}
