//! The whole application on one page: every router, every kind of job, and which slice hears what the payment
//! provider says. That is how `payments` (low) reaches `pledges` (high) without importing it.

use axum::Router;

use crate::campaigns::Shows;
use crate::ctx::Ctx;
use crate::jobs::Kinds;
use crate::payments::{Hears, Returns, SubjectKind};
use crate::{
    books, campaigns, disputes, expenses, health, loans, mail, payments, payout_accounts, payouts, people,
    pledges, projects, reconciliation, refunds, repayments, search, stewards, support, updates, web,
};

/// Every page and form.
pub fn app(ctx: Ctx) -> Router {
    let routes = Router::new()
        .merge(health::routes())
        .merge(web::assets::routes())
        .merge(mail::web::routes(&ctx))
        .merge(people::web::routes())
        .merge(pledges::web::routes())
        .merge(loans::web::routes())
        .merge(disputes::web::routes())
        .merge(support::web::routes())
        .merge(projects::web::routes())
        .merge(projects::members::web::routes())
        .merge(campaigns::web::routes())
        .merge(books::web::routes())
        .merge(payout_accounts::web::routes())
        .merge(payouts::web::routes())
        .merge(repayments::web::routes())
        .merge(expenses::web::routes())
        .merge(reconciliation::web::routes())
        .merge(stewards::web::routes())
        .merge(search::web::routes())
        .merge(payments::webhook::routes())
        .merge(updates::web::routes())
        .fallback(|| async { crate::error::Error::NotFound });
    web::layers::around(routes, ctx)
}

/// Every kind of work to do later.
pub fn job_kinds() -> Kinds {
    Kinds::default()
        .with::<people::jobs::MailResetLink>()
        .with::<people::jobs::Forget>()
        .with::<projects::jobs::Forget>()
        .with::<people::second_factor::reset::RemindOfReset>()
        .with::<pledges::jobs::WatchCheckout>()
        .with::<pledges::jobs::LookUpPayment>()
        .with::<pledges::jobs::Settle>()
        .with::<pledges::jobs::Retry>()
        .with::<pledges::jobs::EndWindow>()
        .with::<pledges::jobs::RemindOfCard>()
        .with::<pledges::WatchWindow>()
        .with::<pledges::jobs::Tell>()
        .with::<support::jobs::WatchCheckout>()
        .with::<support::jobs::ChargeAlone>()
        .with::<support::jobs::Due>()
        .with::<support::jobs::Notice>()
        .with::<support::jobs::LookUp>()
        .with::<support::jobs::WatchWindow>()
        .with::<pledges::jobs::Remind>()
        .with::<pledges::jobs::Daily>()
        .with::<pledges::jobs::CloseWindow>()
        .with::<loans::jobs::Open>()
        .with::<loans::jobs::CloseLending>()
        .with::<loans::jobs::FirmUp>()
        .with::<loans::jobs::WatchCheckout>()
        .with::<loans::jobs::LookUp>()
        .with::<loans::jobs::Retry>()
        .with::<loans::jobs::EndWindow>()
        .with::<loans::jobs::RemindOfCard>()
        .with::<loans::jobs::PayOutBy>()
        .with::<loans::jobs::CollectKept>()
        .with::<loans::jobs::GiveKeptBack>()
        .with::<campaigns::jobs::Open>()
        .with::<updates::jobs::Remind>()
        .with::<updates::jobs::TellCancelled>()
        .with::<payout_accounts::jobs::LookAfter>()
        .with::<payouts::jobs::PlanParts>()
        .with::<payouts::jobs::Propose>()
        .with::<payouts::jobs::ProposeLoan>()
        .with::<payouts::jobs::Send>()
        .with::<payouts::jobs::StepAgain>()
        .with::<payouts::jobs::Watch>()
        .with::<payouts::jobs::Alarm>()
        .with::<repayments::jobs::Look>()
        .with::<repayments::jobs::Retry>()
        .with::<repayments::jobs::Trust>()
        .with::<repayments::jobs::GiveUp>()
        .with::<repayments::jobs::LookUp>()
        .with::<repayments::jobs::Tell>()
        .with::<repayments::digest::Digest>()
        .with::<repayments::jobs::SendOn>()
        .with::<repayments::jobs::CloseVote>()
        .with::<books::heads::Publish>()
        .with::<pledges::endings::jobs::UnwindShort>()
        .with::<pledges::endings::jobs::EndTakeBack>()
        .with::<pledges::endings::jobs::EndSuspension>()
        .with::<pledges::endings::jobs::EndUnpayable>()
        .with::<refunds::jobs::Watch>()
        .with::<disputes::jobs::Watch>()
        .with::<disputes::jobs::Remind>()
        .with::<reconciliation::jobs::Nightly>()
        .with::<reconciliation::jobs::Alarm>()
}

