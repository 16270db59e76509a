//! Every mail about a loan, in text and in HTML.

use felag_domain::money::{Currency, Money};
use time::macros::{date, datetime};

use crate::mail::loans::{AboutLoan, BorrowerNews, BorrowerTold, LenderNews, LenderTold};
use crate::mail::repayments::{self as repaid, CameBack, CameBackOf, Counted, ProjectNews, ProjectTold};
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
        (
            LenderNews::BankTookPart {
                part: principal,
                lends_on: true,
            },
            "You lend the rest",
        ),
        (
            LenderNews::BankTookPart {
                part: principal,
                lends_on: false,
            },
            "the rest goes back to your card",
        ),
    ];
    for (news, words) in all {
        let mail = LenderTold {
            from_kept: false,
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
fn somebody_who_lends_what_is_kept_is_told_of_that_and_of_no_saved_card() {
    let until = datetime!(2027-03-05 00:00 UTC);
    let needs = LenderNews::NeedsYou {
        reason: "too little.".into(),
        until,
    };
    let all = [
        (LenderNews::Committed { until }, "of what is kept here for you"),
        (LenderNews::Revoked, "Nothing was taken"),
        (LenderNews::Firm, "of what is kept here for you"),
        (LenderNews::Released, "untouched"),
        (LenderNews::Charged, "is lent again"),
        (needs, "could not be taken: too little."),
        (LenderNews::Dropped, "nothing was taken"),
        (LenderNews::GoesBack, "goes back to it"),
        (LenderNews::Refunded, "is kept here for you again"),
        (LenderNews::CameBack, "is kept here for you again"),
    ];
    for (news, words) in all {
        let mail = LenderTold {
            from_kept: true,
            about: about(),
            amount: Money::from_minor(60_000, Currency::EUR),
            link: "https://felag.example/my/commitments/a".into(),
            news,
        }
        .mail(Lang::En);
        assert!(mail.subject.contains("Open lenses"), "{}", mail.subject);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(words), "{words}: {body}");
            assert!(!body.contains("our card"), "{body}");
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

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn counted() -> Counted {
    Counted {
        agree: (2, eur(60_000)),
        against: (1, eur(20_000)),
        all: (4, eur(100_000)),
    }
}

#[test]
fn every_mail_to_a_lender_of_a_loan_that_is_paid_back_says_what_happened_in_text_and_in_html() {
    use repaid::LenderNews as News;
    let until = datetime!(2027-03-05 00:00 UTC);
    let decided = |passed| News::PlanDecided {
        passed,
        counted: counted(),
    };
    let proposed = News::PlanProposed {
        reason: "The harvest was bad.".into(),
        until,
    };
    let gave = News::Gave {
        amount: eur(4_100),
        entry: Some((17, "a5b0c3".into())),
    };
    let all = [
        (News::Late { days: 31 }, "31 days late"),
        (News::Late { days: 1 }, "1 day late"),
        (News::Defaulted, "You may lose what is outstanding"),
        (News::Recovering, "still in default"),
        (proposed, "The harvest was bad."),
        (decided(true), "2 lenders with €600.00"),
        (decided(false), "1 lender with €200.00"),
        (News::WrittenOff, "Your loss stands on your page"),
        (News::Ended, "is repaid"),
        (News::NotSent(eur(4_100)), "did not take €41.00"),
        (gave, "a5b0c3"),
        (News::GiftCameBack(eur(4_100)), "The €41.00 that you gave"),
    ];
    for (news, words) in all {
        let mail = repaid::LenderTold {
            title: "Open lenses".into(),
            news,
            link: "https://felag.example/my/loans/a".into(),
        }
        .mail(Lang::En);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(words), "{words}: {body}");
            assert!(body.contains("/my/loans/a"), "{body}");
        }
        assert!(!mail.text.contains('!'), "{}", mail.text);
    }
}

#[test]
fn every_mail_to_a_project_that_pays_back_says_what_happened_in_text_and_in_html() {
    let upcoming = |has_card| ProjectNews::Upcoming {
        amount: eur(20_047),
        on: date!(2027 - 03 - 05),
        has_card,
    };
    let decided = ProjectNews::PlanDecided {
        passed: true,
        counted: counted(),
    };
    let late = |days| ProjectNews::Late {
        days,
        due: eur(20_047),
    };
    let all = [
        (upcoming(true), "is charged to the saved card"),
        (upcoming(false), "No card is saved"),
        (ProjectNews::Collected(eur(20_047)), "split among the lenders"),
        (ProjectNews::NotCollected(eur(20_047)), "Nothing was taken"),
        (ProjectNews::Returned(eur(20_047)), "It is owed again"),
        (ProjectNews::Given(eur(4_100)), "gave you €41.00"),
        (late(31), "is 31 days past due"),
        (late(1), "is 1 day past due"),
        (decided, "4 lenders with €1,000.00"),
    ];
    for (news, words) in all {
        let mail = ProjectTold {
            title: "Open lenses".into(),
            news,
            link: "https://felag.example/campaigns/open-lenses/loan/repayments".into(),
        }
        .mail(Lang::En);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(words), "{words}: {body}");
        }
        assert!(!mail.text.contains('!'), "{}", mail.text);
    }
}

#[test]
fn what_came_back_of_one_loan_is_a_sentence_and_of_several_a_list() {
    let of = |title: &str, principal| CameBackOf {
        title: title.into(),
        principal,
        interest: Money::from_minor(350, principal.currency()),
    };
    let one = CameBack {
        loans: vec![of("Open lenses", eur(23_217))],
        link: "https://felag.example/my/loans/a".into(),
    }
    .mail(Lang::En);
    assert_eq!(one.subject, "€235.67 came back from Open lenses");
    let two = CameBack {
        loans: vec![
            of("Open lenses", eur(23_217)),
            of("A kiln", Money::from_minor(100_000, Currency::SEK)),
        ],
        link: "https://felag.example/my/loans".into(),
    }
    .mail(Lang::En);
    assert_eq!(two.subject, "Money came back from 2 loans");
    for body in [&two.text, &two.html] {
        for words in ["Open lenses", "€232.17, with €3.50 of interest", "A kiln"] {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}
