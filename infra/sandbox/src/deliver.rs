//! Webhooks on their way: signed, tried again on the sandbox's clock, given up after three days.

use std::collections::HashMap;

use futures::{StreamExt, stream};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use sqlx::{FromRow, PgPool};

use crate::{app::App, ids, plan::draw, wall};

/// Deliveries under way at the same time.
const PARALLEL: usize = 8;
const BATCH: i64 = 200;
const THREE_DAYS: i64 = 3 * 86_400;
/// Seconds until the next attempt, by how many there were; the last repeats.
const WAITS: [i64; 7] = [60, 300, 1_800, 7_200, 18_000, 36_000, 43_200];

/// How webhooks travel, as a test sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Mode {
    Normal,
    /// Lost on the way: never delivered.
    Drop,
    /// Kept back until flushed or released.
    Hold,
    /// Each delivered twice.
    Duplicate,
    /// In random order.
    Shuffle,
    /// Some of each, as a seed has it.
    Chaos(Chaos),
}

/// The chance of each misfortune, in thousandths. One delivery meets at most one of them; all are in an order
/// that the seed makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Chaos {
    seed: u64,
    drop: u64,
    duplicate: u64,
    late: u64,
    /// How late, on the sandbox's clock.
    late_seconds: i64,
}

impl Default for Chaos {
    fn default() -> Self {
        Self {
            seed: 0,
            drop: 0,
            duplicate: 0,
            late: 0,
            late_seconds: 86_400,
        }
    }
}

/// What becomes of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Luck {
    Once,
    Twice,
    Lost,
    Late,
}

impl Chaos {
    fn luck(self, delivery: &Delivery) -> Luck {
        if delivery.attempts > 0 || delivery.note.as_deref() == Some(LATE) {
            return Luck::Once;
        }
        match draw(self.seed, delivery.id.unsigned_abs()) % 1000 {
            drawn if drawn < self.drop => Luck::Lost,
            drawn if drawn < self.drop + self.late => Luck::Late,
            drawn if drawn < self.drop + self.late + self.duplicate => Luck::Twice,
            _ => Luck::Once,
        }
    }
}

/// The note of a delivery that was put off on purpose, once.
const LATE: &str = "late";

#[derive(Debug, Clone, FromRow)]
struct Delivery {
    id: i64,
    event: String,
    endpoint: String,
    created: i64,
    attempts: i32,
    note: Option<String>,
}

/// Everything needed to send.
struct Letter {
    delivery: Delivery,
    url: String,
    secret: String,
    body: String,
}

/// Sends up to a batch of what is due by `now`, or whatever waits if there is no `now`. Returns how many it
/// took.
pub(crate) async fn batch(app: &App, mode: Mode, now: Option<i64>) -> anyhow::Result<usize> {
    let goal = if mode == Mode::Drop { "dropped" } else { "sending" };
    let sql = "update sandbox.delivery set state = $1 where id in (
            select id from sandbox.delivery where state = 'pending' and ($2::bigint is null or due <= $2)
            order by due, id limit $3 for update skip locked)
        returning id, event, endpoint, created, attempts, note";
    let mut taken: Vec<Delivery> = sqlx::query_as(sql)
        .bind(goal)
        .bind(now)
        .bind(BATCH)
        .fetch_all(&app.pool)
        .await?;
    if mode == Mode::Drop || taken.is_empty() {
        return Ok(taken.len());
    }
    taken.sort_by_key(|delivery| delivery.id);
    if mode == Mode::Shuffle {
        let mut shuffled: Vec<_> = taken
            .drain(..)
            .map(|delivery| (ids::random_word(), delivery))
            .collect();
        shuffled.sort_by(|one, other| one.0.cmp(&other.0));
        taken.extend(shuffled.into_iter().map(|(_, delivery)| delivery));
    }
    let count = taken.len();
    if let Mode::Chaos(chaos) = mode {
        taken.sort_by_key(|delivery| draw(chaos.seed ^ 1, delivery.id.unsigned_abs()));
        taken = cast_out(app, chaos, taken).await?;
    }
    let letters = write_letters(&app.pool, taken).await?;
    let results: Vec<(Delivery, Result<(), String>)> = stream::iter(letters)
        .map(|letter| {
            let twice = match mode {
                Mode::Duplicate => true,
                Mode::Chaos(chaos) => chaos.luck(&letter.delivery) == Luck::Twice,
                _ => false,
            };
            send(app, letter, twice)
        })
        .buffered(PARALLEL)
        .collect()
        .await;
    record(app, results).await?;
    Ok(count)
}