/// Writes down the work that comes again every day. Called at every start; a second call changes nothing.
pub async fn standing_jobs(ctx: &Ctx) -> anyhow::Result<()> {
    people::jobs::ensure(ctx).await?;
    refunds::jobs::ensure(ctx).await?;
    disputes::jobs::ensure(ctx).await?;
    reconciliation::jobs::ensure(ctx).await?;
    payout_accounts::jobs::ensure(ctx).await?;
    payouts::jobs::ensure(ctx).await?;
    projects::jobs::ensure(ctx).await?;
    books::heads::ensure(ctx).await
}

/// Who acts on what the provider says.
pub fn hears(kind: SubjectKind) -> Hears {
    match kind {
        SubjectKind::Pledge => Hears {
            answers: pledges::answers,
            news: pledges::news,
            settled: pledges::settled,
        },
        SubjectKind::Payout => Hears {
            answers: payouts::answers,
            news: payouts::news,
            settled: payments::never_settled,
        },
        SubjectKind::PayoutAccount => Hears {
            answers: payout_accounts::answers,
            news: payout_accounts::news,
            settled: payments::never_settled,
        },
        SubjectKind::Refund => Hears {
            answers: refunds::answers,
            news: refunds::news,
            settled: payments::never_settled,
        },
        SubjectKind::Support => Hears {
            answers: support::answers,
            news: support::news,
            settled: support::supports_settled,
        },
        SubjectKind::Contribution => Hears {
            answers: support::answers,
            news: support::news,
            settled: support::contributions_settled,
        },
        SubjectKind::Commitment => Hears {
            answers: loans::answers,
            news: loans::news,
            settled: loans::settled,
        },
        SubjectKind::Dispute => Hears {
            answers: disputes::answers,
            news: disputes::news,
            settled: payments::never_settled,
        },
        SubjectKind::Repayment => Hears {
            answers: repayments::answers,
            news: repayments::news,
            settled: payments::never_settled,
        },
        SubjectKind::LenderAccount => Hears {
            answers: repayments::lender_hear::account_answers,
            news: repayments::lender_hear::account_news,
            settled: payments::never_settled,
        },
        SubjectKind::LenderTransfer => Hears {
            answers: repayments::lender_hear::transfer_answers,
            news: repayments::lender_hear::transfer_news,
            settled: payments::never_settled,
        },
    }
}

/// Who is told that money goes back, by what was paid with it; nobody for what is never paid.
pub fn returns(kind: SubjectKind) -> Option<Returns> {
    match kind {
        SubjectKind::Pledge => Some(pledges::RETURNS),
        SubjectKind::Repayment => Some(repayments::RETURNS),
        SubjectKind::LenderAccount | SubjectKind::LenderTransfer => None,
        SubjectKind::Contribution => Some(support::RETURNS),
        SubjectKind::Commitment => Some(loans::RETURNS),
        SubjectKind::Refund
        | SubjectKind::Dispute
        | SubjectKind::Payout
        | SubjectKind::PayoutAccount
        | SubjectKind::Support => None,
    }
}

/// Who fills the parts of a campaign's page that slices above it own.
pub fn shows() -> Shows {
    Shows {
        book_lines: books::latest,
        budget: expenses::accounts::shown,
        loan: loans::beside::beside,
    }
}

/// Who writes mails to many, and knows what their lists are.
pub fn words() -> mail::transport::Words {
    updates::mail::words()
}
