-- What every slice stands on: work to do later, the movable clock, limits, and the mails that go out.
-- The application works as the role felag_app, which owns nothing: see the grants at the end of each migration.
do $$
begin
    if not exists (select from pg_roles where rolname = 'felag_app') then
        create role felag_app nologin;
    end if;
exception when duplicate_object or unique_violation then null; -- two databases of one cluster migrated at once
end $$;
do $$
begin
    execute format('grant felag_app to %I', current_user);
exception when others then null; -- a superuser needs no grant; anybody else is told at `set role`
end $$;

-- Work to do later. A row is written with its cause, in the same transaction. Leases are wall time (the
-- database's clock), because the application's clock may be moved by weeks while a job runs.
create table job (
    job_id        uuid primary key,
    kind          text not null,
    payload       jsonb not null,
    run_at        timestamptz not null,
    attempts      integer not null default 0,
    claimed_until timestamptz,
    failed_at     timestamptz,
    last_error    text,
    -- Two causes of the same work make one job.
    unique_key    text constraint one_job_per_key unique,
    created_at    timestamptz not null
);
create index job_by_time on job (run_at) where failed_at is null;

-- The clock of the sandbox: how far it stands ahead of wall time. A live installation never moves it.
create table clock (
    one           boolean primary key default true constraint clock_is_one_row check (one),
    ahead_micros  bigint not null default 0 constraint clock_is_never_behind check (ahead_micros >= 0),
    version       bigint not null default 0
);
insert into clock default values;

-- Processes that do work, and which version of the clock each has seen. Wall time.
create table worker (
    worker_id     uuid primary key,
    kind          text not null constraint worker_kind_is_known check (kind in ('serve', 'work')),
    seen_at       timestamptz not null,
    clock_version bigint not null
);

-- Attempts counted per kind, key (an address, an account, a card) and window: limits that hold across processes.
create table attempt (
    kind          text not null,
    key           text not null,
    window_start  timestamptz not null,
    made          integer not null,
    primary key (kind, key, window_start)
);
create index attempt_by_age on attempt (window_start);

-- One e-mail. Written in the same transaction as its cause; `unique_key` names the event and the recipient.
-- `message_id` is also the Message-ID, so that a second copy after a crash collapses in the reader's mailbox.
create table message (
    message_id    uuid primary key,
    kind          text not null,
    unique_key    text not null constraint one_message_per_event_and_recipient unique,
    recipient     text not null,
    -- Empty in a message of many recipients whose words are written when it is sent (see mail/mod.rs).
    subject       text not null default '',
    text_body     text not null default '',
    html_body     text not null default '',
    subject_id    uuid,
    from_name     text,
    reply_to      text,
    -- What one click unsubscribes from; null for receipts and payment problems, which always arrive.
    list          text,
    state         text not null default 'queued'
                  constraint message_state_is_known check (state in ('queued', 'sending', 'sent', 'failed', 'suppressed')),
    run_at        timestamptz not null,
    attempts      integer not null default 0,
    claimed_until timestamptz,
    sent_at       timestamptz,
    last_error    text,
    created_at    timestamptz not null
);
create index message_to_send on message (run_at) where state in ('queued', 'sending');
create index message_latest on message (created_at desc, message_id desc);

-- Addresses that bounced for good: nothing more is sent there.
create table suppression (
    email         text primary key,
    reason        text not null,
    created_at    timestamptz not null
);

-- Who does not want which list.
create table unsubscription (
    email         text not null,
    list          text not null,
    created_at    timestamptz not null,
    primary key (email, list)
);

-- Secrets this installation made for itself: the key that signs links, the secret of its webhook endpoint.
create table secret (
    name          text primary key,
    value         text not null,
    created_at    timestamptz not null
);

grant select, insert, update, delete on job, worker, attempt, message, suppression, unsubscription, secret to felag_app;
grant select, update on clock to felag_app;
