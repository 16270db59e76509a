//! What a campaign of the demo consists of, as plain data. Days of a campaign count from the day it opens (0).

use felag_domain::pledge::Visibility;
use felag_domain::project::TypedHolder;
use felag_domain::support::Period;

use super::card;
use crate::pledges::endings::What;

/// Somebody with an account.
pub struct Member {
    /// The address.
    pub email: &'static str,
    pub name: &'static str,
}

/// A campaign, its project, and everything that happens to them.
pub struct Script {
    /// The address of whoever owns the project.
    pub owner: &'static str,
    pub project: Project,
    pub campaign: Campaign,
    pub course: Course,
    pub updates: &'static [Update],
    /// Who follows it without giving, and from which day on.
    pub follows: &'static [(i16, &'static str)],
    pub gifts: &'static [Gift],
    /// What is done about its money.
    pub money: &'static [Money],
    /// What it asks to borrow beside gifts.
    pub loan: Option<Loan>,
}

/// What people of a project, or a steward, do about its money on a day.
pub struct Money(pub i16, pub Act);

#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Fills in the payout account, with this bank account.
    Bank(&'static str),
    /// Asks for a payout of everything that may leave.
    Ask(&'static str),
    /// Approves the latest payout.
    Approve(&'static str),
    /// Gives so much of a gift back to a backer: who does it, to whom, how much, why.
    GiveBack(&'static str, &'static str, u32, &'static str),
    /// Enters what was spent against a line of the budget: who does it, which line, how much, who was paid, what for.
    Spend(&'static str, usize, u32, &'static str, &'static str),
    /// Says why a line of the budget came out otherwise.
    Explain(&'static str, usize, &'static str),
    /// Begins to support the project: who, how much each time, how often.
    Support(&'static str, u32, Period),
    /// Something about its loan.
    Loan(Deed),
    /// A steward decides about it, and says why.
    Decide(What, &'static str),
    /// Its owner calls it off while it is open.
    CallOff,
    /// The provider refuses the project's account, and says no more.
    AccountRefused,
}

/// What is asked to be borrowed, and by whom it is lent. Amounts are whole units of the currency.
pub struct Loan {
    pub amount: u32,
    /// What it may shrink to.
    pub least: u32,
    /// In percent a year.
    pub rate: &'static str,
    pub instalments: &'static str,
    /// `monthly`, `two_weekly` and so on.
    pub period: &'static str,
    pub purpose: &'static str,
    /// Empty when there is none.
    pub security: &'static str,
    pub figures: &'static str,
    pub risks: &'static str,
    /// Whether firm commitments count towards the minimum.
    pub counts: bool,
    pub lenders: &'static [Lender],
}

/// Somebody with an account who lends: the day, who, how much, who sees the name.
pub struct Lender(pub i16, pub &'static str, pub u32, pub Visibility);

/// What is done about a loan.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// The project signs.
    Sign,
    /// The project pays the next instalment by hand, with a card that is charged from then on.
    PayNext,
    /// The project pays so many whole units by hand.
    Pay(u32),
    /// The project proposes a plan: how many days from then the first instalment is due, how many there are, why.
    NewPlan(u16, &'static str, &'static str),
    /// A lender votes about it: who, and whether they agree.
    Vote(&'static str, bool),
    /// A steward says that it is in default, and why.
    Default(&'static str),
    /// A steward gives up what is owed, and says why.
    WriteOff(&'static str),
    /// A lender opens the account to be paid at: who, and the country.
    Account(&'static str, &'static str),
}

pub struct Project {
    pub name: &'static str,
    pub summary: &'static str,
    pub story: &'static str,
    pub place: &'static str,
    pub homepage: &'static str,
    pub repository: &'static str,
    /// SPDX expressions, one a line.
    pub licences: &'static str,
    pub holder: TypedHolder<'static>,
}

/// What is asked for. Amounts are whole units of the currency.
pub struct Campaign {
    pub title: &'static str,
    pub summary: &'static str,
    pub currency: &'static str,
    pub minimum: u32,
    pub full_plan: u32,
    pub days: u16,
    pub zone: &'static str,
    /// `unwind`, or the percentage of the minimum from which it goes on.
    pub if_short: &'static str,
    /// `all_or_nothing` or `keep_what_comes`.
    pub way: &'static str,
    pub story: &'static str,
    pub risks: &'static str,
    pub budget: &'static [Line],
    pub rewards: &'static [Reward],
    pub returns: &'static [Return],
}

/// A line of the budget: `task`, `material` or `infrastructure`, what, at the minimum, with the full plan.
pub struct Line(pub &'static str, pub &'static str, pub u32, pub u32);

pub struct Reward {
    pub title: &'static str,
    pub description: &'static str,
    pub price: u32,
    pub limit: Option<u32>,
    /// Months from now until it is delivered.
    pub months: u8,
    pub is_sale: bool,
}

pub struct Return {
    /// `design`, `code`, `manual`, `data` or `service`.
    pub kind: &'static str,
    pub title: &'static str,
    pub licence: &'static str,
    /// Months from now until it is there.
    pub months: u8,
    pub place: &'static str,
}

/// How far it comes.
pub enum Course {
    /// Opens in the morning, so many days ago.
    Opened { days_ago: i16 },
    /// Opens when the steward approves it, at 20:00 UTC so many days ago.
    OpenedInTheEvening { days_ago: i16 },
    /// Sent in so many days ago; changes were asked for and made since, and it waits for the steward again.
    InReview {
        days_ago: i16,
        words: &'static str,
        risks_before: &'static str,
    },
}

pub struct Update {
    pub day: i16,
    pub title: &'static str,
    pub body: &'static str,
}

/// One pledge. `who` is somebody of the cast.
pub struct Gift {
    pub day: i16,
    pub who: &'static str,
    pub amount: u32,
    pub tip: u32,
    /// Which of the rewards, from 0.
    pub reward: Option<usize>,
    pub card: &'static str,
    pub visibility: Visibility,
    /// What the backer does later, and on which day.
    pub later: Option<(i16, Later)>,
}

#[derive(Debug, Clone, Copy)]
pub enum Later {
    /// Gives another amount.
    Change(u32),
    Cancel,
    /// Confirms the payment with the bank.
    Confirm,
}

/// Somebody gives so much, named, with a card that works.
pub const fn gift(day: i16, who: &'static str, amount: u32) -> Gift {
    Gift {
        day,
        who,
        amount,
        tip: 0,
        reward: None,
        card: card::WORKS,
        visibility: Visibility::Named,
        later: None,
    }
}

impl Gift {
    pub const fn reward(self, which: usize) -> Self {
        Self {
            reward: Some(which),
            ..self
        }
    }

    pub const fn tip(self, tip: u32) -> Self {
        Self { tip, ..self }
    }

    pub const fn card(self, card: &'static str) -> Self {
        Self { card, ..self }
    }

    /// Shown to nobody.
    pub const fn quietly(self) -> Self {
        Self {
            visibility: Visibility::Anonymous,
            ..self
        }
    }

    /// Named towards the project only.
    pub const fn for_project(self) -> Self {
        Self {
            visibility: Visibility::ToProject,
            ..self
        }
    }

    pub const fn then(self, day: i16, later: Later) -> Self {
        Self {
            later: Some((day, later)),
            ..self
        }
    }
}
