//! What somebody of the cast has asked for: another member, a way back without their phone.

use felag_tests::World;
use felag_tests::people::{PASSWORD, Person};

/// An invitation to nobody of the cast: its id and its token.
pub async fn invitation(world: &World, owner: &Person, slug: &str) -> (String, String) {
    let email = format!("invited-to-{slug}@felag.example");
    let fields = [("email", email.as_str()), ("role", "treasurer")];
    let path = format!("/projects/{slug}/invitations");
    owner.browser.post_form(&path, &fields).await.expect(303);
    let link = world.mails_to(&email).await[0].link("/invitations/");
    let id = sqlx::query_scalar("select invitation_id::text from invitation where email = $1")
        .bind(&email)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    (id, link.trim_start_matches("/invitations/").into())
}

/// Somebody has lost their second factor, and waits for a steward.
pub async fn lost_factor(world: &World, name: &str) -> String {
    let person = world.person(&format!("lost-{name}")).await;
    world.second_factor(&person).await;
    let page = person.browser.get("/my/second-factor/lost").await.expect(200);
    let fields = [("password", PASSWORD)];
    person
        .browser
        .submit(&page, "/my/second-factor/lost", &fields)
        .await
        .expect(303);
    let reset = sqlx::query_scalar("select reset_id::text from factor_reset where person_id = $1");
    let found = reset.bind(person.id.as_uuid()).fetch_one(&world.owner).await;
    found.unwrap()
}
