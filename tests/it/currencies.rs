//! One campaign in each kind of currency, from the form to the bank: two decimals, none, three; and the króna, which
//! the provider counts a hundredfold. The sandbox has a table of units of its own: a wrong factor cannot hide.

use felag_domain::money::Money;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::paying_out::press;
use felag_tests::people::Person;
use time::Duration;

use crate::payouts::two_people::approve;
use crate::reconciliation::reconciled;
use crate::refunds::Funded;

/// A currency, and what is done in it.
struct Case {
    code: &'static str,
    minimum_minor: i64,
    /// As typed: the gifts, a tip on the first, and what goes back of the second.
    gifts: [&'static str; 2],
    tip: &'static str,
    back: &'static str,
    /// What the provider charges, and gives back, in its own units.
    charged: [i64; 2],
    refunded: i64,
    /// What is collected in the end, as a page writes it.
    collected: &'static str,
}

const CASES: [Case; 5] = [
    Case {
        code: "EUR",
        minimum_minor: 5_000,
        gifts: ["60.25", "50"],
        tip: "5",
        back: "10.05",
        charged: [6_525, 5_000],
        refunded: 1_005,
        collected: "€100.20",
    },
    Case {
        code: "USD",
        minimum_minor: 5_000,
        gifts: ["60.25", "50"],
        tip: "5",
        back: "10.05",
        charged: [6_525, 5_000],
        refunded: 1_005,
        collected: "$100.20",
    },
    Case {
        code: "JPY",
        minimum_minor: 5_000,
        gifts: ["6001", "5000"],
        tip: "500",
        back: "1001",
        charged: [6_501, 5_000],
        refunded: 1_001,
        collected: "¥10,000",
    },
    Case {
        code: "ISK",
        minimum_minor: 5_000,
        gifts: ["6001", "5000"],
        tip: "500",
        back: "1001",
        charged: [650_100, 500_000],
        refunded: 100_100,
        collected: "ISK 10,000",
    },
    Case {
        code: "KWD",
        minimum_minor: 50_000,
        gifts: ["60.250", "50"],
        tip: "5",
        back: "10.050",
        charged: [65_250, 50_000],
        refunded: 10_050,
        collected: "KWD 100.200",
    },
];

/// An open campaign in a currency, and the two who may move its money.
async fn open(world: &World, code: &'static str, minimum_minor: i64) -> (Opened, Person, Person) {
    let owner = world.person("owner").await;
    let treasurer = world.person("treasurer").await;
    let ask = Ask {
        currency: code,
        minimum_minor,
        full_plan_minor: 4 * minimum_minor,
        days: 7,
        rewards: Vec::new(),
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    (campaign, owner, treasurer)
}

async fn through(case: &Case) {
    let world = World::new().await;
    let (campaign, owner, treasurer) = open(&world, case.code, case.minimum_minor).await;
    for (number, amount) in case.gifts.iter().enumerate() {
        let gift = Gift {
            tip: if number == 0 {
                case.tip.into()
            } else {
                String::new()
            },
            ..Gift::of(amount, &format!("backer{number}@felag.example"))
        };
        world.pledge(&campaign, &gift).await;
    }
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    let all = Funded {
        world,
        owner,
        campaign,
    };
    let world = &all.world;
    assert_eq!(units(world, "charge").await, case.charged, "{}", case.code);

    world.prove(&all.owner).await;
    world.prove(&treasurer).await;
    all.give_back(&all.owner.browser, "backer1@felag.example", Some(case.back))
        .await
        .expect(303);
    world.quiet().await;
    assert_eq!(units(world, "refund").await, [case.refunded], "{}", case.code);
    let book = all
        .owner
        .browser
        .get(&format!("/campaigns/{}/books", all.campaign.slug))
        .await
        .expect(200);
    assert!(book.says(case.collected), "{}: {}", case.code, book.words());

    pay_out(&all, &treasurer, case.code).await;
    world.ledger_verify().await;
    let (run, found) = reconciled(world).await;
    assert_eq!(found, [], "{}", case.code);
    assert_eq!((run.transactions, run.entries), (4, 4), "{}", case.code);
    let totals = felag::reconciliation::totals(&world.ctx.db, run.id)
        .await
        .unwrap();
    let [total] = totals.as_slice() else {
        panic!("{totals:?}")
    };
    assert_eq!(total.currency.code(), case.code);
    assert_eq!(total.at_provider, total.in_books, "{}", case.code);
}

/// Everything that is held leaves, and the campaign is closed.
async fn pay_out(all: &Funded, treasurer: &Person, code: &str) {
    let world = &all.world;
    // What was proposed is more than is left: asked for anew.
    let page = format!("/campaigns/{}/payouts", all.campaign.slug);
    let first = format!("{page}/1");
    press(
        &all.owner.browser,
        &first,
        &format!("{first}/withdrawal"),
        &[("reason", "Some of it went back.")],
    )
    .await
    .expect(303);
    let held = all.balance("held").await;
    let held = Money::from_minor(held, code.parse().unwrap());
    let typed = felag_frontend::format::typed(&held);
    press(&all.owner.browser, &page, &page, &[("amount", &typed)])
        .await
        .expect(303);
    approve(treasurer, &all.campaign, 2).await.expect(303);
    world.advance_by(Duration::days(20)).await;
    let paid = "select count(*) from payout where state = 'paid' and number = 2";
    assert_eq!(world.count(paid).await, 1, "{code}");
    assert_eq!(all.balance("held").await, 0, "{code}");
    let closed = "select count(*) from campaign where state = 'closed'";
    assert_eq!(world.count(closed).await, 1, "{code}");
}

/// The amounts of all objects of a kind at the provider, in its units, the oldest first.
async fn units(world: &World, kind: &str) -> Vec<i64> {
    sqlx::query_scalar(
        "select (data->>'amount')::bigint from sandbox.object where kind = $1 and account is null
         order by (data->>'amount')::bigint desc",
    )
    .bind(kind)
    .fetch_all(&world.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn euros_go_from_the_form_to_the_bank() {
    through(&CASES[0]).await;
}

#[tokio::test]
async fn dollars_go_from_the_form_to_the_bank() {
    through(&CASES[1]).await;
}

#[tokio::test]
async fn yen_without_decimals_go_from_the_form_to_the_bank() {
    through(&CASES[2]).await;
}

#[tokio::test]
async fn kronur_which_the_provider_counts_a_hundredfold_go_from_the_form_to_the_bank() {
    through(&CASES[3]).await;
}

#[tokio::test]
async fn dinars_with_three_decimals_go_from_the_form_to_the_bank() {
    through(&CASES[4]).await;
}

/// The form of a gift comes back with these words.
async fn refused(world: &World, campaign: &Opened, amount: &str, words: &str) {
    let gift = Gift::of(amount, "guest@felag.example");
    let reply = world
        .to_checkout(&world.browser(), campaign, &gift)
        .await
        .expect(422);
    assert!(reply.says(words), "{amount}: {}", reply.words());
}

#[tokio::test]
async fn a_dinar_gift_whose_last_digit_is_not_zero_is_refused_at_the_form() {
    let world = World::new().await;
    let (campaign, owner, _) = open(&world, "KWD", 50_000).await;
    refused(&world, &campaign, "10.005", "last digit").await;
    refused(&world, &campaign, "0.010", "KWD 0.500").await;
    world
        .pledge(&campaign, &Gift::of("60", "backer0@felag.example"))
        .await;
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    world.prove(&owner).await;
    let all = Funded {
        world,
        owner,
        campaign,
    };
    let reply = all
        .check(&all.owner.browser, "backer0@felag.example", Some("1.005"))
        .await
        .expect(422);
    assert!(reply.says("last digit"), "{}", reply.words());
}

#[tokio::test]
async fn fractions_and_extremes_of_kronur_are_refused_at_the_form() {
    let world = World::new().await;
    let (campaign, ..) = open(&world, "ISK", 5_000).await;
    refused(&world, &campaign, "1000.50", "no decimals").await;
    refused(&world, &campaign, "99", "ISK 100").await;
    refused(&world, &campaign, "750001", "ISK 750,000").await;
    let rich = Gift {
        tip: "187500".into(),
        ..Gift::of("750000", "rich@felag.example")
    };
    world.pledge(&campaign, &rich).await;
}

#[tokio::test]
async fn less_than_the_provider_charges_is_refused_at_the_form() {
    let world = World::new().await;
    let (campaign, ..) = open(&world, "CZK", 50_000).await;
    refused(&world, &campaign, "14.99", "CZK 15.00").await;
    world
        .pledge(&campaign, &Gift::of("15", "small@felag.example"))
        .await;
}

#[tokio::test]
async fn a_campaign_whose_currency_the_bank_does_not_take_is_refused_before_launch() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Foreign tools").await;
    world.onboard(project, owner.id, "USD").await;
    let ask = Ask {
        rewards: Vec::new(),
        ..Ask::default()
    };
    let id = world.draft(project, &ask).await;
    let refused = felag::campaigns::lifecycle::submit(&world.ctx, id)
        .await
        .unwrap_err();
    assert!(
        format!("{refused:?}").contains("campaign-bank-currency"),
        "{refused:?}"
    );
    let drafts = "select count(*) from campaign where state = 'draft'";
    assert_eq!(world.count(drafts).await, 1);
    let slug: String = sqlx::query_scalar("select slug from campaign")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let tasks = owner
        .browser
        .get(&format!("/campaigns/{slug}/edit"))
        .await
        .expect(200);
    assert!(tasks.says("does not take EUR"), "{}", tasks.words());
    // A bank account in euros beside it.
    let link = world.onboarding_link(project, owner.id).await;
    world
        .onboard_at(&link, felag_tests::paying_out::bank::WORKS_TOO, "EUR", "finish")
        .await;
    world.quiet().await;
    world.launch(id).await;
}

#[tokio::test]
async fn a_campaign_whose_bank_came_later_in_another_currency_does_not_open() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Foreign tools").await;
    let ask = Ask {
        rewards: Vec::new(),
        ..Ask::default()
    };
    let id = world.draft(project, &ask).await;
    felag::campaigns::lifecycle::submit(&world.ctx, id).await.unwrap();
    let steward = world.steward("reader").await;
    felag::campaigns::lifecycle::approve(&world.ctx, id, steward.id, world.ctx.now())
        .await
        .unwrap();
    world.onboard(project, owner.id, "USD").await;
    world.quiet().await;
    let open = "select count(*) from campaign where state = 'open'";
    assert_eq!(world.count(open).await, 0);
    let link = world.onboarding_link(project, owner.id).await;
    world
        .onboard_at(&link, felag_tests::paying_out::bank::WORKS_TOO, "EUR", "finish")
        .await;
    world.quiet().await;
    assert_eq!(world.count(open).await, 1);
}
