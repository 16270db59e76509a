//! The loan agreement: the words that both sides sign, and a lender's own copy with the signatures under it.

use felag_domain::lending::policy;
use felag_frontend::Lang;
use time::OffsetDateTime;

use super::said::{borrower, named, schedule, terms};
use super::{PaperKind, hash};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::loans::sheet::{self, Sheet};
use crate::loans::{Commitment, Loan};
use crate::paper::{self, Block, Paper};

/// The clauses, by their headings and words, in their order.
const CLAUSES: [(&str, &str); 9] = [
    ("agreement-parties", "agreement-parties-words"),
    ("agreement-lending", "agreement-lending-words"),
    ("agreement-paying-out", "agreement-paying-out-words"),
    ("agreement-repaying", "agreement-repaying-words"),
    ("agreement-early", "agreement-early-words"),
    ("agreement-late", "agreement-late-words"),
    ("agreement-new-plan", "agreement-new-plan-words"),
    ("agreement-costs", "agreement-costs-words"),
    ("agreement-law", "agreement-law-words"),
];

/// The agreement of a version, as both sides sign it. `hash` is that of the sheet.
pub fn document(lang: Lang, sheet: &Sheet, hash: &[u8], at: OffsetDateTime) -> Paper {
    let heading = |id: &'static str| Block::Heading(lang.t(id).to_string());
    let mut blocks = vec![
        Block::Warning(lang.t("paper-lose-all").to_string()),
        heading("agreement-borrower"),
        borrower(lang, sheet),
        heading("loan-terms"),
        Block::Facts(terms(lang, sheet)),
        Block::Facts(named(
            lang,
            [
                ("paper-version", sheet.version.to_string()),
                ("agreement-sheet-hash", hex::encode(hash)),
            ],
        )),
    ];
    let policy = policy::named(&sheet.policy);
    for (title, words) in CLAUSES {
        blocks.push(heading(title));
        let words = lang.t2(
            words,
            "days",
            i64::from(sheet.reflection_days),
            "notice",
            i64::from(policy.notice_days),
        );
        blocks.push(Block::Words(words));
    }
    blocks.push(heading("loan-schedule"));
    blocks.extend(schedule(lang, sheet));
    Paper {
        title: lang.t1("agreement-title", "campaign", &sheet.title),
        foot: lang.t2(
            "agreement-foot",
            "version",
            i64::from(sheet.version),
            "campaign",
            &sheet.title,
        ),
        blocks,
        at,
    }
}

/// A lender's own copy: what they signed, and the signatures of both sides.
///
/// # Errors
/// When the database fails, or the sheet they signed is not there.
pub async fn own(ctx: &Ctx, campaign: &Campaign, loan: &Loan, one: &Commitment) -> anyhow::Result<Vec<u8>> {
    let lang = super::LANG;
    let mut conn = ctx.db.acquire().await?;
    let found = sheet::read(&mut conn, campaign.id, one.sheet_version).await?;
    let (sheet, sheet_hash) = found.ok_or_else(|| anyhow::anyhow!("commitment {} has no sheet", one.id))?;
    let agreement = hash(
        &mut conn,
        ctx,
        campaign.id,
        one.sheet_version,
        PaperKind::Agreement,
    )
    .await?;
    drop(conn);
    let time = |at: OffsetDateTime| lang.date_time(at, &campaign.time_zone);
    let mut document = document(lang, &sheet, &sheet_hash, one.signed_at);
    let mut facts = named(
        lang,
        [
            ("agreement-lender", one.signed_name.clone()),
            ("loan-review-amount", lang.money(one.amount)),
            (
                "agreement-share",
                one.share.map_or_else(String::new, |share| lang.money(share)),
            ),
            ("signature-at", time(one.signed_at)),
            ("agreement-hash", hex::encode(agreement)),
            ("signature-hash", hex::encode(&one.signed_hash)),
        ],
    );
    if let Some(project) = &loan.signed {
        facts.extend(named(
            lang,
            [
                ("signature-project", project.name.clone()),
                ("signature-project-at", time(project.at)),
                ("signature-project-hash", hex::encode(&project.hash)),
            ],
        ));
    }
    let not_qualified = lang.t("loan-not-qualified").to_string();
    let heading = Block::Heading(lang.t("agreement-signatures").to_string());
    document
        .blocks
        .splice(1..1, [heading, Block::Facts(facts), Block::Words(not_qualified)]);
    tokio::task::spawn_blocking(move || paper::write(lang, &document)).await?
}
