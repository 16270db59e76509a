//! Reading many rows: pages of a list, balances, and what an automatic payout takes along.

use std::collections::HashMap;

use serde_json::Value;

use super::{Object, Tx};
use crate::fault::{Fault, Outcome};

/// Which objects of a kind to list, newest first.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// The customer; for balance transactions the payout that took them along.
    pub customer: Option<String>,
    pub parent: Option<String>,
    /// Only objects whose `type` is one of these.
    pub types: Option<Vec<String>>,
    /// Only objects that hold these members with these values.
    pub holds: Option<Value>,
    /// Only objects created from this second on, and up to that one.
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub starting_after: Option<String>,
    pub ending_before: Option<String>,
    pub limit: i64,
}

impl Filter {
    /// Only objects whose member `name` is `value`, if there is a value.
    pub(crate) fn hold(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.holds.get_or_insert_with(|| serde_json::json!({}))[name] = value.into();
        }
    }
}

const NEWEST_FIRST: &str = "select * from sandbox.object
    where kind = $1 and ($2::text is null or customer = $2) and ($3::text is null or parent = $3)
        and ($4::text[] is null or data->>'type' = any($4))
        and ($5::bigint is null or created >= $5) and ($6::bigint is null or created <= $6)
        and ($7::bigint is null or seq < $7) and $8::bigint is null and data->'deleted' is null
        and (($10::text is null and account is null) or account = $10)
        and ($11::jsonb is null or data @> $11)
    order by seq desc limit $9";
const OLDEST_FIRST: &str = "select * from sandbox.object
    where kind = $1 and ($2::text is null or customer = $2) and ($3::text is null or parent = $3)
        and ($4::text[] is null or data->>'type' = any($4))
        and ($5::bigint is null or created >= $5) and ($6::bigint is null or created <= $6)
        and ($7::bigint is null or seq < $7) and seq > $8 and data->'deleted' is null
        and (($10::text is null and account is null) or account = $10)
        and ($11::jsonb is null or data @> $11)
    order by seq limit $9";

impl Tx {
    /// A page of objects, newest first, and whether there are more.
    pub(crate) async fn list(&mut self, kind: &str, filter: &Filter) -> Outcome<(Vec<Object>, bool)> {
        let after = self
            .seq(filter.starting_after.as_deref(), "starting_after")
            .await?;
        let before = self.seq(filter.ending_before.as_deref(), "ending_before").await?;
        let sql = match before {
            None => NEWEST_FIRST,
            Some(_) => OLDEST_FIRST,
        };
        let query = sqlx::query(sql)
            .bind(kind)
            .bind(&filter.customer)
            .bind(&filter.parent)
            .bind(&filter.types);
        let query = query
            .bind(filter.from)
            .bind(filter.until)
            .bind(after)
            .bind(before)
            .bind(filter.limit + 1)
            .bind(&self.account)
            .bind(&filter.holds);
        let rows = query.fetch_all(&mut *self.conn).await?;
        let mut objects = rows.iter().map(Object::read).collect::<Result<Vec<_>, _>>()?;
        let more = objects.len() as i64 > filter.limit;
        objects.truncate(usize::try_from(filter.limit).unwrap_or(0));
        if before.is_some() {
            objects.reverse();
        }
        Ok((objects, more))
    }

    async fn seq(&mut self, id: Option<&str>, param: &str) -> Outcome<Option<i64>> {
        let Some(id) = id else { return Ok(None) };
        let sql = "select seq from sandbox.object where id = $1";
        let seq: Option<i64> = sqlx::query_scalar(sql)
            .bind(id)
            .fetch_optional(&mut *self.conn)
            .await?;
        seq.map(Some)
            .ok_or_else(|| Fault::unknown_object("object", id, param))
    }

