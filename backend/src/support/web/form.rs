//! Beginning to support a project: one form, a check that repeats everything, then the provider's own page.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount;
use felag_domain::fee;
use felag_domain::person::{DisplayName, EmailAddress};
use felag_domain::pledge::{PledgeRefusal, Visibility, smallest};
use felag_domain::support::Period;
use felag_domain::words::{FieldRefusal, Refusal, Refusals};
use felag_frontend::acts::ActPage;
use felag_frontend::form::Refused;
use felag_frontend::support::{every, mandate, parts};
use felag_frontend::wizard::{Form, FormPage, Link};
use felag_frontend::{Here, Lang};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::pledges::web::{parse_tip, visibility_words};
use crate::projects::Say;
use crate::support::{self, About, Gift, NotBegun};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

const LANG: Lang = Lang::En;
/// What the check carries on to the last button.
const CARRIED: [&str; 7] = [
    "amount",
    "period",
    "email",
    "name",
    "visibility",
    "tip",
    "request_key",
];

/// 404 for projects nobody may support.
async fn find(ctx: &Ctx, slug: &str) -> Result<About, Error> {
    let about = About::by_slug(&ctx.db, slug).await?;
    about.filter(About::takes_support).ok_or(Error::NotFound)
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let about = find(&ctx, &slug).await?;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    page(&form_page(
        &ctx,
        &visitor,
        &about,
        with_defaults(&ctx, &visitor, fields),
        &[],
    ))
}

/// Back from the check: nothing is lost.
pub async fn again(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let about = find(&ctx, &slug).await?;
    let fields = with_defaults(&ctx, &posted.visitor, posted.fields);
    page(&form_page(&ctx, &posted.visitor, &about, fields, &[]))
}

fn with_defaults(ctx: &Ctx, visitor: &Visitor, mut fields: Fields) -> Fields {
    if fields.parse::<Uuid>("request_key").is_none() {
        fields.set("request_key", ctx.id::<Uuid>().to_string());
    }
    if fields.get("period").is_empty() {
        fields.set("period", Period::Monthly.to_string());
    }
    if fields.get("visibility").is_empty() {
        fields.set("visibility", Visibility::Named.to_string());
    }
    if !fields.has("name") {
        let known = visitor.person.as_ref().map_or("", |person| person.name.as_str());
        fields.set("name", known.to_string());
    }
    fields
}

fn form_page(
    ctx: &Ctx,
    visitor: &Visitor,
    about: &About,
    fields: Fields,
    refusals: &[FieldRefusal],
) -> FormPage {
    let mut frame = visitor.page(ctx, "", Here::Elsewhere);
    frame.title = frame.t1("support-title", "project", &about.name);
    let refused = Refused::new(LANG, refusals);
    let typed = |name: &str| fields.get(name).to_string();
    let parts = parts(
        LANG,
        about.currency,
        smallest(about.currency),
        visitor.person.is_some(),
        &typed,
        &refused,
    );
    let action = format!("/projects/{}/support/check", about.slug);
    let form = Form::new(&frame, action, parts, LANG.t("support-to-check"))
        .carrying("request_key", fields.get("request_key"));
    let lead = LANG.t("support-lead");
    FormPage::new(frame, lead, form, &refused)
        .back(Link::new(format!("/projects/{}", about.slug), &about.name))
}

/// Everything that was typed, checked.
fn read(about: &About, visitor: &Visitor, fields: &Fields) -> Result<Gift, Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let money = refusals.keep("amount", amount::parse(fields.get("amount"), about.currency));
    let tip = refusals.keep("tip", parse_tip(fields.get("tip"), about.currency));
    let period = fields.parse::<Period>("period").ok_or(Say("period-unknown"));
    let period = refusals.keep("period", period);
    let email = visitor
        .person
        .as_ref()
        .map_or(fields.get("email"), |person| person.email.as_str());
    let email = refusals.keep("email", EmailAddress::parse(email));
    let name = match fields.get("name").trim() {
        "" => Some(None),
        name => refusals.keep("name", DisplayName::parse(name)).map(Some),
    };
    if let (Some(money), Some(tip)) = (money, tip)
        && let Err(refused) = support::check(money, tip)
    {
        refusals.note(field_of(&refused), &refused);
    }
    let visibility = fields.parse("visibility").unwrap_or(Visibility::Anonymous);
    let request_key = fields.parse::<Uuid>("request_key");
    match (money, tip, period, email, name, request_key) {
        (Some(amount), Some(tip), Some(period), Some(email), Some(name), Some(request_key))
            if refusals.is_empty() =>
        {
            Ok(Gift {
                amount,
                tip,
                period,
                person: visitor.person.as_ref().map(|person| person.id),
                email,
                name,
                visibility,
                request_key,
                address: visitor.address.clone(),
            })
        }
        _ => Err(refusals.into_vec()),
    }
}

