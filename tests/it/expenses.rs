//! From promise to voucher: what a project enters after a payout, what is refused, and what everybody reads.

use std::io::Cursor;

use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::asking::Opened;
use felag_tests::people::Person;
use felag_tests::{Reply, World};
use time::Duration;

use crate::payouts::two_people::{approve, stands, with_two};

/// What the payout of 110 euros brought, after costs and fees.
const NET: i64 = 11_000 - (115 + 108 - 10) - 121;

/// A campaign whose money has reached its bank, and its owner and treasurer.
async fn paid_out(world: &World) -> (Opened, Person, Person) {
    let (campaign, owner, treasurer) = with_two(world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(4)).await;
    (campaign, owner, treasurer)
}

fn list(campaign: &Opened) -> String {
    format!("/campaigns/{}/expenses", campaign.slug)
}

/// The expense form, filled in, with a file.
struct Sheet<'a> {
    amount: &'a str,
    file: &'a str,
    bytes: Vec<u8>,
    closed: &'a str,
    request: String,
    line: String,
}

impl Sheet<'_> {
    async fn of(world: &World, campaign: &Opened, amount: &'static str, bytes: Vec<u8>) -> Sheet<'static> {
        let line: String = sqlx::query_scalar(
            "select budget_line_id::text from budget_line where campaign_id = $1 order by position limit 1",
        )
        .bind(campaign.id.as_uuid())
        .fetch_one(&world.owner)
        .await
        .unwrap();
        Sheet {
            amount,
            file: "bill.pdf",
            bytes,
            closed: "",
            request: world.ctx.id::<uuid::Uuid>().to_string(),
            line,
        }
    }

    async fn send(&self, world: &World, person: &Person, campaign: &Opened) -> Reply {
        let csrf = person.browser.csrf().await;
        let mut body = Vec::new();
        let is_closed = if self.closed.is_empty() { "" } else { "yes" };
        for (name, value) in [
            ("csrf", csrf.as_str()),
            ("request", &self.request),
            ("line", &self.line),
            ("amount", self.amount),
            ("spent_on", &world.ctx.now().date().to_string()),
            ("payee", "Timber yard"),
            ("purpose", "Oak boards"),
            ("is_closed", is_closed),
            ("closed_reason", self.closed),
        ] {
            body.extend_from_slice(
                format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"voucher\"; filename=\"{}\"\r\n\r\n",
            self.file
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&self.bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let kind = "multipart/form-data; boundary=edge";
        let origin = world.ctx.config.public_url.clone();
        person
            .browser
            .post_bytes(&list(campaign), &origin, kind, body)
            .await
    }
}

/// A document of one page that says who wrote it, and runs a script.
fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (SECRETSCRIPT) >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        "<< /Length 20 >>\nstream\n0 0 10 10 re f      \nendstream",
        "<< /Author (SECRETAUTHOR) /Producer (SECRETPROGRAM) >>",
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let at = file.len();
    file += &format!(
        "xref\n0 6\n{places}trailer\n<< /Size 6 /Root 1 0 R /Info 5 0 R >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.into_bytes()
}

/// A photograph that says where it was taken.
fn photograph() -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    let picture = image::DynamicImage::new_rgb8(32, 16);
    picture.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let plain = plain.into_inner();
    let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPSLatitude 64.1466 SECRETPLACE";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

/// The voucher of the only expense, as it is kept.
async fn kept(world: &World, kind: &str) -> Vec<u8> {
    let sql =
        "select 'vouchers/' || campaign_id || '/' || expense_id from expense order by number desc limit 1";
    let name: String = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
    let found = world.ctx.files.get(&format!("{name}.{kind}")).await.unwrap();
    found.unwrap().to_vec()
}

fn says(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

async fn refused(world: &World) -> i64 {
    world
        .count("select count(*) from audit_row where kind like 'expense.%' and refused")
        .await
}

#[tokio::test]
async fn a_treasurer_enters_expenses_and_everybody_reads_what_became_of_the_money() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let sheet = Sheet::of(&world, &campaign, "25.50", pdf()).await;
    let one = sheet.send(&world, &owner, &campaign).await.expect(303);
    assert_eq!(one.location(), format!("{}/1", list(&campaign)));
    // The same form sent twice is one expense.
    let again = sheet.send(&world, &owner, &campaign).await.expect(303);
    assert_eq!(again.location(), one.location());
    let stored = kept(&world, "pdf").await;
    assert!(stored.starts_with(b"%PDF-") && !says(&stored, "SECRET") && !says(&stored, "JavaScript"));

    let photo = Sheet::of(&world, &campaign, "4.50", photograph()).await;
    photo.send(&world, &owner, &campaign).await.expect(303);
    let stored = kept(&world, "jpeg").await;
    assert!(!says(&stored, "Exif") && !says(&stored, "SECRETPLACE"));
    assert_eq!(world.count("select count(*) from expense").await, 2);
    assert_eq!(stands(&world, &campaign, AccountCode::Spent).await, 3000);
    assert_eq!(stands(&world, &campaign, AccountCode::Vouched).await, -3000);
    world.ledger_verify().await;

    let guest = world.browser();
    let shown = guest.get(&list(&campaign)).await.expect(200);
    for words in [
        "Oak boards",
        "Timber yard",
        "€110.00",
        "€30.00",
        "€106.66",
        "€76.66",
    ] {
        assert!(shown.says(words), "{words}: {}", shown.words());
    }
    let page = guest
        .get(&format!("/campaigns/{}", campaign.slug))
        .await
        .expect(200);
    assert!(
        page.says("From promise to voucher") && page.says("€30.00"),
        "{}",
        page.words()
    );
    let file = guest
        .get(&format!("{}/1/voucher", list(&campaign)))
        .await
        .expect(200);
    let header = |name: &str| file.headers[name].to_str().unwrap().to_string();
    assert_eq!(header("content-type"), "application/pdf");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("attachment"));
    let photo = guest
        .get(&format!("{}/2/voucher", list(&campaign)))
        .await
        .expect(200);
    assert!(
        photo.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("inline")
    );
    let csv = guest.get(&format!("{}.csv", list(&campaign))).await.expect(200);
    assert!(
        csv.text.contains("Timber yard,Oak boards,25.50,EUR,entered"),
        "{}",
        csv.text
    );
    assert_eq!(NET, 10_666);
}

#[tokio::test]
async fn what_is_no_voucher_or_too_much_is_refused_in_words_and_written_down() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let mut png = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(9, 9)
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let mut cut = png.into_inner();
    cut.truncate(50);
    let mut locked = String::from_utf8(pdf()).unwrap();
    locked = locked.replace("/Info 5 0 R", "/Encrypt << /Filter /Standard /V 1 /R 2 >>");
    let wrong: [(&'static str, Vec<u8>, &str); 7] = [
        ("25", b"MZ not a bill".to_vec(), "neither a PDF nor"),
        ("25", Vec::new(), "Choose the file"),
        ("25", cut, "cannot be read to its end"),
        ("25", locked.into_bytes(), "is encrypted"),
        ("25", vec![b'%'; 10 * 1024 * 1024 + 1], "larger than 10 MiB"),
        ("106.67", pdf(), "€106.66 is left"),
        ("0", pdf(), "Oak boards"),
    ];
    let count = i64::try_from(wrong.len()).unwrap();
    for (amount, bytes, words) in wrong {
        let sheet = Sheet::of(&world, &campaign, amount, bytes).await;
        let shown = sheet.send(&world, &owner, &campaign).await.expect(422);
        assert!(
            shown.says(words) || shown.text.contains(words),
            "{words}: {}",
            shown.words()
        );
    }
    assert_eq!(refused(&world).await, count);
    let sheet = Sheet::of(&world, &campaign, "25", vec![0; 13 * 1024 * 1024]).await;
    sheet.send(&world, &owner, &campaign).await.expect(413);
    assert_eq!(refused(&world).await, count + 1);
    assert_eq!(world.count("select count(*) from expense").await, 0);
    assert_eq!(world.count("select spent_minor from expense_total").await, 0);
    // Whatever the program does: the database refuses more.
    let more = sqlx::query("update expense_total set spent_minor = paid_out_minor + 1").execute(&world.owner);
    let cause = more.await.unwrap_err().to_string();
    assert!(cause.contains("no_more_is_spent_than_was_paid_out"), "{cause}");
}

#[tokio::test]
async fn two_at_once_never_spend_more_than_was_paid_out() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let one = Sheet::of(&world, &campaign, "60", pdf()).await;
    let other = Sheet::of(&world, &campaign, "60", photograph()).await;
    let (one, other) = tokio::join!(
        one.send(&world, &owner, &campaign),
        other.send(&world, &owner, &campaign)
    );
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    assert_eq!(world.count("select spent_minor from expense_total").await, 6000);
}

