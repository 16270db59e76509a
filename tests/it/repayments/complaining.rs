//! Complaints: from anybody, acknowledged, answered with reasons by a steward.

use felag_tests::World;
use felag_tests::paying_out::press;

#[tokio::test]
async fn anybody_may_complain_is_told_that_it_arrived_and_gets_a_reasoned_answer() {
    let world = World::new().await;
    let steward = world.steward("stella").await;
    let guest = world.browser();
    let fields = [
        ("email", "gusta@felag.example"),
        ("about", "The loan of the workshop"),
        ("words", "Nobody answers my questions."),
    ];
    let form = guest.get("/complaints").await.expect(200);
    let sent = guest.submit(&form, "/complaints", &fields).await.expect(303);
    let page = guest.follow(sent).await.expect(200);
    assert!(page.says("Your complaint has arrived"), "{}", page.words());
    guest.submit(&form, "/complaints", &fields).await.expect(303);
    world.quiet().await;
    assert_eq!(
        world.count("select count(*) from complaint").await,
        1,
        "two clicks, one complaint"
    );
    let told = world.mails_to("gusta@felag.example").await;
    assert_eq!(told.len(), 1);
    assert!(
        told[0].text_body.contains("within 30 days"),
        "{}",
        told[0].text_body
    );
    assert!(
        told[0].html_body.contains("within 30 days"),
        "{}",
        told[0].html_body
    );
    assert!(
        !told[0].text_body.contains("Nobody answers"),
        "the address is not proven"
    );

    let register = steward.browser.get("/complaints/register").await.expect(200);
    assert!(register.says("The loan of the workshop"), "{}", register.words());
    let id: String = sqlx::query_scalar("select complaint_id::text from complaint")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let one = format!("/complaints/{id}");
    let empty = press(&steward.browser, &one, &one, &[("answer", " ")])
        .await
        .expect(422);
    assert!(empty.says("Write an answer"), "{}", empty.words());
    let answer = [(
        "answer",
        "You are right: the project has been asked to answer by Friday.",
    )];
    press(&steward.browser, &one, &one, &answer).await.expect(303);
    let twice = steward.browser.post_form(&one, &answer).await.expect(422);
    assert!(twice.says("It was answered already"), "{}", twice.words());
    world.quiet().await;
    let told = world.mails_to("gusta@felag.example").await;
    assert_eq!(told.len(), 2);
    let last = told
        .iter()
        .find(|mail| mail.kind == "complaint_answered")
        .unwrap();
    assert!(last.text_body.contains("by Friday") && last.html_body.contains("by Friday"));
    assert_eq!(
        world
            .count("select count(*) from audit_row where kind = 'complaint.answered' and reason like '%by Friday.'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_complaint_of_somebody_signed_in_knows_them_and_a_steward_does_not_answer_their_own() {
    let world = World::new().await;
    let steward = world.steward("stella").await;
    let form = steward.browser.get("/complaints").await.expect(200);
    assert!(form.text.contains("stella@felag.example"), "{}", form.text);
    let empty = steward
        .browser
        .submit(&form, "/complaints", &[])
        .await
        .expect(422);
    assert!(empty.says("Say what happened."), "{}", empty.words());
    let fields = [
        ("about", "Fees"),
        ("words", "They are not where I looked for them."),
    ];
    steward
        .browser
        .submit(&form, "/complaints", &fields)
        .await
        .expect(303);
    let known = world
        .count("select count(*) from complaint where person_id is not null")
        .await;
    assert_eq!(known, 1);
    let id: String = sqlx::query_scalar("select complaint_id::text from complaint")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let one = format!("/complaints/{id}");
    let refused = press(
        &steward.browser,
        &one,
        &one,
        &[("answer", "I agree with myself.")],
    )
    .await
    .expect(422);
    assert!(refused.says("it is your own"), "{}", refused.words());
}

#[tokio::test]
async fn the_eleventh_complaint_from_one_place_in_an_hour_is_refused() {
    let world = World::new().await;
    let guest = world.browser();
    for number in 0..11 {
        let form = guest.get("/complaints").await.expect(200);
        let email = format!("g{number}@felag.example");
        let fields = [
            ("email", email.as_str()),
            ("about", "Again"),
            ("words", "And again."),
        ];
        let status = if number < 10 { 303 } else { 429 };
        guest.submit(&form, "/complaints", &fields).await.expect(status);
    }
    assert_eq!(world.count("select count(*) from complaint").await, 10);
}
