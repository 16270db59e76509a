//! What goes wrong, in the shape the API tells it: status, type, code, words.

use serde_json::{Map, Value, json};

use crate::test_card::Decline;

/// An answer that is not a success.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) Box<Body>);

/// The parts of an error envelope.
#[derive(Debug)]
pub(crate) struct Body {
    pub status: u16,
    pub kind: &'static str,
    pub code: Option<&'static str>,
    pub decline_code: Option<&'static str>,
    pub advice_code: Option<&'static str>,
    pub param: Option<String>,
    pub message: String,
    /// Further members of the envelope, such as `payment_intent`.
    pub more: Map<String, Value>,
    /// A card's decline is an outcome, not a mistake: what it did is committed and kept under its key.
    pub keep: bool,
}

pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Body {
            status,
            kind,
            code: None,
            decline_code: None,
            advice_code: None,
            param: None,
            message: message.into(),
            more: Map::new(),
            keep: false,
        }))
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.0.param = Some(param.into());
        self
    }

    pub(crate) fn with(mut self, name: &str, object: Value) -> Self {
        self.0.more.insert(name.into(), object);
        self
    }

    /// A request that cannot be carried out as asked.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    pub(crate) fn bad_param(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(message).param(param)
    }

    pub(crate) fn missing_param(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}."))
            .code("parameter_missing")
            .param(param)
    }

    /// `param` is the parameter that named the object: `id` when it stood in the path.
    pub(crate) fn unknown_object(kind: &str, id: &str, param: &str) -> Self {
        Self::new(
            404,
            "invalid_request_error",
            format!("No such {}: '{id}'", kind.replace('.', " ")),
        )
        .code("resource_missing")
        .param(param)
    }

    /// A card that was declined, as the card network tells it.
    pub(crate) fn declined(decline: &Decline) -> Self {
        let mut fault = Self::new(402, "card_error", decline.message).code(decline.code);
        fault.0.decline_code = Some(decline.decline_code);
        fault.0.advice_code = Some(decline.advice_code);
        fault.0.keep = true;
        fault
    }

    /// The error envelope: `{"error": {…}}`.
    pub(crate) fn envelope(&self) -> Value {
        json!({ "error": self.inner() })
    }

    /// The inside of the envelope, as intents remember it.
    pub(crate) fn inner(&self) -> Value {
        let body = &self.0;
        let mut error = Map::new();
        error.insert("type".into(), body.kind.into());
        error.insert("message".into(), body.message.clone().into());
        let texts = [
            ("code", body.code),
            ("decline_code", body.decline_code),
            ("advice_code", body.advice_code),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                error.insert(name.into(), text.into());
            }
        }
        if let Some(param) = &body.param {
            error.insert("param".into(), param.clone().into());
        }
        error.extend(body.more.clone());
        Value::Object(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the sandbox's database failed");
        Self::new(500, "api_error", "The sandbox could not reach its database.")
    }
}
