//! Exports of books by the real program, checked by the real program, in little memory.

use std::fs;
use std::io::Read;
use std::time::Duration;

use felag::ledger;
use felag_domain::entries;
use felag_domain::ids::{BookId, PledgeId};
use felag_domain::money::{Currency, Money};
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::program::wait_until;
use felag_tests::{World, long, python};
use uuid::Uuid;

use super::felag;

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_checked_without_any_database_and_a_changed_one_is_refused() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world.pledge(&campaign, &Gift::default()).await;
    let here = felag().with("DATABASE_URL", &world.database_url());
    for format in ["beancount", "hledger", "csv", "json"] {
        let all = here.run(&["books", "export", "--format", format]).ok();
        let one = [
            "books",
            "export",
            "--format",
            format,
            "--campaign",
            &campaign.slug,
        ];
        let one = here.run(&one).ok();
        assert!(
            all.contains(&campaign.slug) && one.contains("Gus Guest"),
            "{format}: {one}"
        );
        let platform = here
            .run(&["books", "export", "--format", format, "--platform"])
            .ok();
        assert!(!platform.contains(&campaign.slug), "{format}: {platform}");
    }
    let unknown = here.run(&["books", "export", "--format", "csv", "--campaign", "nobody"]);
    assert!(unknown.refused(1).contains("no campaign"));

    let document = here.run(&["books", "export", "--format", "json"]).ok();
    let elsewhere = felag();
    let file = elsewhere.data_dir.join("books.json");
    let path = file.to_str().unwrap();
    fs::write(&file, &document).unwrap();
    let said = elsewhere.run(&["books", "check", path]).ok();
    let head = ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    let line = format!("campaign/{} {} {}", campaign.slug, head.number, head.hash);
    assert!(
        said.contains(&line) && said.contains("Everything is right: 1 entries"),
        "{said}"
    );
    fs::write(&file, document.replace("\"minor\":3000", "\"minor\":3001")).unwrap();
    elsewhere.run(&["books", "check", path]).refused(1);
    fs::write(
        &file,
        document.replace("\"kind\":\"card_saved\"", "\"kind\":\"pledge_ended\""),
    )
    .unwrap();
    let refused = elsewhere.run(&["books", "check", path]).refused(1);
    assert!(
        refused.contains("entry 1: its content is not what was hashed"),
        "{refused}"
    );
    assert!(
        elsewhere
            .run(&["books", "check", "no-such-file"])
            .refused(1)
            .contains("no-such-file")
    );
    assert!(!elsewhere.data_dir.join("pg").exists(), "no database was made");
}

async fn fill(world: &World, campaign: &Opened, entries: u128) {
    let book = BookId::of_campaign(campaign.id);
    let amount = Money::from_minor(3_000, Currency::EUR);
    let have = ledger::head(&world.ctx.db, book)
        .await
        .unwrap()
        .map_or(0, |head| head.number.unsigned_abs());
    let mut number = u128::from(have);
    while number < entries {
        let until = entries.min(number + 2_000);
        let batch = (number..until).map(|number| {
            let pledge = PledgeId::from_uuid(Uuid::from_u128(number + 1));
            entries::card_saved(book, pledge, amount, world.ctx.now()).unwrap()
        });
        let mut tx = world.ctx.db.begin().await.unwrap();
        ledger::post(&mut tx, &world.ctx, batch.collect()).await.unwrap();
        tx.commit().await.unwrap();
        number = until;
    }
}

/// The most memory a process held so far, in KiB.
fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Exports everything into a file, then checks it; the most memory that took, in KiB, and the size of the file.
fn export_and_check(world: &World, format: &str) -> (u64, u64) {
    let program = felag().with("DATABASE_URL", &world.database_url());
    let mut child = program.pipe(&["books", "export", "--format", format]);
    let folder = python::folder("books-flat");
    let file = folder.join("books");
    let mut out = fs::File::create(&file).unwrap();
    let mut from = child.stdout.take().unwrap();
    let (mut most, mut piece) = (0, vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut piece).unwrap();
        most = most.max(peak(child.id()).unwrap_or(0));
        if read == 0 {
            break;
        }
        std::io::Write::write_all(&mut out, &piece[..read]).unwrap();
    }
    assert!(child.wait().unwrap().success());
    if format == "json" {
        let mut child = program.pipe(&["books", "check", file.to_str().unwrap()]);
        let mut status = None;
        wait_until(Duration::from_secs(3_600), || {
            most = most.max(peak(child.id()).unwrap_or(0));
            status = child.try_wait().unwrap();
            status.is_some()
        });
        assert!(status.unwrap().success());
    }
    let size = fs::metadata(&file).unwrap().len();
    fs::remove_dir_all(&folder).ok();
    (most, size)
}

/// The memory of an export, and of the check, does not grow with the book: with a million entries where there is time.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_book_is_exported_and_checked_in_little_memory() {
    if !fs::exists("/proc/self/status").unwrap_or(false) {
        // Only Linux tells.
        return;
    }
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let (few, many) = if long::is_asked_for() {
        (5_000, 1_000_000)
    } else {
        (1_000, 20_000)
    };
    fill(&world, &campaign, few).await;
    let (before, small) = export_and_check(&world, "json");
    fill(&world, &campaign, many).await;
    let mut grown = Vec::new();
    for format in ["json", "beancount"] {
        let (most, size) = export_and_check(&world, format);
        grown.push((format, most, size));
    }
    assert!(grown[0].2 > small * 15, "{small} bytes, then {grown:?}");
    for (format, most, size) in grown {
        println!(
            "{format}: {size} bytes of {many} entries in {most} KiB, where {few} entries take {before} KiB"
        );
        assert!(
            most < before + 16 * 1024,
            "{format}: {before} KiB, then {most} KiB"
        );
    }
    world.ledger_verify().await;
}
