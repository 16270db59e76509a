//! The steps of giving, with and without errors, and the pledge in every state.

use felag_domain::campaign::{CampaignState, Way};
use felag_domain::pledge::PledgeState;
use felag_domain::refund::{RefundState, RefundWhy};
use felag_domain::words::{FieldRefusal, Words};
use felag_frontend::form::{Hidden, Refused, errors};
use felag_frontend::give::{
    DetailsForm, GiftFor, GiveAmountPage, GiveCheckPage, GiveDetailsPage, TypedAmount, TypedDetails,
};
use felag_frontend::parts::Pager;
use felag_frontend::pledges::{CancelPledgePage, ChangeForm, Gift, GiftsPage, Pledge, PledgePage, Receipt};
use felag_frontend::refunds::RefundRow;
use felag_frontend::{Here, Lang};
use time::macros::datetime;

use crate::campaigns::amount_form;
use crate::people::{NOW, cents, euro, holder, page, signed_in};
use crate::{Shown, shown};

const TYPED: TypedDetails<'static> = TypedDetails {
    email: "marta@example.org",
    name: "Marta",
    visibility: "named",
    tip: "0",
};

pub fn pages() -> Vec<Shown> {
    let fresh = TypedAmount {
        amount: "20",
        ..TypedAmount::default()
    };
    let wrong = TypedAmount {
        amount: "20",
        own: "1e2",
        reward: "r1",
    };
    let refused = refused(&["own", "email", "tip"]);
    let mut pages = vec![
        shown("give-amount", amount(fresh, &Refused::none())),
        shown("give-amount-errors", amount(wrong, &refused)),
        shown("give-details", details(TYPED, &Refused::none())),
        shown(
            "give-details-errors",
            details(
                TypedDetails {
                    email: "marta@",
                    tip: "90",
                    ..TYPED
                },
                &refused,
            ),
        ),
        shown("give-check", check()),
        shown("pledge-cancel", cancel()),
        shown(
            "gifts",
            gifts(&[PledgeState::CardSaved, PledgeState::NeedsYou, PledgeState::Paid]),
        ),
        shown("gifts-empty", gifts(&[])),
    ];
    let names = [
        "pledge-draft",
        "pledge-card-saved",
        "pledge-expired",
        "pledge-cancelled",
        "pledge-released",
        "pledge-due",
        "pledge-charging",
        "pledge-needs-you",
        "pledge-retry-later",
        "pledge-stopping",
        "pledge-paid",
        "pledge-dropped",
    ];
    pages.extend(
        names
            .into_iter()
            .zip(PledgeState::ALL)
            .map(|(name, state)| shown(name, pledge_page(*state))),
    );
    pages
}

