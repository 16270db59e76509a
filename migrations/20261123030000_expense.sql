-- From promise to voucher: what a project spent of what was paid out to it, against which line of its budget.

-- What was paid out and what was spent, kept with every payout and every expense: a narrow row that nothing points at.
create table expense_total (
    campaign_id     uuid primary key,
    currency        text not null,
    -- What payouts brought to the project's bank, less what came back.
    paid_out_minor  bigint not null default 0 constraint paid_out_is_not_negative check (paid_out_minor >= 0),
    -- The most that may stand as spent: what was paid out. A payout that came back leaves it at what was spent by then.
    most_minor      bigint not null default 0 constraint most_covers_what_was_paid_out check (most_minor >= paid_out_minor),
    spent_minor     bigint not null default 0 constraint spent_is_not_negative check (spent_minor >= 0),
    constraint no_more_is_spent_than_was_paid_out check (spent_minor <= most_minor)
) with (fillfactor = 50);

insert into expense_total (campaign_id, currency, paid_out_minor, most_minor)
select campaign_id, currency, sum(net_minor), sum(net_minor) from payout where state = 'paid'
group by campaign_id, currency;

-- Money that was spent, and the file that proves it. Rows stay; one that was wrong is withdrawn, with a reason.
create table expense (
    campaign_id       uuid not null references campaign,
    expense_id        uuid not null,
    -- From 1, in the order they were entered.
    number            integer not null constraint expense_number_is_positive check (number > 0),
    budget_line_id    uuid not null,
    amount_minor      bigint not null constraint expense_is_positive check (amount_minor > 0),
    currency          text not null,
    spent_on          date not null,
    payee             text not null constraint expense_has_a_payee check (payee <> ''),
    purpose           text not null constraint expense_has_a_purpose check (purpose <> ''),
    -- The voucher as it is kept: without what it said of its author, its place and its past.
    voucher_kind      text not null constraint voucher_kind_is_known check (voucher_kind in ('pdf', 'jpeg', 'png', 'webp')),
    voucher_bytes     bigint not null constraint voucher_is_not_empty check (voucher_bytes > 0),
    voucher_sha256    bytea not null constraint voucher_hash_is_whole check (octet_length(voucher_sha256) = 32),
    -- It holds somebody's personal data: shown to members and stewards only, and why.
    voucher_is_closed boolean not null default false,
    closed_reason     text not null default '',
    -- Made with the form; the same form sent twice makes one expense.
    request_key       uuid not null,
    entered_by        uuid not null references person,
    created_at        timestamptz not null,
    withdrawn_by      uuid references person,
    withdrawn_at      timestamptz,
    withdrawn_reason  text not null default '',
    primary key (campaign_id, expense_id),
    foreign key (campaign_id, budget_line_id) references budget_line,
    constraint one_expense_per_number unique (campaign_id, number),
    constraint one_expense_per_request unique (campaign_id, request_key),
    constraint closed_voucher_has_a_reason check (not voucher_is_closed or closed_reason <> ''),
    constraint withdrawn_expense_has_a_reason check (
        (withdrawn_at is null) = (withdrawn_reason = '') and (withdrawn_at is null) = (withdrawn_by is null))
);

-- Why a line of the budget came out otherwise than planned, in the project's words. Added to, never changed.
create table budget_explanation (
    campaign_id       uuid not null references campaign,
    explanation_id    uuid not null,
    budget_line_id    uuid not null,
    words             text not null constraint explanation_is_not_empty check (words <> ''),
    written_by        uuid not null references person,
    created_at        timestamptz not null,
    primary key (campaign_id, explanation_id),
    foreign key (campaign_id, budget_line_id) references budget_line
);

-- What is entered stays as it was entered; only withdrawing is written on it, once.
create function keep_expense() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.withdrawn_at is not null
        or (to_jsonb(new) - '{withdrawn_by,withdrawn_at,withdrawn_reason}'::text[])
           <> (to_jsonb(old) - '{withdrawn_by,withdrawn_at,withdrawn_reason}'::text[]) then
        raise exception 'an expense is kept as it was entered: % is refused', tg_op
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger expense_is_kept before update or delete on expense for each row execute function keep_expense();

grant select, insert, update on expense_total to felag_app;
grant select, insert on expense, budget_explanation to felag_app;
grant update (withdrawn_by, withdrawn_at, withdrawn_reason) on expense to felag_app;
