//! Lets the demo happen: moves this process's clock from one event to the next, lets the workers do what is due in
//! between, and calls the use cases that the pages call.

use std::collections::HashMap;
use std::sync::Mutex;

use anyhow::{Context, anyhow, bail};
use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::person::{DisplayName, EmailAddress, Role};
use felag_domain::update::NewUpdate;
use felag_sandbox::Sandbox;
use futures::future::try_join_all;
use time::OffsetDateTime;
use uuid::Uuid;

use super::agenda::{self, Event, Step};
use super::campaigns::ALL;
use super::card::Browser;
use super::cast::{self, Backer, MEMBERS, OWNER, STEWARD, TREASURER};
use super::script::{Gift, Later, Script};
use super::{lending, making, money};
use crate::campaigns::store::Campaign;
use crate::campaigns::{self, lifecycle};
use crate::ctx::Ctx;
use crate::jobs::Kinds;
use crate::pledges::{self, Ask, Wish};
use crate::updates::{self, follows};
use crate::{people, projects, workers};

/// How many people give at the same time.
const AT_ONCE: usize = 6;
/// Plays everything up to the moment the clock shows now.
pub async fn play(ctx: &Ctx, kinds: &Kinds, sandbox: &Sandbox) -> anyhow::Result<()> {
    let now = ctx.now();
    let agenda = agenda::of(now)?;
    let mut stage = Stage::new(ctx)?;
    if let Some(first) = agenda.first() {
        ctx.clock.show(first.at);
    }
    for moment in agenda.chunk_by(|one, next| one.at == next.at) {
        if let Some(event) = moment.first() {
            go_on(ctx, kinds, sandbox, event.at).await?;
        }
        if stage.all_at_once(moment).await? {
            workers::until_quiet(ctx, kinds, sandbox).await?;
        }
    }
    go_on(ctx, kinds, sandbox, now).await
}

/// Moves the clock to `to`, and does what came due on the way, in order. Nothing in between needs a stop of its own:
/// the agenda has one wherever a campaign opens or ends, and every morning.
async fn go_on(ctx: &Ctx, kinds: &Kinds, sandbox: &Sandbox, to: OffsetDateTime) -> anyhow::Result<()> {
    if to > ctx.now() {
        ctx.clock.show(to);
    }
    workers::until_quiet(ctx, kinds, sandbox).await
}

/// What the play needs to remember.
struct Stage<'a> {
    ctx: &'a Ctx,
    browser: Browser,
    people: HashMap<&'static str, PersonId>,
    /// By the place in [`ALL`].
    campaigns: HashMap<usize, CampaignId>,
    /// The links of pledges whose backers come back, by campaign and address.
    tokens: Mutex<HashMap<(usize, &'static str), String>>,
}

impl<'a> Stage<'a> {
    fn new(ctx: &'a Ctx) -> anyhow::Result<Self> {
        Ok(Self {
            ctx,
            browser: Browser::new()?,
            people: HashMap::new(),
            campaigns: HashMap::new(),
            tokens: Mutex::default(),
        })
    }

