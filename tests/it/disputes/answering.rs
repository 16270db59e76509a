//! What a project says to the bank: once, after a step that repeats it, by those who answer for the money.

use serde_json::json;
use time::Duration;

use super::stage;

#[tokio::test]
async fn evidence_goes_to_the_bank_once_and_decides() {
    let (all, _) = stage().await;
    all.disputed(false).await;
    let browser = &all.owner.browser;
    let sent = all.answer(browser, "winning_evidence").await.expect(303);
    let page = browser.get(&sent.location()).await.expect(200);
    assert!(page.says("on its way to the bank"), "{}", page.words());
    assert!(!page.text.contains("/evidence/check"), "answered once");
    all.world.advance_by(Duration::hours(2)).await;
    assert_eq!(all.dispute_state().await, "won");
    assert_eq!(all.figures().await, (5_000, 0));
    all.all_is_well().await;
    let noted = "select count(*) from audit_row where kind = 'dispute.evidence_sent' and not refused";
    assert_eq!(all.world.count(noted).await, 1);
}

#[tokio::test]
async fn the_same_answer_many_times_is_sent_once() {
    let (all, _) = stage().await;
    all.disputed(false).await;
    let path = all.dispute_path().await;
    let browser = &all.owner.browser;
    let page = browser.get(&path).await.expect(200);
    let fields = [
        ("product", "A microscope kit."),
        ("communication", ""),
        ("other", ""),
    ];
    let check = browser
        .submit(&page, &format!("{path}/evidence/check"), &fields)
        .await
        .expect(200);
    let action = format!("{path}/evidence");
    let sends = (0..16).map(|_| browser.submit(&check, &action, &[]));
    let replies = futures::future::join_all(sends).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 303).count(), 1);
    assert!(replies.iter().all(|reply| [303, 422].contains(&reply.status)));
    all.world.quiet().await;
    let written = "select count(*) from operation where kind = 'send_evidence'";
    assert_eq!(all.world.count(written).await, 1);
}

#[tokio::test]
async fn accepting_loses_it_at_once() {
    let (all, _) = stage().await;
    all.disputed(false).await;
    let path = format!("{}/acceptance", all.dispute_path().await);
    let browser = &all.owner.browser;
    let page = browser.get(&path).await.expect(200);
    assert!(page.says("€33.00"), "{}", page.words());
    browser.submit(&page, &path, &[]).await.expect(303);
    all.world.quiet().await;
    assert_eq!(all.dispute_state().await, "lost");
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
    // And once only.
    browser.submit(&page, &path, &[]).await.expect(422);
    let refused = "select count(*) from audit_row where kind = 'dispute.accepted' and refused";
    assert_eq!(all.world.count(refused).await, 1);
}

#[tokio::test]
async fn nothing_is_sent_that_says_nothing_or_comes_too_late() {
    let (all, _) = stage().await;
    let dispute = all.disputed(false).await;
    let path = all.dispute_path().await;
    let browser = &all.owner.browser;
    let page = browser.get(&path).await.expect(200);
    let fields = [("product", " "), ("communication", ""), ("other", "")];
    let refused = browser
        .submit(&page, &format!("{path}/evidence/check"), &fields)
        .await
        .expect(422);
    assert!(refused.says("at least one of the three"), "{}", refused.words());
    all.bank(&dispute, "lose").await;
    let fields = [("product", "A kit."), ("communication", ""), ("other", "")];
    let late = browser
        .submit(&page, &format!("{path}/evidence/check"), &fields)
        .await
        .expect(422);
    assert!(late.says("does not listen any more"), "{}", late.words());
}

#[tokio::test]
async fn only_those_who_answer_for_the_money_and_stewards_see_disputes() {
    let (all, steward) = stage().await;
    all.disputed(false).await;
    let path = all.dispute_path().await;
    let stranger = all.world.person("stranger").await;
    all.world.prove(&stranger).await;
    stranger.browser.get(&path).await.expect(404);
    stranger.browser.get("/disputes").await.expect(403);
    all.world.browser().get(&path).await.expect(303);
    let list = steward.browser.get("/disputes").await.expect(200);
    assert!(
        list.says("A microscope for every school") && list.says("€33.00"),
        "{}",
        list.words()
    );
    steward.browser.get(&path).await.expect(200);
    let list = format!("/campaigns/{}/disputes", all.campaign.slug);
    let list = all.owner.browser.get(&list).await.expect(200);
    assert!(list.says("Open"), "{}", list.words());
}

#[tokio::test]
async fn a_provider_that_took_the_answer_and_did_not_say_so_is_asked() {
    for effect in ["error_500_after", "error_500_stored", "conflict", "reset_before"] {
        let (all, _) = stage().await;
        all.disputed(false).await;
        let fault = json!({ "match": "POST /v1/disputes/*", "effect": effect, "times": 2 });
        all.world.sandbox_control("faults", &fault).await;
        all.answer(&all.owner.browser, "winning_evidence")
            .await
            .expect(303);
        all.world.advance_by(Duration::days(1)).await;
        assert_eq!(all.dispute_state().await, "won", "{effect}");
        all.all_is_well().await;
    }
}
