//! I3, I4, I5: our book and the provider's. The provider's is read from the sandbox's own tables; what one of our units
//! is there, is written down here once more.

use super::{Rule, When, sql};

/// Charges that succeeded, whose pledge they are, and what of them is ours, in our minor units.
macro_rules! charges {
    ($where:literal) => {
        concat!(
            "(select charge.id, (intent.data->'metadata'->>'felag_pledge')::uuid as pledge_id,
                     coalesce(intent.data->'metadata'->>'felag_pledge', intent.data->'metadata'->>'felag_commitment',
                              intent.data->'metadata'->>'felag_repayment',
                              intent.data->'metadata'->>'felag_contribution') as subject_id,
                     (intent.data->'metadata'->>'felag_book')::uuid as campaign_id,
                     upper(charge.data->>'currency') as currency, charge.created,
                     (charge.data->>'amount')::bigint / unit.factor as minor,
                     (booked.data->>'fee')::bigint / unit.factor as fee_minor
              from sandbox.object as charge
              join sandbox.object as intent on intent.id = charge.data->>'payment_intent'
              join sandbox.object as booked on booked.id = charge.data->>'balance_transaction'
              cross join lateral (select case charge.data->>'currency' when 'isk' then 100 else 1 end) as unit (factor)
              where charge.kind = 'charge' and charge.data->>'status' = 'succeeded'",
            $where,
            ")"
        )
    };
    () => {
        charges!("")
    };
}

