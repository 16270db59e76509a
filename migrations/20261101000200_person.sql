-- People with an account, their sign-ins, and the links we mailed to them.
create table person (
    person_id          uuid primary key,
    -- Lower case; see felag_domain::person::EmailAddress.
    email              text not null constraint one_person_per_email unique,
    display_name       text not null,
    password_hash      text not null,
    email_confirmed_at timestamptz,
    is_steward         boolean not null default false,
    created_at         timestamptz not null
);

-- A browser that is signed in. The cookie holds the token, the row only its SHA-256.
create table sign_in (
    token_hash    bytea primary key,
    person_id     uuid not null references person,
    created_at    timestamptz not null,
    seen_at       timestamptz not null,
    expires_at    timestamptz not null
);
create index sign_in_by_person on sign_in (person_id);

-- A link sent by e-mail: confirms an address, a follow, or lets a password be set anew. Works once.
create table email_link (
    token_hash    bytea primary key,
    purpose       text not null constraint email_link_purpose_is_known
                  check (purpose in ('confirm_email', 'reset_password', 'confirm_follow')),
    email         text not null,
    person_id     uuid references person,
    campaign_id   uuid,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz
);
create index email_link_by_person on email_link (person_id);

grant select, insert, update, delete on person, sign_in, email_link to felag_app;
