//! The sandbox's rows, and the transaction one request works in: what it read under lock, what it changed,
//! what events that makes. Everything is written together at the end, in few statements.

mod list;

use std::collections::HashMap;

use serde_json::{Value, json};
use sqlx::{PgPool, Postgres, Row, Transaction, postgres::PgRow};

use crate::{
    fault::{Fault, Outcome},
    ids,
};
pub(crate) use list::Filter;

/// The version of the API whose shapes these are.
pub(crate) const API_VERSION: &str = "2026-09-30.endive";

/// One object of the API.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub id: String,
    pub kind: String,
    /// The connected account it belongs to; none: the platform's own.
    pub account: Option<String>,
    pub created: i64,
    /// When the clock does something to it by itself (a session expires), in unix seconds.
    pub due: Option<i64>,
    /// As the API shows it, references not expanded.
    pub data: Value,
    /// What the API never shows.
    pub hidden: Value,
}

impl Object {
    /// The text of a member, if it is one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.data[name].as_str()
    }

    /// A whole number's member; 0 if there is none, which no object here leaves open.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.data[name].as_i64().unwrap_or(0)
    }

    pub(crate) fn status(&self) -> &str {
        self.text("status").unwrap_or("")
    }

    /// Leaves out a member that objects of its kind do not have.
    pub(crate) fn omit(&mut self, name: &str) {
        if let Some(members) = self.data.as_object_mut() {
            members.remove(name);
        }
    }

    /// What it is filed under, for lists.
    fn parent(&self) -> Option<&str> {
        match self.kind.as_str() {
            "transfer" => self.text("transfer_group"),
            "transfer_reversal" => self.text("transfer"),
            "dispute" => self.text("charge"),
            _ => self.text("payment_intent").or_else(|| self.text("source")),
        }
    }

    /// Whom it belongs to, for lists: a customer; a balance transaction to the payout that took it along.
    fn owner(&self) -> Option<&str> {
        match self.kind.as_str() {
            "balance_transaction" => self.hidden["payout"].as_str(),
            _ => self.text("customer"),
        }
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            account: row.try_get("account")?,
            created: row.try_get("created")?,
            due: row.try_get("due")?,
            data: row.try_get("data")?,
            hidden: row.try_get("hidden")?,
        })
    }
}

/// What is kept under an Idempotency-Key.
struct Kept {
    key: String,
    fingerprint: String,
    status: i32,
    body: String,
}

/// Objects, answer and deliveries at once: each trip to the database is time under lock.
const WRITE: &str = "with
    objects as (
        insert into sandbox.object (id, kind, created, customer, parent, due, data, hidden, account)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
            $7::jsonb[], $8::jsonb[], $16::text[])
        on conflict (id) do update set customer = excluded.customer, parent = excluded.parent,
            due = excluded.due, data = excluded.data, hidden = excluded.hidden),
    answer as (
        insert into sandbox.answer (key, fingerprint, status, body, created)
        select $12::text, $13::text, $14::int, $15::text, $11::bigint where $12::text is not null
        on conflict (key) do update set fingerprint = excluded.fingerprint, status = excluded.status,
            body = excluded.body, created = excluded.created)
    insert into sandbox.delivery (event, endpoint, created, due)
    select e.id, w.id, $11::bigint, $11::bigint
    from unnest($9::text[], $10::text[], $17::bool[]) with ordinality e (id, type, connected, n)
    join sandbox.object w on w.kind = 'webhook_endpoint' and w.data->>'status' = 'enabled'
        and coalesce((w.hidden->>'connect')::bool, false) = e.connected
        and (w.data->'enabled_events' ? '*' or w.data->'enabled_events' ? e.type)
    order by e.n";

/// One request's transaction.
pub(crate) struct Tx {
    conn: Transaction<'static, Postgres>,
    /// The sandbox's clock at the request's start, unix seconds.
    pub now: i64,
    pub request_id: String,
    pub key: Option<String>,
    /// The connected account on which it acts; none: the platform. What it finds, lists and makes is there.
    pub account: Option<String>,
    changed: Vec<Object>,
    place: HashMap<String, usize>,
    /// Id and type, and whether it happened on a connected account.
    events: Vec<(String, String, bool)>,
    answer: Option<Kept>,
}

