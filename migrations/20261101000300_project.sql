-- An open project: its page, its people, and who answers for its money.
create table project (
    project_id        uuid primary key,
    slug              text not null constraint one_project_per_slug unique,
    name              text not null,
    summary           text not null default '',
    story             text not null default '',
    place             text not null default '',
    homepage          text,
    repository        text,
    -- SPDX expressions, as shown under "Licences".
    licences          text[] not null default '{}',
    -- The legal holder: who answers for the money. Receipts show it. Null until given, all at once.
    holder_name       text,
    holder_form       text,
    holder_country    text,
    holder_address    text,
    holder_register   text,
    holder_tax_number text,
    holder_signatory  text,
    reply_to          text not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    -- Rises with every save: whoever saves on top of somebody else's change is told.
    version           integer not null default 1,
    -- Serves: search.
    words             tsvector generated always as (to_tsvector('simple', name || ' ' || summary)) stored,
    constraint holder_is_whole check (
        num_nulls(holder_name, holder_form, holder_country, holder_address, holder_signatory) in (0, 5)
    )
);
create index project_by_words on project using gin (words);

create table member (
    project_id    uuid not null references project,
    person_id     uuid not null references person,
    role          text not null constraint role_is_known check (role in ('owner', 'editor', 'treasurer')),
    created_at    timestamptz not null,
    primary key (project_id, person_id, role)
);
create index member_by_person on member (person_id);

grant select, insert, update, delete on project, member to felag_app;
