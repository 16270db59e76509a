//! Pages of people who write: starting a project, the steps of a campaign, reviews.

use felag_domain::campaign::CampaignState;
use felag_domain::money::{Currency, Money};
use felag_frontend::form::Refused;
use felag_frontend::project_edit::{
    self, ChoosePage, ImportedPage, MyCampaign, MyProject, MyProjectsPage, StartPage, UnreadLine,
};
use felag_frontend::reviews::{self, Check, Decided, QueuePage, ReviewPage, Waiting};
use felag_frontend::wizard::{Form, FormPage, Link, ListPage, Row, Second, Sum, back_to_tasks};
use felag_frontend::{Here, Lang, Page, SignedIn, campaign_edit, markdown};
use time::macros::datetime;

use crate::{Shown, shown};

const LANG: Lang = Lang::En;

fn page(title: &str, here: Here) -> Page {
    Page {
        csrf: "0".repeat(64),
        here,
        person: Some(SignedIn {
            name: "Marta".into(),
            owns_projects: true,
            steward: true,
        }),
        ..Page::new(LANG, title, datetime!(2026-11-22 12:00 UTC))
    }
}

fn typed(name: &str) -> String {
    let value = match name {
        "title" | "name" => "Strond: a <loom> anybody can build",
        "summary" => "A loom of plywood, with plans for all.",
        "story" => "## Why\n\nLooms are dear.",
        "currency" => "EUR",
        "minimum" | "at_minimum" => "9000",
        "full_plan" | "at_full_plan" => "14000",
        "duration_days" => "30",
        "time_zone" => "Europe/Vienna",
        _ => "",
    };
    value.to_string()
}

fn form(page: &Page, parts: Vec<felag_frontend::wizard::Part>) -> Form {
    Form::new(
        page,
        "/campaigns/strond/edit/basics",
        parts,
        LANG.t("wizard-save"),
    )
    .carrying("version", 3)
}

/// Every page.
pub fn pages() -> Vec<Shown> {
    let mut all = starting();
    all.extend(steps());
    all.extend(reading());
    all
}

fn starting() -> Vec<Shown> {
    let frame = page(LANG.t("start-title"), Here::Start);
    let none = Refused::none();
    let mut from_file = Form::new(
        &frame,
        "/projects/import",
        project_edit::manifest(LANG, "", &none),
        "Read",
    );
    from_file.upload = true;
    let by_hand = Form::new(
        &frame,
        "/projects",
        project_edit::new_project(LANG, &typed, &none),
        "Start",
    );
    let start = StartPage {
        page: frame,
        may_start: true,
        signed_in: true,
        by_hand,
        from_file,
    };
    let guest = StartPage {
        page: Page {
            person: None,
            ..page(LANG.t("start-title"), Here::Start)
        },
        may_start: false,
        signed_in: false,
        by_hand: start.by_hand.clone(),
        from_file: start.from_file.clone(),
    };
    let frame = page(LANG.t("imported-title"), Here::Start);
    let form = Form::new(
        &frame,
        "/projects/import/confirmation",
        project_edit::details(LANG, &typed, &none),
        "Start",
    );
    let imported = ImportedPage {
        page: frame,
        kind: "funding.json".into(),
        form,
        facts: vec![("Keywords".into(), "weaving, wood".into())],
        unread: vec![UnreadLine {
            field: "projects[0].licenses[1]".into(),
            value: "ours".into(),
            why: "this is not a licence of the SPDX list".into(),
        }],
    };
    let choose = ChoosePage {
        page: page(LANG.t("choose-title"), Here::Start),
        names: vec!["Strond".into(), "Shuttle".into()],
        manifest: "{\n}".into(),
        file_name: "funding.json".into(),
    };
    vec![
        shown("start", start),
        shown("start-guest", guest),
        shown("start-imported", imported),
        shown("start-choose", choose),
        shown("my-projects", mine()),
        shown("project-holder", holder()),
    ]
}

fn holder() -> FormPage {
    let frame = page("Who answers for the money of Strond", Here::Projects);
    let none = Refused::none();
    let form = Form::new(
        &frame,
        "/projects/strond/holder",
        project_edit::holder(LANG, &typed, &none),
        "Save",
    );
    FormPage::new(frame, LANG.t("holder-lead"), form, &none).back(Link::new("/my/projects", "My projects"))
}

fn mine() -> MyProjectsPage {
    let campaign = |slug: &str, state| MyCampaign {
        slug: slug.into(),
        title: "Strond".into(),
        state,
    };
    MyProjectsPage {
        page: page(LANG.t("mine-title"), Here::Projects),
        projects: vec![MyProject {
            slug: "strond".into(),
            name: "Strond".into(),
            summary: "A loom of plywood.".into(),
            role: "owner".into(),
            may_edit: true,
            is_owner: true,
            has_holder: false,
            campaigns: vec![
                campaign("strond-2", CampaignState::Draft),
                campaign("strond", CampaignState::Funded),
            ],
        }],
    }
}

