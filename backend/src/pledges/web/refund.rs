//! Giving a backer's money back: the payment and what went back of it, a step that repeats what is about to happen,
//! and the act.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::amount::{self, AmountError};
use felag_domain::ids::PledgeId;
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::Visibility;
use felag_domain::refund::{RefundRefusal, RefundWhy, Wish};
use felag_domain::text;
use felag_domain::words::{FieldRefusal, Refusal, Refusals};
use felag_frontend::acts::ActPage;
use felag_frontend::form::Refused;
use felag_frontend::refunds::{RefundPage, RefundRow, refund_form};
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Notice, Page, Tone};
use serde::Deserialize;
use uuid::Uuid;

use crate::campaigns::access::{self, MoneyRole};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::payment::{self, Payment};
use crate::people::Visitor;
use crate::people::second_factor::{Proven, ProvenPosted};
use crate::pledges::Request;
use crate::pledges::{self, Ask, Pledge, store};
use crate::refunds::{self, NotAsked, Refund};
use crate::web::fields::Fields;
use crate::web::{page, page_with, see_other};

/// The shortest and longest reason, in characters.
const WORDS: (usize, usize) = (5, 500);

/// What was just done.
#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<i64>,
}

/// Everything a page about one payment needs.
struct Found {
    ask: Ask,
    role: MoneyRole,
    pledge: Pledge,
    payment: Payment,
    history: Vec<Refund>,
}

/// 404 for pledges of other campaigns, and for those that were never paid.
async fn find(ctx: &Ctx, visitor: &Visitor, slug: &str, id: PledgeId) -> Result<Found, Error> {
    let (campaign, role) = access::of_money(ctx, visitor, slug).await?;
    let pledge = store::by_id(&ctx.db, campaign.id, id).await?;
    let pledge = pledge.ok_or(Error::NotFound)?;
    let mut conn = ctx.db.acquire().await?;
    let payment = payment::last_of(&mut conn, pledge.subject()).await?;
    drop(conn);
    Ok(Found {
        ask: Ask::of(&ctx.db, campaign.id).await?,
        role,
        payment: payment.ok_or(Error::NotFound)?,
        history: refunds::of_subject(&ctx.db, pledge.subject()).await?,
        pledge,
    })
}

impl Found {
    fn address(&self) -> String {
        format!("/campaigns/{}/backers/{}/refund", self.ask.slug, self.pledge.id)
    }

    /// The name, if the backer gave one and shows it to the project.
    fn who(&self) -> Option<String> {
        let is_shown = self.pledge.visibility != Visibility::Anonymous && !self.pledge.name.is_empty();
        is_shown.then(|| self.pledge.name.clone())
    }

    fn left(&self) -> (Money, Money) {
        let paid = self.payment.paid();
        (paid.gift_left(), paid.tip_left())
    }
}

pub async fn show(
    State(ctx): State<Ctx>,
    proven: Proven,
    Path((slug, id)): Path<(String, PledgeId)>,
    Query(query): Query<Done>,
) -> Result<Response, Error> {
    let found = find(&ctx, &proven.visitor, &slug, id).await?;
    let fields = Fields::from([("key", ctx.id::<Uuid>().to_string())]);
    let mut shown = refund_page(&ctx, &proven.visitor, &found, &fields, &[]);
    if let Some(minor) = query.done {
        let amount = Money::from_minor(minor, found.ask.currency);
        let is_true = found
            .history
            .iter()
            .any(|refund| refund.total().is_ok_and(|total| total == amount));
        let text = shown.page.t1("refund-done", "amount", amount);
        shown.page.notice = is_true.then_some(Notice {
            tone: Tone::Done,
            text,
        });
    }
    page(&shown)
}

