//! Asking people into a project, and letting them go.

use felag_tests::people::Person;
use felag_tests::{Reply, World};
use time::Duration;

const SLUG: &str = "solar-oven";
const PAGE: &str = "/projects/solar-oven/members";

/// A world with a project of `owner`.
async fn project() -> (World, Person) {
    let world = World::new().await;
    let owner = world.person("owner").await;
    world.project(&owner, "Solar oven").await;
    world.prove(&owner).await;
    (world, owner)
}

async fn invite(owner: &Person, email: &str, role: &str) -> Reply {
    let page = owner.browser.get(PAGE).await.expect(200);
    let action = format!("/projects/{SLUG}/invitations");
    owner
        .browser
        .submit(&page, &action, &[("email", email), ("role", role)])
        .await
}

/// The link of the latest invitation to an address.
async fn link(world: &World, email: &str) -> String {
    let mails = world.mails_to(email).await;
    let latest = mails.iter().rev().find(|mail| mail.kind == "invitation");
    latest.unwrap().link("/invitations/")
}

async fn accept(person: &Person, link: &str) -> Reply {
    let page = person.browser.get(link).await.expect(200);
    person.browser.submit(&page, link, &[]).await
}

/// Asks in and lets accept.
async fn join(world: &World, owner: &Person, person: &Person, role: &str) {
    invite(owner, &person.email, role).await.expect(303);
    let done = accept(person, &link(world, &person.email).await)
        .await
        .expect(303);
    assert_eq!(done.location(), format!("{PAGE}?done=joined"));
}

fn removal(person: &Person, role: &str) -> String {
    format!("{PAGE}/{}/{role}/removal", person.id)
}

/// Ends a place, by way of the review.
async fn remove(by: &Person, path: &str) -> Reply {
    let page = by.browser.get(path).await.expect(200);
    by.browser.submit(&page, path, &[]).await
}

async fn places(world: &World) -> i64 {
    world.count("select count(*) from member").await
}

#[tokio::test]
async fn everybody_is_told_when_somebody_comes_who_may_decide_about_money() {
    let (world, owner) = project().await;
    let (editor, treasurer) = (world.person("edda").await, world.person("tess").await);
    join(&world, &owner, &editor, "editor").await;
    assert!(
        world
            .kinds_of_mails_to(&owner.email)
            .await
            .iter()
            .all(|kind| kind != "member_added")
    );
    join(&world, &owner, &treasurer, "treasurer").await;
    for member in [&owner, &editor, &treasurer] {
        let mails = world.mails_to(&member.email).await;
        let told = mails.iter().filter(|mail| mail.kind == "member_added");
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), 1, "{}", member.email);
        assert_eq!(told[0].subject, "Tess is now treasurer of Solar oven");
    }
    let seen = treasurer.browser.get(PAGE).await.expect(200);
    assert!(
        seen.says("Tess treasurer") && seen.says("Edda editor"),
        "{}",
        seen.words()
    );
    assert!(!seen.text.contains(&editor.email), "addresses are for owners");
    let seen = owner.browser.get(PAGE).await.expect(200);
    assert!(seen.text.contains(&editor.email) && !seen.says("Works until"));
    treasurer
        .browser
        .get(&format!("/projects/{SLUG}/edit"))
        .await
        .expect(403);
}

#[tokio::test]
async fn only_the_account_with_the_invited_address_may_accept_and_others_are_told_why() {
    let (world, owner) = project().await;
    invite(&owner, "Tess@Felag.example", "treasurer")
        .await
        .expect(303);
    let link = link(&world, "tess@felag.example").await;
    let guest = world.browser().get(&link).await.expect(200);
    assert!(
        guest.says("sign in with the account whose address is tess@felag.example"),
        "{}",
        guest.words()
    );
    let other = world.person("other").await;
    for reply in [
        other.browser.get(&link).await.expect(200),
        other.browser.post_form(&link, &[]).await.expect(422),
    ] {
        assert!(
            reply.says("This invitation was sent to tess@felag.example"),
            "{}",
            reply.words()
        );
        assert!(!reply.text.contains(&format!("action=\"{link}\"")));
    }
    assert_eq!(places(&world).await, 1);
    let tess = world.person("tess").await;
    sqlx::query("update person set email_confirmed_at = null where email = $1")
        .bind(&tess.email)
        .execute(&world.owner)
        .await
        .unwrap();
    let reply = tess.browser.post_form(&link, &[]).await.expect(422);
    assert!(
        reply.says("Confirm the e-mail address of your account first"),
        "{}",
        reply.words()
    );
    assert_eq!(places(&world).await, 1);
}

