//! A lender's bank asks their charge back: before the loan is paid out, and after.

use felag::repayments;
use felag_domain::ledger::{Account, AccountCode};
use felag_domain::money::Currency;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Opened;
use felag_tests::giving::card;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::people::Person;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::going_well::{loan_state, pay_out, returns, stands};

pub struct Lent {
    pub campaign: Opened,
    pub owner: Person,
    pub treasurer: Person,
    pub lena: Person,
    pub lars: Person,
}

/// Lena lends 400 and Lars 600, of which so much is the least; all of it is collected.
pub async fn collected(world: &World, least: &'static str) -> Lent {
    let (owner, treasurer) = (world.person("owner").await, world.person("treasurer").await);
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let terms = Loan {
        least,
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &terms).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    world.lend(&lena, &campaign, "400").await;
    world.lend(&lars, &campaign, "600").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    assert_eq!(loan_state(world).await, "collected");
    Lent {
        campaign,
        owner,
        treasurer,
        lena,
        lars,
    }
}

impl Lent {
    pub async fn id_of(&self, world: &World, lender: &Person) -> Uuid {
        let sql = "select commitment_id from commitment where person_id = $1";
        let id = sqlx::query_scalar(sql).bind(lender.id.as_uuid());
        id.fetch_one(&world.owner).await.unwrap()
    }

    pub async fn state_of(&self, world: &World, lender: &Person) -> String {
        let sql = "select state from commitment where person_id = $1";
        let state = sqlx::query_scalar(sql).bind(lender.id.as_uuid());
        state.fetch_one(&world.owner).await.unwrap()
    }

    pub async fn of_lender(&self, world: &World, lender: &Person) -> i64 {
        let book = felag_domain::ids::BookId::of_campaign(self.campaign.id);
        let account = Account::of_share(AccountCode::Lender, self.id_of(world, lender).await);
        let balance = felag::ledger::balance(&world.ctx.db, book, account, Currency::EUR).await;
        balance.unwrap().minor()
    }

    /// Lena's bank asks for her money; the dispute at the provider.
    pub async fn dispute(&self, world: &World) -> String {
        self.dispute_part(world, 40_000).await
    }

    /// The same of a part of it.
    pub async fn dispute_part(&self, world: &World, minor: i64) -> String {
        let sql = "select charge_ref from commitment where person_id = $1";
        let charge: String = sqlx::query_scalar(sql)
            .bind(self.lena.id.as_uuid())
            .fetch_one(&world.owner)
            .await
            .unwrap();
        dispute_of(world, &charge, minor).await
    }

    /// What pays the loan off today, as the project reads it.
    pub async fn all(&self, world: &World) -> i64 {
        let page = format!("/campaigns/{}/loan/repayments", self.campaign.slug);
        returns(world, &self.owner).await;
        let words = self.owner.browser.get(&page).await.expect(200).words();
        let amount = words
            .split("To pay it off today")
            .nth(1)
            .and_then(|rest| rest.split('€').nth(1)?.split(' ').next());
        let amount = amount.unwrap_or_else(|| panic!("{words}"));
        amount.replace([',', '.'], "").parse().unwrap()
    }

    pub async fn pay(&self, world: &World, amount: &str) {
        returns(world, &self.owner).await;
        let page = format!("/campaigns/{}/loan/repayments", self.campaign.slug);
        let form = self.owner.browser.get(&page).await.expect(200);
        let fields = [("amount", amount)];
        let sent = self.owner.browser.submit(&form, &page, &fields).await.expect(303);
        let page = self.owner.browser.follow(sent).await.expect(200);
        if page.text.contains("action=\"/pay/") || page.url.contains("/pay/") {
            world
                .pay(&self.owner.browser, page, card::WORKS)
                .await
                .expect(200);
        }
        world.quiet().await;
    }

    /// A page of Lena's, in words.
    pub async fn hers(&self, world: &World, path: &str) -> String {
        returns(world, &self.lena).await;
        self.lena.browser.get(path).await.expect(200).words()
    }

    pub async fn stands(&self, world: &World, account: AccountCode) -> i64 {
        stands(world, &self.campaign, account).await
    }

    /// The fee of the dispute, as it was borne.
    pub async fn fee(&self, world: &World) -> i64 {
        world
            .count("select (fee_held_minor + fee_payable_minor + fee_receivable_minor)::bigint from dispute")
            .await
    }

