//! The check of a connected account: what it came to, what follows for the account, and its bank account.

use serde_json::{Value, json};

use super::account::CAPABILITIES;
use crate::{
    bank::TestBank,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    ids,
};

/// How far the check of an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Review {
    /// Nothing was submitted yet.
    New,
    Finished,
    /// More documents are asked for: money may arrive, nothing is paid out.
    Documents,
    /// Submitted, and the check never ends.
    Endless,
    Rejected,
    /// It was finished once, and something came up later.
    Disabled,
}

const ALL: [Review; 6] = [
    Review::New,
    Review::Finished,
    Review::Documents,
    Review::Endless,
    Review::Rejected,
    Review::Disabled,
];
const DOCUMENT: &str = "individual.verification.document";

impl Review {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Review::New => "new",
            Review::Finished => "finish",
            Review::Documents => "documents",
            Review::Endless => "never",
            Review::Rejected => "reject",
            Review::Disabled => "disable",
        }
    }

    /// The check of that name; the names are those of the page's choices and of the switches.
    pub(crate) fn find(name: &str) -> Option<Self> {
        ALL.into_iter().find(|one| one.name() == name)
    }

    fn of(account: &Object) -> Self {
        let name = account.hidden["review"].as_str().unwrap_or("");
        Self::find(name).unwrap_or(Review::New)
    }
}

/// Whether the account has a bank account that takes payouts.
fn has_bank(account: &Object) -> bool {
    let banks = account.data["external_accounts"]["data"].as_array();
    banks.is_some_and(|banks| !banks.is_empty() && banks.iter().all(|bank| bank["status"] != "errored"))
}

/// Works out everything that follows from the check and the bank account.
pub(super) fn derive(account: &mut Object) {
    let review = Review::of(account);
    let bank = has_bank(account);
    let person = [
        "individual.first_name",
        "individual.last_name",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    ];
    let mut due: Vec<&str> = match review {
        Review::New => person.to_vec(),
        Review::Documents | Review::Disabled => vec![DOCUMENT],
        _ => vec![],
    };
    if !bank && review != Review::Rejected {
        due.push("external_account");
    }
    let capability = match review {
        Review::Finished | Review::Documents => "active",
        Review::Endless => "pending",
        _ => "inactive",
    };
    let rejected = account.hidden["rejected"]
        .as_str()
        .unwrap_or("rejected.other")
        .to_owned();
    let reason: Value = match review {
        Review::Finished if bank => Value::Null,
        Review::Endless => "requirements.pending_verification".into(),
        Review::Rejected => rejected.into(),
        _ => "requirements.past_due".into(),
    };
    let waiting = if review == Review::Endless {
        vec![DOCUMENT]
    } else {
        vec![]
    };
    let late = if review == Review::Disabled {
        vec![DOCUMENT]
    } else {
        vec![]
    };
    let data = &mut account.data;
    data["requirements"]["currently_due"] = json!(due);
    data["requirements"]["eventually_due"] = json!(due);
    data["requirements"]["past_due"] = json!(late);
    data["requirements"]["pending_verification"] = json!(waiting);
    data["requirements"]["disabled_reason"] = reason;
    data["details_submitted"] = (review != Review::New).into();
    for name in CAPABILITIES {
        if data["capabilities"].get(name).is_some() {
            data["capabilities"][name] = capability.into();
        }
    }
    data["charges_enabled"] = (capability == "active").into();
    data["payouts_enabled"] = (review == Review::Finished && bank).into();
}

/// Tells of a change: of the account as a whole, and of each capability that changed. `before` is what it was.
pub(super) fn announce(tx: &mut Tx, account: &Object, before: &Value) {
    let home = tx.enter(Some(&account.id));
    for name in CAPABILITIES {
        let (old, new) = (&before["capabilities"][name], &account.data["capabilities"][name]);
        if old != new {
            let shown = json!({ "id": name, "object": "capability", "account": account.id,
                "requested": !new.is_null(), "requested_at": account.created,
                "requirements": account.data["requirements"],
                "status": if new.is_null() { "unrequested".into() } else { new.clone() } });
            tx.emit("capability.updated", &shown);
        }
    }
    tx.emit("account.updated", &account.data);
    tx.enter(home.as_deref());
}

