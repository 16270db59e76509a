//! I10: at most one mail per event and recipient, and none of what did not happen.

use super::{Rule, When, sql};

/// The mails there must be, by their keys, from the moment of their cause.
macro_rules! must {
    () => {
        "select format('pledge_made %s %s', pledge_id, email) as unique_key from pledge
                   join campaign using (campaign_id) where card_saved_at is not null and way = 'all_or_nothing'
         union all select format('pledge_charged %s %s', charge_ref, email) from pledge where state = 'paid'
         union all select format('pledge_cancelled %s %s', pledge_id, email) from pledge
                   where state = 'cancelled' and card_saved_at is not null
         union all select format('pledge_dropped %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'dropped' and campaign.state not in ('cancelled', 'unwound')
         union all select format('pledge_paid_back %s %s', pledge_id, email) from pledge
                   join payment on book_id = campaign_id and subject_id = pledge_id
                   where exists (select from refund where refund.payment_id = payment.payment_id
                                 and why = 'late_payment')
         union all select format('refund_done %s %s', refund_id, email) from refund
                   join payment using (book_id, payment_id) join pledge on pledge_id = subject_id
                   where why <> 'late_payment' and refund.state = 'succeeded'
         union all select format('refund_failed %s %s', refund_id, email) from refund
                   join payment using (book_id, payment_id) join pledge on pledge_id = subject_id
                   where why <> 'late_payment' and refund.state = 'failed'"
    };
}

/// The mails there must be in the end.
macro_rules! must_in_the_end {
    () => {
        "select format('minimum_reached %s %s', pledge_id, email) as unique_key from pledge
             join campaign using (campaign_id)
             where due_at is not null and campaign.state <> 'cancelled' and way = 'all_or_nothing'
         union all select format('not_funded %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'released' and campaign.state = 'failed'
         union all select format('campaign_cancelled %s %s', pledge_id, email) from pledge
                   join campaign using (campaign_id) where pledge.state = 'released' and campaign.state = 'cancelled'
         union all select format('all_goes_back %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'paid' and campaign.state = 'unwound'"
    };
}

/// The mails there may be beside those, by their keys.
macro_rules! may {
    () => {
        "select format('pledge_dropped %s %s', pledge_id, email) from pledge where state = 'dropped'
         union all select format('minimum_reached %s %s', pledge_id, email) from pledge where due_at is not null
         union all select format('campaign_short %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'paid' and campaign.state in ('short', 'unwound', 'funded', 'closed')
         union all select format('campaign_goes_on %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'paid' and go_on_until is not null
         union all select format('campaign_cancelled %s %s', pledge_id, email) from pledge
                   join campaign using (campaign_id)
                   where pledge.state in ('released', 'dropped') and campaign.state in ('cancelled', 'unwound')
         union all select format('all_goes_back %s %s', pledge_id, email) from pledge join campaign using (campaign_id)
                   where pledge.state = 'paid' and campaign.state in ('cancelled', 'unwound')
         union all select format('card_needs_you %s %s %s', pledge_id, nth, email) from pledge, generate_series(0, 3) as nth
                   where due_at is not null
         union all select format('refund_on_its_way %s %s', refund_id, email) from refund
                   join payment using (book_id, payment_id) join pledge on pledge_id = subject_id
         union all select format('refund_done %s %s', refund_id, email) from refund
                   join payment using (book_id, payment_id) join pledge on pledge_id = subject_id
                   where refund.state = 'failed'"
    };
}

pub const RULES: &[Rule] = &[
    sql(
        "a mail is written together with its cause",
        When::Always,
        concat!(
            "select due.unique_key from (",
            must!(),
            ") as due where not exists (select from message where message.unique_key = due.unique_key)"
        ),
    ),
    sql(
        "no mail tells of what did not happen",
        When::Always,
        concat!(
            "select unique_key from message
             where kind in ('pledge_made', 'pledge_charged', 'pledge_cancelled', 'pledge_dropped', 'pledge_paid_back',
                            'minimum_reached', 'not_funded', 'campaign_short', 'campaign_goes_on', 'campaign_cancelled',
                            'all_goes_back', 'card_needs_you', 'refund_done', 'refund_failed', 'refund_on_its_way')
               and unique_key not in (",
            must!(),
            " union all ",
            must_in_the_end!(),
            " union all ",
            may!(),
            ")"
        ),
    ),
    sql(
        "one event is told to one address once",
        When::Always,
        "select format('%s: %s times', unique_key, count(*)) from message group by unique_key having count(*) > 1",
    ),
    sql(
        "a mail goes to somebody it concerns",
        When::Always,
        "select format('%s to %s', kind, recipient) from message
         where recipient not in (select email from pledge union select email from support union select email from person)",
    ),
    sql(
        "a receipt names the entry of its charge",
        When::Always,
        "select unique_key from message
         where kind = 'pledge_charged' and not exists (
             select from entry where entry.kind = 'charge' and cause_id = split_part(unique_key, ' ', 2)
             and position(encode(entry.hash, 'hex') in text_body) > 0)",
    ),
    sql(
        "in the end everybody was told how it ended",
        When::AtTheEnd,
        concat!(
            "select due.unique_key from (",
            must_in_the_end!(),
            ") as due where not exists (select from message where message.unique_key = due.unique_key)"
        ),
    ),
    sql(
        "in the end the owners know each outcome once",
        When::AtTheEnd,
        "select format('campaign %s is %s: %s', campaign_id, campaign.state, count(message_id)) from campaign
         left join message on unique_key like 'owner_' || campaign.state || ' ' || campaign_id || ' %'
         where campaign.state in ('funded', 'failed') group by campaign_id having count(message_id) <> 1",
    ),
    sql(
        "in the end every mail has gone out",
        When::AtTheEnd,
        "select format('%s to %s is %s: %s', kind, recipient, state, last_error) from message
         where state not in ('sent', 'suppressed')",
    ),
];
