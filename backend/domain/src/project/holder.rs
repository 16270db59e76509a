//! Who answers for a project's money.

use super::ProjectRefusal;
use crate::{
    named::named,
    text,
    words::{FieldRefusal, Refusals},
};

named! {
    /// What a legal holder is before the law.
    pub enum HolderForm {
        /// An association of members.
        Association => "association",
        /// A foundation.
        Foundation => "foundation",
        /// A co-operative.
        Cooperative => "cooperative",
        /// A company.
        Company => "company",
        /// A town, a university, a library.
        PublicBody => "public_body",
        /// A person in their own name.
        Person => "person",
    }
}

/// The countries a legal holder can be in, by ISO 3166: those in which the payment provider pays out in
/// one of the currencies offered.
pub const COUNTRIES: &[&str] = &[
    "AT", "AU", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
    "HU", "IE", "IS", "IT", "JP", "KW", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "NZ", "PL", "PT", "RO",
    "SE", "SI", "SK", "US",
];

/// What somebody typed about a legal holder.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedHolder<'a> {
    /// The registered name.
    pub name: &'a str,
    /// The name of a [`HolderForm`].
    pub form: &'a str,
    /// One of [`COUNTRIES`].
    pub country: &'a str,
    /// Where it is registered: several lines.
    pub address: &'a str,
    /// Its number in a register.
    pub register: &'a str,
    /// Its number with the tax office.
    pub tax_number: &'a str,
    /// Who signs for it.
    pub signatory: &'a str,
}

/// Who answers for a project's money, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalHolder {
    /// The registered name.
    pub name: String,
    /// What it is before the law.
    pub form: HolderForm,
    /// One of [`COUNTRIES`].
    pub country: &'static str,
    /// Where it is registered.
    pub address: String,
    /// Its number in a register; may be empty.
    pub register: String,
    /// Its number with the tax office; may be empty.
    pub tax_number: String,
    /// Who signs for it.
    pub signatory: String,
}

impl LegalHolder {
    /// Checks what was typed.
    ///
    /// # Errors
    /// All that is wrong, beside the fields of [`TypedHolder`] with `holder_` before their names.
    pub fn decide(typed: TypedHolder<'_>) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let name = refusals.keep("holder_name", text::line(typed.name, 2, 120));
        let form = typed.form.parse().map_err(|_| ProjectRefusal::UnknownForm);
        let form: Option<HolderForm> = refusals.keep("holder_form", form);
        let country = COUNTRIES.iter().find(|code| **code == typed.country.trim());
        let country = refusals.keep(
            "holder_country",
            country.copied().ok_or(ProjectRefusal::UnknownCountry),
        );
        let address = refusals.keep("holder_address", text::block(typed.address, 5, 300));
        let register = refusals.keep("holder_register", text::line(typed.register, 0, 60));
        let tax_number = refusals.keep("holder_tax_number", text::line(typed.tax_number, 0, 60));
        let signatory = refusals.keep("holder_signatory", text::line(typed.signatory, 2, 120));
        match (name, form, country, address, register, tax_number, signatory) {
            (
                Some(name),
                Some(form),
                Some(country),
                Some(address),
                Some(register),
                Some(tax_number),
                Some(signatory),
            ) => Ok(Self {
                name,
                form,
                country,
                address,
                register,
                tax_number,
                signatory,
            }),
            (_, _, _, _, _, _, _) => Err(refusals.into_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_holder_has_a_name_a_form_a_country_an_address_and_a_signatory() {
        let holder = TypedHolder {
            name: "Verein Sonnenofen",
            form: "association",
            country: "AT",
            address: "Hauptplatz 1\n8010 Graz",
            register: "",
            tax_number: "",
            signatory: "Ada Berg",
        };
        assert!(LegalHolder::decide(holder).is_ok());
        let refused = LegalHolder::decide(TypedHolder {
            form: "",
            country: "Austria",
            ..TypedHolder::default()
        });
        let named: Vec<_> = refused.unwrap_err().iter().map(|refusal| refusal.field).collect();
        assert_eq!(
            named,
            [
                "holder_name",
                "holder_form",
                "holder_country",
                "holder_address",
                "holder_signatory"
            ]
        );
    }
}
