//! The token of an unsubscribe link: it says who leaves which list, and is signed by a key of its own.
//!
//! It never runs out, because a mail may be opened years later, and it is good for nothing else.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::ctx::Ctx;
use crate::random::Random;

/// What the tokens are for; one of another purpose is refused, whoever signed it.
const AUDIENCE: &str = "unsubscribe";
/// The row of `secret` with the key.
const SECRET: &str = "unsubscribe_key";

/// Who leaves which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    pub email: String,
    pub list: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: String,
    list: String,
}

/// Makes and reads the tokens.
pub struct Tokens {
    signs: EncodingKey,
    reads: DecodingKey,
}

impl Tokens {
    /// Those signed with this secret.
    pub fn from_secret(secret: &[u8]) -> Self {
        Self {
            signs: EncodingKey::from_secret(secret),
            reads: DecodingKey::from_secret(secret),
        }
    }

    /// Those of this installation; its key is made at the first start.
    ///
    /// # Errors
    /// When the database cannot be reached or holds no key.
    pub async fn load(conn: &mut PgConnection, random: &Random, now: OffsetDateTime) -> anyhow::Result<Self> {
        sqlx::query!(
            "insert into secret (name, value, created_at) values ($1, $2, $3) on conflict (name) do nothing",
            SECRET,
            hex::encode(random.bytes::<32>()),
            now,
        )
        .execute(&mut *conn)
        .await?;
        let value = sqlx::query_scalar!("select value from secret where name = $1", SECRET)
            .fetch_one(conn)
            .await?;
        Ok(Self::from_secret(&hex::decode(value)?))
    }

    /// The token with which `email` leaves `list`.
    ///
    /// # Errors
    /// When memory is out.
    pub fn make(&self, email: &str, list: &str) -> anyhow::Result<String> {
        let claims = Claims {
            aud: AUDIENCE.into(),
            sub: email.to_lowercase(),
            list: list.into(),
        };
        Ok(jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &self.signs,
        )?)
    }

    /// What a token says; `None` unless this installation signed it, for this purpose.
    pub fn read(&self, token: &str) -> Option<Leaving> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["aud", "sub"]);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.reads, &validation)
            .ok()?
            .claims;
        Some(Leaving {
            email: claims.sub,
            list: claims.list,
        })
    }
}

/// The address that takes `email` off `list`, for a mail to one recipient.
///
/// # Errors
/// When memory is out.
pub fn unsubscribe_link(ctx: &Ctx, email: &str, list: &str) -> anyhow::Result<String> {
    ctx.mailer.unsubscribe(email, list)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    fn tokens() -> Tokens {
        Tokens::from_secret(b"a key of this installation, 32 B")
    }

    fn signed(algorithm: Algorithm, key: &[u8], claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
    }

    fn part(json: &Value) -> String {
        URL_SAFE_NO_PAD.encode(json.to_string())
    }

    #[test]
    fn a_token_says_who_leaves_which_list_and_never_runs_out() {
        let token = tokens().make("Ada@Example.org", "updates:1").unwrap();
        let leaving = Leaving {
            email: "ada@example.org".into(),
            list: "updates:1".into(),
        };
        assert_eq!(tokens().read(&token), Some(leaving));
    }

    #[test]
    fn only_our_own_token_of_this_purpose_is_believed() {
        let key: &[u8] = b"a key of this installation, 32 B";
        let claims = json!({ "aud": "unsubscribe", "sub": "ada@example.org", "list": "updates:1" });
        let good = tokens().make("ada@example.org", "updates:1").unwrap();
        let [head, body, signature]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
        let other_body =
            part(&json!({ "aud": "unsubscribe", "sub": "bob@example.org", "list": "updates:1" }));
        let none = part(&json!({ "alg": "none", "typ": "JWT" }));
        let other_aud = json!({ "aud": "sign_in", "sub": "ada@example.org", "list": "updates:1" });
        let table = [
            ("no algorithm", format!("{none}.{body}.")),
            (
                "no algorithm, with a signature",
                format!("{none}.{body}.{signature}"),
            ),
            ("another algorithm", signed(Algorithm::HS512, key, &claims)),
            ("another purpose", signed(Algorithm::HS256, key, &other_aud)),
            (
                "no purpose",
                signed(
                    Algorithm::HS256,
                    key,
                    &json!({ "sub": "a@example.org", "list": "x" }),
                ),
            ),
            (
                "nobody",
                signed(
                    Algorithm::HS256,
                    key,
                    &json!({ "aud": "unsubscribe", "list": "x" }),
                ),
            ),
            (
                "no list",
                signed(
                    Algorithm::HS256,
                    key,
                    &json!({ "aud": "unsubscribe", "sub": "a@example.org" }),
                ),
            ),
            (
                "another key",
                signed(Algorithm::HS256, b"a key of somebody else, 32 bytes", &claims),
            ),
            ("an empty key", signed(Algorithm::HS256, b"", &claims)),
            ("another body", format!("{head}.{other_body}.{signature}")),
            ("no signature", format!("{head}.{body}.")),
            ("a piece", format!("{head}.{body}")),
            ("nothing", String::new()),
            ("a long text", "a.".repeat(5000)),
        ];
        for (what, token) in table {
            assert_eq!(tokens().read(&token), None, "{what}");
        }
        assert!(tokens().read(&good).is_some());
    }
}
