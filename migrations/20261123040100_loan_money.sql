-- What was lent stands on an account of its own: what goes back of it, and what is paid out, says so.
alter table refund add column of_loan boolean not null default false;
alter table dispute add column of_loan boolean not null default false;
alter table payout add column source text not null default 'gifts'
    constraint payout_source_is_known check (source in ('gifts', 'loan'));
alter table payout alter column source drop default;
