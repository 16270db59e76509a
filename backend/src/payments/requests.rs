//! What we ask the provider for, built with async-stripe. Every object carries, as metadata, which operation made
//! it and which pledge it is about: that is how news finds its way home.

use std::collections::HashMap;

use felag_domain::dispute::Evidence;
use felag_domain::money::Money;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes, CreateCheckoutSessionCustomText,
    CreateCheckoutSessionCustomerCreation, CreateCheckoutSessionSetupIntentData, CustomTextPositionParam,
    ExpireCheckoutSession,
};
use stripe_client_core::StripeRequest;
use stripe_core::payment_intent::{
    CancelPaymentIntent, ConfirmPaymentIntent, ConfirmPaymentIntentOffSession, CreatePaymentIntent,
};
use stripe_core::refund::CreateRefund;
use stripe_payment::payment_method::DetachPaymentMethod;
use stripe_shared::PaymentIntentAllowedPaymentMethodTypes;
use uuid::Uuid;

use super::Subject;
use super::provider::Request;
use super::unit::provider_amount;

/// Who an object at the provider belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Tag {
    pub operation: Uuid,
    pub of: Subject,
}

impl Tag {
    pub(super) fn metadata(self) -> HashMap<String, String> {
        HashMap::from([
            ("felag_operation".into(), self.operation.to_string()),
            ("felag_book".into(), self.of.book.to_string()),
            (self.of.kind.metadata_name(), self.of.id.to_string()),
        ])
    }
}

/// Where the hosted checkout sends people, and what it says.
pub struct Checkout<'a> {
    /// Known when the pledge has had a card before. Else the provider makes one, one customer per pledge, so that
    /// listing what a customer has is exact.
    pub customer: Option<&'a str>,
    pub email: &'a str,
    pub success_url: String,
    pub cancel_url: String,
    /// Said above the button: what may be charged, and when.
    pub mandate: String,
    pub expires_at: time::OffsetDateTime,
    /// A bank account may be given instead of a card, where the currency has such debits.
    pub debits: bool,
}

/// A hosted page that saves a card and charges nothing.
pub fn create_checkout(
    tag: Tag,
    currency: felag_domain::money::Currency,
    checkout: &Checkout<'_>,
) -> Request {
    let mut text = CreateCheckoutSessionCustomText::new();
    text.submit = Some(CustomTextPositionParam::new(checkout.mandate.clone()));
    let mut setup = CreateCheckoutSessionSetupIntentData::new();
    setup.metadata = Some(tag.metadata());
    let session = CreateCheckoutSession::new().mode(stripe_shared::CheckoutSessionMode::Setup);
    let session = match checkout.customer {
        Some(customer) => session.customer(customer),
        None => session
            .customer_creation(CreateCheckoutSessionCustomerCreation::Always)
            .customer_email(checkout.email),
    };
    let session = if checkout.debits && has_debits(currency) {
        session.allowed_payment_method_types(vec![
            CreateCheckoutSessionAllowedPaymentMethodTypes::Card,
            CreateCheckoutSessionAllowedPaymentMethodTypes::SepaDebit,
        ])
    } else {
        session
    };
    session
        .currency(stripe_currency(currency))
        .success_url(checkout.success_url.clone())
        .cancel_url(checkout.cancel_url.clone())
        .custom_text(text)
        .setup_intent_data(setup)
        .expires_at(checkout.expires_at.unix_timestamp())
        .metadata(tag.metadata())
        .build()
        .into()
}

pub fn expire_checkout(session: &str) -> Request {
    ExpireCheckoutSession::new(session.to_string()).build().into()
}

/// SEPA debits are in euro only.
fn has_debits(currency: felag_domain::money::Currency) -> bool {
    currency == felag_domain::money::Currency::EUR
}

/// Unconfirmed: an orphan of a crash cannot charge anybody.
pub fn create_intent(tag: Tag, amount: Money, customer: &str, method: &str) -> Request {
    intent(
        tag,
        amount,
        (customer, method),
        vec![PaymentIntentAllowedPaymentMethodTypes::Card],
    )
}

/// As [`create_intent`], of a card or a bank account.
pub fn create_debit_intent(tag: Tag, amount: Money, customer: &str, method: &str) -> Request {
    let mut types = vec![PaymentIntentAllowedPaymentMethodTypes::Card];
    if has_debits(amount.currency()) {
        types.push(PaymentIntentAllowedPaymentMethodTypes::SepaDebit);
    }
    intent(tag, amount, (customer, method), types)
}

fn intent(
    tag: Tag,
    amount: Money,
    (customer, method): (&str, &str),
    types: Vec<PaymentIntentAllowedPaymentMethodTypes>,
) -> Request {
    CreatePaymentIntent::new(provider_amount(amount), stripe_currency(amount.currency()))
        .customer(customer)
        .payment_method(method)
        .allowed_payment_method_types(types)
        .metadata(tag.metadata())
        .build()
        .into()
}

fn settled() -> Vec<String> {
    vec!["latest_charge.balance_transaction".into()]
}

/// Charges the saved card while nobody is present.
pub fn confirm_intent(intent: &str, method: &str) -> Request {
    ConfirmPaymentIntent::new(intent.to_string())
        .payment_method(method)
        .off_session(ConfirmPaymentIntentOffSession::Bool(true))
        .expand(settled())
        .build()
        .into()
}

/// Charges the card with the person present: the bank may want to see them, and sends them back to `return_url`.
pub fn confirm_intent_present(intent: &str, method: &str, return_url: &str) -> Request {
    ConfirmPaymentIntent::new(intent.to_string())
        .payment_method(method)
        .return_url(return_url)
        .expand(settled())
        .build()
        .into()
}

pub fn cancel_intent(intent: &str) -> Request {
    CancelPaymentIntent::new(intent.to_string()).build().into()
}

pub fn detach_method(method: &str) -> Request {
    DetachPaymentMethod::new(method.to_string()).build().into()
}

/// Gives so much of a charge back.
pub fn create_refund(tag: Tag, intent: &str, amount: Money) -> Request {
    CreateRefund::new()
        .payment_intent(intent)
        .amount(provider_amount(amount))
        .metadata(tag.metadata())
        .build()
        .into()
}

/// What the project tells the backer's bank, sent for good: none of it can be taken back or added to.
pub fn send_evidence(dispute: &str, evidence: &Evidence) -> Request {
    let texts = [
        ("evidence[product_description]", &evidence.product),
        ("evidence[refund_refusal_explanation]", &evidence.communication),
        ("evidence[uncategorized_text]", &evidence.other),
    ];
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        form.append_pair(name, text);
    }
    Request {
        path: format!("v1/disputes/{dispute}"),
        body: form.append_pair("submit", "true").finish(),
        account: None,
    }
}

/// Lets the backer's bank have its way.
pub fn close_dispute(dispute: &str) -> Request {
    Request {
        path: format!("v1/disputes/{dispute}/close"),
        body: String::new(),
        account: None,
    }
}

fn stripe_currency(currency: felag_domain::money::Currency) -> stripe_types::Currency {
    let code = currency.code().to_lowercase();
    // Parsing never fails: an unknown code is carried as it stands, and refused by the provider.
    match code.parse() {
        Ok(known) => known,
        Err(never) => match never {},
    }
}
