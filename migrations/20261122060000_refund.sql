-- Money that goes back to backers: refunds become a noun of their own, hanging from a payment, whole or in part.
alter table refund rename column campaign_id to book_id;
alter table refund rename column reason to why;
alter table refund add column payment_id uuid;
update refund set payment_id = payment.payment_id, why = 'late_payment'
from payment where payment.book_id = refund.book_id and payment.charge_ref = refund.charge_ref;
alter table refund alter column payment_id set not null;
alter table refund add constraint refund_hangs_from_a_payment foreign key (book_id, payment_id) references payment;
-- A payment may go back in several parts.
alter table refund drop constraint one_refund_per_charge;
alter table refund drop column pledge_id;
alter table refund drop column charge_ref;

alter table refund add constraint refund_why_is_known check (why in (
    'late_payment', 'project', 'steward', 'cancelled', 'unwound', 'taken_back'));
alter table refund drop constraint refund_is_positive;
alter table refund add constraint refund_is_something check (
    amount_minor >= 0 and tip_minor >= 0 and amount_minor + tip_minor > 0);
alter table refund drop constraint refund_state_is_known;
alter table refund add constraint refund_state_is_known check (state in (
    'asked', 'sent', 'pending', 'succeeded', 'failed'));
alter table refund alter column state drop default;

-- What was taken for it, by account (rule 8 of domain.md §3). Mirrored when it fails, never computed again.
alter table refund add column held_minor bigint not null default 0;
alter table refund add column payable_minor bigint not null default 0;
alter table refund add column receivable_minor bigint not null default 0;
update refund set held_minor = amount_minor;
alter table refund add constraint refund_is_borne check (
    least(held_minor, payable_minor, receivable_minor) >= 0
    and held_minor + payable_minor + receivable_minor = amount_minor);

-- Who asked for it, and in which words; null for what Felag does by itself.
alter table refund add column asked_by uuid references person;
alter table refund add column words text not null default '';
-- Made with the form: the same form sent twice makes one refund.
alter table refund add column request_key uuid;
update refund set request_key = refund_id;
alter table refund alter column request_key set not null;
alter table refund add constraint one_refund_per_request unique (book_id, request_key);
-- Everything that was left was asked for; else a part.
alter table refund add column is_whole boolean not null default true;
alter table refund alter column is_whole drop default;
-- The act that asked for many at once, which is one entry in the books.
alter table refund add column batch_id uuid;
-- When it left the provider's account, and why it failed, by the provider's code.
alter table refund add column left_at timestamptz;
update refund set left_at = settled_at where state = 'succeeded';
alter table refund add column failure_code text;
alter table refund add constraint one_refund_per_provider_ref unique (book_id, provider_ref);
create index refund_by_payment on refund (book_id, payment_id);
create index refund_by_batch on refund (book_id, batch_id) where batch_id is not null;
-- Serves: the stewards' list of what did not arrive.
create index refund_failed on refund (settled_at) where state = 'failed';

-- What went back before, or was on its way.
update payment set refunded_minor = gone.amount, tip_refunded_minor = gone.tip
from (select book_id, payment_id, sum(amount_minor) as amount, sum(tip_minor) as tip
      from refund where state <> 'failed' group by book_id, payment_id) as gone
where payment.book_id = gone.book_id and payment.payment_id = gone.payment_id;

-- The gift's part of what a bank took: the rest is the tip's.
alter table payment add column gift_disputed_minor bigint not null default 0;
alter table payment add constraint gift_disputed_is_a_part check (gift_disputed_minor between 0 and disputed_minor);
-- Serves: looking whether the provider knows more of late refunds than we do.
create index refund_by_time on refund (created_at);