#[tokio::test]
async fn an_invitation_works_once_for_seven_days_unless_it_is_taken_back() {
    let (world, owner) = project().await;
    let tess = world.person("tess").await;
    invite(&owner, &tess.email, "treasurer").await.expect(303);
    let first = link(&world, &tess.email).await;
    invite(&owner, &tess.email, "treasurer").await.expect(303);
    tess.browser.get(&first).await.expect(410);
    let second = link(&world, &tess.email).await;
    let page = owner.browser.get(PAGE).await.expect(200);
    assert_eq!(page.text.matches("/revocation\"").count(), 1);
    let back = owner
        .browser
        .submit(&page, &format!("/projects/{SLUG}/invitations/"), &[])
        .await;
    assert!(owner.browser.follow(back).await.says("was taken back"));
    tess.browser.get(&second).await.expect(410);
    tess.browser.post_form(&second, &[]).await.expect(410);

    invite(&owner, &tess.email, "editor").await.expect(303);
    let third = link(&world, &tess.email).await;
    world.advance_by(Duration::days(7) + Duration::MINUTE).await;
    tess.browser.get(&third).await.expect(410);
    assert_eq!(places(&world).await, 1);

    invite(&owner, &tess.email, "editor").await.expect(303);
    let fourth = link(&world, &tess.email).await;
    accept(&tess, &fourth).await.expect(303);
    tess.browser.post_form(&fourth, &[]).await.expect(303);
    owner.browser.get(&fourth).await.expect(410);
    assert_eq!(places(&world).await, 2);
    let again = invite(&owner, &tess.email, "editor").await.expect(422);
    assert!(
        again.says("has that place in the project already"),
        "{}",
        again.words()
    );
}

#[tokio::test]
async fn whoever_goes_is_told_and_so_is_everybody_when_it_is_about_money() {
    let (world, owner) = project().await;
    let (editor, treasurer) = (world.person("edda").await, world.person("tess").await);
    join(&world, &owner, &editor, "editor").await;
    join(&world, &owner, &treasurer, "treasurer").await;
    let path = removal(&treasurer, "treasurer");
    editor.browser.get(&path).await.expect(403);
    editor.browser.post_form(&path, &[]).await.expect(403);
    let review = owner.browser.get(&path).await.expect(200);
    assert!(
        review.says("Tess is treasurer of Solar oven and will no longer be"),
        "{}",
        review.words()
    );
    remove(&owner, &path).await.expect(303);
    owner.browser.post_form(&path, &[]).await.expect(303);
    assert_eq!(
        world.kinds_of_mails_to(&treasurer.email).await.last().unwrap(),
        "member_left"
    );
    for stays in [&owner, &editor] {
        let mails = world.mails_to(&stays.email).await;
        let told = mails.iter().filter(|mail| mail.kind == "member_removed").count();
        assert_eq!(told, 1, "{}", stays.email);
    }
    treasurer.browser.get(PAGE).await.expect(404);
    // An editor leaves by themselves, and only they hear of it.
    let left = remove(&editor, &removal(&editor, "editor")).await.expect(303);
    assert_eq!(left.location(), "/my/projects");
    let told = world.kinds_of_mails_to(&owner.email).await;
    assert_eq!(told.iter().filter(|kind| *kind == "member_removed").count(), 1);
    assert_eq!(places(&world).await, 1);
}

