//! People of a world, made through the same use cases as everybody.

use felag::people::{self, NewPerson};
use felag_domain::ids::PersonId;
use felag_domain::person::{DisplayName, EmailAddress};

use crate::{Browser, World};

/// Everybody's password.
pub const PASSWORD: &str = "open-hardware-2026";

/// Somebody with an account and a proven address.
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    /// Signed in.
    pub browser: Browser,
}

impl World {
    /// Makes the person `name@felag.example` and signs them in.
    pub async fn person(&self, name: &str) -> Person {
        let email = format!("{name}@felag.example");
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let id = self.account(&email, &name).await;
        let browser = self.browser();
        self.sign_in(&browser, &email).await;
        Person {
            id,
            email,
            name,
            browser,
        }
    }

    /// Makes a person who may review.
    pub async fn steward(&self, name: &str) -> Person {
        let person = self.person(name).await;
        let granted = people::grant_steward(&self.ctx, &address(&person.email)).await;
        assert!(
            granted.is_ok_and(|granted| granted),
            "{} is no steward",
            person.email
        );
        person
    }

    /// Opens an account and confirms its address.
    pub async fn account(&self, email: &str, name: &str) -> PersonId {
        let name = DisplayName::parse(name).unwrap_or_else(|cause| panic!("{name}: {cause}"));
        let new = NewPerson {
            name,
            email: address(email),
            password: PASSWORD.into(),
        };
        let opened = people::sign_up(&self.ctx, &new)
            .await
            .unwrap_or_else(|cause| panic!("{email}: {cause}"));
        let opened = opened.unwrap_or_else(|| panic!("{email} has an account already"));
        let confirmed = people::confirm_email(&self.ctx, &opened.confirm_token).await;
        assert!(
            confirmed.is_ok_and(|confirmed| confirmed.is_some()),
            "{email} is not confirmed"
        );
        opened.person
    }

    /// Signs in through the page.
    pub async fn sign_in(&self, browser: &Browser, email: &str) {
        let page = browser.get("/sign-in").await.expect(200);
        let fields = [("email", email), ("password", PASSWORD)];
        browser.submit(&page, "/sign-in", &fields).await.expect(303);
    }
}

fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).unwrap_or_else(|cause| panic!("{email}: {cause}"))
}
