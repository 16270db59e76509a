-- Every request that writes at the payment provider, committed before it is sent; and what the provider told us.
create table operation (
    campaign_id     uuid not null references campaign,
    operation_id    uuid not null,
    kind            text not null,
    -- What it is about: the pledge.
    subject_id      uuid not null,
    attempt         integer not null default 1,
    idempotency_key text not null,
    path            text not null,
    -- The bytes of the form: sent again unchanged, or not at all.
    body            text not null,
    state           text not null default 'written'
                    constraint operation_state_is_known check (state in ('written', 'answered', 'refused', 'superseded')),
    run_at          timestamptz not null,
    -- Wall time, as for jobs.
    claimed_until   timestamptz,
    first_sent_at   timestamptz,
    sends           integer not null default 0,
    answered_at     timestamptz,
    http_status     integer,
    object_id       text,
    error_code      text,
    last_error      text,
    created_at      timestamptz not null,
    primary key (campaign_id, operation_id),
    constraint one_operation_per_key unique (campaign_id, idempotency_key)
);
create index operation_to_send on operation (run_at) where state = 'written';
create index operation_by_subject on operation (campaign_id, subject_id);

-- What the provider told us, stored once by its id and answered at once; applied later by a worker.
create table provider_event (
    event_id      text primary key,
    kind          text not null,
    object_id     text not null,
    -- From the object's metadata: which pledge it is about. Null when it carries none.
    campaign_id   uuid,
    subject_id    uuid,
    payload       jsonb not null,
    occurred_at   timestamptz not null,
    received_at   timestamptz not null,
    applied_at    timestamptz,
    -- An event whose object we do not know yet waits here; it is never dropped.
    run_at        timestamptz not null,
    claimed_until timestamptz,
    attempts      integer not null default 0,
    last_error    text
);
create index provider_event_to_apply on provider_event (run_at) where applied_at is null;

grant select, insert, update, delete on operation, provider_event to felag_app;
