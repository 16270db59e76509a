//! I1, I2: the ledger adds up, by its own rows.

use super::{Rule, When, sql};

/// Whether an account grows by what is debited (1) or credited (-1): written here once more, apart from the ledger's own
/// table.
macro_rules! accounts {
    () => {
        "(values ('provider', 1), ('receivable', 1), ('platform:provider-costs', 1), ('promise', 1), ('promised', 1),
                 ('spent', 1), ('vouched', 1),
                 ('debt', 1), ('claim', 1), ('written-off', 1),
                 ('held:loan', -1), ('pending', -1), ('lender', -1),
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
             select format('book %s, %s: kept %s, moved %s %s', book_id, account_of, kept.balance_minor,
                           moved.minor, currency)
             from moved full join (select *, account as account_of from account_balance) as kept
                  using (book_id, account, currency)
             left join ",
            accounts!(),
            " on known.account = case when split_part(account_of, ':', 1) in ('lender', 'claim')
                                  then split_part(account_of, ':', 1) else account_of end
             where coalesce(kept.balance_minor, 0) <> coalesce(moved.minor, 0) * side or side is null"
        ),
    ),
    sql(
        "no liability is below zero",
        When::Always,
        "select format('book %s, %s: %s', book_id, account, balance_minor) from account_balance
         where split_part(account, ':', 1) in ('held', 'payable', 'pending', 'lender')
           and (balance_minor < 0 or not is_liability)",
    ),
    sql(
        "what is between books sums to zero over all of them",
        When::Always,
        "select format('%s: %s', currency, sum(balance_minor)) from account_balance
         where account = 'between' group by currency having sum(balance_minor) <> 0",
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
        "what is held, and the tips, are what came in less what went back or was taken",
        When::Always,
        "with came as (
             select book_id, sum(amount_minor) as gift, sum(tip_minor) as tip from payment
             where subject_kind in ('pledge', 'contribution') group by 1),
         back as (
             -- What was payable then is held again when its payout was called off.
             select book_id, sum(held_minor + payable_minor) as held, sum(tip_minor) as tip
             from refund where state <> 'failed' and not of_loan group by 1),
         taken as (
             select book_id, sum(gift_held_minor + fee_held_minor + gift_payable_minor + fee_payable_minor) as held,
                    sum(tip_minor) as tip
             from dispute where taken_at is not null and returned_at is null and not of_loan group by 1),
         -- Of what came back to lenders and they kept.
         given as (
             select campaign_id as book_id, sum(amount_minor) as minor from lender_gift
             where returned_at is null group by 1),
         due as (
             select came.book_id, gift + coalesce(given.minor, 0) - coalesce(back.held, 0)
                        - coalesce(taken.held, 0) as held,
                    came.tip - coalesce(back.tip, 0) - coalesce(taken.tip, 0) as tips
             from came left join back using (book_id) left join taken using (book_id) left join given using (book_id))
         select format('campaign %s: %s is %s; should hold %s, tips %s', book_id, account, balance_minor, held, tips)
         from account_balance join due using (book_id)
         where not exists (select from payout where campaign_id = book_id
                           and state not in ('proposed', 'asked', 'withdrawn'))
           and ((account = 'held' and balance_minor <> held) or (account = 'platform:tips' and balance_minor <> tips))",
    ),
    sql(
        "what is held of a loan is what lenders paid, less what went back or was taken",
        When::Always,
        "with came as (
             select book_id, sum(amount_minor) as minor from (
                 select book_id, amount_minor from payment where subject_kind = 'commitment'
                 -- Of what came back to lenders of other loans.
                 union all select to_campaign_id, amount_minor from lent_again where returned_at is null) as one
             group by 1),
         back as (
             select book_id, sum(held_minor + payable_minor) as minor from refund
             where state <> 'failed' and of_loan group by 1),
         taken as (
             select book_id, sum(gift_held_minor + fee_held_minor) as minor from dispute
             where taken_at is not null and returned_at is null and of_loan group by 1)
         select format('campaign %s: %s; came %s, back %s, taken %s', book_id, balance_minor, came.minor, back.minor,
                       taken.minor)
         from came left join account_balance using (book_id) left join back using (book_id)
         left join taken using (book_id)
         where account = 'held:loan'
           and not exists (select from payout where campaign_id = book_id and source = 'loan'
                           and state not in ('proposed', 'asked', 'withdrawn', 'returned'))
           and balance_minor <> came.minor - coalesce(back.minor, 0) - coalesce(taken.minor, 0)",
    ),
    sql(
        "nothing is payable where no payout is approved",
        When::Always,
        "select format('book %s: %s', book_id, balance_minor) from account_balance
         where account = 'payable' and balance_minor <> 0
           and not exists (select from payout where campaign_id = book_id and state = 'approved')",
    ),
    sql(
        "a payment is the charge of its pledge, and what went back of it is its refunds and disputes",
        When::Always,
        "with back as (
             select book_id, payment_id, sum(amount_minor) as gift, sum(tip_minor) as tip from refund
             where state <> 'failed' group by 1, 2),
         taken as (
             select book_id, payment_id,
                    sum(gift_held_minor + gift_payable_minor + gift_receivable_minor) as gift, sum(tip_minor) as tip
             from dispute where taken_at is not null and returned_at is null group by 1, 2)
         select format('payment of pledge %s, %s + %s: back %s + %s by refunds of %s + %s, disputed %s by %s', pledge_id,
                       payment.amount_minor, payment.tip_minor, refunded_minor, tip_refunded_minor, back.gift, back.tip,
                       disputed_minor, taken.gift + taken.tip)
         from payment left join pledge on campaign_id = book_id and pledge_id = subject_id
         left join back using (book_id, payment_id) left join taken using (book_id, payment_id)
         where payment.subject_kind = 'pledge' and (pledge is null or payment.charge_ref <> pledge.charge_ref
            or (payment.amount_minor, payment.tip_minor) <> (pledge.amount_minor, pledge.tip_minor)
            or (refunded_minor, tip_refunded_minor) <> (coalesce(back.gift, 0), coalesce(back.tip, 0))
            or (gift_disputed_minor, disputed_minor) <> (coalesce(taken.gift, 0), coalesce(taken.gift + taken.tip, 0))
            or refunded_minor > payment.amount_minor or tip_refunded_minor > payment.tip_minor)",
    ),
    sql(
        "every charge that is booked is a payment, and the other way round",
        When::Always,
        "select format('charge %s of book %s', coalesce(cause_id, charge_ref), coalesce(entry.book_id, payment.book_id))
         from (select * from entry where kind in ('charge', 'loan_charge', 'repayment_received')) as entry
         full join payment on payment.book_id = entry.book_id and charge_ref = cause_id
         where cause_id is null or charge_ref is null",
    ),
    sql(
        "a refund is booked when it is asked for",
        When::Always,
        "select format('refund %s is %s', refund_id, state) from refund
         where not exists (select from entry where entry.book_id = refund.book_id and entry.kind = 'refund_asked'
                           and cause_id in (refund_id::text, batch_id::text))",
    ),
    sql(
        "what a dispute took and gave back is booked",
        When::Always,
        "select format('dispute %s is %s', provider_ref, state) from dispute
         where (taken_at is not null) <> exists (
                   select from entry where entry.book_id = dispute.book_id and kind = 'dispute_opened'
                   and cause_id = provider_ref)
            or (returned_at is not null) <> exists (
                   select from entry where entry.book_id = dispute.book_id and kind = 'dispute_won'
                   and cause_id = provider_ref)",
    ),
    sql(
        "in the end nothing is on its way back any more",
        When::AtTheEnd,
        "select format('book %s: %s', book_id, balance_minor) from account_balance
         where account = 'in-transit:refund' and balance_minor <> 0",
    ),
];
