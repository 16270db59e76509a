//! Second factors of people of a world, with a phone that makes codes as any would.

use std::sync::Mutex;

use felag::clock::wall;
use felag_domain::person::factor;
use totp_rs::{Builder, Secret, Totp};

use crate::people::{PASSWORD, Person};
use crate::{Browser, Reply, World};

/// A phone, or the recovery codes that stand in for it.
pub struct Phone {
    totp: Totp,
    /// As they were shown, in groups of four.
    pub recovery_codes: Vec<String>,
    /// The last step whose code it gave.
    given: Mutex<i64>,
}

impl Phone {
    /// A phone that read the letters of a page.
    pub fn reading(page: &Reply) -> Self {
        let letters = page
            .text
            .split("class=\"secret\">")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .unwrap_or_else(|| panic!("no secret on {}: {}", page.url, page.words()))
            .replace(' ', "");
        let secret = Secret::try_from_base32(letters).unwrap_or_else(|cause| panic!("{cause}"));
        let totp = Builder::new().with_secret(secret).build();
        Self {
            totp: totp.unwrap_or_else(|cause| panic!("{cause}")),
            recovery_codes: Vec::new(),
            given: Mutex::new(0),
        }
    }

    /// The code of a step, counted from now.
    pub fn code(&self, steps_on: i64) -> String {
        self.code_of(factor::step_at(wall()) + steps_on)
    }

    /// The code of a step.
    pub fn code_of(&self, step: i64) -> String {
        let seconds = u64::try_from(step).unwrap_or(0) * factor::STEP_SECONDS;
        self.totp.generate(seconds).to_string()
    }

    /// A code that was not given yet.
    ///
    /// # Panics
    /// At the third in half a minute: no phone has another one.
    pub fn next_code(&self) -> String {
        let now = factor::step_at(wall());
        let mut given = self.given.lock().unwrap_or_else(|cause| panic!("{cause}"));
        *given = now.max(*given + 1);
        assert!(
            *given <= now + factor::STEPS_OFF,
            "no code is left in this half minute"
        );
        self.code_of(*given)
    }
}

impl World {
    /// Sets up a second factor through the pages. The code given counts for a quarter of an hour of wall time in this
    /// browser.
    pub async fn second_factor(&self, person: &Person) -> Phone {
        let mut phone = begin(person).await;
        let page = person.browser.get("/my/second-factor/setup").await.expect(200);
        let code = phone.next_code();
        let codes = person
            .browser
            .submit(&page, "/my/second-factor/setup", &[("code", &code)])
            .await
            .expect(200);
        phone.recovery_codes = recovery_codes(&codes);
        phone
    }

    /// Lets somebody act on money in the browser they are signed in with, as often as a test likes: a phone would have
    /// to be waited for.
    pub async fn prove(&self, person: &Person) {
        let has_factor: bool = sqlx::query_scalar(
            "select exists (select from second_factor where person_id = $1 and confirmed_at is not null)",
        )
        .bind(person.id.as_uuid())
        .fetch_one(&self.owner)
        .await
        .unwrap_or_else(|cause| panic!("{cause}"));
        if !has_factor {
            self.second_factor(person).await;
        }
        self.code_was_given(person, time::Duration::ZERO).await;
    }

    /// Makes it so long ago that somebody gave a code, in all their sign-ins.
    pub async fn code_was_given(&self, person: &Person, ago: time::Duration) {
        sqlx::query("update sign_in set factor_at = $2 where person_id = $1")
            .bind(person.id.as_uuid())
            .bind(wall() - ago)
            .execute(&self.owner)
            .await
            .unwrap_or_else(|cause| panic!("{cause}"));
    }
}

/// Begins to set up a factor: the phone that has read its secret.
pub async fn begin(person: &Person) -> Phone {
    let page = person.browser.get("/my/second-factor").await.expect(200);
    let fields = [("password", PASSWORD)];
    let begun = person.browser.submit(&page, "/my/second-factor", &fields).await;
    Phone::reading(&person.browser.follow(begun.expect(303)).await)
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &Reply) -> Vec<String> {
    let words = page.words();
    let is_code = |word: &&str| {
        let groups: Vec<&str> = word.split('-').collect();
        groups.len() == 4 && groups.iter().all(|group| group.len() == 4)
    };
    words
        .split(' ')
        .filter(is_code)
        .map(ToString::to_string)
        .collect()
}

/// Gives a code on the page that asks for one.
pub async fn give(browser: &Browser, code: &str) -> Reply {
    let page = browser.get("/my/second-factor/confirmation").await.expect(200);
    let fields = [("code", code)];
    browser
        .submit(&page, "/my/second-factor/confirmation", &fields)
        .await
}
