-- The sandbox's own tables. Nothing outside the sandbox reads or writes them.
do $$ begin
    if to_regnamespace('sandbox') is null then create schema sandbox; end if;
end $$;

-- One row per object the API can name. `data` is the object as the API shows it, references not
-- expanded; `hidden` is what the API never shows (a card's number, an endpoint's secret).
create table if not exists sandbox.object (
    id       text primary key,
    kind     text not null,
    seq      bigint generated always as identity,
    created  bigint not null,
    customer text,
    parent   text,
    due      bigint,
    data     jsonb not null,
    hidden   jsonb not null
);
create index if not exists object_by_kind on sandbox.object (kind, seq desc);
create index if not exists object_by_customer on sandbox.object (customer, kind, seq desc)
    where customer is not null;
create index if not exists object_by_parent on sandbox.object (parent, kind, seq desc)
    where parent is not null;
create index if not exists object_due on sandbox.object (due) where due is not null;

-- Answers kept under an Idempotency-Key, written with the effect they tell of.
create table if not exists sandbox.answer (
    key         text primary key,
    fingerprint text not null,
    status      int not null,
    body        text not null,
    created     bigint not null
);

-- An event on its way to an endpoint. `due` is on the sandbox's clock.
create table if not exists sandbox.delivery (
    id       bigint generated always as identity primary key,
    event    text not null,
    endpoint text not null,
    created  bigint not null,
    due      bigint not null,
    attempts int not null default 0,
    state    text not null default 'pending'
        constraint delivery_state check (state in ('pending', 'sending', 'done', 'dropped', 'given_up')),
    note     text
);
create index if not exists delivery_due on sandbox.delivery (due, id) where state in ('pending', 'sending');
create index if not exists delivery_by_event on sandbox.delivery (event);

-- Switches that tests turn, kept so that another process sees them.
create table if not exists sandbox.switch (
    name  text primary key,
    value text not null
);

-- Since connected accounts: whose object it is; nothing stands for the platform itself.
alter table sandbox.object add column if not exists account text;
create index if not exists object_by_account on sandbox.object (account, kind, seq desc)
    where account is not null;
create index if not exists answer_by_age on sandbox.answer (created);

-- A switch is JSON since webhooks can travel by chance; what was set before is forgotten.
delete from sandbox.switch where name = 'webhooks' and value not like '{%';
