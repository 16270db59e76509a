//! The key information sheet, in the order of annex I of Regulation (EU) 2020/1503, with the disclaimer and the risk
//! warning of its article 23(6).

use felag_domain::lending::LoanState;
use felag_frontend::Lang;
use time::OffsetDateTime;

use super::said::{borrower, named, schedule, terms, when};
use crate::loans::sheet::{PastLoan, Sheet};
use crate::loans::web::shown;
use crate::paper::{Block, Paper, Row, Table};

/// So many past loans are told of one by one; the page of the loan has all of them.
const PAST_MAX: usize = 8;

/// The sheet of a version. `hash` is that of what it says.
pub fn document(lang: Lang, sheet: &Sheet, hash: &[u8], at: OffsetDateTime) -> Paper {
    let words = |id: &'static str| Block::Words(lang.t(id).to_string());
    let warning = |id: &'static str| Block::Warning(lang.t(id).to_string());
    let heading = |id: &'static str| Block::Heading(lang.t(id).to_string());
    let mut blocks = vec![
        words("paper-disclaimer"),
        warning("paper-lose-all"),
        warning("paper-risk-warning"),
    ];
    let version = [
        ("paper-version", sheet.version.to_string()),
        ("paper-hash", hex::encode(hash)),
    ];
    blocks.push(Block::Facts(named(lang, version)));
    blocks.extend([heading("paper-part-owner"), borrower(lang, sheet)]);
    blocks.push(words("paper-responsible"));
    blocks.extend(written(lang, "loan-purpose", &sheet.purpose));
    blocks.extend(written(lang, "loan-figures", &sheet.figures));
    blocks.push(heading("paper-part-raising"));
    blocks.push(Block::Facts(raising(lang, sheet)));
    blocks.push(Block::Words(lang.t1(
        "paper-reflection",
        "days",
        i64::from(sheet.reflection_days),
    )));
    blocks.push(words("paper-if-missed"));
    blocks.push(heading("paper-part-risks"));
    blocks.push(Block::Words(sheet.risks.clone()));
    blocks.push(words("paper-risks-always"));
    blocks.push(heading("paper-part-loan"));
    blocks.push(Block::Facts(terms(lang, sheet)));
    blocks.extend(schedule(lang, sheet));
    blocks.extend(written(lang, "loan-security", &sheet.security));
    if sheet.security.trim().is_empty() {
        blocks.extend([heading("loan-security"), words("loan-security-none")]);
    }
    blocks.extend(record(lang, sheet));
    blocks.extend([
        heading("paper-part-costs"),
        words("paper-costs"),
        words("paper-servicing"),
        words("paper-complaints"),
    ]);
    Paper {
        title: lang.t1("paper-sheet-title", "campaign", &sheet.title),
        foot: lang.t2(
            "paper-sheet-foot",
            "version",
            i64::from(sheet.version),
            "campaign",
            &sheet.title,
        ),
        blocks,
        at,
    }
}

/// What the project wrote, under a heading; nothing where it wrote nothing.
fn written(lang: Lang, title: &'static str, text: &str) -> Vec<Block> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(lang.t(title).to_string()),
        Block::Words(text.to_string()),
    ]
}

fn raising(lang: Lang, sheet: &Sheet) -> Vec<(String, String)> {
    let counts = if sheet.counts_to_minimum {
        "loan-counts-yes"
    } else {
        "loan-counts-no"
    };
    let money = |minor: i64| match minor {
        0 => String::new(),
        minor => lang.money(sheet.money(minor)),
    };
    named(
        lang,
        [
            ("paper-target", money(sheet.amount_minor)),
            ("paper-least-lent", money(sheet.least_minor)),
            ("paper-minimum", money(sheet.minimum_minor)),
            ("paper-full-plan", money(sheet.full_plan_minor)),
            ("loan-counts", lang.t(counts).to_string()),
            ("loan-lending-ends", when(lang, sheet, sheet.lending_ends_at)),
            ("loan-deadline", when(lang, sheet, sheet.deadline_at)),
        ],
    )
}

/// The project's past loans, with what their lenders lost.
fn record(lang: Lang, sheet: &Sheet) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(lang.t("loan-record").to_string())];
    if sheet.past.is_empty() {
        blocks.push(Block::Words(lang.t("loan-record-none").to_string()));
        return blocks;
    }
    let newest = sheet.past.iter().rev();
    let row = |past: &PastLoan| {
        let of = Sheet {
            currency: past.currency.clone(),
            ..sheet.clone()
        };
        let state = past.state.parse::<LoanState>();
        let state = state.map_or_else(|_| String::new(), |state| shown::loan_state(lang, state).1);
        Row {
            cells: vec![
                past.title.clone(),
                state,
                lang.money(of.money(past.principal_minor)),
                lang.money(of.money(past.lost_minor)),
            ],
            is_sum: false,
        }
    };
    let head = ["loan-campaign", "loan-state", "loan-amount", "loan-lost"];
    blocks.push(Block::Table(Table {
        head: head.map(|id| lang.t(id).to_string()).to_vec(),
        rows: newest.take(PAST_MAX).map(row).collect(),
    }));
    blocks
}

