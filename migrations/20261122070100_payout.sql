-- Money on its way from a campaign to its project, and when it was planned to leave.

-- Planned before launch. A campaign without a row here is paid out whole, right after its collection window.
create table tranche (
    campaign_id   uuid not null references campaign,
    position      integer not null,
    percent       integer not null constraint percent_is_a_part check (percent between 1 and 100),
    -- What it waits for: so many days after collection ends.
    condition     text not null default 'date' constraint tranche_condition_is_known check (condition in ('date')),
    days          integer not null constraint tranche_is_not_too_late check (days between 0 and 80),
    primary key (campaign_id, position),
    constraint one_tranche_a_day unique (campaign_id, days)
);

-- The schedule of fees under which a campaign was launched.
alter table campaign add column fee_version integer;
update campaign set fee_version = 1 where opens_at is not null;

create table payout (
    campaign_id      uuid not null references campaign,
    payout_id        uuid not null,
    project_id       uuid not null references project,
    -- From 1, in the order they were made.
    number           integer not null constraint payout_number_is_positive check (number > 0),
    currency         text not null,
    -- What is taken off what is held, and its parts: fixed by the second approval.
    gross_minor      bigint not null constraint payout_is_positive check (gross_minor > 0),
    repaid_minor     bigint not null default 0,
    costs_minor      bigint not null default 0,
    fee_minor        bigint not null default 0,
    tax_minor        bigint not null default 0,
    net_minor        bigint not null default 0,
    fee_version      integer not null,
    state            text not null constraint payout_state_is_known check (state in (
                         'proposed', 'asked', 'approved', 'sending', 'on_its_way', 'paid', 'failed', 'returned',
                         'withdrawn')),
    -- Made with the form; the same form sent twice makes one payout. A proposal's is made from its day.
    request_key      uuid not null,
    first_by         uuid references person,
    first_is_steward boolean not null default false,
    first_at         timestamptz,
    second_by        uuid references person,
    second_is_steward boolean not null default false,
    second_at        timestamptz,
    withdrawn_by     uuid references person,
    reason           text not null default '',
    -- Where it was sent, as it was then.
    account_ref      text,
    bank_last4       text,
    -- The provider's ids of the transfer, of the payout at the project's account, and of the transfer's way back.
    transfer_ref     text,
    bank_payout_ref  text,
    reversal_ref     text,
    -- What the bank's statement says.
    bank_reference   text,
    failure_code     text,
    created_at       timestamptz not null,
    sent_at          timestamptz,
    transferred_at   timestamptz,
    paid_at          timestamptz,
    ended_at         timestamptz,
    primary key (campaign_id, payout_id),
    constraint one_payout_per_number unique (campaign_id, number),
    constraint one_payout_per_request unique (campaign_id, request_key),
    constraint nobody_approves_a_payout_twice check (first_by <> second_by),
    constraint one_approval_is_the_projects check (not (first_is_steward and second_is_steward)),
    constraint asked_payout_was_approved_once check (state in ('proposed', 'withdrawn') or first_by is not null),
    constraint payout_was_approved_twice check (
        state in ('proposed', 'asked', 'withdrawn') or (first_by is not null and second_by is not null)),
    constraint payout_parts_are_the_whole check (
        state in ('proposed', 'asked')
        or (state = 'withdrawn' and net_minor = 0)
        or gross_minor = repaid_minor + costs_minor + fee_minor + tax_minor + net_minor),
    constraint payout_parts_are_not_negative check (
        least(repaid_minor, costs_minor, fee_minor, tax_minor, net_minor) >= 0),
    constraint paid_payout_has_a_time check (state <> 'paid' or paid_at is not null)
);
-- One at a time: what is held, and what may be asked for, is never in doubt.
create unique index one_payout_under_way on payout (campaign_id)
    where state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'failed');
-- Serves: the stewards' page, and looking after what is on its way.
create index payout_by_state on payout (state, created_at)
    where state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'failed');

grant select, insert, update on payout to felag_app;
grant select, insert, delete on tranche to felag_app;
