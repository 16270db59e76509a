//! The part of an address made from a title, with a number where the title is taken.

use felag_domain::text;

/// Addresses below `/projects/` that are pages of their own.
const RESERVED: &[&str] = &["import"];

/// The first free one of `title`, `title-2`, `title-3` … among `taken`.
pub fn free(title: &str, taken: &[String]) -> String {
    let base = text::slug(title);
    let is_free = |slug: &str| !RESERVED.contains(&slug) && !taken.iter().any(|other| other == slug);
    // One of the first `taken + 2` numbers is free.
    let numbers = 2..=taken.len() + RESERVED.len() + 2;
    let numbered = numbers.map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone())
        .chain(numbered)
        .find(|slug| is_free(slug))
        .unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_title_gets_a_number_and_a_page_of_our_own_is_never_covered() {
        assert_eq!(free("Solar oven", &[]), "solar-oven");
        let taken = [
            "solar-oven".to_string(),
            "solar-oven-2".to_string(),
            "solar-oven-9".to_string(),
        ];
        assert_eq!(free("Solar oven", &taken), "solar-oven-3");
        assert_eq!(free("Import", &[]), "import-2");
    }
}
