-- A lender's bank may take back a part of their charge for good. The share stays its lender's; what comes in for it makes
-- up for that part first.

alter table loan_share
    add column bank_minor bigint not null default 0,
    add constraint what_a_bank_gave_back_is_a_part_of_a_share check (bank_minor between 0 and share_minor),
    add constraint a_share_is_taken_over_or_a_part_of_it_is_made_up_for check (taken_over_at is null or bank_minor = 0);
