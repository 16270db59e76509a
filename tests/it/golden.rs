//! The published cases that come with the project.

use felag_tests::golden;

#[test]
fn every_published_case_comes_out_and_few_are_skipped() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let report = golden::run(&folder).unwrap();
    assert_eq!(report.failed, 0, "{report}");
    assert!(report.passed > 100, "{report}");
    assert!(
        report.skipped * 100 <= 15 * (report.passed + report.skipped),
        "{report}"
    );
}
