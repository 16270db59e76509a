//! What the provider says of a project's repayments. May be heard twice and in any order.

use felag_domain::ids::{BookId, CampaignId, RepaymentId};
use felag_domain::pledge::{DeclineKind, classify};
use felag_domain::repaying::RepaymentState;
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::repayment_store::{self, Repayment};
use super::store::{self, Mandate};
use super::{ask, credit, jobs, mail};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::payments::objects::{self, Intent, Session, Trouble};
use crate::payments::{self, Answered, Heard, Kind, News, Outcome, Told, requests};

/// How often a soft decline is tried again, and how long after the last try.
const TRIES: i32 = 3;
const TRY_AFTER: Duration = Duration::days(3);

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        campaigns::lock(conn, campaign).await?;
        for one in answered {
            let id = RepaymentId::from_uuid(one.operation.of.id);
            let Some(repayment) = repayment_store::lock(conn, campaign, id).await? else {
                anyhow::bail!("there is no repayment {id}");
            };
            answer(conn, ctx, repayment, one).await?;
        }
        Ok(())
    })
}

async fn answer(
    conn: &mut PgConnection,
    ctx: &Ctx,
    mut repayment: Repayment,
    one: &Answered,
) -> anyhow::Result<()> {
    match (one.operation.kind, &one.outcome) {
        (Kind::CreateCheckout, Outcome::Done(object)) => {
            let session: Session = serde_json::from_value(object.clone())?;
            (repayment.checkout, repayment.checkout_url) = (Some(session.id), session.url);
            repayment_store::save(conn, &repayment, ctx.now()).await?;
            Ok(())
        }
        (Kind::CreateIntent, Outcome::Done(object)) => made(conn, ctx, repayment, object).await,
        (Kind::ConfirmIntent | Kind::ConfirmIntentPresent, Outcome::Done(object)) => {
            intent(conn, ctx, &mut repayment, object).await
        }
        (Kind::ConfirmIntent | Kind::ConfirmIntentPresent, Outcome::Refused(trouble)) => {
            declined(conn, ctx, &mut repayment, trouble).await
        }
        // Cancelled, or too late to be: the payment itself is heard of.
        (Kind::CancelIntent | Kind::DetachMethod, _) => Ok(()),
        (kind, Outcome::Refused(trouble)) => {
            let code = trouble.short();
            tracing::error!(repayment.id = %repayment.id, code, "alarm: {} was refused", kind.as_str());
            ended(conn, ctx, &mut repayment, &code).await
        }
        (kind, Outcome::Done(_)) => anyhow::bail!("{} is not about a repayment", kind.as_str()),
    }
}

/// The payment was made, unconfirmed: its id is kept, then it is confirmed.
async fn made(
    conn: &mut PgConnection,
    ctx: &Ctx,
    mut repayment: Repayment,
    object: &Value,
) -> anyhow::Result<()> {
    let Some(intent) = objects::id(object) else {
        anyhow::bail!("a payment without an id");
    };
    if repayment.intent.is_some() {
        return Ok(());
    }
    let Some(mandate) = store::mandate(conn, repayment.campaign).await? else {
        anyhow::bail!("a payment without a card");
    };
    (repayment.intent, repayment.state) = (Some(intent.to_string()), RepaymentState::Processing);
    repayment_store::save(conn, &repayment, ctx.now()).await?;
    ask::confirm(conn, ctx, &repayment, intent, &mandate).await?;
    Ok(())
}

