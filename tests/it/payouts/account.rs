//! Projects' accounts at the provider: begun on our page, filled in on the provider's, believed only by what it says.

use felag::{campaigns::lifecycle, payout_accounts};
use felag_domain::payout_account::AccountState;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::paying_out::{bank, check, press};
use time::Duration;

#[tokio::test]
async fn an_owner_begins_an_account_and_comes_back_when_it_can_be_paid() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open tools").await;
    let page = "/projects/open-tools/payout-account";
    let shown = owner.browser.get(page).await.expect(200);
    assert!(shown.says("not begun"), "{}", shown.words());
    // Without a code from the phone nothing is begun.
    assert_ne!(press(&owner.browser, page, page, &[]).await.status, 422);
    assert_eq!(world.count("select count(*) from payout_account").await, 0);
    world.prove(&owner).await;
    let away = press(&owner.browser, page, page, &[]).await.expect(303);
    let back = world
        .onboard_at(&away.location(), bank::WORKS, "EUR", check::FINISHES)
        .await;
    assert!(back.ends_with("/payout-account?back=yes"), "{back}");
    let shown = owner.browser.get(&back).await.expect(200);
    assert!(
        shown.says("can be paid") && shown.says("ends in 3000"),
        "{}",
        shown.words()
    );
    world.quiet().await;
    assert_eq!(
        world.kinds_of_mails_to(&owner.email).await.last().unwrap(),
        "payout_account_enabled"
    );
    // Another click is another link to the same account.
    press(&owner.browser, page, page, &[]).await.expect(303);
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'create_account'")
            .await,
        1
    );
    let account = payout_accounts::of_project(&world.ctx.db, project)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(account.state, AccountState::Enabled);
    let editor = world.person("editor").await;
    world.join(project, &editor, Role::Editor).await;
    world.prove(&editor).await;
    editor.browser.post_form(page, &[]).await.expect(403);
    world.person("stranger").await.browser.get(page).await.expect(404);
}

#[tokio::test]
async fn a_campaign_waits_for_its_account_and_opens_as_soon_as_it_can_be_paid() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open tools").await;
    let id = world.draft(project, &Ask::default()).await;
    lifecycle::submit(&world.ctx, id).await.unwrap();
    let steward = world.steward("tove").await;
    lifecycle::approve(&world.ctx, id, steward.id, world.ctx.now())
        .await
        .unwrap();
    world.quiet().await;
    let state = "select count(*) from campaign where state = 'scheduled'";
    assert_eq!(world.count(state).await, 1);
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    assert_eq!(kinds.last().unwrap(), "campaign_waits_for_account");
    let tasks = owner
        .browser
        .get("/campaigns/a-microscope-for-every-school/edit")
        .await
        .expect(200);
    assert!(tasks.says("Begin the payout account."), "{}", tasks.words());

    world.advance_by(Duration::days(3)).await;
    let link = world.onboarding_link(project, owner.id).await;
    world
        .onboard_at(&link, bank::WORKS, "EUR", check::NEVER_ENDS)
        .await;
    world.quiet().await;
    assert_eq!(world.count(state).await, 1);
    world.onboard(project, owner.id, "EUR").await;
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'open'")
            .await,
        1
    );
    let opened = world.opened(id).await;
    assert!(opened.deadline >= world.ctx.now() + Duration::days(30) - Duration::MINUTE);
    assert_eq!(world.count("select fee_version::bigint from campaign").await, 1);
}

#[tokio::test]
async fn what_the_provider_wants_more_of_is_said_and_mailed() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open tools").await;
    let link = world.onboarding_link(project, owner.id).await;
    world
        .onboard_at(&link, bank::WORKS, "EUR", check::WANTS_DOCUMENTS)
        .await;
    world.quiet().await;
    let shown = owner
        .browser
        .get("/projects/open-tools/payout-account")
        .await
        .expect(200);
    assert!(
        shown.says("needs an answer") && shown.says("The provider waits for"),
        "{}",
        shown.words()
    );
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    assert_eq!(kinds.last().unwrap(), "payout_account_needs_you");
}

#[tokio::test]
async fn funded_campaigns_of_a_refused_account_cannot_be_paid_until_another_one_is_enabled() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.funded_campaign(&owner).await;
    let account = payout_accounts::of_project(&world.ctx.db, campaign.project)
        .await
        .unwrap()
        .unwrap();
    let path = format!("v1/accounts/{}/reject", account.account_ref.unwrap());
    let request = felag::payments::provider::Request {
        path,
        body: "reason=fraud".into(),
        account: None,
    };
    let answer = world.ctx.provider.post(&request, "test-reject").await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'unpayable'")
            .await,
        1
    );
    let shown = owner
        .browser
        .get("/projects/a-microscope-for-every-school-tools/payout-account")
        .await;
    assert!(shown.says("refused by the provider"), "{}", shown.words());
    world.onboard(campaign.project, owner.id, "EUR").await;
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'funded'")
            .await,
        1
    );
}

#[tokio::test]
async fn without_webhooks_the_account_is_looked_after_once_a_day() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open tools").await;
    let link = world.onboarding_link(project, owner.id).await;
    world
        .sandbox_control("webhooks", &serde_json::json!({ "mode": "drop" }))
        .await;
    world.onboard_at(&link, bank::WORKS, "EUR", check::FINISHES).await;
    payout_accounts::jobs::ensure(&world.ctx).await.unwrap();
    let enabled = "select count(*) from payout_account where state = 'enabled'";
    world.quiet().await;
    assert_eq!(world.count(enabled).await, 0);
    world.advance_by(Duration::days(1)).await;
    assert_eq!(world.count(enabled).await, 1);
}