fn steps() -> Vec<Shown> {
    let none = Refused::none();
    let basics = page(LANG.t("step-basics"), Here::Projects);
    let basics_form = form(&basics, campaign_edit::basics(LANG, &typed, &none));
    let story = page(LANG.t("step-story"), Here::Projects);
    let mut story_form = form(&story, campaign_edit::story(LANG, &typed, &none));
    story_form.preview = Some(LANG.t("wizard-preview").into());
    let mut story = FormPage::new(story, LANG.t("step-story-lead"), story_form, &none);
    story.previews.push((
        LANG.t("campaign-story-title").into(),
        markdown::render("## Why\n\nLooms are dear."),
    ));
    let reward = page(LANG.t("step-rewards-change"), Here::Projects);
    let months = vec![("2027-05-01".into(), "May 2027".into())];
    let reward_form = form(
        &reward,
        campaign_edit::reward(LANG, Currency::EUR, months, &typed, &none),
    );
    let removal = Form::new(
        &reward,
        "/campaigns/strond/rewards/1/removal",
        Vec::new(),
        "Remove it",
    );
    let mut reward = FormPage::new(reward, "", reward_form, &none).back(back_to_tasks(LANG, "strond"));
    reward.second = Some(Second {
        title: "Remove".into(),
        lead: "It goes.".into(),
        form: removal,
    });
    let returns = page(LANG.t("step-returns"), Here::Projects);
    let returns_form = form(&returns, campaign_edit::commons_return(LANG, &typed, &none));
    vec![
        shown("edit-tasks", tasks()),
        shown(
            "edit-basics",
            FormPage::new(basics, LANG.t("step-basics-lead"), basics_form, &none),
        ),
        shown("edit-story", story),
        shown("edit-budget", budget()),
        shown("edit-reward", reward),
        shown(
            "edit-return",
            FormPage::new(returns, LANG.t("step-returns-lead"), returns_form, &none),
        ),
    ]
}

fn tasks() -> campaign_edit::TasksPage {
    let task = |path: &str, words: &str, missing: Vec<String>| campaign_edit::Task {
        link: Link::new(format!("/campaigns/strond/edit/{path}"), words),
        missing,
        optional: path == "rewards",
    };
    campaign_edit::TasksPage {
        page: page("Write Strond", Here::Projects),
        slug: "strond".into(),
        project: Link::new("/my/projects", "My projects"),
        state: CampaignState::ChangesAsked,
        review_words: Some("Please say who cuts the plywood.".into()),
        tasks: vec![
            task("basics", LANG.t("tasks-basics"), Vec::new()),
            task("story", LANG.t("tasks-story"), Vec::new()),
            task("budget", LANG.t("tasks-budget"), Vec::new()),
            task("rewards", LANG.t("tasks-rewards"), Vec::new()),
            task(
                "returns",
                LANG.t("tasks-returns"),
                vec![LANG.t("campaign-missing-commons-return").into()],
            ),
        ],
        can_submit: false,
        may_ask_exception: true,
        editable: true,
        may_cancel: true,
    }
}

fn budget() -> ListPage {
    let frame = page(LANG.t("step-budget"), Here::Projects);
    let parts = campaign_edit::budget_line(LANG, Currency::EUR, &typed, &Refused::none());
    ListPage {
        back: back_to_tasks(LANG, "strond"),
        lead: LANG.t("step-budget-lead").into(),
        empty: LANG.t("step-budget-empty").into(),
        rows: vec![Row {
            title: "Plywood".into(),
            facts: vec![
                ("Kind".into(), "Material".into()),
                ("Cost at the minimum".into(), "€3,000.00".into()),
            ],
            change: "/campaigns/strond/budget-lines/1".into(),
        }],
        sums: vec![Sum {
            label: LANG.t("budget-sum-minimum").into(),
            is: "€3,000.00".into(),
            must_be: "€9,000.00".into(),
            fits: false,
        }],
        add_title: LANG.t("step-budget-add").into(),
        add: Some(Form::new(
            &frame,
            "/campaigns/strond/budget-lines",
            parts,
            LANG.t("step-budget-added"),
        )),
        on: Link::new("/campaigns/strond/edit/rewards", LANG.t("tasks-rewards")),
        page: frame,
    }
}

fn reading() -> Vec<Shown> {
    let queue = QueuePage {
        page: page(LANG.t("reviews-title"), Here::Reviews),
        waiting: vec![Waiting {
            slug: "strond".into(),
            title: "Strond".into(),
            project: "Strond".into(),
            minimum: Money::from_minor(900_000, Currency::EUR),
            submitted_at: datetime!(2026-11-20 12:00 UTC),
        }],
    };
    let frame = page("Review Strond", Here::Reviews);
    let none = Refused::none();
    let review = ReviewPage {
        slug: "strond".into(),
        state: CampaignState::InReview,
        checks: vec![
            Check {
                label: LANG.t("review-check-story").into(),
                holds: true,
                lines: Vec::new(),
                file: None,
            },
            Check {
                label: LANG.t("review-check-returns").into(),
                holds: false,
                lines: vec!["None".into()],
                file: None,
            },
        ],
        history: vec![Decided {
            at: datetime!(2026-11-20 12:00 UTC),
            steward: "Jón".into(),
            decision: "review-decision-changes-asked",
            words: "Please say who cuts the plywood.".into(),
        }],
        own: false,
        approval: Some(Form::new(
            &frame,
            "/reviews/strond/approval",
            reviews::approval(LANG, &typed, &none),
            "Approve",
        )),
        changes: Some(Form::new(
            &frame,
            "/reviews/strond/changes",
            reviews::changes(LANG, &typed, &none),
            "Send back",
        )),
        exception: Some(Form::new(
            &frame,
            "/reviews/strond/exception",
            reviews::exception(LANG, &typed, &none),
            "Make",
        )),
        page: frame,
    };
    vec![shown("reviews", queue), shown("review", review)]
}
