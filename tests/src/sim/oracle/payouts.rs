//! I6: what leaves a campaign for its project.

use super::{Rule, When, sql};

pub const RULES: &[Rule] = &[
    sql(
        "a payout is what was taken off what is held, to the last unit",
        When::Always,
        "select format('payout %s is %s: %s = %s + %s + %s + %s + %s', payout_id, state, gross_minor, repaid_minor,
                       costs_minor, fee_minor, tax_minor, net_minor)
         from payout
         where state in ('approved', 'sending', 'on_its_way', 'paid', 'failed', 'returned')
           and (gross_minor <> repaid_minor + costs_minor + fee_minor + tax_minor + net_minor or net_minor <= 0)",
    ),
    sql(
        "two different people approved what was sent, one of them the project's",
        When::Always,
        "select format('payout %s is %s: %s and %s', payout_id, payout.state, first_by, second_by) from payout
         where payout.state in ('approved', 'sending', 'on_its_way', 'paid', 'failed', 'returned')
           and (first_by is null or second_by is null or first_by = second_by
                or not exists (select from member where member.project_id = payout.project_id
                               and person_id in (first_by, second_by) and role in ('owner', 'treasurer')))",
    ),
    sql(
        "what a campaign owes is what came in less what went back, was taken or paid out",
        When::Always,
        "with came as (
             select book_id, sum(amount_minor) as minor from payment where subject_kind <> 'repayment' group by 1),
         -- Of what came back to lenders and they kept.
         given as (
             select book_id, sum(minor) as minor from (
                 select campaign_id, amount_minor from lender_gift where returned_at is null
                 union all select to_campaign_id, amount_minor from lent_again where returned_at is null
             ) as one (book_id, minor) group by 1),
         -- What a loan's repayments and shares paid of what the project owed, less what they left it owing, and less what
         -- a bank gave back as a repayment.
         settled as (
             select book_id, sum(case when credit = 'receivable' then amount_minor else -amount_minor end) as minor
             from movement join entry using (book_id, number)
             where (kind in ('repayment_credited', 'repayment_returned', 'share_taken_over', 'share_given_back')
                    and 'receivable' in (debit, credit))
                or (kind = 'dispute_won' and credit = 'pending')
             group by 1),
         back as (select book_id, sum(amount_minor) as minor from refund
                  where state <> 'failed' and not of_repayment group by 1),
         taken as (
             select book_id, sum(gift_held_minor + gift_payable_minor + gift_receivable_minor + fee_held_minor
                                 + fee_payable_minor + fee_receivable_minor) as minor
             from dispute where taken_at is not null and returned_at is null group by 1),
         paid as (
             select campaign_id as book_id,
                    sum(costs_minor + fee_minor + tax_minor
                        + case state when 'approved' then 0 else net_minor end) as minor,
                    sum(net_minor) filter (where state = 'sending') as in_transit
             from payout where state in ('approved', 'sending', 'on_its_way', 'paid', 'failed') group by 1),
         ours as (
             select book_id,
                    sum(case account when 'receivable' then -balance_minor else balance_minor end)
                        filter (where account in ('held', 'held:loan', 'payable', 'receivable')) as owes,
                    sum(balance_minor) filter (where account = 'in-transit')
                    + coalesce((select sum(amount_minor) from lender_transfer
                                where campaign_id = book_id and state = 'sending'), 0) as in_transit
             from account_balance group by 1)
         select format('campaign %s owes %s, %s in transit: came %s, back %s, taken %s, paid out %s, sending %s', book_id,
                       owes, ours.in_transit, came.minor, back.minor, taken.minor, paid.minor, paid.in_transit)
         from came left join ours using (book_id) left join back using (book_id) left join taken using (book_id)
         left join paid using (book_id) left join settled using (book_id) left join given using (book_id)
         where coalesce(owes, 0)
               <> came.minor + coalesce(given.minor, 0) + coalesce(settled.minor, 0) - coalesce(back.minor, 0)
                   - coalesce(taken.minor, 0) - coalesce(paid.minor, 0)
            or coalesce(ours.in_transit, 0) <> -coalesce(paid.in_transit, 0)",
    ),
    sql(
        "what a project owes is what refunds and disputes took from it, less what it repaid",
        When::Always,
        "with took as (
             select book_id, sum(minor) as minor from (
                 select book_id, receivable_minor as minor from refund where state <> 'failed'
                 union all select book_id, gift_receivable_minor + fee_receivable_minor from dispute
                           where taken_at is not null) as one (book_id, minor) group by 1),
         repaid as (
             select book_id, sum(case when kind like 'payout%' or credit = 'receivable' then amount_minor
                                      else -amount_minor end) as minor
             from movement join entry using (book_id, number)
             where kind in ('payout_approved', 'payout_repaid', 'repayment_credited', 'repayment_returned', 'dispute_won',
                            'share_taken_over', 'share_given_back', 'lender_gift_returned')
               and 'receivable' in (debit, credit) group by 1)
         select format('book %s: %s, took %s, repaid %s', book_id, balance_minor, took.minor, repaid.minor)
         from account_balance left join took using (book_id) left join repaid using (book_id)
         where account = 'receivable' and balance_minor <> coalesce(took.minor, 0) - coalesce(repaid.minor, 0)",
    ),
    sql(
        "nothing leaves while a bank has not decided",
        When::Always,
        "select format('payout %s left with entry %s, dispute %s with %s', sending.cause_id, sending.number,
                       provider_ref, taken.number)
         from entry as sending join entry as taken using (book_id)
         join dispute on dispute.book_id = sending.book_id and provider_ref = taken.cause_id
         where sending.kind = 'payout_sending' and taken.kind = 'dispute_opened' and taken.number < sending.number
           and (decided_at is null or decided_at > sending.at)",
    ),
    sql(
        "a transfer at the provider is a payout of ours, of this amount, to this account, once",
        When::Always,
        "with theirs as (
             select id, data->>'transfer_group' as payout, data->>'destination' as account,
                    upper(data->>'currency') as currency,
                    (data->>'amount')::bigint / case data->>'currency' when 'isk' then 100 else 1 end as minor,
                    count(*) over (partition by data->>'transfer_group') as times
             from sandbox.object where kind = 'transfer' and not data->'metadata' ? 'felag_lender_transfer')
         select format('transfer %s of %s %s to %s, %s times: payout %s is %s, %s %s to %s', id, theirs.minor,
                       theirs.currency, theirs.account, times, payout_id, state, net_minor, payout.currency, account_ref)
         from theirs left join payout on payout_id::text = theirs.payout
         where payout_id is null or times > 1 or theirs.minor <> net_minor or theirs.currency <> payout.currency
            or theirs.account <> account_ref
            or state not in ('sending', 'on_its_way', 'paid', 'failed', 'returned')",
    ),
    sql(
        "in the end no payout is on its way",
        When::AtTheEnd,
        "select format('payout %s is %s, its campaign %s', payout_id, payout.state, campaign.state)
         from payout join campaign using (campaign_id)
         where payout.state in ('approved', 'sending', 'on_its_way', 'failed')
           -- Until a bank has decided, or when it is told of other people's bank, it waits.
           and not exists (select from dispute where book_id = campaign_id and dispute.state in ('inquiry', 'open'))
           and not (payout.state = 'approved' and campaign.state <> 'funded')",
    ),
    sql(
        "in the end a payout stands where the bank has it",
        When::AtTheEnd,
        "select format('payout %s is %s, at the bank %s', payout_id, state, data->>'status')
         from sandbox.object as theirs join payout on bank_payout_ref = theirs.id
         where theirs.kind = 'payout'
           and state <> case data->>'status' when 'paid' then 'paid' when 'failed' then 'returned' else 'on_its_way' end",
    ),
];
