//! I10: at most one mail per event and recipient, and none of what did not happen.

use super::{Rule, When, sql};

/// How many mails of a kind each address should have, by the tables.
macro_rules! written {
    ($due:literal) => {
        concat!(
            "with due as (",
            $due,
            "), written as (select kind, recipient, count(*) as many from message group by 1, 2)
             select format('%s to %s: %s, should be %s', kind, recipient, coalesce(written.many, 0), due.many)
             from due full join written using (kind, recipient)
             where coalesce(written.many, 0) <> coalesce(due.many, 0) and kind in (select kind from kinds)"
        )
    };
}

pub const RULES: &[Rule] = &[
    sql(
        "a mail is written when its cause is, once, and never without it",
        When::Always,
        concat!(
            "with kinds (kind) as (values ('pledge_made'), ('pledge_charged'), ('pledge_cancelled'), ('pledge_dropped'),
                                         ('pledge_paid_back')) select * from (",
            written!(
                "select 'pledge_made' as kind, email as recipient, count(*) as many from pledge
                 where card_saved_at is not null group by 2
                 union all select 'pledge_charged', email, count(*) from pledge where state = 'paid' group by 2
                 union all select 'pledge_cancelled', email, count(*) from pledge
                           where state = 'cancelled' and card_saved_at is not null group by 2
                 union all select 'pledge_dropped', email, count(*) from pledge where state = 'dropped' group by 2
                 union all select 'pledge_paid_back', email, count(*) from refund
                           join payment using (book_id, payment_id)
                           join pledge on campaign_id = book_id and pledge_id = subject_id
                           where why = 'late_payment' group by 2"
            ),
            ") as found"
        ),
    ),
    sql(
        "nobody is told of an outcome more often than it concerns them",
        When::Always,
        "with due as (
             select 'minimum_reached' as kind, email as recipient, count(*) as most from pledge
             where due_at is not null group by 2
             union all select 'not_funded', email, count(*) from pledge where state = 'released' group by 2
             union all select 'campaign_short', email, count(*) from pledge join campaign using (campaign_id)
                       where pledge.state = 'paid' and campaign.state in ('short', 'unwound') group by 2
             union all select 'card_needs_you', email, count(*) * 4 from pledge where due_at is not null group by 2)
         select format('%s to %s: %s, at most %s', kind, recipient, count(*), coalesce(max(most), 0))
         from message left join due using (kind, recipient)
         where kind in ('minimum_reached', 'not_funded', 'campaign_short', 'card_needs_you')
         group by kind, recipient having count(*) > coalesce(max(most), 0)",
    ),
    sql(
        "a mail goes to somebody it concerns",
        When::Always,
        "select format('%s to %s', kind, recipient) from message
         where recipient not in (select email from pledge union select email from person)",
    ),
    sql(
        "a receipt names the entry of its charge",
        When::Always,
        "select format('%s', unique_key) from message
         where kind = 'pledge_charged' and not exists (
             select from entry where entry.kind = 'charge' and cause_id = split_part(unique_key, ' ', 2)
             and position(encode(entry.hash, 'hex') in text_body) > 0)",
    ),
    sql(
        "in the end everybody was told how it ended",
        When::AtTheEnd,
        concat!(
            "with kinds (kind) as (values ('minimum_reached'), ('not_funded'), ('campaign_short')) select * from (",
            written!(
                "select 'minimum_reached' as kind, email as recipient, count(*) as many from pledge
                 where due_at is not null group by 2
                 union all select 'not_funded', email, count(*) from pledge where state = 'released' group by 2
                 union all select 'campaign_short', email, count(*) from pledge join campaign using (campaign_id)
                           where pledge.state = 'paid' and campaign.state in ('short', 'unwound') group by 2"
            ),
            ") as found"
        ),
    ),
    sql(
        "in the end the owners know each outcome once",
        When::AtTheEnd,
        "select format('campaign %s is %s: %s', campaign_id, campaign.state, count(message_id)) from campaign
         left join message on unique_key like 'owner_' || campaign.state || ' ' || campaign_id || ' %'
         where campaign.state in ('funded', 'failed', 'short', 'unwound')
         group by campaign_id having count(message_id) <> 1",
    ),
    sql(
        "in the end every mail has gone out",
        When::AtTheEnd,
        "select format('%s to %s is %s: %s', kind, recipient, state, last_error) from message
         where state not in ('sent', 'suppressed')",
    ),
];
