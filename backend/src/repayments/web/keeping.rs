//! Whether what comes back is kept or sent on: the choice, and what it means.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use felag_domain::money::{Currency, Money};
use felag_frontend::wizard::{Form, Second};
use felag_frontend::{Lang, Page};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::ProvenPosted;
use crate::projects::NotSaved;
use crate::repayments::keeping;
use crate::repayments::lender_store::Share;
use crate::web::see_other;

/// The form, for somebody with a loan whose rules offer it. Nobody else hears of it.
pub(super) fn section(page: &Page, shares: &[Share]) -> Option<Second> {
    let mut held = shares.iter().filter(|share| share.may_keep).peekable();
    held.peek()?;
    let lang = page.lang;
    let keeps = shares.iter().any(|share| share.is_kept);
    let (now, send, to) = match keeps {
        true => ("lender-keep-on", "lender-keep-stop", "no"),
        false => ("lender-keep-off", "lender-keep-start", "yes"),
    };
    let mut words = vec![lang.t(now).to_string()];
    words.extend(amounts(lang, shares));
    words.push(lang.t("lender-keep-means").to_string());
    let form = Form::new(page, "/my/loans/keeping", Vec::new(), lang.t(send));
    Some(Second {
        title: lang.t("lender-keep").to_string(),
        lead: words.join(" "),
        form: form.carrying("keep", to),
    })
}

/// What is kept, currency by currency.
fn amounts(lang: Lang, shares: &[Share]) -> Vec<String> {
    let mut kept: BTreeMap<Currency, i64> = BTreeMap::new();
    for share in shares.iter().filter(|share| share.kept.is_positive()) {
        *kept.entry(share.kept.currency()).or_default() += share.kept.minor();
    }
    let each = kept.into_iter();
    each.map(|(currency, minor)| lang.t1("lender-keep-amount", "amount", Money::from_minor(minor, currency)))
        .collect()
}

/// Changes it.
pub(super) async fn choose(State(ctx): State<Ctx>, posted: ProvenPosted) -> Result<Response, Error> {
    let keeps = posted.fields.get("keep") == "yes";
    match keeping::choose(&ctx, &posted.person, keeps).await {
        Ok(()) => Ok(see_other("/my/loans")),
        Err(refused) => Err(in_words(refused)),
    }
}

/// A refusal where there is no form to show again.
pub(super) fn in_words(refused: NotSaved) -> Error {
    match refused {
        NotSaved::Failed(error) => error,
        NotSaved::Refused(refusals) => {
            let words = refusals.iter().map(|refusal| Lang::En.words(&refusal.words));
            Error::Refused(words.collect::<Vec<_>>().join(" "))
        }
    }
}