fn refund_page(
    ctx: &Ctx,
    visitor: &Visitor,
    found: &Found,
    typed: &Fields,
    refusals: &[FieldRefusal],
) -> RefundPage {
    let mut frame = visitor.page(ctx, "", Here::Projects);
    frame.title = frame.t("refund-title").to_string();
    let refused = Refused::new(frame.lang, refusals);
    let (gift_left, tip_left) = found.left();
    let cannot = found
        .payment
        .paid()
        .give_back(Wish::Whole)
        .err()
        .map(|refusal| frame.lang.words(&refusal.words()));
    let form = cannot.is_none().then(|| form(&frame, found, typed, &refused));
    if let Some(form) = &form {
        frame.errors = form.errors(&refused);
    }
    RefundPage {
        slug: found.ask.slug.clone(),
        campaign: found.ask.title.clone(),
        who: found.who(),
        gift: found.payment.amount,
        tip: found.payment.tip,
        gift_left,
        tip_left,
        charged_at: found.payment.paid_at,
        zone: found.ask.time_zone.clone(),
        history: found.history.iter().map(row).collect(),
        cannot,
        form,
        page: frame,
    }
}

/// A refund as pages list it.
pub fn row(refund: &Refund) -> RefundRow {
    RefundRow {
        at: refund.settled_at.unwrap_or(refund.created_at),
        amount: refund.total().unwrap_or(refund.amount),
        state: refund.state,
        why: refund.why,
        words: refund.words.clone(),
    }
}

fn form(frame: &Page, found: &Found, typed: &Fields, refused: &Refused) -> Form {
    let (gift, tip) = found.left();
    let whole = gift.checked_add(tip).unwrap_or(gift);
    let was = |name: &str| typed.get(name).to_string();
    let parts = refund_form(frame.lang, gift, whole, &was, refused);
    let check = format!("{}/check", found.address());
    Form::new(frame, check, parts, frame.t("refund-check")).carrying("key", typed.get("key"))
}

/// What was typed, checked: how much, why, and the form's own key.
struct Typed {
    wish: Wish,
    words: String,
    key: Uuid,
}

fn read(found: &Found, fields: &Fields) -> Result<Typed, Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let wish = refusals.keep("amount", wish(fields, found.ask.currency));
    let words = refusals.keep("words", text::block(fields.get("words"), WORDS.0, WORDS.1));
    if let Some(wish) = wish
        && let Err(refusal) = refunds::possible(&found.payment, wish)
    {
        refusals.note(field_of(wish), &refusal);
    }
    let key = fields.parse::<Uuid>("key");
    match (wish, words, key) {
        (Some(wish), Some(words), Some(key)) if refusals.is_empty() => Ok(Typed { wish, words, key }),
        _ => Err(refusals.into_vec()),
    }
}

fn field_of(wish: Wish) -> &'static str {
    match wish {
        Wish::Whole => "how",
        Wish::Part(_) | Wish::Rest => "amount",
    }
}

/// Repeats who, what, how much and when.
pub async fn check(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, PledgeId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let found = find(&ctx, &posted.visitor, &slug, id).await?;
    let typed = match read(&found, &posted.fields) {
        Ok(typed) => typed,
        Err(refusals) => {
            note_refused(&ctx, &posted, &found).await?;
            let refused = refund_page(&ctx, &posted.visitor, &found, &posted.fields, &refusals);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &refused);
        }
    };
    let back = refunds::possible(&found.payment, typed.wish);
    let back = back.map_err(|cause| Error::Internal(cause.into()))?;
    let total = back.gift.checked_add(back.tip).map_err(anyhow::Error::from)?;
    let mut frame = posted.visitor.page(&ctx, "", Here::Projects);
    frame.title = frame.t1("refund-check-title", "amount", total);
    let send = frame.t1("refund-do", "amount", total);
    let form = Form::new(&frame, found.address(), Vec::new(), send)
        .carrying("how", posted.fields.get("how"))
        .carrying("amount", posted.fields.get("amount"))
        .carrying("words", &typed.words)
        .carrying("key", typed.key);
    let paid = found.payment.amount.checked_add(found.payment.tip);
    let paid = paid.map_err(anyhow::Error::from)?;
    let who = found
        .who()
        .unwrap_or_else(|| frame.t("backers-no-name").to_string());
    let fact = |name, value| (frame.t(name).to_string(), value);
    let facts = vec![
        fact("refund-check-backer", who),
        fact("refund-check-campaign", found.ask.title.clone()),
        fact("refund-check-amount", frame.money(total)),
        fact("refund-check-of", frame.money(paid)),
        fact("refund-check-when", frame.t("refund-check-now").to_string()),
    ];
    page(&ActPage {
        back: Link::new(found.address(), frame.t("refund-back")),
        lead: frame.t("refund-check-lead").to_string(),
        facts,
        words: Some(typed.words),
        form,
        page: frame,
    })
}

