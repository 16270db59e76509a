//! Loans in trouble: late, in default, given up, recovered; and repayments that a bank takes back.

use felag::repayments;
use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::paying_out::press;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::lending::{DUE, lend_to, lent};
use super::paying::pay;

/// A bank takes the one repayment back for good.
pub async fn come_back(world: &World) {
    let sql = "select charge_ref from repayment where state = 'credited' limit 1";
    let charge: String = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
    let wish = json!({ "charge": charge, "reason": "debit_not_authorized" });
    let opened = world.sandbox_control("disputes", &wish).await;
    world.quiet().await;
    let id = opened["id"].as_str().unwrap_or_else(|| panic!("{opened}"));
    world
        .sandbox_control(&format!("disputes/{id}"), &json!({ "do": "lose" }))
        .await;
    world.quiet().await;
}

#[tokio::test]
async fn a_loan_that_nobody_pays_is_late_then_in_default_then_given_up_and_recoveries_are_split() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(17))
        .await;
    assert_eq!(lent.state(&world).await, "late");
    let late = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    let late = late.iter().filter(|kind| *kind == "loan_late_lender").count();
    assert_eq!(late, 2, "told on day 1 and day 16");
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(92))
        .await;
    assert_eq!(lent.state(&world).await, "defaulted");
    let told = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    assert!(told.contains(&"loan_state".into()), "{told:?}");

    world.come_back(&steward).await;
    let action = format!("/campaigns/{}/loan/write-off", lent.campaign.slug);
    press(&steward.browser, &lent.page(), &action, &[("reason", " ")])
        .await
        .expect(422);
    let reason = [("reason", "The association was dissolved.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    world.quiet().await;
    assert_eq!(lent.state(&world).await, "written_off");
    assert_eq!(lent.balance(&world, AccountCode::WrittenOff).await, -120_000);
    lent.is_right(&world).await;

    world.come_back(&lent.owner).await;
    pay(&world, &lent, "120").await;
    assert_eq!(lent.of_lender(&world, 0).await, 7_000);
    assert_eq!(lent.of_lender(&world, 1).await, 5_000);
    assert_eq!(lent.state(&world).await, "written_off");
    lent.is_right(&world).await;
    let page = world.browser().get("/loans/statistics").await.expect(200);
    assert!(page.says("1,080.00") && page.says("100.0 %"), "{}", page.words());
}

#[tokio::test]
async fn a_repayment_that_comes_back_is_taken_from_what_lenders_still_have_and_is_owed_again() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    world.come_back(&lent.owner).await;
    pay(&world, &lent, "404.01").await;
    come_back(&world).await;
    assert_eq!(
        lent.of_lender(&world, 0).await + lent.of_lender(&world, 1).await,
        0
    );
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000);
    let fee = world
        .count("select (fee_held_minor + fee_payable_minor + fee_receivable_minor)::bigint from dispute")
        .await;
    assert_eq!(
        lent.balance(&world, AccountCode::Receivable).await,
        fee,
        "the project owes what the bank's question cost"
    );
    lent.is_right(&world).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let due = format!("{}.{:02}", (40_401 + fee) / 100, (40_401 + fee) % 100);
    assert!(form.says(&due), "{due}: {}", form.words());
}

