-- The provider's balance beside our books: each run, what it found, and what it added up to. Nothing here is ever put
-- right by itself.
create table reconciliation_run (
    run_id        uuid primary key,
    -- By the nightly job, or by `felag reconcile`.
    began_by      text not null constraint run_is_begun_by_somebody check (began_by in ('nightly', 'command')),
    began_at      timestamptz not null,
    -- Null while it runs, and for a run that broke off.
    ended_at      timestamptz,
    -- Why it broke off; empty otherwise.
    trouble       text not null default '',
    -- How many of each were looked at.
    transactions  bigint not null default 0,
    entries       bigint not null default 0,
    differences   bigint not null default 0,
    in_transit    bigint not null default 0
);
-- Serves: the newest runs, and whether anything ran.
create index reconciliation_run_by_time on reconciliation_run (began_at desc);

-- The provider's balance transactions as a run reads them, page by page: gone when it ends.
create unlogged table reconciliation_line (
    run_id        uuid not null,
    transaction   text not null,
    -- What it is about at the provider: a charge, a refund, a dispute, a transfer … and how its reports name it.
    reference     text not null,
    category      text not null,
    -- In our minor units; null when the provider's amount is none of the currency.
    net_minor     bigint,
    currency      text not null,
    made_at       timestamptz not null,
    primary key (run_id, transaction)
);

create table reconciliation_difference (
    run_id         uuid not null references reconciliation_run on delete cascade,
    position       bigint not null,
    kind           text not null constraint difference_kind_is_known check (kind in (
                       'no_entry', 'no_transaction', 'amount', 'currency', 'twice', 'unreadable')),
    -- What both sides call it.
    reference      text not null,
    category       text not null,
    -- The provider's side; null when there is none.
    transaction    text,
    provider_minor bigint,
    provider_currency text,
    -- Our side; null when there is none.
    book_id        uuid,
    number         bigint,
    book_minor     bigint,
    book_currency  text,
    happened_at    timestamptz not null,
    -- Since which run's beginning it is known.
    first_at       timestamptz not null,
    -- The run before found it, too.
    was_known      boolean not null,
    -- In transit: no difference before this time. Null for a difference.
    due_at         timestamptz,
    primary key (run_id, position)
);

-- What stood at the provider and in our books at a run's end, by currency.
create table reconciliation_total (
    run_id         uuid not null references reconciliation_run on delete cascade,
    currency       text not null,
    provider_minor bigint not null,
    book_minor     bigint not null,
    primary key (run_id, currency)
);

grant select, insert, update on reconciliation_run to felag_app;
grant select, insert, delete on reconciliation_line to felag_app;
grant select, insert on reconciliation_difference, reconciliation_total to felag_app;