#[cfg(test)]
mod tests {
    use felag_domain::ids::CampaignId;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::loans::papers::SHEET_PAGES_MAX;
    use crate::paper;

    fn sheet() -> Sheet {
        Sheet {
            campaign: CampaignId::from_uuid(Uuid::nil()),
            version: 1,
            title: "Open lenses".into(),
            project: "Lens makers".into(),
            holder: "Lens makers e. V.".into(),
            holder_country: "DE".into(),
            holder_register: "VR 1234".into(),
            currency: "EUR".into(),
            amount_minor: 100_000,
            least_minor: 50_000,
            rate_bp: 500,
            instalments: 12,
            period: "monthly".into(),
            kind: "equal_instalments".into(),
            grace_kind: "none".into(),
            grace: 0,
            day_count: "30/360".into(),
            purpose: "Lenses in bulk.".into(),
            security: String::new(),
            figures: "Forty kits were sold.".into(),
            risks: "Fewer kits may be sold.".into(),
            counts_to_minimum: true,
            reflection_days: 4,
            policy: "european".into(),
            lending_ends_at: Some(datetime!(2027-01-27 00:00 UTC)),
            deadline_at: Some(datetime!(2027-01-31 18:00 UTC)),
            holder_form: "association".into(),
            holder_address: "Lane 1\nBerlin".into(),
            time_zone: "UTC".into(),
            minimum_minor: 50_000,
            full_plan_minor: 200_000,
            fee_version: 1,
            past: Vec::new(),
        }
    }

    fn read(document: &Paper) -> (usize, String) {
        let bytes = paper::write_within(Lang::En, document, SHEET_PAGES_MAX).unwrap();
        let document = lopdf::Document::load_mem(&bytes).unwrap();
        let pages: Vec<u32> = document.get_pages().into_keys().collect();
        let text = document.extract_text(&pages).unwrap();
        (pages.len(), text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_sheet_says_what_a_lender_must_know() {
        let at = datetime!(2027-01-01 12:00 UTC);
        let (_, text) = read(&document(Lang::En, &sheet(), &[7; 32], at));
        for words in [
            "You may lose all of it.",
            "neither verified nor approved",
            "Lens makers e. V.",
            "VR 1234",
            "€1,000.00",
            "€500.00",
            "5 % a year",
            "It costs the project",
            "14 March 2027",
            "14 February 2028",
            "Fewer kits may be sold.",
            "There is no security",
            "07070707",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn the_longest_texts_and_the_longest_schedule_are_six_pages_at_most() {
        let long = |words: &str| words.repeat(4_000 / words.len());
        let past = PastLoan {
            title: "A campaign with a title as long as any, of eighty letters at the very most.".into(),
            currency: "EUR".into(),
            principal_minor: 500_000_000,
            lost_minor: 100,
            state: "written_off".into(),
        };
        let sheet = Sheet {
            title: "A campaign with a title as long as any, of eighty letters at the very most.".into(),
            amount_minor: 500_000_000,
            instalments: 120,
            purpose: long("Wherever words are written, they mean more to whom they were written for. "),
            security: long("Machines, stock and what customers owe; worth what somebody pays for it.\n\n"),
            figures: long("2024: income 1,200,000, costs 1,100,000, debts 300,000. "),
            risks: long("Fewer kits may be sold than last year, and prices of glass may rise. "),
            past: vec![past; 50],
            ..sheet()
        };
        let (pages, text) = read(&document(
            Lang::En,
            &sheet,
            &[7; 32],
            datetime!(2027-01-01 12:00 UTC),
        ));
        assert!(
            pages <= SHEET_PAGES_MAX && text.contains("14 February 2037"),
            "{pages}"
        );
    }

    #[test]
    fn the_hash_of_a_sheet_that_says_no_more_than_the_first_ones_did_is_what_it_was() {
        let old = Sheet {
            holder_form: String::new(),
            holder_address: String::new(),
            time_zone: String::new(),
            minimum_minor: 0,
            full_plan_minor: 0,
            fee_version: 0,
            ..sheet()
        };
        let json = serde_json::to_string(&old).unwrap();
        assert!(
            json.ends_with(r#""deadline_at":"2027-01-31T18:00:00Z"}"#),
            "{json}"
        );
    }
}