#[tokio::test]
async fn a_steward_may_say_that_a_loan_is_in_default_and_it_is_cured_when_nothing_is_past_due() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world.prove(&steward).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(3))
        .await;
    world.come_back(&steward).await;
    let action = format!("/campaigns/{}/loan/default", lent.campaign.slug);
    let reason = [("reason", "It filed for insolvency.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    assert_eq!(lent.state(&world).await, "defaulted");
    world.come_back(&lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    // 404.01 and 3 days of 6 % on 398.01.
    assert!(form.says("404.21"), "{}", form.words());
    pay(&world, &lent, "404.21").await;
    assert_eq!(lent.state(&world).await, "repaying");
    lent.is_right(&world).await;
}

/// A loan, its oldest open day, what is outstanding, and the years in which it defaulted, began and ended.
type StatisticsRow = (Uuid, Option<time::Date>, i64, Option<i32>, i32, Option<i32>);

/// The figures that are published, once more from the rows of instalments, notes, shares and repayments alone.
async fn statistics_are_right(world: &World) {
    let shown = repayments::statistics(&world.ctx).await.unwrap();
    let one = shown.first().unwrap();
    let today = world.ctx.now().date();
    let loans: Vec<StatisticsRow> = sqlx::query_as(
        "select campaign_id,
                (select min(due_on) from instalment join loan_running using (campaign_id, plan)
                 where instalment.campaign_id = loan.campaign_id
                   and instalment.principal_minor + interest_minor + fee_minor + late_interest_minor
                       > paid_principal_minor + paid_interest_minor + paid_fee_minor + paid_late_minor),
                (select sum(share_minor - principal_credited_minor - lost_minor)::bigint from loan_share
                 where loan_share.campaign_id = loan.campaign_id),
                (select min(extract(year from created_at))::int from loan_note
                 where loan_note.campaign_id = loan.campaign_id and kind = 'defaulted'),
                extract(year from paid_out_at)::int, extract(year from ended_at)::int
         from loan where paid_out_at is not null",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(one.loans, i64::try_from(loans.len()).unwrap());
    let mut late = std::collections::BTreeMap::new();
    let mut defaults = std::collections::BTreeMap::new();
    for (_, oldest, outstanding, defaulted, begun, ended) in loans {
        let days = oldest.map_or(0, |day| (today - day).whole_days());
        let bucket = match days {
            ..=0 => "on_time",
            1..=15 => "1-15",
            16..=30 => "16-30",
            31..=60 => "31-60",
            61..=90 => "61-90",
            _ => "over_90",
        };
        if outstanding > 0 {
            let of: &mut (i64, i64) = late.entry(bucket).or_default();
            (of.0, of.1) = (of.0 + 1, of.1 + outstanding);
        }
        for year in begun..=ended.unwrap_or(today.year()) {
            if defaulted.is_none_or(|defaulted| defaulted >= year) {
                let of: &mut (i64, i64) = defaults.entry(year).or_default();
                (of.0, of.1) = (of.0 + i64::from(defaulted == Some(year)), of.1 + 1);
            }
        }
    }
    let shown_late: std::collections::BTreeMap<_, _> = one
        .late
        .iter()
        .map(|(bucket, (count, sum))| (*bucket, (*count, sum.minor())))
        .collect();
    assert_eq!(shown_late, late);
    assert_eq!(one.defaults, defaults);
    let (lent, outstanding, lost) = repayments::recomputed(&world.ctx.db, felag_domain::money::Currency::EUR)
        .await
        .unwrap();
    assert_eq!((one.lent, one.outstanding, one.lost), (lent, outstanding, lost));
}

#[tokio::test]
async fn the_published_figures_are_those_of_the_books_at_every_age_of_a_loan() {
    let world = World::new().await;
    let lent = lent(&world).await;
    statistics_are_right(&world).await;
    for days in [0, 1, 16, 31, 61, 91, 300] {
        world
            .advance_to(DUE[0].midnight().assume_utc() + Duration::days(days) + Duration::HOUR * 7)
            .await;
        statistics_are_right(&world).await;
    }
    assert_eq!(lent.state(&world).await, "defaulted");
    super::lending::owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "50").await;
    assert_eq!(lent.state(&world).await, "recovering");
    statistics_are_right(&world).await;
    let page = world.browser().get("/loans/statistics").await.expect(200);
    assert!(page.says("100.0 %"), "{}", page.words());
    // Lenders are told in the morning.
    world.advance_by(Duration::hours(26)).await;
    let told = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    for kind in ["loan_late_lender", "loan_state", "loan_credited"] {
        assert!(told.contains(&kind.into()), "{kind}: {told:?}");
    }
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    for kind in ["loan_upcoming", "loan_late", "loan_collected"] {
        assert!(told.contains(&kind.into()), "{kind}: {told:?}");
    }
}

#[tokio::test]
async fn the_figures_of_two_currencies_stand_in_tables_of_their_own() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let second = world.open_campaign(&lent.owner, &Ask::default()).await;
    lend_to(&world, &second, &lent.owner, &lent.lenders).await;
    sqlx::query("update loan_running set currency = 'SEK' where campaign_id = $1")
        .bind(second.id.as_uuid())
        .execute(&world.owner)
        .await
        .unwrap();
    let page = world.browser().get("/loans/statistics").await.expect(200);
    for words in ["How late, EUR", "How late, SEK", "Defaults by year, SEK"] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    super::lending::back(&world, &lent.lenders[0]).await;
    let mine = lent.lenders[0].browser.get("/my/loans").await.expect(200);
    assert!(mine.says("Month by month, SEK"), "{}", mine.words());
    for page in [&page, &mine] {
        let ids: Vec<&str> = page
            .text
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
    }
}

#[tokio::test]
async fn a_loan_that_was_cured_may_be_late_again_and_a_part_payment_is_no_recovery() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(3))
        .await;
    super::lending::owner_back(&world, &steward).await;
    let action = format!("/campaigns/{}/loan/default", lent.campaign.slug);
    let reason = [("reason", "It filed for insolvency.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    super::lending::owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.21").await;
    assert_eq!(lent.state(&world).await, "repaying");
    sqlx::query("delete from loan_mandate")
        .execute(&world.owner)
        .await
        .unwrap();
    world
        .advance_to(DUE[1].midnight().assume_utc() + Duration::days(3))
        .await;
    assert_eq!(lent.state(&world).await, "late");
    super::lending::owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "10").await;
    assert_eq!(lent.state(&world).await, "late");
    let ways = world
        .count("select count(*) from repayment where way = 'recovery'")
        .await;
    assert_eq!(ways, 1, "only what was paid while it was in default");
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_debit_that_was_lost_paid_again_and_then_won_pays_for_the_loan_and_leaves_nothing_below_zero() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    super::lending::owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.01").await;
    come_back(&world).await;
    let fee = lent.balance(&world, AccountCode::Receivable).await;
    let again = 40_401 + fee;
    pay(&world, &lent, &format!("{}.{:02}", again / 100, again % 100)).await;
    assert_eq!(lent.balance(&world, AccountCode::Receivable).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000 - 39_801);

    let id: String = sqlx::query_scalar("select provider_ref from dispute")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    world
        .sandbox_control(&format!("disputes/{id}"), &json!({ "do": "win" }))
        .await;
    world.quiet().await;
    assert_eq!(lent.balance(&world, AccountCode::Receivable).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    let debt = lent.balance(&world, AccountCode::Debt).await;
    assert!(debt < 120_000 - 39_801, "{debt}");
    let got = lent.of_lender(&world, 0).await + lent.of_lender(&world, 1).await;
    assert!(got >= 2 * 40_401, "{got}");
    lent.is_right(&world).await;
}
