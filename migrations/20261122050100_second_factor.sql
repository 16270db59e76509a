-- A second factor: the secret that a person's phone makes codes from, codes on paper for when it is lost, and the
-- slow way back for who has neither. When a code was given is wall time: phones do not follow the sandbox's clock
-- (infra/docs/adr/0007-codes-are-wall-time.md).
create table second_factor (
    person_id     uuid primary key references person,
    -- AES-256-GCM: 12 bytes of nonce, the secret, 16 bytes of tag.
    sealed        bytea not null,
    created_at    timestamptz not null,
    -- Null until a first code was given: it protects nothing before.
    confirmed_at  timestamptz,
    -- Who is setting it up: the secret is shown to that browser only.
    token_hash    bytea not null,
    -- The last step of 30 seconds whose code was taken: no code is taken twice.
    last_step     bigint not null default 0,
    -- The last wrong tries, at most five.
    wrong_at      timestamptz[] not null default '{}'
);

-- Single-use codes for a lost phone; only their SHA-256. A new set takes the place of the old one.
create table recovery_code (
    person_id     uuid not null references person,
    code_hash     bytea not null,
    created_at    timestamptz not null,
    used_at       timestamptz,
    primary key (person_id, code_hash)
);

-- Somebody lost phone and codes: a steward may switch the factor off after 72 hours, with a reason.
create table factor_reset (
    reset_id      uuid primary key,
    person_id     uuid not null references person,
    asked_at      timestamptz not null,
    ready_at      timestamptz not null,
    cancelled_at  timestamptz,
    done_at       timestamptz,
    steward_id    uuid references person,
    reason        text,
    constraint factor_reset_ends_once check (num_nonnulls(cancelled_at, done_at) <= 1),
    constraint factor_reset_is_done_with_a_reason check (num_nulls(done_at, steward_id, reason) in (0, 3)),
    constraint factor_reset_is_never_ones_own check (steward_id <> person_id)
);
create unique index one_open_factor_reset on factor_reset (person_id) where cancelled_at is null and done_at is null;

-- When a code was last given in this sign-in, by wall time.
alter table sign_in add column factor_at timestamptz;

grant select, insert, update, delete on second_factor, recovery_code to felag_app;
grant select, insert, update on factor_reset to felag_app;
