-- A backer's standing gift to a project, and each charge of it.
create table support (
    project_id          uuid not null references project,
    support_id          uuid not null,
    -- Null for a guest, who holds the link.
    person_id           uuid references person,
    email               text not null,
    backer_name         text not null default '',
    visibility          text not null constraint support_visibility_is_known
                        check (visibility in ('anonymous', 'to_project', 'named')),
    amount_minor        bigint not null constraint support_is_positive check (amount_minor > 0),
    tip_minor           bigint not null default 0 constraint support_tip_is_not_negative check (tip_minor >= 0),
    currency            text not null,
    period              text not null constraint support_period_is_known check (period in ('weekly', 'monthly', 'yearly')),
    state               text not null constraint support_state_is_known check (state in (
                            'draft', 'expired', 'starting', 'active', 'past_due', 'paused', 'ended')),
    -- 128 random bits: the link that lets its holder see, change and end it.
    token               text not null,
    -- Made with the form; the same form sent twice makes one support.
    request_key         uuid not null,
    -- The version of the terms and of the mandate that were shown, and the most that may be charged each time.
    terms_version       text not null,
    mandate_minor       bigint not null,
    -- The address the browser came from, for limits.
    made_from           text not null default '',
    customer_ref        text,
    checkout_ref        text,
    checkout_url        text,
    checkout_expires_at timestamptz,
    payment_method_ref  text,
    -- When the card was saved: every later due time is counted from here.
    started_at          timestamptz,
    -- The number of the charge that comes next; the first was 0.
    next_number         integer not null default 0,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    ended_at            timestamptz,
    primary key (project_id, support_id),
    constraint one_support_per_request unique (project_id, request_key),
    constraint one_support_per_token unique (token),
    constraint started_support_has_a_card check (
        state in ('draft', 'expired') or (payment_method_ref is not null and started_at is not null)),
    constraint ended_support_has_a_time check ((state = 'ended') = (ended_at is not null))
);
create index support_by_person on support (person_id, created_at desc) where person_id is not null;
create index support_by_email on support (email);

create table contribution (
    project_id      uuid not null,
    contribution_id uuid not null,
    support_id      uuid not null,
    -- Which charge of its support it is, counted in periods from the first.
    number          integer not null constraint contribution_number_is_not_negative check (number >= 0),
    amount_minor    bigint not null constraint contribution_is_positive check (amount_minor > 0),
    tip_minor       bigint not null default 0 constraint contribution_tip_is_not_negative check (tip_minor >= 0),
    currency        text not null,
    state           text not null constraint contribution_state_is_known check (state in (
                        'due', 'charging', 'needs_you', 'retry_later', 'stopping', 'paid', 'dropped')),
    -- The person is there: they confirm it themselves.
    is_present      boolean not null default false,
    intent_ref      text,
    charge_ref      text,
    decline_code    text,
    tries           integer not null default 0,
    due_at          timestamptz not null,
    next_try_at     timestamptz,
    paid_at         timestamptz,
    ended_at        timestamptz,
    created_at      timestamptz not null,
    primary key (project_id, contribution_id),
    foreign key (project_id, support_id) references support,
    constraint one_contribution_per_period unique (project_id, support_id, number),
    constraint one_intent_per_contribution unique (project_id, intent_ref),
    constraint paid_contribution_has_a_charge check ((state = 'paid') = (paid_at is not null))
);
-- One at a time: nobody is charged twice because a charge takes long.
create unique index one_contribution_under_way on contribution (project_id, support_id)
    where state in ('due', 'charging', 'needs_you', 'retry_later', 'stopping');

-- Who supports a project now, kept with every change: what they give a week, a month, a year, and what came in so far.
create table support_total (
    project_id      uuid not null,
    currency        text not null,
    supporters      integer not null default 0,
    weekly_minor    bigint not null default 0,
    monthly_minor   bigint not null default 0,
    yearly_minor    bigint not null default 0,
    collected_minor bigint not null default 0,
    primary key (project_id, currency),
    constraint support_total_is_not_negative check (
        least(supporters, weekly_minor, monthly_minor, yearly_minor, collected_minor) >= 0)
) with (fillfactor = 50);

grant select, insert, update on support, contribution, support_total to felag_app;

-- Refunds hang from a payment, of whatever book: a contribution's is in its project's.
alter table refund drop constraint if exists refund_campaign_id_fkey;
