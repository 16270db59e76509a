//! Backers' banks ask for money back, decide, and change their minds; the project answers, or does not.

use felag::disputes::{self, NotAnswered, Speaker};
use felag_domain::dispute::Evidence;
use felag_domain::ids::{BookId, CampaignId};
use futures::FutureExt;
use serde_json::json;

use super::{Action, Phase, nothing};
use crate::sim::process::mortal;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "a bank asks for money back",
        weight: 3,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| open(sim).boxed_local(),
    },
    Action {
        name: "a bank decides",
        weight: 4,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| decides(sim).boxed_local(),
    },
    Action {
        name: "a project answers a bank",
        weight: 3,
        phase: Phase::Collecting,
        always: false,
        trouble: None,
        run: |sim| answer(sim).boxed_local(),
    },
];

async fn open(sim: &mut Sim) -> anyhow::Result<String> {
    // What projects' own accounts received is a charge, too, and none of a backer's.
    let sql = "select id from sandbox.object
               where kind = 'charge' and account is null and data->>'status' = 'succeeded' order by seq";
    let charges: Vec<String> = sqlx::query_scalar(sql).fetch_all(&sim.world.owner).await?;
    let Some(place) = (!charges.is_empty()).then(|| sim.dice.below(charges.len())) else {
        return nothing();
    };
    let inquiry = sim.dice.percent(25);
    let wish = json!({ "charge": charges[place], "reason": "fraudulent", "inquiry": inquiry });
    let status = sim.try_control("disputes", &wish).await?;
    Ok(format!(
        "charge {place} of {}, inquiry {inquiry}: {status}",
        charges.len()
    ))
}

async fn decides(sim: &mut Sim) -> anyhow::Result<String> {
    let sql = "select id from sandbox.object where kind = 'dispute' order by seq";
    let open: Vec<String> = sqlx::query_scalar(sql).fetch_all(&sim.world.owner).await?;
    let Some(place) = (!open.is_empty()).then(|| sim.dice.below(open.len())) else {
        return nothing();
    };
    let what = *sim.dice.pick(&["win", "lose", "escalate"]);
    let status = sim
        .try_control(&format!("disputes/{}", open[place]), &json!({ "do": what }))
        .await?;
    Ok(format!("{what} dispute {place} of {}: {status}", open.len()))
}

async fn answer(sim: &mut Sim) -> anyhow::Result<String> {
    let campaign = sim.dice.below(sim.model.campaigns.len());
    let (ctx, of) = (sim.processes[0].ctx.clone(), &sim.model.campaigns[campaign]);
    let id = CampaignId::from_uuid(of.id);
    let all = disputes::of_book(&ctx.db, BookId::of_campaign(id)).await?;
    let (Some(person), Some(dispute)) = (sim.model.owner, sim.dice.maybe(&all)) else {
        return nothing();
    };
    let by = Speaker {
        person,
        project: of.project,
        campaign: id,
    };
    let texts = ["winning_evidence", "losing_evidence", "We sent it in May.", ""];
    let evidence = Evidence {
        product: "A printed manual.".into(),
        communication: String::new(),
        other: (*sim.dice.pick(&texts)).into(),
    };
    let gives_up = sim.dice.percent(20);
    let said = if gives_up {
        mortal(disputes::accept(&ctx, dispute, by), None).await
    } else {
        mortal(disputes::send_evidence(&ctx, dispute, by, &evidence), None).await
    };
    let said = match said {
        None => "the process died",
        Some(Ok(())) => "said",
        Some(Err(NotAnswered::TooLate)) => "too late",
        Some(Err(NotAnswered::Failed(cause))) => return Err(cause),
    };
    Ok(format!("campaign {campaign}, gives up {gives_up}: {said}"))
}
