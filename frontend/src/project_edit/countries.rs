//! The names of the countries a legal holder can be in.

use crate::words::Lang;

/// A country's name by its code of ISO 3166; the code itself where there is no name for it.
pub fn country(lang: Lang, code: &str) -> &str {
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, message)| lang.t(message))
}

const NAMES: &[(&str, &str)] = &[
    ("AT", "country-at"),
    ("AU", "country-au"),
    ("BE", "country-be"),
    ("BG", "country-bg"),
    ("CA", "country-ca"),
    ("CH", "country-ch"),
    ("CY", "country-cy"),
    ("CZ", "country-cz"),
    ("DE", "country-de"),
    ("DK", "country-dk"),
    ("EE", "country-ee"),
    ("ES", "country-es"),
    ("FI", "country-fi"),
    ("FR", "country-fr"),
    ("GB", "country-gb"),
    ("GR", "country-gr"),
    ("HR", "country-hr"),
    ("HU", "country-hu"),
    ("IE", "country-ie"),
    ("IS", "country-is"),
    ("IT", "country-it"),
    ("JP", "country-jp"),
    ("KW", "country-kw"),
    ("LI", "country-li"),
    ("LT", "country-lt"),
    ("LU", "country-lu"),
    ("LV", "country-lv"),
    ("MT", "country-mt"),
    ("NL", "country-nl"),
    ("NO", "country-no"),
    ("NZ", "country-nz"),
    ("PL", "country-pl"),
    ("PT", "country-pt"),
    ("RO", "country-ro"),
    ("SE", "country-se"),
    ("SI", "country-si"),
    ("SK", "country-sk"),
    ("US", "country-us"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_that_can_be_chosen_has_a_name() {
        for code in felag_domain::project::COUNTRIES {
            assert_ne!(country(Lang::En, code), *code);
        }
    }
}
