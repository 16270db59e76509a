//! Setting it up, the recovery codes, and switching it off.

use felag::projects;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::people::PASSWORD;
use felag_tests::proving::{begin, give, recovery_codes};

const SETTINGS: &str = "/my/second-factor";
const SETUP: &str = "/my/second-factor/setup";

#[tokio::test]
async fn a_factor_is_begun_with_the_password_and_counts_from_the_first_right_code() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let page = ada.browser.get(SETTINGS).await.expect(200);
    let wrong = ada
        .browser
        .submit(&page, SETTINGS, &[("password", "not hers at all")])
        .await;
    assert!(wrong.expect(422).says("This is not your password"));
    assert_eq!(world.count("select count(*) from second_factor").await, 0);

    let phone = begin(&ada).await;
    let page = ada.browser.get(SETUP).await.expect(200);
    assert!(page.text.contains("<svg class=\"square\"") && page.text.contains("otpauth://totp/Felag:ada%40"));
    for (typed, words) in [
        ("", "Write the code"),
        ("12345", "six digits"),
        (&phone.code(5), "not the code"),
    ] {
        let refused = ada
            .browser
            .submit(&page, SETUP, &[("code", typed)])
            .await
            .expect(422);
        assert!(refused.says(words), "{typed}: {}", refused.words());
    }
    assert_eq!(
        world
            .count("select count(*) from second_factor where confirmed_at is not null")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from recovery_code").await, 0);

    let done = ada
        .browser
        .submit(&page, SETUP, &[("code", &phone.next_code())])
        .await
        .expect(200);
    assert_eq!(recovery_codes(&done).len(), 10);
    assert_eq!(
        world
            .count("select count(*) from second_factor where confirmed_at is not null")
            .await,
        1
    );
    let kinds = world.kinds_of_mails_to(&ada.email).await;
    assert_eq!(kinds.last().map(String::as_str), Some("factor_on"));
    let page = ada.browser.get(SETTINGS).await.expect(200);
    assert!(
        page.says("It is on") && page.says("You have 10 recovery codes left"),
        "{}",
        page.words()
    );
    let row =
        "select count(*) from audit_row where kind = 'second_factor.switched_on' and actor_id is not null";
    assert_eq!(world.count(row).await, 1);
}

#[tokio::test]
async fn a_secret_is_shown_to_the_browser_that_began_only_and_for_half_an_hour() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = begin(&ada).await;
    let other = world.browser();
    world.sign_in(&other, &ada.email).await;
    assert_eq!(other.get(SETUP).await.expect(303).location(), SETTINGS);
    let code = phone.next_code();
    let refused = other.post_form(SETUP, &[("code", &code)]).await.expect(303);
    assert_eq!(refused.location(), SETTINGS);

    world
        .ctx
        .clock
        .show(world.ctx.now() + time::Duration::minutes(31));
    assert_eq!(ada.browser.get(SETUP).await.expect(303).location(), SETTINGS);
    let refused = ada.browser.post_form(SETUP, &[("code", &code)]).await.expect(303);
    assert_eq!(refused.location(), SETTINGS);
    assert_eq!(
        world
            .count("select count(*) from second_factor where confirmed_at is not null")
            .await,
        0
    );
}

#[tokio::test]
async fn neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    let (first, second) = (world.person("bea").await, world.person("cleo").await);
    for person in [&first, &second] {
        world.second_factor(person).await;
    }
    let lengths = "select count(*) from second_factor where octet_length(sealed) = 12 + 20 + 16";
    assert_eq!(world.count(lengths).await, 3);
    assert_eq!(
        world
            .count("select count(distinct sealed) from second_factor")
            .await,
        3
    );
    let code = phone.recovery_codes[0].replace('-', "");
    let plain = format!(
        "select count(*) from recovery_code where code_hash = convert_to('{code}', 'utf8')
            or octet_length(code_hash) <> 32"
    );
    let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(plain))
        .fetch_one(&world.owner)
        .await
        .unwrap();
    assert_eq!(found, 0);
    let leaked =
        "select count(*) from message where text_body like '%otpauth%' or text_body ~ '([0-9A-Z]{4}-){3}'";
    assert_eq!(world.count(leaked).await, 0, "no mail tells a secret");
}

