//! Mails to those who give, once or again and again.

use time::macros::datetime;

use super::super::returns::How;
use super::super::{Mail, backers, support};
use super::{EN, charged, euro, pledge};

/// Every mail about a support.
pub fn to_supporters() -> Vec<Mail> {
    let support = support::AboutSupport {
        project: "Ströndin & <friends>".to_owned(),
        project_link: "https://felag.example/projects/strondin".to_owned(),
        gift: euro(500),
        tip: euro(100),
        total: euro(600),
        period: felag_domain::support::Period::Yearly,
        link: "https://felag.example/supports/abc".to_owned(),
    };
    let at = datetime!(2026-12-15 20:00 UTC);
    let charged = support::Charged {
        support: support.clone(),
        charged_at: at,
        next_at: Some(at),
        holder: "Ströndin svf.".to_owned(),
        holder_lines: vec!["Hafnargata 3".to_owned()],
        entry_number: 12,
        entry_hash: "9f86d081".to_owned(),
    };
    let needs_you = support::NeedsYou {
        support: support.clone(),
        reason: Some("no".to_owned()),
        next_try: Some(at),
        until: at,
    };
    let over = |why| support::Over {
        support: support.clone(),
        why,
    };
    vec![
        charged.mail(EN),
        needs_you.mail(EN),
        support::Notice {
            support: support.clone(),
            due: at,
        }
        .mail(EN),
        support::Changed {
            support: support.clone(),
            before: euro(500),
            next_at: Some(at),
        }
        .mail(EN),
        over(support::OverWhy::ByBacker).mail(EN),
        over(support::OverWhy::NotPaid).mail(EN),
        support::PaidBack {
            support: support.clone(),
            amount: euro(600),
            why: felag_domain::refund::RefundWhy::Project,
            words: "You asked for it.".to_owned(),
            how: How::Done,
        }
        .mail(EN),
    ]
}

/// Every mail about a pledge.
pub fn to_backers() -> Vec<Mail> {
    let (next_try, until) = (
        Some(datetime!(2026-12-15 20:00 UTC)),
        datetime!(2026-12-21 20:00 UTC),
    );
    let unsubscribe = "https://felag.example/unsubscribe/x".to_owned();
    vec![
        backers::PledgeMade { pledge: pledge() }.mail(EN),
        backers::PledgeChanged {
            pledge: pledge(),
            total_before: euro(2_000),
        }
        .mail(EN),
        backers::PledgeCancelled { pledge: pledge() }.mail(EN),
        backers::DeadlineNear {
            pledge: pledge(),
            unsubscribe,
        }
        .mail(EN),
        backers::MinimumReached { pledge: pledge() }.mail(EN),
        backers::NotFunded { pledge: pledge() }.mail(EN),
        backers::Released { pledge: pledge() }.mail(EN),
        backers::CardNeedsYou {
            pledge: pledge(),
            reason: Some("no".to_owned()),
            next_try,
            until,
        }
        .mail(EN),
        backers::CardNeedsYou {
            pledge: pledge(),
            reason: None,
            next_try: None,
            until,
        }
        .mail(EN),
        charged().mail(EN),
        backers::Dropped { pledge: pledge() }.mail(EN),
        backers::PaidBack {
            pledge: pledge(),
            amount: euro(5_250),
        }
        .mail(EN),
        backers::CampaignShort { pledge: pledge() }.mail(EN),
    ]
}
