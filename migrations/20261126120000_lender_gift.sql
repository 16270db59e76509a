-- Where the operator may hold balances, a lender may have what comes back kept instead of sent on. Who is not in this
-- table is sent it.
create table lender_keeping (
    person_id            uuid primary key references person,
    since                timestamptz not null
);

-- What a lender gave to the project of what came back to them: it never left the campaign's book.
create table lender_gift (
    campaign_id          uuid not null references loan,
    lender_gift_id       uuid not null,
    commitment_id        uuid not null,
    person_id            uuid not null references person,
    amount_minor         bigint not null constraint lender_gift_is_positive check (amount_minor > 0),
    currency             text not null,
    request_key          uuid not null,
    created_at           timestamptz not null,
    -- The campaign came to nothing after all: it is the lender's again.
    returned_at          timestamptz,
    primary key (campaign_id, lender_gift_id),
    constraint one_lender_gift_per_request unique (campaign_id, request_key)
);
create index lender_gift_by_share on lender_gift (campaign_id, commitment_id, created_at);

-- What of a share's credits its lender gave: neither sent nor kept.
alter table loan_share add column given_minor bigint not null default 0;
alter table loan_share add constraint what_is_given_is_not_negative check (given_minor >= 0);

grant select, insert, delete on lender_keeping to felag_app;
grant select, insert, update on lender_gift to felag_app;