#[tokio::test]
async fn recovery_codes_are_saved_as_a_file_by_their_owner_and_by_nobody_else() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = begin(&ada).await;
    let page = ada.browser.get(SETUP).await.expect(200);
    let shown = ada
        .browser
        .submit(&page, SETUP, &[("code", &phone.next_code())])
        .await
        .expect(200);
    let codes = recovery_codes(&shown);
    let action = "/my/second-factor/recovery-codes/file";
    let file = ada.browser.submit(&shown, action, &[]).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert!(
        file.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment;")
    );
    assert!(file.text.contains(&ada.email));
    assert!(
        codes.iter().all(|code| file.text.contains(code.as_str())),
        "{}",
        file.text
    );

    let eve = world.person("eve").await;
    let all = codes.join(" ");
    eve.browser
        .post_form(action, &[("codes", &all)])
        .await
        .expect(400);
    for made_up in ["", "AAAA-AAAA-AAAA-AAAA", "<script>alert(1)</script>"] {
        ada.browser
            .post_form(action, &[("codes", made_up)])
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn a_new_set_of_recovery_codes_ends_the_old_one() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    let page = ada
        .browser
        .get("/my/second-factor/recovery-codes")
        .await
        .expect(200);
    let made = ada
        .browser
        .submit(&page, "/my/second-factor/recovery-codes", &[])
        .await
        .expect(200);
    let new = recovery_codes(&made);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !phone.recovery_codes.contains(code)));
    assert!(
        give(&ada.browser, &phone.recovery_codes[0])
            .await
            .expect(422)
            .says("not the code")
    );
    give(&ada.browser, &new[0].to_lowercase().replace('-', " "))
        .await
        .expect(303);
    let kinds = world.kinds_of_mails_to(&ada.email).await;
    assert!(
        kinds.ends_with(&["recovery_codes_made".into(), "recovery_code_used".into()]),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn switching_off_takes_the_password_and_a_code_and_everybody_who_must_know_is_told() {
    let world = World::new().await;
    let (owner, ada) = (world.person("owner").await, world.person("ada").await);
    let project = world.project(&owner, "Microscopes").await;
    let mut conn = world.ctx.db.acquire().await.unwrap();
    projects::add_member(&mut conn, &world.ctx, project, ada.id, Role::Treasurer)
        .await
        .unwrap();
    let phone = world.second_factor(&ada).await;
    let page = ada.browser.get("/my/second-factor/off").await.expect(200);
    let code = phone.next_code();
    let off = async |password: &str, code: &str| {
        let fields = [("password", password), ("code", code)];
        ada.browser.submit(&page, "/my/second-factor/off", &fields).await
    };
    assert!(
        off("not hers at all", &code)
            .await
            .expect(422)
            .says("This is not your password")
    );
    assert!(off(PASSWORD, "").await.expect(422).says("Write the code"));
    assert_eq!(world.count("select count(*) from second_factor").await, 1);

    let done = off(PASSWORD, &code).await.expect(303);
    assert!(ada.browser.follow(done).await.says("Your second factor is off"));
    for table in [
        "select count(*) from second_factor",
        "select count(*) from recovery_code",
        "select count(*) from sign_in where factor_at is not null",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    let kinds = world.kinds_of_mails_to(&ada.email).await;
    assert_eq!(kinds.last().map(String::as_str), Some("factor_off"));
    let mails = world.mails_to(&owner.email).await;
    let told = mails
        .iter()
        .find(|mail| mail.kind == "members_factor_off")
        .unwrap();
    assert!(
        told.text_body.contains("Ada") && told.text_body.contains("Microscopes"),
        "{}",
        told.text_body
    );
    owner.browser.get(&told.link("/audit")).await.expect(200);
    let row =
        "select count(*) from audit_row where kind = 'second_factor.switched_off' and project_id is not null";
    assert_eq!(world.count(row).await, 1);
}
