//! The second factor: setting it up, giving a code, recovery codes, a lost phone.

use askama::Template;

use crate::page::Page;

/// 403: what is missing before money can be moved. Nothing was changed.
#[derive(Debug, Template)]
#[template(path = "second_factor/needed.html")]
pub struct ProofNeededPage {
    pub page: Page,
    pub proof: Proof,
    /// Where to give it.
    pub link: String,
}

/// What somebody has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// That the e-mail address is theirs.
    Address,
    /// That the phone is theirs, once more.
    Code,
}

impl Proof {
    /// The message of the title.
    pub fn title(self) -> &'static str {
        match self {
            Proof::Address => "proof-address",
            Proof::Code => "proof-code",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Proof::Address => "proof-address-why",
            Proof::Code => "proof-code-why",
        }
    }

    fn go(self) -> &'static str {
        match self {
            Proof::Address => "proof-address-do",
            Proof::Code => "proof-code-do",
        }
    }
}
