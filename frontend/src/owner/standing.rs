//! Where a campaign stands, its next dates and what its owners can do, in words for the owners.

use felag_domain::campaign::CampaignState as S;
use time::OffsetDateTime;

use super::OwnerPage;
use crate::wizard::Link;

/// Where it stands and what happens next by itself.
pub(super) fn of(owner: &OwnerPage) -> String {
    let page = &owner.page;
    let when = |at: Option<OffsetDateTime>| at.map_or(String::new(), |at| page.date_time(at, &owner.zone));
    match owner.state {
        S::Draft => page.t("owner-is-draft").to_owned(),
        S::InReview => page.t("owner-is-in-review").to_owned(),
        S::ChangesAsked => page.t("owner-is-changes-asked").to_owned(),
        S::Scheduled => page.t1("owner-is-scheduled", "when", when(owner.opens_at)),
        S::Open if is_over(owner) => page.t("owner-is-deciding").to_owned(),
        S::Open if owner.raised.minor() >= owner.minimum.minor() => page.t2(
            "owner-is-open-met",
            "minimum",
            page.money_short(owner.minimum),
            "when",
            when(owner.deadline),
        ),
        S::Open => page.t3(
            "owner-is-open",
            "missing",
            page.money_short(owner.minimum.checked_sub(owner.raised).unwrap_or(owner.minimum)),
            "minimum",
            page.money_short(owner.minimum),
            "when",
            when(owner.deadline),
        ),
        S::Collecting => page.t1("owner-is-collecting", "when", when(owner.window_ends)),
        S::Funded => page.t1(
            "owner-is-funded",
            "collected",
            page.money(owner.figures.collected),
        ),
        S::Closed => page.t("owner-is-closed").to_owned(),
        S::Failed => page.t1("owner-is-failed", "minimum", page.money_short(owner.minimum)),
        S::Short => page.t1("owner-is-short", "minimum", page.money_short(owner.minimum)),
        S::Unwound => page.t("owner-is-unwound").to_owned(),
        S::Cancelled => page.t("owner-is-cancelled").to_owned(),
        S::Suspended => page.t("owner-is-suspended").to_owned(),
        S::Unpayable => page.t("owner-is-unpayable").to_owned(),
    }
}

fn is_over(owner: &OwnerPage) -> bool {
    owner.deadline.is_some_and(|deadline| deadline <= owner.page.now)
}

/// The dates that are fixed, in their order.
pub(super) fn dates(owner: &OwnerPage) -> Vec<(&'static str, OffsetDateTime)> {
    let page = &owner.page;
    let passed = |at: OffsetDateTime, next: &'static str, past: &'static str| {
        page.t(if at > page.now { next } else { past })
    };
    [
        owner
            .opens_at
            .map(|at| (passed(at, "owner-opens", "owner-opened"), at)),
        owner
            .deadline
            .map(|at| (passed(at, "owner-closes", "owner-closed"), at)),
        owner.window_ends.map(|at| (page.t("owner-window-ends"), at)),
        owner.ended_at.map(|at| (page.t("owner-ended"), at)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What can be done now, the most useful first.
pub(super) fn steps(owner: &OwnerPage) -> Vec<Link> {
    let step = |path: &str, id: &'static str| {
        Link::new(format!("/campaigns/{}{path}", owner.slug), owner.page.t(id))
    };
    let edit = || step("/edit", "owner-do-edit");
    let update = |id| step("/updates/new", id);
    let cancel = || step("/cancellation", "cancellation-link");
    let steps = match owner.state {
        S::Draft | S::ChangesAsked => vec![edit(), cancel()],
        S::InReview => vec![cancel()],
        S::Scheduled => vec![step("", "owner-do-look"), cancel()],
        S::Open => vec![step("", "owner-do-share"), update("owner-do-update"), cancel()],
        S::Suspended => vec![step("", "owner-do-share"), update("owner-do-update")],
        S::Collecting => vec![update("owner-do-thank")],
        S::Funded | S::Closed | S::Unpayable => {
            vec![
                step("/payouts", "owner-do-payouts"),
                update("owner-do-tell-next"),
                step("/backers?state=paid", "owner-do-deliver"),
            ]
        }
        S::Failed | S::Short | S::Unwound | S::Cancelled => vec![update("owner-do-tell-end")],
    };
    // Updates and the draft are written by owners and editors, and a called-off draft has no page.
    let may = |link: &Link| {
        let writes = link.address.ends_with("/edit") || link.address.ends_with("/updates/new");
        let cancels = link.address.ends_with("/cancellation");
        (!writes || owner.may_edit)
            && (!cancels || owner.is_owner)
            && (owner.is_public || !link.address.ends_with("/updates/new"))
    };
    steps.into_iter().filter(may).collect()
}