    pub async fn is_right(&self, world: &World) {
        world.ledger_verify().await;
        let memo = "select coalesce(sum(balance_minor), 0)::bigint from account_balance
                    where account_code(account) in ('claim', 'debt', 'written-off')";
        assert_eq!(world.count(memo).await, 0, "claims and debt net to zero");
        let wrong = "select count(*) from loan_share
                     left join account_balance on account = 'lender:' || commitment_id::text
                     where coalesce(balance_minor, 0) <> principal_credited_minor + interest_credited_minor - sent_minor
                                                         - taken_receivable_minor - taken_fees_minor";
        assert_eq!(
            world.count(wrong).await,
            0,
            "what a share has is what it got and was not sent or taken"
        );
        assert!(self.stands(world, AccountCode::Receivable).await >= 0);
        let shown = repayments::statistics(&world.ctx).await.unwrap();
        let booked = repayments::recomputed(&world.ctx.db, Currency::EUR)
            .await
            .unwrap();
        if let Some(one) = shown.first() {
            assert_eq!((one.lent, one.outstanding, one.lost), booked);
        }
    }
}

/// An amount as it is typed.
pub fn euros(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// The bank of whoever paid by this charge asks for so much of it; the dispute at the provider.
pub async fn dispute_of(world: &World, charge: &str, minor: i64) -> String {
    let wish = json!({ "charge": charge, "amount": minor, "reason": "fraudulent" });
    let opened = world.sandbox_control("disputes", &wish).await;
    world.quiet().await;
    opened["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{opened}"))
        .to_string()
}

pub async fn decide(world: &World, dispute: &str, what: &str) {
    let path = format!("disputes/{dispute}");
    world.sandbox_control(&path, &json!({ "do": what })).await;
    world.quiet().await;
}

