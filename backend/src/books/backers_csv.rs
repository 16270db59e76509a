//! The list of backers as a file: what a project needs to deliver thank-yous, and no more.

use axum::body::Bytes;
use felag_domain::ids::{CampaignId, PersonId, PledgeId};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::owner::{Wanted, pledge_word};
use futures::stream::{Stream, try_unfold};
use time::OffsetDateTime;

use super::safe::cell;
use super::store::{self, Backer};
use crate::ctx::Ctx;

/// How many pledges are held in memory at once.
const PAGE: i64 = 1_000;
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Who asks for which list of which campaign.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    pub campaign: CampaignId,
    pub person: PersonId,
    pub wanted: Wanted,
    /// Some spreadsheets read UTF-8 only after a mark.
    pub has_mark: bool,
}

struct Place {
    after: Option<PledgeId>,
    rows: usize,
    is_first: bool,
    is_over: bool,
}

/// The file, piece by piece. That it was asked for, and how many people it held, is noted in the log.
pub fn stream(ctx: Ctx, export: Export) -> impl Stream<Item = anyhow::Result<Bytes>> {
    let Export {
        campaign,
        person,
        wanted,
        ..
    } = export;
    let wanted = wanted.name();
    tracing::info!(campaign.id = %campaign, person.id = %person, wanted, "backers are exported");
    let start = Place {
        after: None,
        rows: 0,
        is_first: true,
        is_over: false,
    };
    try_unfold(start, move |place| {
        let ctx = ctx.clone();
        async move { piece(&ctx, export, place).await }
    })
}

async fn piece(ctx: &Ctx, export: Export, mut place: Place) -> anyhow::Result<Option<(Bytes, Place)>> {
    if place.is_over {
        let (Export { campaign, person, .. }, rows) = (export, place.rows);
        tracing::info!(campaign.id = %campaign, person.id = %person, rows, "backers were exported");
        return Ok(None);
    }
    let states = export.wanted.states();
    let backers = store::backers_after(&ctx.db, export.campaign, states, place.after, PAGE).await?;
    let bytes = write(Lang::En, &backers, place.is_first, export.has_mark)?;
    place.rows += backers.len();
    place.is_over = i64::try_from(backers.len())? < PAGE;
    (place.after, place.is_first) = (backers.last().map(|last| last.id), false);
    Ok(Some((bytes.into(), place)))
}

/// Every cell is quoted, so that no separator of any program splits one.
fn write(lang: Lang, backers: &[Backer], is_first: bool, has_mark: bool) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_first && has_mark {
        bytes.extend(BYTE_ORDER_MARK.as_bytes());
    }
    let mut csv = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(bytes);
    if is_first {
        csv.write_record(COLUMNS.map(|column| lang.t(column)))?;
    }
    for backer in backers {
        let texts = row(lang, backer);
        csv.write_record(texts.iter().map(|text| cell(text).into_owned()))?;
    }
    csv.into_inner()
        .map_err(|cause| anyhow::anyhow!("{}", cause.error()))
}

const COLUMNS: [&str; 9] = [
    "csv-name",
    "csv-email",
    "csv-reward",
    "csv-amount",
    "csv-refunded",
    "csv-currency",
    "csv-state",
    "csv-promised",
    "csv-paid",
];

fn row(lang: Lang, backer: &Backer) -> [String; 9] {
    [
        backer.name.clone().unwrap_or_default(),
        backer.email.clone().unwrap_or_default(),
        backer.reward.clone().unwrap_or_default(),
        plain(backer.amount),
        plain(backer.refunded),
        backer.amount.currency().code().to_string(),
        pledge_word(lang, backer.state).to_string(),
        day(backer.promised_at),
        backer.paid_at.map(day).unwrap_or_default(),
    ]
}

/// The amount for programs: `1234.50`, `700`.
fn plain(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}

/// In UTC, as `2026-11-22`.
fn day(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).date().to_string()
}

#[cfg(test)]
mod tests {
    use felag_domain::money::Currency;
    use felag_domain::pledge::PledgeState;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn backer(name: Option<&str>, amount: Money) -> Backer {
        Backer {
            id: PledgeId::from_uuid(Uuid::from_u128(1)),
            name: name.map(str::to_string),
            email: name.map(|_| "ada@example.org".to_string()),
            reward: Some("A print, signed".into()),
            amount,
            refunded: Money::from_minor(100, amount.currency()),
            state: PledgeState::Paid,
            counts: true,
            promised_at: datetime!(2026-11-22 23:30 -1),
            paid_at: Some(datetime!(2026-12-14 20:00 UTC)),
        }
    }

    fn file(backers: &[Backer], is_first: bool, has_mark: bool) -> String {
        String::from_utf8(write(Lang::En, backers, is_first, has_mark).unwrap()).unwrap()
    }

    #[test]
    fn a_row_is_what_delivery_needs_with_amounts_as_plain_decimals() {
        let euro = Money::from_minor(123_450, Currency::EUR);
        assert_eq!(
            file(&[backer(Some("Ada"), euro)], true, false),
            "\"Name\",\"E-mail\",\"Thank-you\",\"Amount\",\"Given back\",\"Currency\",\"State\",\
             \"Promised on\",\"Paid on\"\r\n\
             \"Ada\",\"ada@example.org\",\"A print, signed\",\"1234.50\",\"1.00\",\"EUR\",\"Paid\",\"2026-11-23\",\
             \"2026-12-14\"\r\n"
        );
        assert!(
            file(
                &[backer(None, Money::from_minor(700, Currency::JPY))],
                false,
                false
            )
            .contains("\"700\",\"100\",\"JPY\"")
        );
    }

    #[test]
    fn the_mark_and_the_titles_stand_once() {
        assert!(file(&[], true, true).starts_with("\u{feff}\"Name\""));
        assert_eq!(file(&[], false, true), "");
    }

    #[test]
    fn a_name_cannot_be_a_formula_nor_end_its_cell() {
        let euro = Money::from_minor(100, Currency::EUR);
        let rows = file(
            &[backer(Some("=1+1"), euro), backer(Some("x\",\"=2"), euro)],
            false,
            false,
        );
        assert!(rows.starts_with("\"'=1+1\","), "{rows}");
        assert!(rows.contains("\"x\"\",\"\"=2\","), "{rows}");
    }
}
