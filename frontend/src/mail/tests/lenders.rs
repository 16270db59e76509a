//! Every mail about a loan, in text and in HTML.

use felag_domain::money::{Currency, Money};
use time::macros::datetime;

use crate::mail::loans::{AboutLoan, BorrowerNews, BorrowerTold, LenderNews, LenderTold};
use crate::words::Lang;

fn about() -> AboutLoan {
    AboutLoan {
        title: "Open lenses".into(),
        zone: "UTC".into(),
        link: "https://felag.example/campaigns/open-lenses/loan".into(),
    }
}

#[test]
fn every_mail_to_a_lender_says_what_happened_in_text_and_in_html() {
    let until = datetime!(2027-03-05 00:00 UTC);
    let principal = Money::from_minor(100_000, Currency::EUR);
    let all = [
        (LenderNews::Committed { until }, "You signed to lend €600.00"),
        (LenderNews::Waiting { until }, "so you wait"),
        (LenderNews::MovedUp { until }, "There is room"),
        (LenderNews::Revoked, "You took back"),
        (
            LenderNews::Firm,
            "The days in which you could take it back are over",
        ),
        (
            LenderNews::SheetChanged { until },
            "If you do nothing, what you signed stands",
        ),
        (LenderNews::Released, "Nothing is charged of the €600.00"),
        (LenderNews::Charged, "Your card was charged €600.00"),
        (
            LenderNews::NeedsYou {
                reason: "no cover".into(),
                until,
            },
            "could not be charged to your card: no cover",
        ),
        (LenderNews::Dropped, "You leave the loan"),
        (LenderNews::Collected { principal }, "€1,000.00 in all"),
        (LenderNews::GoesBack, "go back to your card"),
        (LenderNews::Refunded, "went back to your card"),
        (LenderNews::PaidOut, "The project has the money"),
        (LenderNews::CameBack, "It is held again"),
        (LenderNews::SignatureOver, "that signature is over"),
        (LenderNews::BankTookBack, "you lend nothing any more"),
    ];
    for (news, words) in all {
        let mail = LenderTold {
            about: about(),
            amount: Money::from_minor(60_000, Currency::EUR),
            link: "https://felag.example/my/commitments/a".into(),
            news,
        }
        .mail(Lang::En);
        assert!(mail.subject.contains("Open lenses"), "{}", mail.subject);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(words), "{words}: {body}");
            assert!(body.contains("risk of losing the entirety"), "{body}");
            assert!(body.contains("/my/commitments/a"), "{body}");
        }
    }
}

#[test]
fn every_mail_to_a_project_that_borrows_says_what_happened_in_text_and_in_html() {
    let all = [
        (
            BorrowerNews::ToSign {
                deadline: datetime!(2027-03-09 18:00 UTC),
            },
            "An owner signs the loan before",
        ),
        (BorrowerNews::Signed, "signed a loan of €600.00 at most"),
        (BorrowerNews::Collecting, "cards are charged"),
        (
            BorrowerNews::Collected {
                principal: Money::from_minor(100_000, Currency::EUR),
            },
            "€1,000.00 were collected",
        ),
        (BorrowerNews::Failed, "No lender was charged"),
        (BorrowerNews::GoesBack, "All lenders get their money back"),
        (BorrowerNews::PaidOut, "The money is at your bank"),
        (
            BorrowerNews::Shrank {
                principal: Money::from_minor(40_000, Currency::EUR),
            },
            "€400.00 are left",
        ),
        (
            BorrowerNews::CameBack,
            "you owe nothing until it is paid out anew",
        ),
    ];
    for (news, words) in all {
        let mail = BorrowerTold {
            about: about(),
            amount: Money::from_minor(60_000, Currency::EUR),
            link: "https://felag.example/campaigns/open-lenses/loan/signature".into(),
            news,
        }
        .mail(Lang::En);
        assert!(mail.subject.contains("Open lenses"), "{}", mail.subject);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}
