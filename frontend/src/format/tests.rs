//! Tests of numbers, money and times.

use felag_domain::currency::Currency;
use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const EN: Lang = Lang::En;

fn euro(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

#[test]
fn money_has_the_decimals_of_its_currency_and_groups_of_three() {
    assert_eq!(EN.money(euro(123_450)), "€1,234.50");
    assert_eq!(EN.money(euro(0)), "€0.00");
    assert_eq!(EN.money(euro(5)), "€0.05");
    assert_eq!(EN.money(euro(-2_005)), "−€20.05");
    assert_eq!(
        EN.money(Money::from_minor(1_234_567, Currency::JPY)),
        "¥1,234,567"
    );
    assert_eq!(
        EN.money(Money::from_minor(1_500, Currency::KWD)),
        "KWD\u{a0}1.500"
    );
    assert_eq!(
        EN.money(Money::from_minor(5_000, Currency::SEK)),
        "SEK\u{a0}50.00"
    );
    assert_eq!(EN.money(euro(i64::MIN)), "−€92,233,720,368,547,758.08");
}

#[test]
fn whole_amounts_are_short_in_headlines_and_others_stay_exact() {
    assert_eq!(EN.money_short(euro(5_000)), "€50");
    assert_eq!(EN.money_short(euro(4_950)), "€49.50");
    assert_eq!(EN.money_short(euro(3_200_000)), "€32,000");
}

#[test]
fn a_typed_amount_is_what_a_person_would_type() {
    assert_eq!(typed(&euro(5_000)), "50");
    assert_eq!(typed(&euro(4_950)), "49.50");
    assert_eq!(typed(&euro(-5)), "-0.05");
    assert_eq!(typed(&Money::from_minor(700, Currency::ISK)), "700");
}

#[test]
fn dates_and_times_name_their_zone() {
    let at = datetime!(2026-12-14 20:00 UTC);
    assert_eq!(EN.date(at), "14 December 2026");
    assert_eq!(EN.date_short(at), "14 Dec");
    assert_eq!(EN.date_time(at, "UTC"), "Monday 14 December 2026, 20:00 UTC");
    assert_eq!(
        EN.date_time(at, "Europe/Paris"),
        "Monday 14 December 2026, 21:00 (Europe/Paris, UTC+1)"
    );
    assert_eq!(
        EN.date_time(at, "Asia/Kolkata"),
        "Tuesday 15 December 2026, 01:30 (Asia/Kolkata, UTC+5:30)"
    );
    assert_eq!(
        EN.date_time(at, "America/St_Johns"),
        "Monday 14 December 2026, 16:30 (America/St_Johns, UTC−3:30)"
    );
    assert_eq!(
        EN.date_time(at, "<Nowhere>"),
        "Monday 14 December 2026, 20:00 UTC"
    );
    assert_eq!(
        EN.time(at).as_str(),
        "<time datetime=\"2026-12-14T20:00Z\">14 December 2026</time>"
    );
}

#[test]
fn time_left_is_rounded_down() {
    let now = datetime!(2026-11-22 12:00 UTC);
    let left = |until| EN.left(&now, &until);
    assert_eq!(left(datetime!(2026-12-14 20:00 UTC)), "22 days left");
    assert_eq!(left(datetime!(2026-11-24 11:59 UTC)), "47 hours left");
    assert_eq!(left(datetime!(2026-11-22 13:00 UTC)), "1 hour left");
    assert_eq!(left(datetime!(2026-11-22 12:59 UTC)), "less than an hour left");
    assert_eq!(left(now), "closed");
    assert_eq!(EN.in_days(&now, &datetime!(2026-12-14 20:00 UTC)), "in 22 days");
}

#[test]
fn a_hundred_percent_means_all_of_it() {
    assert_eq!(EN.percent(&euro(999), &euro(1_000)), "99%");
    assert_eq!(EN.percent(&euro(1_000), &euro(1_000)), "100%");
    assert_eq!(EN.percent(&euro(5), &euro(0)), "0%");
}

proptest! {
    #[test]
    fn the_digits_of_a_formatted_amount_are_its_minor_units(minor in any::<i64>()) {
        for currency in Currency::OFFERED {
            let text = EN.money(Money::from_minor(minor, *currency));
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits.parse::<u64>().unwrap(), minor.unsigned_abs());
            prop_assert_eq!(text.contains('\u{2212}'), minor < 0);
        }
    }
}
