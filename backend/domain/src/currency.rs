//! Currencies of ISO 4217, with the number of decimals each of them has.

use iso_currency::Currency as Iso;

use crate::named::{text_in_json, text_in_postgres};

/// A currency people can pay with. Funds, metals and test codes (`XXX`, `XAU`) are not among them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(Iso);

/// A text that is not the ISO 4217 code of a currency people can pay with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a currency")]
pub struct UnknownCurrency;

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(Iso::EUR);
    /// United States dollar.
    pub const USD: Self = Self(Iso::USD);
    /// Pound sterling.
    pub const GBP: Self = Self(Iso::GBP);
    /// Swiss franc.
    pub const CHF: Self = Self(Iso::CHF);
    /// Swedish krona.
    pub const SEK: Self = Self(Iso::SEK);
    /// Norwegian krone.
    pub const NOK: Self = Self(Iso::NOK);
    /// Danish krone.
    pub const DKK: Self = Self(Iso::DKK);
    /// Polish złoty.
    pub const PLN: Self = Self(Iso::PLN);
    /// Czech koruna.
    pub const CZK: Self = Self(Iso::CZK);
    /// Icelandic króna: no decimals.
    pub const ISK: Self = Self(Iso::ISK);
    /// Japanese yen: no decimals.
    pub const JPY: Self = Self(Iso::JPY);
    /// Kuwaiti dinar: three decimals.
    pub const KWD: Self = Self(Iso::KWD);

    /// The currencies a campaign can be held in, in the order a form lists them. An installation
    /// may offer fewer: only those its payment provider settles in.
    pub const OFFERED: &'static [Self] = &[
        Self::EUR,
        Self::USD,
        Self::GBP,
        Self::CHF,
        Self::SEK,
        Self::NOK,
        Self::DKK,
        Self::PLN,
        Self::CZK,
        Self::ISK,
        Self::JPY,
        Self::KWD,
    ];

    /// The three capital letters of ISO 4217.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The same as [`Currency::code`].
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the currency has, 0 to 4: an amount in minor units is the amount times ten
    /// to this power.
    #[must_use]
    pub fn exponent(self) -> u32 {
        // Codes without an exponent never become a `Currency`.
        u32::from(self.0.exponent().unwrap_or(0))
    }

    /// How many minor units make one major unit: 100 cents to the euro.
    #[must_use]
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(self.exponent())
    }

    /// The sign people write beside an amount, where there is a usual one; the code otherwise.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self.0 {
            Iso::EUR => "€",
            Iso::USD => "$",
            Iso::GBP => "£",
            Iso::JPY => "¥",
            Iso::SEK | Iso::NOK | Iso::DKK | Iso::ISK => "kr",
            Iso::PLN => "zł",
            Iso::CZK => "Kč",
            _ => self.code(),
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;

    /// Reads a code in capital or small letters: payment providers write `eur`.
    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        let iso = Iso::from_code(&text.to_ascii_uppercase()).ok_or(UnknownCurrency)?;
        match (iso.exponent(), iso.is_special(), iso.is_fund()) {
            (Some(_), false, false) => Ok(Self(iso)),
            (Some(_) | None, true | false, true | false) => Err(UnknownCurrency),
        }
    }
}

impl TryFrom<&str> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: &str) -> Result<Self, UnknownCurrency> {
        text.parse()
    }
}

text_in_json!(Currency);
text_in_postgres!(Currency);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_the_decimals_of_iso_4217() {
        assert_eq!(Currency::EUR.exponent(), 2);
        assert_eq!(Currency::ISK.exponent(), 0);
        assert_eq!(Currency::JPY.exponent(), 0);
        assert_eq!(Currency::KWD.exponent(), 3);
        assert_eq!(Currency::KWD.minor_per_major(), 1000);
    }

    #[test]
    fn every_offered_currency_reads_back_from_its_code_in_any_case() {
        for &currency in Currency::OFFERED {
            assert_eq!(currency.code().parse(), Ok(currency));
            assert_eq!(currency.code().to_lowercase().parse(), Ok(currency));
            assert_eq!(serde_json::to_value(currency).unwrap(), currency.code());
        }
    }

    #[test]
    fn funds_metals_and_nonsense_are_not_currencies() {
        for text in ["", "E", "EURO", "XXX", "XAU", "XDR", "CHE", "ÉUR", "E R", "€"] {
            assert_eq!(text.parse::<Currency>(), Err(UnknownCurrency), "{text}");
        }
    }
}
