-- A payout that the bank sends back takes the loan's schedule away again.
grant delete on instalment, loan_share, loan_running to felag_app;
