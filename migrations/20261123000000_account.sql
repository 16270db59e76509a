-- Some accounts are kept for each share of a loan: `lender:<share>`, `claim:<share>`. What sums over a book puts them
-- together under their code.
create function account_code(account text) returns text immutable parallel safe language sql as $$
    select case when split_part(account, ':', 1) in ('lender', 'claim') then split_part(account, ':', 1) else account end
$$;