impl Tx {
    pub(crate) async fn begin(
        pool: &PgPool,
        now: i64,
        request_id: String,
        key: Option<String>,
    ) -> Outcome<Self> {
        let conn = pool.begin().await?;
        let (changed, place, events) = Default::default();
        Ok(Self {
            conn,
            now,
            request_id,
            key,
            account: None,
            changed,
            place,
            events,
            answer: None,
        })
    }

    /// Acts on that account from now on; returns on whose it acted before, to go back there.
    pub(crate) fn enter(&mut self, account: Option<&str>) -> Option<String> {
        std::mem::replace(&mut self.account, account.map(str::to_owned))
    }

    /// The object, locked until this transaction ends.
    pub(crate) async fn lock(&mut self, kind: &str, id: &str, param: &str) -> Outcome<Object> {
        self.find(kind, id, true)
            .await?
            .ok_or_else(|| Fault::unknown_object(kind, id, param))
    }

    /// The object as it is now, not locked.
    pub(crate) async fn get(&mut self, kind: &str, id: &str, param: &str) -> Outcome<Object> {
        self.find(kind, id, false)
            .await?
            .ok_or_else(|| Fault::unknown_object(kind, id, param))
    }

    async fn find(&mut self, kind: &str, id: &str, lock: bool) -> Outcome<Option<Object>> {
        if let Some(place) = self.place.get(id) {
            let seen = self.changed[*place].clone();
            return Ok(Some(seen).filter(|object| object.kind == kind && object.account == self.account));
        }
        let sql = match lock {
            true => {
                "select * from sandbox.object
                where id = $1 and kind = $2 and account is not distinct from $3 for update"
            }
            false => {
                "select * from sandbox.object
                where id = $1 and kind = $2 and account is not distinct from $3"
            }
        };
        let row = sqlx::query(sql)
            .bind(id)
            .bind(kind)
            .bind(&self.account)
            .fetch_optional(&mut *self.conn)
            .await?;
        Ok(row.as_ref().map(Object::read).transpose()?)
    }

    /// The object of that id, whatever it is: for `expand[]`.
    pub(crate) async fn any(&mut self, id: &str) -> Outcome<Option<Object>> {
        if let Some(place) = self.place.get(id) {
            return Ok(Some(self.changed[*place].clone()));
        }
        // A platform may look into the accounts connected to it, not the other way round.
        let sql = "select * from sandbox.object where id = $1 and ($2::text is null or account = $2)";
        let row = sqlx::query(sql)
            .bind(id)
            .bind(&self.account)
            .fetch_optional(&mut *self.conn)
            .await?;
        Ok(row.as_ref().map(Object::read).transpose()?)
    }

    /// A customer that has not been deleted.
    pub(crate) async fn customer(&mut self, id: &str) -> Outcome<Object> {
        let customer = self.get("customer", id, "customer").await?;
        if customer.data["deleted"] == true {
            return Err(Fault::unknown_object("customer", id, "customer"));
        }
        Ok(customer)
    }

    /// A new object, not yet kept: `put` it when it is whole.
    pub(crate) fn make(&self, kind: &str, prefix: &str) -> Object {
        let (id, hidden) = (ids::fresh(prefix), json!({}));
        let data = json!({ "id": id, "object": kind, "created": self.now, "livemode": false });
        Object {
            id,
            kind: kind.into(),
            account: self.account.clone(),
            created: self.now,
            due: None,
            data,
            hidden,
        }
    }

    /// Keeps the object as it is now; written at the end.
    pub(crate) fn put(&mut self, object: &Object) {
        match self.place.get(&object.id) {
            Some(place) => self.changed[*place] = object.clone(),
            None => {
                self.place.insert(object.id.clone(), self.changed.len());
                self.changed.push(object.clone());
            }
        }
    }

    /// Keeps an event that shows the object as it is now.
    pub(crate) fn emit(&mut self, kind: &str, object: &Value) {
        let mut event = self.make("event", "evt");
        event.data["api_version"] = API_VERSION.into();
        event.data["data"] = json!({ "object": object });
        event.data["pending_webhooks"] = 0.into();
        event.data["request"] = json!({ "id": self.request_id, "idempotency_key": self.key });
        event.data["type"] = kind.into();
        if let Some(account) = &self.account {
            event.data["account"] = account.clone().into();
        }
        self.events
            .push((event.id.clone(), kind.into(), self.account.is_some()));
        self.put(&event);
    }