#[tokio::test]
async fn a_lender_whose_bank_takes_the_money_before_the_payout_leaves_and_the_loan_is_what_is_left() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    world.advance_by(Duration::DAY).await;
    let dispute = lent.dispute(&world).await;
    decide(&world, &dispute, "lose").await;
    world.advance_by(Duration::DAY).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(lent.state_of(&world, &lent.lena).await, "refunded");
    assert_eq!(world.count("select principal_minor from loan").await, 60_000);
    let told = world.kinds_of_mails_to(&lent.lena.email).await;
    assert!(told.contains(&"loan_bank_took_back".into()), "{told:?}");
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_shrank".into()), "{told:?}");
    lent.is_right(&world).await;

    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 60_000);
    assert_eq!(lent.stands(&world, AccountCode::HeldLoan).await, 0);
    let owed = "select sum(principal_minor)::bigint from instalment";
    assert_eq!(world.count(owed).await, 60_000);
    lent.is_right(&world).await;

    // Won after all: her bank took the money from her again, and she is no lender any more.
    decide(&world, &dispute, "win").await;
    world.advance_by(Duration::DAY).await;
    let back = "select count(*) from refund where why = 'late_payment' and amount_minor = 40000 and state = 'succeeded'";
    assert_eq!(world.count(back).await, 1);
    // What the bank's question had cost came back, too: it is the project's, and proposed for payout.
    let fee = lent.stands(&world, AccountCode::HeldLoan).await;
    assert_eq!(fee, lent.fee(&world).await);
    let proposed = "select gross_minor from payout where source = 'loan' and state = 'proposed'";
    assert_eq!(world.count(proposed).await, fee);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_payout_that_counts_on_a_lender_who_left_is_called_off_and_proposed_anew() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    world.advance_by(Duration::DAY).await;
    for person in [&lent.owner, &lent.treasurer] {
        returns(&world, person).await;
        let page = format!("/campaigns/{}/payouts/1", lent.campaign.slug);
        let action = format!("{page}/approval");
        felag_tests::paying_out::press(&person.browser, &page, &action, &[])
            .await
            .expect(303);
    }
    let dispute = lent.dispute(&world).await;
    let approved = "select count(*) from payout where number = 1 and state = 'approved'";
    assert_eq!(world.count(approved).await, 1, "it waits for the bank");
    decide(&world, &dispute, "lose").await;
    world.advance_by(Duration::DAY).await;
    let off = "select count(*) from payout where number = 1 and state = 'withdrawn'";
    assert_eq!(world.count(off).await, 1);
    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 60_000);
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 0);
    let net = "select net_minor from payout where state = 'paid'";
    assert!(world.count(net).await < 60_000);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_loan_that_falls_below_its_least_amount_goes_back_to_those_who_are_left() {
    let world = World::new().await;
    let lent = collected(&world, "1000").await;
    world.advance_by(Duration::DAY).await;
    let dispute = lent.dispute(&world).await;
    decide(&world, &dispute, "lose").await;
    world.advance_by(Duration::DAY).await;
    assert_eq!(loan_state(&world).await, "refunded");
    assert_eq!(lent.state_of(&world, &lent.lars).await, "refunded");
    assert_eq!(lent.stands(&world, AccountCode::HeldLoan).await, 0);
    assert_eq!(
        lent.stands(&world, AccountCode::Receivable).await,
        lent.fee(&world).await
    );
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_share_whose_lender_has_the_money_again_is_taken_over_and_the_project_pays_once() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    lent.pay(&world, "85.61").await;
    let (lena, lars) = (
        lent.of_lender(&world, &lent.lena).await,
        lent.of_lender(&world, &lent.lars).await,
    );
    assert!(lena > 0 && lars > 0, "{lena} {lars}");
    let dispute = lent.dispute(&world).await;
    let fee = lent.fee(&world).await;
    // While the bank decides the project is asked for its fee alone, and her part is kept for whom it decides.
    lent.pay(&world, "100").await;
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 40_000);
    let kept = lent.of_lender(&world, &lent.lena).await;
    assert!(kept > lena, "{kept} {lena}");
    assert!(lent.of_lender(&world, &lent.lars).await > lars);
    lent.is_right(&world).await;

    decide(&world, &dispute, "lose").await;
    assert_eq!(lent.of_lender(&world, &lent.lena).await, 0);
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 40_000 - kept);
    let told = world.kinds_of_mails_to(&lent.lena.email).await;
    assert!(told.contains(&"loan_bank_took_back".into()), "{told:?}");
    lent.is_right(&world).await;

    // All the rest is paid: Lars has his, nobody pays twice, and what was fronted has come back.
    let all = lent.all(&world).await;
    lent.pay(&world, &euros(all)).await;
    assert_eq!(loan_state(&world).await, "ended");
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 0);
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 0);
    assert_eq!(lent.of_lender(&world, &lent.lena).await, 0);
    let lars = "select principal_credited_minor from loan_share where share_minor = 60000";
    assert_eq!(world.count(lars).await, 60_000);
    lent.is_right(&world).await;

    // Won after all: everything that was taken over is hers, and the receivable is not below nothing.
    decide(&world, &dispute, "win").await;
    let hers =
        "select principal_credited_minor + interest_credited_minor from loan_share where share_minor = 40000";
    assert_eq!(lent.of_lender(&world, &lent.lena).await, world.count(hers).await);
    assert!(lent.stands(&world, AccountCode::Receivable).await >= 0);
    assert!(fee > 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_share_is_free_again_when_the_bank_decides_for_the_project() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    let dispute = lent.dispute(&world).await;
    lent.pay(&world, "100").await;
    let kept = lent.of_lender(&world, &lent.lena).await;
    decide(&world, &dispute, "win").await;
    // The project had paid what the question cost. It came back, and pays for the loan: two fifths of it for her.
    let hers = lent.fee(&world).await * 2 / 5;
    assert_eq!(lent.of_lender(&world, &lent.lena).await, kept + hers);
    let frozen = "select count(*) from loan_share where frozen_at is not null";
    assert_eq!(world.count(frozen).await, 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_lender_reads_on_their_pages_that_their_bank_has_the_charge_and_what_became_of_the_share() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    lent.pay(&world, "85.61").await;
    let share = format!("/my/loans/{}", lent.id_of(&world, &lent.lena).await);
    let page = lent.hers(&world, "/my/loans").await;
    assert!(!page.contains("bank has asked"), "{page}");
    let dispute = lent.dispute(&world).await;
    for path in ["/my/loans", &share] {
        let page = lent.hers(&world, path).await;
        assert!(
            page.contains("Your bank has asked for the money you lent back"),
            "{page}"
        );
        assert!(page.contains("Kept while your bank decides"), "{page}");
    }

    decide(&world, &dispute, "lose").await;
    lent.pay(&world, "100").await;
    for path in ["/my/loans", &share] {
        let page = lent.hers(&world, path).await;
        assert!(
            page.contains("Your bank gave you the money you lent back"),
            "{page}"
        );
        assert!(page.contains("Taken back by your bank"), "{page}");
        assert!(
            !page.contains("Yours, to be sent to you"),
            "nothing is hers: {page}"
        );
    }
    let page = lent.hers(&world, &share).await;
    assert!(!page.contains("Instalments"), "nothing is to come: {page}");
    let page = lent.hers(&world, "/my/loans").await;
    assert!(page.contains("Nothing is to come"), "{page}");
    // What came in after her bank had the money is no income of hers.
    let lines = lent.hers(&world, &format!("{share}/statement.csv")).await;
    assert_eq!(lines.split("EUR").count() - 1, 1, "{lines}");

    decide(&world, &dispute, "win").await;
    let page = lent.hers(&world, &share).await;
    assert!(page.contains("Repaying on time"), "{page}");
    assert!(
        page.contains("Instalments") && page.contains("Yours, to be sent to you"),
        "{page}"
    );
    let lines = lent.hers(&world, &format!("{share}/statement.csv")).await;
    assert!(lines.split("EUR").count() > 2, "{lines}");
}
