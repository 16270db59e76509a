-- How campaigns end when money is involved: the published rule of a short one, take-backs, suspension, a lost payout
-- account.
alter table campaign add column go_on_percent smallint
    constraint go_on_percent_is_known check (go_on_percent between 50 and 99);
-- Short and going on: until when backers may take their money back, and what must still be there then.
alter table campaign add column go_on_until timestamptz;
alter table campaign add column go_on_floor_minor bigint;
alter table campaign add constraint going_on_has_a_floor check ((go_on_until is null) = (go_on_floor_minor is null));
-- Where a suspended campaign goes back to, and since when it waits.
alter table campaign add column suspended_from text
    constraint suspended_from_is_known check (suspended_from in ('open', 'collecting'));
alter table campaign add column suspended_at timestamptz;
alter table campaign add constraint suspended_campaign_came_from_somewhere check (
    state <> 'suspended' or (suspended_from is not null and suspended_at is not null));
alter table campaign add column unpayable_at timestamptz;
alter table campaign add constraint unpayable_campaign_has_a_time check (state <> 'unpayable' or unpayable_at is not null);