    /// Keys are an account's own: the same one on another account is another key.
    fn own(&self, key: &str) -> String {
        match &self.account {
            None => key.to_owned(),
            Some(account) => format!("{account}/{key}"),
        }
    }

    /// Takes the key for this transaction. False: another request holds it.
    pub(crate) async fn hold_key(&mut self, key: &str) -> Outcome<bool> {
        // The two-number locks are a space of their own: the platform's locks in the same database use one
        // number.
        let sql = "select pg_try_advisory_xact_lock(1936876920, hashtext($1))";
        Ok(sqlx::query_scalar(sql)
            .bind(self.own(key))
            .fetch_one(&mut *self.conn)
            .await?)
    }

    /// What was answered under the key in the last 24 hours: fingerprint, status, body.
    pub(crate) async fn answer(&mut self, key: &str) -> Outcome<Option<(String, i32, String)>> {
        let sql = "select fingerprint, status, body from sandbox.answer where key = $1 and created > $2";
        Ok(sqlx::query_as(sql)
            .bind(self.own(key))
            .bind(self.now - 86_400)
            .fetch_optional(&mut *self.conn)
            .await?)
    }

    /// Keeps the answer under the key, with everything else this transaction changes.
    pub(crate) fn keep_answer(&mut self, key: &str, fingerprint: &str, status: u16, body: &str) {
        let (key, fingerprint, body) = (self.own(key), fingerprint.into(), body.into());
        self.answer = Some(Kept {
            key,
            fingerprint,
            status: i32::from(status),
            body,
        });
    }

    /// Writes what was changed, the deliveries of its events and the answer, in one statement, and commits.
    pub(crate) async fn commit(mut self) -> Outcome<()> {
        if !self.changed.is_empty() || self.answer.is_some() {
            self.write().await?;
        }
        self.conn.commit().await?;
        Ok(())
    }

    /// Ends it without a trace. A transaction that is only dropped ends a moment later, and holds its key until then.
    pub(crate) async fn rollback(self) -> Outcome<()> {
        self.conn.rollback().await?;
        Ok(())
    }

    async fn write(&mut self) -> Outcome<()> {
        let mut changed = std::mem::take(&mut self.changed);
        let (mut events, mut types, mut connected) = (vec![], vec![], vec![]);
        for (id, kind, on_account) in std::mem::take(&mut self.events) {
            events.push(id);
            types.push(kind);
            connected.push(on_account);
        }
        let column = |part: fn(&Object) -> Option<&str>| changed.iter().map(part).collect::<Vec<_>>();
        let ids = column(|o| Some(&o.id));
        let kinds = column(|o| Some(&o.kind));
        let customers = column(Object::owner);
        let parents = column(Object::parent);
        let accounts: Vec<Option<String>> = changed.iter().map(|o| o.account.clone()).collect();
        let created: Vec<i64> = changed.iter().map(|o| o.created).collect();
        let dues: Vec<Option<i64>> = changed.iter().map(|o| o.due).collect();
        let hidden: Vec<Value> = changed.iter().map(|o| o.hidden.clone()).collect();
        let query = sqlx::query(WRITE)
            .bind(ids)
            .bind(kinds)
            .bind(created)
            .bind(customers)
            .bind(parents)
            .bind(dues);
        // The borrow of `changed` ends with the binds above; the documents themselves are moved.
        let data: Vec<Value> = changed.iter_mut().map(|o| o.data.take()).collect();
        let query = query
            .bind(data)
            .bind(hidden)
            .bind(events)
            .bind(types)
            .bind(self.now);
        let kept = self.answer.take();
        let query = query
            .bind(kept.as_ref().map(|kept| &kept.key))
            .bind(kept.as_ref().map(|kept| &kept.fingerprint))
            .bind(kept.as_ref().map(|kept| kept.status))
            .bind(kept.as_ref().map(|kept| &kept.body))
            .bind(accounts)
            .bind(connected);
        query.execute(&mut *self.conn).await?;
        Ok(())
    }
}
