//! Reading the provider's balance, a page at a time: only one page is ever in memory.

use felag_domain::money::Currency;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::store;
use crate::ctx::Ctx;
use crate::payments::list;
use crate::payments::unit::our_amount;

#[derive(Debug, Deserialize)]
struct Transaction {
    id: String,
    source: Option<String>,
    reporting_category: String,
    net: i64,
    currency: String,
    #[serde(with = "time::serde::timestamp")]
    created: OffsetDateTime,
}

/// A balance transaction in our terms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub transaction: String,
    pub reference: String,
    pub category: String,
    /// `None` when it is no amount of the currency.
    pub net_minor: Option<i64>,
    pub currency: String,
    pub made_at: OffsetDateTime,
}

impl Line {
    fn read(object: &Value) -> anyhow::Result<Self> {
        let read: Transaction = serde_json::from_value(object.clone())?;
        let code = read.currency.to_uppercase();
        let currency = code.parse::<Currency>().ok();
        let net = currency.and_then(|currency| our_amount(read.net, currency));
        Ok(Self {
            reference: read.source.unwrap_or_else(|| read.id.clone()),
            transaction: read.id,
            category: read.reporting_category,
            net_minor: net.map(|net| net.minor()),
            currency: code,
            made_at: read.created,
        })
    }
}

/// Every balance transaction of the platform's account, from the newest to the first.
pub(super) async fn all(conn: &mut PgConnection, ctx: &Ctx, run: Uuid) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let since = OffsetDateTime::UNIX_EPOCH;
        let page = list::since(ctx, "v1/balance_transactions", since, after.as_deref()).await?;
        let lines: Vec<Line> = page.objects.iter().map(Line::read).collect::<Result<_, _>>()?;
        store::keep(conn, run, &lines).await?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_transaction_is_read_in_our_units() {
        let object = json!({ "id": "txn_1", "source": "ch_1", "reporting_category": "charge", "net": 150_000,
            "currency": "isk", "created": 1_767_225_600 });
        let line = Line::read(&object).unwrap();
        assert_eq!(
            (line.reference.as_str(), line.net_minor, line.currency.as_str()),
            ("ch_1", Some(1_500), "ISK")
        );
    }

    #[test]
    fn an_amount_that_is_none_of_its_currency_is_kept_as_such() {
        let object = json!({ "id": "txn_1", "source": null, "reporting_category": "fee", "net": 150_001,
            "currency": "isk", "created": 1_767_225_600 });
        let line = Line::read(&object).unwrap();
        assert_eq!((line.reference.as_str(), line.net_minor), ("txn_1", None));
    }
}
