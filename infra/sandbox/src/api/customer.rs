//! Customers: whom saved cards belong to.

use serde_json::{Value, json};

use super::payment_method::release;
use crate::{
    db::{Filter, Object, Tx},
    fault::Outcome,
    params::Params,
};

const TEXTS: [&str; 4] = ["name", "email", "phone", "description"];

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut customer = blank(tx);
    apply(&mut customer, p)?;
    p.finish()?;
    tx.emit("customer.created", &customer.data);
    tx.put(&customer);
    Ok(customer.data)
}

/// A customer nothing is known of yet.
pub(super) fn blank(tx: &Tx) -> Object {
    let mut customer = tx.make("customer", "cus");
    for name in TEXTS {
        customer.data[name] = Value::Null;
    }
    for (name, value) in [
        ("address", Value::Null),
        ("balance", 0.into()),
        ("currency", Value::Null),
        ("default_source", Value::Null),
        ("delinquent", false.into()),
        ("discount", Value::Null),
        ("invoice_prefix", Value::Null),
        ("metadata", json!({})),
        ("preferred_locales", json!([])),
        ("shipping", Value::Null),
        ("tax_exempt", "none".into()),
        ("test_clock", Value::Null),
    ] {
        customer.data[name] = value;
    }
    let default = json!({ "custom_fields": null, "default_payment_method": null, "footer": null,
        "rendering_options": null });
    customer.data["invoice_settings"] = default;
    customer
}

pub(super) async fn update(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    tx.customer(id).await?;
    let mut customer = tx.lock("customer", id, "id").await?;
    apply(&mut customer, p)?;
    p.finish()?;
    tx.emit("customer.updated", &customer.data);
    tx.put(&customer);
    Ok(customer.data)
}

fn apply(customer: &mut Object, p: &mut Params) -> Outcome<()> {
    for name in TEXTS {
        if let Some(value) = p.change(name) {
            customer.data[name] = value.into();
        }
    }
    let locales = p.list("preferred_locales");
    if !locales.is_empty() {
        customer.data["preferred_locales"] = locales.into();
    }
    customer.data["metadata"] = p.metadata("metadata", Some(&customer.data["metadata"]))?;
    Ok(())
}

/// Deletes the customer for good; the cards are detached, as Stripe does.
pub(super) async fn delete(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    tx.customer(id).await?;
    let mut customer = tx.lock("customer", id, "id").await?;
    let filter = Filter {
        customer: Some(id.into()),
        limit: 100,
        ..Filter::default()
    };
    let (cards, _) = tx.list("payment_method", &filter).await?;
    for card in cards {
        release(tx, &card.id).await?;
    }
    tx.emit("customer.deleted", &customer.data);
    customer.data = json!({ "id": id, "object": "customer", "deleted": true });
    tx.put(&customer);
    Ok(customer.data)
}
