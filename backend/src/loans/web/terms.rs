//! The step of a draft that asks for a loan.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::lending::policy::Policy;
use felag_domain::words::FieldRefusal;
use felag_frontend::Here;
use felag_frontend::form::{Control, Refused, Tick};
use felag_frontend::format::{currency_sign, typed};
use felag_frontend::wizard::{Form, FormPage, Link, Part, Second, area, back_to_tasks, select, text};

use super::shown;
use crate::campaigns::access;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::{Loan, asking, store};
use crate::people::{Posted, Visitor};
use crate::projects::{self, NotSaved};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    if !campaign.state.is_editable() {
        return Ok(see_other(&format!("/campaigns/{slug}/edit")));
    }
    let loan = store::find(&ctx.db, campaign.id).await?;
    let fields = stored(loan.as_ref());
    let asked = asked(&ctx, &campaign, loan.is_some()).await?;
    page(&terms_page(&ctx, &visitor, &campaign, asked, &fields, &[]))
}

/// What the form depends on.
struct Asked {
    policy: Policy,
    /// The draft asks for a loan already.
    is_there: bool,
    /// Where to name a legal holder, while there is none.
    holder_page: Option<String>,
}

async fn asked(ctx: &Ctx, campaign: &Campaign, is_there: bool) -> Result<Asked, Error> {
    let mut conn = ctx.db.acquire().await?;
    let project = projects::store::find(&mut *conn, campaign.project_id).await?;
    let without = project.filter(|project| project.holder.is_none());
    Ok(Asked {
        policy: asking::policy_of(ctx, &mut conn, campaign).await?,
        is_there,
        holder_page: without.map(|project| format!("/projects/{}/holder", project.slug)),
    })
}

pub async fn save(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (campaign, _) = access::of_editor(&ctx, &visitor, &slug).await?;
    match asking::save(&ctx, campaign.id, &fields).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/loan"))),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let there = store::find(&ctx.db, campaign.id).await?.is_some();
            let asked = asked(&ctx, &campaign, there).await?;
            let shown = terms_page(&ctx, &visitor, &campaign, asked, &fields, &refusals);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

pub async fn remove(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (campaign, _) = access::of_editor(&ctx, &posted.visitor, &slug).await?;
    match asking::remove(&ctx, campaign.id).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/edit"))),
        Err(refused) => Err(super::lend::in_words(refused)),
    }
}

fn stored(loan: Option<&Loan>) -> Fields {
    let Some(loan) = loan else {
        return Fields::from([
            ("version", "0".to_string()),
            ("kind", "equal_instalments".into()),
            ("period", "monthly".into()),
            ("grace_kind", "none".into()),
        ]);
    };
    let mut fields = Fields::from([
        ("amount", typed(&loan.amount)),
        ("least", typed(&loan.least)),
        ("rate", asking::percent(loan.rate_bp)),
        ("instalments", loan.instalments.to_string()),
        ("period", loan.period.clone()),
        ("kind", loan.kind.clone()),
        ("grace_kind", loan.grace_kind.clone()),
        ("grace", loan.grace.to_string()),
        ("purpose", loan.purpose.clone()),
        ("security", loan.security.clone()),
        ("figures", loan.figures.clone()),
        ("risks", loan.risks.clone()),
        ("network_first", loan.network_first_lenders.to_string()),
        ("version", loan.version.to_string()),
    ]);
    if loan.counts_to_minimum {
        fields.set("counts", "yes");
    }
    fields
}

fn parts(policy: &Policy, campaign: &Campaign, fields: &Fields, refused: &Refused) -> Vec<Part> {
    let lang = felag_frontend::Lang::En;
    let was = |name: &str| fields.get(name).to_string();
    let sign = currency_sign(&campaign.full_plan);
    let money = |name: &'static str, label: &'static str, hint: &'static str| {
        Part::Field(
            text(name, lang.t(label), &was, refused)
                .typed_in(Control::Money(sign.clone()))
                .hint(lang.t(hint)),
        )
    };
    let choice = |name: &'static str, label: &'static str, options: Vec<(String, String)>| {
        Part::Select(select(name, lang.t(label), options, &was, refused))
    };
    let named = |names: &[&'static str], word: fn(felag_frontend::Lang, &str) -> &'static str| {
        names
            .iter()
            .map(|name| ((*name).to_string(), word(lang, name).to_string()))
            .collect::<Vec<_>>()
    };
    let number = |name: &'static str, label: &'static str, hint: &'static str| {
        Part::Field(
            text(name, lang.t(label), &was, refused)
                .typed_in(Control::Number)
                .hint(lang.t(hint)),
        )
    };
    let words = |name: &'static str, label: &'static str, hint: &'static str| {
        Part::Field(area(name, lang.t(label), 6, &was, refused).hint(lang.t(hint)))
    };
    let most = asking::percent(policy.rate_max_bp);
    vec![
        money("amount", "loan-amount", "loan-amount-hint"),
        money("least", "loan-least", "loan-least-hint"),
        Part::Field(text("rate", lang.t("loan-rate"), &was, refused).hint(lang.t1(
            "loan-rate-hint",
            "most",
            most,
        ))),
        number("instalments", "loan-instalments", "loan-instalments-hint"),
        choice("period", "loan-period", named(&asking::PERIODS, shown::period)),
        choice("kind", "loan-kind", named(&asking::KINDS, shown::kind)),
        choice("grace_kind", "loan-grace", named(&asking::GRACES, shown::grace)),
        number("grace", "loan-grace-count", "loan-grace-hint"),
        words("purpose", "loan-purpose", "loan-purpose-hint"),
        words("security", "loan-security", "loan-security-hint"),
        words("figures", "loan-figures", "loan-figures-hint"),
        words("risks", "loan-risks", "loan-risks-hint"),
        number("network_first", "loan-network-first", "loan-network-first-hint"),
        Part::Tick(Tick {
            name: "counts",
            label: lang.t("loan-counts-tick").to_string(),
            hint: Some(lang.t("loan-counts-hint").to_string()),
            error: refused.of("counts"),
            ticked: fields.is_ticked("counts"),
        }),
    ]
}

fn terms_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: &Campaign,
    asked: Asked,
    fields: &Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut page = visitor.page(ctx, "", Here::Projects);
    let lang = page.lang;
    page.title = lang.t("step-loan").to_string();
    let refused = Refused::new(lang, refusals);
    let action = format!("/campaigns/{}/loan/terms", campaign.slug);
    let form = Form::new(
        &page,
        action,
        parts(&asked.policy, campaign, fields, &refused),
        lang.t("wizard-save"),
    )
    .carrying("version", fields.get("version"));
    let second = asked.is_there.then(|| Second {
        title: lang.t("loan-removal").to_string(),
        lead: lang.t("loan-removal-lead").to_string(),
        form: Form::new(
            &page,
            format!("/campaigns/{}/loan/removal", campaign.slug),
            Vec::new(),
            lang.t("loan-removal"),
        ),
    });
    let lead = match asked.holder_page {
        Some(_) => format!("{} {}", lang.t("step-loan-lead"), lang.t("loan-holder-missing")),
        None => lang.t("step-loan-lead").to_string(),
    };
    let mut shown = FormPage::new(page, lead, form, &refused);
    if let Some(address) = asked.holder_page {
        shown = shown.link(Link::new(address, lang.t("loan-holder-link")));
    }
    shown = shown
        .link(Link::new("/loans/quote", lang.t("quote-link")))
        .back(back_to_tasks(lang, &campaign.slug));
    shown.second = second;
    shown
}
