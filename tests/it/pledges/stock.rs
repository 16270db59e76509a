//! Limited rewards, and forms that are sent more than once.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::Gift;
use futures::future::join_all;

#[tokio::test]
async fn the_last_reward_is_sold_once_to_many_at_the_same_time() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let ask = Ask {
        rewards: vec![("A loaf", 2_000, Some(1))],
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    let browsers: Vec<_> = (0..50).map(|_| world.browser()).collect();
    let tries = browsers.iter().enumerate().map(|(number, browser)| {
        let (world, campaign) = (&world, &campaign);
        async move {
            let email = format!("backer{number}@felag.example");
            let gift = Gift {
                reward: Some(campaign.rewards[0].clone()),
                ..Gift::of("30", &email)
            };
            world.to_checkout(browser, campaign, &gift).await
        }
    });
    let replies = join_all(tries).await;
    let won = replies.iter().filter(|reply| reply.status == 303).count();
    let refused = replies.iter().filter(|reply| reply.status == 422).count();
    assert_eq!((won, refused), (1, 49));
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 1);
    assert_eq!(world.count("select count(*) from pledge").await, 1);
}

#[tokio::test]
async fn the_same_form_sent_32_times_at_once_makes_one_pledge() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let browser = world.browser();
    let give = format!("/campaigns/{}/give", campaign.slug);
    let page = browser.get(&give).await.expect(200);
    let page = browser
        .submit(&page, &format!("{give}/details"), &[("own", "30")])
        .await
        .expect(200);
    let fields = [("email", "ann@felag.example"), ("name", "Ann"), ("tip", "")];
    let page = browser
        .submit(&page, &format!("{give}/check"), &fields)
        .await
        .expect(200);
    let action = format!("/campaigns/{}/pledges", campaign.slug);
    let replies = join_all((0..32).map(|_| browser.submit(&page, &action, &[]))).await;
    assert!(
        replies.iter().all(|reply| reply.status == 303),
        "{:?}",
        replies.iter().map(|r| r.status).collect::<Vec<_>>()
    );
    assert_eq!(world.count("select count(*) from pledge").await, 1);
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'create_checkout'")
            .await,
        1
    );
    let first = replies[0].location();
    assert!(
        replies.iter().all(|reply| reply.location() == first),
        "32 equal answers"
    );
}