    /// Everything else in order, then the gifts together. Whether anything happened.
    async fn all_at_once(&mut self, moment: &[Event]) -> anyhow::Result<bool> {
        let mut gifts = Vec::new();
        for event in moment {
            let script = ALL.get(event.which).context("no such campaign")?;
            match event.step {
                Step::Give(gift) => gifts.push((event.which, gift)),
                step => self
                    .step(event.which, script, step)
                    .await
                    .with_context(|| format!("{} at {}", script.project.name, event.at))?,
            }
        }
        for some in gifts.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|(which, gift)| self.give(*which, gift))).await?;
        }
        Ok(moment.iter().any(|event| !matches!(event.step, Step::Nothing)))
    }

    async fn step(&mut self, which: usize, script: &'static Script, step: Step) -> anyhow::Result<()> {
        let ctx = self.ctx;
        match step {
            Step::Nothing => {}
            Step::SignUps => self.sign_ups().await?,
            Step::Draft => {
                let campaign = making::draft(ctx, script, self.person(script.owner)?).await?;
                self.campaigns.insert(which, campaign);
                if script.owner == OWNER {
                    self.join(which, TREASURER, Role::Treasurer).await?;
                }
            }
            Step::Submit => self.submit(which).await?,
            Step::AskChanges(words) => {
                let asked = lifecycle::ask_changes(ctx, self.campaign(which)?, self.person(STEWARD)?, words);
                asked.await.map_err(making::why("the review"))?;
            }
            Step::Amend => {
                let ask = &script.campaign;
                making::write_texts(ctx, self.campaign(which)?, ask, ask.risks).await?;
                self.submit(which).await?;
            }
            Step::Approve(opens) => {
                let approved = lifecycle::approve(ctx, self.campaign(which)?, self.person(STEWARD)?, opens);
                approved.await.map_err(making::why("the review"))?;
            }
            Step::Publish(update) => {
                let campaign = self.read(which).await?;
                let project = projects::store::find(&ctx.db, campaign.project_id)
                    .await?
                    .context("no project")?;
                let new =
                    NewUpdate::decide(update.title, update.body).map_err(|cause| anyhow!("{cause:?}"))?;
                let author = self.person(script.owner)?;
                updates::publish(ctx, (&campaign, &project), author, &new, ctx.id::<Uuid>()).await?;
            }
            Step::Money(act) => {
                let campaign = self.read(which).await?;
                money::act(ctx, &self.browser, &campaign, script, act, &self.people).await?;
            }
            Step::Follow(who) => self.follow(which, who).await?,
            Step::Later(gift, later) => self.come_back(which, gift, later).await?,
            Step::Give(gift) => self.give(which, gift).await?,
            Step::Lend(lender) => {
                let campaign = self.read(which).await?;
                lending::lend(ctx, &self.browser, &campaign, lender, &self.people)
                    .await
                    .with_context(|| format!("{} lends {}", lender.1, lender.2))?;
            }
        }
        Ok(())
    }

    async fn sign_ups(&mut self) -> anyhow::Result<()> {
        for member in MEMBERS {
            let person = making::sign_up(self.ctx, member).await?;
            self.people.insert(member.email, person);
        }
        people::grant_steward(self.ctx, &EmailAddress::parse(STEWARD)?).await?;
        for email in [OWNER, TREASURER, STEWARD] {
            making::second_factor(self.ctx, email).await?;
        }
        Ok(())
    }

    /// Somebody takes a role in the project of a campaign.
    async fn join(&self, which: usize, who: &str, role: Role) -> anyhow::Result<()> {
        let project = self.read(which).await?.project_id;
        let mut conn = self.ctx.db.acquire().await?;
        projects::add_member(&mut conn, self.ctx, project, self.person(who)?, role).await?;
        Ok(())
    }

    async fn submit(&self, which: usize) -> anyhow::Result<()> {
        lifecycle::submit(self.ctx, self.campaign(which)?)
            .await
            .map_err(making::why("the submission"))
    }

    /// Somebody with an account follows at once, a guest by the link in a mail.
    async fn follow(&self, which: usize, who: &'static str) -> anyhow::Result<()> {
        let ctx = self.ctx;
        let Backer { name, email, from } = cast::backer(who)?;
        let campaign = self.read(which).await?;
        if let Some(id) = self.people.get(who) {
            let person = people::Person {
                id: *id,
                email,
                name: name.into(),
                email_is_confirmed: true,
                is_steward: false,
                has_projects: false,
            };
            return Ok(follows::follow(ctx, campaign.id, &person).await?);
        }
        follows::ask(ctx, &campaign, &EmailAddress::parse(&email)?, &from).await?;
        let mail = sqlx::query_scalar!(
            "select text_body from message where kind = 'confirm_follow' and recipient = $1
             order by created_at desc limit 1",
            email,
        );
        let text = mail.fetch_one(&ctx.db).await?;
        let token = text
            .split(|c: char| !c.is_ascii_hexdigit())
            .find(|word| word.len() == 32);
        follows::confirm(ctx, token.context("the mail has no link")?).await?;
        Ok(())
    }

    async fn give(&self, which: usize, gift: &Gift) -> anyhow::Result<()> {
        self.try_to_give(which, gift)
            .await
            .with_context(|| format!("{} gives {}", gift.who, gift.amount))
    }

    async fn try_to_give(&self, which: usize, gift: &Gift) -> anyhow::Result<()> {
        let ctx = self.ctx;
        let backer = cast::backer(gift.who)?;
        let ask = Ask::of(&ctx.db, self.campaign(which)?).await?;
        let reward = match gift.reward {
            Some(nth) => Some(
                campaigns::store::rewards(&ctx.db, ask.id)
                    .await?
                    .get(nth)
                    .context("no reward")?
                    .id,
            ),
            None => None,
        };
        let wanted = pledges::Gift {
            amount: making::money(ask.currency, gift.amount),
            tip: making::money(ask.currency, gift.tip),
            reward,
            person: self.people.get(gift.who).copied(),
            email: EmailAddress::parse(&backer.email)?,
            name: Some(DisplayName::parse(backer.name)?),
            visibility: gift.visibility,
            request_key: ctx.id(),
            address: backer.from,
        };
        let started = pledges::give(ctx, &ask, &wanted).await?;
        let page = pledges::checkout(ctx, &ask, &started.token).await?;
        self.browser.save_card(&page, gift.card, backer.name).await?;
        if gift.later.is_some() {
            let mut tokens = self.tokens.lock().map_err(|_| anyhow!("a gift panicked"))?;
            tokens.insert((which, gift.who), started.token);
        }
        Ok(())
    }

    async fn come_back(&self, which: usize, gift: &Gift, later: Later) -> anyhow::Result<()> {
        let ctx = self.ctx;
        let token = self
            .tokens
            .lock()
            .map_err(|_| anyhow!("a gift panicked"))?
            .get(&(which, gift.who))
            .cloned();
        let token = token.with_context(|| format!("{} gave nothing", gift.who))?;
        match later {
            Later::Change(amount) => {
                let currency = self.read(which).await?.currency;
                let wish = Wish {
                    amount: making::money(currency, amount),
                    tip: making::money(currency, gift.tip),
                    name: cast::backer(gift.who)?.name.into(),
                    visibility: gift.visibility,
                };
                pledges::change(ctx, &token, &wish).await?;
            }
            Later::Cancel => pledges::cancel(ctx, &token).await?,
            Later::Confirm => match pledges::try_again(ctx, &token).await? {
                Some(page) => self.browser.approve(&page).await?,
                None => bail!("the bank did not ask {}", gift.who),
            },
        }
        Ok(())
    }

    fn person(&self, email: &str) -> anyhow::Result<PersonId> {
        self.people
            .get(email)
            .copied()
            .with_context(|| format!("{email} has no account"))
    }

    fn campaign(&self, which: usize) -> anyhow::Result<CampaignId> {
        self.campaigns
            .get(&which)
            .copied()
            .context("it is not drafted yet")
    }

    async fn read(&self, which: usize) -> anyhow::Result<Campaign> {
        let found = campaigns::store::find(&self.ctx.db, self.campaign(which)?).await?;
        found.context("the campaign is gone")
    }
}
