//! The double-entry ledger: accounts, movements, entries, and what an entry's hash is taken of.
//!
//! A movement takes an amount above zero from one account (credit) to another (debit), so what does
//! not balance cannot be written. Entries stand in books; account codes here are per book.

mod account;
mod canonical;
mod chain;
mod kind;

use time::{OffsetDateTime, UtcOffset};

pub use account::Account;
pub use canonical::{Hash, InvalidHash, canonical, hash};
pub use chain::{BadEntry, BadReason, ChainCheck, StoredEntry, verify_chain};
pub use kind::EntryKind;

use crate::{ids::BookId, money::Money, named::named};

named! {
    /// An account of a book.
    pub enum AccountCode {
        /// This book's part of the money at the payment provider.
        Provider => "provider",
        /// What backers promised; with `Promised` it nets to zero.
        Promise => "promise",
        /// The other side of `Promise`.
        Promised => "promised",
        /// Collected, not yet paid out.
        Held => "held",
        /// Given to the platform by backers.
        PlatformTips => "platform:tips",
        /// The platform's fees.
        PlatformFees => "platform:fees",
        /// What the payment provider kept.
        PlatformProviderCosts => "platform:provider-costs",
        /// Tax within the platform's fees, owed to the country of the fee schedule.
        Tax => "tax",
        /// Approved for payout, not yet sent.
        Payable => "payable",
        /// What the project owes back.
        Receivable => "receivable",
        /// On its way between books: sums to zero over all of them.
        Between => "between",
        /// On its way at the provider.
        InTransit => "in-transit",
        /// On its way back to backers: it left the campaign and has not left the provider.
        InTransitRefund => "in-transit:refund",
        /// Lent and collected, not yet paid out.
        HeldLoan => "held:loan",
        /// A repayment that may still come back.
        Pending => "pending",
        /// Repaid, on its way to the lender. One for each share of the loan.
        Lender => "lender",
        /// What the project owes its lenders; with `Claim` and `WrittenOff` it nets to zero.
        Debt => "debt",
        /// What is owed to a share of the loan. One for each share.
        Claim => "claim",
        /// What was given up.
        WrittenOff => "written-off",
        /// What the project spent; with `Vouched` it nets to zero.
        Spent => "spent",
        /// The other side of `Spent`: what vouchers prove.
        Vouched => "vouched",
    }
}

/// What an account is, which says on which side its balance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// Something the book has.
    Asset,
    /// Something the book owes.
    Liability,
    /// What the platform earned.
    Income,
    /// What it cost.
    Expense,
    /// One of a pair beside the money: promises.
    Memo,
    /// On its way; sums to zero over all books.
    Clearing,
}

impl AccountCode {
    /// What the account is.
    #[must_use]
    pub const fn kind(self) -> AccountKind {
        match self {
            Self::Provider | Self::Receivable => AccountKind::Asset,
            Self::Held | Self::HeldLoan | Self::Payable | Self::Tax => AccountKind::Liability,
            Self::Pending | Self::Lender => AccountKind::Liability,
            Self::PlatformTips | Self::PlatformFees => AccountKind::Income,
            Self::PlatformProviderCosts => AccountKind::Expense,
            Self::Promise | Self::Promised => AccountKind::Memo,
            Self::Debt | Self::Claim | Self::WrittenOff => AccountKind::Memo,
            Self::Spent | Self::Vouched => AccountKind::Memo,
            Self::Between | Self::InTransit | Self::InTransitRefund => AccountKind::Clearing,
        }
    }

    /// Whether a book has one such account for each share of its loan.
    #[must_use]
    pub const fn is_per_share(self) -> bool {
        match self {
            Self::Lender | Self::Claim => true,
            Self::Provider | Self::Receivable | Self::Held | Self::HeldLoan | Self::Payable | Self::Tax => {
                false
            }
            Self::PlatformTips | Self::PlatformFees | Self::PlatformProviderCosts => false,
            Self::Promise | Self::Promised | Self::Debt | Self::WrittenOff | Self::Pending => false,
            Self::Spent | Self::Vouched => false,
            Self::Between | Self::InTransit | Self::InTransitRefund => false,
        }
    }
}

/// A side of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where the amount goes.
    Debit,
    /// Where it comes from.
    Credit,
}

/// What `amount` on `side` changes the stored balance of `code` by, in minor units.
///
/// Balances are stored positive in the account's usual direction: assets, expenses, memo and
/// clearing accounts grow by debits, liabilities and income by credits. So `promised`, the credit
/// side of its pair, stands below zero by as much as `promise` stands above.
#[must_use]
pub const fn balance_change(code: AccountCode, side: Side, amount: Money) -> i64 {
    // Negating cannot overflow: a movement's amount is above zero.
    match (code.kind(), side) {
        (
            AccountKind::Asset | AccountKind::Expense | AccountKind::Memo | AccountKind::Clearing,
            Side::Debit,
        )
        | (AccountKind::Liability | AccountKind::Income, Side::Credit) => amount.minor(),
        (
            AccountKind::Asset | AccountKind::Expense | AccountKind::Memo | AccountKind::Clearing,
            Side::Credit,
        )
        | (AccountKind::Liability | AccountKind::Income, Side::Debit) => amount.minor().wrapping_neg(),
    }
}

/// Whether the balance of `code` may stand below zero. Nobody is owed less than nothing.
#[must_use]
pub const fn may_go_negative(code: AccountCode) -> bool {
    match code.kind() {
        AccountKind::Liability => false,
        AccountKind::Asset | AccountKind::Income | AccountKind::Expense => true,
        AccountKind::Memo | AccountKind::Clearing => true,
    }
}

