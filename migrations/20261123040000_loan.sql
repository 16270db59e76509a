-- What a campaign borrows, and from whom. A campaign has one loan at most.
create table loan (
    campaign_id         uuid primary key references campaign,
    currency            text not null,
    -- What is asked for, and the least it may shrink to when not all of it can be collected.
    amount_minor        bigint not null constraint loan_is_positive check (amount_minor > 0),
    least_minor         bigint not null,
    -- The terms. The rate in hundredths of a percent a year.
    rate_bp             integer not null constraint rate_is_not_negative check (rate_bp >= 0),
    instalments         integer not null constraint loan_has_instalments check (instalments > 0),
    period              text not null,
    kind                text not null,
    grace_kind          text not null,
    grace               integer not null default 0 constraint grace_leaves_an_instalment
                        check (grace between 0 and instalments),
    day_count           text not null,
    -- What lenders are told, in the project's words.
    purpose             text not null default '',
    security            text not null default '',
    figures             text not null default '',
    risks               text not null default '',
    -- Whether firm commitments count towards the campaign's minimum.
    counts_to_minimum   boolean not null default false,
    -- So many lenders whom the project invites come first; 0 opens to everybody at once.
    network_first_lenders integer not null default 0 constraint network_is_not_negative
                        check (network_first_lenders >= 0),
    -- The link that lets somebody in before it is open to everybody.
    network_token       text not null,
    -- The rules it was opened under, by name.
    policy              text not null,
    state               text not null default 'draft' constraint loan_state_is_known check (state in (
                            'draft', 'in_review', 'network_first', 'open', 'closed', 'signed', 'collecting', 'collected',
                            'failed', 'refunded', 'cancelled', 'repaying', 'late', 'rescheduled', 'defaulted',
                            'recovering', 'ended', 'written_off')),
    sheet_version       integer not null default 0,
    lending_ends_at     timestamptz,
    signed_by           uuid references person,
    signed_name         text,
    signed_at           timestamptz,
    signed_hash         bytea,
    -- What the project signed for: what was firm then.
    signed_minor        bigint,
    collecting_ends_at  timestamptz,
    collected_minor     bigint not null default 0 constraint collected_is_not_negative check (collected_minor >= 0),
    -- What was really lent: fixed when collecting ends.
    principal_minor     bigint,
    collected_at        timestamptz,
    paid_out_at         timestamptz,
    first_due_on        date,
    ended_at            timestamptz,
    version             integer not null default 1,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    constraint loan_may_shrink check (least_minor between 1 and amount_minor),
    constraint signed_loan_has_a_signature check (
        (signed_at is null) = (signed_by is null) and (signed_at is null) = (signed_name is null)
        and (signed_at is null) = (signed_hash is null) and (signed_at is null) = (signed_minor is null)),
    constraint collected_loan_was_signed check (
        state not in ('signed', 'collecting', 'collected', 'repaying', 'late', 'rescheduled', 'defaulted', 'recovering',
                      'ended', 'written_off') or signed_at is not null),
    constraint lent_loan_has_a_principal check (
        state not in ('collected', 'repaying', 'late', 'rescheduled', 'defaulted', 'recovering', 'ended', 'written_off')
        or principal_minor > 0),
    constraint running_loan_was_paid_out check (
        state not in ('repaying', 'late', 'rescheduled', 'defaulted', 'recovering', 'ended', 'written_off')
        or paid_out_at is not null)
);
-- Serves: the record of past loans, jobs that look after running ones.
create index loan_by_state on loan (state);

-- The key information sheet as it was shown, version by version: what was signed can be read again.
create table loan_sheet (
    campaign_id   uuid not null references loan,
    version       integer not null constraint sheet_version_is_positive check (version > 0),
    content       jsonb not null,
    hash          bytea not null,
    made_at       timestamptz not null,
    primary key (campaign_id, version)
);

-- What was committed, kept incrementally. Nothing points at it, so a busy loan stays fast.
create table loan_total (
    campaign_id     uuid primary key,
    -- Free to be revoked still, firm, on the waiting list; then what is being collected and what came in.
    committed_minor bigint not null default 0,
    firm_minor      bigint not null default 0,
    waiting_minor   bigint not null default 0,
    at_risk_minor   bigint not null default 0,
    collected_minor bigint not null default 0,
    -- Of what is committed, firm, at risk or collected: what the project's own members lend. Shown, never counted.
    own_firm_minor      bigint not null default 0,
    own_collected_minor bigint not null default 0,
    lenders         integer not null default 0,
    constraint loan_figures_are_not_negative check (
        least(committed_minor, firm_minor, waiting_minor, at_risk_minor, collected_minor, own_firm_minor,
              own_collected_minor, lenders) >= 0)
) with (fillfactor = 50);