fn refused(fields: &[&'static str]) -> Refused {
    let refusals = fields.iter().map(|field| FieldRefusal {
        field,
        words: Words::new("left-over"),
    });
    Refused::new(Lang::En, &refusals.collect::<Vec<_>>())
}

fn gift_for() -> GiftFor {
    GiftFor {
        way: Way::AllOrNothing,
        slug: "vindur".to_owned(),
        title: "Vindur, a village wind turbine anyone can build".to_owned(),
        project: "Vindur".to_owned(),
        holder: holder().name,
        minimum: euro(18_000),
        deadline: datetime!(2026-12-14 20:00 UTC),
        window_ends: datetime!(2026-12-21 20:00 UTC),
        zone: "UTC".to_owned(),
    }
}

fn carried() -> Hidden {
    Hidden {
        pairs: vec![
            ("request_key", "0193-\"key\"".to_owned()),
            ("reward", "r1".to_owned()),
        ],
    }
}

fn amount(was: TypedAmount<'_>, refused: &Refused) -> GiveAmountPage {
    let mut page = page(Lang::En.t("give-title-amount"));
    let form = amount_form(was, refused);
    page.errors = errors(form.problems());
    let carried = Hidden {
        pairs: vec![("request_key", "0193".to_owned())],
    };
    GiveAmountPage {
        page,
        campaign: gift_for(),
        form,
        carried,
    }
}

fn details(was: TypedDetails<'_>, refused: &Refused) -> GiveDetailsPage {
    let mut page = page(Lang::En.t("give-title-details"));
    let form = DetailsForm::new(Lang::En, false, euro(50), was, refused);
    page.errors = errors(form.problems());
    let reward = Some("Printed build manual".to_owned());
    GiveDetailsPage {
        page,
        campaign: gift_for(),
        gift: euro(50),
        reward,
        form,
        carried: carried(),
    }
}

fn check() -> GiveCheckPage {
    GiveCheckPage {
        page: page(Lang::En.t("give-title-check")),
        campaign: gift_for(),
        gift: euro(30),
        tip: euro(2),
        total: euro(32),
        project_gets: cents(2_897),
        reward: Some("Printed build manual".to_owned()),
        email: "marta@example.org".to_owned(),
        visibility: "Only the project".to_owned(),
        mandate_version: "2026-11".to_owned(),
        carried: carried(),
    }
}

fn pledge(state: PledgeState) -> Pledge {
    Pledge {
        state,
        slug: "vindur".to_owned(),
        campaign: "Vindur, a village wind turbine anyone can build".to_owned(),
        campaign_state: CampaignState::Open,
        way: Way::AllOrNothing,
        project: "Vindur".to_owned(),
        minimum: euro(18_000),
        gift: euro(50),
        tip: euro(2),
        total: euro(52),
        reward: Some("Printed build manual".to_owned()),
        email: "marta@example.org".to_owned(),
        visibility: "Only the project sees your name.".to_owned(),
        made_at: NOW,
        deadline: datetime!(2026-12-14 20:00 UTC),
        window_ends: datetime!(2026-12-21 20:00 UTC),
        next_try: Some(datetime!(2026-12-15 20:00 UTC)),
        declined: (state == PledgeState::RetryLater).then(|| "not enough money on the card.".to_owned()),
        zone: "UTC".to_owned(),
    }
}

fn pledge_page(state: PledgeState) -> PledgePage {
    let open = state == PledgeState::CardSaved;
    let receipt = Receipt {
        charged_at: datetime!(2026-12-14 20:04 UTC),
        holder: holder().name,
        holder_lines: holder().lines,
        entry_number: 512,
        entry_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    };
    PledgePage {
        page: page(Lang::En.t("pledge-page-title")),
        token: "abc".to_owned(),
        pledge: pledge(state),
        change: open.then(|| ChangeForm::new(Lang::En, euro(50), "50", TYPED, &Refused::none())),
        can_cancel: open,
        receipt: (state == PledgeState::Paid).then_some(receipt),
        take_back: (state == PledgeState::Paid).then_some(NOW),
        refunds: match state {
            PledgeState::Dropped => refunds(RefundWhy::LatePayment),
            PledgeState::Paid => refunds(RefundWhy::Project),
            _ => Vec::new(),
        },
    }
}

fn refunds(why: RefundWhy) -> Vec<RefundRow> {
    let row = |state| RefundRow {
        at: datetime!(2026-12-15 8:04 UTC),
        amount: euro(26),
        state,
        why,
        words: "The thank-you could not be made.".to_owned(),
    };
    RefundState::ALL.iter().copied().map(row).collect()
}

fn cancel() -> CancelPledgePage {
    let page = page(Lang::En.t("cancel-title"));
    CancelPledgePage {
        page,
        token: "abc".to_owned(),
        pledge: pledge(PledgeState::CardSaved),
    }
}

fn gifts(states: &[PledgeState]) -> GiftsPage {
    let mut page = signed_in(Lang::En.t("gifts-title"));
    page.here = Here::Gifts;
    let gift = |state: &PledgeState| Gift {
        token: "abc".to_owned(),
        slug: "vindur".to_owned(),
        campaign: "Vindur, a village wind turbine anyone can build".to_owned(),
        total: euro(52),
        state: *state,
        made_at: NOW,
    };
    GiftsPage {
        page,
        gifts: states.iter().map(gift).collect(),
        pager: Pager::single(Lang::En),
    }
}
