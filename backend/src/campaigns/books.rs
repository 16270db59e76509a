//! Entries of a campaign's public book in words. Names are not in the ledger; `books` puts those that
//! people chose to show beside the lines.

use felag_domain::ledger::{Account, AccountCode, EntryKind};
use felag_frontend::Lang;
use felag_frontend::campaigns::{BookLine, Flow};

use crate::ledger::Shown;

/// How many digits of a hash a line shows.
const DIGITS: usize = 12;
/// How many of a share's id.
const SHARE_DIGITS: usize = 8;

/// An entry as a line of a page, without a name.
pub fn line(lang: Lang, entry: &Shown) -> BookLine {
    let (text, flow) = words(lang, entry.kind, Some(entry.debit));
    BookLine {
        at: entry.at,
        number: u64::try_from(entry.number).unwrap_or(0),
        text: text.to_string(),
        who: None,
        amount: entry.amount,
        cost: entry.cost,
        flow,
        hash: entry.hash.to_string().chars().take(DIGITS).collect(),
        after: Vec::new(),
    }
}

/// What an entry is, and which way its money went. `debit` is the debited account of its first movement, where one
/// kind has two names; without it, the kind itself is named.
pub fn words(lang: Lang, kind: EntryKind, debit: Option<AccountCode>) -> (&'static str, Flow) {
    match kind {
        EntryKind::CardSaved => (lang.t("entry-card-saved"), Flow::Noted),
        // The promise's own side is debited when it grows.
        EntryKind::PledgeChanged => match debit {
            None => (lang.t("entry-promise-changed"), Flow::Noted),
            Some(AccountCode::Promise) => (lang.t("entry-promise-raised"), Flow::Noted),
            Some(_) => (lang.t("entry-promise-lowered"), Flow::Noted),
        },
        EntryKind::PledgeEnded => (lang.t("entry-pledge-ended"), Flow::Noted),
        EntryKind::Charge => (lang.t("entry-charge"), Flow::In),
        EntryKind::LoanCharge => (lang.t("entry-loan-charge"), Flow::In),
        EntryKind::Refund => (lang.t("entry-refund"), Flow::Out),
        EntryKind::PayoutApproved => (lang.t("entry-payout-approved"), Flow::Noted),
        EntryKind::PayoutRepaid => (lang.t("entry-payout-repaid"), Flow::Noted),
        EntryKind::PayoutSending => (lang.t("entry-payout-sending"), Flow::Noted),
        EntryKind::PayoutSent => (lang.t("entry-payout-sent"), Flow::Out),
        EntryKind::PayoutWithdrawn => (lang.t("entry-payout-withdrawn"), Flow::Noted),
        EntryKind::PayoutRefused => (lang.t("entry-payout-refused"), Flow::Noted),
        EntryKind::PayoutReturned => (lang.t("entry-payout-returned"), Flow::In),
        // The money is still there: it leaves with the entry above.
        EntryKind::RefundAsked => (lang.t("entry-refund-asked"), Flow::Noted),
        // It came back to the account, if it had left it.
        EntryKind::RefundFailed if debit == Some(AccountCode::Provider) => {
            (lang.t("entry-refund-failed"), Flow::In)
        }
        EntryKind::RefundFailed => (lang.t("entry-refund-failed"), Flow::Noted),
        EntryKind::DisputeOpened => (lang.t("entry-dispute-opened"), Flow::Out),
        EntryKind::DisputeWon => (lang.t("entry-dispute-won"), Flow::In),
        EntryKind::LoanBegun => (lang.t("entry-loan-begun"), Flow::Noted),
        EntryKind::ShareTakenOver => (lang.t("entry-share-taken-over"), Flow::Noted),
        EntryKind::ShareGivenBack => (lang.t("entry-share-given-back"), Flow::Noted),
        EntryKind::LoanUnbegun => (lang.t("entry-loan-unbegun"), Flow::Noted),
        EntryKind::RepaymentReceived => (lang.t("entry-repayment-received"), Flow::In),
        EntryKind::RepaymentCredited => (lang.t("entry-repayment-credited"), Flow::Noted),
        EntryKind::RepaymentReturned => (lang.t("entry-repayment-returned"), Flow::Out),
        EntryKind::LenderSending => (lang.t("entry-lender-sending"), Flow::Noted),
        EntryKind::LenderSent => (lang.t("entry-lender-sent"), Flow::Out),
        EntryKind::LenderReturned if debit == Some(AccountCode::Provider) => {
            (lang.t("entry-lender-returned"), Flow::In)
        }
        EntryKind::LenderReturned => (lang.t("entry-lender-returned"), Flow::Noted),
        // The money was there all along: it is another's now.
        EntryKind::LenderGave => (lang.t("entry-lender-gave"), Flow::Noted),
        EntryKind::LenderLentAgain => (lang.t("entry-lender-lent-again"), Flow::Noted),
        EntryKind::LenderHasAgain => (lang.t("entry-lender-has-again"), Flow::Noted),
        EntryKind::LoanFromKept => (lang.t("entry-loan-from-kept"), Flow::Noted),
        EntryKind::LoanToKept => (lang.t("entry-loan-to-kept"), Flow::Noted),
        EntryKind::LenderGiftReturned => (lang.t("entry-lender-gift-returned"), Flow::Noted),
        EntryKind::LoanWrittenOff => (lang.t("entry-loan-written-off"), Flow::Noted),
        // The money left with the payout; this says what became of it.
        EntryKind::ExpenseVouched => (lang.t("entry-expense-vouched"), Flow::Noted),
        EntryKind::ExpenseWithdrawn => (lang.t("entry-expense-withdrawn"), Flow::Noted),
    }
}