/// The check of a locked account comes to `review`.
pub(crate) fn move_to(tx: &mut Tx, account: &mut Object, review: Review) {
    let before = account.data.clone();
    account.hidden["review"] = review.name().into();
    if review != Review::New && account.data["tos_acceptance"]["date"].is_null() {
        account.data["tos_acceptance"]["date"] = tx.now.into();
    }
    derive(account);
    announce(tx, account, &before);
    tx.put(account);
}

/// Gives a locked account its bank account for a currency, instead of the one it had. Unchanged details
/// change nothing. The caller goes on to [`move_to`].
pub(crate) fn set_bank(tx: &mut Tx, account: &mut Object, bank: &TestBank, currency: &str, holder: &str) {
    let id = ids::fresh("ba");
    let made = json!({
        "id": id, "object": "bank_account", "account": account.id, "account_holder_name": holder,
        "account_holder_type": "company", "account_type": null, "available_payout_methods": ["standard"],
        "bank_name": "SANDBOX BANK", "country": bank.country, "currency": currency,
        "default_for_currency": true, "fingerprint": bank.fingerprint(), "future_requirements": null,
        "last4": bank.last4(), "metadata": {}, "requirements": null, "routing_number": null, "status": "new",
    });
    let list = &mut account.data["external_accounts"];
    let Some(banks) = list["data"].as_array_mut() else {
        return;
    };
    let old = banks.iter_mut().find(|one| one["currency"] == currency);
    let event = match old {
        Some(old) if old["fingerprint"] == made["fingerprint"] && old["status"] != "errored" => return,
        Some(old) => {
            *old = made.clone();
            "account.external_account.updated"
        }
        None => {
            banks.push(made.clone());
            "account.external_account.created"
        }
    };
    list["total_count"] = list["data"].as_array().map_or(0, Vec::len).into();
    account.hidden["banks"][&id] = bank.number.into();
    let home = tx.enter(Some(&account.id));
    tx.emit(event, &made);
    tx.enter(home.as_deref());
}

/// A payout came back: its bank account takes no more until it is changed.
pub(super) fn spoil_bank(tx: &mut Tx, account: &mut Object, bank: &str) {
    let before = account.data.clone();
    let banks = account.data["external_accounts"]["data"].as_array_mut();
    let Some(found) = banks.and_then(|banks| banks.iter_mut().find(|one| one["id"] == bank)) else {
        return;
    };
    found["status"] = "errored".into();
    let shown = found.clone();
    derive(account);
    let home = tx.enter(Some(&account.id));
    tx.emit("account.external_account.updated", &shown);
    tx.enter(home.as_deref());
    announce(tx, account, &before);
    tx.put(account);
}

/// The account leaves the platform: calls on it are refused from now on.
pub(crate) fn leave(tx: &mut Tx, account: &mut Object) {
    account.hidden["gone"] = true.into();
    account.due = None;
    let home = tx.enter(Some(&account.id));
    let shown = json!({ "id": "ca_sbx_felag", "object": "application", "name": "Felag" });
    tx.emit("account.application.deauthorized", &shown);
    tx.enter(home.as_deref());
    tx.put(account);
}

/// The account, locked, for a page or a switch.
pub(crate) async fn lock_account(tx: &mut Tx, id: &str) -> Outcome<Object> {
    super::account::lock(tx, id, "account").await
}

/// Refuses a link for an account that nothing can be done for any more.
pub(super) fn check_open(account: &Object) -> Outcome<()> {
    match Review::of(account) {
        Review::Rejected => Err(Fault::invalid(format!(
            "Account {} has been rejected; it cannot be onboarded again.",
            account.id
        ))),
        _ => Ok(()),
    }
}
