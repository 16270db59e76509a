-- A payout that the bank sends back takes the loan's schedule away again.
grant delete on instalment, loan_share, loan_running to felag_app;
-- When that happened last: the days in which it must be paid out begin anew.
alter table loan add column came_back_at timestamptz;
