//! How a refusal reaches a person: the id of a sentence and what to put into it.
//!
//! The sentences themselves stand in `frontend/locales/<language>/refusals.ftl`, under the same ids.

use crate::money::{Currency, Money};

/// A sentence by its id, with what it says it about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The id of the sentence, such as `amount-too-small`.
    pub id: &'static str,
    /// What stands in for the sentence's variables, by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// Something a sentence speaks about. Amounts are written in the reader's language by the frontend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Text as it is: a licence, a currency's code, something the person typed.
    Text(String),
    /// A count: days, characters, decimals.
    Number(i64),
    /// An amount of money.
    Money(Money),
}

/// A reason that a person can read and do something about.
pub trait Refusal {
    /// The sentence that says it.
    fn words(&self) -> Words;
}

/// A refusal and the field of the form it belongs beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRefusal {
    /// The name of the field, as the form has it.
    pub field: &'static str,
    /// What to say there.
    pub words: Words,
}

/// Gathers what is wrong with a form, so that a person hears of everything at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals(Vec<FieldRefusal>);

impl Words {
    /// The sentence `id`, so far about nothing.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The same sentence with one more variable filled in.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Currency> for Arg {
    fn from(currency: Currency) -> Self {
        Self::Text(currency.code().to_owned())
    }
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u16> for Arg {
    fn from(number: u16) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<usize> for Arg {
    /// A count beyond `i64` is no count of anything a person can type.
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl Refusals {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Notes a refusal beside `field`.
    pub fn note(&mut self, field: &'static str, refusal: &impl Refusal) {
        self.0.push(FieldRefusal {
            field,
            words: refusal.words(),
        });
    }

    /// The value, or nothing and the refusal noted beside `field`.
    pub fn keep<T, E: Refusal>(&mut self, field: &'static str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.note(field, &refusal);
                None
            }
        }
    }

    /// Whether nothing was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything noted, in the order it was.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldRefusal> {
        self.0
    }
}
