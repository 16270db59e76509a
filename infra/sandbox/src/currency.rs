//! The provider's own table of currencies, written apart from the platform's on purpose: if the two
//! disagree about a unit, a test sees it.

use crate::fault::{Fault, Outcome};

/// A currency as the provider counts it.
#[derive(Debug)]
pub(crate) struct Currency {
    /// ISO 4217 code in small letters, as the API writes it.
    pub code: &'static str,
    /// Decimals of the provider's unit. It can differ from ISO 4217: ISK is counted with two.
    pub exponent: u32,
    /// Every amount is a multiple of this many units: 100 for ISK (no fractions), 10 for three-decimal
    /// currencies.
    pub step: i64,
    /// Smallest charge, in units.
    pub min: i64,
    /// Largest charge, in units.
    pub max: i64,
    /// The fixed part of the fee for a charge, in units.
    pub fixed_fee: i64,
    /// What a dispute costs, in units.
    pub dispute_fee: i64,
    /// Payouts are multiples of this many units: 100 for HUF, whose fillér no bank pays out.
    pub payout_step: i64,
}

const EIGHT_DIGITS: i64 = 99_999_999;

const fn row(code: &'static str, exponent: u32, step: i64, min: i64, fees: [i64; 2]) -> Currency {
    Currency {
        code,
        exponent,
        step,
        min,
        max: EIGHT_DIGITS,
        fixed_fee: fees[0],
        dispute_fee: fees[1],
        payout_step: if code.as_bytes()[0] == b'h' && code.as_bytes()[1] == b'u' {
            100
        } else {
            step
        },
    }
}

static TABLE: &[Currency] = &[
    row("eur", 2, 1, 50, [25, 1500]),
    row("usd", 2, 1, 50, [30, 1500]),
    row("gbp", 2, 1, 30, [20, 2000]),
    row("chf", 2, 1, 50, [30, 1500]),
    row("sek", 2, 1, 300, [180, 15_000]),
    row("nok", 2, 1, 300, [200, 15_000]),
    row("dkk", 2, 1, 250, [180, 11_000]),
    row("pln", 2, 1, 200, [100, 6500]),
    row("czk", 2, 1, 1500, [650, 36_500]),
    row("ron", 2, 1, 200, [100, 7000]),
    row("huf", 2, 1, 17_500, [8500, 490_000]),
    row("bgn", 2, 1, 100, [50, 3000]),
    row("isk", 2, 100, 10_000, [3500, 200_000]),
    row("cad", 2, 1, 50, [30, 1500]),
    row("aud", 2, 1, 50, [30, 2500]),
    row("nzd", 2, 1, 50, [30, 2500]),
    row("brl", 2, 1, 50, [40, 5500]),
    row("mxn", 2, 1, 1000, [300, 30_000]),
    row("inr", 2, 1, 50, [30, 150_000]),
    row("sgd", 2, 1, 50, [40, 1500]),
    row("hkd", 2, 1, 400, [235, 8500]),
    row("zar", 2, 1, 1000, [500, 22_500]),
    row("jpy", 0, 1, 50, [40, 1300]),
    row("krw", 0, 1, 700, [400, 15_000]),
    row("clp", 0, 1, 500, [250, 11_000]),
    row("kwd", 3, 10, 160, [80, 4500]),
    row("bhd", 3, 10, 200, [100, 5500]),
    row("jod", 3, 10, 360, [180, 10_500]),
    row("omr", 3, 10, 200, [100, 5500]),
    row("tnd", 3, 10, 1600, [800, 46_000]),
];

impl Currency {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        TABLE.iter()
    }

    /// The currency of that code, in any case.
    pub(crate) fn find(code: &str) -> Outcome<&'static Self> {
        let code = code.to_ascii_lowercase();
        TABLE
            .iter()
            .find(|currency| currency.code == code)
            .ok_or_else(|| {
                Fault::bad_param(
                    "currency",
                    format!("Invalid currency: {code}. The sandbox does not settle in it."),
                )
            })
    }

    /// The amount, if it can be charged.
    pub(crate) fn check(&self, amount: i64) -> Outcome<i64> {
        if amount < 1 {
            let words = "This value must be greater than or equal to 1.";
            return Err(Fault::bad_param("amount", words).code("parameter_invalid_integer"));
        }
        if amount < self.min {
            let words = format!("Amount must be at least {} {}", self.write(self.min), self.code);
            return Err(Fault::bad_param("amount", words).code("amount_too_small"));
        }
        if amount > self.max {
            let words = format!(
                "Amount must be no more than {} {}",
                self.write(self.max),
                self.code
            );
            return Err(Fault::bad_param("amount", words).code("amount_too_large"));
        }
        if amount % self.step != 0 {
            let words = format!("Amounts in {} must be a multiple of {}", self.code, self.step);
            return Err(Fault::bad_param("amount", words).code("parameter_invalid_integer"));
        }
        Ok(amount)
    }

    /// What a charge of `amount` costs: 1.5 % and a fixed part, the half rounded up, in units. Like every
    /// amount it is a whole number of steps.
    pub(crate) fn fee(&self, amount: i64) -> i64 {
        let share = (amount * 15 + 500 * self.step) / (1000 * self.step) * self.step;
        (share + self.fixed_fee).min(amount)
    }

    /// The amount with a decimal point, for messages.
    pub(crate) fn write(&self, amount: i64) -> String {
        let scale = 10_i64.pow(self.exponent);
        let width = self.exponent as usize;
        match width {
            0 => amount.to_string(),
            _ => format!("{}.{:0width$}", amount / scale, amount % scale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_rounds_the_half_up() {
        let euro = Currency::find("EUR").unwrap();
        assert_eq!(euro.fee(3000), 45 + 25);
        assert_eq!(euro.fee(2700), 41 + 25, "40.5 becomes 41");
        assert_eq!(euro.fee(2699), 40 + 25);
    }

    #[test]
    fn units_follow_the_provider_not_the_standard() {
        let krona = Currency::find("isk").unwrap();
        assert!(krona.check(150_000).is_ok(), "1,500 krónur");
        assert_eq!(
            krona.check(150_050).unwrap_err().0.param.as_deref(),
            Some("amount")
        );
        assert!(
            Currency::find("kwd").unwrap().check(1_005).is_err(),
            "the last digit is 0"
        );
        assert!(Currency::find("jpy").unwrap().check(50).is_ok());
    }

    #[test]
    fn every_limit_is_itself_a_chargeable_step() {
        for currency in TABLE {
            assert_eq!(currency.min % currency.step, 0, "{}", currency.code);
            assert_eq!(currency.fixed_fee % currency.step, 0, "{}", currency.code);
            assert_eq!(currency.dispute_fee % currency.step, 0, "{}", currency.code);
            assert_eq!(currency.payout_step % currency.step, 0, "{}", currency.code);
            assert_eq!(currency.fee(1_234_000) % currency.step, 0, "{}", currency.code);
            assert!(currency.fixed_fee < currency.min, "{}", currency.code);
        }
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        assert_eq!(Currency::find("eur").unwrap().write(1205), "12.05");
        assert_eq!(Currency::find("jpy").unwrap().write(1205), "1205");
        assert_eq!(Currency::find("kwd").unwrap().write(1205), "1.205");
    }
}