/// A payment as it stands.
async fn intent(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    object: &Value,
) -> anyhow::Result<()> {
    let intent = Intent::read(object)?;
    if repayment.charge.is_some() {
        return Ok(());
    }
    match intent.status.as_str() {
        "succeeded" => match intent.charge() {
            Some(charge) => credit::received(conn, ctx, repayment, &charge).await,
            None => jobs::look_again(conn, ctx, repayment).await,
        },
        "requires_action" => needs_you(conn, ctx, repayment, "authentication_required").await,
        "requires_payment_method" => match &intent.last_payment_error {
            Some(trouble) => declined(conn, ctx, repayment, trouble).await,
            None => Ok(()),
        },
        "canceled" => ended(conn, ctx, repayment, CALLED_OFF).await,
        // A bank debit takes days: counted as pending until it is there.
        "processing" => {
            repayment.state = RepaymentState::Processing;
            repayment_store::save(conn, repayment, ctx.now()).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn declined(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    trouble: &Trouble,
) -> anyhow::Result<()> {
    if !repayment.state.is_open() {
        return Ok(());
    }
    let code = trouble.code.as_deref().unwrap_or_default();
    let short = trouble.short();
    let kind = classify(
        code,
        trouble.decline_code.as_deref(),
        trouble.advice_code.as_deref(),
    );
    match kind {
        DeclineKind::NeedsPerson => needs_you(conn, ctx, repayment, &short).await,
        DeclineKind::Soft if repayment.state == RepaymentState::RetryLater => Ok(()),
        DeclineKind::Soft if repayment.tries + 1 < TRIES => {
            repayment.tries += 1;
            (repayment.state, repayment.decline_code) = (RepaymentState::RetryLater, Some(short));
            repayment_store::save(conn, repayment, ctx.now()).await?;
            jobs::retry(conn, ctx, repayment, ctx.now() + TRY_AFTER).await?;
            mail::declined(conn, ctx, repayment).await
        }
        DeclineKind::Soft | DeclineKind::Hard => ended(conn, ctx, repayment, &short).await,
    }
}

async fn needs_you(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    code: &str,
) -> anyhow::Result<()> {
    if repayment.state == RepaymentState::NeedsYou || !repayment.state.is_open() {
        return Ok(());
    }
    (repayment.state, repayment.decline_code) = (RepaymentState::NeedsYou, Some(code.to_string()));
    repayment_store::save(conn, repayment, ctx.now()).await?;
    jobs::give_up_later(conn, ctx, repayment).await?;
    mail::declined(conn, ctx, repayment).await
}

/// Why a repayment ended for which a bank wanted to see somebody: what is due is asked for again.
pub const NOBODY_CAME: &str = "nobody_came";
/// Something else had paid it meanwhile.
pub const NO_LONGER_OWED: &str = "no_longer_owed";
/// It was cancelled at the provider.
pub const CALLED_OFF: &str = "canceled";
/// The provider's page was left without a word.
pub const LEFT: &str = "checkout_expired";

/// A bank wanted to see somebody, and nobody came: the payment is cancelled. Should it have succeeded meanwhile, the
/// provider says so, and it is a repayment after all.
///
/// # Errors
/// When the database fails.
pub async fn nobody_came(ctx: &Ctx, campaign: CampaignId, id: RepaymentId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let repayment = repayment_store::lock(&mut tx, campaign, id).await?;
    if let Some(mut repayment) = repayment.filter(|one| one.state == RepaymentState::NeedsYou) {
        ended(&mut tx, ctx, &mut repayment, NOBODY_CAME).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// It will not come in. A payment that could still succeed is cancelled at the provider.
pub(super) async fn ended(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    code: &str,
) -> anyhow::Result<()> {
    if !repayment.state.is_open() {
        return Ok(());
    }
    (repayment.state, repayment.decline_code) = (RepaymentState::Failed, Some(code.to_string()));
    repayment_store::save(conn, repayment, ctx.now()).await?;
    if let Some(intent) = repayment.intent.clone().filter(|_| code != CALLED_OFF) {
        let request = |_| requests::cancel_intent(&intent);
        payments::write(conn, ctx, repayment.subject(), Kind::CancelIntent, request).await?;
    }
    // Who called it off, or wants to pay what was paid, reads so on the page: nothing is to be done about it.
    match code {
        CALLED_OFF | NO_LONGER_OWED => Ok(()),
        _ => mail::declined(conn, ctx, repayment).await,
    }
}

/// Events: checkouts and payments as they stand. Returns the repayments that are not known.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        campaigns::lock(conn, campaign).await?;
        let mut unknown = Vec::new();
        for one in news {
            let id = RepaymentId::from_uuid(one.of.id);
            if !told(conn, ctx, campaign, id, &one.told).await? {
                unknown.push(one.of.id);
            }
        }
        Ok(unknown)
    })
}

/// Acts on one object of the provider's. False for a repayment nobody knows. The caller holds the campaign.
pub async fn told(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    id: RepaymentId,
    told: &Told,
) -> anyhow::Result<bool> {
    let Some(mut repayment) = repayment_store::lock(conn, campaign, id).await? else {
        return Ok(false);
    };
    match told {
        Told::Intent(object) => intent(conn, ctx, &mut repayment, object).await?,
        Told::Session(object) => session(conn, ctx, repayment, object).await?,
        Told::Refund(_) | Told::Dispute(_) | Told::Account(_) | Told::BankPayout(_) => {}
    }
    Ok(true)
}

/// The project saved a card: from now on it is the one that is charged, first for this repayment.
async fn session(
    conn: &mut PgConnection,
    ctx: &Ctx,
    mut repayment: Repayment,
    object: &Value,
) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(object.clone())?;
    if repayment.state != RepaymentState::Asked || repayment.intent.is_some() {
        return Ok(());
    }
    match (
        session.status.as_str(),
        session.payment_method(),
        session.customer(),
    ) {
        ("complete", Some(method), Some(customer)) => {
            let mandate = Mandate {
                customer: customer.to_string(),
                method: method.to_string(),
            };
            let Some(person) = repayment.asked_by else {
                anyhow::bail!("a checkout that nobody asked for");
            };
            store::keep_mandate(conn, repayment.campaign, &mandate, person, ctx.now()).await?;
            repayment.state = RepaymentState::Processing;
            repayment_store::save(conn, &repayment, ctx.now()).await?;
            let request = |tag| {
                requests::create_debit_intent(tag, repayment.amount, &mandate.customer, &mandate.method)
            };
            payments::write(conn, ctx, repayment.subject(), Kind::CreateIntent, request).await?;
            Ok(())
        }
        ("expired", ..) => ended(conn, ctx, &mut repayment, LEFT).await,
        _ => Ok(()),
    }
}
