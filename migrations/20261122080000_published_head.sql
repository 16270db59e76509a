-- What open books need: heads published day by day, balances at every 500th entry, entries by kind and time.

-- The head of every book that grew since its last row here, once a day. Whoever wrote one down can tell for ever whether
-- the past was changed.
create table published_head (
    book_id       uuid not null references book,
    -- The day of publishing, in UTC.
    day           date not null,
    number        bigint not null,
    hash          bytea not null,
    published_at  timestamptz not null,
    primary key (book_id, day),
    foreign key (book_id, number) references entry
);
-- Serves: the page of heads, newest day first.
create index published_head_by_day on published_head (day, book_id);

-- The balances of a book after every 500th entry (ledger/marks.rs): what stood on the accounts after any entry is read
-- from the mark below it and fewer than 500 entries, however long the book is.
create table book_mark (
    book_id       uuid not null,
    number        bigint not null,
    account       text not null,
    currency      text not null,
    balance_minor bigint not null,
    primary key (book_id, number, account, currency),
    foreign key (book_id, number) references entry
);

create trigger published_head_is_append_only before update or delete on published_head
    for each row execute function refuse_change();
create trigger book_mark_is_append_only before update or delete on book_mark
    for each row execute function refuse_change();

-- Serves: a public book's entries of one kind, or of some days.
create index entry_by_kind_and_time on entry (book_id, kind, at, number);

-- Marks of the books there are. Liabilities and income grow by credits, everything else by debits.
insert into book_mark (book_id, number, account, currency, balance_minor)
with side as (
    select book_id, number, debit as account, currency, amount_minor as minor from movement
    union all
    select book_id, number, credit, currency, -amount_minor from movement
), bucket as (
    select book_id, (number + 499) / 500 * 500 as mark, account, currency,
           sum(case when account in ('held', 'payable', 'tax', 'platform:tips', 'platform:fees') then -minor else minor end)
               as change
    from side group by 1, 2, 3, 4
), grid as (
    select marks.book_id, marks.mark, accounts.account, accounts.currency
    from (select distinct bucket.book_id, mark from bucket join book_head using (book_id) where mark <= book_head.number)
             as marks
    join (select distinct book_id, account, currency from bucket) as accounts using (book_id)
)
select book_id, mark, account, currency, balance::bigint
from (select grid.*, sum(coalesce(change, 0)) over (partition by book_id, account, currency order by mark) as balance
      from grid left join bucket using (book_id, mark, account, currency)) as summed
where balance <> 0;

grant select, insert on published_head, book_mark to felag_app;
