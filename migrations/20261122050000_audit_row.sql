-- Who did what to money or trust, when and why. Rows are written and never changed: not even by the application's
-- own role, as in the ledger.
create table audit_row (
    audit_id      uuid primary key,
    at            timestamptz not null,
    -- Null: the platform itself.
    actor_id      uuid constraint audit_row_actor_is_a_person references person,
    -- A dotted noun and verb, such as payout.approved.
    kind          text not null constraint audit_row_kind_is_dotted check (kind ~ '^[a-z_]+\.[a-z_]+$'),
    project_id    uuid,
    campaign_id   uuid,
    -- What it was done to, in words or as an id.
    subject       text not null,
    reason        text not null,
    detail        jsonb not null,
    -- It was asked for and refused: nothing else changed.
    refused       boolean not null,
    recorded_at   timestamptz not null default now()
);
-- Serve: a project's page, and the stewards' one, newest first; ids follow the clock.
create index audit_row_of_project on audit_row (project_id, audit_id desc) where project_id is not null;
create index audit_row_by_kind on audit_row (kind, audit_id desc);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;
create trigger audit_row_is_append_only before update or delete on audit_row
    for each row execute function refuse_audit_change();

grant select, insert on audit_row to felag_app;
