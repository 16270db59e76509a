//! What is lent and paid back: shares are the loan, what was split is what was credited, claims and debt net to zero,
//! and the kept figures are those of the rows they were kept from.

use super::{Rule, When, sql};

/// What a share's own account stands at, and what lenders are still owed of it, by the ledger's movements alone.
macro_rules! shares {
    () => {
        "(select share.*,
                 coalesce((select sum(case when credit = 'lender:' || commitment_id then amount_minor else -amount_minor end)
                           from movement where book_id = campaign_id
                             and 'lender:' || commitment_id in (debit, credit)), 0) as stands_minor,
                 coalesce((select sum(case when credit = 'claim:' || commitment_id then amount_minor else -amount_minor end)
                           from movement where book_id = campaign_id
                             and 'claim:' || commitment_id in (debit, credit)), 0) as claim_minor
          from loan_share as share)"
    };
}

pub const RULES: &[Rule] = &[
    sql(
        "claims, debt and what was given up net to zero",
        When::Always,
        "select format('book %s: %s', book_id, sum(balance_minor)) from account_balance
         where split_part(account, ':', 1) in ('claim', 'debt', 'written-off')
         group by book_id having sum(balance_minor) <> 0",
    ),
    sql(
        "what a share is still owed is its claim, and what stands on its account is what it got and was not sent",
        When::Always,
        concat!(
            "select format('share %s of %s: credited %s + %s, lost %s, sent %s, given %s; claim %s, stands at %s',
                           commitment_id, share_minor, principal_credited_minor, interest_credited_minor, lost_minor,
                           sent.minor, given.minor, claim_minor, stands_minor)
             from ",
            shares!(),
            " as share
             left join lateral (select coalesce(sum(amount_minor), 0) as minor from lender_transfer as one
                                where one.commitment_id = share.commitment_id
                                   and state in ('sending', 'on_its_way', 'paid', 'failed')
                               ) as sent on true
             left join lateral (select coalesce(sum(amount_minor), 0) as minor from lender_gift as one
                                where one.commitment_id = share.commitment_id and returned_at is null
                               ) as given on true
             left join lateral (select coalesce(sum(amount_minor), 0) as minor from lent_again as one
                                where one.commitment_id = share.commitment_id and returned_at is null
                               ) as again on true
             where claim_minor <> share_minor - principal_credited_minor - lost_minor
                or stands_minor <> principal_credited_minor + interest_credited_minor - sent.minor
                                   - given.minor - again.minor - taken_receivable_minor - taken_fees_minor
                or stands_minor < 0 or (given_minor, lent_again_minor) <> (given.minor, again.minor)"
        ),
    ),
    sql(
        "what a lender gave is booked, and what went back of it, too",
        When::Always,
        "select format('gift %s of %s', lender_gift_id, amount_minor) from lender_gift
         where not exists (select from entry join movement using (book_id, number)
                           where book_id = campaign_id and kind = 'lender_gave' and cause_id = lender_gift_id::text
                             and (debit, credit) = ('lender:' || commitment_id, 'held')
                             and movement.amount_minor = lender_gift.amount_minor)
            or (returned_at is not null) <> exists (
                select from entry where book_id = campaign_id and kind = 'lender_gift_returned'
                  and cause_id = lender_gift_id::text)
         union all
         select format('entry %s of book %s gives without a gift', number, book_id) from entry
         where kind = 'lender_gave'
           and not exists (select from lender_gift where campaign_id = book_id and lender_gift_id::text = cause_id)",
    ),
    sql(
        "what was lent again is booked on both sides, and pays for one commitment whole",
        When::Always,
        "with again as (
             select to_campaign_id, to_commitment_id, sum(amount_minor) as minor, bool_and(returned_at is null) as stands
             from lent_again group by 1, 2),
         booked as (
             select book_id, cause_id,
                    sum(amount_minor) filter (where kind = 'loan_from_kept') as came,
                    sum(amount_minor) filter (where kind = 'loan_to_kept') as back
             from entry join movement using (book_id, number) where kind in ('loan_from_kept', 'loan_to_kept')
             group by 1, 2)
         select format('commitment %s of %s is %s: lent again %s, booked %s, back %s', commitment_id,
                       commitment.amount_minor, state, minor, came, back)
         from commitment full join again
              on (to_campaign_id, to_commitment_id) = (commitment.campaign_id, commitment.commitment_id)
         full join booked on book_id = commitment.campaign_id and cause_id = commitment_id::text
         where (again.minor is not null or booked.came is not null)
           and (commitment.amount_minor is distinct from minor or minor is distinct from came
                or back is distinct from case when not stands then minor end
                or not from_kept or payment_method_ref is not null
                or (stands and state not in ('active', 'refunded', 'repaid', 'partly_lost')))",
    ),
    sql(
        "the shares of a loan are the loan, and what lenders were charged",
        When::Always,
        "with shares as (select campaign_id, sum(share_minor) as minor from loan_share group by 1),
              active as (select campaign_id, sum(share_minor) as minor from commitment
                         where state in ('active', 'repaid', 'partly_lost') group by 1),
              -- Whose bank took the money back before the payout lends no more.
              paid as (select book_id, sum(minor) as minor from (
                           select book_id, payment.amount_minor - refunded_minor as minor
                           from payment join commitment on commitment_id = subject_id
                           where subject_kind = 'commitment' and commitment.state in ('active', 'repaid', 'partly_lost')
                           union all
                           select to_campaign_id, amount_minor from lent_again where returned_at is null) as one
                       group by 1)
         select format('loan %s of %s: shares %s, commitments %s, charged %s, asked %s to %s', campaign_id,
                       running.principal_minor, shares.minor, active.minor, paid.minor, least_minor, amount_minor)
         from loan_running as running join loan using (campaign_id)
         left join shares using (campaign_id) left join active using (campaign_id)
         left join paid on book_id = campaign_id
         where running.principal_minor <> coalesce(shares.minor, 0) or running.principal_minor <> coalesce(active.minor, 0)
            or running.principal_minor <> coalesce(paid.minor, 0) or running.principal_minor <> loan.principal_minor
            or running.principal_minor > amount_minor or running.principal_minor < least_minor",
    ),
    sql(
        "a repayment is what it paid, and its split is all of what it paid lenders",
        When::Always,
        "with split as (select repayment_id, sum(principal_minor) as principal, sum(interest_minor) as interest
                        from repayment_share group by 1)
         select format('repayment %s of %s is %s: %s + %s + %s + %s, owed %s, beyond %s; split %s + %s', repayment_id,
                       amount_minor, state, principal_minor, interest_minor, late_interest_minor, fee_minor, owed_minor,
                       beyond_minor, principal, interest)
         from repayment left join split using (repayment_id)
         where credited_at is not null
           -- What came in beyond what was owed stands as pending until it is given back.
           and (amount_minor - beyond_minor
                    <> principal_minor + interest_minor + late_interest_minor + fee_minor + owed_minor
                or principal_minor <> coalesce(principal, 0)
                or interest_minor + late_interest_minor <> coalesce(interest, 0))",
    ),
    sql(
        "what came in beyond what was owed stands as pending, and nothing else does",
        When::Always,
        "with beyond as (
             select campaign_id, sum(amount_minor - principal_minor - interest_minor - late_interest_minor - fee_minor
                                     - owed_minor)
                                 - coalesce((select sum(held_minor) from refund
                                             where book_id = campaign_id and of_repayment and state <> 'failed'), 0)
                                 as minor
             from repayment where credited_at is not null or state = 'pending' group by 1)
         select format('loan %s: pending %s, beyond %s', campaign_id, balance_minor, minor)
         from beyond join account_balance on book_id = campaign_id and account = 'pending'
         where balance_minor <> minor",
    ),
    sql(
        "what each share was credited is its part of every repayment that stayed",
        When::Always,
        "with split as (
             select campaign_id, commitment_id, sum(part.principal_minor) as principal, sum(part.interest_minor) as interest
             from repayment_share as part join repayment using (campaign_id, repayment_id)
             where state = 'credited' group by 1, 2)
         select format('share %s: credited %s + %s, split %s + %s', commitment_id, principal_credited_minor,
                       interest_credited_minor, principal, interest)
         from loan_share left join split using (campaign_id, commitment_id)
         where principal_credited_minor < coalesce(principal, 0) or interest_credited_minor < coalesce(interest, 0)
            -- What a bank took back and lenders keep, the project owes.
            or ((principal_credited_minor, interest_credited_minor) <> (coalesce(principal, 0), coalesce(interest, 0))
                and not exists (select from repayment as back where back.campaign_id = loan_share.campaign_id
                                and back.state = 'returned'))",
    ),
    sql(
        "principal and interest are split by the shares, to a unit",
        When::Always,
        "select format('share %s of %s in %s: %s of %s principal, %s of %s interest', commitment_id, share_minor,
                       running.principal_minor, principal_credited_minor, principal_paid_minor, interest_credited_minor,
                       interest_paid_minor)
         from loan_share join loan_running as running using (campaign_id)
         where not exists (select from repayment as back where back.campaign_id = loan_share.campaign_id
                           and back.state = 'returned')
           and (abs(principal_credited_minor - principal_paid_minor::numeric * share_minor / running.principal_minor) > 1
                or abs(interest_credited_minor - interest_paid_minor::numeric * share_minor / running.principal_minor) > 1)",
    ),
    sql(
        "nothing is outstanding below zero, and the kept figures are those of the shares",
        When::Always,
        "with shares as (
             select campaign_id, sum(principal_credited_minor) as principal, sum(interest_credited_minor) as interest,
                    sum(lost_minor) as lost
             from loan_share group by 1)
         select format('loan %s of %s: kept %s + %s lost %s, shares %s + %s lost %s', campaign_id, principal_minor,
                       principal_paid_minor, interest_paid_minor, lost_minor, principal, interest, lost)
         from loan_running left join shares using (campaign_id)
         where principal_minor - principal_paid_minor - lost_minor < 0
            or (principal_paid_minor, interest_paid_minor, lost_minor) is distinct from (principal, interest, lost)",
    ),
    sql(
        "the published figures are those of the ledger",
        When::Always,
        "with kept as (
             select currency, sum(principal_minor) as lent, sum(principal_minor - principal_paid_minor - lost_minor) as open,
                    sum(lost_minor) as lost
             from loan_running group by 1),
         booked as (
             select currency,
                    coalesce(sum(case kind when 'loan_begun' then amount_minor
                                           when 'loan_unbegun' then -amount_minor end), 0)
                        as lent,
                    coalesce(sum(amount_minor) filter (where split_part(credit, ':', 1) = 'claim'), 0)
                    - coalesce(sum(amount_minor) filter (where split_part(debit, ':', 1) = 'claim'), 0) as open,
                    coalesce(sum(amount_minor) filter (where credit = 'written-off'), 0)
                    - coalesce(sum(amount_minor) filter (where debit = 'written-off'), 0) as lost
             from movement join entry using (book_id, number)
             where 'written-off' in (debit, credit) or split_part(credit, ':', 1) = 'claim'
                or split_part(debit, ':', 1) = 'claim'
             group by 1)
         select format('%s: lent %s, outstanding %s, lost %s; the ledger says %s, %s, %s', currency, kept.lent, kept.open,
                       kept.lost, booked.lent, booked.open, booked.lost)
         from kept full join booked using (currency)
         -- Of a loan whose payout came back nothing is kept, and the ledger has it and its opposite.
         where (coalesce(kept.lent, 0), coalesce(kept.open, 0), coalesce(kept.lost, 0))
               <> (coalesce(booked.lent, 0), coalesce(booked.open, 0), coalesce(booked.lost, 0))",
    ),
    sql(
        "what instalments were paid is what came in for them",
        When::Always,
        "with rows as (
             select campaign_id, sum(paid_principal_minor) as principal,
                    sum(paid_interest_minor + paid_late_minor) as interest
             from instalment where plan = 1 group by 1)
         select format('loan %s: instalments %s + %s, kept %s + %s', campaign_id, principal, interest,
                       principal_paid_minor, interest_paid_minor)
         from loan_running join rows using (campaign_id) join loan using (campaign_id)
         where plan = 1 and (select coalesce(bool_and(not is_given_up), true) from repayment
                             where repayment.campaign_id = loan_running.campaign_id)
           and (principal, interest) <> (principal_paid_minor, interest_paid_minor)",
    ),
    sql(
        "a loan's figures are those of its commitments",
        When::Always,
        "with one as (
             select campaign_id,
                    coalesce(sum(amount_minor) filter (where state in ('made', 'reopened')), 0) as committed,
                    coalesce(sum(amount_minor) filter (where state = 'firm'), 0) as firm,
                    coalesce(sum(amount_minor) filter (where state = 'waiting'), 0) as waiting,
                    coalesce(sum(amount_minor) filter (where state in
                        ('due', 'charging', 'needs_you', 'retry_later', 'stopping')), 0) as at_risk,
                    coalesce(sum(amount_minor) filter (where state in ('active', 'repaid', 'partly_lost')), 0) as collected
             from commitment group by 1)
         select format('loan %s: kept %s %s %s %s %s, counted %s %s %s %s %s', campaign_id, committed_minor, firm_minor,
                       waiting_minor, at_risk_minor, kept.collected_minor, committed, firm, waiting, at_risk, collected)
         from loan_total as kept join one using (campaign_id) join loan using (campaign_id)
         where (committed_minor, firm_minor, waiting_minor, at_risk_minor) <> (committed, firm, waiting, at_risk)
            or kept.collected_minor <> collected or committed + firm + at_risk + collected > amount_minor",
    ),
    sql(
        "nobody lends twice to one loan, and nobody is bound before their days are over",
        When::Always,
        "select format('%s: %s', person_id, count(*)) from commitment
         where state not in ('expired', 'revoked', 'released', 'dropped', 'refunded') group by campaign_id, person_id
         having count(*) > 1
         union all
         select format('commitment %s is %s, revocable until %s', commitment_id, commitment.state, revocable_until)
         from commitment where firm_at < revocable_until",
    ),
    sql(
        "a lender is charged what they signed, once the project has signed and the deadline is over",
        When::Always,
        "select format('charge %s of commitment %s, which is %s', charge.id, commitment_id, commitment.state)
         from sandbox.object as charge
         join sandbox.object as intent on intent.id = charge.data->>'payment_intent'
         left join commitment on commitment_id = (intent.data->'metadata'->>'felag_commitment')::uuid
         left join loan using (campaign_id) left join campaign using (campaign_id)
         where charge.kind = 'charge' and charge.data->>'status' = 'succeeded'
           and intent.data->'metadata' ? 'felag_commitment'
           and (commitment_id is null or (charge.data->>'amount')::bigint <> commitment.amount_minor
                or loan.signed_at is null or to_timestamp(charge.created) < date_trunc('second', deadline_at))",
    ),
    sql(
        "who was let go, and whose loan came to nothing, has everything back",
        When::AtTheEnd,
        "select format('commitment %s is %s: paid %s, back %s', subject_id, commitment.state, payment.amount_minor,
                       refunded_minor)
         from payment join commitment on commitment_id = subject_id join loan using (campaign_id)
         where (commitment.state in ('released', 'dropped', 'refunded', 'revoked', 'expired')
                or loan.state in ('failed', 'refunded', 'cancelled'))
           and refunded_minor < payment.amount_minor
           and not exists (select from refund where refund.payment_id = payment.payment_id and refund.state = 'failed')
           and not exists (select from dispute where dispute.payment_id = payment.payment_id)",
    ),
    sql(
        "no loan and no commitment is stuck",
        When::AtTheEnd,
        "select format('loan %s is %s', campaign_id, state) from loan
         where state in ('draft', 'in_review', 'network_first', 'open', 'closed', 'signed', 'collecting')
         union all
         select format('commitment %s is %s', commitment_id, state) from commitment
         where state in ('draft', 'waiting', 'made', 'reopened', 'firm', 'due', 'charging', 'needs_you', 'retry_later',
                         'stopping')
         union all
         select format('repayment %s is %s', repayment_id, state) from repayment where state in ('processing', 'pending')",
    ),
    sql(
        "a loan that ended paid everybody everything",
        When::Always,
        "select format('share %s of %s: %s', commitment_id, share_minor, principal_credited_minor)
         from loan_share join loan using (campaign_id)
         where loan.state = 'ended' and principal_credited_minor <> share_minor",
    ),
    sql(
        "a lender's card is kept only while it may be charged",
        When::AtTheEnd,
        "select format('card %s of commitment %s, which is %s', card.id, commitment_id, commitment.state)
         from sandbox.object as setup
         join sandbox.object as card on card.id = setup.data->>'payment_method'
         join commitment on commitment_id = (setup.data->'metadata'->>'felag_commitment')::uuid
         where setup.kind = 'setup_intent' and setup.data->>'status' = 'succeeded'
           and card.data->>'customer' is not null
           and commitment.state in ('expired', 'revoked', 'released', 'dropped')",
    ),
];
