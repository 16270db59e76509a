//! What an act on money asks for. New recovery codes stand for all of them: their page takes `Proven`, their form
//! `ProvenPosted`.

use felag_tests::World;
use felag_tests::people::PASSWORD;
use felag_tests::proving::give;
use time::Duration;

const ACT: &str = "/my/second-factor/recovery-codes";

#[tokio::test]
async fn whoever_has_no_factor_is_led_to_set_one_up_and_back() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let to_settings = "/my/second-factor?next=%2Fmy%2Fsecond-factor%2Frecovery-codes%3Fa%3D1%26b%3D2";
    let led = ada.browser.get(&format!("{ACT}?a=1&b=2")).await.expect(303);
    assert_eq!(led.location(), to_settings);
    let page = ada.browser.follow(led).await.expect(200);
    assert!(page.says("touches money"), "{}", page.words());
    let led = ada.browser.post_form(ACT, &[]).await.expect(303);
    assert!(
        led.location().starts_with("/my/second-factor?next="),
        "{}",
        led.location()
    );

    let begun = ada
        .browser
        .submit(&page, "/my/second-factor", &[("password", PASSWORD)])
        .await;
    let setup = ada.browser.follow(begun.expect(303)).await.expect(200);
    let phone = felag_tests::proving::Phone::reading(&setup);
    let fields = [("code", phone.next_code())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let done = ada
        .browser
        .submit(&setup, "/my/second-factor/setup", &fields)
        .await
        .expect(200);
    assert!(
        done.text.contains(&format!("href=\"{ACT}?a=1&#38;b=2\"")),
        "on to where it began"
    );
    ada.browser.get(ACT).await.expect(200);
}

#[tokio::test]
async fn guests_sign_in_first_and_an_address_must_be_confirmed() {
    let world = World::new().await;
    let guest = world.browser();
    assert!(
        guest
            .get(ACT)
            .await
            .expect(303)
            .location()
            .starts_with("/sign-in?next=")
    );
    assert!(
        guest
            .post_form(ACT, &[])
            .await
            .expect(303)
            .location()
            .starts_with("/sign-in")
    );
    let ada = world.person("ada").await;
    world.second_factor(&ada).await;
    sqlx::query("update person set email_confirmed_at = null")
        .execute(&world.owner)
        .await
        .unwrap();
    let refused = ada.browser.get(ACT).await.expect(403);
    assert!(
        refused.says("First confirm your e-mail address"),
        "{}",
        refused.words()
    );
    ada.browser.post_form(ACT, &[]).await.expect(403);
}

#[tokio::test]
async fn a_code_counts_for_a_quarter_of_an_hour_in_the_sign_in_it_was_given_in() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    ada.browser.get(ACT).await.expect(200);
    let other = world.browser();
    world.sign_in(&other, &ada.email).await;
    let led = other.get(&format!("{ACT}?a=1")).await.expect(303);
    assert_eq!(
        led.location(),
        "/my/second-factor/confirmation?next=%2Fmy%2Fsecond-factor%2Frecovery-codes%3Fa%3D1"
    );
    let page = other.follow(led).await.expect(200);
    let fields = [("code", phone.next_code())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let back = other
        .submit(&page, "/my/second-factor/confirmation", &fields)
        .await
        .expect(303);
    assert_eq!(back.location(), format!("{ACT}?a=1"));

    world
        .code_was_given(&ada, Duration::minutes(15) - Duration::seconds(20))
        .await;
    ada.browser.get(ACT).await.expect(200);
    world.code_was_given(&ada, Duration::minutes(15)).await;
    assert!(
        ada.browser
            .get(ACT)
            .await
            .expect(303)
            .location()
            .contains("/confirmation?")
    );
}

#[tokio::test]
async fn the_sandbox_clock_does_not_make_a_code_old() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.second_factor(&ada).await;
    world.ctx.clock.show(world.ctx.now() + Duration::days(10));
    ada.browser.get(ACT).await.expect(200);
}

