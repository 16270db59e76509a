-- What a project pays beyond what it owes on its loan goes back to it.
alter table refund add column of_repayment boolean not null default false;
alter table refund drop constraint refund_why_is_known;
alter table refund add constraint refund_why_is_known check (why in (
    'late_payment', 'project', 'steward', 'cancelled', 'unwound', 'taken_back', 'overpaid'));
