//! What a dispute takes, what it gives back, and who is told.

use felag_tests::giving::Gift;
use time::Duration;

use super::{FEE, stage};
use crate::refunds::funded;

#[tokio::test]
async fn an_open_dispute_takes_amount_and_fee_and_freezes_payouts_and_winning_gives_both_back() {
    let (all, steward) = stage().await;
    let dispute = all.disputed(false).await;
    assert_eq!(all.dispute_state().await, "open");
    assert!(all.is_frozen().await);
    assert_eq!(all.figures().await, (2_000, 3_000));
    // 30 of the gift and 15 of the fee from what is held, 3 from the tips.
    assert_eq!(all.balance("held").await, 5_000 - 3_000 - FEE);
    assert_eq!(all.balance("platform:tips").await, 0);
    all.all_is_well().await;
    for address in ["owner@felag.example", steward.email.as_str()] {
        let kinds = all.world.kinds_of_mails_to(address).await;
        assert!(
            kinds.contains(&"dispute_opened".to_string()),
            "{address}: {kinds:?}"
        );
    }
    all.bank(&dispute, "win").await;
    assert_eq!(all.dispute_state().await, "won");
    assert!(!all.is_frozen().await);
    assert_eq!(all.figures().await, (5_000, 0));
    assert_eq!(all.balance("held").await, 5_000);
    assert_eq!(all.balance("platform:tips").await, 300);
    all.all_is_well().await;
    let kinds = all.world.kinds_of_mails_to("owner@felag.example").await;
    assert_eq!(kinds.last().map(String::as_str), Some("dispute_won"), "{kinds:?}");
}

#[tokio::test]
async fn a_lost_dispute_takes_the_money_for_good_and_can_still_be_won() {
    let (all, _) = stage().await;
    let dispute = all.disputed(false).await;
    all.bank(&dispute, "lose").await;
    assert_eq!(all.dispute_state().await, "lost");
    assert!(!all.is_frozen().await);
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
    all.world.advance_by(Duration::days(3)).await;
    all.bank(&dispute, "win").await;
    assert_eq!(all.dispute_state().await, "won");
    assert_eq!(all.figures().await, (5_000, 0));
    assert_eq!(all.balance("held").await, 5_000);
    all.all_is_well().await;
}

#[tokio::test]
async fn an_inquiry_moves_no_money_until_it_becomes_a_dispute() {
    let (all, _) = stage().await;
    let dispute = all.disputed(true).await;
    assert_eq!(all.dispute_state().await, "inquiry");
    assert!(!all.is_frozen().await);
    assert_eq!(all.figures().await, (5_000, 0));
    assert_eq!(all.balance("held").await, 5_000);
    all.all_is_well().await;
    all.bank(&dispute, "escalate").await;
    assert_eq!(all.dispute_state().await, "open");
    assert!(all.is_frozen().await);
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
    let kinds = all.world.kinds_of_mails_to("owner@felag.example").await;
    let told: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("dispute_")).collect();
    assert_eq!(told, ["dispute_inquiry", "dispute_opened"]);
}

#[tokio::test]
async fn an_inquiry_that_ends_by_itself_costs_nothing() {
    let (all, _) = stage().await;
    all.disputed(true).await;
    all.world.advance_by(Duration::days(21)).await;
    assert_eq!(all.dispute_state().await, "won");
    assert_eq!(all.figures().await, (5_000, 0));
    assert_eq!(
        all.world
            .count("select count(*) from entry where kind like 'dispute%'")
            .await,
        0
    );
    all.all_is_well().await;
    let kinds = all.world.kinds_of_mails_to("owner@felag.example").await;
    assert!(kinds.contains(&"dispute_inquiry_over".to_string()), "{kinds:?}");
}

#[tokio::test]
async fn a_dispute_after_the_payout_is_owed_by_the_project() {
    let (all, _) = stage().await;
    let sql = "update account_balance set balance_minor = 1000 where book_id = $1 and account = 'held'";
    sqlx::query(sql)
        .bind(all.campaign.id.as_uuid())
        .execute(&all.world.owner)
        .await
        .unwrap();
    let dispute = all.disputed(false).await;
    assert_eq!(all.balance("held").await, 0);
    assert_eq!(all.balance("receivable").await, 2_000 + FEE);
    all.bank(&dispute, "win").await;
    assert_eq!(all.balance("held").await, 1_000);
    assert_eq!(all.balance("receivable").await, 0);
}

#[tokio::test]
async fn a_card_that_disputes_by_itself_is_lost_when_nobody_answers_and_people_were_reminded() {
    let all = funded(&[
        Gift::of("30", "").with_card("4000000000000259"),
        Gift::of("20", ""),
    ])
    .await;
    let kinds = all.world.kinds_of_mails_to("owner@felag.example").await;
    assert!(kinds.contains(&"dispute_due".to_string()), "{kinds:?}");
    all.world.advance_by(Duration::days(10)).await;
    assert_eq!(all.dispute_state().await, "lost");
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
}

#[tokio::test]
async fn the_public_book_shows_what_a_bank_took_and_names_nobody() {
    let (all, _) = stage().await;
    let dispute = all.disputed(false).await;
    all.bank(&dispute, "win").await;
    let book = format!("/campaigns/{}/books", all.campaign.slug);
    let book = all.world.browser().get(&book).await.expect(200);
    assert!(
        book.says("Taken back by a bank") && book.says("Given back by a bank"),
        "{}",
        book.words()
    );
}
