//! The audit log: who may read it, what stands in it, and that nobody can change it.

use felag::audit::{self, Act};
use felag::ctx::Ctx;
use felag::projects;
use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Ask;
use serde_json::json;
use time::Duration;

async fn write(ctx: &Ctx, actor: Option<PersonId>, project: Option<ProjectId>, subject: &str) {
    let act = Act {
        actor,
        kind: "holder.saved",
        project,
        campaign: None,
        subject: subject.into(),
        reason: "they moved <house>",
        detail: json!({ "amount_minor": 1250 }),
        refused: false,
    };
    let mut conn = ctx.db.acquire().await.unwrap();
    audit::record(&mut conn, ctx, &act).await.unwrap();
}

#[tokio::test]
async fn a_row_is_written_once_and_can_be_changed_by_nobody() {
    let world = World::new().await;
    write(&world.ctx, None, None, "one").await;
    let tries = [
        "update audit_row set reason = 'another'",
        "delete from audit_row",
        "truncate audit_row",
        "alter table audit_row disable trigger all",
        "drop trigger audit_row_is_append_only on audit_row",
        "drop table audit_row",
    ];
    for sql in tries {
        let refused = sqlx::query(sql).execute(&world.ctx.db).await.unwrap_err();
        let code = refused
            .into_database_error()
            .and_then(|error| error.code().map(String::from));
        assert_eq!(
            code.as_deref(),
            Some("42501"),
            "{sql}: the application's role has no right to"
        );
    }
    for sql in &tries[..2] {
        let refused = sqlx::query(*sql)
            .execute(&world.owner)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains("append-only"), "{sql}, as the owner: {refused}");
    }
    assert_eq!(
        world
            .count("select count(*) from audit_row where reason like 'they moved%'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_act_and_its_row_stand_and_fall_together_and_a_refusal_stands_alone() {
    let world = World::new().await;
    let mut act = Act {
        actor: None,
        kind: "payout.approved",
        project: None,
        campaign: None,
        subject: "Payout 1".into(),
        reason: "",
        detail: json!({}),
        refused: false,
    };
    let mut tx = world.ctx.db.begin().await.unwrap();
    audit::record(&mut tx, &world.ctx, &act).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.count("select count(*) from audit_row").await, 0);
    audit::record_refused(&world.ctx, &act).await.unwrap();
    assert_eq!(
        world.count("select count(*) from audit_row where refused").await,
        1
    );
    for kind in ["payout", "Payout.Approved", "payout.approved twice", ".", ""] {
        act.kind = kind;
        assert!(audit::record_refused(&world.ctx, &act).await.is_err(), "{kind:?}");
    }
}

#[tokio::test]
async fn members_read_the_log_of_their_project_newest_first_page_by_page() {
    let world = World::new().await;
    let (owner, treasurer, stranger) = (
        world.person("owner").await,
        world.person("tora").await,
        world.person("stranger").await,
    );
    let project = world.project(&owner, "Microscopes").await;
    let other = world.project(&stranger, "Kilns").await;
    let mut conn = world.ctx.db.acquire().await.unwrap();
    projects::add_member(&mut conn, &world.ctx, project, treasurer.id, Role::Treasurer)
        .await
        .unwrap();
    for number in 0..70 {
        world.ctx.clock.show(world.ctx.now() + Duration::SECOND);
        write(
            &world.ctx,
            Some(owner.id),
            Some(project),
            &format!("holder {number:02}"),
        )
        .await;
    }
    write(&world.ctx, Some(stranger.id), Some(other), "not theirs").await;

    let page = treasurer
        .browser
        .get("/projects/microscopes/audit")
        .await
        .expect(200);
    assert!(
        page.says("Legal holder saved: holder 69") && page.says("amount minor: 1250"),
        "{}",
        page.words()
    );
    assert!(page.text.contains("they moved &#60;house&#62;") && page.says("Owner"));
    assert!(!page.says("holder 19") && !page.says("not theirs"));
    let words = page.words();
    assert!(words.find("holder 69") < words.find("holder 68"));
    let older = page
        .text
        .split("href=\"")
        .find(|part| part.starts_with("/projects/microscopes/audit?before="));
    let older = older.and_then(|part| part.split('"').next()).unwrap();
    let page = treasurer.browser.get(older).await.expect(200);
    assert!(
        page.says("holder 19") && page.says("holder 00") && !page.says("holder 20"),
        "{}",
        page.words()
    );

    stranger
        .browser
        .get("/projects/microscopes/audit")
        .await
        .expect(404);
    world
        .browser()
        .get("/projects/microscopes/audit")
        .await
        .expect(303);
    treasurer.browser.get("/audit").await.expect(403);
    let refused = treasurer
        .browser
        .get("/projects/microscopes/audit?before=nonsense")
        .await;
    refused.expect(200);
}

#[tokio::test]
async fn stewards_read_everything_by_kind_and_day() {
    let world = World::new().await;
    let (owner, steward) = (world.person("owner").await, world.steward("steward").await);
    world.open_campaign(&owner, &Ask::default()).await;
    world.ctx.clock.show(world.ctx.now() + Duration::days(3));
    write(&world.ctx, None, None, "the new barn").await;
    let look = async |query: &str| steward.browser.get(&format!("/audit?{query}")).await.expect(200);

    let all = look("").await;
    assert!(
        all.says("Campaign approved: A microscope") && all.says("the new barn") && all.says("Felag itself")
    );
    let of_project = all
        .text
        .split("href=\"")
        .filter_map(|part| part.split('"').next());
    let of_project = of_project
        .filter(|to| to.starts_with("/projects/"))
        .find(|to| to.ends_with("/audit"))
        .unwrap();
    let project = steward.browser.get(of_project).await.expect(200);
    assert!(
        project.says("Campaign approved: A microscope"),
        "{}",
        project.words()
    );
    let approved = look("kind=campaign.approved").await;
    assert!(
        approved.says("A microscope") && !approved.says("the new barn"),
        "{}",
        approved.words()
    );
    let late = look("from=2026-03-05").await;
    assert!(
        late.says("the new barn") && !late.says("Campaign approved: A"),
        "{}",
        late.words()
    );
    let early = look("until=2026-03-02").await;
    assert!(
        early.says("Campaign approved: A") && !early.says("the new barn"),
        "{}",
        early.words()
    );
    let none = look("kind=nothing.there&from=yesterday&before=x").await;
    assert!(none.says("Nothing stands here"), "{}", none.words());
}

#[tokio::test]
async fn decisions_of_stewards_and_the_legal_holder_stand_in_the_log() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    world.open_campaign(&owner, &Ask::default()).await;
    let kinds: Vec<String> = sqlx::query_scalar("select kind from audit_row order by audit_id")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    let expected = [
        "holder.saved",
        "payout_account.started",
        "payout_account.enabled",
        "campaign.approved",
    ];
    assert_eq!(kinds, expected);
    // The account was enabled by the provider, not by a person.
    let whole = "select count(*) from audit_row where actor_id is not null and project_id is not null";
    assert_eq!(world.count(whole).await, 3);
}
