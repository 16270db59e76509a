//! Events: what happened, newest first.

use serde_json::Value;

use super::{page, paging};
use crate::{
    db::Tx,
    fault::{Fault, Outcome},
    params::Params,
};

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    let (one, many) = (p.text("type"), p.list("types"));
    p.finish()?;
    filter.types = match (one, many.is_empty()) {
        (Some(_), false) => {
            return Err(Fault::bad_param(
                "types",
                "You may only specify one of these: type, types.",
            ));
        }
        (Some(one), true) => Some(vec![one]),
        (None, false) => Some(many),
        (None, true) => None,
    };
    page(tx, "event", &filter).await
}