#[tokio::test]
async fn only_those_who_answer_for_the_money_enter_expenses_and_only_with_a_code() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let editor = world.person("editor").await;
    world.join(campaign.project, &editor, Role::Editor).await;
    world.prove(&editor).await;
    let stranger = world.person("stranger").await;
    world.prove(&stranger).await;
    let steward = world.steward("tove").await;
    world.prove(&steward).await;
    let unproven = world.person("late").await;
    world.join(campaign.project, &unproven, Role::Treasurer).await;
    for (person, status) in [
        (&editor, 403),
        (&stranger, 404),
        (&steward, 403),
        (&unproven, 303),
    ] {
        let sheet = Sheet::of(&world, &campaign, "1", pdf()).await;
        sheet.send(&world, person, &campaign).await.expect(status);
    }
    let other = world.funded_campaign(&world.person("else").await).await;
    // Nothing was paid out of the other one, and its lines are not ours.
    let mut foreign = Sheet::of(&world, &other, "1", pdf()).await;
    foreign.send(&world, &owner, &other).await.expect(404);
    foreign.request = world.ctx.id::<uuid::Uuid>().to_string();
    let shown = foreign.send(&world, &owner, &campaign).await.expect(422);
    assert!(shown.says("Choose a line of the budget."), "{}", shown.words());
    assert_eq!(world.count("select count(*) from expense").await, 0);
}