#[tokio::test]
async fn a_form_that_comes_too_late_changes_nothing_and_says_where_to_go() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.second_factor(&ada).await;
    let codes =
        "select count(*) from recovery_code where created_at = (select min(created_at) from recovery_code)";
    let page = ada.browser.get(ACT).await.expect(200);
    world.code_was_given(&ada, Duration::minutes(16)).await;
    world.ctx.clock.show(world.ctx.now() + Duration::SECOND);
    let refused = ada.browser.submit(&page, ACT, &[]).await.expect(403);
    assert!(
        refused.says("First give a code") && refused.says("Nothing was changed"),
        "{}",
        refused.words()
    );
    assert!(
        refused
            .text
            .contains("href=\"/my/second-factor/confirmation?next="),
        "{}",
        refused.text
    );
    assert_eq!(world.count(codes).await, 10, "the old ones stand");
    let mails = world.kinds_of_mails_to(&ada.email).await;
    assert!(!mails.contains(&"recovery_codes_made".to_string()));
}

#[tokio::test]
async fn a_form_without_the_right_token_is_refused_whatever_was_proven() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    let eve = world.person("eve").await.browser.csrf().await;
    for csrf in ["", "0", &eve] {
        let refused = ada.browser.post_raw(ACT, &[("csrf", csrf)]).await.expect(403);
        assert!(!refused.says("give a code"), "{}", refused.words());
        for path in [
            "/my/second-factor/confirmation",
            "/my/second-factor/off",
            "/my/second-factor/lost",
        ] {
            let fields = [
                ("csrf", csrf),
                ("password", PASSWORD),
                ("code", &phone.recovery_codes[0]),
            ];
            ada.browser.post_raw(path, &fields).await.expect(403);
        }
    }
    assert_eq!(
        world
            .count("select count(*) from recovery_code where used_at is null")
            .await,
        10
    );
}

#[tokio::test]
async fn a_new_password_does_not_stand_in_for_the_factor() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    let thief = world.browser();
    let page = thief.get("/password-reset").await.expect(200);
    thief
        .submit(&page, "/password-reset", &[("email", &ada.email)])
        .await
        .expect(200);
    world.quiet().await;
    let link = world
        .mails_to(&ada.email)
        .await
        .pop()
        .unwrap()
        .link("/password-reset/");
    let page = thief.get(&link).await.expect(200);
    let fields = [("password", "another password 2026")];
    thief.submit(&page, "/password-reset/", &fields).await.expect(303);

    assert!(
        thief
            .get(ACT)
            .await
            .expect(303)
            .location()
            .contains("/confirmation?")
    );
    thief.post_form(ACT, &[]).await.expect(403);
    let fields = [("password", "another password 2026"), ("code", "")];
    thief
        .post_form("/my/second-factor/off", &fields)
        .await
        .expect(422);
    thief.post_form("/my/second-factor", &fields).await.expect(303);
    assert_eq!(
        thief.get("/my/second-factor/setup").await.expect(303).location(),
        "/my/second-factor"
    );
    give(&thief, &phone.next_code()).await.expect(303);
    thief.get(ACT).await.expect(200);
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    for next in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let query = form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        for path in ["/my/second-factor", "/my/second-factor/confirmation"] {
            let page = ada.browser.get(&format!("{path}?next={query}")).await.expect(200);
            assert!(
                !page.text.contains("evil.example") && !page.text.contains("alert(1)"),
                "{next}"
            );
        }
    }
    let fields = [
        ("code", phone.recovery_codes[0].as_str()),
        ("next", "//evil.example"),
    ];
    let done = ada
        .browser
        .post_form("/my/second-factor/confirmation", &fields)
        .await
        .expect(303);
    assert_eq!(done.location(), "/my/second-factor?done=code&left=9");
}