pub(super) fn field_of(refused: &PledgeRefusal) -> &'static str {
    refused.field().unwrap_or("amount")
}

fn refuse(ctx: &Ctx, posted: &Posted, about: &About, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let fields = with_defaults(ctx, &posted.visitor, posted.fields.clone());
    let shown = form_page(ctx, &posted.visitor, about, fields, refusals);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Repeats who, what, how much and when.
pub async fn check(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let about = find(&ctx, &slug).await?;
    let gift = match read(&about, &posted.visitor, &posted.fields) {
        Ok(gift) => gift,
        Err(refusals) => return refuse(&ctx, &posted, &about, &refusals),
    };
    let total = gift.amount.checked_add(gift.tip).map_err(anyhow::Error::from)?;
    let frame = posted
        .visitor
        .page(&ctx, LANG.t("support-check-title"), Here::Elsewhere);
    let send = LANG.t1("support-do", "total", LANG.money_short(total));
    let action = format!("/projects/{}/supports", about.slug);
    let mut form = Form::new(&frame, action, Vec::new(), send);
    for name in CARRIED {
        form = form.carrying(name, posted.fields.get(name));
    }
    let fact = |name, value: String| (LANG.t(name).to_string(), value);
    let facts = vec![
        (
            LANG.t1("give-to", "project", &about.name),
            LANG.money(gift.amount),
        ),
        fact("give-tip-line", LANG.money(gift.tip)),
        fact("support-check-each", every(LANG, gift.period, total)),
        fact("support-check-next", LANG.date(gift.period.due(ctx.now(), 1))),
        fact("support-check-gets", LANG.money(fee::net(gift.amount).net)),
        fact(
            "support-check-by",
            LANG.t1("check-by-means", "holder", about.holder()),
        ),
        fact("support-check-end", LANG.t("support-check-end-means").to_string()),
        fact("support-check-receipt", gift.email.to_string()),
        fact("support-check-seen", visibility_words(LANG, gift.visibility)),
        fact(
            "support-check-mandate",
            mandate(LANG, gift.period, total, &about.name),
        ),
    ];
    page(&ActPage {
        page: frame,
        back: Link::new(format!("/projects/{}/support", about.slug), &about.name),
        lead: LANG.t("support-check-lead").to_string(),
        facts,
        words: None,
        form,
    })
}

/// The last button: the support is written down, and the person goes on to the provider's page.
pub async fn create(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let about = find(&ctx, &slug).await?;
    let gift = match read(&about, &posted.visitor, &posted.fields) {
        Ok(gift) => gift,
        Err(refusals) => return refuse(&ctx, &posted, &about, &refusals),
    };
    let token = match support::begin(&ctx, &about, &gift).await {
        Ok(token) => token,
        Err(NotBegun::Other(error)) => return Err(error),
        Err(NotBegun::Refused(refused)) => {
            let refusal = FieldRefusal {
                field: field_of(&refused),
                words: refused.words(),
            };
            return refuse(&ctx, &posted, &about, &[refusal]);
        }
    };
    match support::checkout(&ctx, &token).await {
        Ok(url) => Ok(see_other(&url)),
        // The draft stands; its page says how to go on.
        Err(Error::ProviderAway | Error::Gone) => Ok(see_other(&format!("/supports/{token}"))),
        Err(error) => Err(error),
    }
}
