//! The sandbox's rows, and the transaction one request works in: what it read under lock, what it changed,
//! what events that makes. Everything is written together at the end, in few statements.

use std::collections::HashMap;

use serde_json::{Value, json};
use sqlx::{PgPool, Postgres, Row, Transaction, postgres::PgRow};

use crate::{
    fault::{Fault, Outcome},
    ids,
};

/// The version of the API whose shapes these are.
pub(crate) const API_VERSION: &str = "2026-09-30.endive";

/// One object of the API.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub id: String,
    pub kind: String,
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

    fn parent(&self) -> Option<&str> {
        self.text("payment_intent").or_else(|| self.text("source"))
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            created: row.try_get("created")?,
            due: row.try_get("due")?,
            data: row.try_get("data")?,
            hidden: row.try_get("hidden")?,
        })
    }
}

/// Which objects of a kind to list, newest first.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub customer: Option<String>,
    pub parent: Option<String>,
    /// Only objects whose `type` is one of these.
    pub types: Option<Vec<String>>,
    /// Only objects created from this second on, and up to that one.
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub starting_after: Option<String>,
    pub ending_before: Option<String>,
    pub limit: i64,
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
        insert into sandbox.object (id, kind, created, customer, parent, due, data, hidden)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
            $7::jsonb[], $8::jsonb[])
        on conflict (id) do update set customer = excluded.customer, parent = excluded.parent,
            due = excluded.due, data = excluded.data, hidden = excluded.hidden),
    answer as (
        insert into sandbox.answer (key, fingerprint, status, body, created)
        select $12::text, $13::text, $14::int, $15::text, $11::bigint where $12::text is not null
        on conflict (key) do update set fingerprint = excluded.fingerprint, status = excluded.status,
            body = excluded.body, created = excluded.created)
    insert into sandbox.delivery (event, endpoint, created, due)
    select e.id, w.id, $11::bigint, $11::bigint
    from unnest($9::text[], $10::text[]) with ordinality e (id, type, n)
    join sandbox.object w on w.kind = 'webhook_endpoint' and w.data->>'status' = 'enabled'
        and (w.data->'enabled_events' ? '*' or w.data->'enabled_events' ? e.type)
    order by e.n";

/// One request's transaction.
pub(crate) struct Tx {
    conn: Transaction<'static, Postgres>,
    /// The sandbox's clock at the request's start, unix seconds.
    pub now: i64,
    pub request_id: String,
    pub key: Option<String>,
    changed: Vec<Object>,
    place: HashMap<String, usize>,
    events: Vec<(String, String)>,
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
            changed,
            place,
            events,
            answer: None,
        })
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
            return Ok(Some(self.changed[*place].clone()).filter(|object| object.kind == kind));
        }
        let sql = match lock {
            true => "select * from sandbox.object where id = $1 and kind = $2 for update",
            false => "select * from sandbox.object where id = $1 and kind = $2",
        };
        let row = sqlx::query(sql)
            .bind(id)
            .bind(kind)
            .fetch_optional(&mut *self.conn)
            .await?;
        Ok(row.as_ref().map(Object::read).transpose()?)
    }

    /// The object of that id, whatever it is: for `expand[]`.
    pub(crate) async fn any(&mut self, id: &str) -> Outcome<Option<Object>> {
        if let Some(place) = self.place.get(id) {
            return Ok(Some(self.changed[*place].clone()));
        }
        let sql = "select * from sandbox.object where id = $1";
        let row = sqlx::query(sql).bind(id).fetch_optional(&mut *self.conn).await?;
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

    /// A page of objects, newest first, and whether there are more.
    pub(crate) async fn list(&mut self, kind: &str, filter: &Filter) -> Outcome<(Vec<Object>, bool)> {
        let after = self
            .seq(filter.starting_after.as_deref(), "starting_after")
            .await?;
        let before = self.seq(filter.ending_before.as_deref(), "ending_before").await?;
        let sql = match before {
            None => {
                "select * from sandbox.object
                where kind = $1 and ($2::text is null or customer = $2) and ($3::text is null or parent = $3)
                    and ($4::text[] is null or data->>'type' = any($4))
                    and ($5::bigint is null or created >= $5) and ($6::bigint is null or created <= $6)
                    and ($7::bigint is null or seq < $7) and $8::bigint is null and data->'deleted' is null
                order by seq desc limit $9"
            }
            Some(_) => {
                "select * from sandbox.object
                where kind = $1 and ($2::text is null or customer = $2) and ($3::text is null or parent = $3)
                    and ($4::text[] is null or data->>'type' = any($4))
                    and ($5::bigint is null or created >= $5) and ($6::bigint is null or created <= $6)
                    and ($7::bigint is null or seq < $7) and seq > $8 and data->'deleted' is null
                order by seq limit $9"
            }
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
            .bind(filter.limit + 1);
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
            where kind = 'balance_transaction' group by 1 order by 1";
        Ok(sqlx::query_as(sql)
            .bind(self.now)
            .fetch_all(&mut *self.conn)
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

    /// A new object, not yet kept: `put` it when it is whole.
    pub(crate) fn make(&self, kind: &str, prefix: &str) -> Object {
        let (id, hidden) = (ids::fresh(prefix), json!({}));
        let data = json!({ "id": id, "object": kind, "created": self.now, "livemode": false });
        Object {
            id,
            kind: kind.into(),
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
        self.events.push((event.id.clone(), kind.into()));
        self.put(&event);
    }

    /// Takes the key for this transaction. False: another request holds it.
    pub(crate) async fn hold_key(&mut self, key: &str) -> Outcome<bool> {
        // The two-number locks are a space of their own: the platform's locks in the same database use one
        // number.
        let sql = "select pg_try_advisory_xact_lock(1936876920, hashtext($1))";
        Ok(sqlx::query_scalar(sql)
            .bind(key)
            .fetch_one(&mut *self.conn)
            .await?)
    }

    /// What was answered under the key in the last 24 hours: fingerprint, status, body.
    pub(crate) async fn answer(&mut self, key: &str) -> Outcome<Option<(String, i32, String)>> {
        let sql = "select fingerprint, status, body from sandbox.answer where key = $1 and created > $2";
        Ok(sqlx::query_as(sql)
            .bind(key)
            .bind(self.now - 86_400)
            .fetch_optional(&mut *self.conn)
            .await?)
    }

    /// Keeps the answer under the key, with everything else this transaction changes.
    pub(crate) fn keep_answer(&mut self, key: &str, fingerprint: &str, status: u16, body: &str) {
        let (key, fingerprint, body) = (key.into(), fingerprint.into(), body.into());
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
        let (events, types): (Vec<String>, Vec<String>) =
            std::mem::take(&mut self.events).into_iter().unzip();
        let column = |part: fn(&Object) -> Option<&str>| changed.iter().map(part).collect::<Vec<_>>();
        let ids = column(|o| Some(&o.id));
        let kinds = column(|o| Some(&o.kind));
        let customers = column(|o| o.text("customer"));
        let parents = column(Object::parent);
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
            .bind(kept.as_ref().map(|kept| &kept.body));
        query.execute(&mut *self.conn).await?;
        Ok(())
    }
}
