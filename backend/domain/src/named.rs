//! Enumerations that have a name as text: in the database, in JSON, in addresses.
//!
//! `named!` writes the enum, the list of all its values and both directions of the translation in
//! one place, so that a new variant cannot be forgotten in one of them.

/// A text that is not the name of any value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a {of}")]
pub struct UnknownName {
    /// The enumeration that was asked.
    pub of: &'static str,
    /// The text as it came in.
    pub text: String,
}

/// Lets a type with `as_str` and `FromStr` be read from and written to a Postgres `text` column.
macro_rules! text_in_postgres {
    ($name:ident) => {
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef, Postgres};

            impl sqlx::Type<Postgres> for $name {
                fn type_info() -> PgTypeInfo {
                    <str as sqlx::Type<Postgres>>::type_info()
                }

                fn compatible(ty: &PgTypeInfo) -> bool {
                    <str as sqlx::Type<Postgres>>::compatible(ty)
                }
            }

            impl PgHasArrayType for $name {
                fn array_type_info() -> PgTypeInfo {
                    <String as PgHasArrayType>::array_type_info()
                }

                fn array_compatible(ty: &PgTypeInfo) -> bool {
                    <String as PgHasArrayType>::array_compatible(ty)
                }
            }

            impl sqlx::Encode<'_, Postgres> for $name {
                fn encode_by_ref(
                    &self,
                    buffer: &mut PgArgumentBuffer,
                ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                    <&str as sqlx::Encode<'_, Postgres>>::encode(self.as_str(), buffer)
                }
            }

            impl<'r> sqlx::Decode<'r, Postgres> for $name {
                fn decode(value: PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                    let text = <&'r str as sqlx::Decode<'r, Postgres>>::decode(value)?;
                    Ok(text.parse()?)
                }
            }
        };
    };
}
pub(crate) use text_in_postgres;

/// Lets a type with `as_str` and `FromStr` be read from and written to JSON as a string.
macro_rules! text_in_json {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_in_json;

/// Declares an enum whose values have names.
macro_rules! named {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $value:ident => $text:literal,)+ }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value,)+ }

        impl $name {
            /// Every value, in the order they are declared.
            pub const ALL: &'static [$name] = &[$($name::$value,)+];

            /// The name, as the database, JSON and addresses have it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$value => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok($name::$value),)+
                    _ => Err(crate::UnknownName { of: stringify!($name), text: text.to_owned() }),
                }
            }
        }

        $crate::named::text_in_json!($name);
        $crate::named::text_in_postgres!($name);
    };
}
pub(crate) use named;
