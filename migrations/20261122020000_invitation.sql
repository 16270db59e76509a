-- Somebody asked into a project by e-mail. The link holds 128 random bits, the row only their SHA-256; it works
-- once, for 7 days, for whoever proves to read that mailbox.
create table invitation (
    project_id    uuid not null references project,
    invitation_id uuid not null,
    email         text not null,
    role          text not null constraint invitation_role_is_known check (role in ('owner', 'editor', 'treasurer')),
    token_hash    bytea not null constraint one_invitation_per_token unique,
    invited_by    uuid not null references person,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    accepted_at   timestamptz,
    accepted_by   uuid references person,
    revoked_at    timestamptz,
    primary key (project_id, invitation_id),
    constraint invitation_ends_once check (num_nonnulls(accepted_at, revoked_at) <= 1),
    constraint invitation_is_accepted_by_somebody check ((accepted_at is null) = (accepted_by is null))
);
-- Asking the same person in again ends the link sent before.
create unique index one_open_invitation_per_place on invitation (project_id, email, role)
    where accepted_at is null and revoked_at is null;
-- Serves: removing an account that hangs on nothing.
create index invitation_by_people on invitation (invited_by);

grant select, insert, update, delete on invitation to felag_app;
