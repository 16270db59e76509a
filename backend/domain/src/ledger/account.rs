//! An account of a book: its code, and for codes that are kept per share of a loan, which share.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::AccountCode;
use crate::UnknownName;

/// An account of a book, written `held` or `lender:0192f0c1-2345-7000-8000-0000000000ff`.
///
/// The id is that of a lender's share. A person has another share in every loan, so that accounts of two public books
/// cannot be joined up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    code: AccountCode,
    share: Option<Uuid>,
}

impl Account {
    /// The account `code` of one share.
    #[must_use]
    pub const fn of_share(code: AccountCode, share: Uuid) -> Self {
        Self {
            code,
            share: Some(share),
        }
    }

    /// What kind of account it is.
    #[must_use]
    pub const fn code(self) -> AccountCode {
        self.code
    }

    /// Which share it belongs to.
    #[must_use]
    pub const fn share(self) -> Option<Uuid> {
        self.share
    }

    /// Whether it names a share exactly when its code is kept per share.
    #[must_use]
    pub const fn is_one(self) -> bool {
        self.code.is_per_share() == self.share.is_some()
    }
}

impl From<AccountCode> for Account {
    fn from(code: AccountCode) -> Self {
        Self { code, share: None }
    }
}

impl PartialEq<AccountCode> for Account {
    fn eq(&self, code: &AccountCode) -> bool {
        self.share.is_none() && self.code == *code
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.share {
            Some(share) => write!(f, "{}:{share}", self.code.as_str()),
            None => f.pad(self.code.as_str()),
        }
    }
}

impl FromStr for Account {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let unknown = || UnknownName {
            of: "Account",
            text: text.to_owned(),
        };
        if let Ok(code) = text.parse::<AccountCode>() {
            return Ok(code.into());
        }
        let (code, share) = text.split_once(':').ok_or_else(unknown)?;
        let code: AccountCode = code.parse().map_err(|_| unknown())?;
        let share: Uuid = share.parse().map_err(|_| unknown())?;
        let account = Self::of_share(code, share);
        // One account, one way to write it.
        (account.is_one() && account.to_string() == text)
            .then_some(account)
            .ok_or_else(unknown)
    }
}

impl serde::Serialize for Account {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Account {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "sqlx")]
const _: () = {
    use sqlx::postgres::{PgTypeInfo, PgValueRef, Postgres};

    impl sqlx::Type<Postgres> for Account {
        fn type_info() -> PgTypeInfo {
            <str as sqlx::Type<Postgres>>::type_info()
        }

        fn compatible(ty: &PgTypeInfo) -> bool {
            <str as sqlx::Type<Postgres>>::compatible(ty)
        }
    }

    impl<'r> sqlx::Decode<'r, Postgres> for Account {
        fn decode(value: PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
            let text = <&'r str as sqlx::Decode<'r, Postgres>>::decode(value)?;
            Ok(text.parse()?)
        }
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Uuid = Uuid::from_u128(0x0192_f0c1_2345_7000_8000_0000_0000_00ff);

    #[test]
    fn an_account_reads_back_from_its_text() {
        for &code in AccountCode::ALL {
            let account = if code.is_per_share() {
                Account::of_share(code, SHARE)
            } else {
                code.into()
            };
            assert!(account.is_one());
            assert_eq!(account.to_string().parse(), Ok(account), "{account}");
        }
        let lender = Account::of_share(AccountCode::Lender, SHARE);
        assert_eq!(lender.to_string(), "lender:0192f0c1-2345-7000-8000-0000000000ff");
    }

    #[test]
    fn other_texts_are_no_accounts() {
        for text in [
            "",
            "lenders",
            "lender:",
            "lender:7",
            "lender:0192F0C1-2345-7000-8000-0000000000FF",
            "lender:0192f0c12345700080000000000000ff",
            "held:0192f0c1-2345-7000-8000-0000000000ff",
        ] {
            assert!(text.parse::<Account>().is_err(), "{text:?}");
        }
    }
}