/// More than there is was asked for: that is noted, though nothing would have come of it.
async fn note_refused(ctx: &Ctx, posted: &ProvenPosted, found: &Found) -> Result<(), Error> {
    let Ok(wish) = wish(&posted.fields, found.ask.currency) else {
        return Ok(());
    };
    let Err(refusal) = refunds::possible(&found.payment, wish) else {
        return Ok(());
    };
    let request = Request {
        wish,
        why: why(found.role),
        by: posted.person.id,
        words: posted.fields.get("words"),
        key: Uuid::nil(),
    };
    pledges::note_refused(ctx, &found.ask, &found.pledge, &request, &refusal.to_string()).await?;
    Ok(())
}

fn wish(fields: &Fields, currency: Currency) -> Result<Wish, AmountError> {
    match fields.get("how") {
        "part" => amount::parse(fields.get("amount"), currency).map(Wish::Part),
        _ => Ok(Wish::Whole),
    }
}

fn why(role: MoneyRole) -> RefundWhy {
    match role {
        MoneyRole::Project => RefundWhy::Project,
        MoneyRole::Steward => RefundWhy::Steward,
    }
}

/// Does it. The same form sent twice gives back once.
pub async fn give_back(
    State(ctx): State<Ctx>,
    Path((slug, id)): Path<(String, PledgeId)>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let found = find(&ctx, &posted.visitor, &slug, id).await?;
    let fields = &posted.fields;
    let Some(key) = fields.parse::<Uuid>("key") else {
        return Err(Error::BadRequest);
    };
    let wish = wish(fields, found.ask.currency);
    let words = text::block(fields.get("words"), WORDS.0, WORDS.1);
    let (Ok(wish), Ok(words)) = (wish, words) else {
        return Err(Error::BadRequest);
    };
    let request = Request {
        wish,
        why: why(found.role),
        by: posted.person.id,
        words: &words,
        key,
    };
    match pledges::give_back(&ctx, &found.ask, &found.pledge, &request).await {
        Ok(refund) => {
            let minor = refund.total()?.minor();
            Ok(see_other(&format!("{}?done={minor}", found.address())))
        }
        Err(NotAsked::Refused(refusal)) => refuse(&ctx, &posted, &found, wish, &refusal),
        Err(NotAsked::OtherForm) => {
            let words = posted.visitor.page(&ctx, "", Here::Projects);
            Err(Error::Refused(words.t("refund-other-form").to_string()))
        }
        Err(NotAsked::Failed(cause)) => Err(Error::Internal(cause)),
    }
}

/// The form again, with what is wrong. A new key: whatever is asked for next is another refund.
fn refuse(
    ctx: &Ctx,
    posted: &ProvenPosted,
    found: &Found,
    wish: Wish,
    refusal: &RefundRefusal,
) -> Result<Response, Error> {
    let mut fields = posted.fields.clone();
    fields.set("key", ctx.id::<Uuid>().to_string());
    let refusals = [FieldRefusal {
        field: field_of(wish),
        words: refusal.words(),
    }];
    let shown = refund_page(ctx, &posted.visitor, found, &fields, &refusals);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
