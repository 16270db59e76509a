//! The books balance, whatever becomes of a loan.

use proptest::prelude::*;
use time::macros::datetime;

use super::*;
use crate::{ledger::AccountCode, money::Currency, repaying::split};

const AT: OffsetDateTime = datetime!(2027-03-01 12:00 UTC);
const BOOK: BookId = BookId::from_uuid(Uuid::from_u128(1));

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn id(n: usize) -> CommitmentId {
    CommitmentId::from_uuid(Uuid::from_u128(100 + n as u128))
}

fn balances(entries: &[NewEntry]) -> BTreeMap<Account, i64> {
    let mut balances = BTreeMap::new();
    for (code, change) in entries.iter().flat_map(|entry| entry.balance_changes().unwrap()) {
        *balances.entry(code).or_default() += change.minor();
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

fn of(balances: &BTreeMap<Account, i64>, code: AccountCode) -> i64 {
    let found = balances.iter().filter(|(account, _)| account.code() == code);
    found.map(|(_, balance)| *balance).sum()
}

fn portions(principal: &[i64], interest: &[i64]) -> Vec<Portion> {
    let both = principal.iter().zip(interest).enumerate();
    both.map(|(n, (principal, interest))| Portion {
        share: id(n),
        principal: eur(*principal),
        interest: eur(*interest),
    })
    .collect()
}

#[test]
fn a_loan_that_is_paid_back_leaves_no_debt_and_the_money_with_its_lenders() {
    let entries = [
        loan_begun(BOOK, "agreement", &[(id(0), eur(600)), (id(1), eur(400))], AT).unwrap(),
        repayment_received(BOOK, "ch_1", eur(1060), eur(20), AT).unwrap(),
        repayment_credited(
            BOOK,
            Uuid::from_u128(7),
            (eur(0), eur(10)),
            &portions(&[600, 400], &[30, 20]),
            &BTreeMap::new(),
            false,
            AT,
        )
        .unwrap(),
        lender_sending(BOOK, Uuid::from_u128(8), id(0), eur(630), AT).unwrap(),
        lender_sent(BOOK, "tr_1", eur(630), AT).unwrap(),
    ];
    let after = balances(&entries);
    assert_eq!(of(&after, Debt) + of(&after, Claim), 0);
    assert_eq!((of(&after, Debt), of(&after, Pending)), (0, 0));
    assert_eq!((of(&after, Lender), of(&after, InTransit)), (420, 0));
    assert_eq!(of(&after, Provider), 1060 - 20 - 630);
}

#[test]
fn what_is_given_up_is_no_claim_and_a_recovery_makes_the_loss_smaller() {
    let entries = [
        loan_begun(BOOK, "agreement", &[(id(0), eur(600)), (id(1), eur(400))], AT).unwrap(),
        loan_written_off(BOOK, &[(id(0), eur(600)), (id(1), eur(400))], AT).unwrap(),
        repayment_received(BOOK, "ch_2", eur(100), eur(0), AT).unwrap(),
        repayment_credited(
            BOOK,
            Uuid::from_u128(7),
            (eur(0), eur(0)),
            &portions(&[60, 40], &[0, 0]),
            &BTreeMap::new(),
            true,
            AT,
        )
        .unwrap(),
    ];
    let after = balances(&entries);
    assert_eq!((of(&after, Claim), of(&after, Debt)), (0, 900));
    assert_eq!(of(&after, Debt) + of(&after, Claim) + of(&after, WrittenOff), 0);
}

proptest! {
    #[test]
    fn a_repayment_that_comes_back_takes_no_lender_below_zero_and_the_books_balance(
        shares in prop::collection::vec(1_i64..10_000, 1..12),
        paid in 1_i64..5_000,
        sent in prop::collection::vec(0_i64..2, 12),
    ) {
        let whole: i64 = shares.iter().sum();
        let principal = paid.min(whole);
        let parts = portions(&split(&shares, &vec![0; shares.len()], principal),
                             &split(&shares, &vec![0; shares.len()], 7));
        let begun: Vec<_> = shares.iter().enumerate().map(|(n, share)| (id(n), eur(*share))).collect();
        let mut entries = vec![
            loan_begun(BOOK, "agreement", &begun, AT).unwrap(),
            repayment_received(BOOK, "ch_1", eur(principal + 7), eur(0), AT).unwrap(),
            repayment_credited(BOOK, Uuid::from_u128(7), (eur(0), eur(0)), &parts, &BTreeMap::new(), false, AT).unwrap(),
        ];
        for (n, part) in parts.iter().enumerate() {
            let has = part.principal.minor() + part.interest.minor();
            if sent[n] == 1 && has > 0 {
                let transfer = format!("tr_{n}");
                entries.push(lender_sending(BOOK, Uuid::from_u128(n as u128), id(n), eur(has), AT).unwrap());
                entries.push(lender_sent(BOOK, &transfer, eur(has), AT).unwrap());
            }
        }
        let standing = balances(&entries);
        let back: Vec<_> = parts.iter().map(|part| {
            let unpaid = standing.get(&lender(part.share)).copied().unwrap_or(0);
            undone(*part, eur(unpaid)).unwrap()
        }).collect();
        entries.push(repayment_returned(BOOK, Uuid::from_u128(7), &back, eur(0), false, AT).unwrap());
        let after = balances(&entries);
        prop_assert_eq!(of(&after, Lender), 0);
        let fronted: i64 = back.iter().map(|one| one.fronted.minor()).sum();
        prop_assert_eq!(of(&after, Receivable), fronted);
        prop_assert_eq!(of(&after, Provider), -fronted);
        prop_assert_eq!(of(&after, Debt) + of(&after, Claim), 0);
    }
}
