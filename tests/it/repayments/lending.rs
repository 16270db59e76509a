//! A loan that was paid out, with two lenders, for tests of what comes after.

use felag::repayments::{self, PaidOut};
use felag_domain::ids::{BookId, CommitmentId};
use felag_domain::ledger::{Account, AccountCode};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::Instalment;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::people::Person;
use time::Date;
use time::macros::date;
use uuid::Uuid;

/// 1 200.00 at 6 %: three monthly instalments, the first on 15 April 2026.
pub struct Lent {
    pub campaign: Opened,
    pub owner: Person,
    pub lenders: [Person; 2],
    pub shares: [CommitmentId; 2],
}

pub const DUE: [Date; 3] = [
    date!(2026 - 04 - 15),
    date!(2026 - 05 - 15),
    date!(2026 - 06 - 15),
];

pub fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

impl Lent {
    pub fn page(&self) -> String {
        format!("/campaigns/{}/loan/repayments", self.campaign.slug)
    }

    pub async fn balance(&self, world: &World, account: impl Into<Account>) -> i64 {
        let book = BookId::of_campaign(self.campaign.id);
        let balance = felag::ledger::balance(&world.ctx.db, book, account, Currency::EUR).await;
        balance.unwrap().minor()
    }

    pub async fn of_lender(&self, world: &World, index: usize) -> i64 {
        let account = Account::of_share(AccountCode::Lender, self.shares[index].as_uuid());
        self.balance(world, account).await
    }

    pub async fn state(&self, world: &World) -> String {
        let sql = "select state from loan where campaign_id = $1";
        let found = sqlx::query_scalar(sql).bind(self.campaign.id.as_uuid());
        found.fetch_one(&world.owner).await.unwrap()
    }

    /// Claims, debt and what was given up net to zero; what shares got is what was split; the figures are the books'.
    pub async fn is_right(&self, world: &World) {
        world.ledger_verify().await;
        let memo = world
            .count(
                "select coalesce(sum(balance_minor), 0)::bigint from account_balance
                 where account_code(account) in ('claim', 'debt', 'written-off')",
            )
            .await;
        assert_eq!(memo, 0, "claims and debt net to zero");
        let wrong = world
            .count(
                "select count(*) from loan_share
                 join account_balance on account = 'claim:' || commitment_id::text
                 where -balance_minor <> share_minor - principal_credited_minor - lost_minor",
            )
            .await;
        assert_eq!(wrong, 0, "a claim is what is outstanding of a share");
        let shown = repayments::statistics(&world.ctx).await.unwrap();
        let (lent, outstanding, lost) = repayments::recomputed(&world.ctx.db, Currency::EUR)
            .await
            .unwrap();
        let one = shown.first().unwrap();
        assert_eq!((one.lent, one.outstanding, one.lost), (lent, outstanding, lost));
    }
}

/// Signs somebody in, if the time that passed has signed them out.
pub async fn back(world: &World, person: &Person) {
    if person.browser.get("/sign-in").await.status == 200 {
        world.sign_in(&person.browser, &person.email).await;
    }
}

/// The same of somebody who acts on money.
pub async fn owner_back(world: &World, person: &Person) {
    back(world, person).await;
    world.prove(person).await;
}

/// Lends 700 and 500, and pays out on 15 March.
pub async fn lent(world: &World) -> Lent {
    lent_times(world, 1).await
}

/// As [`lent`], so many times as much.
pub async fn lent_times(world: &World, times: i64) -> Lent {
    let owner = world.person("owner").await;
    let lenders = [world.person("lena").await, world.person("lars").await];
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world.prove(&owner).await;
    world
        .advance_to(date!(2026 - 03 - 15).midnight().assume_utc())
        .await;
    let shares = lend_times_to(world, &campaign, &owner, &lenders, times).await;
    Lent {
        campaign,
        owner,
        lenders,
        shares,
    }
}

/// The same loan of a campaign and of people that are there.
pub async fn lend_to(
    world: &World,
    campaign: &Opened,
    owner: &Person,
    lenders: &[Person; 2],
) -> [CommitmentId; 2] {
    lend_times_to(world, campaign, owner, lenders, 1).await
}

async fn lend_times_to(
    world: &World,
    campaign: &Opened,
    owner: &Person,
    lenders: &[Person; 2],
    times: i64,
) -> [CommitmentId; 2] {
    insert_loan(world, campaign, owner, 120_000 * times).await;
    let mut shares = Vec::new();
    for (lender, minor) in lenders.iter().zip([70_000, 50_000]) {
        let minor = minor * times;
        shares.push((insert_share(world, campaign, lender, minor).await, eur(minor)));
    }
    let paid_out = PaidOut {
        campaign: campaign.id,
        currency: Currency::EUR,
        instalments: vec![
            Instalment::new(1, DUE[0], 39_801 * times, 600 * times),
            Instalment::new(2, DUE[1], 40_000 * times, 401 * times),
            Instalment::new(3, DUE[2], 40_199 * times, 201 * times),
        ],
        shares: shares.clone(),
        paid_out_on: date!(2026 - 03 - 15),
        agreement: "of-the-test".into(),
    };
    let mut tx = world.ctx.db.begin().await.unwrap();
    repayments::begin(&mut tx, &world.ctx, &paid_out).await.unwrap();
    repayments::begin(&mut tx, &world.ctx, &paid_out).await.unwrap();
    tx.commit().await.unwrap();
    [shares[0].0, shares[1].0]
}

async fn insert_loan(world: &World, campaign: &Opened, owner: &Person, minor: i64) {
    let now = world.ctx.now();
    sqlx::query(
        "insert into loan (campaign_id, currency, amount_minor, least_minor, rate_bp, instalments, period, kind,
                           grace_kind, day_count, network_token, policy, state, signed_by, signed_name, signed_at,
                           signed_hash, signed_minor, collected_minor, principal_minor, paid_out_at, created_at,
                           updated_at)
         values ($1, 'EUR', $4, $4, 600, 3, 'monthly', 'equal_instalments', 'none', '30/360', 'token',
                 $5, 'repaying', $2, 'Owner', $3, '\\x00', $4, $4, $4, $3, $3, $3)",
    )
    .bind(campaign.id.as_uuid())
    .bind(owner.id.as_uuid())
    .bind(now)
    .bind(minor)
    .bind(world.ctx.config.lending.of("").to_string())
    .execute(&world.owner)
    .await
    .unwrap();
}

async fn insert_share(world: &World, campaign: &Opened, lender: &Person, minor: i64) -> CommitmentId {
    let now = world.ctx.now();
    let id: CommitmentId = world.ctx.id();
    sqlx::query(
        "insert into commitment (campaign_id, commitment_id, person_id, lender_name, visibility, amount_minor,
                                 share_minor, currency, state, is_own, sheet_version, signed_name, signed_at,
                                 signed_hash, token, request_key, payment_method_ref, card_saved_at, revocable_until,
                                 due_at, paid_at, charge_ref, created_at, updated_at)
         values ($1, $2, $3, $4, 'named', $5, $5, 'EUR', 'active', false, 1, $4, $6, '\\x00', $7, $8, 'pm_1', $6, $6,
                 $6, $6, $7, $6, $6)",
    )
    .bind(campaign.id.as_uuid())
    .bind(id.as_uuid())
    .bind(lender.id.as_uuid())
    .bind(&lender.name)
    .bind(minor)
    .bind(now)
    .bind(format!("token-{id}"))
    .bind(world.ctx.id::<Uuid>())
    .execute(&world.owner)
    .await
    .unwrap();
    id
}
