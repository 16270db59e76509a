//! What somebody lends: their commitments, one of them with its signature and what can be done, and taking it back.

use axum::extract::{Path, State};
use axum::response::Response;
use felag_domain::lending::CommitmentState;
use felag_frontend::loans::{LoanPage, Section};
use felag_frontend::wizard::{Form, Link};
use felag_frontend::{Here, Lang};

use super::lend::in_words;
use super::shown::{self, risk, schedule};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::loans::{self, Commitment, Loan, store};
use crate::people::{Posted, Visitor};
use crate::web::{page, see_other};

const LANG: Lang = Lang::En;

/// A commitment of the visitor's own. The link alone opens nothing: who lends is signed in.
pub(super) async fn find(
    ctx: &Ctx,
    visitor: &Visitor,
    token: &str,
) -> Result<(Campaign, Loan, Commitment), Error> {
    let person = visitor.person()?;
    let is_token = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = match is_token {
        true => store::by_token(&ctx.db, token).await?,
        false => None,
    };
    let commitment = found
        .filter(|found| found.person == person.id)
        .ok_or(Error::NotFound)?;
    let campaign = campaigns::find(&ctx.db, commitment.campaign).await?;
    let loan = store::find(&ctx.db, commitment.campaign).await?;
    Ok((
        campaign.ok_or(Error::NotFound)?,
        loan.ok_or(Error::NotFound)?,
        commitment,
    ))
}

pub async fn list(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let person = visitor.person()?.clone();
    let mut links = Vec::new();
    for one in store::of_person(&ctx.db, person.id).await? {
        let campaign = campaigns::find(&ctx.db, one.campaign)
            .await?
            .ok_or(Error::NotFound)?;
        let (_, state) = shown::commitment_state(LANG, one.state);
        links.push(Link::new(
            format!("/my/commitments/{}", one.token),
            LANG.t3(
                "commitment-line",
                "amount",
                LANG.money(one.amount),
                "campaign",
                campaign.title,
                "state",
                state,
            ),
        ));
    }
    let mut section = Section::new("list", LANG.t("commitments-list"));
    if links.is_empty() {
        section = section.words(LANG.t("commitments-none"));
    }
    links.push(Link::new("/my/loans", LANG.t("lender-title")));
    section.links = links;
    page(&LoanPage {
        page: visitor.page(&ctx, LANG.t("commitments-title"), Here::Gifts),
        back: None,
        state: None,
        lead: String::new(),
        sections: vec![section],
    })
}

pub async fn show(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, loan, one) = find(&ctx, &visitor, &token).await?;
    let page_frame = visitor.page(
        &ctx,
        LANG.t1("commitment-title", "campaign", &campaign.title),
        Here::Gifts,
    );
    let mut sections = vec![next(&ctx, &page_frame, &campaign, &loan, &one)];
    sections.push(facts(&campaign, &one));
    let lends = one.share.unwrap_or(one.amount);
    let own = schedule(LANG, &campaign, &loan, lends, false);
    sections.extend(own.map(|own| super::show::agreed(&loan, own)));
    sections.push(signature(&campaign, &loan, &one));
    sections.push(shown::warnings(LANG, risk(LANG)));
    page(&LoanPage {
        page: page_frame,
        back: Some(Link::new("/my/commitments", LANG.t("commitments-title"))),
        state: Some(shown::commitment_state(LANG, one.state)),
        lead: String::new(),
        sections,
    })
}

