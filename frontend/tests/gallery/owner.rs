//! What a project's members see of their campaign.

use felag_domain::campaign::CampaignState;
use felag_domain::pledge::PledgeState;
use felag_frontend::campaigns::Figures;
use felag_frontend::cancellation::CancellationPage;
use felag_frontend::owner::{Backer, BackersPage, OwnerPage, Wanted};
use time::macros::datetime;

use crate::people::{NOW, cents, euro, signed_in};
use crate::{Shown, campaigns, shown};

const TITLE: &str = "Vindur, a village wind turbine anyone can build";

pub fn pages() -> Vec<Shown> {
    use CampaignState as S;
    let states = [
        ("owner-draft", S::Draft),
        ("owner-in-review", S::InReview),
        ("owner-changes-asked", S::ChangesAsked),
        ("owner-scheduled", S::Scheduled),
        ("owner-open", S::Open),
        ("owner-collecting", S::Collecting),
        ("owner-funded", S::Funded),
        ("owner-closed", S::Closed),
        ("owner-failed", S::Failed),
        ("owner-short", S::Short),
        ("owner-unwound", S::Unwound),
        ("owner-cancelled", S::Cancelled),
        ("owner-suspended", S::Suspended),
        ("owner-unpayable", S::Unpayable),
    ];
    let mut pages: Vec<Shown> = states.map(|(name, state)| shown(name, owner(state))).into();
    let mut deciding = owner(S::Open);
    deciding.page.now = datetime!(2026-12-14 20:01 UTC);
    pages.push(shown("owner-deciding", deciding));
    let met = OwnerPage {
        raised: euro(20_000),
        own: euro(0),
        ..owner(S::Open)
    };
    pages.push(shown("owner-met", met));
    pages.push(shown("cancellation", cancellation(true)));
    pages.push(shown("cancellation-draft", cancellation(false)));
    pages.push(shown("backers", backers(list())));
    pages.push(shown("backers-empty", backers(Vec::new())));
    pages
}

fn owner(state: CampaignState) -> OwnerPage {
    let is_before = matches!(
        state,
        CampaignState::Draft | CampaignState::InReview | CampaignState::ChangesAsked
    );
    let collects = !is_before && !matches!(state, CampaignState::Scheduled | CampaignState::Open);
    let money = |minor| if collects { cents(minor) } else { euro(0) };
    OwnerPage {
        page: signed_in(TITLE),
        slug: "vindur".to_owned(),
        title: TITLE.to_owned(),
        state,
        is_public: !is_before,
        may_move_money: true,
        may_decide: state == CampaignState::Collecting,
        may_edit: true,
        is_owner: true,
        loan: Vec::new(),
        minimum: euro(18_000),
        full_plan: euro(32_000),
        figures: Figures {
            promised: euro(19_260),
            collected: money(1_845_950),
            at_risk: money(52_000),
            lost: money(28_050),
        },
        raised: if collects { cents(1_845_950) } else { euro(14_260) },
        own: euro(500),
        own_collected: money(50_000),
        cost: money(31_225),
        backers: 412,
        opens_at: (!is_before).then_some(datetime!(2026-10-14 20:00 UTC)),
        deadline: (!is_before).then_some(datetime!(2026-12-14 20:00 UTC)),
        window_ends: collects.then_some(datetime!(2026-12-21 20:00 UTC)),
        ended_at: None,
        zone: "Atlantic/Reykjavik".to_owned(),
        curve: (!is_before).then(campaigns::curve),
    }
}

fn cancellation(is_open: bool) -> CancellationPage {
    CancellationPage {
        way: felag_domain::campaign::Way::AllOrNothing,
        page: signed_in("Cancel Vindur?"),
        slug: "vindur".to_owned(),
        title: TITLE.to_owned(),
        is_open,
        is_public: is_open,
        may_cancel: true,
        backers: 412,
        promised: euro(14_760),
        followers: 1_203,
    }
}

fn backers(list: Vec<Backer>) -> BackersPage {
    BackersPage {
        page: signed_in("Backers"),
        slug: "vindur".to_owned(),
        title: TITLE.to_owned(),
        wanted: Wanted::All,
        backers: 412,
        newer: None,
        older: (!list.is_empty()).then(|| "/campaigns/vindur/backers?state=all&before=1".to_owned()),
        list,
        may_refund: true,
    }
}

fn list() -> Vec<Backer> {
    let backer = |name: Option<&str>, minor, state| Backer {
        id: "01890000-0000-7000-8000-000000000001".to_owned(),
        name: name.map(str::to_owned),
        email: name.map(|_| "marta.guðmundsdóttir-with-a-long-name@example.org".to_owned()),
        reward: (minor > 4_000).then(|| "A blade number of your own, carved and signed".to_owned()),
        amount: cents(minor),
        refunded: cents(if state == PledgeState::Paid { 1_250 } else { 0 }),
        state,
        is_own: minor == 50_000,
        promised_at: NOW,
    };
    vec![
        backer(
            Some("Aðalheiður Guðmundsdóttir <b>"),
            4_000,
            PledgeState::CardSaved,
        ),
        backer(None, 20_000, PledgeState::Paid),
        backer(Some("Marta"), 50_000, PledgeState::NeedsYou),
        backer(None, 1_000, PledgeState::Cancelled),
    ]
}
