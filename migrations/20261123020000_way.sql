-- How a campaign takes gifts: charged only if the minimum is promised by the deadline, or at once and kept whatever comes.
alter table campaign add column way text not null default 'all_or_nothing'
    constraint way_is_known check (way in ('all_or_nothing', 'keep_what_comes'));
