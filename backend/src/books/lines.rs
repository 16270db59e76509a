//! Lines of a campaign's public book, with the names people chose to show.

use felag_domain::ids::BookId;
use felag_domain::ledger::EntryKind;
use felag_frontend::Lang;
use felag_frontend::campaigns::BookLine;

use super::store;
use crate::campaigns::store::Campaign;
use crate::campaigns::{self, Lines};
use crate::ctx::Ctx;
use crate::ledger::{self, Shown};

/// The lines of a campaign's book before entry number `before`, the newest first.
pub async fn lines(ctx: &Ctx, campaign: &Campaign, before: i64, most: i64) -> anyhow::Result<Vec<BookLine>> {
    let entries = ledger::latest(&ctx.db, BookId::of_campaign(campaign.id), before, most).await?;
    let causes: Vec<String> = entries
        .iter()
        .filter(|entry| may_be_named(entry.kind))
        .map(|entry| entry.cause_id.clone())
        .collect();
    let names = store::names(&ctx.db, campaign.id, &causes).await?;
    let line = |entry: &Shown| BookLine {
        who: names
            .get(&entry.cause_id)
            .filter(|_| may_be_named(entry.kind))
            .cloned(),
        ..campaigns::books::line(Lang::En, entry)
    };
    Ok(entries.iter().map(line).collect())
}

/// The latest lines, for a campaign's page: see [`crate::campaigns::Shows`].
pub fn latest<'a>(ctx: &'a Ctx, campaign: &'a Campaign, most: i64) -> Lines<'a> {
    Box::pin(lines(ctx, campaign, i64::MAX, most))
}

/// Whether a name may stand beside an entry. Giving is named by those who chose it; that a promise was
/// lowered, ended or paid back is in the books, but nobody is pointed at for it.
fn may_be_named(kind: EntryKind) -> bool {
    match kind {
        EntryKind::CardSaved | EntryKind::Charge => true,
        EntryKind::PledgeChanged | EntryKind::PledgeEnded => false,
        EntryKind::RefundAsked | EntryKind::Refund | EntryKind::RefundFailed => false,
        EntryKind::DisputeOpened | EntryKind::DisputeWon => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_for_a_promise_that_ended_or_was_paid_back() {
        let named: Vec<EntryKind> = EntryKind::ALL
            .iter()
            .copied()
            .filter(|kind| may_be_named(*kind))
            .collect();
        assert_eq!(named, [EntryKind::CardSaved, EntryKind::Charge]);
    }
}
