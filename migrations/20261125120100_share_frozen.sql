-- A lender's bank asks their charge back after the loan was paid out: the share is frozen, and taken over by whoever
-- bore the loss once the bank has decided.
alter table loan_share add column frozen_at timestamptz;
alter table loan_share add column taken_over_at timestamptz;
-- What of the project's receivable comes back by the instalments of this share: not owed at once.
alter table loan_share add column fronted_minor bigint not null default 0;
-- What of the share's credits went to whoever bore the loss: off the receivable, and beyond it to the platform.
alter table loan_share add column taken_receivable_minor bigint not null default 0;
alter table loan_share add column taken_fees_minor bigint not null default 0;
alter table loan_share add constraint what_is_taken_over_is_not_negative check (
    least(fronted_minor, taken_receivable_minor, taken_fees_minor) >= 0);
alter table loan_share add constraint only_a_frozen_share_is_taken_over check (
    taken_over_at is null or frozen_at is not null);
