-- A bank gives back what the project had made up for meanwhile: a repayment that nobody was asked for.
alter table repayment drop constraint repayment_way_is_known;
alter table repayment add constraint repayment_way_is_known check (way in (
    'debit', 'pay_now', 'recovery', 'given_back'));
