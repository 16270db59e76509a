-- The documents of a loan as they were made, version by version: what was signed is kept byte for byte, whatever a later
-- Felag would write.
create table loan_paper (
    campaign_id   uuid not null references loan,
    version       integer not null,
    kind          text not null constraint paper_kind_is_known check (kind in ('sheet', 'agreement')),
    content       bytea not null,
    -- SHA-256 of the content.
    hash          bytea not null constraint paper_hash_is_a_sha256 check (octet_length(hash) = 32),
    made_at       timestamptz not null,
    primary key (campaign_id, version, kind),
    foreign key (campaign_id, version) references loan_sheet
);
grant select, insert on loan_paper to felag_app;
