//! Powers, logarithms and exponentials of decimals, to about 20 significant digits: enough for a rate that is compared
//! at the eighth decimal of a percent. Checked: what cannot be counted is `None`.

use rust_decimal::{Decimal, MathematicalOps};

/// ln 2, to 28 digits.
const LN_2: Decimal = Decimal::from_parts(0xAA7A_65BF, 0x81F5_2F01, 0x1665_943F, false, 28);
/// Where a series stops: below what a decimal can hold after the point.
const TINY: Decimal = Decimal::from_parts(1, 0, 0, false, 26);

/// `base` multiplied by itself `times` times.
pub(super) fn power(base: Decimal, times: u32) -> Option<Decimal> {
    base.checked_powu(u64::from(times))
}

/// The natural logarithm of a number above zero.
pub(super) fn ln(value: Decimal) -> Option<Decimal> {
    if value <= Decimal::ZERO {
        return None;
    }
    // value = 2^k · m with m between 2/3 and 4/3; ln m = 2 artanh((m − 1) / (m + 1)).
    let (low, high) = (
        Decimal::TWO / Decimal::from(3),
        Decimal::from(4) / Decimal::from(3),
    );
    let (mut m, mut k) = (value, Decimal::ZERO);
    while m > high {
        m /= Decimal::TWO;
        k += Decimal::ONE;
    }
    while m < low {
        m *= Decimal::TWO;
        k -= Decimal::ONE;
    }
    let z = (m - Decimal::ONE) / (m + Decimal::ONE);
    let square = z * z;
    let (mut term, mut sum, mut n) = (z, z, Decimal::ONE);
    while term.abs() > TINY {
        term *= square;
        n += Decimal::TWO;
        sum += term / n;
    }
    Some(Decimal::TWO * sum + k * LN_2)
}

/// e to the power of `value`.
pub(super) fn exp(value: Decimal) -> Option<Decimal> {
    // e^v = 2^k · e^r with r between −ln 2 / 2 and ln 2 / 2.
    let k = (value / LN_2).round();
    let r = value - k * LN_2;
    let (mut term, mut sum, mut n) = (Decimal::ONE, Decimal::ONE, Decimal::ZERO);
    while term.abs() > TINY {
        n += Decimal::ONE;
        term = term * r / n;
        sum += term;
    }
    let times = u64::try_from(i128::try_from(k.abs()).ok()?).ok()?;
    if k.is_sign_negative() {
        // Below what a decimal can hold there is nothing.
        if times > 92 {
            return Some(Decimal::ZERO);
        }
        let by = Decimal::TWO.checked_powu(times)?;
        sum.checked_div(by)
    } else {
        sum.checked_mul(Decimal::TWO.checked_powu(times)?)
    }
}

/// `base`, above zero, to the power of `exponent`. `None` if there is none, or if it cannot be counted.
#[must_use]
pub fn power_of(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    exp(ln(base)?.checked_mul(exponent)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn near(a: Decimal, b: Decimal) -> bool {
        (a - b).abs() <= d("0.0000000000000000001") * b.abs().max(Decimal::ONE)
    }

    #[test]
    fn they_are_what_tables_say() {
        assert!(near(
            ln(Decimal::TWO).unwrap(),
            d("0.693147180559945309417232121")
        ));
        assert!(near(
            ln(Decimal::TEN).unwrap(),
            d("2.302585092994045684017991455")
        ));
        assert!(near(
            exp(Decimal::ONE).unwrap(),
            d("2.718281828459045235360287471")
        ));
        assert!(near(exp(d("-3.5")).unwrap(), d("0.030197383422318500739786292")));
        assert!(near(
            power_of(Decimal::TWO, d("0.5")).unwrap(),
            d("1.414213562373095048801688724")
        ));
        assert_eq!(ln(Decimal::ZERO), None);
        assert_eq!(exp(d("-1000")), Some(Decimal::ZERO));
        assert_eq!(exp(d("1000")), None);
    }

    proptest! {
        #[test]
        fn one_undoes_the_other(over in 1_i64..10_000_000) {
            let value = Decimal::new(over, 4);
            prop_assert!(near(exp(ln(value).unwrap()).unwrap(), value));
        }
    }
}
