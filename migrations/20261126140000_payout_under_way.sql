-- A bank may send a payout back after the next one was asked for. What is on its way back asks for nothing: it is no
-- second payout under way, and its news must not be refused.
drop index one_payout_under_way;
create unique index one_payout_under_way on payout (campaign_id)
    where state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way');
