//! What a loan would cost, on a page for anybody.

use felag_tests::World;

const TERMS: &str = "/loans/quote?principal=1200&currency=EUR&rate=6&count=3&period=monthly&kind=equal_instalments\
                     &grace_kind=none&grace=&day_count=30%2F360&paid_out_on=2027-01-15&first_due_on=&fees=";

#[tokio::test]
async fn anybody_sees_the_schedule_the_sums_and_the_apr_of_the_terms_in_the_address() {
    let world = World::new().await;
    let browser = world.browser();
    let empty = browser.get("/loans/quote").await.expect(200);
    assert!(!empty.text.contains("id=\"result\""), "nothing was asked yet");
    assert!(
        empty
            .text
            .contains("action=\"/loans/quote#result\" method=\"get\"")
    );

    let page = browser.get(TERMS).await.expect(200);
    for words in [
        "15 February 2027",
        "€398.01",
        "€6.00",
        "€404.01",
        "€1,212.02",
        "6.2 % a year",
        "6.00 % a year",
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    assert!(
        page.text.contains("value=\"1200\""),
        "the form keeps what was typed"
    );
    assert!(
        page.text.contains("class=\"book fold"),
        "on a narrow screen the table folds"
    );
    // The same in a currency without decimals, by the week, with flat interest, and the warning that belongs to it.
    let flat = "/loans/quote?principal=90000&currency=JPY&rate=12&count=3&period=weekly&kind=flat&paid_out_on=2027-01-15";
    let page = browser.get(flat).await.expect(200);
    assert!(
        page.says("22 January 2027") && page.says("¥30,000"),
        "{}",
        page.words()
    );
    assert!(
        page.says("Flat interest is counted on the whole loan"),
        "{}",
        page.words()
    );
}

#[tokio::test]
async fn what_cannot_be_quoted_is_said_beside_its_field_and_kept() {
    let world = World::new().await;
    let browser = world.browser();
    let page = browser
        .get("/loans/quote?principal=12e3&rate=1001&count=0&kind=balloon&first_due_on=2027-02-30")
        .await
        .expect(422);
    for field in ["principal", "kind", "first_due_on"] {
        assert!(
            page.text.contains(&format!("id=\"{field}-error\"")),
            "{field}: {}",
            page.words()
        );
    }
    assert!(page.text.contains("value=\"12e3\""));
    let page = browser
        .get("/loans/quote?principal=12&rate=1001&count=1")
        .await
        .expect(422);
    assert!(page.text.contains("id=\"rate-error\""), "{}", page.words());
    let page = browser
        .get("/loans/quote?principal=1000&rate=1000&count=600&period=quarterly")
        .await
        .expect(422);
    assert!(page.says("more than can be counted"), "{}", page.words());
    for odd in ["/loans/quote?principal=%ff", "/loans/quote?principal=%00"] {
        browser.get(odd).await.expect(400);
    }
}

#[tokio::test]
async fn it_is_linked_from_every_page_and_from_asking_for_a_loan() {
    let world = World::new().await;
    let home = world.browser().get("/").await.expect(200);
    assert!(home.text.contains("href=\"/loans/quote\""));
}
