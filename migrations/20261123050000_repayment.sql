-- What a project owes on its loan, row by row. Plan 1 is the contract, the later ones were agreed with the lenders.
create table instalment (
    campaign_id          uuid not null references loan,
    plan                 integer not null,
    number               integer not null,
    due_on               date not null,
    principal_minor      bigint not null,
    interest_minor       bigint not null,
    fee_minor            bigint not null default 0,
    -- For being late, up to a day.
    late_interest_minor  bigint not null default 0,
    late_until           date not null,
    paid_principal_minor bigint not null default 0,
    paid_interest_minor  bigint not null default 0,
    paid_fee_minor       bigint not null default 0,
    paid_late_minor      bigint not null default 0,
    primary key (campaign_id, plan, number),
    constraint no_more_is_paid_than_owed check (
        paid_principal_minor between 0 and principal_minor and paid_interest_minor between 0 and interest_minor
        and paid_fee_minor between 0 and fee_minor and paid_late_minor between 0 and late_interest_minor)
);

-- How a loan that was paid out stands: a narrow row that nothing points at. Pages and statistics read this.
create table loan_running (
    campaign_id          uuid primary key,
    currency             text not null,
    plan                 integer not null default 1,
    principal_minor      bigint not null,
    principal_paid_minor bigint not null default 0,
    interest_paid_minor  bigint not null default 0,
    lost_minor           bigint not null default 0,
    recovered_minor      bigint not null default 0,
    -- The day of the oldest open instalment, and of the next.
    oldest_open_on       date,
    begun_on             date not null,
    defaulted_on         date,
    -- Reminders are sent once for each of these days.
    reminded_on          date,
    constraint running_figures_are_not_negative check (
        least(principal_minor, principal_paid_minor, interest_paid_minor, lost_minor, recovered_minor) >= 0),
    constraint no_more_principal_than_was_lent check (principal_paid_minor + lost_minor <= principal_minor)
) with (fillfactor = 50);

-- How a project pays: a card it saved at the provider.
create table loan_mandate (
    campaign_id          uuid primary key references loan,
    customer_ref         text not null,
    payment_method_ref   text not null,
    saved_by             uuid not null references person,
    saved_at             timestamptz not null
);

-- Money that came in against a loan, or is asked for.
create table repayment (
    campaign_id          uuid not null references loan,
    repayment_id         uuid not null,
    way                  text not null constraint repayment_way_is_known
                         check (way in ('debit', 'pay_now', 'recovery')),
    amount_minor         bigint not null constraint repayment_is_positive check (amount_minor > 0),
    currency             text not null,
    state                text not null constraint repayment_state_is_known check (state in (
                             'asked', 'processing', 'needs_you', 'retry_later', 'pending', 'credited', 'failed',
                             'returned')),
    principal_minor      bigint not null default 0,
    interest_minor       bigint not null default 0,
    fee_minor            bigint not null default 0,
    late_interest_minor  bigint not null default 0,
    -- What of it the project owed the platform, and what was more than it owed.
    owed_minor           bigint not null default 0,
    beyond_minor         bigint not null default 0,
    is_given_up          boolean not null default false,
    checkout_ref         text,
    checkout_url         text,
    intent_ref           text,
    charge_ref           text,
    decline_code         text,
    tries                integer not null default 0,
    next_try_at          timestamptz,
    request_key          text not null,
    asked_by             uuid references person,
    created_at           timestamptz not null,
    received_at          timestamptz,
    credited_at          timestamptz,
    ended_at             timestamptz,
    primary key (campaign_id, repayment_id),
    constraint one_repayment_per_request unique (campaign_id, request_key)
);
create index repayment_by_campaign on repayment (campaign_id, created_at);

-- Which instalments a repayment paid: what is undone if it comes back.
create table repayment_part (
    campaign_id          uuid not null,
    repayment_id         uuid not null,
    plan                 integer not null,
    number               integer not null,
    principal_minor      bigint not null,
    interest_minor       bigint not null,
    fee_minor            bigint not null,
    late_interest_minor  bigint not null,
    primary key (campaign_id, repayment_id, plan, number)
);

-- How a repayment was split: never computed again.
create table repayment_share (
    campaign_id          uuid not null,
    repayment_id         uuid not null,
    commitment_id        uuid not null,
    principal_minor      bigint not null,
    interest_minor       bigint not null,
    primary key (campaign_id, repayment_id, commitment_id),
    constraint no_credit_is_below_zero check (least(principal_minor, interest_minor) >= 0)
);
create index repayment_share_by_share on repayment_share (campaign_id, commitment_id);

