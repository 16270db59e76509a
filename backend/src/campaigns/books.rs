//! Lines of a campaign's public book, in words. Names are not in the ledger, so they are not here.

use felag_domain::ledger::EntryKind;
use felag_frontend::Lang;
use felag_frontend::campaigns::{BookLine, Flow};

use crate::ledger::Shown;

/// An entry as a line of a page.
pub fn line(lang: Lang, entry: &Shown) -> BookLine {
    let (text, flow) = words(lang, entry.kind);
    BookLine {
        at: entry.at,
        number: u64::try_from(entry.number).unwrap_or(0),
        text: text.to_string(),
        who: None,
        amount: entry.amount,
        flow,
        hash: entry.hash.to_string().chars().take(12).collect(),
    }
}

fn words(lang: Lang, kind: EntryKind) -> (&'static str, Flow) {
    match kind {
        EntryKind::CardSaved => (lang.t("entry-card-saved"), Flow::Noted),
        EntryKind::PledgeChanged => (lang.t("entry-pledge-changed"), Flow::Noted),
        EntryKind::PledgeEnded => (lang.t("entry-pledge-ended"), Flow::Noted),
        EntryKind::Charge => (lang.t("entry-charge"), Flow::In),
        EntryKind::Refund => (lang.t("entry-refund"), Flow::Out),
    }
}
