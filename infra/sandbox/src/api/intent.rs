//! What payment and set-up intents share: the redirect to the bank's page, and refusing what a state forbids.

use serde_json::{Value, json};

use crate::{
    db::Object,
    fault::{Fault, Outcome},
    ids,
    params::Params,
};

/// The types of payment methods there are.
const TYPES: [&str; 2] = ["card", "sepa_debit"];

/// Puts the types of payment methods that are asked for into the intent or session. True if any are.
pub(super) fn method_types(object: &mut Object, p: &mut Params) -> Outcome<bool> {
    const PARAM: &str = "payment_method_types";
    let mut types = p.list(PARAM);
    types.extend(p.list("allowed_payment_method_types"));
    if types.is_empty() {
        return Ok(false);
    }
    if let Some(other) = types.iter().find(|one| !TYPES.contains(&one.as_str())) {
        let words = format!("The sandbox knows payment methods of type card and sepa_debit, not {other}.");
        return Err(Fault::bad_param(PARAM, words));
    }
    if let Some(code) = object.text("currency").filter(|code| *code != "eur")
        && types.iter().any(|one| one == "sepa_debit")
    {
        let words =
            format!("The currency provided ({code}) is invalid for one or more payment method types.");
        return Err(Fault::bad_param(PARAM, words));
    }
    object.data[PARAM] = types.into();
    object.hidden["types_given"] = true.into();
    Ok(true)
}

/// Refuses a payment method of a type that was not asked for.
pub(super) fn check_type(intent: &mut Object, method: &Object) -> Outcome<()> {
    let kind = method.text("type").unwrap_or("card");
    let types = intent.data["payment_method_types"].as_array_mut();
    if types.is_some_and(|types| types.iter().any(|one| one == kind)) {
        return Ok(());
    }
    let foreign = intent.text("currency").is_some_and(|code| code != "eur");
    if intent.hidden["types_given"] == true || foreign {
        let words =
            format!("The PaymentMethod provided ({kind}) is not allowed here: see payment_method_types.");
        return Err(Fault::bad_param("payment_method", words));
    }
    if let Some(types) = intent.data["payment_method_types"].as_array_mut() {
        types.push(kind.into());
    }
    Ok(())
}

/// Where the bank's page stands and where it leads back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bank<'a> {
    /// The sandbox's own address, ending in a slash.
    pub base: &'a str,
    pub return_url: &'a str,
}

/// Sends the intent to the bank's page. The token in the address makes each question answerable once.
pub(super) fn ask_bank(intent: &mut Object, bank: &Bank<'_>) {
    let token = ids::random_word();
    let url = format!("{}bank/{}/{token}", bank.base, intent.id);
    intent.hidden["question"] = token.into();
    intent.hidden["return_url"] = bank.return_url.into();
    intent.data["status"] = "requires_action".into();
    intent.data["next_action"] = json!({
        "type": "redirect_to_url",
        "redirect_to_url": { "url": url, "return_url": bank.return_url },
    });
}

/// The question was answered or withdrawn.
pub(super) fn close_question(intent: &mut Object) {
    intent.hidden["question"] = Value::Null;
    intent.data["next_action"] = Value::Null;
}

/// Refuses an answer to a question that is not open any more.
pub(super) fn check_question(intent: &Object, token: &str) -> Outcome<()> {
    let open = intent.status() == "requires_action" && intent.hidden["question"].as_str() == Some(token);
    if open {
        return Ok(());
    }
    Err(Fault::new(
        410,
        "invalid_request_error",
        "This question was answered already.",
    ))
}

pub(super) fn no_return_url() -> Fault {
    let words = "This card must be confirmed by its holder: a return_url is needed to lead them back.";
    Fault::bad_param("return_url", words).code("parameter_missing")
}

/// An address a browser can be sent to.
pub(super) fn check_url(param: &str, url: &str) -> Outcome<()> {
    let parsed: Option<axum::http::Uri> = url.replace(['{', '}'], "_").parse().ok();
    let good = parsed.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if good && !url.contains(|c: char| c.is_whitespace() || c.is_control() || c == ';' || c == ',') {
        return Ok(());
    }
    Err(Fault::bad_param(param, "Not a valid URL").code("url_invalid"))
}

/// The refusal of a step that the intent's state does not allow; the intent is shown with it.
pub(super) fn unexpected(intent: &Object, verb: &str) -> Fault {
    let (name, code) = match intent.kind.as_str() {
        "setup_intent" => ("SetupIntent", "setup_intent_unexpected_state"),
        _ => ("PaymentIntent", "payment_intent_unexpected_state"),
    };
    let words = format!(
        "You cannot {verb} this {name} because it has a status of {}.",
        intent.status()
    );
    Fault::invalid(words)
        .code(code)
        .with(&intent.kind, intent.data.clone())
}
