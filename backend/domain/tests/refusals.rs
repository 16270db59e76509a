//! Every refusal has its sentence in `frontend/locales/en/refusals.ftl`, and every sentence a use.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use felag_domain::{
    amount::AmountError,
    campaign::{self, BasicsRefusal, BudgetRefusal, CampaignEvent, CampaignState, Missing, RewardRefusal},
    lending::{CommitmentEvent, CommitmentState, LoanEvent, LoanState, next_commitment, next_loan},
    licence::{CommonsReturnRefusal, LicenceError},
    money::{Currency, Money},
    person::{EmailAddress, EmailError, PasswordError, factor::CodeError},
    pledge::{self, PledgeEvent, PledgeRefusal, PledgeState},
    project::{ProjectRefusal, members::MemberRefusal},
    text::TextError,
    words::{Refusal, Words},
};

const SENTENCES: &str = include_str!("../../../frontend/locales/en/refusals.ftl");

fn words(refusals: &[&dyn Refusal]) -> Vec<Words> {
    refusals.iter().map(|refusal| refusal.words()).collect()
}

fn of_input() -> Vec<Words> {
    let expected = Currency::EUR;
    words(&[
        &AmountError::Empty,
        &AmountError::NotANumber,
        &AmountError::Negative,
        &AmountError::Zero,
        &AmountError::TooManyDecimals { allowed: 2 },
        &AmountError::TooManyDecimals { allowed: 0 },
        &AmountError::TooLarge,
        &AmountError::ForeignCurrency { expected },
        &TextError::Empty,
        &TextError::TooShort { min: 3 },
        &TextError::TooLong { max: 3 },
        &TextError::ControlCharacters,
        &EmailError::Empty,
        &EmailError::TooLong,
        &EmailError::NotAscii,
        &EmailError::NotAnAddress,
        &PasswordError::TooShort,
        &PasswordError::TooLong,
        &PasswordError::Blank,
        &PasswordError::IsTheEmail,
        &PasswordError::TooCommon,
        &LicenceError::Empty,
        &LicenceError::Unreadable { part: "Ours".into() },
        &CommonsReturnRefusal::NotOpen {
            licence: "CC-BY-NC-4.0".into(),
        },
        &CommonsReturnRefusal::DueInThePast,
        &ProjectRefusal::NotAWebAddress,
        &ProjectRefusal::TooManyLicences,
        &ProjectRefusal::UnknownCountry,
        &ProjectRefusal::UnknownForm,
        &ProjectRefusal::TooMany(20),
    ])
}

fn of_people() -> Vec<Words> {
    words(&[
        &CodeError::Empty,
        &CodeError::NotACode,
        &CodeError::Wrong,
        &CodeError::Used,
        &CodeError::Wait { minutes: 2 },
        &MemberRefusal::LastOwner,
        &MemberRefusal::Already,
        &MemberRefusal::TooManyInvitations,
        &MemberRefusal::NotConfirmed,
        &MemberRefusal::OtherAddress(EmailAddress::parse("ada@example.org").unwrap()),
    ])
}

fn of_drafts() -> Vec<Words> {
    let (money, expected) = (Money::from_minor(100, Currency::EUR), Currency::EUR);
    words(&[
        &BasicsRefusal::MinimumNotPositive,
        &BasicsRefusal::FullPlanBelowMinimum(money),
        &BasicsRefusal::DifferentCurrencies,
        &BasicsRefusal::FullPlanTooLarge(money),
        &BasicsRefusal::Duration,
        &BudgetRefusal::AtMinimumNegative,
        &BudgetRefusal::AtFullPlanNotPositive,
        &BudgetRefusal::AtMinimumAboveFullPlan(money),
        &BudgetRefusal::WrongCurrency(expected),
        &BudgetRefusal::TooLarge(money),
        &RewardRefusal::PriceTooSmall(money),
        &RewardRefusal::PriceTooLarge(money),
        &RewardRefusal::WrongCurrency(expected),
        &RewardRefusal::Limit,
        &RewardRefusal::DeliveryNotFirstOfMonth,
        &Missing::Story,
        &Missing::Risks,
        &Missing::LegalHolder,
        &Missing::BudgetAtMinimum {
            budget: money,
            minimum: money,
        },
        &Missing::BudgetAtFullPlan {
            budget: money,
            full_plan: money,
        },
        &Missing::CommonsReturn,
    ])
}

fn of_pledges() -> Vec<Words> {
    let money = Money::from_minor(100, Currency::EUR);
    words(&[
        &PledgeRefusal::Closed,
        &PledgeRefusal::WrongCurrency(Currency::EUR),
        &PledgeRefusal::TooSmall(money),
        &PledgeRefusal::TooLarge(money),
        &PledgeRefusal::BelowReward(money),
        &PledgeRefusal::TipTooLarge(money),
        &PledgeRefusal::TipNegative,
    ])
}

fn of_transitions() -> Vec<Words> {
    let mut all = Vec::new();
    for &from in CampaignState::ALL {
        for &event in CampaignEvent::ALL {
            all.extend(campaign::next(from, event).err().map(|refusal| refusal.words()));
        }
    }
    for &from in LoanState::ALL {
        for &event in LoanEvent::ALL {
            all.extend(next_loan(from, event).err().map(|refusal| refusal.words()));
        }
    }
    for &from in CommitmentState::ALL {
        for &event in CommitmentEvent::ALL {
            all.extend(next_commitment(from, event).err().map(|refusal| refusal.words()));
        }
    }
    for &from in PledgeState::ALL {
        for &event in PledgeEvent::ALL {
            all.extend(pledge::next(from, event).err().map(|refusal| refusal.words()));
        }
    }
    all
}

fn sentences() -> BTreeMap<&'static str, &'static str> {
    let lines = SENTENCES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(" = ").unwrap()).collect()
}

#[test]
fn every_refusal_has_a_sentence_that_uses_all_it_says() {
    let sentences = sentences();
    let mut used = BTreeSet::new();
    for words in [
        of_input(),
        of_people(),
        of_drafts(),
        of_pledges(),
        of_transitions(),
    ]
    .concat()
    {
        let sentence = sentences
            .get(words.id)
            .unwrap_or_else(|| panic!("no sentence for {}", words.id));
        assert_eq!(sentence.matches("{ $").count(), words.args.len(), "{}", words.id);
        for (name, _) in words.args {
            assert!(
                sentence.contains(&format!("{{ ${name} }}")),
                "{} does not say {name}",
                words.id
            );
        }
        used.insert(words.id);
    }
    // What the rules above do not say is said by name, here or in the server.
    let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src"))
        + &code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let is_said = |id: &str| used.contains(id) || code.contains(&format!("\"{id}\""));
    let unused: Vec<_> = sentences.keys().filter(|id| !is_said(id)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

/// Every source file below a folder, one after the other.
fn code(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &code(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all += &std::fs::read_to_string(path).unwrap();
        }
    }
    all
}
