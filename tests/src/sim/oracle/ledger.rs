//! I1, I2: the ledger adds up, by its own rows.

use super::{Rule, When, sql};

/// Whether an account grows by what is debited (1) or credited (-1): written here once more, apart from the ledger's own
/// table.
macro_rules! accounts {
    () => {
        "(values ('provider', 1), ('receivable', 1), ('platform:provider-costs', 1), ('promise', 1), ('promised', 1),
                 ('spent', 1), ('vouched', 1),
                 ('between', 1), ('in-transit', 1), ('in-transit:refund', 1), ('tax', -1),
                 ('held', -1), ('payable', -1), ('platform:tips', -1),
                 ('platform:fees', -1)) as known (account, side)"
    };
}

pub const RULES: &[Rule] = &[
    sql(
        "a balance is the sum of its movements",
        When::Always,
        concat!(
            "with side as (
                 select book_id, debit as account, currency, amount_minor as minor from movement
                 union all select book_id, credit, currency, -amount_minor from movement),
             moved as (select book_id, account, currency, sum(minor) as minor from side group by 1, 2, 3)
             select format('book %s, %s: kept %s, moved %s %s', book_id, account, kept.balance_minor,
                           moved.minor, currency)
             from moved full join account_balance as kept using (book_id, account, currency)
             left join ",
            accounts!(),
            " using (account)
             where coalesce(kept.balance_minor, 0) <> coalesce(moved.minor, 0) * side or side is null"
        ),
    ),
    sql(
        "no liability is below zero",
        When::Always,
        "select format('book %s, %s: %s', book_id, account, balance_minor) from account_balance
         where account in ('held', 'payable') and (balance_minor < 0 or not is_liability)",
    ),
    sql(
        "entries are numbered without a gap",
        When::Always,
        "select format('book %s: head %s, %s entries up to %s', book_id, head.number, count(entry.number),
                       max(entry.number))
         from book_head as head left join entry using (book_id) group by book_id, head.number
         having head.number <> count(entry.number) or head.number <> coalesce(max(entry.number), 0)",
    ),
    sql(
        "every entry moves something, in one currency, that of its campaign",
        When::Always,
        "select format('book %s entry %s: %s movements in %s', entry.book_id, entry.number, count(position),
                       array_agg(distinct movement.currency))
         from entry left join movement using (book_id, number)
         left join campaign on campaign_id = book_id
         group by entry.book_id, entry.number, campaign.currency
         having count(position) = 0 or max(position) <> count(position) or min(position) <> 1
             or bool_or(movement.currency <> campaign.currency)",
    ),
    sql(
        "the same cause is not booked twice",
        When::Always,
        "select format('book %s: %s %s, %s times', book_id, kind, cause_id, count(*)) from entry
         group by book_id, kind, cause_id having count(*) > 1",
    ),
    sql(
        "no entry had to be parked",
        When::Always,
        "select format('book %s: %s %s, %s', book_id, kind, cause_id, reason) from parked_entry",
    ),
    sql(
        "the promises that are booked are those that are open",
        When::Always,
        "with open as (
             select campaign_id, sum(amount_minor) as minor from pledge
             where state in ('card_saved', 'due', 'charging', 'needs_you', 'retry_later', 'stopping') group by 1)
         select format('campaign %s: booked %s / %s, open %s', book_id, one.balance_minor, other.balance_minor, minor)
         from account_balance as one join account_balance as other using (book_id)
         left join open on campaign_id = book_id
         where one.account = 'promise' and other.account = 'promised'
           and (one.balance_minor <> coalesce(minor, 0) or other.balance_minor <> -coalesce(minor, 0))",
    ),
    sql(
        "what is held is what was charged and not paid back",
        When::Always,
        "with charged as (
             select campaign_id, sum(amount_minor) as gift, sum(tip_minor) as tip from pledge
             where charge_ref is not null group by 1),
         back as (
             select book_id as campaign_id, sum(held_minor) as gift, sum(tip_minor) as tip from refund
             where state <> 'failed' group by 1)
         select format('campaign %s: %s is %s, charged %s and %s, back %s and %s', book_id, account, balance_minor,
                       charged.gift, charged.tip, back.gift, back.tip)
         from account_balance join campaign on campaign_id = book_id
         left join charged using (campaign_id) left join back using (campaign_id)
         where (account = 'held' and balance_minor <> coalesce(charged.gift, 0) - coalesce(back.gift, 0))
            or (account = 'platform:tips' and balance_minor <> coalesce(charged.tip, 0) - coalesce(back.tip, 0))",
    ),
];
