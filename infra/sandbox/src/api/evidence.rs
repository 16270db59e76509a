//! Evidence against a dispute: texts that are staged, and submitted once.

use serde_json::{Map, Value, json};

use super::dispute::{escalate, is_inquiry, lock};
use crate::{
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// How long a bank takes to decide on evidence that does not say how it ends.
const DECISION_DAYS: i64 = 21;
const MOST_EVIDENCE: usize = 150_000;

const TEXTS: [&str; 18] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
];
const FILES: [&str; 9] = [
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
];

/// No evidence yet, in the API's shape.
pub(super) fn none() -> Value {
    let names = TEXTS.iter().chain(&FILES);
    let mut evidence: Map<String, Value> = names.map(|name| ((*name).to_owned(), Value::Null)).collect();
    evidence.insert("enhanced_evidence".into(), json!({}));
    Value::Object(evidence)
}

/// Whether evidence is still taken, or why not.
fn check_open(dispute: &Object) -> Outcome<()> {
    match dispute.status() {
        "needs_response" | "warning_needs_response" => Ok(()),
        "under_review" | "warning_under_review" => Err(Fault::invalid(
            "Evidence for this dispute has been submitted already. It can be submitted once.",
        )),
        _ => Err(Fault::invalid("This dispute is already closed.")),
    }
}

fn take_evidence(dispute: &mut Object, p: &mut Params) -> Outcome<bool> {
    let mut given = false;
    for name in FILES {
        let param = format!("evidence[{name}]");
        if p.text(&param).is_some() {
            return Err(Fault::bad_param(
                param,
                "The sandbox keeps no files; give the evidence as text.",
            ));
        }
    }
    for name in TEXTS {
        if let Some(text) = p.change(&format!("evidence[{name}]")) {
            given = true;
            dispute.data["evidence"][name] = text.into();
        }
    }
    let texts = TEXTS
        .iter()
        .filter_map(|name| dispute.data["evidence"][*name].as_str());
    let length: usize = texts.map(|text| text.chars().count()).sum();
    if length > MOST_EVIDENCE {
        return Err(Fault::bad_param(
            "evidence",
            "All evidence together has at most 150000 characters.",
        ));
    }
    if given {
        dispute.data["evidence_details"]["has_evidence"] = (length > 0).into();
    }
    Ok(given)
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    let (mut charge, mut dispute) = lock(tx, id).await?;
    dispute.data["metadata"] = p.metadata("metadata", Some(&dispute.data["metadata"]))?;
    let submit = p.text("submit");
    let given = take_evidence(&mut dispute, p)?;
    let submit = match submit.as_deref() {
        None => given,
        Some("true") => true,
        Some("false") => false,
        Some(other) => return Err(Fault::bad_param("submit", format!("Invalid boolean: {other}"))),
    };
    p.finish()?;
    if given || submit {
        check_open(&dispute)?;
    }
    if submit {
        submit_evidence(tx, &mut charge, &mut dispute)?;
    } else {
        tx.emit("charge.dispute.updated", &dispute.data);
    }
    tx.put(&dispute);
    Ok(dispute.data)
}

/// The bank has the evidence. Stripe's magic texts say what it makes of it, an hour later.
fn submit_evidence(tx: &mut Tx, charge: &mut Object, dispute: &mut Object) -> Outcome<()> {
    let count = dispute.data["evidence_details"]["submission_count"]
        .as_i64()
        .unwrap_or(0);
    dispute.data["evidence_details"]["submission_count"] = (count + 1).into();
    let text = dispute.data["evidence"]["uncategorized_text"]
        .as_str()
        .unwrap_or("")
        .to_owned();
    if text == "escalate_inquiry_evidence" && is_inquiry(dispute) {
        return escalate(tx, charge, dispute);
    }
    let status = if is_inquiry(dispute) {
        "warning_under_review"
    } else {
        "under_review"
    };
    dispute.data["status"] = status.into();
    dispute.hidden["wins"] = (text == "winning_evidence").into();
    let magic = matches!(text.as_str(), "winning_evidence" | "losing_evidence");
    dispute.due = Some(tx.now + if magic { HOUR } else { DECISION_DAYS * DAY });
    tx.emit("charge.dispute.updated", &dispute.data);
    Ok(())
}
