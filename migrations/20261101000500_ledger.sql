-- Double entry in books, append-only. See infra/docs/architecture.md, "The ledger".
create table book (
    book_id       uuid primary key,
    kind          text not null constraint book_kind_is_known check (kind in ('campaign', 'project', 'platform')),
    created_at    timestamptz not null
);

-- The last number and hash of each book: a narrow row that nothing points at, taken once per batch.
create table book_head (
    book_id       uuid primary key,
    number        bigint not null default 0,
    hash          bytea not null
) with (fillfactor = 50);

create table entry (
    book_id       uuid not null references book,
    number        bigint not null constraint entry_number_is_positive check (number > 0),
    kind          text not null,
    cause_id      text not null,
    at            timestamptz not null,
    hash          bytea not null,
    recorded_at   timestamptz not null default now(),
    primary key (book_id, number),
    -- The single money event that caused it: posting twice is a no-op.
    constraint one_entry_per_cause unique (book_id, kind, cause_id)
);

-- An amount moving from one account (credit) to another (debit): what does not balance cannot be written.
create table movement (
    book_id       uuid not null,
    number        bigint not null,
    position      integer not null,
    debit         text not null,
    credit        text not null,
    amount_minor  bigint not null constraint amount_is_positive check (amount_minor > 0),
    currency      text not null,
    primary key (book_id, number, position),
    foreign key (book_id, number) references entry,
    constraint movement_moves check (debit <> credit)
);

-- Kept with every entry; `felag ledger verify` recomputes it. Positive in the account's own direction.
create table account_balance (
    book_id       uuid not null,
    account       text not null,
    currency      text not null,
    balance_minor bigint not null default 0,
    is_liability  boolean not null,
    primary key (book_id, account, currency),
    constraint liability_is_not_negative check (not is_liability or balance_minor >= 0)
) with (fillfactor = 50);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;
create trigger entry_is_append_only before update or delete on entry for each row execute function refuse_change();
create trigger movement_is_append_only before update or delete on movement for each row execute function refuse_change();

-- An entry whose cause was booked before with other content, or an event that does not fit: parked, with an alarm.
create table parked_entry (
    book_id       uuid not null,
    parked_id     uuid not null,
    kind          text not null,
    cause_id      text not null,
    content       jsonb not null,
    reason        text not null,
    created_at    timestamptz not null,
    primary key (book_id, parked_id)
);

grant select, insert on book, entry, movement, parked_entry to felag_app;
grant select, insert, update on book_head, account_balance to felag_app;
