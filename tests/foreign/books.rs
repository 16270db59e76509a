//! Exports of open books, read by programs of others: beancount, hledger, and a script that knows nothing of us.

use std::process::Command;

use felag::books::export::{Format, Which};
use felag::demo;
use felag::ledger;
use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, AccountCode, AccountKind, Cause, EntryKind, Movement, NewEntry};
use felag_domain::money::{Currency, Money};
use felag_tests::World;
use felag_tests::accounting::{Exported, export};
use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use felag_tests::python::{folder, python, root};
use time::Duration;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn beancount_and_hledger_accept_the_books_of_the_demo() {
    let world = World::new().await;
    world.ctx.clock.show(felag::clock::wall());
    demo::ensure(&world.ctx, &world.sandbox).await.unwrap();
    let books = Exported::all(&world.ctx, "books-demo").await;
    books.is_accepted(&world.owner).await;
    script_accepts(&world, "books-demo-script").await;
}

/// A campaign in a currency: gifts that are paid, declined, taken back, and tips; of people with difficult names.
async fn play(world: &World, currency: &'static str, amounts: [&str; 3], minimum_minor: i64) {
    let owner = world.person(&format!("owner-{}", currency.to_lowercase())).await;
    let ask = Ask {
        title: format!("Tools in {currency}; \"and\" | more"),
        currency,
        minimum_minor,
        full_plan_minor: minimum_minor * 2,
        rewards: Vec::new(),
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    let names = [
        "Ada \"the\\ first\" ; date:2001-01-01",
        "=1+1 | * (x) ! 2020-01-01",
        "Þóra, née Ø",
    ];
    for (number, (name, amount)) in names.into_iter().zip(amounts).enumerate() {
        let email = format!("{currency}{number}@felag.example").to_lowercase();
        let gift = Gift {
            name: name.into(),
            tip: if number == 0 { "1".into() } else { String::new() },
            ..Gift::of(amount, &email)
        };
        let gift = if number == 1 {
            gift.with_card(card::DECLINES_LATER)
        } else {
            gift
        };
        world.pledge(&campaign, &gift).await;
    }
    let browser = world.browser();
    let left = world
        .pledge_as(&browser, &campaign, &Gift::of(amounts[0], "left@felag.example"))
        .await;
    let ask = browser.get(&format!("{}/cancel", left.path)).await.expect(200);
    browser
        .submit(&ask, &format!("{}/cancel", left.path), &[])
        .await
        .expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn currencies_with_0_2_and_3_decimals_are_exact() {
    let world = World::new().await;
    play(&world, "EUR", ["30.50", "12", "7.01"], 1_000).await;
    play(&world, "JPY", ["700", "1200", "3001"], 1_000).await;
    play(&world, "KWD", ["30.500", "12", "7.010"], 1_000).await;
    world.advance_by(Duration::days(40)).await;
    world.ledger_verify().await;
    let books = Exported::all(&world.ctx, "books-currencies").await;
    for amount in ["37.51 EUR", "3701 JPY", "37.510 KWD"] {
        assert!(
            books.beancount.contains(&format!("  -{amount}\n")),
            "{amount}: {}",
            books.beancount
        );
    }
    books.is_accepted(&world.owner).await;
    script_accepts(&world, "books-currencies-script").await;
}

/// The account of this code; of a share, where there is one for each.
fn account(code: AccountCode) -> Account {
    if code.is_per_share() {
        Account::of_share(code, Uuid::from_u128(0x0192_f0c1_2345_7000_8000_0000_0000_00ff))
    } else {
        code.into()
    }
}

/// An entry for every kind and for every two accounts that may move, in three currencies.
fn of_every_kind(book: BookId, world: &World) -> Vec<NewEntry> {
    let mut movements = Vec::new();
    let currencies = [Currency::EUR, Currency::JPY, Currency::KWD, Currency::ISK];
    for (number, debit) in (1_i64..).zip(AccountCode::ALL) {
        // Nothing is taken from a liability, which may not fall below zero.
        for credit in AccountCode::ALL {
            if debit.kind() == AccountKind::Liability {
                continue;
            }
            for currency in currencies {
                let amount = Money::from_minor(number * 1_001, currency);
                movements.extend(Movement::new(account(*debit), account(*credit), amount));
            }
        }
    }
    let kinds = EntryKind::ALL.iter().cycle();
    let count = movements.len().div_ceil(3).max(EntryKind::ALL.len());
    let pieces = movements.iter().copied().cycle();
    let mut pieces = pieces.take(count * 3).collect::<Vec<_>>().into_iter();
    let mut entries = Vec::new();
    for (number, kind) in (0..count).zip(kinds) {
        let three: Vec<Movement> = pieces.by_ref().take(3).collect();
        let cause = Cause::new(*kind, format!("\"cause\";{number}"));
        // Events are not always heard of in the order they were.
        let at = world.ctx.now() - Duration::hours(i64::try_from(number * 7 % 100).unwrap());
        entries.push(NewEntry::new(book, cause, at, three).unwrap());
    }
    entries
}

#[tokio::test(flavor = "multi_thread")]
async fn every_account_and_every_kind_of_entry_can_be_read_by_others() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let platform = "insert into book (book_id, kind, created_at) values ($1, 'platform', now())";
    let head = "insert into book_head (book_id, number, hash) values ($1, 0, $2)";
    sqlx::query(platform)
        .bind(BookId::PLATFORM.as_uuid())
        .execute(&world.owner)
        .await
        .unwrap();
    sqlx::query(head)
        .bind(BookId::PLATFORM.as_uuid())
        .bind(vec![0_u8; 32])
        .execute(&world.owner)
        .await
        .unwrap();
    for book in [BookId::PLATFORM, BookId::of_campaign(campaign.id)] {
        let mut tx = world.ctx.db.begin().await.unwrap();
        ledger::post(&mut tx, &world.ctx, of_every_kind(book, &world))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    world.ledger_verify().await;
    let books = Exported::all(&world.ctx, "books-kinds").await;
    books.is_accepted(&world.owner).await;
    script_accepts(&world, "books-kinds-script").await;
}

/// The script that the page shows accepts the document, and refuses it with one digit of an amount changed.
async fn script_accepts(world: &World, name: &str) {
    let document = export(&world.ctx, Which::All, Format::Json).await;
    let folder = folder(name);
    let file = folder.join("books.json");
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let script = root().join("backend/src/books/check_books.py");
        let said = Command::new(python()).arg(script).arg(&file).output().unwrap();
        let words = [said.stdout, said.stderr].concat();
        (
            said.status.success(),
            String::from_utf8_lossy(&words).into_owned(),
        )
    };
    let (is_right, words) = run(&document);
    assert!(is_right, "{words}");
    assert!(words.contains("entries are right, the head is"), "{words}");
    let (before, after) = document.split_once("\"minor\":").unwrap();
    let changed = document.rsplit_once("\"minor\":").unwrap();
    let first = after.chars().next().unwrap();
    let other = if first == '1' || first == '-' { '2' } else { '1' };
    let head = format!("{before}\"minor\":{other}{}", &after[first.len_utf8()..]);
    assert!(!run(&head).0, "a changed balance passes");
    let last = changed.1.chars().next().unwrap();
    let other = if last == '1' { '2' } else { '1' };
    let (is_right, words) = run(&format!("{}\"minor\":{other}{}", changed.0, &changed.1[1..]));
    assert!(!is_right && words.contains("is not as it was written"), "{words}");
    std::fs::remove_dir_all(&folder).ok();
}
