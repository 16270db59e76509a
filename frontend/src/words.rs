//! Every sentence people read, looked up in the fluent files of `locales/`.
//!
//! Messages without arguments are resolved once, at the first look-up, into a map: a page has some
//! eighty of them. Messages with arguments are formatted when asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use felag_domain::money::Money;
use felag_domain::words::{Arg, Words};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// A language the platform speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    En,
}

impl Lang {
    /// Every language, in the order a person chooses from.
    pub const ALL: [Lang; 1] = [Lang::En];

    /// The BCP 47 tag, for `<html lang>` and the folder in `locales/`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
        }
    }

    /// The writing direction, for `<html dir>`.
    pub fn dir(self) -> &'static str {
        match self {
            Lang::En => "ltr",
        }
    }

    /// For plural rules. The tags above are well formed; a test reads each of them.
    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    /// A message without arguments.
    pub fn t(self, id: &'static str) -> &'static str {
        match self.catalogue().fixed.get(id) {
            Some(text) => text,
            None => missing(id),
        }
    }

    /// A message with one argument. The numbered forms exist because templates read well with them.
    pub fn t1<'a>(self, id: &'static str, name: &'static str, value: impl Into<Value<'a>>) -> String {
        self.t_with(id, [(name, value.into())])
    }

    /// A message with two arguments.
    pub fn t2<'a>(
        self,
        id: &'static str,
        name: &'static str,
        value: impl Into<Value<'a>>,
        name2: &'static str,
        value2: impl Into<Value<'a>>,
    ) -> String {
        self.t_with(id, [(name, value.into()), (name2, value2.into())])
    }

    /// A message with three arguments.
    #[expect(
        clippy::too_many_arguments,
        reason = "three pairs, called from templates only"
    )]
    pub fn t3<'a>(
        self,
        id: &'static str,
        name: &'static str,
        value: impl Into<Value<'a>>,
        name2: &'static str,
        value2: impl Into<Value<'a>>,
        name3: &'static str,
        value3: impl Into<Value<'a>>,
    ) -> String {
        self.t_with(
            id,
            [
                (name, value.into()),
                (name2, value2.into()),
                (name3, value3.into()),
            ],
        )
    }

    /// A message with any arguments.
    pub fn t_with<'a>(
        self,
        id: &'static str,
        arguments: impl IntoIterator<Item = (&'static str, Value<'a>)>,
    ) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in arguments {
            args.set(name, value.shown_in(self));
        }
        let bundle = &self.catalogue().bundle;
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return missing(id).to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "message {id}: {errors:?}");
        text.into_owned()
    }

    /// What a rule of the domain says to a person, in this language.
    pub fn words(self, words: &Words) -> String {
        self.t_with(
            words.id,
            words.args.iter().map(|(name, arg)| (*name, Value::from(arg))),
        )
    }

    /// Whether this language has a message of this name.
    pub fn knows(self, id: &str) -> bool {
        self.catalogue().bundle.has_message(id)
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Lang::En => &ENGLISH,
        }
    }
}

/// A value put into a message. Money is written by the one formatter of `format`.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(i64),
    Money(Money),
}

impl<'a> Value<'a> {
    fn shown_in(self, lang: Lang) -> FluentValue<'a> {
        match self {
            Value::Text(text) => FluentValue::String(text),
            Value::Number(number) => FluentValue::from(number),
            Value::Money(money) => FluentValue::from(lang.money(money)),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text.into())
    }
}

impl<'a> From<&&'a str> for Value<'a> {
    fn from(text: &&'a str) -> Self {
        Value::Text((*text).into())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text.as_str().into())
    }
}

impl<'a> From<&&'a String> for Value<'a> {
    fn from(text: &&'a String) -> Self {
        Value::Text(text.as_str().into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

impl From<Money> for Value<'_> {
    fn from(money: Money) -> Self {
        Value::Money(money)
    }
}

impl From<&Money> for Value<'_> {
    fn from(money: &Money) -> Self {
        Value::Money(*money)
    }
}

impl From<&&Money> for Value<'_> {
    fn from(money: &&Money) -> Self {
        Value::Money(**money)
    }
}

impl<'a> From<&'a Arg> for Value<'a> {
    fn from(arg: &'a Arg) -> Self {
        match arg {
            Arg::Text(text) => Value::Text(text.as_str().into()),
            Arg::Number(number) => Value::Number(*number),
            Arg::Money(money) => Value::Money(*money),
        }
    }
}

macro_rules! number_values {
    ($($number:ty),*) => {$(
        impl From<$number> for Value<'_> {
            /// A count too large for the formatter shows as the largest it can write.
            fn from(number: $number) -> Self {
                Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }

        impl From<&$number> for Value<'_> {
            fn from(number: &$number) -> Self {
                Value::from(*number)
            }
        }
    )*};
}
number_values!(i32, u32, i64, u64, usize);

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    fixed: HashMap<String, String>,
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Lang::En));

impl Catalogue {
    /// Reads every file of the language. A broken file loses its broken messages only, and a test fails.
    fn read(lang: Lang) -> Catalogue {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.identifier()]);
        // The isolating marks fluent adds round arguments would be copied along with amounts.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(crate::format::grouped(&number.as_string())),
            _ => None,
        }));
        let mut ids = Vec::new();
        for resource in resources(lang) {
            ids.extend(message_ids(&resource));
            // A message that stands twice keeps its first text; a test finds it.
            let _ = bundle.add_resource(resource);
        }
        let fixed = ids
            .into_iter()
            .filter_map(|id| Some((fixed_text(&bundle, &id)?, id)));
        Catalogue {
            fixed: fixed.map(|(text, id)| (id, text)).collect(),
            bundle,
        }
    }
}

fn resources(lang: Lang) -> Vec<FluentResource> {
    let folder = format!("{}/", lang.tag());
    let mut resources = Vec::new();
    for path in Locales::iter().filter(|path| path.starts_with(&folder)) {
        let Some(file) = Locales::get(&path) else { continue };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        // What could be read of a broken file is kept; a test finds the rest.
        resources.push(FluentResource::try_new(source).unwrap_or_else(|(resource, _)| resource));
    }
    resources
}

fn message_ids(resource: &FluentResource) -> Vec<String> {
    let ids = resource.source().lines().filter_map(|line| line.split_once(" ="));
    ids.map(|(id, _)| id)
        .filter(|id| is_message_id(id))
        .map(str::to_owned)
        .collect()
}

fn is_message_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The text of a message that needs no arguments.
fn fixed_text(bundle: &FluentBundle<FluentResource>, id: &str) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

/// A missing message shows its name: ugly, but the page stands. Tests make sure that there is none.
fn missing(id: &'static str) -> &'static str {
    debug_assert!(false, "no message {id}");
    id
}

#[cfg(test)]
mod tests;