/// An account by the name people read; that of a single share with the last digits of the share's id.
pub fn one_account(lang: Lang, account: Account) -> String {
    let name = self::account(lang, account.code());
    let Some(share) = account.share() else {
        return name.to_string();
    };
    let id = share.simple().to_string();
    let short = id.get(id.len() - SHARE_DIGITS..).unwrap_or_default().to_string();
    lang.t_with(
        "account-of-share",
        [("account", name.into()), ("share", short.into())],
    )
}

/// The accounts of one code, by the name people read.
pub fn account(lang: Lang, code: AccountCode) -> &'static str {
    match code {
        AccountCode::Provider => lang.t("account-provider"),
        AccountCode::Promise => lang.t("account-promise"),
        AccountCode::Promised => lang.t("account-promised"),
        AccountCode::Held => lang.t("account-held"),
        AccountCode::PlatformTips => lang.t("account-tips"),
        AccountCode::PlatformFees => lang.t("account-fees"),
        AccountCode::PlatformProviderCosts => lang.t("account-costs"),
        AccountCode::Tax => lang.t("account-tax"),
        AccountCode::Payable => lang.t("account-payable"),
        AccountCode::Receivable => lang.t("account-receivable"),
        AccountCode::Between => lang.t("account-between"),
        AccountCode::InTransit => lang.t("account-in-transit"),
        AccountCode::InTransitRefund => lang.t("account-in-transit-refund"),
        AccountCode::HeldLoan => lang.t("account-held-loan"),
        AccountCode::Pending => lang.t("account-pending"),
        AccountCode::Lender => lang.t("account-lender"),
        AccountCode::Debt => lang.t("account-debt"),
        AccountCode::Claim => lang.t("account-claim"),
        AccountCode::WrittenOff => lang.t("account-written-off"),
        AccountCode::Spent => lang.t("account-spent"),
        AccountCode::Vouched => lang.t("account-vouched"),
    }
}

#[cfg(test)]
mod tests {
    use felag_domain::ledger::Hash;
    use felag_domain::money::{Currency, Money};
    use time::macros::datetime;

    use super::*;

    fn shown(kind: EntryKind, debit: AccountCode) -> Shown {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        Shown {
            number: 7,
            hash: Hash::from_bytes([0xab; 32]),
            at: datetime!(2026-11-22 12:00 UTC),
            kind,
            cause_id: "cause".into(),
            amount: eur(3000),
            debit,
            cost: (kind == EntryKind::Charge).then(|| eur(70)),
        }
    }

    #[test]
    fn each_kind_of_entry_has_its_words_and_says_whether_money_moved() {
        use AccountCode::{Held, InTransit, InTransitRefund, Promise, Promised, Provider};
        let said = [
            (EntryKind::CardSaved, Promise, "Gift promised", Flow::Noted),
            (EntryKind::PledgeChanged, Promise, "Promise raised", Flow::Noted),
            (EntryKind::PledgeChanged, Promised, "Promise lowered", Flow::Noted),
            (
                EntryKind::PledgeEnded,
                Promised,
                "Promise ended, not charged",
                Flow::Noted,
            ),
            (EntryKind::Charge, Provider, "Gift collected", Flow::In),
            (EntryKind::PayoutApproved, Held, "Payout approved", Flow::Noted),
            (
                EntryKind::PayoutSent,
                InTransit,
                "Payout sent to the project",
                Flow::Out,
            ),
            (EntryKind::PayoutReturned, Provider, "Payout came back", Flow::In),
            (EntryKind::RefundAsked, Held, "To be paid back", Flow::Noted),
            (EntryKind::Refund, InTransitRefund, "Paid back", Flow::Out),
            (
                EntryKind::RefundFailed,
                Provider,
                "Paid back and returned",
                Flow::In,
            ),
            (
                EntryKind::RefundFailed,
                InTransitRefund,
                "Paid back and returned",
                Flow::Noted,
            ),
            (EntryKind::DisputeOpened, Held, "Taken back by a bank", Flow::Out),
            (EntryKind::DisputeWon, Provider, "Given back by a bank", Flow::In),
        ];
        for (kind, debit, words, flow) in said {
            let line = line(Lang::En, &shown(kind, debit));
            assert_eq!((line.text.as_str(), line.flow), (words, flow), "{kind}");
            assert_eq!(line.hash, "abababababab");
        }
    }

    #[test]
    fn what_the_provider_kept_stands_with_the_charge() {
        let charge = line(Lang::En, &shown(EntryKind::Charge, AccountCode::Provider));
        assert_eq!(charge.cost.map(Money::minor), Some(70));
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = EntryKind::ALL
            .iter()
            .map(|kind| words(Lang::En, *kind, None).0)
            .collect();
        assert_eq!(names.len(), EntryKind::ALL.len());
    }

    #[test]
    fn every_account_has_a_name() {
        let names: std::collections::BTreeSet<_> = AccountCode::ALL
            .iter()
            .map(|code| account(Lang::En, *code))
            .collect();
        assert_eq!(names.len(), AccountCode::ALL.len());
    }
}
