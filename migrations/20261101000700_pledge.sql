-- A backer's promise to give, and what became of it.
create table pledge (
    campaign_id        uuid not null references campaign,
    pledge_id          uuid not null,
    -- Null for a guest. A guest's gift joins an account only when its holder proved the address.
    person_id          uuid references person,
    email              text not null,
    backer_name        text not null default '',
    visibility         text not null constraint visibility_is_known check (visibility in ('anonymous', 'to_project', 'named')),
    reward_id          uuid,
    amount_minor       bigint not null constraint pledge_is_positive check (amount_minor > 0),
    tip_minor          bigint not null default 0 constraint tip_is_not_negative check (tip_minor >= 0),
    currency           text not null,
    -- False for the project's own members: shown, but not counted towards the minimum.
    counts             boolean not null,
    state              text not null constraint pledge_state_is_known check (state in (
                           'draft', 'card_saved', 'expired', 'cancelled', 'released', 'due', 'charging', 'needs_you',
                           'retry_later', 'stopping', 'paid', 'dropped')),
    -- 128 random bits: the link that lets its holder see and change this pledge.
    token              text not null,
    -- Made with the form; the same form sent twice makes one pledge.
    request_key        uuid not null,
    -- The version of the terms and of the mandate that were shown, and the most that may be charged.
    terms_version      text not null,
    mandate_minor      bigint not null,
    -- The address the browser came from, for limits; forgotten after 90 days.
    made_from          text not null default '',
    customer_ref       text,
    checkout_ref       text,
    checkout_url       text,
    checkout_expires_at timestamptz,
    payment_method_ref text,
    intent_ref         text,
    charge_ref         text,
    decline_code       text,
    tries              integer not null default 0,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    card_saved_at      timestamptz,
    due_at             timestamptz,
    next_try_at        timestamptz,
    paid_at            timestamptz,
    ended_at           timestamptz,
    primary key (campaign_id, pledge_id),
    constraint one_pledge_per_request unique (campaign_id, request_key),
    constraint one_intent_per_pledge unique (campaign_id, intent_ref),
    constraint saved_pledge_has_a_card check (
        state in ('draft', 'expired', 'cancelled') or (payment_method_ref is not null and card_saved_at is not null)),
    constraint due_pledge_has_a_time check (
        state not in ('due', 'charging', 'needs_you', 'retry_later', 'stopping', 'paid', 'dropped') or due_at is not null),
    constraint paid_pledge_has_a_charge check ((state = 'paid') = (paid_at is not null))
);
create index pledge_by_token on pledge (token);
create index pledge_by_person on pledge (person_id, created_at desc) where person_id is not null;
create index pledge_by_email on pledge (email);
-- Serves: settlement, the list of backers, the latest gifts of a campaign.
create index pledge_by_campaign on pledge (campaign_id, state, pledge_id);
-- Serves: the names beside the charges of a public book.
create index pledge_by_charge on pledge (campaign_id, charge_ref) where charge_ref is not null;

-- Money that came in for a pledge that had already ended, or otherwise must go back: asked, sent, then settled.
create table refund (
    campaign_id   uuid not null references campaign,
    refund_id     uuid not null,
    pledge_id     uuid not null,
    amount_minor  bigint not null constraint refund_is_positive check (amount_minor > 0),
    tip_minor     bigint not null default 0,
    currency      text not null,
    reason        text not null,
    state         text not null default 'asked'
                  constraint refund_state_is_known check (state in ('asked', 'succeeded', 'failed')),
    charge_ref    text not null,
    provider_ref  text,
    created_at    timestamptz not null,
    settled_at    timestamptz,
    primary key (campaign_id, refund_id),
    constraint one_refund_per_charge unique (campaign_id, charge_ref)
);

grant select, insert, update on pledge, refund to felag_app;
