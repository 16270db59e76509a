//! Which codes are taken: the time of their step, once each, and not after too many wrong ones.

use std::time::Duration;

use felag::clock::{pause, wall};
use felag_domain::person::factor;
use felag_tests::World;
use felag_tests::people::{PASSWORD, Person};
use felag_tests::proving::{Phone, begin, give};
use futures::future::join_all;

const CONFIRMATION: &str = "/my/second-factor/confirmation";

/// Somebody with a factor that was set up a while ago: no code of these minutes was taken.
async fn with_phone(world: &World, name: &str) -> (Person, Phone) {
    let person = world.person(name).await;
    let phone = world.second_factor(&person).await;
    sqlx::query("update second_factor set last_step = 0")
        .execute(&world.owner)
        .await
        .unwrap();
    world.code_was_given(&person, time::Duration::HOUR).await;
    (person, phone)
}

/// Waits until a step has just begun, if this one is about to end.
async fn early_in_a_step() -> i64 {
    while wall().unix_timestamp().rem_euclid(30) > 22 {
        pause(Duration::from_millis(200)).await;
    }
    factor::step_at(wall())
}

#[tokio::test]
async fn codes_of_the_step_before_of_now_and_of_the_next_are_taken_and_no_others() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    let step = early_in_a_step().await;
    for off in [-20, -3, -2, 2, 3] {
        let refused = give(&ada.browser, &phone.code_of(step + off)).await;
        assert_eq!(
            refused.status,
            if off == 3 { 422 } else { refused.status },
            "{off}"
        );
        assert!(refused.says("not the code"), "{off}: {}", refused.words());
        sqlx::query("update second_factor set wrong_at = '{}'")
            .execute(&world.owner)
            .await
            .unwrap();
    }
    for off in [-1, 0, 1] {
        give(&ada.browser, &phone.code_of(step + off)).await.expect(303);
    }
}

#[tokio::test]
async fn a_code_is_taken_once_in_whatever_browser_and_none_from_before_it() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    let other = world.browser();
    world.sign_in(&other, &ada.email).await;
    let step = early_in_a_step().await;
    give(&ada.browser, &phone.code_of(step)).await.expect(303);
    for (browser, of) in [(&ada.browser, step), (&other, step), (&other, step - 1)] {
        let refused = give(browser, &phone.code_of(of)).await.expect(422);
        assert!(refused.says("used already"), "{}", refused.words());
    }
    give(&other, &phone.code_of(step + 1)).await.expect(303);
    assert_eq!(
        world
            .count("select cardinality(wrong_at)::bigint from second_factor")
            .await,
        0
    );
}

#[tokio::test]
async fn of_one_code_sent_many_times_at_once_one_is_taken() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    early_in_a_step().await;
    let (code, csrf) = (phone.code(0), ada.browser.csrf().await);
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let all = join_all((0..12).map(|_| ada.browser.post_raw(CONFIRMATION, &fields))).await;
    assert_eq!(all.iter().filter(|reply| reply.status == 303).count(), 1);
    assert_eq!(all.iter().filter(|reply| reply.says("used already")).count(), 11);

    let recovery = phone.recovery_codes[0].clone();
    let fields = [("csrf", csrf.as_str()), ("code", recovery.as_str())];
    let all = join_all((0..4).map(|_| ada.browser.post_raw(CONFIRMATION, &fields))).await;
    assert_eq!(
        all.iter().filter(|reply| reply.status == 303).count(),
        1,
        "a recovery code, too"
    );
}

#[tokio::test]
async fn after_five_wrong_codes_even_the_right_one_waits_a_quarter_of_an_hour() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    early_in_a_step().await;
    // What is no code at all is no guess.
    for _ in 0..7 {
        give(&ada.browser, "12345").await.expect(422);
    }
    let wrong = [
        phone.code(4),
        phone.code(5),
        phone.code(6),
        "AAAA-AAAA-AAAA-AAAA".into(),
        phone.code(7),
    ];
    for code in &wrong {
        give(&ada.browser, code).await.expect(422);
    }
    let waiting = give(&ada.browser, &phone.code(0)).await.expect(429);
    assert!(waiting.says("Try again in 15 min"), "{}", waiting.words());
    give(&ada.browser, &phone.recovery_codes[0]).await.expect(429);
    let fields = [("password", PASSWORD), ("code", &phone.code(0))];
    ada.browser
        .post_form("/my/second-factor/off", &fields)
        .await
        .expect(429);

    world
        .ctx
        .clock
        .show(world.ctx.now() + time::Duration::minutes(15));
    give(&ada.browser, &phone.code(0)).await.expect(303);
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_counted_like_any_others() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    let csrf = ada.browser.csrf().await;
    let codes: Vec<String> = (10..40).map(|off| phone.code(off)).collect();
    let all = join_all(codes.iter().map(|code| async {
        let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
        ada.browser.post_raw(CONFIRMATION, &fields).await.status
    }))
    .await;
    assert_eq!(all.iter().filter(|status| **status == 422).count(), 5, "{all:?}");
    assert_eq!(all.iter().filter(|status| **status == 429).count(), 25, "{all:?}");
}

#[tokio::test]
async fn a_factor_that_is_being_set_up_is_guarded_against_guesses_too() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = begin(&ada).await;
    let setup = "/my/second-factor/setup";
    for off in 4..9 {
        ada.browser
            .post_form(setup, &[("code", &phone.code(off))])
            .await
            .expect(422);
    }
    ada.browser
        .post_form(setup, &[("code", &phone.code(0))])
        .await
        .expect(429);
    let again = begin(&ada).await;
    ada.browser
        .post_form(setup, &[("code", &again.code(0))])
        .await
        .expect(429);
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_phone_once() {
    let world = World::new().await;
    let (ada, phone) = with_phone(&world, "ada").await;
    let code = &phone.recovery_codes[3];
    let done = give(&ada.browser, code).await.expect(303);
    assert!(ada.browser.follow(done).await.says("9 are left"));
    ada.browser
        .get("/my/second-factor/recovery-codes")
        .await
        .expect(200);
    assert!(give(&ada.browser, code).await.expect(422).says("not the code"));
    let mail = world.mails_to(&ada.email).await.pop().unwrap();
    assert_eq!(mail.kind, "recovery_code_used");
    assert!(mail.text_body.contains("9 are left"), "{}", mail.text_body);
    let eve = world.person("eve").await;
    world.second_factor(&eve).await;
    let theirs = &phone.recovery_codes[4];
    assert!(
        give(&eve.browser, theirs).await.expect(422).says("not the code"),
        "another person's is none"
    );
}