/// An amount taken from one account to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    debit: Account,
    credit: Account,
    amount: Money,
}

/// Why a movement or an entry cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The amount is zero or less.
    #[error("a movement takes an amount above zero, not {0}")]
    NotPositive(Money),
    /// From an account to itself.
    #[error("a movement from {0} to itself moves nothing")]
    SameAccount(Account),
    /// An account of a share without the share, or a share where there is none.
    #[error("{0} does not say which account it is")]
    WhichAccount(Account),
    /// Promises are not money.
    #[error("{debit} and {credit}: a memo account moves against its own kind only")]
    MemoAgainstMoney {
        /// The debited account.
        debit: Account,
        /// The credited account.
        credit: Account,
    },
    /// An entry without a movement.
    #[error("an entry has at least one movement")]
    Empty,
    /// The cause is empty, longer than 255 bytes, or has blanks or unprintable characters.
    #[error("the id of the cause is not one printable word")]
    Cause,
    /// Amounts of an event that do not belong together.
    #[error(transparent)]
    Money(#[from] crate::money::MoneyError),
}

impl Movement {
    /// Takes `amount` from `credit` to `debit`.
    ///
    /// # Errors
    /// [`EntryError::NotPositive`], [`EntryError::SameAccount`], [`EntryError::WhichAccount`],
    /// [`EntryError::MemoAgainstMoney`].
    pub fn new(
        debit: impl Into<Account>,
        credit: impl Into<Account>,
        amount: Money,
    ) -> Result<Self, EntryError> {
        let (debit, credit) = (debit.into(), credit.into());
        if !amount.is_positive() {
            return Err(EntryError::NotPositive(amount));
        }
        if debit == credit {
            return Err(EntryError::SameAccount(debit));
        }
        if let Some(vague) = [debit, credit].into_iter().find(|account| !account.is_one()) {
            return Err(EntryError::WhichAccount(vague));
        }
        let is_memo = |account: Account| account.code().kind() == AccountKind::Memo;
        if is_memo(debit) != is_memo(credit) {
            return Err(EntryError::MemoAgainstMoney { debit, credit });
        }
        Ok(Self {
            debit,
            credit,
            amount,
        })
    }

    /// The account the amount goes to.
    #[must_use]
    pub const fn debit(&self) -> Account {
        self.debit
    }

    /// The account it comes from.
    #[must_use]
    pub const fn credit(&self) -> Account {
        self.credit
    }

    /// How much, above zero.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.amount
    }
}

/// The single event an entry books; unique per book.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cause {
    /// What kind of event.
    pub kind: EntryKind,
    /// Which one: the provider's id of a charge, a pledge's own id. One printable word.
    pub id: String,
}

impl Cause {
    /// The event of this kind with this id.
    #[must_use]
    pub fn new(kind: EntryKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// An entry that may be posted: it has movements, and so it balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    book: BookId,
    cause: Cause,
    at: OffsetDateTime,
    movements: Vec<Movement>,
}

impl NewEntry {
    /// An entry of `movements`, in the order given. `at` is kept in UTC and cut to microseconds, as
    /// the database keeps it, so that the hash of what was written is the hash of what is read.
    ///
    /// # Errors
    /// [`EntryError::Empty`], [`EntryError::Cause`].
    pub fn new(
        book: BookId,
        cause: Cause,
        at: OffsetDateTime,
        movements: Vec<Movement>,
    ) -> Result<Self, EntryError> {
        if movements.is_empty() {
            return Err(EntryError::Empty);
        }
        let is_word = cause.id.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_word || !(1..=255).contains(&cause.id.len()) {
            return Err(EntryError::Cause);
        }
        Ok(Self {
            book,
            cause,
            at: to_microseconds(at),
            movements,
        })
    }

    /// The book it stands in.
    #[must_use]
    pub const fn book(&self) -> BookId {
        self.book
    }

    /// The event it books.
    #[must_use]
    pub const fn cause(&self) -> &Cause {
        &self.cause
    }

    /// When the event was, in UTC, to the microsecond.
    #[must_use]
    pub const fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// What it moves; never empty.
    #[must_use]
    pub fn movements(&self) -> &[Movement] {
        &self.movements
    }

    /// The net change of every account it touches, by account and currency, in that order; accounts
    /// whose changes cancel out are left out.
    ///
    /// # Errors
    /// [`EntryError::Money`] if a sum does not fit into 64 bits.
    pub fn balance_changes(&self) -> Result<Vec<(Account, Money)>, EntryError> {
        let mut changes = std::collections::BTreeMap::new();
        for movement in &self.movements {
            let amount = movement.amount;
            for (account, side) in [(movement.debit, Side::Debit), (movement.credit, Side::Credit)] {
                let zero = Money::zero(amount.currency());
                let change = changes.entry((account, amount.currency())).or_insert(zero);
                let by = Money::from_minor(balance_change(account.code(), side, amount), amount.currency());
                *change = change.checked_add(by)?;
            }
        }
        let changed = changes.into_iter().filter(|(_, change)| !change.is_zero());
        Ok(changed.map(|((account, _), change)| (account, change)).collect())
    }
}

fn to_microseconds(at: OffsetDateTime) -> OffsetDateTime {
    let utc = at.to_offset(UtcOffset::UTC);
    let microsecond = utc.microsecond();
    utc.replace_microsecond(microsecond).unwrap_or(utc)
}

#[cfg(test)]
mod tests;
