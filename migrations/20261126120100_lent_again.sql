-- A commitment may be paid from what its lender keeps here, instead of by a card.
alter table commitment add column from_kept boolean not null default false;
alter table commitment drop constraint made_commitment_has_a_card;
alter table commitment add constraint made_commitment_has_a_card check (
    state in ('draft', 'expired', 'revoked', 'released')
    or ((payment_method_ref is not null or from_kept) and card_saved_at is not null and revocable_until is not null));
alter table commitment drop constraint active_commitment_has_a_charge;
alter table commitment add constraint active_commitment_has_a_charge check (
    (state in ('active', 'refunded', 'repaid', 'partly_lost'))
    <= (paid_at is not null and (charge_ref is not null or from_kept)));

-- What was taken of a share to be lent again: from which share of which loan, and to which commitment of which other.
create table lent_again (
    campaign_id          uuid not null references loan,
    commitment_id        uuid not null,
    to_campaign_id       uuid not null references loan,
    to_commitment_id     uuid not null,
    amount_minor         bigint not null constraint lent_again_is_positive check (amount_minor > 0),
    currency             text not null,
    lent_at              timestamptz not null,
    -- The loan did not come about after all: it stands on the share again.
    returned_at          timestamptz,
    primary key (to_campaign_id, to_commitment_id, campaign_id, commitment_id),
    constraint what_is_lent_again_changes_its_loan check (campaign_id <> to_campaign_id)
);
create index lent_again_by_share on lent_again (campaign_id, commitment_id, lent_at);

-- What of a share's credits its lender lent again: neither sent nor kept.
alter table loan_share add column lent_again_minor bigint not null default 0;
alter table loan_share add constraint what_is_lent_again_is_not_negative check (lent_again_minor >= 0);

grant select, insert, update on lent_again to felag_app;
