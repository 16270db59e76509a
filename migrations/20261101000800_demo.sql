-- Whether the demo data was played to the end. A row without an end stands over half a demo, which the next start
-- with --demo wipes and plays anew.
create table demo (
    one           boolean primary key default true constraint demo_is_one_row check (one),
    started_at    timestamptz not null,
    finished_at   timestamptz
);

grant select, insert, update on demo to felag_app;
