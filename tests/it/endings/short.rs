//! The minimum was promised and not collected.

use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use time::Duration;

use super::{Stage, stage};

/// 70 promised, 40 collected of a minimum of 60.
async fn short(if_short: &'static str) -> Stage {
    let ask = Ask {
        minimum_minor: 6_000,
        if_short,
        ..Ask::default()
    };
    let gifts = [
        Gift::of("25", ""),
        Gift::of("15", ""),
        Gift::of("30", "").with_card(card::DECLINES_LATER),
    ];
    let stage = stage(&ask, &gifts).await;
    stage.after_deadline(Duration::days(7) + Duration::hours(3)).await;
    assert_eq!(stage.state().await, "short");
    stage
}

#[tokio::test]
async fn without_another_rule_everything_goes_back_after_two_days() {
    let stage = short("unwind").await;
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.world().advance_by(Duration::days(3)).await;
    assert_eq!(stage.state().await, "unwound");
    assert_eq!(stage.all.figures().await, (0, 7_000));
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
    let kinds = stage.kinds("backer0@felag.example").await;
    for kind in ["all_goes_back", "refund_done"] {
        assert!(kinds.contains(&kind.to_string()), "{kinds:?}");
    }
    let kinds = stage.kinds("owner@felag.example").await;
    assert!(kinds.contains(&"ending_unwound".to_string()), "{kinds:?}");
    let page = format!("/campaigns/{}", stage.campaign().slug);
    let page = stage.world().browser().get(&page).await.expect(200);
    assert!(page.says("paid back in full"), "{}", page.words());
}

#[tokio::test]
async fn a_campaign_that_said_so_goes_on_once_everybody_could_take_the_money_back() {
    let stage = short("60").await;
    let page = format!("/campaigns/{}", stage.campaign().slug);
    let page = stage.world().browser().get(&page).await.expect(200);
    assert!(page.says("goes on from 60 % of it"), "{}", page.words());
    assert!(page.says("may take the money back until"), "{}", page.words());
    let mails = stage.world().mails_to("backer1@felag.example").await;
    let mail = mails.iter().find(|mail| mail.kind == "campaign_goes_on").unwrap();
    assert!(mail.link("/take-back").ends_with("/take-back"));
    // Nobody whose card failed is asked.
    let kinds = stage.kinds("backer2@felag.example").await;
    assert!(!kinds.contains(&"campaign_goes_on".to_string()), "{kinds:?}");
    stage.world().advance_by(Duration::days(6)).await;
    assert_eq!(stage.state().await, "short");
    stage.world().advance_by(Duration::days(2)).await;
    assert_eq!(stage.state().await, "funded");
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.all.all_is_well().await;
    // Afterwards the link says that it is over, and nothing goes back.
    let late = stage
        .world()
        .browser()
        .get(&mail.link("/take-back"))
        .await
        .expect(422);
    assert!(late.says("not possible any more"), "{}", late.words());
}

#[tokio::test]
async fn who_takes_the_money_back_has_it_back_once_and_too_many_unwind_the_rest() {
    let stage = short("60").await;
    let mails = stage.world().mails_to("backer1@felag.example").await;
    let mail = mails.iter().find(|mail| mail.kind == "campaign_goes_on").unwrap();
    let browser = stage.world().browser();
    let link = mail.link("/take-back");
    let page = browser.get(&link).await.expect(200);
    assert!(page.says("€15.00"), "{}", page.words());
    let sends = (0..8).map(|_| browser.submit(&page, &link, &[]));
    for reply in futures::future::join_all(sends).await {
        reply.expect(303);
    }
    stage.world().quiet().await;
    assert_eq!(stage.all.figures().await, (2_500, 4_500));
    assert_eq!(stage.world().count("select count(*) from refund").await, 1);
    // 25 of 60 is less than the rule asks for.
    stage.world().advance_by(Duration::days(8)).await;
    assert_eq!(stage.state().await, "unwound");
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
    assert_eq!(stage.world().count("select count(*) from refund").await, 2);
}

#[tokio::test]
async fn a_steward_may_decide_otherwise_with_a_reason() {
    let stage = short("unwind").await;
    stage.decide(&stage.steward.browser, "go-on").await.expect(303);
    stage.world().advance_by(Duration::days(8)).await;
    assert_eq!(stage.state().await, "funded");
    let noted =
        "select count(*) from audit_row where kind = 'campaign.went_on' and reason like 'The workshop%'";
    assert_eq!(stage.world().count(noted).await, 1);
    stage.all.all_is_well().await;

    let stage = short("60").await;
    stage.decide(&stage.steward.browser, "unwind").await.expect(303);
    stage.world().advance_by(Duration::days(8)).await;
    assert_eq!(stage.state().await, "unwound");
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
}

#[tokio::test]
async fn the_owner_decides_nothing_about_a_short_campaign() {
    let stage = short("unwind").await;
    let path = format!("/campaigns/{}/decision", stage.campaign().slug);
    let page = stage.all.owner.browser.get(&path).await.expect(200);
    assert!(page.says("nothing to decide"), "{}", page.words());
}

#[tokio::test]
async fn a_refund_that_fails_leaves_the_money_with_the_unwound_campaign_and_a_steward_asks_again() {
    let ask = Ask {
        minimum_minor: 6_000,
        ..Ask::default()
    };
    let gifts = [
        Gift::of("40", "").with_card("4000000000005126"),
        Gift::of("30", "").with_card(card::DECLINES_LATER),
    ];
    let stage = stage(&ask, &gifts).await;
    stage.after_deadline(Duration::days(11)).await;
    assert_eq!(stage.state().await, "unwound");
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.all.all_is_well().await;
    let kinds = stage.kinds("decider@felag.example").await;
    assert!(kinds.contains(&"refund_not_arrived".to_string()), "{kinds:?}");
    stage
        .all
        .give_back(&stage.steward.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    stage.world().quiet().await;
    assert_eq!(stage.all.figures().await, (0, 7_000));
}
