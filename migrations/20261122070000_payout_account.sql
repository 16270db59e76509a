-- A project's account at the payment provider: where its money is sent. What the provider says of it, as last asked.
create table payout_account (
    project_id        uuid primary key references project,
    -- The provider's id; null until it answered.
    account_ref       text,
    country           text not null,
    state             text not null default 'pending' constraint payout_account_state_is_known
                      check (state in ('pending', 'enabled', 'restricted', 'rejected', 'lost')),
    -- What the provider asks for, in its own words, and why it holds the account back.
    requirements      text[] not null default '{}',
    disabled_reason   text,
    -- Tells one bank account from another; the number itself stays with the provider.
    bank_fingerprint  text,
    bank_last4        text,
    bank_country      text,
    -- Set when the bank details became others: nothing is sent for 72 hours.
    bank_changed_at   timestamptz,
    started_by        uuid not null references person,
    created_at        timestamptz not null,
    -- When the provider was last asked, when it first could be paid, when it was found to be gone.
    checked_at        timestamptz,
    enabled_at        timestamptz,
    lost_at           timestamptz,
    constraint one_project_per_payout_account unique (account_ref),
    constraint enabled_account_is_there check (state <> 'enabled' or (account_ref is not null and enabled_at is not null))
);
grant select, insert, update on payout_account to felag_app;
