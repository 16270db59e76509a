//! The first page and the search.

use axum::http::StatusCode;

use crate::campaigns::writing::{OWNER, complete, open, signed_in, steward};
use crate::people::site::Site;

#[tokio::test]
async fn open_campaigns_are_found_by_words_and_drafts_never() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let mut guest = site.browser(9);
    assert!(guest.get("/").await.body.contains("No campaigns are open"));
    open(&site, &mut owner, &mut steward, "Sonnenofen Graz").await;
    complete(&mut owner, "Windofen Graz").await;
    let home = guest.get("/").await.body;
    assert!(
        home.contains("/campaigns/sonnenofen-graz") && !home.contains("windofen"),
        "{home}"
    );
    for (query, found) in [
        ("", true),
        ("?q=solar", true),
        ("?q=SOL+ove", true),
        ("?q=sonnenofen", true),
        ("?q=wind", false),
        ("?q=solar+wind", false),
        ("?state=ended", false),
        ("?state=all", true),
        ("?q=%27%26%7C!()%3A*%3C-%3E%5C", true),
        ("?page=999999999999", true),
        ("?page=49", true),
        ("?state=nonsense&page=-1", true),
    ] {
        let page = guest.get(&format!("/search{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        let shown = page.body.contains("/campaigns/sonnenofen-graz");
        assert_eq!(shown, found, "{query}");
        assert!(!page.body.contains("windofen"), "{query}");
    }
    let kept = guest.get("/search?q=%22%3E%3Cscript%3E&state=all").await.body;
    assert!(!kept.contains("<script>"));
}
