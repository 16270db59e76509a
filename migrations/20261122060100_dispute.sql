-- A backer's bank asks for a payment back. Found through the charge: banks know nothing of ours.
create table dispute (
    book_id              uuid not null,
    dispute_id           uuid not null,
    payment_id           uuid not null,
    provider_ref         text not null,
    state                text not null constraint dispute_state_is_known check (state in ('inquiry', 'open', 'won', 'lost')),
    -- The bank's reason, by the provider's code.
    reason               text not null,
    -- What the bank asks for: gift and tip together.
    disputed_minor       bigint not null constraint dispute_is_positive check (disputed_minor > 0),
    currency             text not null,
    -- What was taken when it opened, by account (rule 8 of domain.md §3), and the provider's fee, likewise.
    gift_held_minor      bigint not null default 0,
    gift_payable_minor   bigint not null default 0,
    gift_receivable_minor bigint not null default 0,
    tip_minor            bigint not null default 0,
    fee_held_minor       bigint not null default 0,
    fee_payable_minor    bigint not null default 0,
    fee_receivable_minor bigint not null default 0,
    taken_at             timestamptz,
    returned_at          timestamptz,
    -- Until when the bank hears the project.
    due_at               timestamptz,
    evidence_at          timestamptz,
    evidence_by          uuid references person,
    accepted_at          timestamptz,
    accepted_by          uuid references person,
    opened_at            timestamptz not null,
    decided_at           timestamptz,
    created_at           timestamptz not null,
    primary key (book_id, dispute_id),
    constraint dispute_hangs_from_a_payment foreign key (book_id, payment_id) references payment,
    constraint one_dispute_per_provider_ref unique (book_id, provider_ref),
    constraint dispute_is_taken_before_it_returns check (returned_at is null or taken_at is not null),
    constraint dispute_parts_are_not_negative check (least(
        gift_held_minor, gift_payable_minor, gift_receivable_minor, tip_minor,
        fee_held_minor, fee_payable_minor, fee_receivable_minor) >= 0),
    constraint decided_dispute_has_a_time check ((state in ('won', 'lost')) = (decided_at is not null))
);
create index dispute_by_payment on dispute (book_id, payment_id);
-- Serves: whether payouts of a campaign wait; the stewards' list.
create index dispute_waiting on dispute (book_id, due_at) where state in ('inquiry', 'open');
create index dispute_by_time on dispute (opened_at desc, dispute_id);

grant select, insert, update on dispute to felag_app;
