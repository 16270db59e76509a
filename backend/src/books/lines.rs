//! Lines of a campaign's public book: the ledger's entries in words, with the names people chose to show.

use felag_domain::ids::BookId;
use felag_domain::ledger::{AccountCode, EntryKind};
use felag_frontend::Lang;
use felag_frontend::campaigns::{BookLine, Flow};

use super::store;
use crate::campaigns::Lines;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::ledger::{self, Shown};

/// How many digits of a hash a line shows.
const DIGITS: usize = 12;

/// The lines of a campaign's book before entry number `before`, the newest first.
pub async fn lines(ctx: &Ctx, campaign: &Campaign, before: i64, most: i64) -> anyhow::Result<Vec<BookLine>> {
    let entries = ledger::latest(&ctx.db, BookId::of_campaign(campaign.id), before, most).await?;
    let causes: Vec<String> =
        entries.iter().filter(|entry| may_be_named(entry.kind)).map(|entry| entry.cause_id.clone()).collect();
    let names = store::names(&ctx.db, campaign.id, &causes).await?;
    let line = |entry: &Shown| {
        let who = names.get(&entry.cause_id).filter(|_| may_be_named(entry.kind)).cloned();
        line(Lang::En, entry, who)
    };
    Ok(entries.iter().map(line).collect())
}

/// The latest lines, for a campaign's page: see [`crate::campaigns::Shows`].
pub fn latest<'a>(ctx: &'a Ctx, campaign: &'a Campaign, most: i64) -> Lines<'a> {
    Box::pin(lines(ctx, campaign, i64::MAX, most))
}

/// Whether a name may stand beside an entry. Giving is named by those who chose it; that a promise was lowered,
/// ended or paid back is in the books, but nobody is pointed at for it.
fn may_be_named(kind: EntryKind) -> bool {
    match kind {
        EntryKind::CardSaved | EntryKind::Charge => true,
        EntryKind::PledgeChanged | EntryKind::PledgeEnded | EntryKind::Refund => false,
    }
}

fn line(lang: Lang, entry: &Shown, who: Option<String>) -> BookLine {
    let (text, flow) = words(lang, entry);
    BookLine {
        at: entry.at,
        number: u64::try_from(entry.number).unwrap_or(0),
        text: text.to_string(),
        who,
        amount: entry.amount,
        cost: entry.cost,
        flow,
        hash: entry.hash.to_string().chars().take(DIGITS).collect(),
    }
}

fn words(lang: Lang, entry: &Shown) -> (&'static str, Flow) {
    match entry.kind {
        EntryKind::CardSaved => (lang.t("entry-card-saved"), Flow::Noted),
        // The promise's own side is debited when it grows.
        EntryKind::PledgeChanged if entry.debit == AccountCode::Promise => {
            (lang.t("entry-promise-raised"), Flow::Noted)
        }
        EntryKind::PledgeChanged => (lang.t("entry-promise-lowered"), Flow::Noted),
        EntryKind::PledgeEnded => (lang.t("entry-pledge-ended"), Flow::Noted),
        EntryKind::Charge => (lang.t("entry-charge"), Flow::In),
        EntryKind::Refund => (lang.t("entry-refund"), Flow::Out),
    }
}

/// An account by the name people read.
pub fn account(lang: Lang, code: AccountCode) -> &'static str {
    match code {
        AccountCode::Provider => lang.t("account-provider"),
        AccountCode::Promise => lang.t("account-promise"),
        AccountCode::Promised => lang.t("account-promised"),
        AccountCode::Held => lang.t("account-held"),
        AccountCode::PlatformTips => lang.t("account-tips"),
        AccountCode::PlatformFees => lang.t("account-fees"),
        AccountCode::PlatformProviderCosts => lang.t("account-costs"),
        AccountCode::Payable => lang.t("account-payable"),
        AccountCode::Receivable => lang.t("account-receivable"),
        AccountCode::Between => lang.t("account-between"),
        AccountCode::InTransit => lang.t("account-in-transit"),
    }
}

#[cfg(test)]
mod tests {
    use felag_domain::ledger::Hash;
    use felag_domain::money::{Currency, Money};
    use time::macros::datetime;

    use super::*;

    fn shown(kind: EntryKind, debit: AccountCode) -> Shown {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        Shown {
            number: 7,
            hash: Hash::from_bytes([0xab; 32]),
            at: datetime!(2026-11-22 12:00 UTC),
            kind,
            cause_id: "cause".into(),
            amount: eur(3000),
            debit,
            cost: (kind == EntryKind::Charge).then(|| eur(70)),
        }
    }

    #[test]
    fn each_kind_of_entry_has_its_words_and_says_whether_money_moved() {
        use AccountCode::{Held, Promise, Promised, Provider};
        let said = [
            (EntryKind::CardSaved, Promise, "Gift promised", Flow::Noted),
            (EntryKind::PledgeChanged, Promise, "Promise raised", Flow::Noted),
            (EntryKind::PledgeChanged, Promised, "Promise lowered", Flow::Noted),
            (EntryKind::PledgeEnded, Promised, "Promise ended, not charged", Flow::Noted),
            (EntryKind::Charge, Provider, "Gift collected", Flow::In),
            (EntryKind::Refund, Held, "Paid back", Flow::Out),
        ];
        for (kind, debit, words, flow) in said {
            let line = line(Lang::En, &shown(kind, debit), None);
            assert_eq!((line.text.as_str(), line.flow), (words, flow), "{kind}");
            assert_eq!(line.hash, "abababababab");
        }
    }

    #[test]
    fn what_the_provider_kept_stands_with_the_charge() {
        let charge = line(Lang::En, &shown(EntryKind::Charge, AccountCode::Provider), None);
        assert_eq!(charge.cost.map(Money::minor), Some(70));
    }

    #[test]
    fn nobody_is_named_for_a_promise_that_ended_or_was_paid_back() {
        let named: Vec<EntryKind> = EntryKind::ALL.iter().copied().filter(|kind| may_be_named(*kind)).collect();
        assert_eq!(named, [EntryKind::CardSaved, EntryKind::Charge]);
    }

    #[test]
    fn every_account_has_a_name() {
        let names: std::collections::BTreeSet<_> =
            AccountCode::ALL.iter().map(|code| account(Lang::En, *code)).collect();
        assert_eq!(names.len(), AccountCode::ALL.len());
    }
}