pub const RULES: &[Rule] = &[
    sql(
        "a booked charge is one of the provider's, gross and cost to the unit",
        When::Always,
        concat!(
            "with booked as (
                 select book_id, cause_id, sum(amount_minor) filter (where debit = 'provider') as gross,
                        sum(amount_minor) filter (where credit = 'provider') as cost, min(currency) as currency
                 from entry join movement using (book_id, number)
                 where kind in ('charge', 'loan_charge', 'repayment_received')
                   and 'provider' in (debit, credit)
                 group by 1, 2)
             select format('charge %s: booked %s less %s %s, the provider says %s less %s %s', cause_id, gross, cost,
                           booked.currency, minor, fee_minor, charge.currency)
             from booked left join ",
            charges!(),
            " as charge on charge.id = cause_id
             where charge.id is null or gross <> minor or coalesce(cost, 0) <> fee_minor
                or charge.currency <> booked.currency or campaign_id <> book_id"
        ),
    ),
    sql(
        "nobody is charged twice for one pledge, one loan or one repayment",
        When::Always,
        concat!(
            "select format('%s: %s charges', subject_id, count(*)) from ",
            charges!(),
            " as charge where subject_id is not null group by subject_id having count(*) > 1"
        ),
    ),
    sql(
        "a charge is what the pledge says: gift and tip, in its currency",
        When::Always,
        concat!(
            "select format('pledge %s of %s + %s %s: charged %s %s', pledge_id, amount_minor, tip_minor,
                           pledge.currency, minor, charge.currency)
             from ",
            charges!(),
            " as charge left join pledge using (campaign_id, pledge_id)
             where pledge_id is not null and (pledge is null or minor <> amount_minor + tip_minor
                or charge.currency <> pledge.currency or minor > mandate_minor)"
        ),
    ),
    sql(
        "nobody is charged before the deadline, nor for a campaign that failed",
        When::Always,
        concat!(
            "select format('pledge %s of a campaign that is %s', pledge_id, state) from ",
            charges!(),
            " as charge left join campaign using (campaign_id)
             where pledge_id is not null and (campaign is null or state in ('draft', 'in_review', 'scheduled', 'failed')
                or (way <> 'keep_what_comes'
                    and (state = 'open' or to_timestamp(charge.created) < date_trunc('second', deadline_at))))"
        ),
    ),
    sql(
        "one request makes one object",
        When::Always,
        "select format('operation %s made %s of kind %s', data->'metadata'->>'felag_operation', count(*), kind)
         from sandbox.object where kind in ('payment_intent', 'refund', 'transfer', 'payout')
           and data->'metadata' ? 'felag_operation'
         group by data->'metadata'->>'felag_operation', kind having count(*) > 1",
    ),
    sql(
        "a pledge, a commitment, a contribution and a repayment have one payment for their whole life",
        When::Always,
        "with one as (
             select coalesce(data->'metadata'->>'felag_pledge', data->'metadata'->>'felag_commitment',
                             data->'metadata'->>'felag_contribution', data->'metadata'->>'felag_repayment') as subject
             from sandbox.object where kind = 'payment_intent')
         select format('%s: %s payments', subject, count(*)) from one group by subject having count(*) > 1",
    ),
    sql(
        "a booked refund is one of the provider's",
        When::Always,
        "with booked as (
             select book_id, cause_id, sum(amount_minor) as minor from entry join movement using (book_id, number)
             where kind = 'refund' and credit = 'provider' group by 1, 2)
         select format('refund %s of %s', cause_id, minor) from booked
         left join sandbox.object as refund on refund.id = cause_id and refund.kind = 'refund'
         where refund is null or minor <> (refund.data->>'amount')::bigint
                                          / case refund.data->>'currency' when 'isk' then 100 else 1 end",
    ),
    sql(
        "every event we took is one the provider made, and is kept once",
        When::Always,
        "select format('event %s, %s of %s, %s times', min(event_id), event.kind, object_id, count(*))
         from provider_event as event left join sandbox.object as made on made.id = event_id and made.kind = 'event'
         group by event.kind, object_id, occurred_at, made.id, event.payload having count(*) > 1 or made.id is null",
    ),
    sql(
        "every event the provider believes to be delivered stands here",
        When::Always,
        "select format('event %s', event) from sandbox.delivery
         where state = 'done' and not exists (select from provider_event where event_id = event)",
    ),
    sql(
        "a dropped pledge was ended by the provider, not by us",
        When::Always,
        "select format('pledge %s is dropped, its payment is %s', pledge_id, intent.data->>'status') from pledge
         join sandbox.object as intent on intent.id = intent_ref
         where pledge.state = 'dropped' and intent.data->>'status' not in ('canceled')",
    ),
    sql(
        "every charge is booked",
        When::AtTheEnd,
        concat!(
            "select format('charge %s of %s %s for %s', charge.id, minor, charge.currency, subject_id) from ",
            charges!(),
            " as charge where subject_id is not null and not exists (
                 select from entry where kind in ('charge', 'loan_charge', 'repayment_received')
                    and cause_id = charge.id and book_id = campaign_id)"
        ),
    ),
    sql(
        "every refund is booked",
        When::AtTheEnd,
        "select format('refund %s', refund.id) from sandbox.object as refund
         where refund.kind = 'refund' and refund.account is null and refund.data->>'status' = 'succeeded'
           and not exists (select from entry where kind = 'refund' and cause_id = refund.id)",
    ),
    sql(
        "what the provider has is what our books say it has",
        When::AtTheEnd,
        "with theirs as (
             select upper(data->>'currency') as currency,
                    sum((data->>'net')::bigint / case data->>'currency' when 'isk' then 100 else 1 end) as minor
             from sandbox.object where kind = 'balance_transaction' and account is null group by 1),
         ours as (select currency, sum(balance_minor) as minor from account_balance where account = 'provider' group by 1)
         select format('%s: the provider has %s, our books say %s', currency, theirs.minor, ours.minor)
         from theirs full join ours using (currency)
         where coalesce(theirs.minor, 0) <> coalesce(ours.minor, 0)",
    ),
    sql(
        "no card is kept for a pledge that ended without money",
        When::AtTheEnd,
        "select format('card %s of pledge %s, which is %s', card.id, pledge_id, pledge.state)
         from sandbox.object as setup
         join sandbox.object as card on card.id = setup.data->>'payment_method'
         join pledge on pledge_id = (setup.data->'metadata'->>'felag_pledge')::uuid
         where setup.kind = 'setup_intent' and setup.data->>'status' = 'succeeded'
           and card.data->>'customer' is not null
           and not (pledge.state = 'paid' and payment_method_ref = card.id)",
    ),
    sql(
        "no payment is left that could still succeed",
        When::AtTheEnd,
        "select format('payment %s is %s', id, data->>'status') from sandbox.object
         where kind = 'payment_intent' and data->>'status' not in ('succeeded', 'canceled')
           -- A repayment waits for the project, and a loan that nobody pays is late.
           and not exists (select from repayment where repayment_id::text = data->'metadata'->>'felag_repayment'
                           and state in ('needs_you', 'retry_later'))
           and not exists (select from contribution where contribution_id::text = data->'metadata'->>'felag_contribution'
                           and state in ('due', 'needs_you', 'retry_later', 'charging'))",
    ),
    sql(
        "every dispute is known, and stands where the bank has it",
        When::AtTheEnd,
        "select format('dispute %s is %s at the bank and %s here', theirs.id, theirs.data->>'status', ours.state)
         from sandbox.object as theirs left join dispute as ours on provider_ref = theirs.id
         where theirs.kind = 'dispute'
           and ours.state is distinct from case
                   when theirs.data->>'status' in ('won', 'warning_closed') then 'won'
                   when theirs.data->>'status' = 'lost' then 'lost'
                   when theirs.data->>'status' like 'warning%' then 'inquiry' else 'open' end",
    ),
    sql(
        "who gave to a campaign that came to nothing has everything back",
        When::AtTheEnd,
        "select format('pledge %s of a campaign that is %s: %s + %s, back %s + %s', subject_id, state, amount_minor,
                       payment.tip_minor, refunded_minor, tip_refunded_minor)
         from payment join campaign on campaign_id = book_id
         where state in ('cancelled', 'unwound', 'failed') and subject_kind = 'pledge' and disputed_minor = 0
           and (refunded_minor < amount_minor or tip_refunded_minor < payment.tip_minor)
           -- What the provider could not send stands as failed, and the stewards see it.
           and not exists (select from refund where refund.payment_id = payment.payment_id and refund.state = 'failed')
           and not exists (select from dispute where dispute.payment_id = payment.payment_id)",
    ),
    sql(
        "no refund is left on its way",
        When::AtTheEnd,
        "select format('refund %s is %s', refund_id, state) from refund where state not in ('succeeded', 'failed')",
    ),
];
