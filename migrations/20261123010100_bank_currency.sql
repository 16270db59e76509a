-- In which currencies the provider can pay a project out: those of its bank accounts.
alter table payout_account add column bank_currencies text[] not null default '{}';