    /// Balance of the account per currency, in units: what is available now, and what is still to come.
    pub(crate) async fn balance(&mut self) -> Outcome<Vec<(String, i64, i64)>> {
        let sql = "select data->>'currency',
                coalesce(sum(b.net) filter (where b.available_on <= $1), 0)::bigint,
                coalesce(sum(b.net) filter (where b.available_on > $1), 0)::bigint
            from sandbox.object, jsonb_to_record(data) b (net bigint, available_on bigint)
            where kind = 'balance_transaction' and (($2::text is null and account is null) or account = $2)
            group by 1 order by 1";
        Ok(sqlx::query_as(sql)
            .bind(self.now)
            .bind(&self.account)
            .fetch_all(&mut *self.conn)
            .await?)
    }

    /// What the account can spend in `currency` by the second `until`, in units. Whoever spends next waits
    /// until this transaction ends.
    pub(crate) async fn funds(&mut self, currency: &str, until: i64) -> Outcome<i64> {
        sqlx::query("select pg_advisory_xact_lock(1936876920, hashtext('balance/' || coalesce($1, '')))")
            .bind(&self.account)
            .execute(&mut *self.conn)
            .await?;
        let sql = "select coalesce(sum(b.net), 0)::bigint
            from sandbox.object, jsonb_to_record(data) b (net bigint, available_on bigint, currency text)
            where kind = 'balance_transaction' and (($1::text is null and account is null) or account = $1)
                and b.currency = $2 and b.available_on <= $3";
        Ok(sqlx::query_scalar(sql)
            .bind(&self.account)
            .bind(currency)
            .bind(until)
            .fetch_one(&mut *self.conn)
            .await?)
    }

    /// The connected accounts that ever had money.
    pub(crate) async fn funded_accounts(&mut self) -> Outcome<Vec<String>> {
        let sql = "select distinct account from sandbox.object
            where kind = 'balance_transaction' and account is not null order by 1";
        Ok(sqlx::query_scalar(sql).fetch_all(&mut *self.conn).await?)
    }

    /// When the next pending money of the account becomes available, if there is any.
    pub(crate) async fn next_available(&mut self) -> Outcome<Option<i64>> {
        let sql = "select min(b.available_on)
            from sandbox.object, jsonb_to_record(data) b (available_on bigint)
            where kind = 'balance_transaction' and account = $1 and b.available_on > $2";
        Ok(sqlx::query_scalar(sql)
            .bind(&self.account)
            .bind(self.now)
            .fetch_one(&mut *self.conn)
            .await?)
    }

    /// Files under `payout` what is available in `currency` and was not filed under one before. Returns its sum.
    pub(crate) async fn sweep(&mut self, currency: &str, payout: &str) -> Outcome<i64> {
        let sql = "with swept as (
                update sandbox.object o set customer = $3, hidden = hidden || jsonb_build_object('payout', $3)
                where kind = 'balance_transaction' and account = $1 and customer is null
                    and data->>'currency' = $2 and (data->>'available_on')::bigint <= $4
                returning (data->>'net')::bigint net)
            select coalesce(sum(net), 0)::bigint from swept";
        Ok(sqlx::query_scalar(sql)
            .bind(&self.account)
            .bind(currency)
            .bind(payout)
            .bind(self.now)
            .fetch_one(&mut *self.conn)
            .await?)
    }

    /// How many endpoints have still to hear of each event.
    pub(crate) async fn pending(&mut self, events: &[String]) -> Outcome<HashMap<String, i64>> {
        let sql = "select event, count(*) from sandbox.delivery
            where event = any($1) and state in ('pending', 'sending') group by event";
        let rows: Vec<(String, i64)> = sqlx::query_as(sql)
            .bind(events)
            .fetch_all(&mut *self.conn)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// What transfers took from a charge so far, in units. A reversal does not free it again.
    pub(crate) async fn taken_from(&mut self, charge: &str) -> Outcome<i64> {
        let sql = "select coalesce(sum((data->>'amount')::bigint), 0)::bigint from sandbox.object
            where kind = 'transfer' and data @> jsonb_build_object('source_transaction', $1::text)";
        Ok(sqlx::query_scalar(sql)
            .bind(charge)
            .fetch_one(&mut *self.conn)
            .await?)
    }
}