-- What each share got so far. Narrow, and nothing points at it.
create table loan_share (
    campaign_id              uuid not null,
    commitment_id            uuid not null,
    share_minor              bigint not null,
    principal_credited_minor bigint not null default 0,
    interest_credited_minor  bigint not null default 0,
    lost_minor               bigint not null default 0,
    sent_minor               bigint not null default 0,
    primary key (campaign_id, commitment_id),
    constraint share_figures_are_not_negative check (
        least(share_minor, principal_credited_minor, interest_credited_minor, lost_minor, sent_minor) >= 0),
    constraint no_share_gets_more_principal_than_it_lent check (principal_credited_minor + lost_minor <= share_minor)
) with (fillfactor = 50);

-- What happened to a loan that was paid out, in words for its lenders.
create table loan_note (
    campaign_id          uuid not null references loan,
    note_id              uuid not null,
    kind                 text not null,
    words                text not null default '',
    person_id            uuid references person,
    created_at           timestamptz not null,
    primary key (campaign_id, note_id)
);

-- A new plan that the project proposes and lenders vote on.
create table plan_proposal (
    campaign_id          uuid not null references loan,
    plan                 integer not null,
    first_due_on         date not null,
    instalments          integer not null constraint plan_has_instalments check (instalments > 0),
    reason               text not null,
    proposed_by          uuid not null references person,
    state                text not null default 'open' constraint proposal_state_is_known
                         check (state in ('open', 'passed', 'rejected')),
    outstanding_minor    bigint not null,
    closes_at            timestamptz not null,
    created_at           timestamptz not null,
    decided_at           timestamptz,
    primary key (campaign_id, plan)
);
create unique index one_open_proposal_per_loan on plan_proposal (campaign_id) where state = 'open';
create table plan_vote (
    campaign_id          uuid not null,
    plan                 integer not null,
    commitment_id        uuid not null,
    agrees               boolean not null,
    outstanding_minor    bigint not null,
    voted_at             timestamptz not null,
    primary key (campaign_id, plan, commitment_id),
    foreign key (campaign_id, plan) references plan_proposal
);

-- A lender's own account at the provider: where what is paid back is sent.
create table lender_account (
    person_id            uuid primary key references person,
    account_ref          text,
    country              text not null,
    state                text not null default 'pending' constraint lender_account_state_is_known
                         check (state in ('pending', 'enabled', 'restricted', 'rejected', 'lost')),
    bank_last4           text,
    created_at           timestamptz not null,
    checked_at           timestamptz,
    constraint one_person_per_lender_account unique (account_ref)
);

-- Money on its way from a share to its lender.
create table lender_transfer (
    campaign_id          uuid not null references loan,
    lender_transfer_id   uuid not null,
    commitment_id        uuid not null,
    person_id            uuid not null references person,
    amount_minor         bigint not null constraint transfer_is_positive check (amount_minor > 0),
    currency             text not null,
    state                text not null constraint transfer_state_is_known check (state in (
                             'sending', 'on_its_way', 'paid', 'failed', 'returned')),
    account_ref          text not null,
    transfer_ref         text,
    bank_payout_ref      text,
    failure_code         text,
    created_at           timestamptz not null,
    ended_at             timestamptz,
    primary key (campaign_id, lender_transfer_id)
);
create index lender_transfer_by_share on lender_transfer (campaign_id, commitment_id, created_at);

-- A calendar of what is to come, behind an address nobody can guess.
create table calendar_feed (
    person_id            uuid primary key references person,
    token                text not null constraint one_feed_per_token unique,
    created_at           timestamptz not null
);

-- Complaints, with the day they were acknowledged and the reasons they were answered with.
create table complaint (
    complaint_id         uuid primary key,
    person_id            uuid references person,
    email                text not null,
    about                text not null,
    words                text not null,
    created_at           timestamptz not null,
    answer               text,
    answered_by          uuid references person,
    answered_at          timestamptz,
    constraint answered_complaint_has_an_answer check (
        (answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
create index complaint_by_time on complaint (created_at);

grant select, insert, update on instalment, loan_running, loan_mandate, repayment, loan_share, plan_proposal, plan_vote,
    lender_account, lender_transfer, calendar_feed, complaint to felag_app;
grant select, insert on repayment_part, repayment_share, loan_note to felag_app;