/// What comes next, and what the lender can do about it.
fn next(
    ctx: &Ctx,
    frame: &felag_frontend::Page,
    campaign: &Campaign,
    loan: &Loan,
    one: &Commitment,
) -> Section {
    let section = Section::new("next", LANG.t("commitment-next"));
    let when = |at| LANG.date_time(at, &campaign.time_zone);
    let button = |path: &str, words: &'static str| {
        Form::new(
            frame,
            format!("/my/commitments/{}/{path}", one.token),
            Vec::new(),
            LANG.t(words),
        )
    };
    let revocation = Link::new(
        format!("/my/commitments/{}/revocation", one.token),
        LANG.t("commitment-revoke"),
    );
    let word = |id: &'static str| if one.is_from_kept() { of_kept(id) } else { id };
    let say = |id: &'static str| LANG.t(word(id));
    let mut section = match one.state {
        CommitmentState::Draft => section
            .words(LANG.t("commitment-next-draft"))
            .form(button("checkout", "commitment-go-on")),
        CommitmentState::Waiting => section.words(LANG.t("commitment-next-waiting")),
        CommitmentState::Made => section.words(say("commitment-next-made")),
        CommitmentState::Reopened => reopened(campaign, loan, say("commitment-next-made"), section),
        CommitmentState::Firm => section.words(say("commitment-next-firm")),
        CommitmentState::NeedsYou | CommitmentState::RetryLater => {
            let reason = crate::loans::mail::declined(one);
            let ends = when(loan.collecting_ends_at.unwrap_or(ctx.now()));
            let section = section
                .words(LANG.t1(word("commitment-next-needs-you"), "reason", reason))
                .words(LANG.t1("commitment-next-until", "until", ends));
            // Of what is kept nothing is tried again by hand.
            let tries = (!one.is_from_kept()).then(|| button("try", "commitment-try"));
            let section = tries.into_iter().fold(section, Section::form);
            section.form(button("card", "commitment-card"))
        }
        CommitmentState::Due | CommitmentState::Charging | CommitmentState::Stopping => {
            section.words(say("commitment-next-charging"))
        }
        CommitmentState::Active => section.words(say("commitment-next-active")),
        CommitmentState::Expired | CommitmentState::Revoked => section.words(LANG.t("commitment-next-gone")),
        CommitmentState::Released | CommitmentState::Dropped => {
            section.words(LANG.t("commitment-next-released"))
        }
        CommitmentState::Refunded => section.words(say("commitment-next-refunded")),
        CommitmentState::Repaid | CommitmentState::PartlyLost => {
            section.words(LANG.t("commitment-next-ended"))
        }
    };
    if was_lent(one) && loan.state.was_paid_out() {
        let address = format!("/my/loans/{}", one.id);
        section = section.link(Link::new(address, LANG.t("commitment-lent-link")));
    }
    if one.may_be_revoked(ctx.now()) && one.state != CommitmentState::Draft {
        if let Some(until) = one.revocable_until {
            section = section.words(LANG.t1("commitment-days", "until", when(until)));
        }
        section = section.link(revocation);
    }
    section
}

