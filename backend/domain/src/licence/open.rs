//! Which licences are open: by OSI, FSF, OSHWA or the Open Definition.

use spdx::{LicenseItem, LicenseReq};

/// Whether one licence of an expression is open. An exception of the SPDX list only permits more;
/// an addition of unknown words may forbid, so it is not open.
pub(super) fn is_open(requirement: &LicenseReq) -> bool {
    let LicenseItem::Spdx { id, .. } = &requirement.license else {
        return false;
    };
    let is_known_addition = requirement
        .addition
        .as_ref()
        .is_none_or(|addition| addition.id().is_some());
    let is_flagged = id.is_osi_approved() || id.is_fsf_free_libre();
    is_known_addition && !forbids_trade_or_change(id.name) && (is_flagged || OPEN_BESIDES.contains(&id.name))
}

/// Non-commercial and no-derivatives terms are open by nobody's definition.
fn forbids_trade_or_change(id: &str) -> bool {
    id.split('-').any(|word| matches!(word, "NC" | "ND"))
}

/// Open licences the SPDX list does not flag as approved by OSI or free by FSF: it knows these two
/// judges only, and they judge software.
const OPEN_BESIDES: &[&str] = &[
    // Hardware licences OSHWA certifies under, <https://application.oshwa.org/apply>, "Hardware
    // License": CERN in all versions, TAPR, Solderpad.
    "CERN-OHL-1.1",
    "CERN-OHL-1.2",
    "CERN-OHL-P-2.0",
    "CERN-OHL-W-2.0",
    "CERN-OHL-S-2.0",
    "TAPR-OHL-1.0",
    "SHL-0.5",
    "SHL-0.51",
    // Open content by the Open Definition, <https://opendefinition.org/licenses/>: Creative Commons
    // Attribution and ShareAlike with the ports to jurisdictions, the Free Art Licence, and the FDL
    // when nothing is invariant.
    "CC0-1.0",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-2.5-AU",
    "CC-BY-3.0",
    "CC-BY-3.0-AT",
    "CC-BY-3.0-AU",
    "CC-BY-3.0-DE",
    "CC-BY-3.0-IGO",
    "CC-BY-3.0-NL",
    "CC-BY-3.0-US",
    "CC-BY-4.0",
    "CC-BY-SA-1.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.0-UK",
    "CC-BY-SA-2.1-JP",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-AT",
    "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
    "CC-BY-SA-4.0",
    "LAL-1.2",
    "LAL-1.3",
    "GFDL-1.1-no-invariants-only",
    "GFDL-1.1-no-invariants-or-later",
    "GFDL-1.2-no-invariants-only",
    "GFDL-1.2-no-invariants-or-later",
    "GFDL-1.3-no-invariants-only",
    "GFDL-1.3-no-invariants-or-later",
    // Open data by the Open Definition.
    "ODbL-1.0",
    "ODC-By-1.0",
    "PDDL-1.0",
    "DL-DE-BY-2.0",
    "DL-DE-ZERO-2.0",
    "OGL-Canada-2.0",
    "OGL-UK-2.0",
    "OGL-UK-3.0",
    // Fonts: the same text as OFL-1.0, which FSF lists, with the choice about reserved names said.
    "OFL-1.0-RFN",
    "OFL-1.0-no-RFN",
    // "Or later" reaches versions that OSI and FSF list.
    "GPL-1.0-or-later",
];

#[cfg(test)]
mod tests {
    use spdx::identifiers;

    use super::*;
    use crate::licence::Licence;

    fn is_open(text: &str) -> bool {
        Licence::parse(text).unwrap().is_open()
    }

    #[test]
    fn open_is_what_osi_fsf_oshwa_or_the_open_definition_call_open() {
        for text in [
            "MIT",
            "AGPL-3.0-or-later",
            "CERN-OHL-W-2.0",
            "CERN-OHL-1.2",
            "TAPR-OHL-1.0",
            "SHL-0.51",
            "Apache-2.0 WITH SHL-2.1",
            "CC-BY-4.0",
            "CC-BY-SA-3.0",
            "CC0-1.0",
            "ODbL-1.0",
            "ODC-By-1.0",
            "PDDL-1.0",
            "GFDL-1.3",
            "OFL-1.1",
            "EUPL-1.2",
            "Artistic-1.0-Perl",
            "GPL-1.0-or-later",
            "LAL-1.2",
            "LAL-1.3",
        ] {
            assert!(is_open(text), "{text}");
        }
        for text in [
            "CC-BY-NC-4.0",
            "CC-BY-ND-4.0",
            "CC-BY-NC-SA-3.0",
            "CC-BY-NC-ND-2.0",
            "BUSL-1.1",
            "SSPL-1.0",
            "Hippocratic-2.1",
            "LicenseRef-Ours",
            "GFDL-1.3-invariants-only",
            "Elastic-2.0",
            "JSON",
            "MIT WITH AdditionRef-Ours",
        ] {
            assert!(!is_open(text), "{text}");
        }
    }

    #[test]
    fn one_open_branch_of_or_is_enough_and_all_of_and_are_needed() {
        assert!(is_open("CC-BY-NC-4.0 OR CC-BY-4.0"));
        assert!(!is_open("CC-BY-NC-4.0 AND CC-BY-4.0"));
        assert!(is_open("CERN-OHL-P-2.0 AND BSD-3-Clause"));
        assert!(!is_open("(MIT OR LicenseRef-Ours) AND BUSL-1.1"));
    }

    #[test]
    fn no_licence_of_the_list_that_forbids_trade_or_change_is_open() {
        for licence in identifiers::LICENSES {
            let parsed = Licence::parse(licence.name).unwrap();
            assert!(
                !(parsed.is_open() && forbids_trade_or_change(licence.name)),
                "{}",
                licence.name
            );
            assert_eq!(
                Licence::parse(parsed.expression()).as_ref(),
                Ok(&parsed),
                "{}",
                licence.name
            );
        }
        for id in OPEN_BESIDES {
            assert!(spdx::license_id(id).is_some(), "{id}");
        }
    }
}