/// Loses and puts off what the seed wants lost or late. Returns what is left to send.
async fn cast_out(app: &App, chaos: Chaos, taken: Vec<Delivery>) -> anyhow::Result<Vec<Delivery>> {
    let of = |wanted: Luck| -> Vec<i64> {
        let unlucky = taken.iter().filter(|delivery| chaos.luck(delivery) == wanted);
        unlucky.map(|delivery| delivery.id).collect()
    };
    sqlx::query("update sandbox.delivery set state = 'dropped' where id = any($1)")
        .bind(of(Luck::Lost))
        .execute(&app.pool)
        .await?;
    let sql = "update sandbox.delivery set state = 'pending', due = $2, note = $3 where id = any($1)";
    sqlx::query(sql)
        .bind(of(Luck::Late))
        .bind(app.now() + chaos.late_seconds)
        .bind(LATE)
        .execute(&app.pool)
        .await?;
    let stays = |delivery: &Delivery| matches!(chaos.luck(delivery), Luck::Once | Luck::Twice);
    Ok(taken.into_iter().filter(stays).collect())
}

/// Looks up the event and the endpoint of each; what belongs to a deleted endpoint gets an empty address.
async fn write_letters(pool: &PgPool, taken: Vec<Delivery>) -> anyhow::Result<Vec<Letter>> {
    let mut wanted: Vec<&str> = taken
        .iter()
        .flat_map(|d| [d.event.as_str(), d.endpoint.as_str()])
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let sql = "select o.id, o.data, o.hidden,
            (select count(*) from sandbox.delivery d
                where d.event = o.id and d.state in ('pending', 'sending'))
        from sandbox.object o where o.id = any($1)";
    let rows: Vec<(String, Value, Value, i64)> = sqlx::query_as(sql).bind(wanted).fetch_all(pool).await?;
    let known: HashMap<String, (Value, Value, i64)> = rows
        .into_iter()
        .map(|(id, data, hidden, pending)| (id, (data, hidden, pending)))
        .collect();
    let letter = |delivery: Delivery| {
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let (url, secret) = known
            .get(&delivery.endpoint)
            .map(|(data, hidden, _)| (text(&data["url"]), text(&hidden["secret"])))
            .unwrap_or_default();
        let body = known.get(&delivery.event).map(|(data, _, pending)| {
            let mut data = data.clone();
            data["pending_webhooks"] = (*pending).into();
            data.to_string()
        });
        Letter {
            url,
            secret,
            body: body.unwrap_or_default(),
            delivery,
        }
    };
    Ok(taken.into_iter().map(letter).collect())
}

async fn send(app: &App, letter: Letter, twice: bool) -> (Delivery, Result<(), String>) {
    let mut result = post(app, &letter).await;
    if twice && result.is_ok() {
        result = post(app, &letter).await;
    }
    (letter.delivery, result)
}

async fn post(app: &App, letter: &Letter) -> Result<(), String> {
    if letter.url.is_empty() {
        return Err("the endpoint was deleted".into());
    }
    let signature = sign(&letter.secret, wall::unix_seconds(), &letter.body);
    let request = app
        .client
        .post(&letter.url)
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature)
        .header("user-agent", "Felag-Sandbox/1.0")
        .body(letter.body.clone());
    match request.send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("answered {}", answer.status().as_u16())),
        Err(error) => Err(error.to_string()),
    }
}

/// The header's value: `t` in unix seconds, and the HMAC-SHA256 of `t.body` in hex.
fn sign(secret: &str, at: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

async fn record(app: &App, results: Vec<(Delivery, Result<(), String>)>) -> anyhow::Result<()> {
    let now = app.now();
    let (mut ids, mut states, mut dues, mut notes) = (vec![], vec![], vec![], vec![]);
    for (delivery, result) in results {
        let done = usize::try_from(delivery.attempts)?;
        let next = now + WAITS[done.min(WAITS.len() - 1)];
        let state = match &result {
            Ok(()) => "done",
            Err(_) if next > delivery.created + THREE_DAYS => "given_up",
            Err(_) => "pending",
        };
        if let Err(note) = &result {
            tracing::debug!(event = delivery.event, note, "a webhook was not taken");
        }
        ids.push(delivery.id);
        states.push(state);
        dues.push(next);
        notes.push(result.err());
    }
    let sql = "update sandbox.delivery d set state = r.state, due = r.due, note = r.note,
            attempts = d.attempts + 1
        from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) r (id, state, due, note)
        where d.id = r.id";
    sqlx::query(sql)
        .bind(ids)
        .bind(states)
        .bind(dues)
        .bind(notes)
        .execute(&app.pool)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_openssl_makes() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let expected = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        assert_eq!(
            sign("whsec_test", 1_700_000_000, r#"{"id":"evt_1"}"#),
            format!("t=1700000000,v1={expected}")
        );
    }
}