-- A lender's promise to lend, and what became of it.
create table commitment (
    campaign_id        uuid not null references loan,
    commitment_id      uuid not null,
    person_id          uuid not null references person,
    lender_name        text not null,
    visibility         text not null constraint commitment_visibility_is_known
                       check (visibility in ('anonymous', 'to_project', 'named')),
    amount_minor       bigint not null constraint commitment_is_positive check (amount_minor > 0),
    -- What was collected of it: fixed at closing, the weight of every split.
    share_minor        bigint constraint share_is_positive check (share_minor > 0),
    currency           text not null,
    state              text not null constraint commitment_state_is_known check (state in (
                           'draft', 'expired', 'waiting', 'made', 'reopened', 'firm', 'revoked', 'released', 'due',
                           'charging', 'needs_you', 'retry_later', 'stopping', 'dropped', 'active', 'refunded',
                           'repaid', 'partly_lost')),
    -- True for the project's own members: shown, but not counted towards the minimum.
    is_own             boolean not null,
    sheet_version      integer not null,
    signed_name        text not null,
    signed_at          timestamptz not null,
    -- Of the words that were signed: the sheet, the agreement, the amount.
    signed_hash        bytea not null,
    -- The large-amount warning that was shown and understood, when there was one.
    warned_at          timestamptz,
    revocable_until    timestamptz,
    firm_at            timestamptz,
    -- 128 random bits: the link in mails.
    token              text not null,
    request_key        uuid not null,
    customer_ref       text,
    checkout_ref       text,
    checkout_url       text,
    checkout_expires_at timestamptz,
    payment_method_ref text,
    intent_ref         text,
    charge_ref         text,
    decline_code       text,
    tries              integer not null default 0,
    next_try_at        timestamptz,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    card_saved_at      timestamptz,
    due_at             timestamptz,
    paid_at            timestamptz,
    ended_at           timestamptz,
    primary key (campaign_id, commitment_id),
    constraint one_commitment_per_request unique (campaign_id, request_key),
    constraint one_intent_per_commitment unique (campaign_id, intent_ref),
    constraint made_commitment_has_a_card check (
        state in ('draft', 'expired', 'revoked', 'released')
        or (payment_method_ref is not null and card_saved_at is not null and revocable_until is not null)),
    constraint due_commitment_has_a_time check (
        state not in ('due', 'charging', 'needs_you', 'retry_later', 'stopping', 'dropped', 'active', 'refunded',
                      'repaid', 'partly_lost') or due_at is not null),
    constraint active_commitment_has_a_charge check (
        (state in ('active', 'refunded', 'repaid', 'partly_lost')) <= (paid_at is not null and charge_ref is not null))
);
-- One at a time: two tabs that sign at once make one commitment, the other is told.
create unique index one_commitment_per_lender on commitment (campaign_id, person_id)
    where state in ('draft', 'waiting', 'made', 'reopened', 'firm', 'due', 'charging', 'needs_you', 'retry_later',
                    'stopping', 'active', 'repaid', 'partly_lost');
create index commitment_by_token on commitment (token);
create index commitment_by_person on commitment (person_id, created_at desc);
-- Serves: collecting, splits, the list of lenders.
create index commitment_by_campaign on commitment (campaign_id, state, commitment_id);

-- What a lender answered to the entry knowledge test, and what they could bear to lose. The newest counts.
create table lender_test (
    person_id      uuid not null references person,
    lender_test_id uuid not null,
    answers        jsonb not null,
    passed         boolean not null,
    -- When they said that they had read and understood the warning.
    acknowledged_at timestamptz not null,
    valid_until    timestamptz not null,
    primary key (person_id, lender_test_id)
);
create table loss_simulation (
    person_id          uuid not null references person,
    loss_simulation_id uuid not null,
    income_minor       bigint not null,
    assets_minor       bigint not null,
    obligations_minor  bigint not null,
    net_worth_minor    bigint not null,
    currency           text not null,
    made_at            timestamptz not null,
    valid_until        timestamptz not null,
    primary key (person_id, loss_simulation_id)
);

grant select, insert, update, delete on loan to felag_app;
grant select, insert on loan_sheet, lender_test, loss_simulation to felag_app;
grant select, insert, update on loan_total, commitment to felag_app;
