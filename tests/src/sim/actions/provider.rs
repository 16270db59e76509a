//! The provider fails in every way it can be made to, and its news travels badly. Somebody forges news.

use futures::FutureExt;
use serde_json::json;

use super::{Action, Phase};
use crate::sim::plan::Trouble;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "the provider will fail",
        weight: 14,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Faults),
        run: |sim| fault(sim).boxed_local(),
    },
    Action {
        name: "news travels otherwise",
        weight: 5,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Webhooks),
        run: |sim| travel(sim).boxed_local(),
    },
    Action {
        name: "all news comes at once",
        weight: 4,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Webhooks),
        run: |sim| flush(sim).boxed_local(),
    },
    Action {
        name: "news is forged",
        weight: 2,
        phase: Phase::Any,
        always: false,
        trouble: None,
        run: |sim| forge(sim).boxed_local(),
    },
];

/// Calls that may fail.
const CALLS: &[&str] = &[
    "POST /v1/checkout/sessions",
    "POST /v1/checkout/sessions/*/expire",
    "POST /v1/payment_intents",
    "POST /v1/payment_intents/*/confirm",
    "POST /v1/payment_intents/*/cancel",
    "POST /v1/payment_methods/*/detach",
    "POST /v1/refunds",
    "GET /v1/payment_intents/*",
    "GET /v1/payment_intents",
    "GET /v1/checkout/sessions/*",
];

/// What goes wrong, and how often. A time-out is waited for in real time, so it is rare.
const EFFECTS: &[(&str, u32)] = &[
    ("timeout_after", 1),
    ("error_500_after", 8),
    ("error_500_stored", 10),
    ("rate_limit", 4),
    ("conflict", 4),
    ("reset_before", 6),
];

async fn fault(sim: &mut Sim) -> anyhow::Result<String> {
    let (call, effect) = (*sim.dice.pick(CALLS), *sim.dice.weighted(EFFECTS));
    let times = if effect == "timeout_after" {
        1
    } else {
        sim.dice.between(1, 6)
    };
    sim.control(
        "faults",
        &json!({ "match": call, "effect": effect, "times": times }),
    )
    .await?;
    sim.rare.saw(match effect {
        "timeout_after" => "a fault: done, and the answer never came",
        "error_500_after" => "a fault: done, and answered with 500",
        "error_500_stored" => "a fault: done, and 500 stays under the key",
        "rate_limit" => "a fault: too many requests",
        "conflict" => "a fault: the key is in use",
        _ => "a fault: the connection was cut",
    });
    Ok(format!("{effect} for {call}, {times} times"))
}

async fn travel(sim: &mut Sim) -> anyhow::Result<String> {
    let mode = *sim.dice.pick(&["normal", "drop", "hold", "duplicate", "shuffle"]);
    sim.control("webhooks", &json!({ "mode": mode })).await?;
    sim.rare.saw(match mode {
        "normal" => "news: as it should come",
        "drop" => "news: lost for ever",
        "hold" => "news: held back",
        "duplicate" => "news: twice",
        _ => "news: in disorder",
    });
    Ok(mode.to_string())
}

async fn flush(sim: &mut Sim) -> anyhow::Result<String> {
    let said = sim.control("webhooks/flush", &json!({})).await?;
    sim.bury().await?;
    Ok(said.to_string())
}

/// A payment that never was, told by somebody who does not know the secret.
async fn forge(sim: &mut Sim) -> anyhow::Result<String> {
    sim.model.forged += 1;
    let url = format!("{}/webhooks/provider", sim.world.base);
    let event = json!({
        "id": format!("evt_forged_{}", sim.model.forged), "object": "event", "type": "payment_intent.succeeded",
        "created": 1, "livemode": false, "data": { "object": { "id": "pi_forged", "object": "payment_intent" } },
    });
    let at = felag::clock::wall().unix_timestamp();
    let request = sim
        .http
        .post(url)
        .header("stripe-signature", format!("t={at},v1={}", "0".repeat(64)))
        .body(event.to_string());
    let status = request
        .send()
        .await
        .map(|reply| reply.status().as_u16())
        .unwrap_or(0);
    anyhow::ensure!(status != 200, "forged news was taken");
    Ok(status.to_string())
}