/// The message that speaks of no card.
fn of_kept(id: &'static str) -> &'static str {
    match id {
        "commitment-next-made" => "commitment-next-made-kept",
        "commitment-next-firm" => "commitment-next-firm-kept",
        "commitment-next-needs-you" => "commitment-next-needs-you-kept",
        "commitment-next-charging" => "commitment-next-charging-kept",
        "commitment-next-active" => "commitment-next-active-kept",
        "commitment-next-refunded" => "commitment-next-refunded-kept",
        other => other,
    }
}

fn was_lent(one: &Commitment) -> bool {
    matches!(
        one.state,
        CommitmentState::Active | CommitmentState::Repaid | CommitmentState::PartlyLost
    )
}

/// The sheet changed: which version is in force, and where it is.
fn reopened(campaign: &Campaign, loan: &Loan, made: &str, section: Section) -> Section {
    let version = i64::from(loan.sheet_version);
    let sheet = format!("/campaigns/{}/loan/sheet/{version}.pdf", campaign.slug);
    section
        .words(LANG.t1("commitment-next-reopened", "version", version))
        .words(made)
        .link(Link::new(sheet, LANG.t1("papers-sheet", "version", version)))
}

fn facts(campaign: &Campaign, one: &Commitment) -> Section {
    let mut section = Section::new("what", LANG.t("loan-review-what"))
        .fact(LANG.t("loan-review-amount"), LANG.money(one.amount))
        .fact(LANG.t("loan-review-to"), campaign.title.clone())
        .link(Link::new(
            format!("/campaigns/{}/loan", campaign.slug),
            LANG.t("loan-back"),
        ));
    if one.is_own {
        section = section.words(LANG.t("commitment-own"));
    }
    section
}

/// The record of the signature.
fn signature(campaign: &Campaign, loan: &Loan, one: &Commitment) -> Section {
    let mut section = Section::new("signature", LANG.t("signature-heading"))
        .fact(LANG.t("signature-name"), one.signed_name.clone())
        .fact(
            LANG.t("signature-at"),
            LANG.date_time(one.signed_at, &campaign.time_zone),
        )
        .fact(
            LANG.t("signature-sheet"),
            LANG.t1("signature-version", "version", i64::from(one.sheet_version)),
        )
        .fact(LANG.t("signature-hash"), hex::encode(&one.signed_hash));
    if let Some(project) = &loan.signed {
        section = section
            .fact(LANG.t("signature-project"), project.name.clone())
            .fact(
                LANG.t("signature-project-at"),
                LANG.date_time(project.at, &campaign.time_zone),
            )
            .fact(LANG.t("signature-project-hash"), hex::encode(&project.hash));
    }
    let own = format!("/my/commitments/{}/agreement.pdf", one.token);
    let version = one.sheet_version;
    let sheet = format!("/campaigns/{}/loan/sheet/{version}.pdf", campaign.slug);
    section = section.link(Link::new(own, LANG.t("papers-own"))).link(Link::new(
        sheet,
        LANG.t1("papers-sheet", "version", i64::from(version)),
    ));
    section.words(LANG.t("loan-not-qualified"))
}

/// Where people come back to from the provider's page. What it says is not believed: the provider is asked.
pub async fn returned(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (_, _, one) = find(&ctx, &visitor, &token).await?;
    if let Err(cause) = loans::look_up(&ctx, &one).await {
        tracing::warn!(commitment.id = %one.id, "the provider could not be asked on return: {cause:#}");
    }
    Ok(see_other(&format!("/my/commitments/{token}")))
}

pub async fn checkout(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    find(&ctx, &posted.visitor, &token).await?;
    Ok(see_other(&loans::checkout(&ctx, &token).await?))
}

pub async fn ask_revocation(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Error> {
    let (campaign, _, one) = find(&ctx, &visitor, &token).await?;
    if !one.may_be_revoked(ctx.now()) {
        return Err(Error::Refused(LANG.t("commitment-days-over").to_string()));
    }
    let frame = visitor.page(&ctx, LANG.t("revocation-title"), Here::Gifts);
    let form = Form::new(
        &frame,
        format!("/my/commitments/{token}/revocation"),
        Vec::new(),
        LANG.t("commitment-revoke"),
    );
    let section = facts(&campaign, &one)
        .words(LANG.t("revocation-means"))
        .form(form);
    page(&LoanPage {
        page: frame,
        back: Some(Link::new(
            format!("/my/commitments/{token}"),
            LANG.t("revocation-back"),
        )),
        state: None,
        lead: String::new(),
        sections: vec![section],
    })
}

pub async fn revoke(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let (_, _, one) = find(&ctx, &posted.visitor, &token).await?;
    loans::revoke(&ctx, &one).await.map_err(in_words)?;
    Ok(see_other(&format!("/my/commitments/{token}")))
}

pub async fn try_again(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    find(&ctx, &posted.visitor, &token).await?;
    let url = loans::try_again(&ctx, &token).await?;
    Ok(see_other(
        &url.unwrap_or_else(|| format!("/my/commitments/{token}")),
    ))
}

pub async fn card(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    find(&ctx, &posted.visitor, &token).await?;
    Ok(see_other(&loans::another_card(&ctx, &token).await?))
}
