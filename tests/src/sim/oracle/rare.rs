//! Rare states that can be seen in the tables at the end of a seed.

use crate::sim::run::Sim;

/// What is counted, and where.
const SEEN: &[(&str, &str)] = &[
    ("a campaign funded", "select count(*) from campaign where state = 'funded'"),
    (
        "a campaign short: promised, not collected",
        "select count(distinct unique_key) from message where kind = 'owner_short' or kind = 'ending_goes_on'",
    ),
    ("a campaign unwound", "select count(*) from campaign where state = 'unwound'"),
    ("a campaign cancelled", "select count(*) from campaign where state = 'cancelled'"),
    ("a campaign cancelled after it had collected", "select count(distinct book_id) from refund where why = 'cancelled'"),
    ("a campaign that went on below its minimum", "select count(*) from campaign where go_on_until is not null"),
    ("a refund", "select count(*) from refund where state = 'succeeded'"),
    ("a refund that failed", "select count(*) from refund where state = 'failed'"),
    ("a refund of a part", "select count(*) from refund where not is_whole"),
    ("money taken back from a campaign that goes on", "select count(*) from refund where why = 'taken_back'"),
    ("a dispute won", "select count(*) from dispute where state = 'won'"),
    ("a dispute lost", "select count(*) from dispute where state = 'lost'"),
    ("a refund and a dispute of one payment", "select count(*) from refund join dispute using (book_id, payment_id)"),
    (
        "a campaign that keeps what comes collected",
        "select count(*) from campaign where way = 'keep_what_comes' and state = 'funded'",
    ),
    ("a standing gift charged again", "select count(*) from contribution where state = 'paid' and number > 0"),
    ("a standing gift past due, and paid", "select count(*) from contribution where state = 'paid' and tries > 0"),
    ("a standing gift that ended for want of a card", "select count(*) from contribution where state = 'dropped'"),
    ("a loan collected", "select count(*) from loan where collected_at is not null"),
    (
        "a loan that shrank",
        "select count(*) from loan where principal_minor < coalesce(signed_minor, amount_minor)",
    ),
    ("a loan that failed or went back", "select count(*) from loan where state in ('failed', 'refunded', 'cancelled')"),
    ("a commitment revoked", "select count(*) from commitment where state = 'revoked'"),
    ("a commitment dropped in collecting", "select count(*) from commitment where state = 'dropped'"),
    ("a loan paid out", "select count(*) from loan_running"),
    ("a repayment credited", "select count(*) from repayment where state = 'credited'"),
    ("a repayment by debit", "select count(*) from repayment where state = 'credited' and way = 'debit'"),
    ("a repayment that failed", "select count(*) from repayment where state = 'failed'"),
    ("a repayment that a bank took back", "select count(*) from repayment where state = 'returned'"),
    (
        "a loan that was late",
        "select count(distinct campaign_id) from loan_note where kind = 'late'",
    ),
    ("a loan in default", "select count(*) from loan_running where defaulted_on is not null"),
    ("a loan given up", "select count(distinct campaign_id) from loan_note where kind = 'written_off'"),
    (
        "a repayment after the loan was given up",
        "select count(*) from repayment where is_given_up and state = 'credited'",
    ),
    ("a loan paid back to the end", "select count(*) from loan where state = 'ended'"),
    ("a lender's part on their bank account", "select count(*) from lender_transfer where state = 'paid'"),
    ("a lender's part that their bank sent back", "select count(*) from lender_transfer where state = 'returned'"),
    ("a campaign failed", "select count(*) from campaign where state = 'failed'"),
    ("a pledge paid", "select count(*) from pledge where state = 'paid'"),
    ("a pledge paid after a decline", "select count(*) from pledge where state = 'paid' and tries > 0"),
    ("a pledge dropped after the window", "select count(*) from pledge where state = 'dropped'"),
    ("a pledge expired without a card", "select count(*) from pledge where state = 'expired'"),
    ("a pledge cancelled by its backer", "select count(*) from pledge where state = 'cancelled'"),
    ("a payment after its pledge had ended, sent back", "select count(*) from refund where why = 'late_payment'"),
    ("a member's own gift paid", "select count(*) from pledge where state = 'paid' and not counts"),
    ("a request sent more than once", "select count(*) from operation where sends > 1"),
    ("a request repeated under a new key", "select count(*) from operation where attempt > 1"),
    ("a request the provider refused", "select count(*) from operation where state = 'refused'"),
    ("news that had to wait", "select count(*) from provider_event where attempts > 1"),
    ("a mail tried more than once", "select count(*) from message where attempts > 1"),
    (
        "a card saved on a page that was paid for too late",
        "select count(*) from pledge join sandbox.object as setup
            on setup.kind = 'setup_intent' and setup.data->'metadata'->>'felag_pledge' = pledge_id::text
         where pledge.state in ('expired', 'cancelled') and setup.data->>'status' = 'succeeded'
           and card_saved_at is null",
    ),
    (
        "a slow payment that succeeded",
        "select count(distinct object_id) from provider_event
         where kind = 'payment_intent.processing'
           and object_id in (select object_id from provider_event where kind = 'payment_intent.succeeded')",
    ),
    (
        "a window that ended with payments still open",
        "select count(*) from operation where kind = 'cancel_intent'",
    ),
    (
        "a payment that succeeded while it was being stopped",
        "select count(*) from pledge join operation on subject_id = pledge_id and operation.kind = 'cancel_intent'
         where pledge.state = 'paid'",
    ),
    (
        "a campaign decided in its first try",
        "select count(*) from campaign where decided_at < deadline_at + interval '1 minute'",
    ),
    ("a campaign decided late", "select count(*) from campaign where decided_at > deadline_at + interval '16 minutes'"),
];

/// Counts what this seed reached.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(sim: &mut Sim) -> anyhow::Result<()> {
    for (what, sql) in SEEN {
        let times: i64 = sqlx::query_scalar(*sql).fetch_one(&sim.world.owner).await?;
        sim.rare.saw_times(what, u64::try_from(times).unwrap_or(0));
    }
    Ok(())
}
