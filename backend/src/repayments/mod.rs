//! Loans that are paid back: what is due and when, repayments through the provider, every lender's part to the cent
//! and on its way to them, and what happens when a project is late.
//!
//! `ask` begins a payment, `hear` learns what became of it, `credit` splits it over the shares, `late` looks at each
//! loan once a day, `send` brings lenders what is theirs, `keeping`
//! keeps it at their wish, `lend_again` lends it to another loan. Each step is one transaction, and can be repeated.

mod ask;
mod beyond;
mod complaints;
mod credit;
pub mod digest;
mod frozen;
mod frozen_store;
mod hear;
mod instalment_store;
pub mod jobs;
mod keeping;
mod keeping_store;
mod late;
mod lend_again;
mod lend_again_store;
mod lender_account;
pub mod lender_hear;
mod lender_store;
mod mail;
mod mandate_store;
mod plan;
pub mod repayment_store;
mod returned;
mod send;
mod share_store;
mod statistics;
pub mod store;
mod tax;
mod unbegun;
pub mod web;

pub use ask::{Next, confirm_present, look_up, pay_now};
pub use frozen::{freeze, give_back as give_share_back, owed_now, take_over, take_part};
pub use hear::{answers, news};
pub use keeping::gifts_go_back;
pub use late::{default_by_steward, write_off};
pub use lend_again::{To, give_back as give_kept_back, hold as hold_kept, kept, lend_again};
pub use lender_account::{look as look_at_lender_account, start as start_lender_account};
pub use plan::{Typed as TypedPlan, cast, propose};
pub use returned::{RETURNS, came, come_back, lands, propose_held};
pub use statistics::{Statistics, recomputed, statistics};
pub use unbegun::unbegin;

use felag_domain::entries::loan as entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::Instalment;
use sqlx::PgConnection;
use time::Date;

use crate::ctx::Ctx;
use crate::ledger;

/// A loan that was paid out, as it begins to be paid back.
#[derive(Debug, Clone)]
pub struct PaidOut {
    pub campaign: CampaignId,
    pub currency: Currency,
    /// The schedule of the contract, from the day it was paid out.
    pub instalments: Vec<Instalment>,
    /// What each lender lent, in the order of the ids.
    pub shares: Vec<(CommitmentId, Money)>,
    pub paid_out_on: Date,
    /// The hash of the agreement that both sides signed, in hexadecimal digits, and the day: the cause of the entry.
    pub agreement: String,
}

/// Where a repayment stands. Stored as text.
pub use felag_domain::repaying::RepaymentState;

/// The loan was paid out: its instalments, its shares and what they are owed are written down, and the first day to
/// look at it. Doing it again changes nothing.
///
/// # Errors
/// When the database fails, or the shares are not what the instalments bring back.
pub async fn begin(conn: &mut PgConnection, ctx: &Ctx, paid_out: &PaidOut) -> anyhow::Result<()> {
    let principal: i64 = paid_out.instalments.iter().map(|row| row.owed.principal).sum();
    let lent: i64 = paid_out.shares.iter().map(|(_, share)| share.minor()).sum();
    anyhow::ensure!(
        principal == lent,
        "{lent} were lent and {principal} are to come back"
    );
    if !store::insert_running(conn, paid_out, principal).await? {
        return Ok(());
    }
    store::save_rows(conn, paid_out.campaign, 1, &paid_out.instalments).await?;
    share_store::insert(conn, paid_out.campaign, &paid_out.shares).await?;
    let book = BookId::of_campaign(paid_out.campaign);
    let entry = entries::loan_begun(book, &paid_out.agreement, &paid_out.shares, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    let policy = store::policy_of(&mut *conn, paid_out.campaign).await?;
    let first = jobs::first_look(&paid_out.instalments, &policy, ctx);
    jobs::look_on(conn, ctx, paid_out.campaign, first).await
}