#[tokio::test]
async fn the_last_owner_stays_even_when_two_let_one_another_go_at_once() {
    let (world, owner) = project().await;
    let path = removal(&owner, "owner");
    let refused = remove(&owner, &path).await.expect(422);
    assert!(
        refused.says("A project keeps at least one owner"),
        "{}",
        refused.words()
    );
    let second = world.person("olga").await;
    join(&world, &owner, &second, "owner").await;
    world.prove(&second).await;
    let other = removal(&second, "owner");
    let (one, two) = tokio::join!(
        owner.browser.post_form(&other, &[]),
        second.browser.post_form(&path, &[])
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    // The slower one finds nobody to let go any more, or is no member any more.
    assert!(
        statuses[0] == 303 && matches!(statuses[1], 404 | 422),
        "{statuses:?}"
    );
    assert_eq!(
        world
            .count("select count(*) from member where role = 'owner'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_project_asks_twenty_people_in_a_day_and_a_mailbox_is_not_flooded() {
    let (world, owner) = project().await;
    for number in 0..20 {
        invite(&owner, &format!("p{number}@felag.example"), "editor")
            .await
            .expect(303);
    }
    let refused = invite(&owner, "p20@felag.example", "editor").await.expect(422);
    assert!(
        refused.says("can ask 20 people in within a day"),
        "{}",
        refused.words()
    );
    assert!(
        refused.text.contains("p20@felag.example"),
        "what was typed is kept"
    );
    world.advance_by(Duration::DAY).await;
    for role in ["editor", "owner", "treasurer", "editor", "owner"] {
        invite(&owner, "p1@felag.example", role).await.expect(303);
    }
    invite(&owner, "p1@felag.example", "treasurer").await.expect(422);
    assert_eq!(world.mails_to("p1@felag.example").await.len(), 6);
    let wrong = invite(&owner, "nonsense", "king").await.expect(422);
    assert!(
        wrong.says("Choose a place.") && wrong.text.contains("nonsense"),
        "{}",
        wrong.words()
    );
}

#[tokio::test]
async fn who_may_move_money_is_changed_with_a_second_factor_only_and_written_down() {
    let (world, owner) = project().await;
    let (edda, tess) = (world.person("edda").await, world.person("tess").await);
    join(&world, &owner, &tess, "treasurer").await;
    world.code_was_given(&owner, Duration::HOUR).await;
    for role in ["treasurer", "owner"] {
        let asked = invite(&owner, &edda.email, role).await.expect(403);
        assert!(
            asked.says("First give a code from your phone"),
            "{}",
            asked.words()
        );
    }
    let path = removal(&tess, "treasurer");
    let led = owner.browser.get(&path).await.expect(303);
    assert!(
        led.location()
            .starts_with("/my/second-factor/confirmation?next=%2Fprojects%2Fsolar-oven")
    );
    owner.browser.post_form(&path, &[]).await.expect(403);
    assert_eq!(places(&world).await, 2);
    // Whom no money is entrusted to comes, and whoever wants to leave goes, without one.
    join(&world, &owner, &edda, "editor").await;
    remove(&tess, &path).await.expect(303);

    world.prove(&owner).await;
    invite(&owner, &tess.email, "owner").await.expect(303);
    let page = owner.browser.get(PAGE).await.expect(200);
    owner
        .browser
        .submit(&page, &format!("/projects/{SLUG}/invitations/"), &[])
        .await
        .expect(303);
    let log = owner
        .browser
        .get(&format!("/projects/{SLUG}/audit"))
        .await
        .expect(200);
    for line in [
        "Asked into the project: (treasurer)",
        "Came into the project: Tess (treasurer)",
        "Left the project: Tess (treasurer)",
        "Invitation taken back: (owner)",
    ] {
        assert!(log.says(line), "{line}: {}", log.words());
    }
}

#[tokio::test]
async fn addresses_of_people_who_never_came_are_forgotten() {
    let (world, owner) = project().await;
    invite(&owner, "p@felag.example", "editor").await.expect(303);
    felag::wiring::standing_jobs(&world.ctx).await.unwrap();
    world.advance_by(Duration::days(36)).await;
    assert_eq!(world.count("select count(*) from invitation").await, 1);
    world.advance_by(Duration::days(3)).await;
    assert_eq!(world.count("select count(*) from invitation").await, 0);
}
