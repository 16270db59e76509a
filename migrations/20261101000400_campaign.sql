-- One ask of a project. What changes with every pledge stands in narrow rows of its own, further down.
create table campaign (
    campaign_id      uuid primary key,
    project_id       uuid not null references project,
    slug             text not null constraint one_campaign_per_slug unique,
    title            text not null,
    summary          text not null default '',
    story            text not null default '',
    risks            text not null default '',
    currency         text not null,
    -- Zero in a draft that does not say yet.
    minimum_minor    bigint not null constraint minimum_is_not_negative check (minimum_minor >= 0),
    full_plan_minor  bigint not null,
    duration_days    integer not null constraint duration_is_known check (duration_days between 1 and 60),
    time_zone        text not null default 'UTC',
    state            text not null default 'draft' constraint campaign_state_is_known check (state in (
                         'draft', 'in_review', 'changes_asked', 'scheduled', 'open', 'collecting', 'funded', 'closed',
                         'failed', 'short', 'unwound', 'cancelled', 'suspended', 'unpayable')),
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    submitted_at     timestamptz,
    -- Set when a steward approves: when it opens, and when it then ends.
    opens_at         timestamptz,
    deadline_at      timestamptz,
    -- Set at the deadline, when the decision fell and when the collection window ends.
    decided_at       timestamptz,
    window_ends_at   timestamptz,
    ended_at         timestamptz,
    -- Rises with every save: whoever saves on top of somebody else's change is told.
    version          integer not null default 1,
    -- Serves: search.
    words            tsvector generated always as (to_tsvector('simple', title || ' ' || summary)) stored,
    constraint minimum_is_positive check (state in ('draft', 'changes_asked', 'cancelled') or minimum_minor > 0),
    constraint full_plan_covers_the_minimum check (full_plan_minor >= minimum_minor),
    constraint running_campaign_has_dates check (
        state in ('draft', 'in_review', 'changes_asked', 'cancelled') or (opens_at is not null and deadline_at is not null)),
    constraint deadline_follows_opening check (deadline_at > opens_at)
);
create index campaign_by_project on campaign (project_id);
-- Serves: home, search, the steward's queue.
create index campaign_by_state on campaign (state, deadline_at);
create index campaign_by_words on campaign using gin (words);

create table budget_line (
    campaign_id        uuid not null references campaign,
    budget_line_id     uuid not null,
    position           integer not null,
    kind               text not null constraint budget_kind_is_known check (kind in ('task', 'material', 'infrastructure')),
    title              text not null,
    at_minimum_minor   bigint not null constraint at_minimum_is_not_negative check (at_minimum_minor >= 0),
    at_full_plan_minor bigint not null constraint at_full_plan_is_positive check (at_full_plan_minor > 0),
    primary key (campaign_id, budget_line_id),
    constraint budget_line_grows check (at_full_plan_minor >= at_minimum_minor)
);

create table reward (
    campaign_id   uuid not null references campaign,
    reward_id     uuid not null,
    position      integer not null,
    title         text not null,
    description   text not null,
    price_minor   bigint not null constraint price_is_positive check (price_minor > 0),
    -- First of the estimated month.
    delivery      date not null,
    is_sale       boolean not null default false,
    primary key (campaign_id, reward_id)
);

-- How many of a reward are held or sold. Nothing points at it, so a busy reward stays fast.
create table reward_stock (
    campaign_id   uuid not null,
    reward_id     uuid not null,
    stock_limit   integer constraint stock_limit_is_positive check (stock_limit > 0),
    taken         integer not null default 0 constraint taken_is_not_negative check (taken >= 0),
    primary key (campaign_id, reward_id),
    constraint reward_is_never_oversold check (stock_limit is null or taken <= stock_limit)
) with (fillfactor = 50);

-- What everybody gets, whoever paid.
create table commons_return (
    campaign_id       uuid not null references campaign,
    commons_return_id uuid not null,
    position          integer not null,
    kind              text not null constraint commons_return_kind_is_known
                      check (kind in ('design', 'code', 'manual', 'data', 'service')),
    title             text not null,
    licence           text not null,
    due               date not null,
    place             text not null,
    primary key (campaign_id, commons_return_id)
);

-- What a steward decided about a submitted campaign, in words. An exception from the commons return is public.
create table review (
    campaign_id   uuid not null references campaign,
    review_id     uuid not null,
    steward_id    uuid not null references person,
    decision      text not null constraint review_decision_is_known
                  check (decision in ('approved', 'changes_asked', 'commons_exception')),
    words         text not null,
    created_at    timestamptz not null,
    primary key (campaign_id, review_id)
);

-- The four figures of domain.md, kept incrementally. `own` is what the project's members gave: shown, never counted.
create table campaign_total (
    campaign_id     uuid primary key,
    currency        text not null,
    promised_minor  bigint not null default 0,
    collected_minor bigint not null default 0,
    at_risk_minor   bigint not null default 0,
    lost_minor      bigint not null default 0,
    own_minor       bigint not null default 0,
    own_collected_minor bigint not null default 0,
    backers         integer not null default 0,
    constraint figures_are_not_negative check (
        least(promised_minor, collected_minor, at_risk_minor, lost_minor, own_minor, own_collected_minor, backers) >= 0)
) with (fillfactor = 50);

-- The funding curve: what a day added to what is promised.
create table campaign_day (
    campaign_id    uuid not null,
    day            date not null,
    promised_minor bigint not null default 0,
    backers        integer not null default 0,
    primary key (campaign_id, day)
) with (fillfactor = 50);

-- What a project tells the people who follow or back it.
create table campaign_update (
    campaign_id        uuid not null references campaign,
    update_id          uuid not null,
    author_id          uuid not null references person,
    title              text not null,
    body               text not null,
    -- Made with the form; the same form sent twice makes one update.
    request_key        uuid not null,
    created_at         timestamptz not null,
    primary key (campaign_id, update_id),
    constraint one_update_per_request unique (campaign_id, request_key)
);
-- Serves: the mail of an update, which knows only the update.
create index campaign_update_by_id on campaign_update (update_id);

-- Somebody who asked to be told, without paying.
create table follow (
    campaign_id   uuid not null references campaign,
    email         text not null,
    person_id     uuid,
    created_at    timestamptz not null,
    primary key (campaign_id, email)
);
create index follow_by_person on follow (person_id) where person_id is not null;

grant select, insert, update, delete on campaign, budget_line, reward, reward_stock, commons_return, review,
    campaign_total, campaign_day, campaign_update, follow to felag_app;
