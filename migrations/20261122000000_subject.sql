-- Operations and events are about more than pledges: each names its subject, and the book its money belongs to.
alter table operation drop constraint operation_campaign_id_fkey;
alter table operation rename column campaign_id to book_id;
alter table operation add column subject_kind text not null default 'pledge';
alter table operation alter column subject_kind drop default;
-- Set when the request is made in the name of a connected account.
alter table operation add column account_ref text;

alter table provider_event rename column campaign_id to book_id;
alter table provider_event add column subject_kind text;
alter table provider_event add column account_ref text;
update provider_event set subject_kind = 'pledge' where subject_id is not null;

-- Money that really came in, one row per charge: refunds and disputes hang from it.
create table payment (
    book_id             uuid not null references book,
    payment_id          uuid not null,
    -- What was paid: a pledge.
    subject_kind        text not null,
    subject_id          uuid not null,
    charge_ref          text not null,
    intent_ref          text,
    amount_minor        bigint not null constraint payment_is_positive check (amount_minor > 0),
    tip_minor           bigint not null default 0 constraint payment_tip_is_not_negative check (tip_minor >= 0),
    currency            text not null,
    -- What went back, or is on its way back. More than was paid can never be asked for.
    refunded_minor      bigint not null default 0,
    tip_refunded_minor  bigint not null default 0,
    -- What a bank has taken back, or wants to.
    disputed_minor      bigint not null default 0,
    paid_at             timestamptz not null,
    primary key (book_id, payment_id),
    constraint one_payment_per_charge unique (book_id, charge_ref),
    constraint no_more_is_refunded_than_was_paid check (refunded_minor between 0 and amount_minor),
    constraint no_more_tip_is_refunded_than_was_paid check (tip_refunded_minor between 0 and tip_minor),
    constraint no_more_is_disputed_than_was_paid check (disputed_minor between 0 and amount_minor + tip_minor)
);
-- Serves: finding what a dispute, which carries no metadata of ours, is about.
create index payment_by_charge on payment (charge_ref);
create index payment_by_subject on payment (book_id, subject_id);

insert into payment (book_id, payment_id, subject_kind, subject_id, charge_ref, intent_ref, amount_minor, tip_minor,
                     currency, paid_at)
select campaign_id, gen_random_uuid(), 'pledge', pledge_id, charge_ref, intent_ref, amount_minor, tip_minor, currency,
       coalesce(paid_at, ended_at, updated_at)
from pledge where charge_ref is not null;

grant select, insert, update on payment to felag_app;
