//! Powers, exponentials and logarithms of exact decimals, to about 24 digits. No binary floating point.

use rust_decimal::Decimal;

/// How often an exponent is halved before the series: 2⁻⁸ makes it converge in a dozen terms.
const HALVINGS: u32 = 8;
/// Terms of the series; (1/256)¹⁴ / 14! is far below 28 decimals.
const TERMS: u32 = 14;
/// Largest exponent whose power still fits into a decimal.
const EXPONENT_MAX: i64 = 66;

/// `base` to a whole power, by squaring; `None` if it does not fit.
#[must_use]
pub fn power(base: Decimal, exponent: u32) -> Option<Decimal> {
    let (mut result, mut square, mut left) = (Decimal::ONE, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result.checked_mul(square)?;
        }
        left >>= 1;
        if left > 0 {
            square = square.checked_mul(square)?;
        }
    }
    Some(result)
}

/// e to the power of `exponent`; nothing where it is below 28 decimals, `None` where it does not fit.
#[must_use]
pub fn exp(exponent: Decimal) -> Option<Decimal> {
    if exponent > Decimal::from(EXPONENT_MAX) {
        return None;
    }
    if exponent < Decimal::from(-EXPONENT_MAX) {
        return Some(Decimal::ZERO);
    }
    if exponent.is_sign_negative() {
        return Decimal::ONE.checked_div(exp(-exponent)?);
    }
    // Whole powers of e apart, so that squaring enlarges no error of a large exponent.
    let whole = exponent.trunc();
    let part = (exponent - whole) / Decimal::from(1_u32 << HALVINGS);
    let mut term = Decimal::ONE;
    let mut sum = Decimal::ONE;
    for index in 1..=TERMS {
        term = term * part / Decimal::from(index);
        sum += term;
    }
    for _ in 0..HALVINGS {
        sum = sum.checked_mul(sum)?;
    }
    let whole = u32::try_from(i64::try_from(whole).ok()?).ok()?;
    sum.checked_mul(power(Decimal::E, whole)?)
}

/// The natural logarithm of a number above zero; `None` of any other.
#[must_use]
pub fn ln(number: Decimal) -> Option<Decimal> {
    if number <= Decimal::ZERO {
        return None;
    }
    // Near one, then Halley's method on exp(y) = x: the error is cubed each time.
    let (mut near, mut whole) = (number, 0_i32);
    while near > Decimal::TWO {
        near /= Decimal::E;
        whole += 1;
    }
    while near < Decimal::new(5, 1) {
        near = near.checked_mul(Decimal::E)?;
        whole -= 1;
    }
    let mut guess = near - Decimal::ONE;
    for _ in 0..6 {
        let value = exp(guess)?;
        guess += Decimal::TWO * (near - value) / (near + value);
    }
    Some(guess + Decimal::from(whole))
}

/// A number above zero to any power; `None` where there is none or it does not fit.
#[must_use]
pub fn pow(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    exp(ln(base)?.checked_mul(exponent)?)
}
