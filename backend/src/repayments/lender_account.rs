//! A lender's own account at the payment provider: made once, filled in on the provider's pages, and believed only by
//! what the provider says of it.

use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::payout_account::{AccountRefusal, AccountState, state};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::jobs;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::connect::{self, NewAccount};
use crate::payments::{Kind, Subject, operations};
use crate::people::Person;
use crate::projects::{NotSaved, Say};

/// Where a lender is paid.
#[derive(Debug, Clone)]
pub struct LenderAccount {
    pub account_ref: Option<String>,
    pub state: AccountState,
    pub bank_last4: Option<String>,
}

/// The account of a person, if they began one.
pub async fn of(db: impl PgExecutor<'_>, person: PersonId) -> sqlx::Result<Option<LenderAccount>> {
    sqlx::query_as!(
        LenderAccount,
        r#"select account_ref, state as "state: AccountState", bank_last4 from lender_account where person_id = $1"#,
        person as _
    )
    .fetch_optional(db)
    .await
}

/// Where the person answers the provider's questions.
///
/// # Errors
/// What is wrong with the country; [`Error::ProviderAway`].
pub async fn start(ctx: &Ctx, person: &Person, country: &str) -> Result<String, NotSaved> {
    let country = country.trim().to_uppercase();
    let known = of(&ctx.db, person.id).await?;
    let known = known.filter(|account| !account.state.is_gone());
    let account = match known.and_then(|account| account.account_ref) {
        Some(account) => account,
        None => make(ctx, person, &country).await?,
    };
    let page = format!("{}/my/loans/account", ctx.config.public_url);
    let (over, back) = (format!("{page}?link=over"), format!("{page}?back=yes"));
    match connect::onboarding_link(ctx, &account, &over, &back).await {
        Ok(Ok(url)) => Ok(url),
        Ok(Err(_)) => Err(NotSaved::on_top(&AccountRefusal::Country)),
        Err(_) => Err(NotSaved::Failed(Error::ProviderAway)),
    }
}

async fn make(ctx: &Ctx, person: &Person, country: &str) -> Result<String, NotSaved> {
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let mut refusals = felag_domain::words::Refusals::new();
        refusals.note("country", &Say("lender-account-country"));
        return Err(NotSaved::Refused(refusals.into_vec()));
    }
    let mut tx = ctx.db.begin().await?;
    sqlx::query!(
        "insert into lender_account (person_id, country, created_at) values ($1, $2, $3)
         on conflict (person_id) do update set account_ref = null, state = 'pending', country = excluded.country",
        person.id as _,
        country,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    let new = NewAccount {
        country,
        email: &person.email,
        name: &person.name,
        url: "",
    };
    let of_lender = Subject::lender_account(person.id);
    let request = |tag| connect::create_account(tag, &new);
    let operation =
        operations::write_to_perform(&mut tx, ctx, of_lender, Kind::CreateAccount, request).await?;
    tx.commit().await?;
    operations::perform(ctx, operation).await?;
    let made = of(&ctx.db, person.id)
        .await?
        .and_then(|account| account.account_ref);
    made.ok_or_else(|| NotSaved::on_top(&AccountRefusal::Country))
}

/// Keeps the provider's id of a new account.
pub async fn keep_ref(conn: &mut PgConnection, person: PersonId, account: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update lender_account set account_ref = $2 where person_id = $1 and account_ref is null",
        person as _,
        account,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Asks the provider how a person's account stands.
///
/// # Errors
/// When the provider is away, or the database.
pub async fn look(ctx: &Ctx, person: PersonId) -> anyhow::Result<()> {
    let known = of(&ctx.db, person).await?;
    let Some(account) = known.and_then(|account| account.account_ref) else {
        return Ok(());
    };
    let object = connect::account(ctx, &account).await?;
    let mut tx = ctx.db.begin().await?;
    apply(&mut tx, ctx, person, object.as_ref(), ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Keeps what the provider says. Once somebody can be paid, what waited for them is sent.
pub async fn apply(
    conn: &mut PgConnection,
    ctx: &Ctx,
    person: PersonId,
    object: Option<&Value>,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let Some(before) = of(&mut *conn, person).await? else {
        return Ok(());
    };
    let says = object.map(connect::capabilities).unwrap_or_default();
    let to = state(&says, before.state == AccountState::Enabled);
    let bank = object.and_then(connect::bank);
    sqlx::query!(
        "update lender_account set state = $2, bank_last4 = coalesce($3, bank_last4), checked_at = $4
         where person_id = $1",
        person as _,
        to.as_str(),
        bank.map(|bank| bank.last4),
        now,
    )
    .execute(&mut *conn)
    .await?;
    if to == AccountState::Enabled && before.state != to {
        let campaigns = sqlx::query_scalar!(
            r#"select campaign_id as "campaign: CampaignId" from commitment join loan_running using (campaign_id)
               where person_id = $1 and state in ('active', 'repaid', 'partly_lost')"#,
            person as _
        )
        .fetch_all(&mut *conn)
        .await?;
        for campaign in campaigns {
            jobs::send_on_later(conn, ctx, campaign).await?;
        }
    }
    Ok(())
}