#[tokio::test]
async fn a_withdrawn_expense_stays_with_its_reason_and_its_amount_may_be_spent_again() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let sheet = Sheet::of(&world, &campaign, "100", pdf()).await;
    sheet.send(&world, &owner, &campaign).await.expect(303);
    let page = format!("{}/1", list(&campaign));
    let form = owner.browser.get(&page).await.expect(200);
    let action = format!("{page}/withdrawal");
    owner
        .browser
        .submit(&form, &action, &[("reason", "no")])
        .await
        .expect(422);
    let why = [("reason", "Entered against the wrong line")];
    owner.browser.submit(&form, &action, &why).await.expect(303);
    owner.browser.submit(&form, &action, &why).await.expect(303);
    assert_eq!(stands(&world, &campaign, AccountCode::Spent).await, 0);
    world.ledger_verify().await;
    let guest = world.browser();
    let shown = guest.get(&page).await.expect(200);
    assert!(shown.says("Entered against the wrong line"), "{}", shown.words());
    guest.get(&format!("{page}/voucher")).await.expect(404);
    owner.browser.get(&format!("{page}/voucher")).await.expect(200);
    let sheet = Sheet::of(&world, &campaign, "100", pdf()).await;
    sheet.send(&world, &owner, &campaign).await.expect(303);
    let rewritten = sqlx::query("update expense set amount_minor = 1 where number = 2").execute(&world.owner);
    assert!(rewritten.await.is_err(), "an entered expense is kept");
    let acts = "select count(*) from audit_row where kind like 'expense.%' and not refused";
    assert_eq!(world.count(acts).await, 3);
}

#[tokio::test]
async fn a_voucher_with_personal_data_is_shown_to_members_and_stewards_only() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let mut sheet = Sheet::of(&world, &campaign, "10", photograph()).await;
    sheet.closed = "A private address stands on it";
    sheet.send(&world, &owner, &campaign).await.expect(303);
    let file = format!("{}/1/voucher", list(&campaign));
    world.browser().get(&file).await.expect(404);
    world
        .person("stranger")
        .await
        .browser
        .get(&file)
        .await
        .expect(404);
    owner.browser.get(&file).await.expect(200);
    world.steward("tove").await.browser.get(&file).await.expect(200);
    let shown = world
        .browser()
        .get(&format!("{}/1", list(&campaign)))
        .await
        .expect(200);
    assert!(
        shown.says("A private address stands on it") && shown.says("€10.00"),
        "{}",
        shown.words()
    );
}

#[tokio::test]
async fn a_difference_is_explained_beside_the_budget_with_its_day() {
    let world = World::new().await;
    let (campaign, owner, _) = paid_out(&world).await;
    let new = format!("{}/new", list(&campaign));
    let page = owner.browser.get(&new).await.expect(200);
    let action = format!("{}/explanations", list(&campaign));
    let line = Sheet::of(&world, &campaign, "1", pdf()).await.line;
    let short = [("explained_line", line.as_str()), ("explanation", "why")];
    owner.browser.submit(&page, &action, &short).await.expect(422);
    let words = [
        ("explained_line", line.as_str()),
        ("explanation", "Oak became dearer in spring."),
    ];
    owner.browser.submit(&page, &action, &words).await.expect(303);
    let shown = world.browser().get(&list(&campaign)).await.expect(200);
    assert!(shown.says("Oak became dearer in spring."), "{}", shown.words());
}
