//! I13 and liveness: when all trouble has stopped and time has passed, nothing is left half done.

use super::{Rule, When, sql};

pub const RULES: &[Rule] = &[
    sql(
        "at rest nobody holds a lease",
        When::AtRest,
        "select 'job ' || kind from job where claimed_until is not null
         union all select 'operation ' || kind from operation where claimed_until is not null
         union all select 'event ' || kind from provider_event where claimed_until is not null
         union all select 'message ' || kind from message where claimed_until is not null",
    ),
    sql(
        "no request to the provider is left unanswered",
        When::AtTheEnd,
        "select format('%s of pledge %s, sent %s times: %s', kind, subject_id, sends, last_error) from operation
         where state = 'written'",
    ),
    sql(
        "no news is left that nobody acted on",
        When::AtTheEnd,
        "select format('%s of %s: %s', kind, object_id, last_error) from provider_event where applied_at is null",
    ),
    sql(
        "no job was given up, and none is overdue",
        When::AtTheEnd,
        "select format('%s at %s: %s', kind, run_at, last_error) from job
         where failed_at is not null or kind in ('pledges.watch_checkout', 'pledges.look_up_payment', 'pledges.settle',
             'pledges.retry', 'pledges.end_window', 'loans.end_window', 'loans.close_lending', 'pledges.tell',
              'pledges.unwind_short', 'pledges.end_take_back')",
    ),
    sql(
        "no campaign is stuck",
        When::AtTheEnd,
        "select format('campaign %s is %s', campaign_id, state) from campaign
         where state not in ('funded', 'closed', 'failed', 'unwound', 'cancelled')",
    ),
    sql(
        "no pledge is stuck",
        When::AtTheEnd,
        "select format('pledge %s is %s: %s; %s', pledge_id, state, decline_code,
                       (select string_agg(format('%s %s at %s: %s %s', kind, operation.state, run_at, object_id,
                                                 coalesce(error_code, last_error)), ', ' order by operation_id)
                        from operation where subject_id = pledge_id))
         from pledge
         where state not in ('paid', 'dropped', 'released', 'cancelled', 'expired')",
    ),
    sql(
        "a payment that came too late went back",
        When::AtTheEnd,
        "select format('pledge %s is %s and was charged', pledge_id, state) from pledge
         where charge_ref is not null and state <> 'paid'
           and not exists (select from refund join payment using (book_id, payment_id)
                           where book_id = campaign_id and subject_id = pledge_id
                             and refund.state in ('succeeded', 'failed'))",
    ),
    sql(
        "where nothing goes wrong nothing is sent twice",
        When::AtACalmEnd,
        "select format('%s of pledge %s was sent %s times: %s', kind, subject_id, sends, last_error) from operation
         where sends > 1",
    ),
    sql(
        "where nothing goes wrong a mail is tried once",
        When::AtACalmEnd,
        "select format('%s to %s was tried %s times', kind, recipient, attempts) from message where attempts > 1",
    ),
];
