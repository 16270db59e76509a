//! What a project paid on its loan: each payment, where it stands, and why it ended if nothing of it was taken or kept.

use felag_domain::lending::policy::Policy;
use felag_domain::money::Money;
use felag_domain::repaying::RepaymentState;
use felag_frontend::Lang;
use felag_frontend::repayments::{Table, repayment_word};
use felag_frontend::states::declined_word;
use time::OffsetDateTime;

use super::project::heads;
use crate::repayments::hear;
use crate::repayments::repayment_store::Repayment;

pub(super) fn history(lang: Lang, policy: &Policy, payments: &[Repayment]) -> Table {
    let line = |one: &Repayment| (one.created_at, state(lang, policy, one), one.amount);
    let words = ("repay-history", "repay-history-none");
    days_states_amounts(lang, "history", words, payments.iter().map(line))
}

/// Money that moved: when, where it stands, how much. Its words are the title, and what stands there without a line.
pub(super) fn days_states_amounts(
    lang: Lang,
    id: &'static str,
    (title, empty): (&'static str, &'static str),
    lines: impl Iterator<Item = (OffsetDateTime, String, Money)>,
) -> Table {
    let row = |(at, state, amount)| (None, vec![lang.date(at), state, lang.money(amount)]);
    Table {
        id: id.into(),
        title: lang.t(title).to_string(),
        heads: heads(
            lang,
            &["repay-column-day", "repay-column-state", "repay-column-amount"],
        ),
        amounts_from: 2,
        rows: lines.map(row).collect(),
        empty: lang.t(empty).to_string(),
    }
}

/// Its state, and behind it why, where that is not plain.
fn state(lang: Lang, policy: &Policy, one: &Repayment) -> String {
    let word = match one.state {
        RepaymentState::Credited if one.beyond == one.amount => "repayment-not-owed",
        state => repayment_word(state),
    };
    match why(lang, policy, one) {
        Some(why) => lang.t2("repayment-and-why", "state", lang.t(word), "why", why),
        None => lang.t(word).to_string(),
    }
}

fn why(lang: Lang, policy: &Policy, one: &Repayment) -> Option<String> {
    let code = one.decline_code.as_deref().unwrap_or_default();
    let bank = |id| lang.t1(id, "reason", lang.t(declined_word(code)));
    Some(match one.state {
        RepaymentState::NeedsYou | RepaymentState::RetryLater => bank("repayment-why-waits"),
        RepaymentState::Failed => match code {
            hear::NOBODY_CAME => lang.t1(
                "repayment-why-nobody-came",
                "days",
                i64::from(policy.confirm_days),
            ),
            hear::NO_LONGER_OWED => lang.t("repayment-why-no-longer-owed").to_string(),
            hear::CALLED_OFF => lang.t("repayment-why-called-off").to_string(),
            hear::LEFT => lang.t("repayment-why-left").to_string(),
            // Without a payment at the provider no bank was asked.
            _ if one.intent.is_none() => lang.t("repayment-why-refused").to_string(),
            _ => bank("repayment-why-declined"),
        },
        RepaymentState::Returned => lang.t("repayment-why-returned").to_string(),
        RepaymentState::Credited if one.beyond == one.amount => lang.t("repayment-why-not-owed").to_string(),
        RepaymentState::Credited if one.beyond.is_positive() => {
            lang.t1("repayment-why-beyond", "amount", one.beyond)
        }
        _ => return None,
    })
}
