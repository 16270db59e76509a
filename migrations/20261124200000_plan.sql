-- The day from which a new plan counts: interest of its first period begins with it.
alter table loan_running add column plan_begun_on date;

-- How a vote about a new plan ended: lenders and what was outstanding of their shares, those who agreed, those who did
-- not, and everybody who might have voted.
alter table plan_proposal
    add column agree_lenders integer,
    add column agree_minor bigint,
    add column against_lenders integer,
    add column against_minor bigint,
    add column lenders integer,
    add constraint decided_proposal_was_counted check (
        (decided_at is null) = (state = 'open')
        and (decided_at is null) = (agree_lenders is null) and (decided_at is null) = (agree_minor is null)
        and (decided_at is null) = (against_lenders is null) and (decided_at is null) = (against_minor is null)
        and (decided_at is null) = (lenders is null));
