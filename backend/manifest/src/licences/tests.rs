//! Which spellings are read, and which are not.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn reads(written: &str, spdx: &str) {
    assert_eq!(expression(written).as_deref(), Some(spdx), "{written}");
}

#[test]
fn identifiers_of_the_list_are_taken_with_and_without_prefix() {
    reads("spdx:MPL-2.0", "MPL-2.0");
    reads("SPDX:mit", "MIT");
    reads("SPDX-License-Identifier: CC0-1.0", "CC0-1.0");
    reads(
        "CERN-OHL-P-2.0 AND BSD-3-Clause",
        "CERN-OHL-P-2.0 AND BSD-3-Clause",
    );
    reads(
        "(mit or apache-2.0) and CC-BY-4.0",
        "(MIT OR Apache-2.0) AND CC-BY-4.0",
    );
    reads("LicenseRef-Ours", "LicenseRef-Ours");
}

#[test]
fn deprecated_identifiers_become_current_ones() {
    reads("GPL-3.0", "GPL-3.0-only");
    reads("GPL-3.0+", "GPL-3.0-or-later");
    reads("spdx:LGPL-2.1", "LGPL-2.1-only");
    reads(
        "GPL-2.0-with-classpath-exception",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    );
}

#[test]
fn common_spellings_of_software_licences_are_known() {
    for (written, spdx) in [
        ("GPLv3", "GPL-3.0-only"),
        ("GPL-v2", "GPL-2.0-only"),
        ("GNU GPL v3 or later", "GPL-3.0-or-later"),
        ("GPLv3+", "GPL-3.0-or-later"),
        ("GPL 3.0 only", "GPL-3.0-only"),
        (
            "GNU General Public License, version 2 or any later version",
            "GPL-2.0-or-later",
        ),
        ("GNU Affero General Public License v3.0", "AGPL-3.0-only"),
        ("GNU Lesser General Public License v2.1", "LGPL-2.1-only"),
        ("AGPLv3", "AGPL-3.0-only"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache2", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("Apache Software License 2.0", "Apache-2.0"),
        ("MIT License", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("Expat", "MIT"),
        ("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause"),
        ("New BSD License", "BSD-3-Clause"),
        ("2-clause BSD", "BSD-2-Clause"),
        ("ISC license", "ISC"),
        ("EUPL v1.2", "EUPL-1.2"),
        ("European Union Public Licence 1.2", "EUPL-1.2"),
        ("Mozilla Public License 2.0", "MPL-2.0"),
        ("MPL 2.0", "MPL-2.0"),
        ("The Unlicense", "Unlicense"),
    ] {
        reads(written, spdx);
    }
}

#[test]
fn common_spellings_of_hardware_and_content_licences_are_known() {
    for (written, spdx) in [
        ("CERN-OHL-S v2", "CERN-OHL-S-2.0"),
        ("CERN OHL v1.2", "CERN-OHL-1.2"),
        (
            "CERN Open Hardware Licence Version 2 - Weakly Reciprocal",
            "CERN-OHL-W-2.0",
        ),
        ("TAPR Open Hardware License v1.0", "TAPR-OHL-1.0"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("BY-SA 4.0", "CC-BY-SA-4.0"),
        ("CC-BY-SA 4.0 International", "CC-BY-SA-4.0"),
        (
            "Creative Commons Attribution-ShareAlike 4.0 International License",
            "CC-BY-SA-4.0",
        ),
        (
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "CC-BY-SA-4.0",
        ),
        ("Creative Commons Attribution 3.0 Unported", "CC-BY-3.0"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("ODbL v1.0", "ODbL-1.0"),
        ("Free Art License 1.3", "LAL-1.3"),
        ("SIL Open Font License 1.1", "OFL-1.1"),
    ] {
        reads(written, spdx);
    }
}

#[test]
fn addresses_of_licence_texts_are_known() {
    for (written, spdx) in [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/licenses/by/3.0/at/", "CC-BY-3.0-AT"),
        (
            "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
            "CC-BY-SA-4.0",
        ),
        (
            "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
            "CC0-1.0",
        ),
        ("https://www.gnu.org/licenses/gpl-3.0.html", "GPL-3.0-only"),
        (
            "https://www.gnu.org/licenses/old-licenses/gpl-2.0.en.html",
            "GPL-2.0-only",
        ),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("https://opensource.org/license/gpl-3-0", "GPL-3.0-only"),
        ("https://opensource.org/license/bsd-3-clause", "BSD-3-Clause"),
        ("https://spdx.org/licenses/CERN-OHL-S-2.0.html", "CERN-OHL-S-2.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0"),
        ("https://ohwr.org/cern_ohl_s_v2.txt", "CERN-OHL-S-2.0"),
        ("https://choosealicense.com/licenses/agpl-3.0/", "AGPL-3.0-only"),
    ] {
        reads(written, spdx);
    }
}

#[test]
fn spellings_are_read_inside_expressions_too() {
    reads("GPLv3 and CC BY-SA 4.0", "GPL-3.0-only AND CC-BY-SA-4.0");
    reads("GPL-3.0 or later OR Apache 2.0", "GPL-3.0-or-later OR Apache-2.0");
    reads(
        "MIT License OR (GPLv2 with classpath-exception-2.0)",
        "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)",
    );
}

#[test]
fn what_is_not_certain_is_not_read() {
    for written in [
        "",
        "GPL",
        "LGPL",
        "BSD",
        "CC BY",
        "CC BY-SA",
        "Creative Commons",
        "Apache",
        "open source",
        "proprietary",
        "MIT, Apache-2.0",
        "MIT / GPL-3.0",
        "GPLv4",
        "CC BY 9.0",
        "public domain",
        "https://example.org/licence",
        "https://creativecommons.org/licenses/by/9.0",
        "MIT AND",
        "() OR",
        "see LICENSE file",
        "CERN-OHL-2.0",
        "<script>",
    ] {
        assert_eq!(expression(written), None, "{written}");
    }
}

#[test]
fn every_row_of_the_tables_can_be_found_and_leads_to_a_licence() {
    for (at, (spelling, id)) in NAMES.iter().enumerate() {
        assert_eq!(squashed(spelling), *spelling);
        assert!(of_name(spelling).is_some(), "{spelling}: {id}");
        assert!(
            NAMES[..at].iter().all(|(other, _)| other != spelling),
            "{spelling} stands twice"
        );
    }
    for (address, id) in ADDRESSES {
        assert_eq!(of_address(address), of_list(id), "{address}");
        assert!(of_list(id).is_some(), "{id}");
    }
}

#[test]
fn every_identifier_of_the_spdx_list_is_read() {
    for licence in spdx::identifiers::LICENSES {
        assert!(expression(licence.name).is_some(), "{}", licence.name);
    }
}

const WORDS: &str = concat!(
    r"(spdx:|https://)?",
    r"(\PC{0,30}|((gpl|cc|by|sa|mit|or|and|with|later|v3|4\.0|\(|\)|\+|/) ?){0,9})",
);

proptest! {
    #[test]
    fn any_words_give_an_expression_that_reads_as_itself_or_nothing(words in WORDS) {
        if let Some(found) = expression(&words) {
            prop_assert_eq!(expression(&found), Some(found.clone()));
        }
    }
}
